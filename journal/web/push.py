"""Notifications on this phone: a patient's browser says where it can be reached, or that it shall not be any more.

A script asks here, so what is wrong is said in one sentence and not on a page. The worker asks too, also for a phone
that is locked: browsers renew their addresses when they like, and nothing of before is shown by saying so.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.errors import Refused
from journal.messages import sentence
from journal.services import push as acts
from journal.services.reminders import PUSH, is_push_refused, refuse_push, switch_channel
from journal.storage import push
from journal.web import current

_HERE = "push_browser"
"""In the cookie: the public id of this browser's subscription, so that signing out forgets it."""


def subscribe() -> ResponseReturnValue:
    """Keep this browser for whoever is signed in; 204, or 422 and why not. Again is as good as once.

    With ``again`` nobody tapped, the browser renews itself: 410 where notifications were switched off since, unless
    this is a browser that was left on. Whoever hears 410 unsubscribes.
    """
    said, account_id = flask.request.form, current.account().account_id
    try:
        with current.unit_of_work() as db:
            is_refused = bool(said.get("again")) and is_push_refused(db, account_id)
            if is_refused and not _is_kept(db, account_id, url=said.get("endpoint", "")):
                return "", 410
            kept = acts.subscribe(
                db,
                account_id,
                url=said.get("endpoint", ""),
                p256dh=said.get("p256dh", ""),
                auth=said.get("auth", ""),
                hosts=current.journal().config.push_hosts,
                now=current.now(),
            )
            if not said.get("again"):
                refuse_push(db, account_id, refused=False)
            if not is_refused:
                switch_channel(db, account_id, PUSH, on=True, now=current.now())
    except Refused as fault:
        return flask.Response(sentence(fault), 422, content_type="text/plain; charset=utf-8")
    flask.session[_HERE] = kept
    return "", 204


def forget() -> ResponseReturnValue:
    """Send nothing more to this browser. 204, also where it was not known."""
    account_id = current.account().account_id
    with current.unit_of_work() as db:
        acts.unsubscribe(db, account_id, url=flask.request.form.get("endpoint", ""))
        if not push.has_any(db, account_id):
            refuse_push(db, account_id, refused=True)
            switch_channel(db, account_id, PUSH, on=False, now=current.now())
    flask.session.pop(_HERE, None)
    return "", 204


def _is_kept(db: Session, account_id: int, *, url: str) -> bool:
    """Whether this browser is one of the account's, by its address or, where that is new, by its cookie."""
    of_here = of_this_browser()
    return any(
        one.endpoint.url == url or one.public_id in of_here for one in push.subscriptions_of(db, account_id)
    )


def of_this_browser() -> list[str]:
    """The public id by which this browser was kept, if it was: for whoever signs out of it."""
    return [flask.session[_HERE]] if _HERE in flask.session else []
