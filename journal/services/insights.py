"""The figures behind a patient's pages as one document, for ``journal insights --json``.

Mood units (0–10, 10 best), shares 0–1, numbers not rounded. Everything is computed in ``journal.domain.trends``; what
was brought in from other apps stands apart and enters no other figure. A key that is not here is not computed yet.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from journal.domain.consents import WHOLE
from journal.domain.trends import (
    Coverage,
    DaySummary,
    ImportedDay,
    coverage,
    days_of,
    first_day_of,
    longest_gap,
)
from journal.storage import checkins, transfers
from journal.storage.patients import Patient


def figures(db: Session, patient: Patient, *, until: date) -> dict[str, object]:
    """What is known of the days up to ``until``: a date where the patient lives, included."""
    days = days_of(checkins.readings_for(db, patient.id, last=until, sight=WHOLE))
    imported = transfers.imported_days(db, patient.id, date.min, until)
    return {
        "until": until.isoformat(),
        "days": [_day(day) for day in days],
        "imported": [_imported_day(day) for day in imported],
        "coverage": _coverage(days, first_day_of(days, patient.first_day), until),
    }


def _day(day: DaySummary) -> dict[str, object]:
    return {
        "local_date": day.local_date.isoformat(),
        "mood": day.mood,
        "mood_min": day.mood_min,
        "mood_max": day.mood_max,
        "n": day.n,
        "logged": day.logged,
        "sleep_hours": day.sleep_hours,
        "sleep_quality": day.sleep_quality,
        "activity_min": day.activity_min,
        "provenance": day.provenance.value,
    }


def _imported_day(day: ImportedDay) -> dict[str, object]:
    return {
        "local_date": day.local_date.isoformat(),
        "source": day.source,
        "value": day.value,
        "scale": [day.scale_min, day.scale_max],
        "n": day.n,
    }


def _coverage(days: list[DaySummary], first_day: date, until: date) -> dict[str, object]:
    gap = longest_gap(days, first_day, today=until)
    return {
        "first_day": first_day.isoformat(),
        "days_7": _share(coverage(days, first_day, today=until, last=7)),
        "days_28": _share(coverage(days, first_day, today=until, last=28)),
        "all": _share(coverage(days, first_day, today=until)),
        "longest_gap": gap
        and {"first": gap.first.isoformat(), "last": gap.last.isoformat(), "days": gap.days},
    }


def _share(covered: Coverage) -> dict[str, object]:
    figure: dict[str, object] = {
        "logged": covered.logged,
        "eligible": covered.eligible,
        "share": covered.share,
    }
    return figure if covered.share is not None else {**figure, "reason": "no_eligible_days"}
