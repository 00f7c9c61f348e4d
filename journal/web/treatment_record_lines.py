"""One recorded session as its page shows it, on both sides: facts, measurements, side effects, what was doubted.

No web framework inside. What the reader may see was asked before; here it becomes words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journal.domain.days import local_day
from journal.domain.side_effects import SideEffect, needs_help_now
from journal.domain.treatment_checks import doubts_about
from journal.domain.treatment_records import TreatmentRecord, Vitals
from journal.domain.treatments import Source, TreatmentSession
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.labels import YES_OR_NO, route_words, status_chip
from journal.web.treatment_words import (
    amount,
    dose_otherwise,
    dose_words,
    experience_words,
    kept_doubt_words,
    measured_words,
    medicine_words,
    setting_words,
    severity_words,
    side_effect_words,
    valence_words,
)
from journal.wording import clock, day_and_year, listed

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One side effect: what, how strong and since when, and who said so."""

    what: str
    about: str
    recorded_by: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class RecordLines:
    """A session's page. Every list may be empty; ``vitals`` are rows of cells under ``vitals_columns``."""

    facts: list[Fact]
    vitals_columns: list[str]
    vitals: list[list[str]]
    effects: list[EffectLine]
    wrote: list[Fact]
    doubts: list[str]
    is_urgent: bool


def record_lines(
    treatment: TreatmentSession,
    record: TreatmentRecord,
    effects: Sequence[SideEffect],
    *,
    zone: str,
    home: str,
    patient_name: str,
    clinic_name: str,
) -> RecordLines:
    """``zone`` is the reader's clock, ``home`` where the patient's days are counted.

    ``patient_name`` and ``clinic_name`` are what the reader calls the two sides that side effects come from.
    """
    names = {Source.PATIENT: patient_name, Source.CLINICIAN: clinic_name}
    return RecordLines(
        facts=_said(_facts(treatment, record, zone)),
        vitals_columns=[
            pgettext("vitals", "When"),
            _("Blood pressure, mmHg"),
            _("Pulse, /min"),
            _("SpO₂, percent"),
        ],
        vitals=[_vitals_cells(one) for one in record.vitals],
        effects=[_effect_line(one, home, names[one.source]) for one in effects if one.severity != 0],
        wrote=_said(_wrote(record)),
        doubts=[kept_doubt_words(doubt) for doubt in doubts_about(record, treatment.route)],
        is_urgent=any(one.is_open and needs_help_now(one.code, one.severity) for one in effects),
    )


def _said(facts: Sequence[Fact]) -> list[Fact]:
    return [(what, how) for what, how in facts if how]


def _facts(treatment: TreatmentSession, record: TreatmentRecord, zone: str) -> list[Fact]:
    dose = record.dose(treatment.route)
    figure = dose_words(dose) if dose else _("Not known") if record.dose_unknown else ""
    minutes = record.infusion_min
    return [
        (pgettext("session", "Status"), status_chip(treatment.status)),
        (_("Time"), _times(treatment, record, zone)),
        (pgettext("session", "Route"), route_words(treatment.route)),
        (_("Dose"), figure),
        (_("In the other unit"), dose_otherwise(dose, record.weight_kg) if dose else ""),
        (_("Weight"), amount(record.weight_kg, "kg") if record.weight_kg is not None else ""),
        (_("Infusion"), "" if minutes is None else _infusion(minutes)),
        (_("Devices of esketamine nasal spray"), str(record.device_count or "")),
        (_("Where"), setting_words(record.setting)),
        (_("Medicines of the day"), _medicines(record)),
        (_("Strongest feeling of being detached"), _of(record.dissociation_peak, 10)),
        (_("That feeling had gone"), _gone(record)),
        (_("CADSS, total"), _of(record.cadss_total, 92)),
        (_("MADRS, total"), _of(record.madrs_total, 60)),
        (_("Mood on leaving"), _of(record.discharge_mood, 10)),
        (_("Ready to leave at"), clock(record.ready_to_leave_at, zone) if record.ready_to_leave_at else ""),
        (_("Food and drink as told"), _yes_or_no(record.fasting_ok)),
        (_("Ride home"), record.escort_name or _yes_or_no(record.escort)),
        (_("Given early because of worsening"), _yes_or_no(record.early_for_worsening or None)),
        (
            _("A psychiatric medicine was changed after it"),
            _yes_or_no(record.censor_medication_change or None),
        ),
    ]


def _wrote(record: TreatmentRecord) -> list[Fact]:
    return [
        (_("Intention"), record.intention),
        (_("Overall, the session felt"), valence_words(record.experience_valence)),
        (_("Some of what was there"), listed([experience_words(word) for word in record.experience_words])),
        (_("What stayed"), record.integration_note),
        (_("One small step"), record.small_step),
    ]


def _times(treatment: TreatmentSession, record: TreatmentRecord, zone: str) -> str:
    begins = clock(treatment.started_at, zone) if treatment.started_at else ""
    ends = clock(record.ended_at, zone) if record.ended_at else ""
    if begins and ends:
        return _("%(start)s to %(end)s", start=begins, end=ends)
    return begins or (_("until %(end)s", end=ends) if ends else "")


def _infusion(minutes: int) -> str:
    if not minutes:
        return _("Bolus")
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def _medicines(record: TreatmentRecord) -> str:
    return listed([*map(medicine_words, sorted(record.meds_today)), *filter(None, [record.other_meds_today])])


def _gone(record: TreatmentRecord) -> str:
    if record.dissociation_lasts:
        return _("Not yet, when last asked")
    minutes = record.dissociation_resolved_min
    return "" if minutes is None else ngettext("After %(num)s minute", "After %(num)s minutes", minutes)


def _of(value: int | None, most: int) -> str:
    return "" if value is None else _("%(value)s of %(most)s", value=value, most=most)


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else pgettext("answer", YES_OR_NO[value])


def _vitals_cells(one: Vitals) -> list[str]:
    when = measured_words(one.measured)
    if one.t_min is not None:
        when = _(
            "%(when)s, %(minutes)s min", when=when, minutes=str(one.t_min).replace("-", "\N{MINUS SIGN}")
        )
    pressure = "" if one.sys is None else f"{one.sys}/{one.dia}"
    return [when, pressure, _figure(one.hr), _figure(one.spo2)]


def _figure(value: int | None) -> str:
    return "" if value is None else str(value)


def _effect_line(one: SideEffect, home: str, recorded_by: str) -> EffectLine:
    since = day_and_year(one.onset)
    if one.resolved_at is None:
        span = _("since %(day)s", day=since)
    else:
        span = _("%(day)s, gone by %(gone)s", day=since, gone=day_and_year(local_day(one.resolved_at, home)))
    return EffectLine(
        what=side_effect_words(one.code),
        about=" · ".join(filter(None, [severity_words(one.severity), span])),
        recorded_by=recorded_by,
        is_open=one.is_open,
    )
