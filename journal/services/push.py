"""Notifications on a phone by Web Push: who may be subscribed, and one message to every browser of an account.

What is sent is sealed for the browser (RFC 8291); the push service between learns that something came, from whom and
when, and its length says nothing. Only push services are ever called, and only through ``journal.calling``. What a
message says, and when, is not decided here; it never holds more than a lock screen may show.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy.orm import Session

from journal.calling import Answer, Caller, NoAnswer, NotReached
from journal.config import Config
from journal.domain.errors import Refused
from journal.services.sending import Gone, NotSent, PerhapsSent, asked_to_wait
from journal.storage import push
from journal.storage.push import Endpoint, Subscription

PUSH_SERVICES = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
"""Whom browsers use: Chromium's, Firefox's, Safari's, Edge's. ``JOURNAL_PUSH_HOSTS`` adds others, written the same."""

MOST_BROWSERS = 10
"""Of one account. With one more, the oldest is forgotten."""

URL_LENGTH = 2048
LENGTH = 1024
"""Bytes of every message before it is sealed, filled up with spaces; push services take 4096 when it is."""

CLAIM_LASTS = timedelta(hours=12)
"""For how long a push service may believe that a call comes from us (RFC 8292 allows 24 hours)."""


_POINT, _SECRET = 65, 16
_TEMPORARY = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Message:
    """What a notification shows, and where a tap on it leads: a path of our own.

    ``tag``: a later one with the same tag takes the place of this one on the phone.
    """

    title: str
    body: str
    url: str
    tag: str


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The key by which push services know this installation (VAPID, RFC 8292)."""

    private: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> str:
        """As browsers want it when they subscribe: the uncompressed point in base64url, 87 characters."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return _base64url(point)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message, by the public ids of the browsers.

    ``gone`` are to be forgotten at once, whatever became of the others: they must not be called again. ``fault`` is
    None if at least one browser's push service took it, else why none did: Gone (there is no browser left), NotSent,
    or PerhapsSent. A PerhapsSent of this way out may be tried again: the same ``topic`` takes its own place at the
    push service, the same ``tag`` on the phone, so nobody is reminded twice.
    """

    taken: tuple[str, ...]
    gone: tuple[str, ...]
    fault: NotSent | PerhapsSent | None


class PushService:
    """The way out for notifications. Safe to share between threads. ``caller`` may be handed in."""

    def __init__(self, config: Config, key: OwnKey, caller: Caller | None = None) -> None:
        self._hosts = config.push_hosts
        self._key = key
        self._sub = f"mailto:{parseaddr(config.mail_from)[1]}"
        self._caller = caller or Caller()

    def send(
        self,
        subscriptions: Sequence[Subscription],
        *,
        payload: Message,
        ttl: timedelta,
        topic: str,
        now: datetime,
    ) -> Sent:
        """Send one message to every browser of one account, all at the same time, and wait for the answers.

        ``ttl``: for how long a push service keeps it for a phone that is off; the life of the slot. ``topic``: a text
        that is the same for the same slot; it is hashed. Raises ValueError for a message that is too long.
        """
        if not subscriptions:
            return Sent((), (), Gone("no browser"))
        plain = written(payload)
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int(ttl.total_seconds()))),
            "Topic": _base64url(hashlib.sha256(topic.encode()).digest())[:32],
            "Urgency": "normal",
        }

        def send(one: Subscription) -> NotSent | PerhapsSent | None:
            return self._send(one.endpoint, plain, headers, now=now)

        with ThreadPoolExecutor(len(subscriptions), thread_name_prefix="push") as threads:
            faults = list(threads.map(send, subscriptions))
        ended = list(zip(subscriptions, faults, strict=True))
        taken = tuple(one.public_id for one, fault in ended if fault is None)
        gone = tuple(one.public_id for one, fault in ended if isinstance(fault, Gone))
        return Sent(taken, gone, None if taken else _worst(faults))

    def _send(
        self, endpoint: Endpoint, plain: bytes, headers: dict[str, str], *, now: datetime
    ) -> NotSent | PerhapsSent | None:
        if not is_push_service(endpoint.url, self._hosts):
            return NotSent("address", permanent=True)
        claim = {
            "aud": f"https://{urlsplit(endpoint.url).hostname}",
            "exp": int((now + CLAIM_LASTS).timestamp()),
            "sub": self._sub,
        }
        signed = Vapid02(self._key.private, conf={"no-strict": True}).sign(claim)
        try:
            answer = self._caller.post(endpoint.url, body=sealed(plain, endpoint), headers=headers | signed)
        except NotReached as fault:
            return NotSent(str(fault), permanent=False, reached=False)
        except NoAnswer as fault:
            return PerhapsSent(str(fault))
        return _understood(answer, now=now)


