"""The rules, the narrow queue and the ledger, as the database keeps them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.reminders import Due
from journal.services.reminders import CHECK_IN, EMAIL
from journal.storage import reminders
from journal.storage.base import new_public_id
from journal.storage.database import Database
from journal.storage.reminders import Delivery, DeliveryState
from tests.cast import NOW, Cast
from tests.reminding import FIRST, SECOND, begin, claim, remind, rule, sent, utc

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


def test_a_rule_comes_back_as_it_was_set(database: Database, cast: Cast) -> None:
    asked = rule("07:05", "20:30", zone="America/New_York", days=frozenset({1, 3, 7}))
    with database.unit_of_work() as db:
        reminders.keep_rule(db, cast.alice.account_id, kind=CHECK_IN, rule=asked, channels=(EMAIL,), now=NOW)
    with database.look() as db:
        kept = reminders.reminder_of(db, cast.alice.account_id, kind=CHECK_IN)
        assert kept is not None
        assert reminders.rule_of(kept) == asked
        assert kept.channels == [EMAIL]


def test_of_years_in_the_ledger_only_the_latest_days_are_read(database: Database, cast: Cast) -> None:
    years = [MONDAY - timedelta(days=days) for days in (1, 3, 400, 4000)]
    with database.unit_of_work() as db:
        reminders.enter_in_ledger(db, [row(cast, local_date=day, slot=f"s{day}") for day in years])
    with database.look() as db:
        found = reminders.last_deliveries(db, cast.alice.account_id, since=MONDAY - timedelta(days=3))
    assert {due.local_date for due in found.values()} == {date(2026, 3, 29), date(2026, 3, 27)}


def test_stopping_again_keeps_the_moment_it_was_stopped(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW, stopped=True)
    remind(database, cast.alice, "20:30", at=NOW + AN_HOUR, stopped=True)
    with database.look() as db:
        kept = reminders.reminder_of(db, cast.alice.account_id, kind=CHECK_IN)
        assert kept is not None
        assert kept.stopped_at == NOW


@pytest.mark.parametrize(
    "broken",
    [
        {"zone": "Atlantis/Capital"},
        {"times": [{"slot": FIRST}]},
        {"times": ["20:30"]},
        {"times": [{"slot": FIRST, "wall": "25:00", "weekdays": [1]}]},
        {"times": [{"slot": FIRST, "wall": "20:00", "weekdays": None}]},
    ],
)
def test_what_is_no_rule_is_not_read_as_one(sqlite_database: Database, broken: dict[str, object]) -> None:
    kept = reminders.Reminder(**{"times": [], "zone": "Europe/Berlin", "stopped_at": None, **broken})
    assert reminders.rule_if_readable(kept) is None


def test_the_ledger_takes_a_slot_of_a_date_once(database: Database, cast: Cast) -> None:
    rows = [row(cast, message_key=key) for key in ("first", "the same")] + [
        row(cast, slot=SECOND, message_key="other")
    ]
    with database.unit_of_work() as db:
        first = reminders.enter_in_ledger(db, rows)
    with database.unit_of_work() as db:
        again = reminders.enter_in_ledger(db, [row(cast, state="skipped")])
    assert first == {"first", "other"}
    assert again == set()


def test_the_ledger_tells_slots_channels_and_dates_apart(database: Database, cast: Cast) -> None:
    others = [row(cast, slot=SECOND), row(cast, channel="push"), row(cast, local_date=date(2026, 3, 31))]
    with database.unit_of_work() as db:
        assert len(reminders.enter_in_ledger(db, [row(cast), *others])) == 4


def test_the_database_itself_refuses_a_slot_of_a_date_twice(database: Database, cast: Cast) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(sa.insert(Delivery.__table__), [row(cast), row(cast)])


def test_the_database_refuses_an_unknown_state(database: Database, cast: Cast) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        reminders.enter_in_ledger(db, [row(cast, state="maybe")])


def test_of_two_plans_for_one_instant_the_later_stays(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    with database.unit_of_work() as db:
        kept = reminders.reminder_of(db, cast.alice.account_id, kind=CHECK_IN)
        assert kept is not None
        due = Due(FIRST, MONDAY, DUE)
        reminders.put_in_queue(db, [(kept.id, kept.plan + 1, due, EMAIL)])
        reminders.put_in_queue(db, [(kept.id, kept.plan, due, EMAIL)])
    with database.look() as db:
        assert db.scalars(sa.select(reminders.ReminderQueue.plan)).all() == [kept.plan + 1]


def test_due_rows_are_taken_within_their_bounds(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)

    def taken(after: timedelta, until: timedelta) -> int:
        with database.unit_of_work() as db:
            return len(reminders.take_due(db, EMAIL, after=DUE + after, until=DUE + until, limit=5))

    assert taken(-2 * AN_HOUR, -AN_HOUR) == 0
    assert taken(timedelta(0), AN_HOUR) == 0  # the earlier bound is left out
    assert taken(-AN_HOUR, timedelta(0)) == 1  # the later one is not
    assert taken(-AN_HOUR, timedelta(0)) == 0


def test_a_state_moves_only_from_where_it_was_seen(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    (key,) = claim(database, DUE).to_send
    with database.unit_of_work() as db:
        wrong = {"worker": "w1", "seen": DeliveryState.SENDING, "to": DeliveryState.SENT}
        assert not reminders.move(db, key, **wrong)  # type: ignore[arg-type]


def spend(database: Database, link_hash: str, at: object) -> bool:
    with database.unit_of_work() as db:
        linked = reminders.delivery_by_link(db, link_hash)
        assert linked is not None
        return reminders.spend_link(db, linked.delivery_id, now=at)  # type: ignore[arg-type]


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
        assert reminders.delivery_by_link(db, link) is None


def test_the_log_shows_the_latest_first_and_only_ones_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for days in range(3):
            day, due = MONDAY + timedelta(days=days), DUE + timedelta(days=days)
            reminders.enter_in_ledger(
                db, [row(cast, local_date=day, due_at=due, state="skipped", reason="late")]
            )
        reminders.enter_in_ledger(db, [row(cast, account_id=cast.dan.account_id)])
    with database.look() as db:
        lines = reminders.deliveries_of(db, cast.alice.account_id, limit=2)
    assert [line.local_date for line in lines] == [date(2026, 4, 1), date(2026, 3, 31)]
    assert lines[0].state is DeliveryState.SKIPPED
    assert lines[0].reason == "late"


def test_what_is_due_lies_side_by_side_on_disk(sqlite_database: Database) -> None:
    """The tick finds its rows by the primary key of the queue, and whose they are by theirs; no table is scanned."""
    with sqlite_database.look() as db:
        statement = reminders._WAITING._statement.compile(dialect=sqlite_database.engine.dialect)
        asked = {"after": "2026-03-30", "until": "2026-03-31", "most": 200}
        bound = tuple(asked.get(name, 0) for name in statement.positiontup or [])
        plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound).all()
    steps = [step.detail for step in plan]
    assert [step for step in steps if step.startswith(("SCAN", "USE TEMP"))] == []
    assert steps[0] == "SEARCH reminder_queue USING PRIMARY KEY (next_due_at>? AND next_due_at<?)"
