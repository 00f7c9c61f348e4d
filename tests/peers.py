"""Real receivers on loopback for every channel, and a worker that sends to them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import parse_qs

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from journal.calling import Caller
from journal.config import Config
from journal.domain.reminders import ReminderRule
from journal.jobs.worker import Worker
from journal.services import reminders
from journal.services.mail import Post, SmtpCarrier
from journal.services.push import OwnKey, PushService
from journal.services.reminders import EMAIL, PUSH, SMS
from journal.services.sms import Texts
from journal.services.sms_gateways import TwilioGateway
from journal.storage import push, sms
from journal.storage.database import Database
from journal.storage.push import Endpoint
from tests.cast import Person
from tests.mail_server import MailServer
from tests.reminding import rule
from tests.web_server import Authority, WebServer

PUSH_HOST = "updates.push.services.mozilla.com"
OWN_KEY = OwnKey(ec.derive_private_key(7, ec.SECP256R1()))
EVERY_CHANNEL = (EMAIL, PUSH, SMS)
_PHONE = ec.derive_private_key(101, ec.SECP256R1())
_SECRET = b"p" * 16


@dataclass(frozen=True)
class Peers:
    """A mail server, a push service and a gateway for text messages."""

    mail: MailServer
    push: WebServer
    sms: WebServer
    ca_file: Path

    def reached(self, channel: str, person: Person) -> int:
        """How often a message of a channel was taken for a person."""
        if channel == EMAIL:
            return sum(message["To"] == person.email for message in self.mail.messages)
        if channel == PUSH:
            return sum(asked.line.split()[1] == phone_path(person.account_id) for asked in self.push.requests)
        return sum(text_to(asked.body) == number_of(person.account_id) for asked in self.sms.requests)

    def counts(self, person: Person) -> list[int]:
        """The same for mail, push and text messages."""
        return [self.reached(channel, person) for channel in EVERY_CHANNEL]


@contextmanager
def peers() -> Iterator[Peers]:
    """All three, for the length of the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority = Authority(folder)
        yield Peers(
            mail=stack.enter_context(MailServer()),
            push=stack.enter_context(WebServer(authority.context(PUSH_HOST))),
            sms=stack.enter_context(WebServer(None)),
            ca_file=authority.file,
        )


def worker_of(
    database: Database,
    config: Config,
    clock: Callable[[], datetime],
    to: Peers,
    *,
    name: str = "w1",
    wait_s: float = 10.0,
) -> Worker:
    """A worker whose every way out leads to these; it gives an answer ``wait_s`` to come."""
    return Worker(
        name=name,
        config=config,
        database=database,
        post=Post(config, SmtpCarrier(to.mail.url, timeout_s=wait_s)),
        clock=clock,
        push=PushService(config, OWN_KEY, push_caller(to.push.port, to.ca_file, total_s=wait_s)),
        texts=Texts(text_gateway(to.sms.port, total_s=wait_s), database, most_a_day=10_000, clock=clock),
    )


def push_caller(port: int, ca_file: Path, *, total_s: float) -> Caller:
    """What takes every push service for the one at ``port``."""
    return Caller(
        may_reach=lambda address: address.is_loopback,
        resolve=lambda _host, _port: [(IPv4Address("127.0.0.1"), port)],
        ca_file=ca_file,
        total_s=total_s,
    )


def text_gateway(port: int, *, total_s: float) -> TwilioGateway:
    """A gateway that knows no message again: a repeat would be a second message."""
    caller = Caller(may_reach=lambda address: address.is_loopback, total_s=total_s)
    return TwilioGateway(f"twilio+http://AC1:token@127.0.0.1:{port}/+15551234567", caller)


def can_be_reached(db: Session, account_id: int, *, now: datetime) -> None:
    """A phone that takes notifications, and a proven number."""
    point = _PHONE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    endpoint = Endpoint(f"https://{PUSH_HOST}{phone_path(account_id)}", point, _SECRET)
    push.keep(db, account_id, endpoint=endpoint, most=10, now=now)
    ends_at = now + timedelta(hours=1)
    sms.keep(db, account_id, number=number_of(account_id), code="1", code_ends_at=ends_at, now=now)
    assert sms.verify(db, account_id, code="1", most=5, now=now)


def remind_by(
    database: Database,
    person: Person,
    *walls: str,
    at: datetime,
    channels: Sequence[str] = EVERY_CHANNEL,
    asked: ReminderRule | None = None,
) -> None:
    """``person`` can be reached by every channel, and wants these."""
    with database.unit_of_work() as db:
        can_be_reached(db, person.account_id, now=at)
        reminders.set_reminder(db, person.account_id, rule=asked or rule(*walls), channels=channels, now=at)


def opened(body: bytes) -> bytes:
    """What a phone reads of a notification."""
    plain: bytes = http_ece.decrypt(body, private_key=_PHONE, auth_secret=_SECRET, version="aes128gcm")
    return plain


def phone_path(account_id: int) -> str:
    """Where an account's phone is at its push service."""
    return f"/wpush/v2/{account_id}"


def number_of(account_id: int) -> str:
    """An account's number."""
    return f"+4917600{account_id:06}"


def text_to(body: bytes) -> str:
    """To which number a text message was to go."""
    return parse_qs(body.decode())["To"][0]


def text_said(body: bytes) -> str:
    """What a text message said."""
    return parse_qs(body.decode())["Body"][0]
