"""Web Push: sealed so that one browser alone can read it, sent to push services and nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from journal.calling import Caller
from journal.config import Config
from journal.domain.errors import Refused
from journal.services import push
from journal.services.push import Message, OwnKey, PushService, Sent
from journal.services.sending import Gone, NotSent, PerhapsSent
from journal.storage import push as rows
from journal.storage.database import Database
from journal.storage.push import Endpoint, Subscription
from tests.cast import NOW, Cast
from tests.web_server import Authority, Behaviour, WebServer, hangs, says, writes

HOST = "updates.push.services.mozilla.com"
MESSAGE = Message(title="Tideline", body="Your check-in is ready.", url="/check-in", tag="a")
KEY = OwnKey(ec.derive_private_key(7, ec.SECP256R1()))


class Browser:
    """A browser that was subscribed: it alone has the private key."""

    def __init__(self, number: int) -> None:
        self._private = ec.derive_private_key(100 + number, ec.SECP256R1())
        self._auth = bytes([number]) * 16
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        endpoint = Endpoint(f"https://{HOST}/wpush/v2/{number}", point, self._auth)
        self.subscription = Subscription(f"browser-{number}", endpoint)

    def open(self, body: bytes) -> bytes:
        opened: bytes = http_ece.decrypt(
            body, private_key=self._private, auth_secret=self._auth, version="aes128gcm"
        )
        return opened


PHONE, TABLET = Browser(1), Browser(2)
BOTH = [PHONE.subscription, TABLET.subscription]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(authority: Authority) -> Iterator[WebServer]:
    with WebServer(authority.context(HOST)) as server:
        yield server


@pytest.fixture
def service(config: Config, authority: Authority, server: WebServer) -> PushService:
    caller = Caller(
        may_reach=lambda address: address == IPv4Address("127.0.0.1"),
        resolve=server.resolve,
        ca_file=authority.file,
        total_s=0.5,
    )
    return PushService(config, KEY, caller)


def send(service: PushService, subscriptions: list[Subscription] | None = None) -> Sent:
    return service.send(
        subscriptions or [PHONE.subscription],
        payload=MESSAGE,
        ttl=timedelta(hours=2),
        topic="slot 1",
        now=NOW,
    )


def sent_after(service: PushService, server: WebServer, *behaviours: Behaviour) -> Sent:
    server.next.extend(behaviours)
    return send(service, BOTH[: len(behaviours)])


# --- sealed ----------------------------------------------------------------------------------------------------------


def b64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_message_is_sealed_as_in_rfc_8291() -> None:
    """Section 5 and appendix A, with their keys and their salt."""
    once = ec.derive_private_key(
        int.from_bytes(b64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    browser = Endpoint(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        b64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        b64("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = push.sealed(
        b"When I grow up, I want to be a watermelon", browser, salt=b64("DGv6ra1nlYgDCS1FRnbzlw"), once=once
    )
    assert body == b64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
        "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_only_the_browser_itself_can_read_it(service: PushService, server: WebServer) -> None:
    send(service)
    (asked,) = server.requests
    assert json.loads(PHONE.open(asked.body)) == {
        "title": "Tideline",
        "body": "Your check-in is ready.",
        "url": "/check-in",
        "tag": "a",
    }
    with pytest.raises(http_ece.ECEException):
        TABLET.open(asked.body)


def test_each_message_is_sealed_with_a_key_and_a_salt_of_its_own(
    service: PushService, server: WebServer
) -> None:
    send(service)
    send(service)
    first, second = server.requests
    assert first.body[:16] != second.body[:16]
    assert first.body[21:86] != second.body[21:86]


@pytest.mark.parametrize("body", ["", "Hi", "Η καταγραφή σου είναι έτοιμη.", "x" * 900])
def test_the_length_says_nothing(body: str) -> None:
    plain = push.written(replace(MESSAGE, body=body))
    assert len(plain) == 1024
    assert len(push.sealed(plain, PHONE.subscription.endpoint)) == 1127
    assert json.loads(plain)["body"] == body


def test_what_does_not_fit_is_a_fault_and_not_cut() -> None:
    with pytest.raises(ValueError, match="too long"):
        push.written(replace(MESSAGE, body="x" * 1000))


# --- what the push service is told ------------------------------------------------------------------------------------


def test_the_push_service_is_told_what_rfc_8030_asks_for(service: PushService, server: WebServer) -> None:
    send(service)
    (asked,) = server.requests
    assert asked.line == "POST /wpush/v2/1 HTTP/1.1"
    told = {name: asked.headers[name] for name in ("ttl", "urgency", "topic", "content-encoding", "host")}
    assert told == {
        "ttl": "7200",
        "urgency": "normal",
        "topic": "qU_GaK68HacXKOOYc5Uu4tnzA8HiHmtW",
        "content-encoding": "aes128gcm",
        "host": HOST,
    }


def test_the_same_slot_has_the_same_topic_and_another_has_another(
    service: PushService, server: WebServer
) -> None:
    for topic in ("slot 1", "slot 1", "slot 2"):
        service.send([PHONE.subscription], payload=MESSAGE, ttl=timedelta(hours=1), topic=topic, now=NOW)
    first, again, other = (asked.headers["topic"] for asked in server.requests)
    assert first == again != other
    assert {len(first), len(other)} == {32}


def test_who_sends_is_proven_by_a_signature(service: PushService, server: WebServer) -> None:
    send(service)
    said = server.requests[0].headers["authorization"]
    assert Vapid02.verify(said)
    token, key = said.removeprefix("vapid t=").split(",k=")
    assert key == KEY.public
    assert "=" not in token
    assert json.loads(b64(token.split(".")[1])) == {
        "aud": f"https://{HOST}",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": "mailto:hello@journal.example.org",
    }


def test_each_push_service_gets_a_claim_of_its_own(config: Config, authority: Authority) -> None:
    hosts = (HOST, "web.push.apple.com")
    with WebServer(authority.context(*hosts)) as server:
        caller = Caller(may_reach=lambda _a: True, resolve=server.resolve, ca_file=authority.file)
        subscriptions = [
            replace(one, endpoint=replace(one.endpoint, url=f"https://{host}/x"))
            for one, host in zip(BOTH, hosts, strict=True)
        ]
        send(PushService(config, KEY, caller), subscriptions)
    heard = {
        asked.headers["host"]: json.loads(b64(asked.headers["authorization"].split(".")[1]))["aud"]
        for asked in server.requests
    }
    assert heard == {HOST: f"https://{HOST}", "web.push.apple.com": "https://web.push.apple.com"}


def test_a_ttl_that_is_over_is_none(service: PushService, server: WebServer) -> None:
    service.send([PHONE.subscription], payload=MESSAGE, ttl=timedelta(minutes=-5), topic="t", now=NOW)
    assert server.requests[0].headers["ttl"] == "0"


# --- how it ends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_taken(service: PushService, server: WebServer, status: int) -> None:
    assert sent_after(service, server, says(status)) == Sent(("browser-1",), (), None)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_named(service: PushService, server: WebServer, status: int) -> None:
    sent = sent_after(service, server, says(status))
    assert (sent.taken, sent.gone) == ((), ("browser-1",))
    assert isinstance(sent.fault, Gone)


@pytest.mark.parametrize("status", [307, 400, 401, 403, 413])
def test_what_will_never_be_taken_is_permanent(service: PushService, server: WebServer, status: int) -> None:
    sent = sent_after(service, server, says(status))
    assert isinstance(sent.fault, NotSent)
    assert not isinstance(sent.fault, Gone)
    assert (sent.fault.reason, sent.fault.permanent, sent.gone) == (f"refused {status}", True, ())


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_what_may_be_taken_later_is_not_permanent(
    service: PushService, server: WebServer, status: int
) -> None:
    sent = sent_after(service, server, says(status))
    assert isinstance(sent.fault, NotSent)
    assert (sent.fault.permanent, sent.fault.retry_after) == (False, None)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("999999999999", timedelta(hours=1)),
        ("Mon, 30 Mar 2026 18:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 30 Mar 2026 17:00:00 GMT", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=1)),
        ("soon", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_how_long_to_wait_is_read_and_bounded(
    service: PushService, server: WebServer, said: str, wait: timedelta | None
) -> None:
    sent = sent_after(
        service,
        server,
        writes(b"HTTP/1.1 429 Told\r\nContent-Length: 0\r\nRetry-After: " + said.encode() + b"\r\n\r\n"),
    )
    assert isinstance(sent.fault, NotSent)
    assert sent.fault.retry_after == wait


def test_silence_after_handing_over_is_perhaps(service: PushService, server: WebServer) -> None:
    assert isinstance(sent_after(service, server, hangs).fault, PerhapsSent)


def test_a_push_service_that_cannot_be_reached_took_nothing(config: Config, server: WebServer) -> None:
    distrusting = PushService(config, KEY, Caller(may_reach=lambda _address: True, resolve=server.resolve))
    fault = send(distrusting).fault
    assert isinstance(fault, NotSent)
    assert not fault.permanent


def test_one_browser_that_took_it_is_enough(service: PushService, server: WebServer) -> None:
    sent = sent_after(service, server, says(201), says(503))
    assert len(sent.taken) == 1
    assert sent.fault is None


def test_a_browser_that_is_gone_is_named_beside_one_that_took_it(
    service: PushService, server: WebServer
) -> None:
    sent = sent_after(service, server, says(201), says(410))
    assert {*sent.taken, *sent.gone} == {"browser-1", "browser-2"}
    assert (len(sent.taken), len(sent.gone), sent.fault) == (1, 1, None)


@pytest.mark.parametrize(
    ("behaviours", "kind", "permanent"),
    [
        ((says(410), says(410)), Gone, True),
        ((says(410), says(503)), NotSent, False),
        ((says(410), says(403)), NotSent, True),
        ((says(403), says(429)), NotSent, False),
    ],
)
def test_when_none_took_it_what_leaves_most_open_is_said(
    service: PushService,
    server: WebServer,
    behaviours: tuple[Behaviour, Behaviour],
    kind: type[NotSent],
    permanent: bool,
) -> None:
    fault = sent_after(service, server, *behaviours).fault
    assert isinstance(fault, NotSent)
    assert (type(fault), fault.permanent) == (kind, permanent)


def test_perhaps_sent_wins_over_refused(service: PushService, server: WebServer) -> None:
    sent = sent_after(service, server, says(410), hangs)
    assert isinstance(sent.fault, PerhapsSent)
    assert len(sent.gone) == 1


def test_without_a_browser_there_is_nobody_left(service: PushService, server: WebServer) -> None:
    sent = service.send([], payload=MESSAGE, ttl=timedelta(hours=1), topic="t", now=NOW)
    assert isinstance(sent.fault, Gone)
    assert server.connections == 0


# --- who is a push service -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://updates-autopush.stage.push.services.mozilla.com:443/wpush/v2/gAAA",
        "https://web.push.apple.com/QAbc",
        "https://wns2-par02p.notify.windows.com/w/?token=Bg%3d",
    ],
)
def test_the_push_services_of_browsers_are_known(url: str) -> None:
    assert push.is_push_service(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:80/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://evilpush.apple.com/x",
        "https://push.apple.com.evil.example/x",
        "https://push.apple.com/x",
        "https://127.0.0.1/fcm.googleapis.com",
        "https://evil.example/#fcm.googleapis.com",
        "https://evil.example\\@fcm.googleapis.com/",
        "https://fcm.googleapis.com/x\r\nHost: evil",
        "https://fcm.googleapis.com/ x",
        "https://fcm.googleapis.com/#x",
        "https://fcm.googleapis.com./x",
        "https://ｆcm.googleapis.com/x",
        "https://[::1]/x",
        "https://[::1/x",
        "https://fcm.googleapis.com:x/x",
        "https:fcm.googleapis.com/x",
        "//fcm.googleapis.com/x",
        "",
        "https://fcm.googleapis.com/" + "x" * 2048,
    ],
)
def test_nobody_else_is_one(url: str) -> None:
    assert not push.is_push_service(url)


def test_an_operator_may_add_one_and_all_beneath_one() -> None:
    also = ("push.example.org", "*.push.example.net")
    assert push.is_push_service("https://push.example.org/x", also)
    assert push.is_push_service("https://a.push.example.net/x", also)
    assert not push.is_push_service("https://a.push.example.org/x", also)
    assert not push.is_push_service("https://push.example.net/x", also)


def test_one_that_is_allowed_no_longer_is_not_called(service: PushService, server: WebServer) -> None:
    elsewhere = replace(
        PHONE.subscription, endpoint=replace(PHONE.subscription.endpoint, url="https://a.example/x")
    )
    fault = send(service, [elsewhere]).fault
    assert isinstance(fault, NotSent)
    assert fault.permanent
    assert server.connections == 0


# --- subscribing -----------------------------------------------------------------------------------------------------

POINT = push._base64url(PHONE.subscription.endpoint.p256dh)
SECRET = push._base64url(PHONE.subscription.endpoint.auth)


def subscribe(database: Database, cast: Cast, **more: str) -> str:
    said = {"url": PHONE.subscription.endpoint.url, "p256dh": POINT, "auth": SECRET} | more
    with database.unit_of_work() as db:
        return push.subscribe(db, cast.alice.account_id, hosts=(), now=NOW, **said)


def test_what_a_browser_says_of_itself_is_kept(sqlite_database: Database, cast_here: Cast) -> None:
    subscribe(sqlite_database, cast_here)
    with sqlite_database.look() as db:
        (kept,) = rows.subscriptions_of(db, cast_here.alice.account_id)
    assert kept.endpoint == PHONE.subscription.endpoint


@pytest.fixture
def cast_here(sqlite_database: Database) -> Cast:
    from tests import cast as people

    with sqlite_database.unit_of_work() as db:
        return people.assemble(db)


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": push._base64url(b"\x04" + bytes(64))},
        {"p256dh": push._base64url(b"\x02" + bytes(32))},
        {"p256dh": POINT[:-2]},
        {"p256dh": POINT + "AAAA"},
        {"p256dh": "!" * 87},
        {"p256dh": ""},
        {"p256dh": "ά" * 87},
        {"auth": ""},
        {"auth": SECRET[:-4]},
        {"auth": SECRET + "AAAA"},
    ],
)
def test_keys_that_are_none_are_refused(
    sqlite_database: Database, cast_here: Cast, wrong: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="push_keys_unreadable"):
        subscribe(sqlite_database, cast_here, **wrong)


def test_an_address_that_is_no_push_services_is_refused(sqlite_database: Database, cast_here: Cast) -> None:
    with pytest.raises(Refused, match="push_service_unknown"):
        subscribe(sqlite_database, cast_here, url="https://169.254.169.254/latest/meta-data")


def test_an_account_has_ten_browsers_at_the_most(sqlite_database: Database, cast_here: Cast) -> None:
    for number in range(12):
        subscribe(sqlite_database, cast_here, url=f"https://{HOST}/{number}")
    with sqlite_database.look() as db:
        kept = rows.subscriptions_of(db, cast_here.alice.account_id)
    assert [one.endpoint.url.rpartition("/")[2] for one in kept] == [
        str(number) for number in range(11, 1, -1)
    ]


def test_unsubscribing_forgets_one_browser(sqlite_database: Database, cast_here: Cast) -> None:
    for number in range(2):
        subscribe(sqlite_database, cast_here, url=f"https://{HOST}/{number}")
    with sqlite_database.unit_of_work() as db:
        push.unsubscribe(db, cast_here.alice.account_id, url=f"https://{HOST}/0")
    with sqlite_database.look() as db:
        (kept,) = rows.subscriptions_of(db, cast_here.alice.account_id)
    assert kept.endpoint.url == f"https://{HOST}/1"


# --- the installation's own key --------------------------------------------------------------------------------------


def test_the_own_key_is_made_once_and_is_the_same_ever_after(sqlite_database: Database) -> None:
    with sqlite_database.look() as db:
        assert push.known_key(db) is None
    with sqlite_database.unit_of_work() as db:
        made = push.own_key(db, now=NOW).public
    with sqlite_database.unit_of_work() as db:
        assert push.own_key(db, now=datetime(2027, 1, 1, tzinfo=UTC)).public == made
    assert len(made) == 87
    assert b64(made)[0] == 4
