"""Recording, changing and deleting check-ins: exactly once, nothing thrown away, nothing brought back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from journal.domain.checkins import CheckInBody, Recall, Why
from journal.domain.days import local_day
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.moods import Provenance
from journal.services import summaries
from journal.services.checkins import (
    Outcome,
    Recorded,
    amend_check_in,
    delete_check_in,
    record_check_in,
)
from journal.services.patients import begin_journal
from journal.storage import accounts, activities, check_in_versions, checkins
from journal.storage.accounts import Role
from journal.storage.audit import AuditEvent
from journal.storage.check_in_versions import CheckInVersion
from journal.storage.checkins import CheckIn
from journal.storage.database import Database
from journal.storage.submissions import Submission
from tests.builders import body, check_in, the_patient, written
from tests.cast import NOW, ZONE, Cast, Person
from tests.thorough import ORDERS_ON_POSTGRESQL, ORDERS_ON_SQLITE, either_way_round

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = date(2026, 3, 30)


def record(
    db: Session,
    person: Person,
    said: CheckInBody,
    key: str,
    *,
    at: datetime = NOW,
    now: datetime | None = None,
) -> Recorded:
    return record_check_in(db, the_patient(db, person), body=said, written=written(key, at=at), now=now or at)


def amend(
    db: Session,
    person: Person,
    check_in_id: str,
    said: CheckInBody,
    *,
    seen: int,
    at: datetime = NOW,
    now: datetime | None = None,
) -> Recorded:
    return amend_check_in(
        db,
        the_patient(db, person),
        check_in_id=check_in_id,
        seen_version=seen,
        body=said,
        recorded_at=at,
        now=now or at,
    )


def kept(db: Session, person: Person, check_in_id: str) -> checkins.Kept:
    found = checkins.check_in_of(db, person.patient_id, check_in_id)
    assert found is not None
    return found


def rows(db: Session, table: type) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def acts_of(db: Session, person: Person) -> list[str]:
    return list(
        db.scalars(
            sa.select(AuditEvent.act)
            .where(AuditEvent.patient_id == person.patient_id)
            .order_by(AuditEvent.id)
        )
    )


# Recording


def test_a_new_check_in_is_kept_as_it_was_said(database: Database, cast: Cast) -> None:
    said = body(6, energy=3, note="Walked to the river", tags=("river",), activity_type=("walk",))
    with database.unit_of_work() as db:
        recorded = record(db, cast.alice, said, "key-1")
    with database.look() as db:
        found = kept(db, cast.alice, recorded.check_in_id)
    assert recorded.outcome == "new"
    assert (found.body, found.version, found.recall) == (said, 1, Recall.MOMENT)
    assert (found.recorded_at, found.received_at, found.utc_offset_min) == (NOW, NOW, 120)


def test_recording_writes_the_fact_and_no_word_into_the_audit(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        recorded = record(db, cast.alice, body(2, note="words"), "key-1")
        event = db.scalars(sa.select(AuditEvent).where(AuditEvent.subject == recorded.check_in_id)).one()
    assert (event.act, event.actor_account_id) == ("check_in_recorded", cast.alice.account_id)


def test_the_same_key_and_body_give_the_first_answer_again(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = record(db, cast.alice, body(6), "key-1")
        again = record(db, cast.alice, body(6), "key-1", at=NOW + HOUR)
        assert (again.outcome, again.check_in_id) == ("again", first.check_in_id)
        assert rows(db, CheckIn) == 1
        assert rows(db, CheckInVersion) == 0


def test_a_replay_after_four_in_the_morning_is_still_the_same_check_in(
    database: Database, cast: Cast
) -> None:
    """Without a script the server works the day out from its own clock, and that has moved on."""
    before, after = (datetime(2026, 3, 31, 1, minute, tzinfo=UTC) for minute in (59, 59))
    after += timedelta(minutes=2)
    with database.unit_of_work() as db:
        for moment, day in ((before, TODAY), (after, TODAY + DAY)):
            last = record_check_in(
                db,
                the_patient(db, cast.alice),
                body=body(6, on=day),
                written=written("key-1", at=moment, day_chosen=False),
                now=moment,
            )
        assert last.outcome == "again"
        assert rows(db, CheckIn) == 1


def test_the_same_key_with_another_body_keeps_both_and_the_newest_counts(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        first = record(db, cast.alice, body(6), "key-1")
        second = record(db, cast.alice, body(4), "key-1", at=NOW + HOUR)
        found = kept(db, cast.alice, first.check_in_id)
        [other] = check_in_versions.versions_of(db, cast.alice.patient_id, first.check_in_id)
        assert (second.outcome, second.check_in_id, second.version) == ("conflict", first.check_in_id, 2)
        assert (found.body.mood, found.other_versions) == (4, 1)
        assert (other.body.mood, other.why) == (6, Why.CONFLICT)


def test_an_older_body_that_arrives_later_does_not_count(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = record(db, cast.alice, body(6), "key-1", at=NOW)
        late = record(db, cast.alice, body(4), "key-1", at=NOW - HOUR, now=NOW + HOUR)
        [other] = check_in_versions.versions_of(db, cast.alice.patient_id, first.check_in_id)
        assert (late.outcome, late.version) == ("conflict", 1)
        assert kept(db, cast.alice, first.check_in_id).body.mood == 6
        assert (other.body.mood, other.version) == (4, 0)


def test_a_losing_body_sent_again_is_not_kept_twice(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for said in (body(6), body(4), body(4), body(6), body(4)):
            record(db, cast.alice, said, "key-1")
        assert rows(db, CheckIn) == 1
        assert rows(db, CheckInVersion) == 1


def test_a_replay_is_answered_even_when_its_day_could_not_be_written_about_any_more(
    database: Database, cast: Cast
) -> None:
    """Without a script the time of writing is that of arrival, and by then the day is 31 days back."""
    oldest = body(6, on=TODAY - 30 * DAY)
    with database.unit_of_work() as db:
        first = record(db, cast.alice, oldest, "key-1")
        again = record(db, cast.alice, oldest, "key-1", at=NOW + DAY)
        assert again == replace(first, outcome=Outcome.AGAIN)
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=first.check_in_id, now=NOW + DAY)
        late = record(db, cast.alice, oldest, "key-1", at=NOW + 2 * DAY)
        assert late.outcome is Outcome.DELETED


def test_another_body_under_a_known_key_is_refused_like_a_first_one(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record(db, cast.alice, body(6), "key-1")
    with pytest.raises(RefusedFields, match="out_of_range"), database.unit_of_work() as db:
        record(db, cast.alice, body(11), "key-1", at=NOW + HOUR)
    with database.look() as db:
        assert rows(db, CheckInVersion) == 0


def test_two_keys_are_two_check_ins_of_one_day(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record(db, cast.alice, body(6), "key-1")
        record(db, cast.alice, body(6), "key-2")
        assert rows(db, CheckIn) == 2


def test_the_same_key_of_two_people_are_two_check_ins(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        mine = record(db, cast.alice, body(6), "key-1")
        other = record(db, cast.dan, body(6), "key-1")
        assert other.outcome == "new"
        assert other.check_in_id != mine.check_in_id


def test_the_order_in_which_versions_arrive_does_not_matter(database: Database, cast: Cast) -> None:
    """Five bodies under one key, two of them written in the same second; in all 120 orders by night."""
    sendings = [
        (body(mood), NOW - timedelta(minutes=minutes), NOW + timedelta(seconds=mood))
        for mood, minutes in ((1, 50), (2, 40), (3, 30), (4, 10), (5, 10))
    ]
    tries = ORDERS_ON_SQLITE if database.is_sqlite else ORDERS_ON_POSTGRESQL
    orders = either_way_round(sendings, tries.now)
    ends = set()
    with database.unit_of_work() as db:
        for order in orders:
            key = secrets.token_urlsafe(16)
            for said, at, received in order:
                last = record(db, cast.alice, said, key, at=at, now=received)
            found = kept(db, cast.alice, last.check_in_id)
            others = check_in_versions.versions_of(db, cast.alice.patient_id, last.check_in_id)
            ends.add((found.body.mood, found.recorded_at, frozenset(other.body.mood for other in others)))
    assert ends == {(5, NOW - timedelta(minutes=10), frozenset({1, 2, 3, 4}))}


def test_a_refused_check_in_leaves_nothing_behind(database: Database, cast: Cast) -> None:
    with pytest.raises(RefusedFields), database.unit_of_work() as db:
        record(db, cast.alice, body(11), "key-1")
    with database.look() as db:
        assert (rows(db, CheckIn), rows(db, Submission), acts_of(db, cast.alice)) == (0, 0, [])


def test_a_day_is_measured_from_the_day_of_writing_not_of_arrival(database: Database, cast: Cast) -> None:
    """A phone can be without a network for weeks."""
    said_on = NOW - timedelta(days=20)
    arrived = NOW + timedelta(days=15)
    with database.unit_of_work() as db:
        recorded = record_check_in(
            db,
            the_patient(db, cast.alice),
            body=body(5, on=date(2026, 3, 9)),
            written=written("key-1", at=said_on, sent_at=arrived),
            now=arrived,
        )
        found = kept(db, cast.alice, recorded.check_in_id)
    assert (found.recorded_at, found.received_at, found.provenance) == (said_on, arrived, Provenance.NEXT_DAY)


@pytest.mark.parametrize("claimed", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_decades_off_is_kept_beside_the_time_of_receipt(
    database: Database, cast: Cast, claimed: datetime
) -> None:
    with database.unit_of_work() as db:
        recorded = record_check_in(
            db,
            the_patient(db, cast.alice),
            body=body(5),
            written=written("key-1", at=claimed, sent_at=claimed),
            now=NOW,
        )
        found = kept(db, cast.alice, recorded.check_in_id)
    assert found.recorded_at == NOW
    assert found.recorded_at + timedelta(seconds=found.clock_skew_s or 0) == claimed


def test_an_activity_of_somebody_else_is_refused(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        dans = activities.add_chip(db, cast.dan.patient_id, label="Chess", shared=False)
    with pytest.raises(RefusedFields, match="not_a_choice"), database.unit_of_work() as db:
        record(db, cast.alice, body(5, activity_type=(dans,)), "key-1")


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_check_in_without_a_usable_key_is_refused(database: Database, cast: Cast, key: str) -> None:
    with pytest.raises(Refused, match="key_missing"), database.unit_of_work() as db:
        record_check_in(
            db,
            the_patient(db, cast.alice),
            body=body(5),
            written=replace(written("x"), client_key=key),
            now=NOW,
        )


def test_one_key_sent_by_many_at_once_is_one_check_in(database: Database, cast: Cast) -> None:
    """A double tap that reaches two workers, beside another check-in of the same person."""

    def send(number: int) -> Recorded:
        with database.unit_of_work() as db:
            return record(db, cast.alice, body(number // 2), f"key-{number // 2}")

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(send, range(8)))
    assert sorted(answer.outcome for answer in answers) == ["again"] * 4 + ["new"] * 4
    with database.unit_of_work() as db:
        assert rows(db, CheckIn) == 4
        assert not summaries.refresh(db, cast.alice.patient_id)


# Changing


def test_an_edit_keeps_the_earlier_version(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6, note="before")
        edited = amend(db, cast.alice, first.public_id, body(6, note="after"), seen=1, at=NOW + HOUR)
        found = kept(db, cast.alice, first.public_id)
        [earlier] = check_in_versions.versions_of(db, cast.alice.patient_id, first.public_id)
        assert (edited.outcome, edited.version, found.version) == ("edited", 2, 2)
        assert (found.body.note, found.edited_at) == ("after", NOW + HOUR)
        assert (earlier.body.note, earlier.why, earlier.version) == ("before", Why.EDIT, 1)
        assert acts_of(db, cast.alice) == ["check_in_recorded", "check_in_edited"]


def test_an_edit_that_changes_the_mood_takes_the_edits_time(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        amend(db, cast.alice, first.public_id, body(7), seen=1, at=NOW + DAY)
        found = kept(db, cast.alice, first.public_id)
    assert (found.recorded_at, found.provenance, found.recall) == (NOW + DAY, Provenance.NEXT_DAY, Recall.DAY)
    assert found.felt_at is None


def test_any_other_edit_keeps_the_time(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        amend(db, cast.alice, first.public_id, body(6, energy=2), seen=1, at=NOW + 5 * DAY)
        found = kept(db, cast.alice, first.public_id)
    assert (found.recorded_at, found.provenance, found.felt_at) == (NOW, Provenance.SAME_DAY, NOW)


def test_an_edit_never_moves_a_check_in_to_another_day(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        amend(db, cast.alice, first.public_id, body(7, on=date(2026, 3, 1)), seen=1)
        assert kept(db, cast.alice, first.public_id).body.local_date == TODAY


def test_a_year_old_check_in_can_be_edited(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        edited = amend(db, cast.alice, first.public_id, body(5), seen=1, at=NOW + 365 * DAY)
    assert edited.outcome == "edited"


def test_an_edit_by_a_wrong_clock_does_not_make_an_old_day_a_moment(database: Database, cast: Cast) -> None:
    """The day stays; so the mood is still one looked back on, however little is known of when."""
    with database.unit_of_work() as db:
        said = check_in(db, cast.alice, 4, on=TODAY - 3 * DAY)
        amend_check_in(
            db,
            the_patient(db, cast.alice),
            check_in_id=said.public_id,
            seen_version=1,
            body=replace(said.body, mood=7),
            recorded_at=NOW + 150 * DAY,
            sent_at=NOW + 150 * DAY,
            now=NOW + 60 * DAY,
        )
        changed = kept(db, cast.alice, said.public_id)
    assert (changed.body.local_date, changed.recall, changed.felt_at) == (TODAY - 3 * DAY, Recall.DAY, None)


def test_an_edit_of_the_mood_is_counted_where_the_person_is_now(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        said = check_in(db, cast.alice, 4)
        the_patient(db, cast.alice).zone = "America/New_York"
        db.flush()
        amend(db, cast.alice, said.public_id, replace(said.body, mood=7), seen=1, at=NOW + HOUR)
        changed = kept(db, cast.alice, said.public_id)
    assert (changed.zone, changed.utc_offset_min) == ("America/New_York", -240)
    assert changed.body.local_date == TODAY


def test_the_same_edit_twice_is_one_edit(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        amend(db, cast.alice, first.public_id, body(5), seen=1)
        again = amend(db, cast.alice, first.public_id, body(5), seen=1, at=NOW + HOUR)
        assert (again.outcome, again.version) == ("again", 2)
        assert rows(db, CheckInVersion) == 1


def test_an_edit_of_an_older_version_keeps_both_and_the_newest_counts(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        amend(db, cast.alice, first.public_id, body(5), seen=1, at=NOW + 2 * HOUR)
        stale = amend(db, cast.alice, first.public_id, body(4), seen=1, at=NOW + HOUR)
        assert (stale.outcome, stale.version) == ("conflict", 2)
        assert kept(db, cast.alice, first.public_id).body.mood == 5
        others = check_in_versions.versions_of(db, cast.alice.patient_id, first.public_id)
        assert {(one.body.mood, one.why) for one in others} == {(6, Why.EDIT), (4, Why.CONFLICT)}


def test_edits_of_one_version_end_the_same_in_every_order(database: Database, cast: Cast) -> None:
    edits = [(body(6, note="a"), NOW + HOUR), (body(3), NOW + 2 * HOUR), (body(6, energy=1), NOW + 3 * HOUR)]
    ends = set()
    with database.unit_of_work() as db:
        for order in permutations(edits):
            first = check_in(db, cast.alice, 6)
            for said, at in order:
                amend(db, cast.alice, first.public_id, said, seen=1, at=at)
            found = kept(db, cast.alice, first.public_id)
            others = check_in_versions.versions_of(db, cast.alice.patient_id, first.public_id)
            ends.add((found.body, found.recorded_at, frozenset((one.body, one.why) for one in others)))
    assert ends == {
        (
            body(6, energy=1),
            NOW,
            frozenset({(body(6), Why.EDIT), (body(6, note="a"), Why.CONFLICT), (body(3), Why.CONFLICT)}),
        )
    }


def test_edits_by_slow_clocks_end_the_same_in_every_order(database: Database, cast: Cast) -> None:
    """An edit comes after what it was made of, whichever of two devices is heard first."""
    edits = [
        (body(3), NOW - timedelta(minutes=5), NOW + HOUR),
        (body(4), NOW - timedelta(minutes=2), NOW + 2 * HOUR),
    ]
    ends = set()
    for order in permutations(edits):
        with database.unit_of_work() as db:
            first = check_in(db, cast.alice, 6)
            for said, at, now in order:
                amend(db, cast.alice, first.public_id, said, seen=1, at=at, now=now)
            found = kept(db, cast.alice, first.public_id)
            ends.add((found.body.mood, found.edited_at))
    assert ends == {(4, NOW)}


def test_an_edit_keeps_the_day_that_was_before_its_writer(database: Database, cast: Cast) -> None:
    """Meanwhile another device sent the same check-in about the day before."""
    with database.unit_of_work() as db:
        first = record(db, cast.alice, body(6), "key-1")
        record(db, cast.alice, body(4, on=TODAY - DAY), "key-1", at=NOW + HOUR)
        amend(db, cast.alice, first.check_in_id, body(7), seen=1, at=NOW + 2 * HOUR)
        found = kept(db, cast.alice, first.check_in_id)
    assert (found.body.mood, found.body.local_date) == (7, TODAY)


def test_an_edit_that_was_read_before_counts_even_if_its_clock_is_behind(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        amend_check_in(
            db,
            the_patient(db, cast.alice),
            check_in_id=first.public_id,
            seen_version=1,
            body=body(7),
            recorded_at=NOW - timedelta(minutes=8),
            now=NOW + timedelta(seconds=5),
        )
        record(db, cast.alice, body(2), first.client_key, at=NOW - timedelta(minutes=4), now=NOW + HOUR)
        assert kept(db, cast.alice, first.public_id).body.mood == 7


def test_a_late_replay_of_the_first_body_does_not_undo_an_edit(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = record(db, cast.alice, body(6), "key-1")
        amend(db, cast.alice, first.check_in_id, body(5), seen=1)
        again = record(db, cast.alice, body(6), "key-1", at=NOW + HOUR)
        assert again.outcome == "again"
        assert kept(db, cast.alice, first.check_in_id).body.mood == 5


def test_a_stranger_can_neither_change_nor_delete_a_check_in(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
    with pytest.raises(NotFound), database.unit_of_work() as db:
        amend(db, cast.dan, first.public_id, body(1), seen=1)
    with pytest.raises(NotFound), database.unit_of_work() as db:
        delete_check_in(db, the_patient(db, cast.dan), check_in_id=first.public_id, now=NOW)


# Deleting


def test_a_delete_removes_every_version_and_leaves_the_fact(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6, note="before")
        amend(db, cast.alice, first.public_id, body(6, note="after"), seen=1)
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=first.public_id, now=NOW)
        assert (rows(db, CheckIn), rows(db, CheckInVersion), rows(db, Submission)) == (0, 0, 1)
        assert acts_of(db, cast.alice)[-1] == "check_in_deleted"


@pytest.mark.parametrize("mood", [6, 3])
def test_a_replay_never_brings_a_deleted_check_in_back(database: Database, cast: Cast, mood: int) -> None:
    with database.unit_of_work() as db:
        first = record(db, cast.alice, body(6), "key-1")
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=first.check_in_id, now=NOW)
        replay = record(db, cast.alice, body(mood), "key-1", at=NOW + HOUR)
        assert (replay.outcome, replay.check_in_id, replay.version) == ("deleted", first.check_in_id, 0)
        assert rows(db, CheckIn) == 0


def test_nothing_that_is_left_of_a_deleted_check_in_says_what_it_was(database: Database, cast: Cast) -> None:
    """A mood is one of twelve: whoever kept its hash would have kept it."""
    with database.unit_of_work() as db:
        recorded = record(db, cast.alice, body(2), "key-00000001")
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=recorded.check_in_id, now=NOW)
        assert db.scalars(sa.select(Submission.body_hash)).one() == "0" * 64


def test_no_hash_of_words_can_be_made_without_the_key(database: Database, cast: Cast) -> None:
    first, second = body(4, note="bad day"), body(4, note="bad night")
    with database.unit_of_work() as db:
        recorded = record(db, cast.alice, first, "key-00000001")
        amend(db, cast.alice, recorded.check_in_id, second, seen=1)
        columns = (Submission.body_hash, CheckInVersion.body_hash)
        hashes = [value for column in columns for value in db.scalars(sa.select(column))]
        assert len(hashes) == 2
        assert not {first.hash(), second.hash()} & set(hashes)
        assert record(db, cast.alice, first, "key-00000001").outcome is Outcome.AGAIN


def test_deleting_twice_is_deleting_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        for _ in range(2):
            delete_check_in(db, the_patient(db, cast.alice), check_in_id=first.public_id, now=NOW)
        assert acts_of(db, cast.alice) == ["check_in_recorded", "check_in_deleted"]


def test_a_deleted_check_in_cannot_be_edited(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = check_in(db, cast.alice, 6)
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=first.public_id, now=NOW)
        with pytest.raises(NotFound):
            amend(db, cast.alice, first.public_id, body(5), seen=1)


# Whatever arrives in whatever order, and whatever a clock says


def newcomer(database: Database) -> Person:
    """A patient of whom nobody else in a test knows."""
    with database.unit_of_work() as db:
        account = accounts.add_account(db, f"{secrets.token_hex(8)}@example.org", Role.PATIENT, now=NOW)
        patient = begin_journal(db, account.id, display_name="M", zone=ZONE, now=NOW - 9 * DAY)
        return Person("M", account.email, account.id, patient.id, public_id=patient.public_id)


@dataclass(frozen=True)
class Event:
    """Something said of one check-in: an edit of what its first version said, or another sending of its key."""

    number: int
    mood: int | None
    days_back: int
    minutes_before: int
    skew: timedelta
    is_edit: bool

    @property
    def said(self) -> CheckInBody:
        """The number keeps two events from saying the same, which would be one event."""
        return body(self.mood, on=TODAY - self.days_back * DAY, steps=self.number)

    def arrive(self, db: Session, person: Person, key: str, first: Recorded) -> None:
        """The server hears of it at a time that is its own, so that only the order of arrival differs."""
        received = NOW + timedelta(seconds=self.number)
        clock = received + self.skew
        at = clock - timedelta(minutes=self.minutes_before)
        patient = the_patient(db, person)
        if self.is_edit:
            amend_check_in(
                db, patient, check_in_id=first.check_in_id, seen_version=first.version, body=self.said,
                recorded_at=at, sent_at=clock, now=received,
            )  # fmt: skip
        else:
            record_check_in(
                db, patient, body=self.said, written=written(key, at=at, sent_at=clock), now=received
            )


def end_of(db: Session, person: Person, events: Iterable[Event]) -> tuple[object, ...]:
    """What is left of one check-in after ``events``: what counts with its times, and all that is kept beside it."""
    key = secrets.token_urlsafe(16)
    first = record(db, person, body(6), key)
    for event in events:
        event.arrive(db, person, key, first)
    found = kept(db, person, first.check_in_id)
    counts = (
        found.body, found.recall, found.felt_at, found.recorded_at, found.received_at, found.edited_at,
        found.clock_skew_s, found.utc_offset_min,
    )  # fmt: skip
    others = frozenset(
        (one.body, one.recorded_at, one.received_at, one.edited_at, one.clock_skew_s)
        for one in check_in_versions.versions_of(db, person.patient_id, first.check_in_id)
    )
    return (counts, others)


events_of_one_check_in = st.lists(
    st.tuples(
        st.sampled_from([None, 3, 6]),
        st.integers(0, 2),
        st.sampled_from([0, 3, 3, 90]),
        st.sampled_from(
            [timedelta(), timedelta(minutes=-9), 3 * DAY, -3 * DAY, datetime(1970, 1, 1, tzinfo=UTC) - NOW]
        ),
        st.booleans(),
    ),
    min_size=5,
    max_size=5,
).map(lambda found: [Event(number, *parts) for number, parts in enumerate(found, start=1)])


def test_five_events_end_the_same_in_whatever_order_they_arrive(sqlite_database: Database) -> None:
    """Edits by a slow clock and by one three days fast, sendings of the same second, one about another day."""
    events = [
        Event(1, 3, 0, 5, timedelta(), is_edit=True),
        Event(2, 6, 0, 5, 3 * DAY, is_edit=True),
        Event(3, None, 0, 3, timedelta(minutes=-9), is_edit=True),
        Event(4, 4, 1, 0, timedelta(), is_edit=False),
        Event(5, 5, 0, 0, timedelta(seconds=-1), is_edit=False),
    ]
    person = newcomer(sqlite_database)
    with sqlite_database.unit_of_work() as db:
        ends = {end_of(db, person, order) for order in either_way_round(events, ORDERS_ON_SQLITE.now)}
    [(counts, others)] = ends
    assert counts[0] == body(5, steps=5)
    assert len(others) == 5


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_five_events_end_the_same_in_any_order(sqlite_database: Database, data: st.DataObject) -> None:
    events = data.draw(events_of_one_check_in)
    other = data.draw(st.permutations(events))
    person = newcomer(sqlite_database)
    with sqlite_database.unit_of_work() as db:
        assert end_of(db, person, events) == end_of(db, person, other)


wild_times = st.one_of(
    st.sampled_from([datetime(year, 1, 1, tzinfo=UTC) for year in (1, 1970, 2038, 2100)]),
    st.just(datetime(9999, 12, 31, 23, 59, tzinfo=UTC)),
    st.datetimes(timezones=st.integers(-1439, 1439).map(lambda off: timezone(timedelta(minutes=off)))),
)
few_minutes = st.integers(-11, 11).map(lambda minutes: timedelta(minutes=minutes))
few_days = st.timedeltas(min_value=-3 * DAY, max_value=3 * DAY)
decades = st.sampled_from([-56 * 365 * DAY, -40 * DAY, 40 * DAY, 74 * 365 * DAY])


@dataclass(frozen=True)
class Sending:
    """What a phone's clock said when the check-in was written and when it was sent, and when it came."""

    claimed: datetime
    sent_at: datetime | None
    received: datetime


