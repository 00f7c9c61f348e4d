"""The figures of the clinical rules, as the specification has them, and how well each is known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from journal.domain import clinical_limits
from journal.domain.clinical_limits import Limit

ALL = {name: value for name, value in vars(clinical_limits).items() if isinstance(value, Limit)}


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("DOSE_MG_LOW", "1", "mg"),
        ("DOSE_MG_HIGH", "1000", "mg"),
        ("DOSE_MG_PER_KG_LOW", "0.05", "mg/kg"),
        ("DOSE_MG_PER_KG_HIGH", "2", "mg/kg"),
        ("SYSTOLIC_BEFORE", "140", "mmHg"),
        ("DIASTOLIC_BEFORE", "90", "mmHg"),
        ("SYSTOLIC_HIGH", "180", "mmHg"),
        ("DIASTOLIC_HIGH", "110", "mmHg"),
        ("RAISED_BLOOD_PRESSURE_DAYS", "3", "days"),
        ("DISSOCIATION_LASTS", "1440", "min"),
        ("DETACHED_FROM", "5", "of 10"),
        ("DETACHED_DAYS", "3", "days"),
        ("REPORTED_FROM", "2", "severity"),
        ("REPORTED_CHECKS", "2", "checks"),
        ("ELEVATED_FROM", "2", "of 3"),
        ("ELEVATED_DAYS", "2", "days"),
        ("ELEVATED_WITHIN", "3", "days"),
        ("SHORT_SLEEP", "300", "min"),
        ("SHORT_SLEEP_ENERGY", "4", "of 4"),
        ("SHORT_SLEEP_DAYS", "2", "days"),
        ("WORSE_DAYS", "7", "logged days"),
        ("WORSE_AMONG", "14", "logged days"),
        ("WATCHED_DAYS", "14", "days"),
        ("SIDE_EFFECT_DAYS", "2", "days"),
        ("REFLECTION_DAYS", "7", "days"),
    ],
)
def test_each_figure_is_the_one_of_the_specification(name: str, value: str, unit: str) -> None:
    assert (ALL[name].value, ALL[name].unit) == (Decimal(value), unit)


def test_what_nobody_verified_says_so() -> None:
    unverified = {name for name, limit in ALL.items() if limit.grade == "M"}
    assert unverified == {"SYSTOLIC_HIGH", "DIASTOLIC_HIGH"}
    assert all(ALL[name].verified_on is None for name in unverified)


def test_what_was_read_names_the_day_and_every_figure_its_source() -> None:
    assert {name for name, limit in ALL.items() if limit.verified_on} == {
        name for name, limit in ALL.items() if limit.grade in {"R", "R2"}
    }
    assert all(limit.citation for limit in ALL.values())
