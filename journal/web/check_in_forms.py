"""The form of a check-in, new or to be changed: its questions for a day, one person's own parts, and what is wrong.

What was sent is read in ``forms.checkins``; the views stand in ``checkins``, and the JSON side in ``api``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import flask
from werkzeug.datastructures import MultiDict

from journal.domain.checkins import (
    ASKED_LATER,
    DAYS_BACK,
    NOTE_LENGTH,
    CheckIn,
    CheckInBody,
    Written,
    check,
    default_day,
)
from journal.domain.consents import Scope
from journal.domain.days import is_after_midnight, local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.trends import DAY
from journal.languages import gettext as _
from journal.services import checkins as acts
from journal.storage.patients import Patient
from journal.web import aftercare, current
from journal.web import check_in_words as words
from journal.web.activities import own_chips
from journal.web.forms import checkins as reading
from journal.web.forms.checkins import at_their_fields, in_summary
from journal.web.labels import MOOD_NOW, MOOD_THEN, QUESTIONS
from journal.web.readers import readers_in_words


class OwnForm(NamedTuple):
    """What makes the form one person’s own: their activities (code, label) and items, and who could read it."""

    chips: list[tuple[str, str]]
    items_on: set[str]
    note_readers: list[str]
    score_readers: list[str]
    shares_notes: bool


def new_form(
    patient: Patient,
    values: MultiDict[str, str],
    *,
    day: date,
    is_named: bool,
    client_key: str,
    fault: RefusedFields | None = None,
) -> str:
    """The page of a check-in that is not kept yet. ``is_named``: its day was chosen, or is about to be."""
    date_now, nights = current.today(), nights_of(patient)
    errors = at_their_fields(fault, values)
    asked, after = _asked(patient, values, day=day, errors=errors), None
    if (
        not current.is_locked()
    ):  # there, nothing says that there was a session, or what a clinic wants to know
        after, items = aftercare.questions(current.db(), patient, day)
        asked["items_on"] = asked["items_on"] | items  # type: ignore[operator]
    return flask.render_template(
        "checkins/new.html",
        **asked,
        after=after,
        is_named=is_named,
        nights=nights,
        is_picking="pick" in flask.request.args or "day" in errors or "local_date" in errors,
        earliest=date_now - timedelta(days=DAYS_BACK),
        today=date_now,
        # The night before last belongs to the day that has just begun.
        asks_sleep=not (nights and day != date_now),
        client_key=client_key,
    )


def edit_form(
    patient: Patient,
    kept: CheckIn,
    values: MultiDict[str, str],
    *,
    seen_version: int,
    fault: RefusedFields | None = None,
) -> str:
    """The page on which one that is kept is changed."""
    errors = at_their_fields(fault, values)
    return flask.render_template(
        "checkins/edit.html",
        **_asked(patient, values, day=kept.body.local_date, errors=errors, kept=kept.body),
        check_in_id=kept.public_id,
        seen_version=seen_version,
        asks_sleep=True,
    )


def own_form(patient: Patient, kept: CheckInBody | None = None) -> OwnForm:
    """The form as this person has it. What ``kept``, the check-in they are changing, has an answer to is asked too.

    Locked, it says nobody's name and none of the person's own words: an activity that they named is left out.
    """
    used = set(kept.activity_type) if kept else set()
    is_locked = current.is_locked()
    chips = [chip for chip in own_chips(patient) if not chip.hidden or chip.code in used]
    note_readers, score_readers = readers_in_words(patient, (Scope.NOTES,), (Scope.SCORES,))
    if is_locked:
        chips = [chip for chip in chips if not chip.typed]
        note_readers = [_("those who can read my notes")] if note_readers else []
        score_readers = [_("those who can see my days")] if score_readers else []
    return OwnForm(
        chips=[(chip.code, chip.label) for chip in chips],
        items_on=_turned_on(patient.preferences.get("items_on"), kept),
        note_readers=note_readers,
        score_readers=score_readers,
        shares_notes=bool(patient.preferences.get("share_notes")),
    )


def refuse_all_at_once(
    patient: Patient, sent: reading.Sent, written: Written | None, unread_day: list[Refused]
) -> None:
    """Refuse what could not be read together with what of the rest may not be recorded."""
    problems = [*unread_day, *sent.problems]
    try:
        if written is None or unread_day:
            check(sent.body, written_on=None)
        else:
            acts.check_fits(patient, sent.body, written, now=current.now())
    except RefusedFields as fault:
        problems += fault.problems
    raise RefusedFields(problems)


def nights_of(patient: Patient) -> tuple[date, date] | None:
    """Yesterday and today while it is not clear which of them the person means."""
    now = current.now()
    if not is_after_midnight(now, patient.zone):
        return None
    date_now = local_day(now, patient.zone)
    return date_now - DAY, date_now


def _asked(
    patient: Patient,
    values: MultiDict[str, str],
    *,
    day: date,
    errors: dict[str, str],
    kept: CheckInBody | None = None,
) -> dict[str, object]:
    """What both forms need: the questions worded for their day, the answers so far, who could read them."""
    now = current.now()
    is_now = day in (local_day(now, patient.zone), default_day(now, patient.zone))
    then = day != local_day(now, patient.zone)
    return {
        "day": day,
        "values": values,
        "errors": errors,
        "to_fix": in_summary(errors),
        "mood_question": _(MOOD_NOW if is_now else MOOD_THEN),
        "asked": {name: _(pair[then]) for name, pair in QUESTIONS.items()},
        "options": words.options(
            sleep_tiles=reading.sleep_tiles(values), activity_tiles=reading.ACTIVITY_TILES
        ),
        "note_length": NOTE_LENGTH,
        "is_locked": current.is_locked(),
        **own_form(patient, kept)._asdict(),
    }


def _turned_on(on: object, kept: CheckInBody | None) -> set[str]:
    """The items a person turned on, and those that the check-in they are changing has an answer to."""
    chosen = {str(name) for name in on} if isinstance(on, list) else set()
    names = (*reading.ONLY_IF_ON, *ASKED_LATER)
    answered = {name for name in names if kept and getattr(kept, name) is not None}
    return chosen & set(reading.ONLY_IF_ON) | answered
