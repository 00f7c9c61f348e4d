"""Courses: their page, laying one out, moving and cancelling what is planned, and the step to the next phase.

Both sides have the same pages. A provider keeps a course to whom sessions are open; a patient where nobody does, and
otherwise reads it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from journal.domain.courses import PRESETS, Rhythm, further_dates
from journal.domain.errors import Refused
from journal.domain.treatments import BASELINE_WINDOW, Course, Drug, Phase, Route, TreatmentSession
from journal.languages import gettext as _
from journal.messages import sentence
from journal.services import courses as acts
from journal.services.courses import LaidOut
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.course_desks import Desk, address, desk_of
from journal.web.course_pages import CoursePage, MonthShown, marks_of, months_of
from journal.web.course_words import drug_words, rhythm_words, schedule_words, schedules, step_words
from journal.web.either_side import Here, reading, writing
from journal.web.forms.courses import WHOLE_SCHEDULE, CourseForm, MoveForm, PhaseForm, PlanForm
from journal.web.labels import route_words


def mine() -> str:
    """The patient's course: read, or kept where nobody else does."""
    return _show(None)


def of_patient(patient_id: str) -> str:
    """A patient's course, for a provider to whom sessions are open."""
    return _show(patient_id)


def new() -> ResponseReturnValue:
    """A patient alone begins a course."""
    return _new(None)


def new_for_patient(patient_id: str) -> ResponseReturnValue:
    """A provider begins a course."""
    return _new(patient_id)


def edit() -> ResponseReturnValue:
    """A patient alone puts right what the course says."""
    return _edit(None)


def edit_for_patient(patient_id: str) -> ResponseReturnValue:
    """A provider puts right what the course says."""
    return _edit(patient_id)


def plan() -> ResponseReturnValue:
    """A patient alone lays out sessions."""
    return _plan(None)


def plan_for_patient(patient_id: str) -> ResponseReturnValue:
    """A provider lays out sessions."""
    return _plan(patient_id)


def phase() -> ResponseReturnValue:
    """A patient alone takes the course to its next phase."""
    return _phase(None)


def phase_for_patient(patient_id: str) -> ResponseReturnValue:
    """A provider takes the course to its next phase."""
    return _phase(patient_id)


def move(treatment_id: str) -> ResponseReturnValue:
    """A patient alone moves a planned session."""
    return _move(None, treatment_id)


def move_for_patient(patient_id: str, treatment_id: str) -> ResponseReturnValue:
    """A provider moves a planned session of the clinic."""
    return _move(patient_id, treatment_id)


def cancel(treatment_id: str) -> ResponseReturnValue:
    """A patient alone cancels a planned session."""
    return _cancel(None, treatment_id)


def cancel_for_patient(patient_id: str, treatment_id: str) -> ResponseReturnValue:
    """A provider cancels a planned session of the clinic."""
    return _cancel(patient_id, treatment_id)


def _show(patient_id: str | None) -> str:
    with reading(patient_id) as here:
        desk = desk_of(here, patient_id)
    return flask.render_template("courses/show.html", said=flask.request.args.get("said"), **desk.given())


def _new(patient_id: str | None) -> ResponseReturnValue:
    with reading(patient_id) as here:
        desk = desk_of(here, patient_id)
    course = desk.page.course
    if desk.keepers or (course is not None and course.phase is not Phase.ENDED):
        return _not_now(desk, "course_not_over")
    form = CourseForm(preset_id="", phase=Phase.INDUCTION.value, baseline_window_days=str(BASELINE_WINDOW))
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            _begin(there, form)
        if attempt.succeeded:
            return _go(desk, "plan")
    page = flask.render_template(
        "courses/new.html", form=form, errors=attempt.errors, **desk.given(), **_choices()
    )
    return page, attempt.status


