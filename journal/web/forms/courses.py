"""Forms of a course: text becomes values. What a course may say, and which dates may be, is asked of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_wtf import FlaskForm
from wtforms import StringField

from journal.domain.course_bodies import CourseBody
from journal.domain.courses import PRESETS, Rhythm, Stretch
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatments import BASELINE_WINDOW, Course, Drug, Phase, PresetId, Route
from journal.web.forms.reading import VersionForm, read_choice, read_day

WHOLE_SCHEDULE = "schedule"
"""The choice to lay out what a course's schedule says."""


class CourseForm(FlaskForm):
    """What a course says, as typed."""

    preset_id = StringField()
    drug = StringField()
    route = StringField()
    phase = StringField()
    indication = StringField()
    start_date = StringField()
    planned_sessions = StringField()
    baseline_window_days = StringField()
    notes = StringField()

    def said(self) -> CourseBody:
        """The values; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        preset_id = read_choice(self.preset_id, PresetId, problems) if self.preset_id.data else None
        drug = read_choice(self.drug, Drug, problems) if self.drug.data else None
        route = read_choice(self.route, Route, problems) if self.route.data else None
        starts = read_day(self.start_date, problems) if (self.start_date.data or "").strip() else None
        planned = _number(self.planned_sessions, problems)
        window = _number(self.baseline_window_days, problems)
        if problems:
            raise RefusedFields(problems)
        return CourseBody(
            preset_id=preset_id,
            drug=drug,
            route=route,
            indication=(self.indication.data or "").strip(),
            notes=(self.notes.data or "").replace("\r\n", "\n").strip(),
            start_date=starts,
            planned_sessions=planned,
            baseline_window_days=BASELINE_WINDOW if window is None else window,
        )

    def begins_as(self) -> Phase:
        """The phase it begins in."""
        problems: list[Refused] = []
        phase = read_choice(self.phase, Phase, problems)
        if phase is None:
            raise RefusedFields(problems)
        return phase


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sessions are to be planned, the first of them on ``first``."""

    stretches: tuple[Stretch, ...]
    first: date


class PlanForm(FlaskForm):
    """Dates to be laid out, as typed; ``seen`` holds those that were looked at."""

    how = StringField()
    count = StringField()
    first = StringField()
    seen = StringField()

    def asked(self, course: Course) -> Asked:
        """The values; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        first = read_day(self.first, problems)
        preset = PRESETS.get(course.preset_id) if course.preset_id else None
        stretches: tuple[Stretch, ...] = ()
        if self.how.data == WHOLE_SCHEDULE and preset and preset.stretches:
            stretches = preset.stretches
        else:
            rhythm = read_choice(self.how, Rhythm, problems)
            count = _number(self.count, problems)
            if count is None and not any(problem.field == self.count.name for problem in problems):
                problems.append(Refused("count_missing", field=self.count.name))
            if rhythm is not None and count is not None:
                stretches = (Stretch(course.phase, rhythm, count),)
        if problems or first is None:
            raise RefusedFields(problems)
        return Asked(stretches, first)

    def dates_seen(self) -> list[date]:
        """The dates that were looked at; none where somebody made the field unreadable."""
        try:
            return [date.fromisoformat(text) for text in (self.seen.data or "").split()]
        except ValueError:
            return []


class MoveForm(VersionForm):
    """Another date for a planned session, as typed; ``version`` is of the record that was open."""

    local_date = StringField()

    def to(self) -> date:
        """The date."""
        problems: list[Refused] = []
        day = read_day(self.local_date, problems)
        if day is None:
            raise RefusedFields(problems)
        return day


class PhaseForm(FlaskForm):
    """The next phase of a course, and from which day on, as typed."""

    phase = StringField()
    local_date = StringField()

    def said(self) -> tuple[Phase, date]:
        """The values; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        phase = read_choice(self.phase, Phase, problems, unanswered="phase_missing")
        day = read_day(self.local_date, problems)
        if problems or phase is None or day is None:
            raise RefusedFields(problems)
        return phase, day


def _number(field: StringField, problems: list[Refused]) -> int | None:
    """A whole number; None for an empty field."""
    text = (field.data or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    problems.append(Refused("not_a_number", field=field.name))
    return None
