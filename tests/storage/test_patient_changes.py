"""Changes are noted where nobody waits for anybody, and none is ever lost, whatever commits when."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from journal.domain.caseloads import Why
from journal.domain.treatments import Source
from journal.storage import caseload_lines, migrating
from journal.storage.base import new_public_id
from journal.storage.caseload_lines import KeptLine, Waiting, Worked
from journal.storage.database import Database
from journal.storage.medications import Medication
from journal.storage.patient_changes import changes_of, note_change, take_away
from tests import builders, lists
from tests.cast import NOW, Cast

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def changes(database: Database, cast: Cast) -> int:
    with database.look() as db:
        return len(changes_of(db, [cast.alice.patient_id]).get(cast.alice.patient_id, []))


def test_exactly_the_changes_that_were_read_are_taken_away(database: Database, cast: Cast) -> None:
    of_alice = cast.alice.patient_id
    with database.unit_of_work() as db:
        note_change(db, of_alice)
        read = changes_of(db, [of_alice, cast.dan.patient_id])
        note_change(db, of_alice)
        take_away(db, read[of_alice])
        left = changes_of(db, [of_alice])[of_alice]
        assert (len(read[of_alice]), len(left)) == (1, 1)
        assert read.keys() == {of_alice}
        assert left != read[of_alice]


def test_a_number_is_never_given_twice(database: Database, cast: Cast) -> None:
    numbers = []
    for _ in range(2):
        with database.unit_of_work() as db:
            note_change(db, cast.alice.patient_id)
            found = changes_of(db, [cast.alice.patient_id])[cast.alice.patient_id]
            take_away(db, found)
            numbers += found
    assert len(set(numbers)) == 2


def test_an_act_of_many_statements_notes_one_change(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for number in range(5):
            builders.medicine(db, cast.alice, f"M{number}")
    assert changes(database, cast) == 1
    with database.unit_of_work() as db:
        db.execute(sa.text("UPDATE medication SET started_on = '2026-03-01'"))
    assert changes(database, cast) == (1 if database.is_sqlite else 2)  # on SQLite under a new number


def test_of_a_patient_who_is_erased_no_change_is_noted(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6)
        builders.medicine(db, cast.alice, "M")
        builders.treatment(db, cast.alice, NOW.date())
        assert changes_of(db, [cast.alice.patient_id]) != {}
    with database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM account WHERE id = :id"), {"id": cast.alice.account_id})
        assert db.scalar(sa.text("SELECT count(*) FROM patient_change")) == 0


# Two acts on one patient at once -------------------------------------------------------------------------------------


def meet(database: Database) -> None:
    """One act writes a medicine and then a visit; another one writes that visit in between."""

    def move(db: Session) -> None:
        db.execute(sa.text("SET LOCAL deadlock_timeout = '50ms'"))
        db.execute(sa.text("UPDATE appointment SET kind = kind"))

    def other() -> None:
        with database.unit_of_work() as db:
            move(db)

    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work() as db:
            db.execute(sa.text("UPDATE medication SET version = version + 1"))
            moving = thread.submit(other)
            wait([moving], timeout=0.5)
            move(db)
        moving.result(timeout=10)


@on_postgresql
def test_two_acts_that_touch_the_same_rows_end_well(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, "M")
        builders.appointment(db, cast.alice, NOW.date(), with_=cast.bob)
    meet(database)
    migrating.downgrade(database.engine, "0029")
    with pytest.raises(sa.exc.OperationalError, match="deadlock detected"):
        meet(database)


# None is lost --------------------------------------------------------------------------------------------------------

MEDICINE = {
    "name": b"M",
    "psychiatric": False,
    "source": Source.PATIENT.value,
    "version": 1,
    "recorded_at": NOW,
}
Keep = Callable[[Session, Worked], None]


@dataclass
class Town:
    """Acts that are under way and not committed yet, and keepers of lines who have read and not kept yet.

    The line that they keep holds one thing: how many medicines they saw.
    """

    database: Database
    patient_id: int
    keep: Keep = caseload_lines.put_lines
    open: dict[int, ExitStack] = field(default_factory=dict)
    read: dict[int, Worked] = field(default_factory=dict)

    def write(self, who: int) -> None:
        """Begin an act, or end the one that is under way. SQLite has no two at once: there each ends where it began."""
        if who in self.open:
            self.open.pop(who).close()
            return
        act = ExitStack()
        db = act.enter_context(self.database.unit_of_work())
        db.execute(
            sa.insert(Medication).values(**MEDICINE, patient_id=self.patient_id, public_id=new_public_id())
        )
        self.open[who] = act
        if self.database.is_sqlite:
            self.write(who)

    def act(self, who: int) -> None:
        """A whole act."""
        self.write(who)
        if who in self.open:
            self.write(who)

    def work(self, who: int) -> None:
        """Begin working lines out, or keep them."""
        if who in self.read:
            with self.database.unit_of_work() as db:
                self.keep(db, self.read.pop(who))
            return
        with self.database.look() as db:
            waiting = caseload_lines.lines_behind(db, now=NOW, most=9)
            seen = self.count(db)
        until = NOW + timedelta(days=1)
        lines = [
            KeptLine(
                one.consent_id,
                one.consent.provider_id,
                one.patient.id,
                one.consent.expires_at,
                one.version + 1,
                until,
                Why.NOTHING,
                0,
                None,
                seen,
                None,
                None,
                None,
                {},
            )
            for one in waiting.behind
        ]
        self.read[who] = Worked(waiting, lines)

    def count(self, db: Session) -> int:
        return db.scalar(sa.select(sa.func.count()).select_from(Medication)) or 0

    def check(self) -> None:
        """A line that is not behind holds all that was committed."""
        with self.database.unit_of_work() as db:
            behind, there = lists.behind(db), self.count(db)
            lines = db.execute(sa.text("SELECT consent_id, silent_days FROM caseload_line")).all()
        assert [seen for consent_id, seen in lines if consent_id not in behind and seen != there] == []

    def rest(self) -> None:
        """End whatever is under way."""
        for who in [*self.open]:
            self.write(who)
        for who in [*self.read]:
            self.work(who)
        self.check()


STEPS = st.lists(st.tuples(st.sampled_from(["write", "work"]), st.integers(1, 3)), min_size=4, max_size=14)


def test_no_change_is_lost_in_whatever_order_acts_end_and_lines_are_kept(
    database: Database, cast: Cast
) -> None:
    town = Town(database, cast.alice.patient_id)

    @settings(
        max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Stage.generate]
    )
    @given(STEPS)
    def live(steps: list[tuple[str, int]]) -> None:
        for step, who in steps:
            town.write(who) if step == "write" else town.work(who)
            town.check()
        town.rest()

    live()
    town.work(1)
    town.work(1)
    assert changes(database, cast) == 0


def keep_up_to_the_greatest(db: Session, worked: Worked) -> None:
    """The planted fault: numbers as if they told the order in which acts are seen."""
    caseload_lines.put_lines(db, Worked(Waiting(worked.waiting.behind, {}), worked.lines))
    for patient_id, numbers in worked.waiting.changes.items():
        db.execute(
            sa.text("DELETE FROM patient_change WHERE patient_id = :patient AND id <= :greatest"),
            {"patient": patient_id, "greatest": max(numbers)},
        )


def keep_whatever_is_there(db: Session, worked: Worked) -> None:
    """The planted fault: whoever comes last is right."""
    db.execute(sa.text("DELETE FROM caseload_line"))
    caseload_lines.put_lines(db, Worked(worked.waiting, [replace(one, version=1) for one in worked.lines]))


@on_postgresql
def test_an_act_with_a_smaller_number_may_end_later(database: Database, cast: Cast) -> None:
    def live(keep: Keep) -> None:
        town = Town(database, cast.alice.patient_id, keep=keep)
        town.write(1)
        town.write(2)
        town.write(2)  # the second ends first
        town.work(1)
        town.write(1)
        town.work(1)
        town.check()

    live(caseload_lines.put_lines)
    with pytest.raises(AssertionError):
        live(keep_up_to_the_greatest)


def test_who_reads_first_may_keep_last(database: Database, cast: Cast) -> None:
    def live(keep: Keep) -> None:
        town = Town(database, cast.alice.patient_id, keep=keep)
        town.act(1)
        town.work(1)
        town.act(2)
        town.work(2)
        town.work(2)
        town.work(1)
        town.check()

    live(caseload_lines.put_lines)
    with pytest.raises(AssertionError):
        live(keep_whatever_is_there)
