"""The ledger of reminders, as the database keeps it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.services.reminders import EMAIL
from journal.storage import deliveries
from journal.storage.base import new_public_id
from journal.storage.database import Database
from journal.storage.deliveries import Delivery, DeliveryState
from tests.cast import NOW, Cast
from tests.reminding import FIRST, SECOND, begin, claim, remind, sent, utc

MONDAY = date(2026, 3, 30)
DUE = utc("2026-03-30 18:30")
AN_HOUR = timedelta(hours=1)


def row(cast: Cast, **other: object) -> dict[str, object]:
    return {
        "public_id": new_public_id(),
        "account_id": cast.alice.account_id,
        "reminder_id": None,
        "local_date": MONDAY,
        "slot": FIRST,
        "channel": EMAIL,
        "state": "claimed",
        "reason": None,
        "claimed_by": "w1",
        "lease_until": DUE,
        "attempts": 0,
        "due_at": DUE,
        "message_key": new_public_id(),
        **other,
    }


def test_of_years_in_the_ledger_only_the_latest_days_are_read(database: Database, cast: Cast) -> None:
    years = [MONDAY - timedelta(days=days) for days in (1, 3, 400, 4000)]
    with database.unit_of_work() as db:
        deliveries.enter_in_ledger(db, [row(cast, local_date=day, slot=f"s{day}") for day in years])
    with database.look() as db:
        found = deliveries.last_deliveries(db, cast.alice.account_id, since=MONDAY - timedelta(days=3))
    assert {due.local_date for due in found.values()} == {date(2026, 3, 29), date(2026, 3, 27)}


def test_the_ledger_takes_a_slot_of_a_date_once(database: Database, cast: Cast) -> None:
    rows = [row(cast, message_key=key) for key in ("first", "the same")] + [
        row(cast, slot=SECOND, message_key="other")
    ]
    with database.unit_of_work() as db:
        first = deliveries.enter_in_ledger(db, rows)
    with database.unit_of_work() as db:
        again = deliveries.enter_in_ledger(db, [row(cast, state="skipped")])
    assert first == {"first", "other"}
    assert again == set()


def test_the_ledger_tells_slots_channels_and_dates_apart(database: Database, cast: Cast) -> None:
    others = [row(cast, slot=SECOND), row(cast, channel="push"), row(cast, local_date=date(2026, 3, 31))]
    with database.unit_of_work() as db:
        assert len(deliveries.enter_in_ledger(db, [row(cast), *others])) == 4


def test_the_database_itself_refuses_a_slot_of_a_date_twice(database: Database, cast: Cast) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(sa.insert(Delivery.__table__), [row(cast), row(cast)])


def test_the_database_refuses_an_unknown_state(database: Database, cast: Cast) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        deliveries.enter_in_ledger(db, [row(cast, state="maybe")])


def test_a_state_moves_only_from_where_it_was_seen(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    (key,) = claim(database, DUE).to_send
    with database.unit_of_work() as db:
        wrong = {"worker": "w1", "seen": DeliveryState.SENDING, "to": DeliveryState.SENT}
        assert not deliveries.move(db, key, **wrong)  # type: ignore[arg-type]


def spend(database: Database, link_hash: str, at: object) -> bool:
    with database.unit_of_work() as db:
        linked = deliveries.delivery_by_link(db, link_hash)
        assert linked is not None
        return deliveries.spend_link(db, linked.delivery_id, now=at)  # type: ignore[arg-type]


def a_link(database: Database, cast: Cast) -> str:
    from journal.services.links import fingerprint

    remind(database, cast.alice, "20:30", at=NOW)
    (key,) = claim(database, DUE).to_send
    outgoing = begin(database, key, DUE)
    assert outgoing is not None
    sent(database, key, DUE)
    return fingerprint(outgoing.link_token)


def test_a_link_is_spent_once(database: Database, cast: Cast) -> None:
    link = a_link(database, cast)
    assert [spend(database, link, DUE), spend(database, link, DUE)] == [True, False]


def test_a_link_that_has_ended_cannot_be_spent(database: Database, cast: Cast) -> None:
    link = a_link(database, cast)
    assert not spend(database, link, utc("2026-03-31 02:00"))
    assert spend(database, link, utc("2026-03-31 01:59"))


def test_the_links_secret_itself_is_stored_nowhere(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    (key,) = claim(database, DUE).to_send
    outgoing = begin(database, key, DUE)
    assert outgoing is not None
    with database.look() as db:
        kept = db.execute(sa.select(Delivery.__table__)).one()
    assert outgoing.link_token not in [str(value) for value in kept]


def test_a_closed_accounts_link_opens_nothing(database: Database, cast: Cast) -> None:
    from journal.storage.accounts import Account

    link = a_link(database, cast)
    with database.unit_of_work() as db:
        db.execute(sa.update(Account).where(Account.id == cast.alice.account_id).values(disabled_at=DUE))
    with database.look() as db:
        assert deliveries.delivery_by_link(db, link) is None


def test_the_log_shows_the_latest_first_and_only_ones_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for days in range(3):
            day, due = MONDAY + timedelta(days=days), DUE + timedelta(days=days)
            deliveries.enter_in_ledger(
                db, [row(cast, local_date=day, due_at=due, state="skipped", reason="late")]
            )
        deliveries.enter_in_ledger(db, [row(cast, account_id=cast.dan.account_id)])
    with database.look() as db:
        lines = deliveries.deliveries_of(db, cast.alice.account_id, limit=2)
    assert [line.local_date for line in lines] == [date(2026, 4, 1), date(2026, 3, 31)]
    assert lines[0].state is DeliveryState.SKIPPED
    assert lines[0].reason == "late"
