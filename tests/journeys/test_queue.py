"""Random histories of two phones, held against a model that only remembers what was written.

The phone is the real one: the worker's own text, run in pages of a real browser, against the real server, with faults
on the way between them. Whatever the order: nothing that was put by is lost, nothing stands there twice, nothing is
written over in silence, and nobody gets what another wrote.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from playwright.sync_api import Browser, Page

from journal.domain.checkins import NOTE_LENGTH
from journal.services.checkins import delete_check_in
from journal.services.patients import begin_journal
from journal.storage import accounts, check_in_versions, checkins
from journal.storage.accounts import Role, WebSession
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from tests.cast import ZONE, Person
from tests.journeys.conftest import LiveSite
from tests.journeys.network import Fault
from tests.thorough import HISTORIES_OF_PHONES

pytestmark = pytest.mark.browser

REFUSED_BY_THE_SERVER = "x" * (NOTE_LENGTH + 1)
DEVICES = st.sampled_from((0, 1))
TABS = st.sampled_from((0, 1))
WHO = st.sampled_from((0, 1))
WHICH = st.integers(0, 99)
"""One of however many there are: what there is differs from run to run, what is drawn must not."""
FAULTS = st.lists(st.sampled_from(list(Fault)), max_size=3)

SHIFT_CLOCK = """(days) => {
  globalThis.realDate ??= Date;
  const shift = days * 86400000;
  globalThis.Date = class extends realDate {
    constructor(...given) { given.length ? super(...given) : super(realDate.now() + shift); }
    static now() { return realDate.now() + shift; }
  };
}"""
EMPTY = """async () => {
  const db = await drawer();
  for (const store of db.objectStoreNames) await db.clear(store);
}"""
WAITING = """async () => (await (await drawer()).getAll("waiting")).map(
  ({ id, account, state }) => ({ id, account, state }))"""
PUT_BY = """async ([account, zone, key, fields, day]) => putBy(account, {
  client_key: key, made_at: new Date().toISOString(), day, fields, zone, utc_offset_min: 60 })"""
SAVE = """async ([account, key, fields]) => {
  const body = new URLSearchParams([["account", account], ["client_key", key], ...fields]);
  const work = [];
  const request = new Request("/check-in", { method: "POST", body });
  const answer = await checkIn({ request, waitUntil: (one) => work.push(one) });
  await Promise.all(work);
  return [answer.status, answer.headers.get("Location") ?? ""];
}"""
SIGN_OUT = """async (waiting) => {
  const request = new Request("/sign-out", { method: "POST", body: new URLSearchParams({ waiting }) });
  return (await signOut({ request })).headers.get("Location");
}"""


@dataclass(frozen=True)
class Written:
    """One check-in as its person wrote it: by whom, under which key, with which words."""

    who: str
    key: str
    note: str


@dataclass
class Model:
    """What was written, and what of it nobody waits for any more."""

    put_by: dict[tuple[int, str], Written] = field(default_factory=dict)
    let_go: set[tuple[int, str]] = field(default_factory=set)
    deleted: set[tuple[str, str]] = field(default_factory=set)

    def faults(
        self, waiting: dict[tuple[int, str], str], stored: dict[tuple[str, str], Counter[str]]
    ) -> list[str]:
        """What is wrong with what two phones hold (item: account) and the server has (account and key: notes)."""
        written: dict[tuple[str, str], set[str]] = {}
        for one in self.put_by.values():
            written.setdefault((one.who, one.key), set()).add(one.note)
        wrong = [f"nobody wrote {place}" for place in waiting.keys() - self.put_by.keys()]
        wrong += [f"{place} changed hands" for place, who in waiting.items() if self.put_by[place].who != who]
        for place, notes in stored.items():
            wrong += [
                f"nobody of that account wrote {place} {note}"
                for note in notes.keys() - written.get(place, set())
            ]
            wrong += [f"{place} {note} stands there twice" for note, count in notes.items() if count > 1]
        for item, one in self.put_by.items():
            place = (one.who, one.key)
            arrived = one.note in stored.get(place, {}) or place in self.deleted
            if item not in waiting and item not in self.let_go and not arrived:
                wrong.append(f"{one} is lost")
        wrong += [f"{place} came back" for place in self.deleted & stored.keys()]
        return wrong


@dataclass
class Device:
    """One phone with two tabs, and who is signed in on it."""

    tabs: tuple[Page, Page]
    who: Person | None = None

    def run(self, script: str, told: object = None, tab: int = 0) -> Any:
        return self.tabs[tab].evaluate(script, told)


def test_the_model_notices_what_must_not_happen() -> None:
    """Or it would agree with anything."""
    alice, item = Written("alice", "k1", "n1"), (0, "i1")
    model = Model(put_by={item: alice})
    stored = {("alice", "k1"): Counter(["n1"])}
    assert model.faults({item: "alice"}, {}) == []
    assert model.faults({}, stored) == []
    assert "is lost" in model.faults({}, {})[0]
    assert "is lost" in model.faults({}, {("alice", "k1"): Counter()})[0]
    assert "twice" in model.faults({}, {("alice", "k1"): Counter(["n1", "n1"])})[0]
    assert "nobody of that account" in model.faults({item: "alice"}, {("dan", "k1"): Counter(["n1"])})[0]
    assert "changed hands" in model.faults({item: "dan"}, {})[0]
    model.deleted.add(("alice", "k1"))
    assert model.faults({}, {}) == []
    assert "came back" in model.faults({}, stored)[0]


class Phones(RuleBasedStateMachine):
    """Two phones, two people, one server."""

    live: LiveSite
    devices: tuple[Device, Device]
    steps: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.notes = 0
        self.stored: dict[tuple[str, str], Counter[str]] = {}
        self.waiting: dict[tuple[int, str], str] = {}
        self.live.network.heal()
        self.live.network.held.clear()
        self.people = [self._person(), self._person()]
        for device in self.devices:
            for tab in device.tabs:
                tab.evaluate(SHIFT_CLOCK, 0)
            device.run(EMPTY)
            self._sign_in(device, self.people[0])

    # What a person does -------------------------------------------------------------------------------------------

    @rule(
        device=DEVICES,
        tab=TABS,
        again=st.booleans(),
        other_words=st.booleans(),
        too_long=st.booleans(),
    )
    def write_without_a_network(
        self, device: int, tab: int, again: bool, other_words: bool, too_long: bool
    ) -> None:
        """A new one, or the last one once more from a page that came back, with the same words or with others."""
        self._count("write")
        phone, account = self.devices[device], self._writer(device)
        before = [one for one in self.model.put_by.values() if one.who == account]
        if again and before:
            key, note = before[-1].key, before[-1].note if not other_words else self._note()
        else:
            key, note = new_public_id(), REFUSED_BY_THE_SERVER if too_long else self._note()
        fields = [["mood", "5"], ["note", note]]
        item = phone.run(PUT_BY, [account, ZONE, key, fields, None], tab)
        self.model.put_by.setdefault((device, item), Written(account, key, note))
        assert self.model.put_by[device, item] == Written(account, key, note)
        self.waiting[device, item] = account

    @rule(device=DEVICES, tab=TABS, faults=FAULTS)
    def press_save(self, device: int, tab: int, faults: list[Fault]) -> None:
        """With the form, as the worker takes it: put by, sent, and answered."""
        self._count("save")
        phone, account = self.devices[device], self._writer(device)
        key, note = new_public_id(), self._note()
        self._plan(faults)
        known = set(self._waiting())
        _status, where = phone.run(SAVE, [account, key, [["mood", "5"], ["note", note]]], tab)
        new = set(self._waiting()) - known
        assert len(new) <= 1
        assert bool(new) == where.endswith("#kept"), (new, where)
        # Where it was sent within the call its own id was never seen: the key stands for it.
        self.model.put_by[new.pop() if new else (device, key)] = Written(account, key, note)
        self._hold_true()

    @rule(device=DEVICES, both_tabs=st.booleans(), faults=FAULTS)
    def send(self, device: int, both_tabs: bool, faults: list[Fault]) -> None:
        """What waits is sent, from one tab or from two at the same time, and the network does what it does."""
        self._count("send")
        self._plan(faults)
        phone = self.devices[device]
        if both_tabs:
            phone.run("() => { globalThis.under_way = send({ now: true }); }", tab=1)
        phone.run("() => send({ now: true })")
        if both_tabs:
            phone.run("() => under_way", tab=1)
        self._hold_true()
        if not faults and phone.who is not None:
            account = self._account(phone.who)
            assert {state for who, state in self._states(device) if who == account} <= {"refused"}

    @rule(which=WHICH)
    def a_held_one_arrives(self, which: int) -> None:
        """In any order, whoever is signed in by now."""
        if not (held := len(self.live.network.held)):
            self.send(which % 2, both_tabs=False, faults=[Fault.HELD])
            return
        self._count("arrive late")
        self._now()
        self.live.network.deliver(which % held)
        self._hold_true()

    @rule(which=WHICH)
    def discard_one(self, which: int) -> None:
        if not self.waiting:
            self.write_without_a_network(which % 2, which % 2, again=False, other_words=False, too_long=False)
            return
        self._count("discard")
        device, item = sorted(self.waiting)[which % len(self.waiting)]
        self.devices[device].run("(id) => takeAway(id)", item)
        self.model.let_go.add((device, item))
        del self.waiting[device, item]

    @rule(device=DEVICES, days=st.sampled_from((-3, -1, 0, 1, 3)))
    def set_the_clock(self, device: int, days: int) -> None:
        self._count("clock")
        for tab in self.devices[device].tabs:
            tab.evaluate(SHIFT_CLOCK, days)

    @rule(device=DEVICES, who=WHO, is_seen=st.booleans())
    def somebody_else_signs_in(self, device: int, who: int, is_seen: bool) -> None:
        """On the same phone; ``is_seen``: a page told the phone so, before anything was sent."""
        self._count("switch")
        self._sign_in(self.devices[device], self.people[who], is_seen=is_seen)

    @rule(device=DEVICES, answer=st.sampled_from(("send", "discard", "")))
    def sign_out(self, device: int, answer: str) -> None:
        self._count("sign out")
        self._writer(device)
        phone, before = self.devices[device], self._waiting()
        self._now()
        here = phone.run("() => whoIsHere().then((here) => here.account ?? null)")
        where = phone.run(SIGN_OUT, answer)
        gone = before.keys() - self._waiting().keys()
        if where.endswith("#sign-out"):
            assert answer != "discard"
        else:
            phone.who = None
        if answer == "discard":
            self.model.let_go |= {item for item in gone if before[item] == here}
        self._hold_true()

    @rule(device=DEVICES)
    def the_web_session_is_ended_elsewhere(self, device: int) -> None:
        self._count("ended elsewhere")
        self._writer(device)
        who = self.devices[device].who
        assert who is not None
        with self.live.database.unit_of_work() as db:
            db.execute(sa.delete(WebSession).where(WebSession.account_id == who.account_id))
        for one in self.devices:
            one.who = None if one.who == who else one.who

    @rule(which=WHICH)
    def a_check_in_is_deleted(self, which: int) -> None:
        if not self.stored:
            self.press_save(which % 2, which % 2, faults=[])
            return
        self._count("delete")
        account, key = sorted(self.stored)[which % len(self.stored)]
        person = next(one for one in self.people if self._account(one) == account)
        with self.live.database.unit_of_work() as db:
            patient = db.get(Patient, person.patient_id)
            assert patient is not None
            found = next(one for one in self._check_ins(db, patient.id) if one.client_key == key)
            delete_check_in(db, patient, check_in_id=found.public_id, now=datetime.now(UTC))
        self.model.deleted.add((account, key))
        del self.stored[account, key]

    def teardown(self) -> None:
        """Everything heals, everybody signs in on both phones, and all that waits arrives."""
        self.live.network.heal()
        self._now()
        while self.live.network.held:
            self.live.network.deliver(0)
        for person in self.people:
            for phone in self.devices:
                self._sign_in(phone, person)
                phone.run("() => send({ now: true })")
        assert {state for device in (0, 1) for _who, state in self._states(device)} <= {"refused"}
        self._hold_true()

    # What is so ---------------------------------------------------------------------------------------------------

    def _hold_true(self) -> None:
        self.waiting, self.stored = self._waiting(), self._stored()
        assert self.model.faults(self.waiting, self.stored) == []

    def _waiting(self) -> dict[tuple[int, str], str]:
        return {
            (device, one["id"]): one["account"]
            for device in (0, 1)
            for one in self.devices[device].run(WAITING)
        }

    def _states(self, device: int) -> list[tuple[str, str]]:
        return [(one["account"], one["state"]) for one in self.devices[device].run(WAITING)]

    def _stored(self) -> dict[tuple[str, str], Counter[str]]:
        """By account and key: every body that is kept under it."""
        found: dict[tuple[str, str], Counter[str]] = {}
        with self.live.database.look() as db:
            for person in self.people:
                for one in self._check_ins(db, person.patient_id):
                    notes = Counter([one.body.note])
                    notes += Counter(
                        kept.body.note
                        for kept in check_in_versions.versions_of(db, person.patient_id, one.public_id)
                    )
                    place = (self._account(person), one.client_key)
                    assert place not in found, f"{place} twice"
                    found[place] = notes
        return found

    @staticmethod
    def _check_ins(db: Any, patient_id: int) -> list[Any]:
        today = datetime.now(UTC).date()
        return list(
            checkins.check_ins_between(db, patient_id, today - timedelta(days=60), today + timedelta(days=60))
        )

    # How it is done -----------------------------------------------------------------------------------------------

    def _count(self, step: str) -> None:
        Phones.steps[step] += 1

    def _note(self) -> str:
        self.notes += 1
        return f"n{self.notes}"

    def _plan(self, faults: list[Fault]) -> None:
        self._now()
        self.live.network.plan.clear()
        self.live.network.plan.extend(faults)

    def _now(self) -> None:
        self.live.clock.moment = datetime.now(UTC)

    def _account(self, person: Person) -> str:
        return person.public_id

    def _writer(self, device: int) -> str:
        """The account of who is signed in on a phone; somebody signs in first where nobody is."""
        phone = self.devices[device]
        if phone.who is None:
            self._sign_in(phone, self.people[0])
        return self._account(phone.who or self.people[0])

    def _person(self) -> Person:
        now = datetime.now(UTC) - timedelta(days=40)
        with self.live.database.unit_of_work() as db:
            signs_in = accounts.add_account(
                db, f"{new_public_id().lower()}@example.org", Role.PATIENT, now=now, password_hash=None
            )
            row = begin_journal(db, signs_in.id, display_name="Somebody", zone=ZONE, now=now)
            return Person(
                "Somebody", signs_in.email, signs_in.id, patient_id=row.id, public_id=signs_in.public_id
            )

    def _sign_in(self, device: Device, person: Person, *, is_seen: bool = True) -> None:
        self._now()
        device.tabs[0].context.clear_cookies()
        self.live.sign_in(device.tabs[0].context, person)
        device.who = person
        if is_seen:
            device.run("(account) => arrive(account)", self._account(person))


@pytest.fixture
def phones(live: LiveSite, browser: Browser) -> type[Phones]:
    """Two browsers with two tabs each, the worker's text in every one of them."""

    def tab(page: Page) -> Page:
        page.goto("/help")
        page.add_script_tag(url="/sw.js")
        return page

    devices = []
    for _ in range(2):
        first = live.open(browser, workers=False)
        devices.append(Device((tab(first), tab(first.context.new_page()))))

    class Ours(Phones):
        pass

    Ours.live, Ours.devices = live, (devices[0], devices[1])
    Phones.steps.clear()
    return Ours


