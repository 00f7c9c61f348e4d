"""Notifications on this phone: a patient's browser says where it can be reached, or that it shall not be any more.

A script asks here, so what is wrong is said in one sentence and not on a page. The worker asks too, also for a phone
that is locked: browsers renew their addresses when they like, and nothing of before is shown by saying so.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.domain.errors import Refused
from journal.messages import sentence
from journal.services import push as acts
from journal.services.reminders import PUSH, switch_channel
from journal.storage import push
from journal.web import current

_HERE = "push_browser"
"""In the cookie: the public id of this browser's subscription, so that signing out forgets it."""


def subscribe() -> ResponseReturnValue:
    """Keep this browser for whoever is signed in; 204, or 422 and why not. Again is as good as once."""
    said = flask.request.form
    try:
        with current.unit_of_work() as db:
            kept = acts.subscribe(
                db,
                current.account().account_id,
                url=said.get("endpoint", ""),
                p256dh=said.get("p256dh", ""),
                auth=said.get("auth", ""),
                hosts=current.journal().config.push_hosts,
                now=current.now(),
            )
            switch_channel(db, current.account().account_id, PUSH, on=True, now=current.now())
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
            switch_channel(db, account_id, PUSH, on=False, now=current.now())
    flask.session.pop(_HERE, None)
    return "", 204


def of_this_browser() -> list[str]:
    """The public id by which this browser was kept, if it was: for whoever signs out of it."""
    return [flask.session[_HERE]] if _HERE in flask.session else []
