"""Forms about sharing: inviting, accepting and changing. What may be granted is decided in services."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from journal.domain.consents import Scope
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatments import Phase, PresetId
from journal.storage.consents import Draft
from journal.web.forms.accounts import StartForm, read_email
from journal.web.forms.reading import TicksField, read_choice, read_day

COURSES = {"induction": Phase.INDUCTION, "maintenance": Phase.MAINTENANCE, "later": None}


class InviteForm(FlaskForm):
    """Whom to invite, how, and what is known of their course."""

    label = StringField()
    way = StringField()
    email = StringField()
    course = StringField()
    preset_id = StringField()
    indication = StringField()
    planned_sessions = StringField()
    first_session = StringField()
    understood = BooleanField()

    def said(self) -> tuple[str, Draft]:
        """The address (empty for a code on paper) and the draft; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        email = ""
        if self.way.data == "mail":
            try:
                email = read_email(self.email)
            except Refused as fault:
                problems.append(fault)
        elif self.way.data != "paper":
            problems.append(Refused("not_a_choice", field="way"))
        if self.course.data not in COURSES:
            problems.append(Refused("not_a_choice", field="course"))
        phase = COURSES.get(self.course.data or "")
        planned, first = self._course(problems) if phase else (None, None)
        preset_id = read_choice(self.preset_id, PresetId, problems) if phase and self.preset_id.data else None
        if not self.understood.data:
            problems.append(Refused("not_understood", field="understood"))
        if problems:
            raise RefusedFields(problems)
        return email, Draft(
            label=(self.label.data or "").strip(),
            phase=phase,
            indication=(self.indication.data or "").strip() if phase else "",
            planned_sessions=planned,
            first_session=first,
            preset_id=preset_id,
        )

    def _course(self, problems: list[Refused]) -> tuple[int | None, date | None]:
        planned, first = None, None
        text = (self.planned_sessions.data or "").strip()
        if text:
            if text.isascii() and text.isdigit() and len(text) < 4:
                planned = int(text)
            else:
                problems.append(Refused("not_a_number", field="planned_sessions"))
        if (self.first_session.data or "").strip():
            first = read_day(self.first_session, problems)
        return planned, first


class PaperCodeForm(FlaskForm):
    """A code typed from paper."""

    code = StringField()


class ScopesForm(FlaskForm):
    """What one provider may read, and from which day on; ``again`` after it had ended."""

    scopes = TicksField()
    since = StringField()
    again = BooleanField()

    def chosen(self) -> frozenset[Scope]:
        """The scopes that are switched on; what is not one of them is left out."""
        return frozenset(scope for scope in Scope if scope.value in (self.scopes.data or []))


class AcceptForm(ScopesForm, StartForm):
    """Saying yes; the fields of a newcomer are filled in only by one."""

    password = StringField()
    understood = BooleanField()
    remember = BooleanField()
