"""The figures behind a patient's pages as one document, for ``journal insights --json``.

Mood units (0–10, 10 best) everywhere but in a baseline's ``burden``; day numbers count from the session's day; shares
0–1; nothing is rounded. What was brought in from other apps stands apart and enters no other figure.

A key is null where its data do not allow it; ``reasons`` then says why, and how many there are of how many it takes.
With ``days`` and ``sessions`` (of every course), ``paused``, ``course_end``, ``medication_changes`` and ``first_day``
everything else can be computed again; ``docs/insights.md`` says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from journal.domain.alignment import AlignedDay, Alignment
from journal.domain.assessment_records import AssessmentOutline
from journal.domain.associations import Association, Slope
from journal.domain.baselines import Baseline
from journal.domain.benefits import BeforeAfter, Benefit, EndReason, Interruption
from journal.domain.briefs import shown
from journal.domain.consents import WHOLE
from journal.domain.control_charts import ControlChart
from journal.domain.days import local_day
from journal.domain.insight_limits import ALIGNED_FROM, ALIGNED_TO
from journal.domain.insights import CourseHistory, CourseInsights, History, Insights
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.phq9_response import phq9_response
from journal.domain.survival import Curve, Durability, HalfTrend
from journal.domain.trends import Coverage, DaySummary, ImportedDay, coverage, longest_gap
from journal.domain.variability import Variability
from journal.domain.withheld import Withheld
from journal.services.briefs import points_for
from journal.services.insights import insights_for
from journal.services.long_term_flags import PHQ9, flags_seen
from journal.services.talking_point_rows import document_of_point
from journal.storage import appointments, assessments, transfers
from journal.storage.appointments import AppointmentStatus
from journal.storage.patients import Patient

Document = dict[str, object]


def figures(db: Session, patient: Patient, *, until: date) -> Document:
    """Everything that is known, up to ``until``: a date where the patient lives, included."""
    insights = insights_for(db, patient, WHOLE, until=until)
    history = insights.history
    last_visit = _last_visit(db, patient, until=until)
    reported = flags_seen(db, patient, WHOLE, clinic_id=None, now=_end_of(until, patient))
    points = points_for(db, patient, WHOLE, insights, last_visit=last_visit, reported=reported)
    imported = transfers.imported_days(db, patient.id, date.min, until)
    return document_of(insights) | {
        "imported": [_imported_day(day) for day in imported],
        "assessments": _assessments(
            assessments.outlines_of(db, patient.id),
            until=until,
            first_session=history.courses[-1].first_session if history.courses else None,
        ),
        "talking_points": [document_of_point(point) for point in shown(points)],
    }


def document_of(insights: Insights) -> Document:
    """What days and sessions say, with those days and sessions."""
    history = insights.history
    course, reasons = _course(insights.course, history.courses[-1] if history.courses else None)
    sleep, activity, ups_and_downs = insights.sleep_mood, insights.activity_mood, insights.variability
    reminders = [_pause(pause.first, pause.last, of="reminders") for pause in history.pauses]
    return {
        "until": history.until.isoformat(),
        "medication_changes": [day.isoformat() for day in history.medication_changes],
        "days": [_day(day) for day in history.days],
        "coverage": _coverage(history),
        **course,
        "paused": [*_paused(history.courses[-1].interruptions if history.courses else ()), *reminders],
        "sleep_mood": _association(sleep) if isinstance(sleep, Association) else None,
        "activity_mood": _association(activity) if isinstance(activity, Association) else None,
        "variability": asdict(ups_and_downs) if isinstance(ups_and_downs, Variability) else None,
        "earlier_courses": [
            earlier | {"reasons": why}
            for found, told in zip(insights.earlier, history.courses, strict=False)
            for earlier, why in [_course(found, told)]
        ],
        "reasons": reasons
        | _reasons({"sleep_mood": sleep, "activity_mood": activity, "variability": ups_and_downs}),
    }


def _end_of(day: date, patient: Patient) -> datetime:
    """The last moment of a day where the patient lives."""
    return datetime.combine(day, time.max, ZoneInfo(patient.zone)).astimezone(UTC)


def _last_visit(db: Session, patient: Patient, *, until: date) -> date | None:
    been = (
        local_day(visit.starts_at, patient.zone)
        for visit in appointments.appointments_of(db, patient.id)
        if visit.status is not AppointmentStatus.CANCELLED
    )
    return max((day for day in been if day < until), default=None)


def _reasons(parts: Mapping[str, object]) -> Document:
    return {key: _withheld(part) for key, part in parts.items() if isinstance(part, Withheld)}


def _withheld(part: Withheld) -> Document:
    return {"reason": part.reason.value, "n": part.n, "needs": part.needs}


# Days -----------------------------------------------------------------------------------------------------------------


def _day(day: DaySummary) -> Document:
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


def _imported_day(day: ImportedDay) -> Document:
    return {
        "local_date": day.local_date.isoformat(),
        "source": day.source,
        "value": day.value,
        "scale": [day.scale_min, day.scale_max],
        "n": day.n,
    }


def _coverage(history: History) -> Document:
    share_of = partial(coverage, history.days, history.first_day, today=history.until, pauses=history.pauses)
    gap = longest_gap(history.days, history.first_day, today=history.until, pauses=history.pauses)
    return {
        "first_day": history.first_day.isoformat(),
        "days_7": _share(share_of(last=7)),
        "days_28": _share(share_of(last=28)),
        "all": _share(share_of()),
        "longest_gap": gap
        and {"first": gap.first.isoformat(), "last": gap.last.isoformat(), "days": gap.days},
    }


def _share(covered: Coverage) -> Document:
    figure: Document = {"logged": covered.logged, "eligible": covered.eligible, "share": covered.share}
    return figure if covered.share is not None else {**figure, "reason": "no_eligible_days"}


def _paused(interruptions: Iterable[Interruption]) -> list[Document]:
    return [_pause(one.first, one.last, of="course") for one in interruptions if one.why is EndReason.PAUSED]


def _pause(first: date, last: date | None, *, of: str) -> Document:
    """``to`` null: until now."""
    return {"from": first.isoformat(), "to": last and last.isoformat(), "of": of}


# One course -----------------------------------------------------------------------------------------------------------


def _course(found: CourseInsights, told: CourseHistory | None) -> tuple[Document, Document]:
    """One course's keys, and the reasons of those that are null."""
    parts: Mapping[str, object] = {
        "baseline": found.baseline,
        "durability": found.durability,
        "aligned": found.alignment.days if isinstance(found.alignment, Alignment) else found.alignment,
        "ewma": found.chart,
    }
    document: Document = {
        "course_start": told.begins.isoformat() if told and told.begins else None,
        "course_end": told.ends.isoformat() if told and told.ends else None,
        "paused": _paused(told.interruptions if told else ()),
        "baseline": _baseline(found.baseline, told) if isinstance(found.baseline, Baseline) else None,
        "sessions": [_session(one) for one in found.benefits],
        "durability": _durability(found.durability) if isinstance(found.durability, Durability) else None,
        "aligned": _aligned(parts["aligned"]) if isinstance(parts["aligned"], tuple) else None,
        "ewma": _ewma(found.chart) if isinstance(found.chart, ControlChart) else None,
    }
    return document, _reasons(parts)


