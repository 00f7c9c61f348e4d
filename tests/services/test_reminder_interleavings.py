"""Random interleavings of everything that can happen to reminders, held against a model that only counts.

Two workers, each of which may die at any step; a person who changes the rule, moves, checks in; a clock that mostly
goes forward. Whatever the order: no slot of a date is accepted twice by the mail server, and nothing that came due
is lost: it stands in the ledger or still waits.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from journal.domain.days import local_day
from journal.domain.reminders import Due, ReminderRule, next_due_for_slot
from journal.services import claiming, deliveries, reminders
from journal.services.checkins import record_check_in
from journal.services.claiming import Claimed
from journal.services.reminders import EMAIL
from journal.storage.database import Database
from journal.storage.deliveries import held, last_deliveries
from tests import reminding
from tests.builders import body, the_patient, written
from tests.cast import NOW, assemble
from tests.conftest import MASTER_KEYS
from tests.thorough import INTERLEAVINGS, INTERLEAVINGS_ON_POSTGRESQL

Key = tuple[date, str]
WORKERS = st.sampled_from(("w1", "w2"))
WALLS = st.lists(st.sampled_from(("00:30", "07:00", "19:30", "20:30", "23:45")), max_size=2, unique=True)
# The last two show the same time of day, a date apart.
ZONES = st.sampled_from(
    ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Apia", "Pacific/Pago_Pago")
)
FINAL = {"sent", "failed", "unknown", "skipped"}


@dataclass
class Memory:
    """What a worker process knows; gone when it dies."""

    claimed: list[str] = field(default_factory=list)
    sending: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)


class Reminding(RuleBasedStateMachine):
    open_database: Callable[[], Database]

    def __init__(self) -> None:
        super().__init__()
        self.database = self.open_database()
        with self.database.unit_of_work() as db:
            self.alice = assemble(db).alice
        self.now = NOW
        self.memory = {"w1": Memory(), "w2": Memory()}
        self.accepted: Counter[Key] = Counter()
        self.came_due: dict[Key, Due] = {}
        self.ever_due: set[Key] = set()
        self.asked: ReminderRule = reminding.rule(stopped=True)
        self.asked_at = self.now
        self.last: dict[str, Due] = {}
        self.change(["20:30", "23:45"], "Europe/Berlin")

    def teardown(self) -> None:
        try:
            self.everything_ends()
        finally:
            self.database.close()

    # What a person does

    @rule(walls=WALLS, zone=ZONES)
    def change(self, walls: list[str], zone: str) -> None:
        self.look()
        self.asked = reminding.rule(*walls, zone=zone, stopped=not walls)
        self.asked_at = self.now
        with self.database.unit_of_work() as db:
            self.expect_anew(claimed=last_deliveries(db, self.alice.account_id, since=date.min))
            the_patient(db, self.alice).zone = zone
            reminders.set_reminder(db, self.alice.account_id, rule=self.asked, channels=[EMAIL], now=self.now)

    @rule()
    def write(self) -> None:
        with self.database.unit_of_work() as db:
            patient = the_patient(db, self.alice)
            said = body(on=local_day(self.now, patient.zone))
            how = written(at=self.now, zone=patient.zone)
            record_check_in(db, patient, body=said, written=how, now=self.now)

    # What time does

    @rule(minutes=st.sampled_from((1, 5, 30, 90, 240, 1440, 4320)))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.look()

    @rule(worker=WORKERS, until=st.sampled_from(("claimed", "sending", "accepted")))
    def come_due(self, worker: str, until: str) -> None:
        """The next message comes due and gets so far: by chance alone hardly any would be claimed on time."""
        coming = [due_at for _, _, due_at in reminding.queue(self.database) if due_at >= self.now]
        if coming:
            self.now = coming[0]
            self.look()
        self.claim_as(worker, limit=200)
        memory = self.memory[worker]
        if until != "claimed" and memory.claimed:
            self.begin(worker)
            if until == "accepted" and memory.sending:
                self.hand_over(worker, until)

    @precondition(lambda self: self.now > NOW + timedelta(hours=2))
    @rule()
    def step_back(self) -> None:
        self.now -= timedelta(hours=2)

    # What workers do

    @rule(worker=WORKERS, limit=st.sampled_from((1, 200)))
    def claim(self, worker: str, limit: int) -> None:
        self.claim_as(worker, limit=limit)

    @rule(worker=WORKERS)
    def drain(self, worker: str) -> None:
        self.memory[worker].claimed += self.drain_as(worker).to_send

    @rule(worker=WORKERS)
    def sweep(self, worker: str) -> None:
        self.memory[worker].claimed += reminding.sweep(self.database, self.now, worker=worker)[0]

    @precondition(lambda self: any(memory.claimed for memory in self.memory.values()))
    @rule(worker=WORKERS)
    def begin(self, worker: str) -> None:
        worker = self.holder(worker, "claimed")
        key = self.memory[worker].claimed.pop()
        if reminding.begin(self.database, key, self.now, worker=worker):
            self.memory[worker].sending.append(key)

    @precondition(lambda self: any(memory.sending for memory in self.memory.values()))
    @rule(worker=WORKERS, outcome=st.sampled_from(("accepted", "accepted", "not now", "never", "fault")))
    def hand_over(self, worker: str, outcome: str) -> None:
        worker = self.holder(worker, "sending")
        memory = self.memory[worker]
        key = memory.sending.pop()
        if outcome == "accepted":
            self.accepted[self.key_of(key)] += 1
            memory.accepted.append(key)
            return
        with self.database.unit_of_work() as db:
            if outcome == "fault":
                deliveries.record_fault(db, key, worker=worker, now=self.now)
            else:
                deliveries.record_refused(db, key, worker=worker, permanent=outcome == "never", now=self.now)

    @precondition(lambda self: any(memory.accepted for memory in self.memory.values()))
    @rule(worker=WORKERS, answered=st.booleans())
    def write_down(self, worker: str, answered: bool) -> None:
        worker = self.holder(worker, "accepted")
        key = self.memory[worker].accepted.pop()
        with self.database.unit_of_work() as db:
            if answered:
                deliveries.record_sent(db, key, worker=worker, now=self.now)
            else:
                deliveries.record_silence(db, key, EMAIL, worker=worker, now=self.now)

    @rule(worker=WORKERS)
    def die(self, worker: str) -> None:
        # Another process under the old name would be a worse case than can happen: names are never used twice.
        self.memory[worker] = Memory()

    # What must hold

    @invariant()
    def no_slot_of_a_date_is_accepted_twice(self) -> None:
        assert [key for key, times in self.accepted.items() if times > 1] == []

    @invariant()
    def nothing_that_came_due_is_lost(self) -> None:
        waiting = reminding.queue(self.database)
        lost = self.came_due.keys() - self.ledger().keys()
        # A row of the queue stands for those that follow it.
        assert {
            key for key in lost if not any(slot == key[1] and day <= key[0] for slot, day, _ in waiting)
        } == set()

    @invariant()
    def the_ledger_claims_nothing_that_did_not_happen(self) -> None:
        for key, state in self.ledger().items():
            if state == "sent":
                assert self.accepted[key] == 1
            if state in {"failed", "skipped", "claimed"}:
                assert self.accepted[key] == 0
            assert key in self.ever_due

    def everything_ends(self) -> None:
        """Both workers die; a new one finds a final answer for everything that came due."""
        self.now += timedelta(days=1)
        self.look()
        for _ in range(4):
            while reminding.claim(self.database, self.now, worker="w9").taken:
                pass
            while self.drain_as("w9").taken:
                self.now += timedelta(seconds=1)
            self.now += timedelta(hours=3)
            taken, _ = reminding.sweep(self.database, self.now, worker="w9")
            for key in taken:
                assert reminding.begin(self.database, key, self.now, worker="w9") is None
        self.no_slot_of_a_date_is_accepted_twice()
        self.nothing_that_came_due_is_lost()
        assert {state for key, state in self.ledger().items() if key in self.came_due} <= FINAL

    def look(self) -> None:
        """Note what has come due by the rule, worked out from the rule alone."""
        for chosen in self.asked.times:
            last = self.last.get(chosen.slot)
            due = next_due_for_slot(self.asked, chosen.slot, after=self.asked_at, last=last)
            while due is not None and due.due_at <= self.now:
                self.came_due[due.local_date, due.slot] = due
                self.ever_due.add((due.local_date, due.slot))
                due = next_due_for_slot(self.asked, chosen.slot, after=due.due_at, last=due)

    def expect_anew(self, *, claimed: dict[tuple[str, str], Due]) -> None:
        """What a change of the rule makes of what came due and was not claimed.

        It stays, and counts as the last of its slot, unless the new rule asks for that very date later: then it is put
        off, and is due when the new rule says so, if that still stands. What came due only by a clock that was set
        back since goes with its rule.
        """
        self.last = {slot: last for (slot, _), last in claimed.items()}
        known = self.ledger()
        waiting = [due for key, due in self.came_due.items() if key not in known]
        for due in waiting:
            if due.due_at > self.now:
                del self.came_due[due.local_date, due.slot]
        overdue = [due for due in waiting if due.due_at <= self.now]
        for latest in {due.slot: due for due in sorted(overdue, key=lambda due: due.due_at)}.values():
            coming = next_due_for_slot(
                self.asked, latest.slot, after=self.now, last=self.last.get(latest.slot)
            )
            if coming is not None and coming.local_date == latest.local_date:
                del self.came_due[latest.local_date, latest.slot]
            else:
                self.last[latest.slot] = latest

    def claim_as(self, worker: str, *, limit: int) -> None:
        claimed = reminding.claim(self.database, self.now, worker=worker, limit=limit)
        self.memory[worker].claimed += claimed.to_send

    def holder(self, worker: str, what: str) -> str:
        """``worker``, or the other one where its hands are empty."""
        other = "w2" if worker == "w1" else "w1"
        return worker if getattr(self.memory[worker], what) else other

    def drain_as(self, worker: str) -> Claimed:
        with self.database.unit_of_work() as db:
            return claiming.claim_backlog(db, worker=worker, now=self.now)

    def ledger(self) -> dict[Key, str]:
        return {
            (date.fromisoformat(day), slot): state
            for day, slot, state, _ in reminding.ledger(self.database, self.alice)
        }

    def key_of(self, key: str) -> Key:
        with self.database.look() as db:
            delivery = held(db, key, now=self.now)
            return delivery.due.local_date, delivery.due.slot


def run(open_database: Callable[[], Database], *, examples: int, steps: int) -> None:
    machine = type("Reminding", (Reminding,), {"open_database": staticmethod(open_database)})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=checks,
            phases=[Phase.explicit, Phase.generate],
        ),
    )


@pytest.fixture
def on_sqlite(migrated_sqlite: Path) -> Iterator[Callable[[], Database]]:
    """Opens an empty database at each call; the one before it is gone then."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:

        def open_database() -> Database:
            for left in Path(folder).iterdir():
                left.unlink()
            path = Path(folder) / f"{uuid4()}.db"
            shutil.copy(migrated_sqlite, path)
            return Database(f"sqlite:///{path}", MASTER_KEYS)

        yield open_database


