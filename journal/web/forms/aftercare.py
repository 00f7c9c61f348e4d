"""What is asked in the days after a session, as fields: on a check-in, on the session's own page, and from a phone.

Every field begins with ``after_``, so that a phone passes it on without knowing what it is: ``after_nausea``,
``after_peak``, ``after_gone``, ``after_minutes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from journal.domain.errors import Refused
from journal.domain.side_effects import NEUTRAL, OFFERED, Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import EXPERIENCE_WORDS, NUMBERS, TreatmentRecord
from journal.services.aftercare import NOTHING_TOLD, LookingBack, Ready, Told
from journal.web.forms.checkins import as_text
from journal.web.forms.reading import TicksField

PREFIX = "after_"
HERE = "here"
"""Sent for what has no strength: it is there."""
YES, NOT_YET = "yes", "not_yet"

_WHOLE_NUMBER = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class SentAfter:
    """What was told, as far as it could be read, and what could not."""

    told: Told
    problems: tuple[Refused, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not self.problems and self.told == NOTHING_TOLD


def read_told(form: Mapping[str, str]) -> SentAfter:
    """The answers among ``form`` that begin with ``after_``; an empty one was not given."""
    problems: list[Refused] = []
    effects: dict[SideEffectCode, Severity | None] = {}
    for code in OFFERED:
        given = form.get(PREFIX + code, "").strip()
        if not given:
            continue
        if code in NEUTRAL and given == HERE:
            effects[code] = None
        elif code not in NEUTRAL and given in {str(one.value) for one in Severity}:
            effects[code] = Severity(int(given))
        else:
            problems.append(Refused("not_a_choice", field=PREFIX + code))
    gone = form.get(PREFIX + "gone", "")
    if gone not in ("", YES, NOT_YET):
        problems.append(Refused("not_a_choice", field=PREFIX + "gone"))
    told = Told(
        effects=effects,
        peak=_number(form, "peak", "dissociation_peak", problems),
        gone={YES: True, NOT_YET: False}.get(gone),
        minutes=_number(form, "minutes", "dissociation_resolved_min", problems),
    )
    return SentAfter(told, tuple(problems))


def fields_of(record: TreatmentRecord, effects: Iterable[SideEffect]) -> MultiDict[str, str]:
    """The fields that would send what stands in a record, and what is still there of the side effects."""
    form: MultiDict[str, str] = MultiDict()
    for effect in effects:
        if effect.code in NEUTRAL:
            form[PREFIX + effect.code] = HERE
        elif effect.severity is not None:
            form[PREFIX + effect.code] = str(effect.severity.value)
    if record.dissociation_peak is not None:
        form[PREFIX + "peak"] = str(record.dissociation_peak)
    if record.dissociation_lasts:
        form[PREFIX + "gone"] = NOT_YET
    elif record.dissociation_resolved_min is not None:
        form[PREFIX + "gone"] = YES
        form[PREFIX + "minutes"] = str(record.dissociation_resolved_min)
    return form


class BeforeForm(FlaskForm):
    """The page before a session, as typed."""

    checklist = TicksField()
    escort_name = StringField()
    escort_phone = StringField()
    intention = StringField()
    intention_shared = StringField()

    def ready(self, asked: Iterable[str]) -> Ready:
        """What stands in the form; ``asked`` are the lines of the checklist that its page shows."""
        return Ready(
            asked=tuple(asked),
            checklist=tuple(self.checklist.data or ()),
            escort_name=as_text(self.escort_name.data or ""),
            escort_phone=as_text(self.escort_phone.data or ""),
            intention=as_text(self.intention.data or ""),
            intention_shared=self.intention_shared.data == "1",
        )


class AfterForm(FlaskForm):
    """The page after a session, as typed, but for what a check-in asks too."""

    experience_valence = StringField()
    experience_words = TicksField()
    integration_note = StringField()
    small_step = StringField()
    reflection_shared = StringField()

    def looking_back(self, told: Told) -> LookingBack:
        """What stands in the form, with what was told of the days since."""
        valence = self.experience_valence.data or ""
        ticked = set(self.experience_words.data or ())
        return LookingBack(
            told=told,
            valence=int(valence) if _WHOLE_NUMBER.fullmatch(valence) else None,
            words=tuple(word for word in EXPERIENCE_WORDS if word in ticked),
            note=as_text(self.integration_note.data or ""),
            small_step=as_text(self.small_step.data or ""),
            shared=self.reflection_shared.data == "1",
        )


def _number(form: Mapping[str, str], name: str, column: str, problems: list[Refused]) -> int | None:
    text = form.get(PREFIX + name, "").strip()
    if not text:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        problems.append(Refused("not_a_number", field=PREFIX + name))
        return None
    low, high = NUMBERS[column]
    if not low <= int(text) <= high:
        problems.append(Refused("out_of_range", field=PREFIX + name, low=low, high=high))
        return None
    return int(text)
