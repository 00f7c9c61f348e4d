"""Check-ins as rows: what a reader gets through their sight, what is sealed, what the database itself refuses."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.checkins import NUMBERS
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.moods import Provenance
from journal.services.checkins import amend_check_in
from journal.storage import activities, checkins
from journal.storage.checkins import CheckIn
from journal.storage.database import Database
from tests.builders import body, check_in, the_patient
from tests.cast import NOW, Cast

TODAY = date(2026, 3, 30)
DAY = timedelta(days=1)
BOB = Sight(scopes=frozenset(Scope), visible_from=None)
SCORES = Sight(scopes=frozenset({Scope.SCORES}), visible_from=None)
NO_SCORES = Sight(scopes=frozenset({Scope.NOTES, Scope.SESSIONS}), visible_from=None)


def test_a_check_in_is_found_only_by_its_own_patient(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = check_in(db, cast.alice, 6)
        assert checkins.check_in_of(db, cast.alice.patient_id, kept.public_id) == kept
        assert checkins.check_in_of(db, cast.dan.patient_id, kept.public_id) is None


def test_every_item_comes_back_as_it_was_said(database: Database, cast: Cast) -> None:
    said = body(
        0, interest=0, anxiety=4, energy=0, sleep_quality=4, sleep_min=0, bed_time=time(23, 30),
        wake_time=time(7, 5), awakenings=20, sol_min=1, waso_min=2, activity_min=1440, activity_type=("walk",),
        steps=100_000, social=2, meaningful=False, connection=4, pain=10, meals=True, alcohol=50, cannabis=False,
        other_substances="x", substances_shared=True, meds_taken="na", note="Hé\n🙂", note_shared=True, starred=True,
        tags=("a, b", "río"), detached=10, elevated=3,
    )  # fmt: skip
    with database.unit_of_work() as db:
        fields = {name: getattr(said, name) for name in said.__slots__ if name not in ("local_date", "mood")}
        kept = check_in(db, cast.alice, 0, **fields)
    assert kept.body == said


def test_words_never_lie_open_in_the_database(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = check_in(
            db, cast.alice, 6, note="canary-note", tags=("canary-tag",), other_substances="canary-x"
        )
        amend_check_in(
            db,
            the_patient(db, cast.alice),
            check_in_id=kept.public_id,
            seen_version=1,
            body=body(5),
            recorded_at=NOW,
            now=NOW,
        )
        check_in(db, cast.alice, 6, note="canary-note", tags=("canary-tag",), other_substances="canary-x")
        activities.add_chip(db, cast.alice.patient_id, label="canary-chip", shared=True)
        for table in ("check_in", "check_in_version", "submission", "activity_chip", "audit_event"):
            for row in db.execute(sa.text(f"SELECT * FROM {table}")):
                assert "canary" not in repr(row)


def test_the_database_refuses_every_number_out_of_range(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6)
    for name, (low, high) in NUMBERS.items():
        for wrong in (low - 1, high + 1):
            with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
                db.execute(sa.update(CheckIn).values({name: wrong}))


@pytest.mark.parametrize("wrong", [{"mood": None}, {"unsure": True}, {"meds_taken": "maybe"}, {"via": "fax"}])
def test_the_database_refuses_what_no_form_could_send(
    database: Database, cast: Cast, wrong: dict[str, object]
) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6)
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(sa.update(CheckIn).values(wrong))


def test_the_days_asked_for_come_oldest_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for days in (0, 3, 1, 2):
            check_in(db, cast.alice, days, at=NOW - days * DAY)
        found = checkins.check_ins_between(db, cast.alice.patient_id, TODAY - 2 * DAY, TODAY - DAY)
    assert [kept.body.mood for kept in found] == [2, 1]


# Readers


def test_the_patient_reads_their_private_notes(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6, note="mine", starred=True)
        [found] = checkins.check_ins_between(db, cast.alice.patient_id, TODAY, TODAY, WHOLE)
    assert (found.body.note, found.body.starred) == ("mine", True)


def test_a_private_starred_note_reaches_no_reader_and_no_count(database: Database, cast: Cast) -> None:
    patient_id = cast.alice.patient_id
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6, note="mine", starred=True, tags=("x",))
        [found] = checkins.check_ins_between(db, patient_id, TODAY, TODAY, BOB)
        assert checkins.shared_notes(db, patient_id, sight=BOB) == []
    assert found.body == body(6)


def test_a_reader_sees_that_a_check_in_was_edited_and_not_the_earlier_words(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        kept = check_in(db, cast.alice, 6, note="before", note_shared=True)
        amend_check_in(
            db,
            the_patient(db, cast.alice),
            check_in_id=kept.public_id,
            seen_version=1,
            body=body(6),
            recorded_at=NOW,
            now=NOW,
        )
        [found] = checkins.check_ins_between(db, cast.alice.patient_id, TODAY, TODAY, BOB)
    assert (found.edited, found.body.note, found.other_versions, found.client_key) == (True, "", 0, "")


def test_shared_notes_come_latest_first_with_their_star(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6, at=NOW - 2 * DAY, note="first", note_shared=True, starred=True)
        check_in(db, cast.alice, 6, at=NOW - DAY, note="private")
        check_in(db, cast.alice, 6, note="last", note_shared=True)
        notes = checkins.shared_notes(db, cast.alice.patient_id, sight=BOB, since=TODAY - 9 * DAY)
        recent = checkins.shared_notes(db, cast.alice.patient_id, sight=BOB, since=TODAY)
    assert [(note.text, note.starred, note.local_date) for note in notes] == [
        ("last", False, TODAY),
        ("first", True, TODAY - 2 * DAY),
    ]
    assert [note.text for note in recent] == ["last"]


def test_notes_are_closed_without_their_scope(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6, note="ours", note_shared=True)
        assert checkins.shared_notes(db, cast.alice.patient_id, sight=SCORES) == []
        [found] = checkins.check_ins_between(db, cast.alice.patient_id, TODAY, TODAY, SCORES)
    assert found.body == body(6)


def test_without_scores_there_are_no_numbers_at_all(database: Database, cast: Cast) -> None:
    patient_id = cast.alice.patient_id
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6)
        assert checkins.check_ins_between(db, patient_id, TODAY, TODAY, NO_SCORES) == []
        assert checkins.readings_for(db, patient_id, sight=NO_SCORES) == []


def test_nothing_before_the_day_that_was_agreed_is_seen_or_counted(database: Database, cast: Cast) -> None:
    from_today = Sight(scopes=frozenset(Scope), visible_from=TODAY)
    patient_id = cast.alice.patient_id
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 3, at=NOW - DAY, note="before", note_shared=True)
        check_in(db, cast.alice, 6, note="after", note_shared=True)
        assert [one.mood for one in checkins.readings_for(db, patient_id, sight=from_today)] == [6]
        seen = checkins.check_ins_between(db, patient_id, date.min, date.max, from_today)
        assert [one.body.mood for one in seen] == [6]
        assert [one.text for one in checkins.shared_notes(db, patient_id, sight=from_today)] == ["after"]


def test_an_own_activity_shows_to_others_as_its_minutes_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        own = activities.add_chip(db, cast.alice.patient_id, label="Choir", shared=False)
        check_in(db, cast.alice, 6, activity_min=45, activity_type=("walk", own))
        [found] = checkins.check_ins_between(db, cast.alice.patient_id, TODAY, TODAY, BOB)
    assert (found.body.activity_min, found.body.activity_type) == (45, ("walk",))


# Readings


def test_a_reading_has_the_numbers_and_how_late_they_were_written(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 4, on=TODAY - 3 * DAY, anxiety=1, steps=900, social=2, note="not here")
        [found] = checkins.readings_for(
            db, cast.alice.patient_id, first=date(2026, 3, 1), last=TODAY, sight=WHOLE
        )
    assert (found.local_date, found.mood, found.anxiety, found.steps, found.social) == (
        date(2026, 3, 27), 4, 1, 900, 2,
    )  # fmt: skip
    assert found.provenance is Provenance.LATER


def test_sleep_by_the_clock_goes_before_the_estimate(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(
            db,
            cast.alice,
            4,
            sleep_min=300,
            bed_time=time(23, 0),
            wake_time=time(7, 0),
            sol_min=20,
            waso_min=10,
        )
        check_in(db, cast.alice, 4, at=NOW - DAY, sleep_min=300, bed_time=time(23, 0))
        found = checkins.readings_for(db, cast.alice.patient_id, sight=WHOLE)
    assert [one.sleep_min for one in found] == [300, 450]


def test_the_earliest_day_is_that_of_any_check_in(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert checkins.first_logged_on(db, cast.alice.patient_id) is None
        check_in(db, cast.alice, 4, on=TODAY - 3 * DAY)
        check_in(db, cast.alice, 4)
        assert checkins.first_logged_on(db, cast.alice.patient_id) == date(2026, 3, 27)


def test_logged_dates_are_each_there_once_and_only_where_scores_are_open(
    database: Database, cast: Cast
) -> None:
    scores = Sight(frozenset({Scope.SCORES}), date(2026, 3, 20))
    notes = Sight(frozenset({Scope.NOTES}), None)
    with database.unit_of_work() as db:
        for day in (28, 19, 20, 20):
            check_in(db, cast.alice, None, on=date(2026, 3, day))
        assert checkins.logged_dates(db, cast.alice.patient_id, sight=scores) == [
            date(2026, 3, 20),
            date(2026, 3, 28),
        ]
        assert checkins.logged_dates(db, cast.alice.patient_id, sight=notes) == []


def test_what_only_some_are_asked_is_read_by_day_with_scores(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, detached=3)
        check_in(db, cast.alice, detached=6, elevated=1)
        check_in(db, cast.alice, at=NOW - timedelta(days=1))
    with database.look() as db:
        asked = {"patient_id": cast.alice.patient_id, "first": date(2026, 3, 1), "last": TODAY}
        found = checkins.asked_later_for(db, **asked, sight=WHOLE)
        closed = checkins.asked_later_for(db, **asked, sight=NO_SCORES)
        later = checkins.asked_later_for(db, **asked, sight=Sight(frozenset(Scope), TODAY + DAY))
    assert found == [checkins.AskedLater(TODAY, 6, 1)]
    assert closed == later == []
