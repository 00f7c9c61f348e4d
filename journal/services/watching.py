"""Whether reminders go out, as an operator wants to know it: what stands where, what is an alarm; the dead-man call.

The call goes to a service that raises the alarm when no call comes: it notices too when this whole machine is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version

from sqlalchemy.orm import Session

from journal.calling import Address, Caller, NoAnswer, NotReached
from journal.config import Config
from journal.domain.reminder_decisions import Trouble
from journal.services.reminders import CHANNELS
from journal.storage import audit, watching
from journal.storage.audit import Head
from journal.storage.deliveries import DeliveryState
from journal.storage.watching import Outcome

WAITS_AT_MOST = timedelta(minutes=5)
"""A due row that waits longer is an alarm. Workers look every ten seconds."""

SILENT_AT_MOST = timedelta(minutes=5)
"""So long without a sign of life from any worker is an alarm. Each gives one every half a minute."""

LOOKS_BACK = timedelta(days=1)

_QUARANTINED = {
    (DeliveryState.FAILED.value, Trouble.GAVE_UP.value),
    (DeliveryState.FAILED.value, Trouble.FAULT.value),
}


class Alarm(StrEnum):
    """What somebody should look at now."""

    NO_WORKER = "no_worker"
    REMINDERS_WAIT = "reminders_wait"


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits by one channel: since how long the oldest, and how many, ``watching.MOST_WAITING`` at the most."""

    channel: str
    oldest: timedelta
    depth: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """What alarms are made of. ``workers`` are (age of the latest sign, version), the freshest first."""

    queues: tuple[Queue, ...]
    workers: tuple[tuple[timedelta, str], ...]

    @property
    def last_seen(self) -> timedelta | None:
        """How long ago any worker gave a sign of life; None if none did within a day."""
        return self.workers[0][0] if self.workers else None

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Everything that is an alarm now."""
        found = []
        if self.last_seen is None or self.last_seen >= SILENT_AT_MOST:
            found.append(Alarm.NO_WORKER)
        if any(queue.oldest > WAITS_AT_MOST for queue in self.queues):
            found.append(Alarm.REMINDERS_WAIT)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Standing:
    """All figures of one moment. ``outcomes`` are the last day's, ``zone_data`` the zone database's version."""

    pulse: Pulse
    outcomes: tuple[Outcome, ...]
    zone_data: str
    audit_head: Head | None

    @property
    def quarantined(self) -> int:
        """Deliveries of the last day that were given up through a fault of ours."""
        return sum(one.count for one in self.outcomes if (one.state, one.reason) in _QUARANTINED)


def pulse(db: Session, *, now: datetime) -> Pulse:
    """Who works and what waits.

    A sign from the future is as old as it is far away: a clock that was set back must not keep a dead worker alive.
    """
    found = {one.channel: one for one in watching.waiting(db, now=now)}
    queues = tuple(
        Queue(channel, now - found[channel].since, found[channel].count)
        if channel in found
        else Queue(channel, timedelta(0), 0)
        for channel in CHANNELS
    )
    workers = sorted((abs(now - sign.seen_at), sign.version) for sign in watching.signs(db))
    return Pulse(queues, tuple(workers))


def standing(db: Session, *, now: datetime) -> Standing:
    """All figures; a bounded number of rows is touched for them."""
    return Standing(
        pulse=pulse(db, now=now),
        outcomes=tuple(watching.outcomes(db, since=now - LOOKS_BACK)),
        zone_data=version("tzdata"),
        audit_head=audit.head(db),
    )


class DeadMan:
    """Calls an address that the operator was given by the service that waits for the call."""

    def __init__(self, url: str, caller: Caller) -> None:
        self._url, self._caller = url, caller

    def call(self) -> str | None:
        """Say that all is well; None, or what went wrong with saying it. The address itself is a secret."""
        try:
            answer = self._caller.post(self._url, body=b"", headers={})
        except (NotReached, NoAnswer) as fault:
            return str(fault)
        return None if 200 <= answer.status < 300 else f"refused {answer.status}"


def dead_man_of(config: Config) -> DeadMan | None:
    """The call that the settings ask for; None where they ask for none.

    The operator chose the address, so it may lie in a network of their own; without TLS on this machine alone.
    """
    url = config.deadman_url
    if url is None:
        return None
    return DeadMan(url, Caller(may_reach=_this_machine if url.startswith("http:") else _anywhere))


def _this_machine(address: Address) -> bool:
    return address.is_loopback


def _anywhere(_address: Address) -> bool:
    return True