def run(machine: type[Phones], *, examples: int) -> None:
    began = time.monotonic()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            database=None,
            print_blob=True,
        ),
    )
    steps = sum(Phones.steps.values())
    print(
        f"\n{steps} steps, the last {examples} histories in {time.monotonic() - began:.0f} s: {dict(Phones.steps)}"
    )


@pytest.mark.timeout(600)
def test_no_history_loses_doubles_or_mixes_up_a_check_in(phones: type[Phones]) -> None:
    run(phones, examples=HISTORIES_OF_PHONES.now)


@pytest.mark.night
@pytest.mark.timeout(1500)
def test_no_long_history_loses_doubles_or_mixes_up_a_check_in(phones: type[Phones]) -> None:
    """20,000 steps, or as many as a quarter of an hour holds."""
    began = time.monotonic()
    while sum(Phones.steps.values()) < 20_000 and time.monotonic() - began < 900:
        run(phones, examples=20)


FORGETFUL = """() => {
  const really = deliver;
  globalThis.deliver = async (item, phone) => {
    const outcome = await really(item, phone);
    if (outcome.kind === "unreachable") await takeAway(item.id);
    return outcome;
  };
}"""


def test_a_phone_that_forgets_what_did_not_arrive_is_found_out(phones: type[Phones]) -> None:
    for device in phones.devices:
        device.run(FORGETFUL)
    history = phones()
    history.write_without_a_network(0, 0, again=False, other_words=False, too_long=False)
    with pytest.raises(AssertionError, match="is lost"):
        history.send(0, both_tabs=False, faults=[Fault.CUT])
