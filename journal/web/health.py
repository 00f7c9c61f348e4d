"""Whether this process serves, for anybody and with no detail; and whether reminders go out, for who holds the token.

``/healthz`` and ``/metrics`` do not exist without the setting, and for nobody without the token.
"""

from __future__ import annotations

import hmac
import shutil

import flask
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

import journal as program
from journal.services import watching
from journal.services.watching import Standing
from journal.storage.watching import MOST_OUTCOMES, MOST_WAITING
from journal.web import current
from journal.web.metrics import exposition


def livez() -> tuple[str, int, dict[str, str]]:
    """200 once the process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


def healthz() -> ResponseReturnValue:
    """How reminders stand, as JSON: 200, or 503 while something is an alarm."""
    _ask_for_token()
    standing = watching.standing(current.db(), now=current.now())
    return _as_json(standing), 503 if standing.pulse.alarms else 200


def metrics() -> ResponseReturnValue:
    """The same as figures for Prometheus."""
    _ask_for_token()
    standing = watching.standing(current.db(), now=current.now())
    text = exposition(standing, version=program.__version__, free_disk=_free_disk())
    return flask.Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _ask_for_token() -> None:
    """404 for everybody who does not hold the token of the settings."""
    token = current.journal().config.metrics_token
    said = flask.request.authorization
    shown = said.token if said is not None and said.type == "bearer" else None
    if not token or not shown or not hmac.compare_digest(shown.encode(), token.encode()):
        flask.abort(404)


def _free_disk() -> int:
    return shutil.disk_usage(current.journal().config.data_dir).free


def _as_json(standing: Standing) -> dict[str, object]:
    pulse, head = standing.pulse, standing.audit_head
    return {
        "alarms": [alarm.value for alarm in pulse.alarms],
        "queues": {
            queue.channel: {"oldest_due_age_seconds": queue.oldest.total_seconds(), "depth": queue.depth}
            for queue in pulse.queues
        },
        "workers": [
            {"last_seen_age_seconds": age.total_seconds(), "version": version}
            for age, version in pulse.workers
        ],
        "deliveries_of_last_day": [
            {"channel": one.channel, "state": one.state, "reason": one.reason, "count": one.count}
            for one in standing.outcomes
        ],
        "quarantined": standing.quarantined,
        "counted_at_most": {"queues": MOST_WAITING, "deliveries": MOST_OUTCOMES},
        "free_disk_bytes": _free_disk(),
        "audit_head": None if head is None else {"number": head.number, "at": head.at.isoformat()},
        "version": program.__version__,
        "zone_data": standing.zone_data,
    }
