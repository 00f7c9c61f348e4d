"""Who writes and who reads which part of a session's record, and when its wall times were."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, time

import pytest

from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.treatment_records import (
    BY_PATIENT,
    BY_PROVIDER,
    TreatmentRecord,
    as_said_by,
    as_seen,
    wall_time_after,
)
from journal.domain.treatments import Source
from tests.domain.whole_record import DAY, FULL, HOME

# --- who writes, who reads --------------------------------------------------------------------------------------------


def test_the_fields_of_each_side_are_fields_and_of_one_side() -> None:
    names = {field.name for field in fields(TreatmentRecord)}
    assert names >= BY_PATIENT | BY_PROVIDER
    assert BY_PATIENT & BY_PROVIDER == frozenset()
    assert names - BY_PATIENT - BY_PROVIDER == {
        "ended_at",
        "dose_value",
        "dose_unit",
        "dose_unknown",
        "setting",
        "meds_today",
        "other_meds_today",
    }


def test_a_clinician_leaves_the_patients_part_as_it_was() -> None:
    found = as_said_by(
        Source.CLINICIAN, FULL, TreatmentRecord(infusion_min=45, small_step="forged"), alone=False
    )
    assert (found.infusion_min, found.small_step, found.dissociation_peak) == (45, "A walk on Sunday", 6)
    assert found.dose_value is None


def test_a_patient_leaves_the_clinics_part_as_it_was() -> None:
    found = as_said_by(Source.PATIENT, FULL, TreatmentRecord(infusion_min=45, small_step="Rest"), alone=False)
    assert (found.infusion_min, found.small_step, found.vitals) == (40, "Rest", FULL.vitals)


def test_a_patient_without_a_provider_keeps_the_whole_record() -> None:
    said = TreatmentRecord(infusion_min=45, small_step="Rest")
    assert as_said_by(Source.PATIENT, FULL, said, alone=True) == said


def test_the_patient_reads_everything() -> None:
    assert as_seen(FULL, WHOLE) == FULL


def test_nobody_else_reads_the_number_of_who_takes_them_home() -> None:
    everything = Sight(scopes=frozenset(Scope), visible_from=None)
    assert as_seen(FULL, everything) == replace(FULL, escort_phone="")


def test_a_reflection_is_read_where_it_is_shared_and_reflections_are_open() -> None:
    closed = Sight(scopes=frozenset(Scope) - {Scope.REFLECTIONS}, visible_from=None)
    hidden = replace(
        FULL,
        escort_phone="",
        intention="",
        intention_shared=False,
        integration_note="",
        small_step="",
        experience_valence=None,
        experience_words=(),
        reflection_shared=False,
    )
    assert as_seen(FULL, closed) == hidden
    opened = Sight(scopes=frozenset(Scope), visible_from=None)
    private = replace(FULL, intention_shared=False, reflection_shared=False)
    assert as_seen(private, opened) == hidden


def test_an_intention_stays_private_when_the_reflection_is_shared() -> None:
    opened = Sight(scopes=frozenset(Scope), visible_from=None)
    seen = as_seen(replace(FULL, intention_shared=False), opened)
    assert (seen.intention, seen.small_step) == ("", "A walk on Sunday")


@pytest.mark.parametrize(
    ("begins", "wall", "expected"),
    [
        (time(10, 0), time(10, 45), datetime(2026, 3, 13, 9, 45, tzinfo=UTC)),
        (time(23, 30), time(0, 15), datetime(2026, 3, 13, 23, 15, tzinfo=UTC)),
        (
            time(10, 0),
            time(9, 0),
            datetime(2026, 3, 13, 8, 0, tzinfo=UTC),
        ),  # a slip, and not the next morning
        (None, time(0, 15), datetime(2026, 3, 12, 23, 15, tzinfo=UTC)),
    ],
)
def test_a_wall_time_before_the_start_is_the_night_after_only_within_reach(
    begins: time | None, wall: time, expected: datetime
) -> None:
    assert wall_time_after(DAY, begins, wall, zone=HOME) == expected
