"""Treatment sessions as lists show them, on both sides. No web framework inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from journal.domain.treatments import (
    GIVEN,
    Source,
    TreatmentSession,
    days_between,
    days_since_last,
    markers,
    recorded_twice,
)
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.storage import clinics, transfers
from journal.storage.patients import Patient
from journal.web.charts.words import session_mark, session_number
from journal.web.labels import route_words, status_chip
from journal.wording import whole

_NOBODY: Mapping[str, str] = {}
_SHOWN_BETWEEN = 12
"""Intervals in one sentence: the latest ones; nobody reads more of them."""


@dataclass(frozen=True, slots=True)
class TreatmentLine:
    """One session. ``name`` is S1, S2, … and ``number`` 1, 2, … where the drug was given.

    ``recorded_by`` is empty for the patient.
    """

    treatment: TreatmentSession
    name: str
    number: str
    status: str
    route: str
    recorded_by: str
    may_edit: bool
    twice: bool


def lines_of(
    found: Sequence[TreatmentSession],
    *,
    names: Mapping[int, str],
    may_edit: Collection[int | None] = (),
    elsewhere: Mapping[str, str] = _NOBODY,
) -> list[TreatmentLine]:
    """The lines of a list, in its order.

    ``names`` are the clinicians whom the reader may know by name; the others are "a clinician". ``may_edit`` holds
    whose records the reader may change: provider ids, and None for the patient's own. ``elsewhere`` names, by the
    session's public id, clinicians who are nobody here.
    """
    marked = {marker.local_date: marker for marker in markers(found)}
    twice = recorded_twice(found)
    return [
        TreatmentLine(
            treatment=one,
            name=session_mark(marked[one.local_date]) if one.status in GIVEN else "",
            number=session_number(marked[one.local_date]) if one.status in GIVEN else "",
            status=status_chip(one.status),
            route=route_words(one.route),
            recorded_by=_recorded_by(one, names, elsewhere),
            may_edit=not one.is_from_elsewhere and one.by_provider_id in may_edit,
            twice=one.local_date in twice,
        )
        for one in found
    ]


def own_lines(db: Session, patient: Patient, found: Sequence[TreatmentSession]) -> list[TreatmentLine]:
    """The lines of a list for the patient, who knows every clinician by name, those of a copy put back too."""
    ids = {one.by_provider_id for one in found if one.by_provider_id}
    is_carried = any(one.is_from_elsewhere for one in found)
    carried = (
        transfers.carried_history(db, patient.id, row=patient.public_id).names if is_carried else _NOBODY
    )
    return lines_of(found, names=clinics.names_of_providers(db, ids), may_edit=[None], elsewhere=carried)


def days_since_words(found: Sequence[TreatmentSession], today: date) -> str:
    """Days since the last given session, beside those between the earlier ones. Facts: nothing of what comes next.

    "" before the first one.
    """
    since = days_since_last(found, today)
    if since is None:
        return ""
    said = [
        ngettext(
            "%(days)s day since your last session.",
            "%(days)s days since your last session.",
            since,
            days=whole(since),
        )
        if since
        else _("Your last session was today.")
    ]
    between = days_between(markers(found))
    if between:
        listed = ", ".join(whole(days) for days in between[-_SHOWN_BETWEEN:])
        said.append(
            ngettext(
                "Between the earlier ones: %(days)s day.",
                "Between the earlier ones: %(days)s days.",
                sum(between),
                days=listed if len(between) <= _SHOWN_BETWEEN else f"… {listed}",
            )
        )
    return " ".join(said)


def _recorded_by(treatment: TreatmentSession, names: Mapping[int, str], elsewhere: Mapping[str, str]) -> str:
    if treatment.source is Source.PATIENT:
        return ""
    known = names.get(treatment.by_provider_id or 0) or elsewhere.get(treatment.public_id)
    return known or pgettext("recorded by", "a clinician")