def _baseline(baseline: Baseline, told: CourseHistory | None) -> Document:
    return {
        **{name: getattr(baseline, name) for name in ("burden", "mood", "hold_line", "n")},
        "first_day": baseline.first_day.isoformat(),
        "last_day": baseline.last_day.isoformat(),
        "status": baseline.status.value,
        "window_days": told.baseline_window_days if told else None,
    }


def _session(benefit: Benefit) -> Document:
    treatment, change = benefit.treatment, benefit.change_before_after
    return {
        "local_date": treatment.local_date.isoformat(),
        "label": treatment.label,
        "phase": treatment.phase and treatment.phase.value,
        "early_for_worsening": treatment.early_for_worsening,
        "censor_medication_change": treatment.censor_medication_change,
        "response": benefit.response,
        "reason": benefit.reason and benefit.reason.value,
        "response_day": benefit.response_day,
        "loss_of_benefit_day": benefit.loss_day,
        "censored": benefit.censored if benefit.response else None,
        "observed_days": benefit.observed_days,
        "end_reason": benefit.end_reason and benefit.end_reason.value,
        "began_to_fade_day": benefit.began_to_fade_day,
        "bounds": benefit.bounds and asdict(benefit.bounds),
        "change_before_after": change.change if isinstance(change, BeforeAfter) else None,
        "change_n": {"before": change.n_before, "after": change.n_after}
        if isinstance(change, BeforeAfter)
        else None,
        "change_reason": change.reason.value if isinstance(change, Withheld) else None,
        "before": benefit.before,
        "peak": benefit.peak,
        "peak_day": benefit.peak_day,
        "n": len(benefit.counted),
    }