def subscribe(
    db: Session, account_id: int, *, url: str, p256dh: str, auth: str, hosts: Collection[str], now: datetime
) -> str:
    """Keep a browser for an account, in the words of its PushSubscription; return its public id.

    Refuses an address that is no push service's (``hosts`` names more of those), and keys that are none.
    """
    if not is_push_service(url, hosts):
        raise Refused("push_service_unknown")
    try:
        endpoint = Endpoint(url, _exactly(p256dh, _POINT), _exactly(auth, _SECRET))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), endpoint.p256dh)
    except ValueError:
        raise Refused("push_keys_unreadable") from None
    return push.keep(db, account_id, endpoint=endpoint, most=MOST_BROWSERS, now=now)


def unsubscribe(db: Session, account_id: int, *, url: str) -> None:
    """Forget one browser of an account. One that is not there is forgotten already."""
    push.forget_own(db, account_id, url=url)


def forget(db: Session, public_ids: Collection[str]) -> None:
    """Forget browsers by their public ids."""
    if public_ids:
        push.forget(db, public_ids)


def own_key(db: Session, *, now: datetime) -> OwnKey:
    """The installation's key, made at the first need; all processes get the same."""
    known = known_key(db)
    if known is None:
        made = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        push.keep_own_key(db, _base64url(made.to_bytes(32, "big")), now=now)
        known = known_key(db)
    if known is None:
        raise LookupError("the key that was just kept is not there")
    return known


def known_key(db: Session) -> OwnKey | None:
    """The installation's key, if it was ever needed."""
    kept = push.own_key(db)
    if kept is None:
        return None
    return OwnKey(ec.derive_private_key(int.from_bytes(_exactly(kept, 32), "big"), ec.SECP256R1()))


def is_push_service(url: str, also: Collection[str] = ()) -> bool:
    """Whether an address is plainly one of a push service: https, its own port, no user, a host that is known."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        len(url) <= URL_LENGTH
        and url.isascii()
        and url.isprintable()
        and not set(url) & {" ", "\\", "#"}
        and parts.scheme == "https"
        and port in {None, 443}
        and "@" not in parts.netloc
        and any(_matches(parts.hostname or "", pattern) for pattern in (*PUSH_SERVICES, *also))
    )


def written(message: Message) -> bytes:
    """A message as the worker reads it, of one length whatever it says. ValueError where it does not fit."""
    text = json.dumps(asdict(message), ensure_ascii=False).encode()
    if len(text) > LENGTH:
        raise ValueError(f"a notification of {len(text)} bytes is too long")
    return text.ljust(LENGTH)


def sealed(
    plain: bytes,
    endpoint: Endpoint,
    *,
    salt: bytes | None = None,
    once: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """``plain`` for nobody but one browser, as RFC 8291 says. ``salt`` and ``once`` are made anew unless given."""
    body: bytes = http_ece.encrypt(
        plain,
        salt=salt,
        private_key=once or ec.generate_private_key(ec.SECP256R1()),
        dh=endpoint.p256dh,
        auth_secret=endpoint.auth,
        version="aes128gcm",
    )
    return body


def _understood(answer: Answer, *, now: datetime) -> NotSent | PerhapsSent | None:
    """What the answer of a push service means (RFC 8030); None if it took the message."""
    status = answer.status
    if 200 <= status < 300:
        return None
    if status in {404, 410}:
        return Gone(f"refused {status}")
    if status in _TEMPORARY or status >= 500:
        wait = asked_to_wait(answer.headers.get("retry-after", ""), now=now)
        return NotSent(f"refused {status}", permanent=False, retry_after=wait)
    return NotSent(f"refused {status}", permanent=True)


def _worst(faults: Sequence[NotSent | PerhapsSent | None]) -> NotSent | PerhapsSent:
    """What to say of a message that nobody certainly took: what leaves most open, first."""
    unsure = [fault for fault in faults if isinstance(fault, PerhapsSent)]
    if unsure:
        return unsure[0]
    refused = [fault for fault in faults if isinstance(fault, NotSent)]
    again = [fault for fault in refused if not fault.permanent]
    if again:
        waits = [fault.retry_after for fault in again if fault.retry_after is not None]
        return NotSent(
            again[0].reason,
            permanent=False,
            retry_after=max(waits, default=None),
            reached=any(fault.reached for fault in again),
        )
    return next((fault for fault in refused if not isinstance(fault, Gone)), refused[0])


def _matches(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _exactly(text: str, length: int) -> bytes:
    """The bytes that base64url stands for. ValueError unless they are ``length``."""
    if len(text) > 2 * length:
        raise ValueError("too long")
    data = base64.b64decode(
        text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True
    )
    if len(data) != length:
        raise ValueError("another length")
    return data


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
