"""Treatment sessions as lists show them, on both sides. No web framework inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
from journal.web.chart_words import session_mark, session_number
from journal.web.labels import route_words, status_chip
from journal.wording import whole

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
    found: Sequence[TreatmentSession], *, names: Mapping[int, str], may_edit: Collection[int | None] = ()
) -> list[TreatmentLine]:
    """The lines of a list, in its order.

    ``names`` are the clinicians whom the reader may know by name; the others are "a clinician". ``may_edit`` holds
    whose records the reader may change: provider ids, and None for the patient's own.
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
            recorded_by=""
            if one.source is Source.PATIENT
            else names.get(one.by_provider_id or 0, pgettext("recorded by", "a clinician")),
            may_edit=(None if one.source is Source.PATIENT else one.by_provider_id) in may_edit,
            twice=one.local_date in twice,
        )
        for one in found
    ]


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