def _durability(durability: Durability) -> Document:
    curve, trend, other = durability.curve, durability.trend, durability.as_censored
    return {
        "n": durability.n,
        "events": durability.events,
        "no_response": durability.no_response,
        "not_evaluable": durability.not_evaluable,
        **_curve(curve),
        "as_censored": None if other is None else _curve(other),
        "trend": _trend(trend) if isinstance(trend, HalfTrend) else None,
        "trend_reason": _withheld(trend) if isinstance(trend, Withheld) else None,
    }


def _trend(trend: HalfTrend) -> Document:
    names = ("first", "second", "n_first", "n_second", "followed_to_first", "followed_to_second")
    return {name: getattr(trend, name) for name in names}


def _curve(curve: Curve | Withheld) -> Document:
    if isinstance(curve, Withheld):
        names = ("median", "ci_low", "ci_high", "rmst_28", "followed_to", "table")
        return {**dict.fromkeys(names), "reason": curve.reason.value}
    return {**asdict(curve), "table": [asdict(step) for step in curve.table]}


def _aligned(days: Sequence[AlignedDay]) -> list[Document]:
    """Every offset there is, also those without a day."""
    known = {day.offset: asdict(day) for day in days}
    nothing = {"n": 0, **dict.fromkeys(("mean", "median", "low", "high"))}
    offsets = range(int(ALIGNED_FROM.value), int(ALIGNED_TO.value) + 1)
    return [known.get(offset, {"offset": offset, **nothing}) for offset in offsets]


def _ewma(chart: ControlChart) -> Document:
    return {
        **{name: getattr(chart, name) for name in ("mu", "s", "n0", "limit", "line")},
        "z": [{"local_date": day.local_date.isoformat(), "z": day.z} for day in chart.days],
        "signals": [day.isoformat() for day in chart.signals],
        "baseline_from": chart.baseline_from.isoformat(),
        "baseline_to": chart.baseline_to.isoformat(),
        "baseline_by": chart.baseline_by.value,
    }


# All days -------------------------------------------------------------------------------------------------------------


def _association(found: Association) -> Document:
    return {
        "status": found.status.value,
        "n": found.n,
        "per": found.per.value,
        **_slope(found.slope),
        "reverse": None if found.reverse is None else asdict(found.reverse),
    }


def _slope(slope: Slope | None) -> Document:
    return {name: getattr(slope, name, None) for name in ("b", "ci_low", "ci_high")}


# Questionnaires -------------------------------------------------------------------------------------------------------


def _assessments(
    outlines: Iterable[AssessmentOutline], *, until: date, first_session: date | None
) -> Document:
    """The totals of each kind in date order; kinds are never mixed."""
    kinds: dict[str, list[tuple[date, int, int]]] = {code: [] for code in SHIPPED}
    for one in outlines:
        if (
            one.scored_as in kinds
            and one.total is not None
            and one.completed_on
            and one.completed_on <= until
        ):
            kinds[one.scored_as].append((one.completed_on, one.total, one.answered))
    document: Document = {}
    for code, rows in kinds.items():
        if rows:
            response = _phq9_response(rows, first_session) if code == PHQ9 else {}
            document[code] = _kind(code, sorted(rows)) | response
    return document


def _kind(code: str, rows: Sequence[tuple[date, int, int]]) -> Document:
    known = instrument(code).reliable
    change = rows[-1][1] - rows[-2][1] if len(rows) > 1 else None
    return {
        "rows": [
            {"date": day.isoformat(), "total": total, "answered": answered} for day, total, answered in rows
        ],
        "change": change,
        "reliable_change": None if change is None or known is None else abs(change) >= known.threshold,
        "reason": "too_few" if change is None else None,
    }


def _phq9_response(rows: Sequence[tuple[date, int, int]], first_session: date | None) -> Document:
    found = phq9_response([(day, total) for day, total, _ in rows], first_session)
    if isinstance(found, Withheld):
        return {"response": None, "response_reason": found.reason.value}
    dates = {"baseline_date": found.baseline_date.isoformat(), "last_date": found.last_date.isoformat()}
    return {"response": asdict(found) | dates, "response_reason": None}
