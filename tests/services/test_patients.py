"""Beginning a journal, and how its owner likes it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from journal.domain.checkins import CHIP_PRESETS
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.home_screen import AppName
from journal.languages import Language
from journal.services.patients import (
    begin_journal,
    change_settings,
    change_zone,
    problems_of_newcomer,
    settle_home_screen,
)
from journal.storage import activities, checkins, patients
from journal.storage.accounts import Role, add_account
from journal.storage.database import Database
from journal.storage.sealing import patient_sealer
from tests import builders
from tests.cast import NOW, ZONE, Cast

SETTINGS = {
    "display_name": "Alice",
    "zone": ZONE,
    "region": "",
    "share_notes": False,
    "items_on": [],
    "app_name": AppName.TIDELINE,
    "language": Language.ENGLISH,
    "now": NOW,
}


def codes(problems: list[Refused]) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in problems]


def test_a_journal_begins_with_a_key_the_usual_activities_and_an_empty_summary(database: Database) -> None:
    late = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)
    with database.unit_of_work() as db:
        account = add_account(db, "grace@example.org", Role.PATIENT, now=late)
        grace = begin_journal(db, account.id, display_name="  Grace ", zone=ZONE, now=late, region="GR")
        assert (grace.display_name, grace.region) == ("Grace", "GR")
        assert grace.first_day == date(2026, 3, 31)  # half past midnight where she lives
        sealed = patient_sealer(db, grace.id).seal("words", column="check_in.note", row=grace.public_id)
        assert b"words" not in sealed
        assert len(activities.chips_for(db, grace.id)) == len(CHIP_PRESETS)
        summaries = sa.select(sa.func.count()).select_from(patients.PatientSummary)
        assert db.scalar(summaries.where(patients.PatientSummary.patient_id == grace.id)) == 1


@pytest.mark.parametrize(
    ("name", "zone", "expected"),
    [
        ("Grace", ZONE, []),
        ("x" * 120, ZONE, []),
        (" ", ZONE, [("name_missing", "display_name")]),
        ("x" * 121, ZONE, [("text_too_long", "display_name")]),
        ("Grace", "Mars/Phobos", [("zone_unknown", "zone")]),
        ("Grace", "../../etc/passwd", [("zone_unknown", "zone")]),
        ("", "", [("name_missing", "display_name"), ("zone_unknown", "zone")]),
    ],
)
def test_what_is_wrong_with_a_beginning_is_named_at_once(
    name: str, zone: str, expected: list[tuple[str, str | None]]
) -> None:
    assert codes(problems_of_newcomer(name, zone)) == expected


def test_a_beginning_that_is_refused_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(Refused, match="zone_unknown"), database.unit_of_work() as db:
        account = add_account(db, "grace@example.org", Role.PATIENT, now=NOW)
        begin_journal(db, account.id, display_name="Grace", zone="Mars/Phobos", now=NOW)
    with database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(patients.Patient)) == 0


def test_settings_are_kept_and_no_other_preference_is_lost(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.the_patient(db, cast.alice).preferences = {"larger_text": True}
    with database.unit_of_work() as db:
        changed = {
            **SETTINGS,
            "display_name": " Al ",
            "region": "GR",
            "share_notes": True,
            "items_on": ["pain"],
            "app_name": AppName.DAYBOOK,
        }
        change_settings(db, cast.alice.account_id, **changed)  # type: ignore[arg-type]
    with database.look() as db:
        alice = builders.the_patient(db, cast.alice)
        assert (alice.display_name, alice.region, alice.zone) == ("Al", "GR", ZONE)
        assert alice.preferences == {
            "larger_text": True,
            "share_notes": True,
            "items_on": ["pain"],
            "app_name": "daybook",
        }


def test_settings_that_are_refused_change_nothing(database: Database, cast: Cast) -> None:
    with pytest.raises(RefusedFields) as caught, database.unit_of_work() as db:
        wrong = {**SETTINGS, "display_name": " ", "zone": "Mars/Phobos", "region": "GR"}
        change_settings(db, cast.alice.account_id, **wrong)  # type: ignore[arg-type]
    assert codes(caught.value.problems) == [("name_missing", "display_name"), ("zone_unknown", "zone")]
    with database.look() as db:
        alice = builders.the_patient(db, cast.alice)
        assert (alice.display_name, alice.zone, alice.region) == ("Alice", ZONE, "")


def test_who_keeps_no_journal_has_no_settings(database: Database, cast: Cast) -> None:
    with pytest.raises(NotFound), database.unit_of_work() as db:
        change_settings(db, cast.bob.account_id, **SETTINGS)  # type: ignore[arg-type]


def test_another_zone_leaves_what_is_written_on_its_day(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.check_in(db, cast.alice, 6)
    with database.unit_of_work() as db:
        change_zone(db, builders.the_patient(db, cast.alice), "Pacific/Auckland", now=NOW)
    with database.look() as db:
        assert builders.the_patient(db, cast.alice).zone == "Pacific/Auckland"
        after = checkins.check_in_of(db, cast.alice.patient_id, kept.public_id)
        assert after is not None
        assert after.body.local_date == date(2026, 3, 30)


def test_a_zone_that_nobody_knows_is_refused(database: Database, cast: Cast) -> None:
    with pytest.raises(Refused, match="zone_unknown"), database.unit_of_work() as db:
        change_zone(db, builders.the_patient(db, cast.alice), "Mars/Phobos", now=NOW)


def test_the_answer_about_the_home_screen_is_kept_beside_every_other_preference(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        builders.the_patient(db, cast.alice).preferences = {"share_notes": True}
        settle_home_screen(db, cast.alice.account_id)
    with database.look() as db:
        assert builders.the_patient(db, cast.alice).preferences == {
            "share_notes": True,
            "home_screen_settled": True,
        }
        with pytest.raises(NotFound):
            settle_home_screen(db, cast.bob.account_id)
