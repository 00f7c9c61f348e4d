"""Medicines and key moments as lists show them, on both sides. No web framework inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from journal.domain.treatments import Source
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.services.medications import is_taken
from journal.storage.key_moments import KeptMoment
from journal.storage.medications import KeptMedication
from journal.wording import day_and_year


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """One medicine in one dose. ``days`` is since when, or from when to when; ``recorded_by`` is empty for the patient.

    ``ended_by`` says that the other side wrote down its end; it is empty where the same side did.
    """

    kept: KeptMedication
    days: str
    recorded_by: str
    ended_by: str
    may_mend: bool


@dataclass(frozen=True, slots=True)
class MomentLine:
    """One key moment. ``recorded_by`` is empty for the patient."""

    kept: KeptMoment
    recorded_by: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class MedicineList:
    """What is taken on a day or later, and what ended before it."""

    now: list[MedicineLine]
    before: list[MedicineLine]


def medicine_list(
    found: Sequence[KeptMedication], *, today: date, names: Mapping[int, str], own: Collection[str] = ()
) -> MedicineList:
    """The two lists of ``found``, each in its order.

    ``names`` are the clinicians whom the reader may know by name, the others are "a clinician"; ``own`` holds the
    public ids of those that the reader may mend.
    """
    lines = [
        line_of(
            one,
            recorded_by=_by(one.taken.source, one.by_provider_id, names),
            may_mend=one.taken.public_id in own,
        )
        for one in found
    ]
    return MedicineList(
        now=[line for line in lines if is_taken(line.kept, on=today)],
        before=[line for line in lines if not is_taken(line.kept, on=today)],
    )


def line_of(kept: KeptMedication, *, recorded_by: str = "", may_mend: bool = False) -> MedicineLine:
    """One medicine as a line."""
    return MedicineLine(kept, _days(kept), recorded_by, _ended_by(kept), may_mend)


def moment_lines(
    found: Sequence[KeptMoment], *, names: Mapping[int, str], own: Collection[str] = ()
) -> list[MomentLine]:
    """The lines of ``found``, in its order; ``names`` and ``own`` as for :func:`medicine_list`."""
    return [
        MomentLine(
            kept=one,
            recorded_by=_by(one.moment.source, one.by_provider_id, names),
            may_change=one.moment.public_id in own,
        )
        for one in found
    ]


def _by(source: Source, provider_id: int | None, names: Mapping[int, str]) -> str:
    if source is Source.PATIENT:
        return ""
    return names.get(provider_id or 0, pgettext("recorded by", "a clinician"))


def _days(kept: KeptMedication) -> str:
    started, ended = kept.taken.started_on, kept.taken.ended_on
    if kept.began_earlier:
        return (
            _("until %(day)s, begun earlier than you can see", day=day_and_year(ended))
            if ended
            else _("begun earlier than you can see")
        )
    if started and ended:
        return _("%(first)s to %(last)s", first=day_and_year(started), last=day_and_year(ended))
    if started:
        return _("since %(day)s", day=day_and_year(started))
    return _("until %(day)s", day=day_and_year(ended)) if ended else ""


def _ended_by(kept: KeptMedication) -> str:
    if kept.ended_source is None or kept.ended_source is kept.taken.source:
        return ""
    if kept.ended_source is Source.PATIENT:
        return _("its end was written down by the patient")
    return _("its end was written down by a clinician")
