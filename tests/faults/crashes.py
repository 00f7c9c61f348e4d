"""What a crash did to ten people's reminders, counted; and the table that says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from journal.services import reminders
from journal.services.patients import begin_journal
from journal.services.reminders import EMAIL, PUSH
from journal.storage.accounts import Account, Role, add_account
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from tests.cast import NOW
from tests.peers import Peers, can_be_reached, number_of, phone_path, text_to
from tests.reminding import rule

PEOPLE = 10
COLUMNS = ("runs", "slots", "duplicates", "never sent", "unknown", "unflagged", "repeated")


@dataclass(frozen=True)
class Outcome:
    """How many people got two messages, none, none without the ledger saying so, and the same one again.

    A repeat that carries the topic of the one before takes its place at the push service: it is no second message.
    """

    doubled: int
    missed: int
    unflagged: int
    repeated: int
    states: Counter[str]


def people_to_remind(
    database: Database, *channels: str, people: int = PEOPLE, called: str = "patient"
) -> None:
    """Ten patients, unless said otherwise, who want to be reminded at this moment."""
    before = NOW - timedelta(hours=1)
    with database.unit_of_work() as db:
        for number in range(people):
            account = add_account(db, f"{called}{number}@example.org", Role.PATIENT, now=NOW)
            begin_journal(db, account.id, display_name="P", zone="Europe/Berlin", now=NOW)
            can_be_reached(db, account.id, now=before)
            reminders.set_reminder(db, account.id, rule=rule("20:00"), channels=channels, now=before)


def outcome(database: Database, channel: str, to: Peers) -> Outcome:
    """What arrived, held against what the ledger says."""
    taken = _taken(channel, to)
    arrived = Counter(address for address, _ in taken)
    messages = Counter(address for address, _ in set(taken))
    with database.look() as db:
        joined = sa.select(Delivery.account_id, Delivery.state, Account.email).join(
            Account, Account.id == Delivery.account_id
        )
        rows = db.execute(joined).all()
    address_of = {row.account_id: _address(channel, row.account_id, row.email) for row in rows}
    missed = [row for row in rows if not arrived[address_of[row.account_id]]]
    return Outcome(
        doubled=sum(messages[address] > 1 for address in address_of.values()),
        missed=len(missed),
        unflagged=sum(row.state != "unknown" for row in missed),
        repeated=sum(arrived[address] > messages[address] for address in address_of.values()),
        states=Counter(row.state for row in rows),
    )


def latest_sent_at(database: Database) -> datetime | None:
    """When the last one that was sent left, by the workers' clock."""
    with database.look() as db:
        return db.scalar(sa.select(sa.func.max(Delivery.sent_at)))


def table(found: Iterable[tuple[str, str, str, list[int]]]) -> list[str]:
    """The crash matrix in lines: (channel, database, point, figures in the order of ``COLUMNS``) of every run."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for channel, database, point, figures in found:
        before = sums.setdefault((channel, database, point), [0] * len(COLUMNS))
        sums[channel, database, point] = [a + b for a, b in zip(before, figures, strict=True)]
    head = f"{'channel':8}{'database':12}{'killed':34}" + "".join(f"{name:>12}" for name in COLUMNS)
    return [head] + [
        f"{channel:8}{database:12}{point:34}" + "".join(f"{figure:12}" for figure in figures)
        for (channel, database, point), figures in sorted(sums.items())
    ]


def _taken(channel: str, to: Peers) -> list[tuple[str, str]]:
    """(to whom, which message) of everything that a message service took; each its own where it knows none again."""
    if channel == EMAIL:
        return [(str(one["To"]), str(number)) for number, one in enumerate(to.mail.messages)]
    if channel == PUSH:
        return [(one.line.split()[1], one.headers["topic"]) for one in to.push.requests]
    # A request that was cut before its words came is taken by nobody.
    return [(text_to(one.body), str(number)) for number, one in enumerate(to.sms.requests) if one.body]


def _address(channel: str, account_id: int, email: str) -> str:
    if channel == EMAIL:
        return email
    return phone_path(account_id) if channel == PUSH else number_of(account_id)