@st.composite
def sendings(draw: st.DrawFn) -> Sending:
    """A clock that is wrong by as much as it was while the check-in waited; or times that mean nothing at all."""
    received = NOW + timedelta(minutes=draw(st.integers(0, 24 * 60)))
    if draw(st.booleans()):
        return Sending(draw(wild_times), draw(st.none() | wild_times), received)
    skew = draw(st.one_of(few_minutes, few_days, decades))
    waited = draw(st.just(timedelta()) | st.timedeltas(min_value=timedelta(), max_value=20 * DAY))
    return Sending(received - waited + skew, received + skew, received)


@given(sent=sendings(), days_back=st.none() | st.integers(0, 30))
@example(sent=Sending(NOW + 35 * DAY, NOW + 40 * DAY, NOW), days_back=0)
@example(
    sent=Sending(*[datetime(2026, 3, 30, 22, 2, tzinfo=UTC)] * 2, datetime(2026, 3, 30, 21, 58, tzinfo=UTC)),
    days_back=0,
)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_clock_is_so_wrong_that_a_check_in_is_refused(
    sqlite_database: Database, sent: Sending, days_back: int | None
) -> None:
    """The person chose a day of the calendar that their phone showed them, or none."""
    shown = sent.claimed.date()
    with suppress(OverflowError):
        shown = local_day(sent.claimed, ZONE) - (days_back or 0) * DAY
    person = newcomer(sqlite_database)
    with sqlite_database.unit_of_work() as db:
        recorded = record_check_in(
            db,
            the_patient(db, person),
            body=body(5, on=shown),
            written=written(at=sent.claimed, sent_at=sent.sent_at, day_chosen=days_back is not None),
            now=sent.received,
        )
        found = kept(db, person, recorded.check_in_id)
    assert (recorded.outcome, found.received_at) == (Outcome.NEW, sent.received)
    assert found.recorded_at <= sent.received
    written_on = local_day(found.recorded_at, ZONE)
    assert written_on - 30 * DAY <= found.body.local_date <= written_on
    off = sent.claimed - found.recorded_at
    if found.clock_skew_s is None:
        assert timedelta() <= off <= timedelta(minutes=10)
        assert sent.sent_at is None or abs(sent.sent_at - sent.received) <= timedelta(minutes=10)
    else:
        assert abs(off.total_seconds() - found.clock_skew_s) < 1


