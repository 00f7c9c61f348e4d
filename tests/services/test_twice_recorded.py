"""Two records of one date: finding the other one, and putting both together when the patient asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from journal.domain.consents import Sight
from journal.domain.doses import DoseUnit
from journal.domain.errors import NotFound
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import Source, Status, TreatmentSession
from journal.services.treatment_records import NOTHING
from journal.services.twice_recorded import other_record, put_together
from journal.storage import side_effects, treatment_records, treatments
from journal.storage.database import Database
from tests.builders import the_patient, treatment
from tests.cast import EVERY_SCOPE, NOW, Cast

DAY = date(2026, 3, 13)
OWN = replace(
    NOTHING,
    dose_value=Decimal(50),
    dose_unit=DoseUnit.MG,
    intention="Rest.",
    small_step="A walk.",
    dissociation_peak=6,
)
THEIRS = replace(NOTHING, dose_value=Decimal(35), dose_unit=DoseUnit.MG, cadss_total=12)


def both(
    database: Database,
    cast: Cast,
    own: TreatmentRecord = OWN,
    theirs: TreatmentRecord = THEIRS,
    **more: object,
) -> tuple[TreatmentSession, TreatmentSession]:
    with database.unit_of_work() as db:
        one = treatment(db, cast.alice, DAY, **more)  # type: ignore[arg-type]
        other = treatment(db, cast.alice, DAY, by=cast.bob, note="Well tolerated.")
        for found, record in ((one, own), (other, theirs)):
            treatment_records.write_changes(
                db, cast.alice.patient_id, found.public_id, before=NOTHING, after=record
            )
    return one, other


def together(
    database: Database, cast: Cast, own: TreatmentSession, into: TreatmentSession
) -> TreatmentRecord:
    """What stands in the clinic's record once both were put together."""
    with database.unit_of_work() as db:
        put_together(
            db,
            the_patient(db, cast.alice),
            own.public_id,
            into=into.public_id,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
        record = treatment_records.record_of(db, cast.alice.patient_id, into.public_id)
    assert record is not None
    return record


def test_each_finds_the_other_and_nothing_is_put_together_by_itself(database: Database, cast: Cast) -> None:
    own, theirs = both(database, cast)
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        assert other_record(db, patient, own.public_id) == theirs
        assert other_record(db, patient, theirs.public_id) == own
        assert len(treatments.treatments_of(db, patient.id)) == 2


@pytest.mark.parametrize("status", [Status.CANCELLED])
def test_a_cancelled_one_is_no_second_record(database: Database, cast: Cast, status: Status) -> None:
    own, theirs = both(database, cast, status=status)
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        assert other_record(db, patient, own.public_id) is None
        assert other_record(db, patient, theirs.public_id) is None


def test_a_provider_finds_no_record_of_days_that_are_not_open(database: Database, cast: Cast) -> None:
    own, _ = both(database, cast)
    with database.look() as db:
        sight = Sight(EVERY_SCOPE, date(2026, 3, 14))
        assert other_record(db, the_patient(db, cast.alice), own.public_id, sight=sight) is None


def test_the_clinics_facts_stay_and_the_patients_own_part_goes_over(database: Database, cast: Cast) -> None:
    own, theirs = both(database, cast, note="Slow music.", note_shared=True)
    after = together(database, cast, own, theirs)
    assert after == replace(
        THEIRS,
        intention="Rest.",
        small_step="A walk.",
        dissociation_peak=6,
        integration_note="Slow music.",
        reflection_shared=False,  # the step was private, and one switch holds for both
    )
    with database.look() as db:
        (left,) = treatments.treatments_of(db, cast.alice.patient_id)
    assert left == theirs


def test_a_shared_note_alone_stays_shared(database: Database, cast: Cast) -> None:
    own, theirs = both(database, cast, own=NOTHING, note="Slow music.", note_shared=True)
    after = together(database, cast, own, theirs)
    assert (after.integration_note, after.reflection_shared) == ("Slow music.", True)


def test_two_texts_follow_each_other_and_are_shared_only_if_both_were(database: Database, cast: Cast) -> None:
    own, theirs = both(
        database,
        cast,
        own=replace(NOTHING, intention="Rest.", intention_shared=True, experience_words=("sad", "moved")),
        theirs=replace(NOTHING, intention="Kindness.", experience_words=("moved",)),
    )
    after = together(database, cast, own, theirs)
    assert (after.intention, after.intention_shared) == ("Kindness.\n\nRest.", False)
    assert after.experience_words == ("moved", "sad")


def test_the_patients_side_effects_go_over(database: Database, cast: Cast) -> None:
    own, theirs = both(database, cast)
    with database.unit_of_work() as db:
        effect = SideEffect(own.public_id, SideEffectCode.NAUSEA, Severity.MILD, DAY)
        side_effects.add_side_effect(db, cast.alice.patient_id, effect, now=NOW)
    together(database, cast, own, theirs)
    with database.look() as db:
        (kept,) = side_effects.side_effects_of(db, cast.alice.patient_id)
    assert (kept.treatment, kept.source) == (theirs.public_id, Source.PATIENT)


def test_only_the_patients_own_goes_into_the_clinics(database: Database, cast: Cast) -> None:
    own, theirs = both(database, cast)
    with pytest.raises(NotFound):
        together(database, cast, theirs, own)
    with pytest.raises(NotFound):
        together(database, cast, own, own)
