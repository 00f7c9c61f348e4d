"""A person's own list of activities."""

from __future__ import annotations

import pytest

from journal.domain.consents import Scope, Sight
from journal.domain.errors import NotFound, Refused
from journal.languages import Language, pgettext, speaking
from journal.services.activities import add_activity, change_activity
from journal.storage import activities
from journal.storage.activities import Chip
from journal.storage.database import Database
from tests.builders import the_patient
from tests.cast import NOW, Cast

BOB = Sight(scopes=frozenset(Scope), visible_from=None)


def walk_of(chips: list[Chip]) -> Chip:
    return next(chip for chip in chips if chip.code == "walk")


def test_a_new_activity_comes_last_and_is_private(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        public_id = add_activity(db, the_patient(db, cast.alice), label="  Choir   practice ", shared=False)
        last = activities.chips_for(db, cast.alice.patient_id)[-1]
        assert (last.public_id, last.code, last.label, last.typed) == (
            public_id,
            public_id,
            "Choir practice",
            True,
        )
        assert public_id not in activities.activity_labels(db, cast.alice.patient_id, sight=BOB)


def test_a_renamed_preset_keeps_its_code_and_hides_its_new_name_from_others(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        chip = walk_of(activities.chips_for(db, cast.alice.patient_id))
        change_activity(
            db,
            the_patient(db, cast.alice),
            chip_id=chip.public_id,
            label="Church",
            shared=False,
            hidden=False,
            now=NOW,
        )
        assert activities.activity_labels(db, cast.alice.patient_id)["walk"] == "Church"
        assert "walk" not in activities.activity_labels(db, cast.alice.patient_id, sight=BOB)


@pytest.mark.parametrize("label", ["", "Walk"])
def test_a_preset_gets_its_first_name_back(database: Database, cast: Cast, label: str) -> None:
    with database.unit_of_work() as db:
        chip = walk_of(activities.chips_for(db, cast.alice.patient_id))
        for name in ("Church", label):
            change_activity(
                db,
                the_patient(db, cast.alice),
                chip_id=chip.public_id,
                label=name,
                shared=False,
                hidden=True,
                now=NOW,
            )
        changed = walk_of(activities.chips_for(db, cast.alice.patient_id))
    assert (changed.label, changed.typed, changed.hidden) == ("Walk", False, True)


def test_a_preset_saved_under_its_name_in_another_language_is_not_renamed(
    database: Database, cast: Cast
) -> None:
    with speaking(Language.SPANISH), database.unit_of_work() as db:
        chip = walk_of(activities.chips_for(db, cast.alice.patient_id))
        shown = pgettext("activity", "Walk")
        assert shown != "Walk"
        change_activity(
            db,
            the_patient(db, cast.alice),
            chip_id=chip.public_id,
            label=shown,
            shared=False,
            hidden=True,
            now=NOW,
        )
        assert not walk_of(activities.chips_for(db, cast.alice.patient_id)).typed


def test_a_shared_name_is_read_by_others(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        public_id = add_activity(db, the_patient(db, cast.alice), label="Choir", shared=True)
        assert activities.activity_labels(db, cast.alice.patient_id, sight=BOB)[public_id] == "Choir"


@pytest.mark.parametrize(("label", "code"), [(" ", "activity_name_missing"), ("x" * 41, "text_too_long")])
def test_a_name_is_needed_and_short(database: Database, cast: Cast, label: str, code: str) -> None:
    with pytest.raises(Refused, match=code), database.unit_of_work() as db:
        add_activity(db, the_patient(db, cast.alice), label=label, shared=False)


def test_a_list_ends_at_40_activities(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        patient = the_patient(db, cast.alice)
        for number in range(30):
            add_activity(db, patient, label=f"Number {number}", shared=False)
        with pytest.raises(Refused, match="activities_full"):
            add_activity(db, patient, label="One more", shared=False)


def test_nobody_changes_an_activity_of_somebody_else(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        chip = walk_of(activities.chips_for(db, cast.alice.patient_id))
        with pytest.raises(NotFound):
            change_activity(
                db,
                the_patient(db, cast.dan),
                chip_id=chip.public_id,
                label="Mine",
                shared=True,
                hidden=False,
                now=NOW,
            )