@given(
    skew=st.sampled_from([-3 * DAY, -HOUR, HOUR, 3 * DAY, 56 * 365 * DAY, -56 * 365 * DAY]),
    minutes=st.lists(st.integers(1, 20 * 24 * 60), min_size=2, max_size=5, unique=True),
)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_one_phone_wrote_keeps_its_order_however_wrong_its_clock(
    sqlite_database: Database, skew: timedelta, minutes: list[int]
) -> None:
    """Sent in any order after days without a network."""
    person = newcomer(sqlite_database)
    with sqlite_database.unit_of_work() as db:
        found = {}
        for ago in minutes:
            recorded = record_check_in(
                db,
                the_patient(db, person),
                body=body(5),
                written=written(at=NOW + skew - timedelta(minutes=ago), sent_at=NOW + skew, day_chosen=False),
                now=NOW,
            )
            found[ago] = kept(db, person, recorded.check_in_id)
    assert {ago: one.recorded_at for ago, one in found.items()} == {
        ago: NOW - timedelta(minutes=ago) for ago in minutes
    }
    assert {one.clock_skew_s for one in found.values()} == {round(skew.total_seconds())}


# Everything together, against a model that is too simple to be wrong


@dataclass
class Said:
    """What the model believes of one key: the body that counts with its rank, everything else that was said."""

    check_in_id: str
    counts: CheckInBody
    rank: tuple[datetime, datetime, str]
    version: int = 1
    others: set[CheckInBody] = field(default_factory=set)
    deleted: bool = False
    times: dict[int, datetime] = field(default_factory=dict)

    def offer(self, said: CheckInBody, at: datetime, received: datetime) -> None:
        """Two bodies meet: the newest counts, the other is kept."""
        rank = (at, received, said.hash())
        if rank > self.rank:
            self.others.add(self.counts)
            self.counts, self.rank = said, rank
            self.version += 1
            self.times[self.version] = at
        else:
            self.others.add(said)


