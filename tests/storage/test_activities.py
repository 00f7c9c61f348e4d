"""Activity chips as rows: whose they are, in what order they come, and who reads what they are called."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from journal.domain.consents import Scope, Sight
from journal.storage import activities
from journal.storage.activities import ActivityChip
from journal.storage.database import Database
from tests.cast import NOW, Cast

BOB = Sight(scopes=frozenset(Scope), visible_from=None)
NO_SCORES = Sight(scopes=frozenset({Scope.NOTES, Scope.SESSIONS}), visible_from=None)


def test_every_patient_begins_with_the_presets(database: Database, cast: Cast) -> None:
    with database.look() as db:
        chips = activities.chips_for(db, cast.alice.patient_id)
    assert [(chip.code, chip.label) for chip in chips[:3]] == [
        ("walk", "Walk"),
        ("stretch", "Stretching"),
        ("housework", "Housework"),
    ]
    assert not any(chip.typed or chip.shared or chip.hidden for chip in chips)


def test_an_own_activity_comes_after_all_others_and_belongs_to_its_writer(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        choir = activities.add_chip(db, cast.alice.patient_id, label="Choir", shared=False)
        chess = activities.add_chip(db, cast.alice.patient_id, label="Chess", shared=False)
        chips = activities.chips_for(db, cast.alice.patient_id)
        assert [(chip.code, chip.typed) for chip in chips[-2:]] == [(choir, True), (chess, True)]
        assert choir in activities.activity_codes(db, cast.alice.patient_id)
        assert choir not in activities.activity_codes(db, cast.dan.patient_id)


def test_nobody_changes_a_chip_of_somebody_else(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        choir = activities.add_chip(db, cast.alice.patient_id, label="Choir", shared=False)
        activities.change_chip(
            db, cast.dan.patient_id, choir, label="Dan was here", shared=True, hidden_at=NOW
        )
        mine = activities.chips_for(db, cast.alice.patient_id)[-1]
    assert (mine.label, mine.shared, mine.hidden) == ("Choir", False, False)


def test_a_typed_name_is_read_by_others_only_where_it_is_shared(database: Database, cast: Cast) -> None:
    patient_id = cast.alice.patient_id
    with database.unit_of_work() as db:
        private = activities.add_chip(db, patient_id, label="Choir", shared=False)
        shared = activities.add_chip(db, patient_id, label="Chess", shared=True)
        labels = activities.activity_labels(db, patient_id, sight=BOB)
        assert (labels["walk"], labels[shared]) == ("Walk", "Chess")
        assert private not in labels
        assert activities.activity_labels(db, patient_id)[private] == "Choir"


def test_without_scores_no_activity_has_a_name(database: Database, cast: Cast) -> None:
    with database.look() as db:
        assert activities.activity_labels(db, cast.alice.patient_id, sight=NO_SCORES) == {}


def test_a_preset_stands_once_in_a_list(database: Database, cast: Cast) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        activities.add_preset_chips(db, cast.alice.patient_id, presets=("walk",))


def test_a_name_that_was_moved_to_another_chip_cannot_be_read(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        choir = activities.add_chip(db, cast.alice.patient_id, label="Choir", shared=False)
        sealed = sa.select(ActivityChip.label).where(ActivityChip.public_id == choir).scalar_subquery()
        db.execute(sa.update(ActivityChip).where(ActivityChip.preset == "walk").values(label=sealed))
        with pytest.raises(InvalidTag):
            activities.chips_for(db, cast.alice.patient_id)