def _edit(patient_id: str | None) -> ResponseReturnValue:
    with reading(patient_id) as here:
        desk = desk_of(here, patient_id)
    course = desk.page.course
    if desk.keepers or course is None:
        return _not_now(desk, "")
    form = _filled(course if desk.page.tells_start else replace(course, start_date=None))
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            acts.change_course(there.db, there.patient, form.said(), by=there.writer, now=current.now())
        if attempt.succeeded:
            return _go(desk)
    page = flask.render_template(
        "courses/edit.html", form=form, errors=attempt.errors, **desk.given(), **_choices()
    )
    return page, attempt.status


def _plan(patient_id: str | None) -> ResponseReturnValue:
    with reading(patient_id) as here:
        desk = desk_of(here, patient_id)
    course = desk.page.course
    if desk.keepers or course is None or course.phase is Phase.ENDED:
        return _not_now(desk, "")
    form = _usual_plan(desk.page, course, desk.today)
    saving, looking = Attempt(), Attempt()
    laid_out: LaidOut | None = None
    if form.validate_on_submit():
        if flask.request.form.get("step") == "save":
            with writing(saving, patient_id) as there:
                _lay_out(there, form, course)
            if saving.succeeded:
                return _go(desk)
        elif patient_id is not None:
            current.write_down_look(patient_id)
        with looking.trying():
            laid_out = _look_ahead(patient_id, form, course)
    errors = looking.errors or saving.errors
    months: list[MonthShown] = []
    if laid_out is not None:
        form.seen.data = " ".join(day.local_date.isoformat() for day in laid_out.new)
        months = months_of(marks_of(laid_out), today=desk.today, region=desk.region, from_first=True)
    page = flask.render_template(
        "courses/plan.html",
        form=form,
        errors=errors,
        laid_out=laid_out,
        months=months,
        rhythms=_rhythms(course),
        **desk.given(),
    )
    return page, 422 if errors else 200


def _phase(patient_id: str | None) -> ResponseReturnValue:
    with reading(patient_id) as here:
        desk = desk_of(here, patient_id)
    if desk.keepers or not desk.page.next_phases:
        return _not_now(desk, "")
    form = PhaseForm(local_date=desk.page.earliest_change.isoformat())
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            _change_phase(there, form)
        if attempt.succeeded:
            return _go(desk)
    steps = [(phase.value, step_words(phase), None) for phase in desk.page.next_phases]
    page = flask.render_template(
        "courses/phase.html", form=form, errors=attempt.errors, steps=steps, **desk.given()
    )
    return page, attempt.status


def _move(patient_id: str | None, treatment_id: str) -> ResponseReturnValue:
    with reading(patient_id) as here:
        desk = desk_of(here, patient_id)
        before = None if desk.keepers else _planned(here, treatment_id)
    if before is None:
        return _not_now(desk, "not_planned_any_more")
    form = MoveForm(local_date=before.local_date.isoformat(), version=str(before.version))
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            acts.move_session(
                there.db,
                there.patient,
                treatment_id,
                to=form.to(),
                seen_version=form.seen_version(),
                zone=desk.zone,
                by=there.writer,
                now=current.now(),
            )
        if attempt.succeeded:
            return _go(desk)
        if attempt.was_faster:
            form.version.data = str(before.version)
    page = flask.render_template(
        "courses/move.html", form=form, errors=attempt.errors, treatment=before, **desk.given()
    )
    return page, attempt.status


def _cancel(patient_id: str | None, treatment_id: str) -> ResponseReturnValue:
    form = MoveForm()
    if not form.validate_on_submit():
        flask.abort(400)
    attempt = Attempt()
    with writing(attempt, patient_id) as here:
        acts.cancel_session(
            here.db,
            here.patient,
            treatment_id,
            seen_version=form.seen_version(),
            by=here.writer,
            now=current.now(),
        )
    # Where somebody was faster, the page shows how it stands now.
    return flask.redirect(address(patient_id, said="cancelled" if attempt.succeeded else None), 303)


