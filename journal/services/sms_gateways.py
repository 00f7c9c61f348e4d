"""The two kinds of gateway for text messages: a service that speaks Twilio's REST, and a signed webhook.

Each can hand one message over, knows what the answer means, and can tell whether a request that claims to bring a
message in really came from it. What is sent, when, and what is done about a message that came in, is not here. Numbers
and texts stand in no fault and in no log.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

from journal.calling import Address, Answer, Caller, NoAnswer, NotReached
from journal.config import Config
from journal.services.sending import Gone, NotSent, PerhapsSent, Stopped, asked_to_wait

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the time in a webhook's signature may lie from ours, either way."""


TEXT_LENGTH, ID_LENGTH = 2_000, 200
"""Characters of a message that comes in, and of its id; more is nothing that a person sent from a phone."""

_GONE = {21211, 21614}
"""Twilio's codes: no such number, no number that takes texts."""
_SAID_STOP = 21610
"""Twilio's code for a recipient who said STOP to it."""
_OURS = {401, 403, 404, 405}
"""The gateway does not know us, or we ask at a wrong address: whatever the number, so nothing is said about it."""
_AGAIN = {408, 425, 429}
_FROM_A_PROXY = {502, 504}


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in: the sender's number as the gateway writes it, and the gateway's own id for it."""

    number: str
    text: str
    message_id: str


class Gateway(Protocol):
    """Where text messages go out and come in.

    ``answers_words``: STOP, START and HELP are answered by the gateway itself.
    """

    answers_words: bool

    def send(self, number: str, text: str, *, key: str) -> None:
        """Hand one message over and wait for the answer. Raises NotSent, Gone, Stopped or PerhapsSent."""

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Received | None:
        """The message that a request to ``url`` brings; None unless this gateway sent it. ValueError if unreadable."""

    def answer(self, text: str) -> tuple[str, str]:
        """What makes the gateway send ``text`` back: a media type and a body."""


class TwilioGateway:
    """Twilio, or a service that speaks like it."""

    answers_words = True

    def __init__(self, url: str, caller: Caller) -> None:
        parts = urlsplit(url)
        self._account, self._token = unquote(parts.username or ""), unquote(parts.password or "")
        self._number = parts.path.removeprefix("/")
        scheme = "http" if parts.scheme.endswith("+http") else "https"
        host = parts.netloc.rpartition("@")[2]
        self._url = f"{scheme}://{host}/2010-04-01/Accounts/{quote(self._account, safe='')}/Messages.json"
        self._caller = caller

    def send(self, number: str, text: str, *, key: str) -> None:
        credentials = base64.b64encode(f"{self._account}:{self._token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"To": number, "From": self._number, "Body": text}).encode()
        answer = _handed_over(self._caller, self._url, body, headers)
        if answer.status in _FROM_A_PROXY:
            raise PerhapsSent(f"refused {answer.status}")  # what stands behind it may have taken the message
        code = _twilio_code(answer.body) if 400 <= answer.status < 500 else None
        if code in _GONE:
            raise Gone(f"refused {code}")
        if code == _SAID_STOP:
            raise Stopped(f"refused {code}")
        _expect_taken(answer)

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Received | None:
        try:
            fields = parse_qs(
                body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=200
            )
        except ValueError:
            return None
        if not _is_same(headers.get("X-Twilio-Signature", ""), twilio_signature(self._token, url, fields)):
            return None
        said = {name: values[0] for name, values in fields.items()}
        if said.get("AccountSid") != self._account:
            return None
        return _received(said.get("From"), said.get("Body"), said.get("MessageSid"))

    def answer(self, text: str) -> tuple[str, str]:
        return (
            "text/xml",
            f'<?xml version="1.0" encoding="UTF-8"?><Response><Message>{escape(text)}</Message></Response>',
        )


class WebhookGateway:
    """Whatever takes a signed POST of JSON (``to``, ``text``, ``key``), and sends one (``from``, ``text``, ``id``)."""

    answers_words = False

    def __init__(self, url: str, caller: Caller, *, secret: str, clock: Callable[[], datetime]) -> None:
        self._url = url.removeprefix("webhook+")
        self._caller, self._secret, self._clock = caller, secret, clock

    def send(self, number: str, text: str, *, key: str) -> None:
        body = json.dumps({"to": number, "text": text, "key": key}, ensure_ascii=False).encode()
        stamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Journal-Timestamp": stamp,
            "Journal-Signature": webhook_signature(self._secret, stamp, body),
        }
        answer = _handed_over(self._caller, self._url, body, headers)
        if answer.status == 410:
            raise Gone("refused 410")
        _expect_taken(answer)

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Received | None:
        stamp, signature = headers.get("Journal-Timestamp", ""), headers.get("Journal-Signature", "")
        if not re.fullmatch(r"[0-9]{1,12}", stamp):
            return None
        if not _is_same(signature, webhook_signature(self._secret, stamp, body)):
            return None
        if abs(self._clock().timestamp() - int(stamp)) > CLOCKS_DIFFER.total_seconds():
            return None
        said = json.loads(body)
        if not isinstance(said, dict):
            raise ValueError("not an object")
        return _received(said.get("from"), said.get("text"), said.get("id"))

    def answer(self, text: str) -> tuple[str, str]:
        return "application/json", json.dumps({"reply": text}, ensure_ascii=False)


def gateway_of(config: Config, *, clock: Callable[[], datetime]) -> Gateway | None:
    """The gateway of the settings; None where none is set, and there are no text messages.

    The operator chose its address, so it may lie in a network of their own; without TLS on this machine alone.
    """
    url = config.sms_url
    if url is None:
        return None
    caller = Caller(may_reach=_this_machine if "+http:" in url else _anywhere)
    if url.startswith("twilio"):
        return TwilioGateway(url, caller)
    return WebhookGateway(url, caller, secret=config.sms_secret, clock=clock)


def twilio_signature(token: str, url: str, fields: Mapping[str, list[str]]) -> str:
    """How Twilio signs a request: HMAC-SHA1 of the whole address and every field in order of its name, in base64."""
    said = "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    return base64.b64encode(hmac.digest(token.encode(), (url + said).encode(), "sha1")).decode()


def webhook_signature(secret: str, stamp: str, body: bytes) -> str:
    """How both sides of a webhook sign: HMAC-SHA256 of ``stamp`` (seconds since 1970), a full stop, and the body."""
    return "sha256=" + hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()


def _handed_over(caller: Caller, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    try:
        return caller.post(url, body=body, headers=headers)
    except NotReached as fault:
        raise NotSent(str(fault), permanent=False, reached=False) from None
    except NoAnswer as fault:
        raise PerhapsSent(str(fault)) from None


def _expect_taken(answer: Answer) -> None:
    """NotSent unless the gateway took the message. Permanent is only what is about this message or this number."""
    status = answer.status
    if 200 <= status < 300:
        return
    is_for_good = 400 <= status < 500 and status not in _OURS | _AGAIN
    raise NotSent(
        f"refused {status}",
        permanent=is_for_good,
        retry_after=asked_to_wait(answer.headers.get("retry-after", "")),
    )


def _twilio_code(body: bytes) -> int | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, int) else None


def _received(number: object, text: object, message_id: object) -> Received:
    """ValueError unless all three are there, as texts of a length that a phone can send."""
    if not isinstance(number, str) or not isinstance(text, str) or not isinstance(message_id, str):
        raise ValueError("not a message")
    if not 0 < len(message_id) <= ID_LENGTH or len(text) > TEXT_LENGTH or len(number) > ID_LENGTH:
        raise ValueError("not a message")
    return Received(number=number, text=text, message_id=message_id)


def _is_same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), right.encode())


def _this_machine(address: Address) -> bool:
    return address.is_loopback


def _anywhere(_address: Address) -> bool:
    return True