KEYS = ("key-a", "key-b", "key-c")
moods = st.sampled_from([None, 0, 3, 7])
notes = st.sampled_from(["", "river"])
minutes_ago = st.integers(0, 3 * 24 * 60)


def machine(database: Database) -> type[RuleBasedStateMachine]:
    class Journal(RuleBasedStateMachine):
        """One patient, three keys, sendings in any order with any clock of the last three days."""

        def __init__(self) -> None:
            super().__init__()
            self.model: dict[str, Said] = {}
            self.now = NOW
            self.person = newcomer(database)

        def tick(self) -> datetime:
            self.now += timedelta(seconds=1)
            return self.now

        @rule(key=st.sampled_from(KEYS), mood=moods, note=notes, ago=minutes_ago)
        def send(self, key: str, mood: int | None, note: str, ago: int) -> None:
            now = self.tick()
            at, said = now - timedelta(minutes=ago), body(mood, on=date(2026, 3, 27), note=note)
            with database.unit_of_work() as db:
                recorded = record(db, self.person, said, key, at=at, now=now)
            known = self.model.get(key)
            if known is None:
                assert recorded.outcome is Outcome.NEW
                self.model[key] = Said(recorded.check_in_id, said, (at, now, said.hash()), times={1: at})
            elif known.deleted:
                assert recorded.outcome is Outcome.DELETED
            elif said in {known.counts, *known.others}:
                assert recorded.outcome in {Outcome.AGAIN, Outcome.CONFLICT}
            else:
                assert recorded.outcome is Outcome.CONFLICT
                known.offer(said, at, now)

        @rule(key=st.sampled_from(KEYS), mood=moods, note=notes, behind=st.integers(0, 2), ago=minutes_ago)
        def edit(self, key: str, mood: int | None, note: str, behind: int, ago: int) -> None:
            known = self.model.get(key)
            if known is None or known.deleted:
                return
            now = self.tick()
            at, said = now - timedelta(minutes=ago), body(mood, on=date(2026, 3, 27), note=note)
            seen = known.version - behind
            with database.unit_of_work() as db:
                edited = amend_check_in(
                    db,
                    the_patient(db, self.person),
                    check_in_id=known.check_in_id,
                    seen_version=seen,
                    body=said,
                    recorded_at=at,
                    now=now,
                )
            if said == known.counts or (behind and said in known.others):
                assert edited.outcome is Outcome.AGAIN
            elif behind:
                assert edited.outcome is Outcome.CONFLICT
                known.offer(said, max(at, known.times.get(seen, at)), now)
            else:
                assert edited.outcome is Outcome.EDITED
                known.others.add(known.counts)
                known.counts, known.rank = said, (max(at, known.rank[0]), now, said.hash())
                known.version += 1
                known.times[known.version] = known.rank[0]

        @rule(key=st.sampled_from(KEYS))
        def delete(self, key: str) -> None:
            known = self.model.get(key)
            if known is None:
                return
            with database.unit_of_work() as db:
                delete_check_in(
                    db, the_patient(db, self.person), check_in_id=known.check_in_id, now=self.tick()
                )
            known.deleted = True

        @invariant()
        def everything_said_is_kept_and_nothing_else(self) -> None:
            with database.look() as db:
                found = checkins.check_ins_between(db, self.person.patient_id, date.min, date.max)
                others = {
                    one.public_id: {
                        version.body
                        for version in check_in_versions.versions_of(
                            db, self.person.patient_id, one.public_id
                        )
                    }
                    for one in found
                }
            alive = [known for known in self.model.values() if not known.deleted]
            assert {one.public_id: (one.body, one.version) for one in found} == {
                known.check_in_id: (known.counts, known.version) for known in alive
            }
            for known in alive:
                assert others[known.check_in_id] | {known.counts} == known.others | {known.counts}

        @invariant()
        def the_summary_is_the_rebuilt_one(self) -> None:
            with database.unit_of_work() as db:
                assert not summaries.refresh(db, self.person.patient_id)

    return Journal


def test_any_sequence_of_acts_ends_as_the_model_says(database: Database) -> None:
    run_state_machine_as_test(
        machine(database),
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
