"""Where the gateway for text messages brings what people answered. It signs; whoever does not finds nothing here.

Write-only: no answer depends on anything recorded before. Numbers and texts are never logged.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal import languages
from journal.languages import Language
from journal.services import sms_replies
from journal.services.throttles import may_try
from journal.web import current

ANSWERS_MOST = ("30 per day",)
"""Said back to one person: what comes in costs nothing, each answer does."""
_ANSWER = "text answer"


def receive() -> ResponseReturnValue:
    """Take one message in, for good before anything is answered; 204 where nothing is to be said back."""
    journal, request = current.journal(), flask.request
    if journal.texts is None:
        flask.abort(404)
    gateway = journal.texts.gateway
    # The address as the operator gave it to the gateway, which signs it; behind proxies a request may show another.
    url = journal.config.base_url + request.full_path.removesuffix("?")
    try:
        received = gateway.read(url, dict(request.headers), request.get_data(cache=False))
    except ValueError:
        flask.abort(400)
    if received is None:
        flask.abort(404)
    with current.unit_of_work() as db:
        heard = sms_replies.take_in(
            db,
            number=received.number,
            text=received.text,
            message_id=received.message_id,
            now=current.now(),
        )
    if heard is None or (gateway.answers_words and heard.line in sms_replies.OF_WORDS):
        return "", 204
    may_answer = may_try(journal.database, _ANSWER, str(heard.account_id), most=ANSWERS_MOST)
    if not may_answer or not journal.texts.may_spend():
        return "", 204
    with languages.speaking(languages.known(heard.locale) or Language.ENGLISH):
        words = sms_replies.words(heard.line, address=journal.config.base_url)
    kind, body = gateway.answer(words)
    return flask.Response(body, content_type=f"{kind}; charset=utf-8")