@pytest.fixture
def on_postgresql(migrated_postgres: Callable[[], str]) -> Callable[[], Database]:
    """Opens an empty database at each call."""
    return lambda: Database(migrated_postgres(), MASTER_KEYS)


def test_in_any_order_nothing_is_sent_twice_and_nothing_is_lost(on_sqlite: Callable[[], Database]) -> None:
    run(on_sqlite, examples=INTERLEAVINGS.now, steps=40)


@pytest.mark.postgres
def test_in_any_order_postgresql_sends_nothing_twice_and_loses_nothing(
    on_postgresql: Callable[[], Database],
) -> None:
    run(on_postgresql, examples=INTERLEAVINGS_ON_POSTGRESQL.now, steps=40)


@pytest.mark.night
@pytest.mark.timeout(1200)
def test_in_very_many_orders_nothing_is_sent_twice_and_nothing_is_lost(
    on_sqlite: Callable[[], Database],
) -> None:
    run(on_sqlite, examples=1500, steps=60)


@pytest.mark.night
@pytest.mark.postgres
@pytest.mark.timeout(1200)
def test_in_very_many_orders_postgresql_sends_nothing_twice_and_loses_nothing(
    on_postgresql: Callable[[], Database],
) -> None:
    run(on_postgresql, examples=200, steps=60)
