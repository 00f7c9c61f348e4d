"""What leaves by each channel: an outgoing reminder made into a letter, a notification or a text message.

Each way first makes everything ready and returns the act of sending, which raises NotSent, Gone, Stopped or
PerhapsSent: up to there a fault is ours and nothing has left, from there on only the message service knows.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

from journal import languages
from journal.domain.reminder_decisions import Why, why
from journal.jobs.worker import Worker
from journal.services.deliveries import Outgoing
from journal.services.push import Message
from journal.services.reminders import EMAIL, PUSH, SMS
from journal.services.sending import Gone, NotSent, Stopped
from journal.storage import push, sms
from journal.wording import name_of_app

Send = Callable[[], None]


def by_email(worker: Worker, outgoing: Outgoing) -> Send:
    """A letter, which the mail program of its reader can stop with one click."""
    base = worker.config.base_url
    stop = f"{base}/stop/{outgoing.stop_token}"
    with languages.speaking(outgoing.language):
        letter = worker.post.write(
            "reminder" if outgoing.link_token else "note",
            outgoing.email,
            key=outgoing.message_key,
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
            app=name_of_app(outgoing.app),
            line=languages.gettext(outgoing.line),
            link=_link(worker, outgoing),
            stop=stop,
            settings=f"{base}/notes-to-me" if why(outgoing.slot) is Why.NEWS else f"{base}/reminders",
        )
    return lambda: worker.post.send(letter)


def by_push(worker: Worker, outgoing: Outgoing) -> Send:
    """A notification to every browser of the account; those that gave their subscription up are forgotten."""
    service = worker.push
    if service is None:
        raise NotSent("not set up", permanent=False)
    with worker.database.look() as db:
        browsers = push.subscriptions_of(db, outgoing.account_id)
    place = _place(worker, outgoing)
    with languages.speaking(outgoing.language):
        message = Message(
            title=name_of_app(outgoing.app),
            body=languages.gettext(outgoing.line),
            url=_link(worker, outgoing).removeprefix(worker.config.base_url),
            tag=place,
        )

    def send() -> None:
        now = worker.clock()
        sent = service.send(browsers, payload=message, ttl=outgoing.until - now, topic=place, now=now)
        with worker.database.unit_of_work() as db:
            push.forget(db, sent.gone)
            push.mark_taken(db, sent.taken, now=now)
        if sent.fault is not None:
            raise sent.fault

    return send


def by_sms(worker: Worker, outgoing: Outgoing) -> Send:
    """A text message: the line, and where to answer. A bare number in reply is enough, too."""
    texts = worker.texts
    if texts is None:
        raise NotSent("not set up", permanent=False)
    with worker.database.look() as db:
        known = sms.number_of(db, outgoing.account_id)
    if known is None or known.verified_at is None:
        raise Gone("no number")
    if known.stopped_at is not None:
        raise Stopped("said STOP")
    number = known.number
    with languages.speaking(outgoing.language):
        text = f"{languages.gettext(outgoing.line)} {_link(worker, outgoing)}"

    def send() -> None:
        try:
            texts.send(number, text, key=outgoing.message_key)
        except (Gone, Stopped):
            # The carrier knows of a STOP, or that the number is none, also where nothing tells us of replies.
            with worker.database.unit_of_work() as db:
                sms.stop(db, sms.fingerprint_of(db, number), now=worker.clock())
            raise

    return send


WAYS: Mapping[str, Callable[[Worker, Outgoing], Send]] = {EMAIL: by_email, PUSH: by_push, SMS: by_sms}


def _place(worker: Worker, outgoing: Outgoing) -> str:
    """Where a repeat takes the place of what came before: the same for every attempt, and it tells nobody what for."""
    what = f"{outgoing.account_id}|{outgoing.topic}"
    return hmac.digest(worker.config.secret_key.encode(), what.encode(), "sha256").hex()[:32]


def _link(worker: Worker, outgoing: Outgoing) -> str:
    where = f"/c/{outgoing.link_token}" if outgoing.link_token else "/"
    return worker.config.base_url + where