# What the pages are made of ------------------------------------------------------------------------------------------


def _go(desk: Desk, name: str = "") -> ResponseReturnValue:
    return flask.redirect(address(desk.patient_id, name), 303)


def _not_now(desk: Desk, code: str) -> ResponseReturnValue:
    """The page where what its address is for cannot be done as things stand."""
    why = (
        sentence(Refused("course_kept_by_provider" if desk.keepers else code)) if code or desk.keepers else ""
    )
    return flask.render_template("courses/not_now.html", why=why, **desk.given())


def _begin(here: Here, form: CourseForm) -> str:
    return acts.begin_course(
        here.db,
        here.patient,
        form.said(),
        phase=form.begins_as(),
        by=here.writer,
        now=current.now(),
    )


def _lay_out(here: Here, form: PlanForm, course: Course) -> int:
    asked = form.asked(course)
    return acts.lay_out_sessions(
        here.db,
        here.patient,
        asked.stretches,
        first=asked.first,
        seen=form.dates_seen(),
        by=here.writer,
        now=current.now(),
    )


def _look_ahead(patient_id: str | None, form: PlanForm, course: Course) -> LaidOut:
    asked = form.asked(course)
    with reading(patient_id) as here:
        return acts.look_ahead(
            here.db, here.patient, asked.stretches, first=asked.first, by=here.writer, now=current.now()
        )


def _change_phase(here: Here, form: PhaseForm) -> Course:
    to, on = form.said()
    return acts.change_phase(here.db, here.patient, to, on=on, by=here.writer, now=current.now())


def _planned(here: Here, treatment_id: str) -> TreatmentSession | None:
    try:
        return acts.planned_session(here.db, here.patient, treatment_id, by=here.writer, now=current.now())
    except Refused:
        return None


def _filled(course: Course) -> CourseForm:
    return CourseForm(
        preset_id=course.preset_id.value if course.preset_id else "",
        drug=course.drug.value,
        route=course.default_route.value if course.default_route else "",
        indication=course.indication,
        start_date=course.start_date.isoformat() if course.start_date else "",
        planned_sessions=str(course.planned_sessions or ""),
        baseline_window_days=str(course.baseline_window_days),
        notes=course.notes,
    )


def _usual_plan(page: CoursePage, course: Course, today: date) -> PlanForm:
    """The form as it opens: the whole schedule on a course that has nothing planned, else what follows the last."""
    preset = PRESETS.get(course.preset_id) if course.preset_id else None
    planned = [line.treatment.local_date for line in page.planned]
    if preset is not None and preset.stretches and not planned:
        first = max(course.start_date or today, today)
        return PlanForm(how=WHOLE_SCHEDULE, first=first.isoformat())
    rhythm = preset.afterwards[0] if preset is not None and preset.afterwards else Rhythm.WEEKLY
    first = (
        further_dates(max(planned), rhythm, count=1)[0] if planned else max(course.start_date or today, today)
    )
    return PlanForm(how=rhythm.value if planned else "", first=first.isoformat())


def _rhythms(course: Course) -> list[tuple[str, str, str | None]]:
    preset = PRESETS.get(course.preset_id) if course.preset_id else None
    listed: list[tuple[str, str, str | None]] = []
    if preset is not None and preset.stretches:
        listed.append((WHOLE_SCHEDULE, _("The whole schedule"), schedule_words(preset.id)))
    return [*listed, *((rhythm.value, rhythm_words(rhythm), None) for rhythm in Rhythm)]


def _choices() -> dict[str, object]:
    return {
        "schedules": schedules(),
        "drugs": [("", _("As the schedule says")), *((one.value, drug_words(one)) for one in Drug)],
        "routes": [("", _("As the schedule says")), *((one.value, route_words(one)) for one in Route)],
        "phases": [(one.value, step_words(one)) for one in acts.BEGINS_AS],
    }
