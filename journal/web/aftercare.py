"""Before and after a session: getting ready, looking back, and what Today and a check-in say and ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from journal.domain.aftercare import (
    Card,
    SmallStep,
    before_is_open,
    card_on,
    reflection_is_open,
    small_steps_on,
    ticked,
)
from journal.domain.clinical_limits import REFLECTION_DAYS
from journal.domain.consents import Scope
from journal.domain.errors import NotFound, RefusedFields
from journal.domain.reminder_prompts import SessionDay
from journal.domain.side_effects import NEUTRAL, OFFERED, SideEffect, SideEffectCode
from journal.domain.support import PERSON_NAME_LENGTH, PERSON_PHONE_LENGTH, can_be_dialled, dialled
from journal.domain.treatment_records import EXPERIENCE_WORDS, SMALL_STEP_LENGTH, TreatmentRecord
from journal.domain.treatments import GIVEN, NOTE_LENGTH, Source, TreatmentSession, markers
from journal.services import aftercare as acts
from journal.services.aftercare import AskedAfter
from journal.storage import (
    checkins,
    flag_reviews,
    side_effects,
    treatment_records,
    treatments,
)
from journal.storage.patients import Patient
from journal.web import clinic_templates, current
from journal.web import treatment_words as words
from journal.web.attempts import Attempt
from journal.web.clinic_templates import Shown
from journal.web.forms.aftercare import PREFIX, AfterForm, BeforeForm, fields_of, read_told
from journal.web.readers import readers_in_words

STARRED_DAYS, STARRED_MOST = 60, 5
"""How far back, and how many, of the notes that somebody wants to bring along stand on the page before a session."""
_REFLECTIONS = (Scope.SESSIONS, Scope.REFLECTIONS)
"""What opens to a reader what was written about a session and shared."""
_NOT_TODAY = "after_not_today"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic to call: its name, its number as it writes it, and as a phone dials it."""

    name: str
    phone: str
    dial: str


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The card of a session's day and of the next. ``ride`` dials whoever takes them home, on the day itself.

    ``is_said``: whether somebody said that it took place. ``mark``: where its patient says so, while nobody has.
    ``asks``: whether the page after the session is open and was not put off for today. ``is_told``: whether something
    stands there already.
    """

    kind: Card
    treatment: str
    number: int
    clinics: list[Clinic]
    extra: Shown | None
    ride_name: str
    ride: str
    asks: bool
    is_told: bool
    is_said: bool
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class OnToday:
    """What Today says of sessions: what should not wait, the card of the day, and small steps that are shown again."""

    urgent: list[str]
    card: Aftercare | None = None
    steps: tuple[tuple[SmallStep, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Symptom:
    """One side effect as it is asked about: the field, its words, and since when it is there."""

    name: str
    label: str
    since: date | None = None
    is_neutral: bool = False


@dataclass(frozen=True, slots=True)
class Questions:
    """What a form asks of the days after a session. ``session_on``: the session that it asks about, if any."""

    session_on: date | None
    offered: list[Symptom]
    carried: list[Symptom]
    asks_peak: bool
    asks_gone: bool
    severities: list[tuple[str, str]]
    tens: tuple[tuple[str, str], ...] = tuple((str(value), str(value)) for value in range(11))


def on_today(db: Session, patient: Patient, found: Sequence[TreatmentSession], *, today: date) -> OnToday:
    """What Today says of sessions. Nothing of it is shown on a phone that is locked."""
    given = acts.given_lately(db, patient, found, today=today)
    begun = acts.begun_lately(db, patient, found, today=today, now=current.now())
    numbers = {marker.local_date: number for number, marker in enumerate(markers(found), start=1)}
    steps = small_steps_on([(day, record.small_step) for day, record in given], today)
    on = {day.id: day.local_date for day, _record in given}
    shown = [*begun, *given]
    kind = card_on((day for day, _record in shown), today)
    return OnToday(
        urgent=urgent_words(acts.urgent_now(db, patient, today=today)) if given else [],
        card=None if kind is None else _card(db, patient, found, kind, shown=shown, today=today),
        steps=tuple((step, numbers[on[step.treatment]]) for step in steps),
    )


def questions(db: Session, patient: Patient, day: date) -> tuple[Questions | None, set[str]]:
    """What a check-in about ``day`` asks of the sessions before it, and which of the items that nobody turns on for
    themselves it has: those of a clinic, and the feeling that has not gone since a session."""
    found = treatments.treatments_of(db, patient.id)
    given = acts.given_lately(db, patient, found, today=day)
    asked = acts.asked_after(db, patient, day, given=given, now=current.now(), is_treated=bool(found))
    items = (("detached", asked.dissociation.daily), ("elevated", asked.elevated))
    return (_questions(asked, given) if asked.anything else None), {name for name, is_on in items if is_on}


def urgent_words(codes: Sequence[SideEffectCode]) -> list[str]:
    """What was named that should not wait."""
    return list(dict.fromkeys(words.side_effect_words(code) for code in codes))


def before(treatment_id: str) -> ResponseReturnValue:
    """Getting ready: what the clinic asks, who takes them home, an intention, and what they want to bring."""
    db, patient = current.db(), current.patient()
    treatment, record = _own(patient, treatment_id)
    if not before_is_open(treatment, current.today()):
        if treatment.status in GIVEN:
            return flask.redirect(flask.url_for("aftercare.after", treatment_id=treatment_id), 303)
        flask.abort(404)
    template = clinic_templates.shown_to(db, patient, treatment)
    form = BeforeForm(
        checklist=list(record.checklist),
        escort_name=record.escort_name,
        escort_phone=record.escort_phone,
        intention=record.intention,
        intention_shared="1" if record.intention_shared else "0",
    )
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as work:
            acts.get_ready(
                work,
                patient,
                treatment_id,
                form.ready(template.items),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            flask.flash("before")
            return flask.redirect(flask.url_for("aftercare.before", treatment_id=treatment_id), 303)
    page = flask.render_template(
        "aftercare/before.html",
        treatment=treatment,
        number=len(markers(treatments.treatments_of(db, patient.id))) + 1,
        days=(treatment.local_date - current.today()).days,
        zone=patient.zone,
        template=template,
        done=ticked(list(template.items), record),
        form=form,
        errors=attempt.errors,
        ride=dialled(record.escort_phone) if can_be_dialled(record.escort_phone) else "",
        ride_name=record.escort_name,
        starred=checkins.starred_notes(
            db, patient.id, since=current.today() - STARRED_DAYS * _DAY, most=STARRED_MOST
        ),
        readers=readers_in_words(patient, _REFLECTIONS)[0],
        name_length=PERSON_NAME_LENGTH,
        phone_length=PERSON_PHONE_LENGTH,
        note_length=NOTE_LENGTH,
        is_saved=bool(flask.get_flashed_messages()) and not attempt.errors,
    )
    return page, attempt.status


def after(treatment_id: str) -> ResponseReturnValue:
    """Looking back: as little as somebody likes, for a week. Afterwards it can be read."""
    db, patient = current.db(), current.patient()
    treatment, record = _own(patient, treatment_id)
    if treatment.status not in GIVEN:
        flask.abort(404)
    day = SessionDay(treatment_id, treatment.local_date, record.ended_at)
    today, now = current.today(), current.now()
    is_open = reflection_is_open(treatment, day, zone=patient.zone, today=today, now=now)
    there = [
        one
        for one in side_effects.side_effects_of(db, patient.id, treatment=treatment_id)
        if one.is_open or (one.code in NEUTRAL and one.resolved_at is None)
    ]
    form = AfterForm(
        experience_valence="" if record.experience_valence is None else str(record.experience_valence),
        experience_words=list(record.experience_words),
        integration_note=record.integration_note,
        small_step=record.small_step,
        reflection_shared="1" if record.reflection_shared else "0",
    )
    values, attempt = fields_of(record, there), Attempt()
    if form.validate_on_submit():
        values = MultiDict(flask.request.form)
        with attempt.writing() as work:
            sent = read_told(flask.request.form)
            if sent.problems:
                raise RefusedFields(list(sent.problems))
            acts.look_back(
                work,
                patient,
                treatment_id,
                form.looking_back(sent.told),
                actor_account_id=current.account().account_id,
                now=now,
            )
        if attempt.succeeded:
            flask.flash("after")
            return flask.redirect(flask.url_for("aftercare.after", treatment_id=treatment_id), 303)
    found = treatments.treatments_of(db, patient.id)
    page = flask.render_template(
        "aftercare/after.html",
        treatment=treatment,
        number=_number(found, treatment.local_date),
        is_open=is_open,
        is_early=not is_open and today <= treatment.local_date + int(REFLECTION_DAYS.value) * _DAY,
        record=record,
        form=form,
        values=values,
        errors={_field(name): text for name, text in attempt.errors.items()},
        asked=_all_questions(treatment.local_date, there),
        valences=[(str(value), words.valence_words(value)) for value in range(len(words.EXPERIENCES))],
        experiences=[(name, words.experience_words(name)) for name in EXPERIENCE_WORDS],
        readers=readers_in_words(patient, _REFLECTIONS)[0],
        note_length=NOTE_LENGTH,
        step_length=SMALL_STEP_LENGTH,
        clinics=_clinics(db, patient),
        urgent=urgent_words(acts.urgent_now(db, patient, today=today)),
        is_saved=bool(flask.get_flashed_messages()) and not attempt.errors,
        is_told=_is_told(record),
    )
    return page, attempt.status


def not_today(treatment_id: str) -> ResponseReturnValue:
    """Put looking back off: Today does not offer it again on this day. Nothing is kept of it but in this browser."""
    _own(current.patient(), treatment_id)
    flask.session[_NOT_TODAY] = current.today().isoformat()
    return flask.redirect(flask.url_for("checkins.today"), 303)


def _own(patient: Patient, treatment_id: str) -> tuple[TreatmentSession, TreatmentRecord]:
    treatment = treatments.treatment_of(current.db(), patient.id, treatment_id)
    record = treatment_records.record_of(current.db(), patient.id, treatment_id)
    if treatment is None or record is None:
        raise NotFound
    return treatment, record


def _card(
    db: Session,
    patient: Patient,
    found: Sequence[TreatmentSession],
    kind: Card,
    *,
    shown: acts.Given,
    today: date,
) -> Aftercare:
    on = today if kind is Card.SESSION_DAY else today - _DAY
    day, record = max(
        (one for one in shown if one[0].local_date == on), key=lambda one: (one[0].local_date, one[0].id)
    )
    treatment = next(one for one in found if one.public_id == day.id)
    is_open = reflection_is_open(treatment, day, zone=patient.zone, today=today, now=current.now())
    can_ride = kind is Card.SESSION_DAY and can_be_dialled(record.escort_phone)
    return Aftercare(
        kind=kind,
        treatment=day.id,
        number=_number(found, on) if treatment.status in GIVEN else len(markers(found)) + 1,
        clinics=_clinics(db, patient),
        extra=clinic_templates.shown_to(db, patient, treatment).texts.get("aftercare"),
        ride_name=record.escort_name if can_ride else "",
        ride=dialled(record.escort_phone) if can_ride else "",
        mark=flask.url_for("treatments.edit", treatment_id=day.id)
        if treatment.status not in GIVEN and treatment.source is Source.PATIENT
        else None,
        asks=is_open and flask.session.get(_NOT_TODAY) != today.isoformat(),
        is_told=_is_told(record),
        is_said=treatment.status in GIVEN,
    )


def _is_told(record: TreatmentRecord) -> bool:
    """Whether somebody looked back on a session already: then nothing asks them to a second time."""
    numbers = (record.experience_valence, record.dissociation_peak)
    written = (record.experience_words, record.integration_note, record.small_step)
    return any(number is not None for number in numbers) or any(written)


def _clinics(db: Session, patient: Patient) -> list[Clinic]:
    return [
        Clinic(name, phone, dialled(phone))
        for name, phone in flag_reviews.clinic_phones(db, patient.id, now=current.now())
        if can_be_dialled(phone)
    ]


def _number(found: Sequence[TreatmentSession], on: date) -> int:
    """The 1, 2, 3, … of the given session of a date."""
    return 1 + [marker.local_date for marker in markers(found)].index(on)


def _questions(asked: AskedAfter, given: acts.Given) -> Questions:
    on = {day.id: day.local_date for day, _record in given}
    about = asked.effects.treatment or asked.dissociation.peak_of
    return Questions(
        session_on=on.get(about) if about else None,
        offered=[_symptom(code) for code in asked.effects.offered],
        carried=_carried(asked.effects.carried),
        asks_peak=asked.dissociation.peak_of is not None,
        asks_gone=asked.dissociation.peak_of is not None or bool(asked.dissociation.lasting),
        severities=_severities(),
    )


def _all_questions(session_on: date, there: Sequence[SideEffect]) -> Questions:
    """What the session's own page asks: everything, with what is there first."""
    carried = _carried([one for one in there if one.code not in NEUTRAL])
    open_names = {one.name for one in carried}
    return Questions(
        session_on=session_on,
        offered=[one for code in OFFERED if (one := _symptom(code)).name not in open_names],
        carried=carried,
        asks_peak=True,
        asks_gone=True,
        severities=_severities(),
    )


def _severities() -> list[tuple[str, str]]:
    """The strengths to choose from, as (value sent, words)."""
    return [(str(one.value), words.severity_words(one)) for one in words.SEVERITIES]


def _carried(effects: Sequence[SideEffect]) -> list[Symptom]:
    """Each code once, since the first time it came up."""
    first: dict[SideEffectCode, date] = {}
    for effect in effects:
        first[effect.code] = min(effect.onset, first.get(effect.code, effect.onset))
    return [Symptom(PREFIX + code, words.side_effect_words(code), since) for code, since in first.items()]


def _symptom(code: SideEffectCode) -> Symptom:
    return Symptom(PREFIX + code, words.side_effect_words(code), is_neutral=code in NEUTRAL)


def _field(name: str) -> str:
    """The form's name of a field that a record calls otherwise."""
    return {"dissociation_peak": "after_peak", "dissociation_resolved_min": "after_minutes"}.get(name, name)
