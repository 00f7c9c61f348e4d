"""What of a session's record is refused, and what is kept and asked about once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from journal.domain.doses import Dose, DoseUnit
from journal.domain.errors import RefusedFields
from journal.domain.treatment_checks import check
from journal.domain.treatment_records import (
    EXPERIENCE_WORDS,
    Measured,
    TreatmentRecord,
    Vitals,
)
from journal.domain.treatments import Placed, Route
from tests.domain.whole_record import FULL, HOME, NOW, PLACED, START, UNTIMED


def refused(
    record: TreatmentRecord, *, placed: Placed = PLACED, route: Route | None = Route.IV
) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as caught:
        check(record, placed=placed, route=route, home=HOME, now=NOW)
    return [(problem.code, problem.field) for problem in caught.value.problems]


def limits_refused(record: TreatmentRecord, route: Route | None = Route.IV) -> dict[str, object]:
    with pytest.raises(RefusedFields) as caught:
        check(record, placed=PLACED, route=route, home=HOME, now=NOW)
    (problem,) = caught.value.problems
    assert problem.code == "out_of_range"
    return {"field": problem.field, **problem.details}


def doubts(
    record: TreatmentRecord, *, placed: Placed = PLACED, route: Route | None = Route.IV
) -> list[tuple[str, str]]:
    return [
        (doubt.code, doubt.field) for doubt in check(record, placed=placed, route=route, home=HOME, now=NOW)
    ]


def with_vitals(*vitals: Vitals) -> TreatmentRecord:
    return TreatmentRecord(vitals=vitals)


def test_a_whole_record_stands_without_a_doubt() -> None:
    assert doubts(FULL) == []


def test_an_empty_record_stands() -> None:
    assert doubts(TreatmentRecord(), placed=UNTIMED, route=None) == []


# --- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_session_ends_after_it_starts(minutes: int) -> None:
    assert refused(TreatmentRecord(ended_at=START + timedelta(minutes=minutes))) == [
        ("end_before_start", "ended_at")
    ]


def test_a_session_lasts_eight_hours_at_the_most() -> None:
    assert doubts(TreatmentRecord(ended_at=START + timedelta(hours=8))) == []
    assert refused(TreatmentRecord(ended_at=START + timedelta(hours=8, seconds=1))) == [
        ("session_too_long", "ended_at")
    ]


def test_what_has_not_been_has_not_ended() -> None:
    later = NOW + timedelta(seconds=1)
    assert refused(TreatmentRecord(ended_at=later, ready_to_leave_at=later)) == [
        ("session_still_ahead", "ended_at"),
        ("session_still_ahead", "ready_to_leave_at"),
    ]


@pytest.mark.parametrize(
    ("ended_at", "stands"),
    [
        (datetime(2026, 3, 12, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 12, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 14, 6, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 14, 7, 0, tzinfo=UTC), False),
    ],
)
def test_without_a_start_the_end_lies_on_its_date_or_in_the_night_after(
    ended_at: datetime, stands: bool
) -> None:
    record = TreatmentRecord(ended_at=ended_at)
    if stands:
        assert doubts(record, placed=UNTIMED) == []
    else:
        assert refused(record, placed=UNTIMED) == [("session_too_long", "ended_at")]


def test_nobody_is_ready_to_leave_before_the_start() -> None:
    assert refused(TreatmentRecord(ready_to_leave_at=START)) == [("end_before_start", "ready_to_leave_at")]
    day_before = datetime(2026, 3, 12, 22, 59, tzinfo=UTC)
    assert refused(TreatmentRecord(ready_to_leave_at=day_before), placed=UNTIMED) == [
        ("end_before_start", "ready_to_leave_at")
    ]


# --- dose -------------------------------------------------------------------------------------------------------------


def test_a_dose_has_its_unit_and_its_route() -> None:
    assert FULL.dose(Route.IV) == Dose(Decimal("0.5"), DoseUnit.MG_PER_KG, Route.IV)
    assert FULL.dose(None) is None
    assert refused(TreatmentRecord(dose_value=Decimal(35)), route=None) == [
        ("dose_unit_missing", "dose_unit"),
        ("dose_without_route", "route"),
    ]


def test_a_dose_is_known_or_not_known() -> None:
    both = TreatmentRecord(dose_value=Decimal(35), dose_unit=DoseUnit.MG, dose_unknown=True)
    assert refused(both) == [("dose_known_and_unknown", "dose_value")]
    assert doubts(TreatmentRecord(dose_unknown=True)) == []


@pytest.mark.parametrize("value", ["0", "-1", "100000", "NaN", "Infinity"])
def test_a_dose_is_a_number_that_can_be_kept(value: str) -> None:
    assert refused(TreatmentRecord(dose_value=Decimal(value), dose_unit=DoseUnit.MG)) == [
        ("out_of_range", "dose_value")
    ]


def test_a_dose_is_never_rounded() -> None:
    assert refused(TreatmentRecord(dose_value=Decimal("0.3333"), dose_unit=DoseUnit.MG_PER_KG)) == [
        ("too_many_decimals", "dose_value")
    ]


@pytest.mark.parametrize(
    ("value", "unit", "found"),
    [
        ("0.04", DoseUnit.MG_PER_KG, [("dose_unusual", "dose_value")]),
        ("0.05", DoseUnit.MG_PER_KG, []),
        ("2", DoseUnit.MG_PER_KG, []),
        ("2.1", DoseUnit.MG_PER_KG, [("dose_unusual", "dose_value")]),
        ("0.5", DoseUnit.MG, [("dose_unusual", "dose_value")]),
        ("1", DoseUnit.MG, []),
        ("1000", DoseUnit.MG, []),
        ("1001", DoseUnit.MG, [("dose_unusual", "dose_value")]),
    ],
)
def test_an_unusual_dose_is_kept_and_asked_about(
    value: str, unit: DoseUnit, found: list[tuple[str, str]]
) -> None:
    assert doubts(TreatmentRecord(dose_value=Decimal(value), dose_unit=unit)) == found


def test_a_doubt_carries_what_was_said_and_its_limits() -> None:
    record = TreatmentRecord(dose_value=Decimal(3), dose_unit=DoseUnit.MG_PER_KG)
    (doubt,) = check(record, placed=PLACED, route=Route.IV, home=HOME, now=NOW)
    assert doubt.value == (Decimal(3),)
    assert [(limit.value, limit.unit, limit.grade) for limit in doubt.limits] == [
        (Decimal("0.05"), "mg/kg", "D"),
        (Decimal(2), "mg/kg", "D"),
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_to_three_devices_belong_to_esketamine(count: int) -> None:
    assert doubts(TreatmentRecord(device_count=count), route=Route.IN_ESKETAMINE) == []


@pytest.mark.parametrize("route", [route for route in Route if route is not Route.IN_ESKETAMINE])
def test_no_other_route_has_devices(route: Route) -> None:
    assert refused(TreatmentRecord(device_count=2), route=route) == [
        ("devices_of_other_route", "device_count")
    ]


# --- ranges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("infusion_min", 0, 240),
        ("dissociation_peak", 0, 10),
        ("dissociation_resolved_min", 0, 10_080),
        ("cadss_total", 0, 92),
        ("madrs_total", 0, 60),
        ("discharge_mood", 0, 10),
        ("experience_valence", 0, 4),
    ],
)
def test_each_number_has_its_range(field: str, low: int, high: int) -> None:
    for stands in (low, high):
        check(replace(TreatmentRecord(), **{field: stands}), placed=PLACED, route=None, home=HOME, now=NOW)
    for beyond in (low - 1, high + 1):
        found = limits_refused(replace(TreatmentRecord(), **{field: beyond}))
        assert found == {"field": field, "low": low, "high": high}


@pytest.mark.parametrize("count", [0, 4])
def test_no_session_takes_other_numbers_of_devices(count: int) -> None:
    found = limits_refused(TreatmentRecord(device_count=count), route=Route.IN_ESKETAMINE)
    assert found == {"field": "device_count", "low": 1, "high": 3}


@pytest.mark.parametrize(
    ("kilograms", "code"),
    [
        ("24.9", "out_of_range"),
        ("300.1", "out_of_range"),
        ("NaN", "out_of_range"),
        ("70.25", "too_many_decimals"),
    ],
)
def test_a_weight_lies_between_25_and_300_kg(kilograms: str, code: str) -> None:
    assert refused(TreatmentRecord(weight_kg=Decimal(kilograms))) == [(code, "weight_kg")]


@pytest.mark.parametrize("kilograms", ["25", "300"])
def test_the_limits_of_a_weight_are_weights(kilograms: str) -> None:
    assert doubts(TreatmentRecord(weight_kg=Decimal(kilograms))) == []


def test_a_bolus_takes_no_minutes() -> None:
    assert doubts(TreatmentRecord(infusion_min=0)) == []


# --- vitals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [("sys", 60, 260), ("dia", 30, 160), ("hr", 30, 220), ("spo2", 50, 100), ("t_min", -240, 600)],
)
def test_each_measurement_has_its_range(field: str, low: int, high: int) -> None:
    plain = {"sys": 165, "dia": 55} if field in {"sys", "dia"} else {}
    for beyond in (low - 1, high + 1):
        vitals = Vitals(Measured.PEAK, **{**plain, field: beyond})
        fields_found = {field for code, field in refused(with_vitals(vitals)) if code == "out_of_range"}
        assert fields_found == {f"vitals-0-{field}"}


@pytest.mark.parametrize(
    "vitals",
    [
        Vitals(Measured.PEAK, sys=60, dia=30),
        Vitals(Measured.PEAK, sys=170, dia=100),
        Vitals(Measured.PEAK, hr=30, spo2=50),
        Vitals(Measured.PEAK, hr=220, spo2=100),
        Vitals(Measured.PRE, t_min=-240, hr=60),
    ],
)
def test_the_limits_of_a_measurement_can_be_measured(vitals: Vitals) -> None:
    assert doubts(with_vitals(vitals)) == []


def test_the_extremes_of_blood_pressure_are_kept_and_asked_about() -> None:
    assert doubts(with_vitals(Vitals(Measured.PEAK, sys=260, dia=160))) == [
        ("blood_pressure_very_high", "vitals-0-sys")
    ]


@pytest.mark.parametrize("diastolic", [120, 121])
def test_the_lower_number_of_a_blood_pressure_is_lower(diastolic: int) -> None:
    assert refused(with_vitals(Vitals(Measured.PRE, sys=120, dia=diastolic))) == [
        ("blood_pressure_order", "vitals-0-dia")
    ]


def test_a_blood_pressure_has_two_numbers_and_the_row_is_named() -> None:
    assert refused(with_vitals(Vitals(Measured.PRE, hr=70), Vitals(Measured.PEAK, sys=120))) == [
        ("blood_pressure_half", "vitals-1-dia")
    ]
    assert refused(with_vitals(Vitals(Measured.PRE, dia=80))) == [("blood_pressure_half", "vitals-0-sys")]


@pytest.mark.parametrize(
    ("measured", "sys", "dia", "found"),
    [
        (Measured.PRE, 140, 90, []),
        (Measured.PRE, 141, 90, [("blood_pressure_before_dose", "vitals-0-sys")]),
        (Measured.PRE, 140, 91, [("blood_pressure_before_dose", "vitals-0-sys")]),
        (Measured.PRE, 180, 90, [("blood_pressure_very_high", "vitals-0-sys")]),
        (Measured.PEAK, 179, 109, []),
        (Measured.PEAK, 180, 80, [("blood_pressure_very_high", "vitals-0-sys")]),
        (Measured.DISCHARGE, 150, 110, [("blood_pressure_very_high", "vitals-0-sys")]),
    ],
)
def test_blood_pressure_is_asked_about_above_the_labels_limit_before_and_when_very_high_at_any_time(
    measured: Measured, sys: int, dia: int, found: list[tuple[str, str]]
) -> None:
    assert doubts(with_vitals(Vitals(measured, sys=sys, dia=dia))) == found


def test_what_nobody_verified_travels_with_its_grade() -> None:
    record = with_vitals(Vitals(Measured.PEAK, sys=182, dia=96))
    (doubt,) = check(record, placed=PLACED, route=None, home=HOME, now=NOW)
    assert [(limit.value, limit.grade) for limit in doubt.limits] == [
        (Decimal(180), "M"),
        (Decimal(110), "M"),
    ]


# --- dissociation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "found"),
    [(1440, []), (1441, [("dissociation_lasted", "dissociation_resolved_min")])],
)
def test_what_lasted_longer_than_a_day_is_noticed(minutes: int, found: list[tuple[str, str]]) -> None:
    assert doubts(TreatmentRecord(dissociation_peak=4, dissociation_resolved_min=minutes)) == found


def test_a_feeling_has_gone_or_has_not() -> None:
    record = TreatmentRecord(dissociation_lasts=True, dissociation_resolved_min=30)
    assert refused(record) == [("gone_and_not_gone", "dissociation_resolved_min")]


# --- choices and texts ------------------------------------------------------------------------------------------------


def test_what_was_there_is_said_with_the_words_on_the_page() -> None:
    assert doubts(TreatmentRecord(experience_words=EXPERIENCE_WORDS)) == []
    assert refused(TreatmentRecord(experience_words=("peaceful", "blissful"))) == [
        ("not_a_choice", "experience_words")
    ]


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("other_meds_today", 500),
        ("escort_name", 80),
        ("intention", 4_000),
        ("integration_note", 4_000),
        ("small_step", 200),
    ],
)
def test_each_text_has_its_length(field: str, most: int) -> None:
    check(replace(TreatmentRecord(), **{field: "a" * most}), placed=PLACED, route=None, home=HOME, now=NOW)
    assert refused(replace(TreatmentRecord(), **{field: "a" * (most + 1)})) == [("text_too_long", field)]


def test_half_a_character_is_no_text() -> None:
    assert refused(TreatmentRecord(small_step="\ud800")) == [("text_unreadable", "small_step")]


@pytest.mark.parametrize(
    ("number", "code"),
    [("ask Sam", "phone_unreadable"), ("12", "phone_unreadable"), ("1" * 41, "text_too_long")],
)
def test_a_ride_home_has_a_number_that_can_be_dialled(number: str, code: str) -> None:
    assert refused(TreatmentRecord(escort_phone=number)) == [(code, "escort_phone")]


@pytest.mark.parametrize(("field", "rows"), [("checklist", 21), ("vitals", 31)])
def test_lists_come_to_an_end(field: str, rows: int) -> None:
    one = "escort" if field == "checklist" else Vitals(Measured.PEAK, hr=70)
    assert {found for _code, found in refused(replace(TreatmentRecord(), **{field: (one,) * rows}))} == {
        field
    }


def test_everything_there_is_to_fix_is_said_at_once() -> None:
    record = TreatmentRecord(infusion_min=241, discharge_mood=11, device_count=2)
    assert refused(record) == [
        ("devices_of_other_route", "device_count"),
        ("out_of_range", "infusion_min"),
        ("out_of_range", "discharge_mood"),
    ]
