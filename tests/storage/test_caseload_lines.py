"""Every table that a line is made of says when it changes, on both databases; and who keeps what, of two."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from journal.domain.consents import SUGGESTED
from journal.services.caseload_lines import work_out
from journal.storage import caseload_lines, patient_changes
from journal.storage.database import Database
from journal.storage.patient_changes import note_change
from tests import builders, lists
from tests.cast import NOW, Cast

SOURCES = {
    "check_in", "treatment_session", "vitals", "side_effect", "course", "course_phase_change", "steady_days",
    "medication", "long_term_check", "clinic_items", "safety_flag", "assessment", "appointment", "reminder_pause",
    "patient", "set_aside", "provider_note",
}  # fmt: skip
"""A migration that makes one of these tables anew must make its triggers anew."""


def triggers(database: Database) -> set[str]:
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.look() as db:
        return set(db.scalars(sa.text(asked)))


def test_no_source_of_a_line_has_lost_its_triggers(database: Database) -> None:
    wanted = {
        f"caseload_behind_{table}_{event}" for table in SOURCES for event in ("insert", "update", "delete")
    } - {
        "caseload_behind_check_in_insert",
        "caseload_behind_patient_insert",
        "caseload_behind_patient_delete",
    }
    wanted.add("caseload_behind_patient_summary_update")
    assert wanted - triggers(database) == set()
    assert {"caseload_line_begins", "caseload_line_over"} <= triggers(database)


def test_a_line_is_behind_after_a_change_and_after_its_instant(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        assert lists.behind(db) == set()
        until = caseload_lines.line_of(db, 1)
        assert until is not None
        assert lists.behind(db, now=until.good_until) == {1, 2}
        note_change(db, cast.alice.patient_id)
        assert lists.behind(db) == {1, 2}


def test_what_is_behind_is_found_a_few_patients_at_a_time(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, *SUGGESTED)
        first = caseload_lines.lines_behind(db, now=NOW, most=1)
        second = caseload_lines.lines_behind(db, now=NOW, most=1, after=first.last)
        third = caseload_lines.lines_behind(db, now=NOW, most=1, after=second.last)
        assert [one.patient.id for one in first.behind] == [cast.alice.patient_id] * 2
        assert [one.patient.id for one in second.behind] == [cast.dan.patient_id]
        assert (third.behind, third.last) == ([], 0)


def test_of_a_patient_who_changed_a_page_works_out_everybodys_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert [one.consent_id for one in caseload_lines.behind_among(db, [1], now=NOW).behind] == [1]
        note_change(db, cast.alice.patient_id)
        assert [one.consent_id for one in caseload_lines.behind_among(db, [1], now=NOW).behind] == [1, 2]


def test_a_line_kept_by_somebody_else_meanwhile_is_not_written_over(database: Database, cast: Cast) -> None:
    """The one who read first keeps last: theirs is the older of the two."""
    lists.keep(database)
    with database.unit_of_work() as db:
        note_change(db, cast.alice.patient_id)
        older = work_out(db, caseload_lines.lines_behind(db, now=NOW, most=9), now=NOW)
        builders.check_in(db, cast.alice, 6)
    lists.keep(database)
    with database.unit_of_work() as db:
        before = caseload_lines.line_of(db, 1)
        assert before is not None
        caseload_lines.put_lines(db, older)
        assert caseload_lines.line_of(db, 1) == before
        assert before.last_check_in_on is not None


def test_a_first_line_is_not_written_over_by_another_first_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        older = work_out(db, caseload_lines.lines_behind(db, now=NOW, most=9), now=NOW)
        builders.check_in(db, cast.alice, 6)
    lists.keep(database)
    with database.unit_of_work() as db:
        caseload_lines.put_lines(db, older)
        line = caseload_lines.line_of(db, 1)
    assert line is not None
    assert line.last_check_in_on is not None


def test_changes_stay_until_every_line_of_their_patient_is_kept(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        note_change(db, cast.alice.patient_id)
        worked = work_out(db, caseload_lines.lines_behind(db, now=NOW, most=9), now=NOW)
        caseload_lines.put_lines(db, replace(worked, lines=worked.lines[:1]))
        assert lists.behind(db) == {1, 2}
    lists.keep(database)
    with database.look() as db:
        assert patient_changes.changes_of(db, [cast.alice.patient_id]) == {}


def test_changes_of_somebody_who_shares_with_nobody_are_taken_away(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.dan, 6)
        assert patient_changes.changes_of(db, [cast.dan.patient_id]) != {}
    lists.keep(database)
    with database.unit_of_work() as db:
        assert patient_changes.changes_of(db, [cast.dan.patient_id]) == {}
        builders.share(db, cast.dan, cast.bob, *SUGGESTED)
        assert len(lists.behind(db)) == 1


def test_a_line_of_a_consent_that_is_being_erased_is_left_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        worked = work_out(db, caseload_lines.lines_behind(db, now=NOW, most=9), now=NOW)
    with database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM account WHERE id = :id"), {"id": cast.alice.account_id})
    with database.unit_of_work() as db:
        caseload_lines.put_lines(db, worked)
        assert db.scalar(sa.text("SELECT count(*) FROM caseload_line")) == 0


def test_erasing_a_patient_takes_their_lines_with_them(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM account WHERE id = :id"), {"id": cast.alice.account_id})
        assert db.scalar(sa.text("SELECT count(*) FROM caseload_line")) == 0
