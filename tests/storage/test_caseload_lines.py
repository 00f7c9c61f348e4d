"""Every table that a line is made of counts it up, on both databases."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from journal.storage import caseload_lines
from journal.storage.database import Database
from tests import lists
from tests.cast import NOW, Cast

SOURCES = {
    "check_in", "treatment_session", "vitals", "side_effect", "course", "course_phase_change", "steady_days",
    "medication", "long_term_check", "clinic_items", "safety_flag", "assessment", "appointment", "reminder_pause",
    "patient",
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
    assert wanted - triggers(database) == set()
    assert "caseload_line_over" in triggers(database)


def test_a_line_is_behind_at_another_revision_and_after_its_instant(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        assert caseload_lines.lines_behind(db, now=NOW, most=9) == []
        until = caseload_lines.line_of(db, 1)
        assert until is not None
        assert len(caseload_lines.lines_behind(db, now=until.good_until, most=9)) == 2
        assert len(caseload_lines.lines_behind(db, now=until.good_until, most=1)) == 1
        db.execute(sa.text("UPDATE patient_summary SET revision = revision + 1"))
        assert {one.consent_id for one in caseload_lines.behind_among(db, [1], now=NOW)} == {1}


def test_keeping_a_line_twice_keeps_the_last(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        before = caseload_lines.line_of(db, 1)
        assert before is not None
        caseload_lines.put_lines(db, [replace(before, kinds=5)])
        caseload_lines.put_lines(db, [])
        assert caseload_lines.line_of(db, 1) == replace(before, kinds=5)


def test_erasing_a_patient_takes_their_lines_with_them(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM account WHERE id = :id"), {"id": cast.alice.account_id})
        assert db.scalar(sa.text("SELECT count(*) FROM caseload_line")) == 0
