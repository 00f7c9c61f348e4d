"""Both kinds of gateway over real sockets: what they are handed, what each answer means, and whom they believe."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode

import pytest

from journal.calling import Caller
from journal.config import Config
from journal.services.sending import Gone, NotSent, PerhapsSent, Stopped
from journal.services.sms_gateways import (
    Gateway,
    Received,
    TwilioGateway,
    WebhookGateway,
    gateway_of,
    twilio_signature,
    webhook_signature,
)
from tests.cast import NOW
from tests.house.source import ROOT
from tests.web_server import WebServer, floods, hangs, says

NUMBER, TEXT, KEY = "+4917612345678", "Got a minute? ñ Ω", "a-key-of-its-own"
SECRET = "s" * 32
HOOK = "https://journal.example.org/hooks/sms"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer(None) as server:
        yield server


def hurried() -> Caller:
    return Caller(may_reach=lambda address: address.is_loopback, total_s=0.5)


def twilio(port: int = 1) -> TwilioGateway:
    return TwilioGateway(f"twilio+http://AC1:token@127.0.0.1:{port}/+15551234567", hurried())


def webhook(port: int = 1, *, now: datetime = NOW) -> WebhookGateway:
    url = f"webhook+http://127.0.0.1:{port}/out?team=1"
    return WebhookGateway(url, hurried(), secret=SECRET, clock=lambda: now)


def gateways(server: WebServer) -> list[Gateway]:
    return [twilio(server.port), webhook(server.port)]


def fault(gateway: Gateway) -> NotSent | PerhapsSent:
    try:
        gateway.send(NUMBER, TEXT, key=KEY)
    except (NotSent, PerhapsSent) as found:
        return found
    raise AssertionError("it was sent")


# --- what they are handed -------------------------------------------------------------------------------------------


def test_twilio_is_handed_a_form_with_its_account_and_token(server: WebServer) -> None:
    server.next.append(says(201, b'{"sid": "SM1"}'))
    twilio(server.port).send(NUMBER, TEXT, key=KEY)
    (asked,) = server.requests
    assert asked.line == "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1"
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"AC1:token").decode()
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(asked.body.decode()) == {"To": [NUMBER], "From": ["+15551234567"], "Body": [TEXT]}


def test_a_webhook_is_handed_a_signed_document(server: WebServer) -> None:
    webhook(server.port).send(NUMBER, TEXT, key=KEY)
    (asked,) = server.requests
    assert asked.line == "POST /out?team=1 HTTP/1.1"
    assert json.loads(asked.body) == {"to": NUMBER, "text": TEXT, "key": KEY}
    assert asked.headers["journal-timestamp"] == "1774893600"
    assert asked.headers["journal-signature"] == webhook_signature(SECRET, "1774893600", asked.body)


def test_the_signature_that_the_documentation_shows_is_right() -> None:
    shown = webhook_signature("s" * 32, "1774893600", b'{"text":"7"}')
    assert f"\n{shown}\n" in (ROOT / "docs" / "text-messages.md").read_text()


# --- what an answer means -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [21211, 21614])
def test_a_number_that_twilio_will_never_reach_is_gone(server: WebServer, code: int) -> None:
    server.next.append(says(400, json.dumps({"code": code, "message": NUMBER}).encode()))
    found = fault(twilio(server.port))
    assert isinstance(found, Gone)
    assert found.reason == f"refused {code}"


def test_a_number_that_said_stop_to_twilio_is_left_alone(server: WebServer) -> None:
    server.next.append(says(400, json.dumps({"code": 21610, "message": NUMBER}).encode()))
    found = fault(twilio(server.port))
    assert isinstance(found, Stopped)
    assert found.reason == "refused 21610"


def test_a_number_that_a_webhook_calls_gone_is_gone(server: WebServer) -> None:
    server.next.append(says(410))
    assert isinstance(fault(webhook(server.port)), Gone)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"code": "21610"}', b'{"code": 30001}'])
def test_another_refusal_of_a_message_is_for_good_but_says_nothing_of_the_number(
    server: WebServer, body: bytes
) -> None:
    for gateway in gateways(server):
        server.next.append(says(400, body))
        found = fault(gateway)
        assert isinstance(found, NotSent)
        assert not isinstance(found, Gone)
        assert (found.permanent, found.reason) == (True, "refused 400")


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 503, 302])
def test_what_is_not_about_the_number_is_not_for_good(server: WebServer, status: int) -> None:
    for gateway in gateways(server):
        server.next.append(says(status))
        found = fault(gateway)
        assert isinstance(found, NotSent)
        assert not found.permanent


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", timedelta(seconds=7)), ("999999", timedelta(hours=1)), ("soon", None), ("-1", None)],
)
def test_a_gateway_may_ask_to_be_left_alone(server: WebServer, header: str, wait: timedelta | None) -> None:
    server.next.append(says(429, Retry_After=header))
    found = fault(twilio(server.port))
    assert isinstance(found, NotSent)
    assert found.retry_after == wait


def test_what_a_proxy_gave_up_on_may_have_been_sent_by_twilio(server: WebServer) -> None:
    server.next.append(says(504))
    assert isinstance(fault(twilio(server.port)), PerhapsSent)


def test_silence_after_handing_over_leaves_it_open(server: WebServer) -> None:
    for gateway in gateways(server):
        server.next.append(hangs)
        assert isinstance(fault(gateway), PerhapsSent)


def test_an_answer_of_thirty_megabytes_is_not_read(server: WebServer) -> None:
    server.next.append(floods)
    assert isinstance(fault(twilio(server.port)), PerhapsSent)


def test_where_nobody_listens_nothing_was_sent() -> None:
    found = fault(twilio(1))
    assert isinstance(found, NotSent)
    assert not found.permanent


def test_no_fault_says_a_number_or_a_text(server: WebServer) -> None:
    for answer in (
        says(400, json.dumps({"code": 21211, "message": f"{NUMBER} {TEXT}"}).encode()),
        says(500),
        hangs,
    ):
        for gateway in gateways(server):
            server.next.append(answer)
            assert NUMBER not in str(fault(gateway))


# --- whom they believe ----------------------------------------------------------------------------------------------

TWILIO_EXAMPLE = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+14158675309"],
    "Digits": ["1234"],
    "From": ["+14158675309"],
    "To": ["+18005551212"],
}


def test_the_example_that_twilio_publishes() -> None:
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio_signature("12345", url, TWILIO_EXAMPLE) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


FIELDS = {
    "AccountSid": "AC1",
    "From": NUMBER,
    "To": "+15551234567",
    "Body": "7",
    "MessageSid": "SM1",
    "Empty": "",
}


def from_twilio(
    fields: dict[str, str] = FIELDS, *, token: str = "token", url: str = HOOK
) -> tuple[str, dict[str, str], bytes]:
    signature = twilio_signature(token, url, {name: [value] for name, value in fields.items()})
    return url, {"X-Twilio-Signature": signature}, urlencode(fields).encode()


def test_a_message_that_twilio_signed_is_read() -> None:
    assert twilio().read(*from_twilio()) == Received(NUMBER, "7", "SM1")


def test_a_request_to_another_address_is_not_believed() -> None:
    _url, headers, body = from_twilio(url="https://elsewhere.example.org/hooks/sms")
    assert twilio().read(HOOK, headers, body) is None


@pytest.mark.parametrize(
    "changed", [{"Body": "3"}, {"From": "+4917600000000"}, {"Extra": "1"}, {"MessageSid": "SM2"}]
)
def test_a_field_that_was_changed_on_the_way_is_noticed(changed: dict[str, str]) -> None:
    url, headers, _body = from_twilio()
    assert twilio().read(url, headers, urlencode(FIELDS | changed).encode()) is None


def test_another_token_another_account_and_no_signature_are_not_believed() -> None:
    url, _headers, body = from_twilio()
    assert twilio().read(*from_twilio(token="other")) is None
    assert twilio().read(*from_twilio(FIELDS | {"AccountSid": "AC2"})) is None
    assert twilio().read(url, {}, body) is None
    assert twilio().read(url, {"X-Twilio-Signature": "ü"}, body) is None


def test_what_twilio_signed_but_is_no_message_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="not a message"):
        twilio().read(*from_twilio({"AccountSid": "AC1", "MessageStatus": "delivered"}))


MESSAGE = {"from": NUMBER, "text": "7", "id": "m-1"}


def from_webhook(
    document: object = MESSAGE, *, at: datetime = NOW, secret: str = SECRET
) -> tuple[str, dict[str, str], bytes]:
    body, stamp = json.dumps(document).encode(), str(int(at.timestamp()))
    signed = {"Journal-Timestamp": stamp, "Journal-Signature": webhook_signature(secret, stamp, body)}
    return HOOK, signed, body


def test_a_message_that_the_webhook_signed_is_read() -> None:
    assert webhook().read(*from_webhook()) == Received(NUMBER, "7", "m-1")


@pytest.mark.parametrize(("apart", "is_read"), [(-300, True), (300, True), (-301, False), (301, False)])
def test_a_signature_is_good_for_five_minutes_either_way(apart: int, is_read: bool) -> None:
    asked = from_webhook(at=NOW + timedelta(seconds=apart))
    assert (webhook().read(*asked) is not None) == is_read


def test_a_body_a_time_or_a_secret_that_is_another_is_not_believed() -> None:
    url, headers, body = from_webhook()
    assert webhook().read(url, headers, body.replace(b"7", b"3")) is None
    assert webhook().read(url, headers | {"Journal-Timestamp": "1774893601"}, body) is None
    assert webhook().read(url, headers | {"Journal-Timestamp": "now"}, body) is None
    assert webhook().read(*from_webhook(secret="t" * 32)) is None
    assert webhook().read(url, {}, body) is None


def test_what_we_sent_out_ourselves_does_not_come_back_in(server: WebServer) -> None:
    webhook(server.port).send(NUMBER, "7", key=KEY)
    (asked,) = server.requests
    signed = {name.title(): value for name, value in asked.headers.items() if name.startswith("journal-")}
    with pytest.raises(ValueError, match="not a message"):
        webhook().read(HOOK, signed, asked.body)


@pytest.mark.parametrize(
    "document",
    [
        [],
        "7",
        {},
        MESSAGE | {"text": 7},
        MESSAGE | {"id": ""},
        MESSAGE | {"id": "x" * 201},
        MESSAGE | {"text": "x" * 2001},
    ],
)
def test_what_the_webhook_signed_but_is_no_message_cannot_be_read(document: object) -> None:
    with pytest.raises(ValueError, match=r"not a message|not an object"):
        webhook().read(*from_webhook(document))


def test_answers_come_in_the_form_that_each_expects() -> None:
    kind, document = twilio().answer("a < b & c")
    assert kind == "text/xml"
    assert document.endswith("<Response><Message>a &lt; b &amp; c</Message></Response>")
    kind, document = webhook().answer("Gracias, ñ")
    assert (kind, json.loads(document)) == ("application/json", {"reply": "Gracias, ñ"})


# --- from the settings ----------------------------------------------------------------------------------------------


def test_the_settings_say_which_gateway(config: Config) -> None:
    def kind(url: str | None) -> type | None:
        gateway = gateway_of(replace(config, sms_url=url, sms_secret=SECRET), clock=lambda: NOW)
        return None if gateway is None else type(gateway)

    assert kind(None) is None
    assert kind("twilio://AC1:token@api.twilio.com/+15551234567") is TwilioGateway
    assert kind("webhook+https://sms.example.org/out") is WebhookGateway


def test_without_tls_only_this_machine_is_reached(config: Config, server: WebServer) -> None:
    url = f"twilio+http://AC1:token@localhost:{server.port}/+15551234567"
    gateway = gateway_of(replace(config, sms_url=url), clock=lambda: NOW)
    assert gateway
    gateway.send(NUMBER, TEXT, key=KEY)
    elsewhere = gateway_of(replace(config, sms_url=url.replace("localhost", "192.0.2.1")), clock=lambda: NOW)
    assert elsewhere
    assert str(fault(elsewhere)) == "address not allowed"
