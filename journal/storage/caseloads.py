"""Reading a provider's list: who is on a page, everybody narrowly where all have to be looked through, and the rows.

What each row holds was worked out ahead (``journal.storage.caseload_lines``), as the consent opens it, and where it
stands too: a page in the usual order comes from an index, however many people there are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.caseloads import Numbers, Only, Order, Person, Why
from journal.domain.consents import Scope, Sight
from journal.storage.caseload_lines import CaseloadLine
from journal.storage.consents import Consent
from journal.storage.courses import Course
from journal.storage.patient_changes import PatientChange
from journal.storage.patients import Patient
from journal.storage.prepared import Among, Question
from journal.storage.sealing import load_patient_keys, patient_sealer


class CaseloadEntry(NamedTuple):
    """One patient as one provider's list may show them. ``scopes`` as the consent names them. ``facts`` are those of
    the kept line; None: not there yet."""

    consent_id: int
    scopes: str
    visible_from: date | None
    public_id: str
    display_name: str
    zone: str
    why: int
    last_check_in_on: date | None
    last_session_on: date | None
    next_visit_at: datetime | None
    facts: dict[str, object] | None

    @property
    def sight(self) -> Sight:
        """What of the patient may be seen."""
        return _sight(self.scopes, self.visible_from)


_PROVIDER = sa.bindparam("provider_id", type_=sa.Integer())
_NOW = sa.bindparam("now", type_=CaseloadLine.good_until.type)
_STARTS = sa.bindparam("today_starts", type_=CaseloadLine.good_until.type)
_ENDS = sa.bindparam("today_ends", type_=CaseloadLine.good_until.type)
_LIVE = (
    Consent.provider_id == _PROVIDER,
    Consent.ended_at.is_(None),
    Consent.granted_at <= _NOW,
    Consent.expires_at > _NOW,
)
# A consent's line is there from its first moment to its end, and for some hours after it has run out.
_OF_PROVIDER = CaseloadLine.provider_id == _PROVIDER
_IS_OVER = CaseloadLine.good_until <= _NOW
_LISTED = (_OF_PROVIDER, sa.or_(CaseloadLine.good_until > _NOW, CaseloadLine.expires_at > _NOW))
_COMES_TODAY = sa.and_(CaseloadLine.next_visit_at >= _STARTS, CaseloadLine.next_visit_at < _ENDS)


def _how_many(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(CaseloadLine).where(*conditions).scalar_subquery()


# Each from its own index. Everybody is counted without looking at anything, and those whose time has run out are taken
# off: they are among the few whose lines are over.
_NUMBERS = Question(
    sa.select(
        _how_many(_OF_PROVIDER) - _how_many(_OF_PROVIDER, _IS_OVER, CaseloadLine.expires_at <= _NOW),
        _how_many(*_LISTED, CaseloadLine.why < Why.VISIT_TODAY),
        _how_many(*_LISTED, _COMES_TODAY),
        _how_many(_OF_PROVIDER, _IS_OVER, CaseloadLine.expires_at > _NOW),
    )
)
_CHANGED = Question(
    sa.select(CaseloadLine.consent_id).where(
        CaseloadLine.patient_id.in_(sa.select(PatientChange.patient_id)),
        CaseloadLine.provider_id + 0 == _PROVIDER,  # not by an index over everybody: the changes are few
        CaseloadLine.good_until > _NOW,
    )
)
_OVER = Question(
    sa.select(CaseloadLine.consent_id)
    .where(_OF_PROVIDER, _IS_OVER, CaseloadLine.expires_at > _NOW)
    .order_by(CaseloadLine.why, CaseloadLine.place_key)
)
_PLACE = (CaseloadLine.why, CaseloadLine.place_key)
_PLACES = Question(
    sa.select(*_PLACE)
    .where(*_LISTED)
    .order_by(*_PLACE)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    .offset(sa.bindparam("start", type_=sa.Integer()))
)


def _edge(name: str) -> sa.Tuple:
    return sa.tuple_(
        sa.bindparam(f"{name}_why", type_=sa.Integer()), sa.bindparam(f"{name}_key", type_=sa.BigInteger())
    )


_BEFORE = Question(sa.select(sa.func.count()).where(*_LISTED, sa.tuple_(*_PLACE) < _edge("first")))
_BETWEEN = Question(
    sa.select(
        CaseloadLine.consent_id,
        CaseloadLine.patient_id,
        Patient.display_name,
        *_PLACE,
        CaseloadLine.place_key,
    )
    .join(Patient, Patient.id == CaseloadLine.patient_id)
    .where(*_LISTED, sa.tuple_(*_PLACE) >= _edge("first"), sa.tuple_(*_PLACE) <= _edge("last"))
)
_AS_IT_IS = sa.types.NullType()  # as the driver gives it: it is only compared with others of its kind
_SORTED_BY = {
    Order.NEXT_VISIT: sa.type_coerce(CaseloadLine.place_key, _AS_IT_IS),
    Order.LAST_CHECK_IN: sa.type_coerce(CaseloadLine.last_check_in_on, _AS_IT_IS),
    Order.LAST_SESSION: sa.type_coerce(CaseloadLine.last_session_on, _AS_IT_IS),
    Order.PHQ9: sa.type_coerce(-CaseloadLine.phq9_change, _AS_IT_IS),
    Order.NAME: sa.type_coerce(sa.null(), _AS_IT_IS),
}
_ONLY = {
    Only.EVERYONE: sa.true(),
    Only.FIRST: CaseloadLine.why < Why.VISIT_TODAY,
    Only.TODAY: _COMES_TODAY,
    Only.SILENT: CaseloadLine.silent_days >= sa.bindparam("silent_from", type_=sa.Integer()),
}
_ROWS = Among(
    CaseloadLine.consent_id,
    lambda is_one_of_them: (
        sa.select(
            Consent.id,
            Consent.scopes,
            Consent.visible_from,
            Patient.public_id,
            Patient.display_name,
            Patient.zone,
            CaseloadLine.why,
            CaseloadLine.last_check_in_on,
            CaseloadLine.last_session_on,
            CaseloadLine.next_visit_at,
            sa.cast(CaseloadLine.facts, sa.Text()),
        )
        .select_from(
            sa.join(CaseloadLine, Consent, Consent.id == CaseloadLine.consent_id).join(
                Patient, Patient.id == Consent.patient_id
            )
        )
        .where(is_one_of_them, *_LIVE)
    ),
)
_INDICATIONS = Among(
    Course.public_id,
    lambda is_one_of_them: sa.select(Course.patient_id, Course.public_id, Course.indication).where(
        is_one_of_them, Course.indication.is_not(None)
    ),
    sa.String,
)


@cache
def _everybody(order: Order, only: Only) -> Question[int, int, str, int, int, object]:
    """Compiled once for each way to look at a list."""
    return Question(
        sa.select(
            CaseloadLine.consent_id, CaseloadLine.patient_id, Patient.display_name, *_PLACE, _SORTED_BY[order]
        )
        .join(Patient, Patient.id == CaseloadLine.patient_id)
        .where(*_LISTED, _ONLY[only])
    )


@dataclass(frozen=True, slots=True)
class ClinicDay:
    """When a list is looked at: the instant, and the two between which it is today at the clinic."""

    now: datetime
    starts: datetime
    ends: datetime


def numbers_of(db: Session, provider_id: int, day: ClinicDay) -> Numbers:
    """How many people share with a provider, and what of their lines can be said without looking at them."""
    ((people, first, today, over),) = _NUMBERS.rows(db, _asked(provider_id, day))
    return Numbers(people, first, today, over + len(_CHANGED.rows(db, _asked(provider_id, day))))


def behind_of(db: Session, provider_id: int, shown: Collection[int], day: ClinicDay) -> list[int]:
    """The consents whose lines have to be worked out again: where something happened, those among ``shown``, and the
    others in their order."""
    asked = _asked(provider_id, day)
    over = [consent_id for (consent_id,) in _OVER.rows(db, asked)]
    return [
        *(consent_id for (consent_id,) in _CHANGED.rows(db, asked)),
        *(one for one in over if one in shown),
        *(one for one in over if one not in shown),
    ]


def page_of(
    db: Session, provider_id: int, day: ClinicDay, *, start: int, most: int
) -> tuple[list[Person], int]:
    """Of everybody in the usual order, whoever can be on the page of ``most`` people from the one at ``start`` (from
    0), in no order; and how many come before all of these. More than ``most`` where several stand in one place."""
    asked = _asked(provider_id, day)
    places = _PLACES.rows(db, {**asked, "start": start, "most": most})
    if not places:
        return [], 0
    (first_why, first_key), (last_why, last_key) = places[0], places[-1]
    asked |= {"first_why": first_why, "first_key": first_key}
    before = _BEFORE.rows(db, asked)[0][0] if start else 0
    found = _BETWEEN.rows(db, {**asked, "last_why": last_why, "last_key": last_key})
    return list(map(Person._make, found)), before


def everybody_who_shares(
    db: Session,
    provider_id: int,
    day: ClinicDay,
    *,
    order: Order = Order.NEXT_VISIT,
    only: Only = Only.EVERYONE,
    silent_from: int = 0,
) -> list[Person]:
    """Everybody whom a list shows, in no order. ``silent_from``: how many silent days ``Only.SILENT`` asks for."""
    asked = {**_asked(provider_id, day), "silent_from": silent_from}
    return list(map(Person._make, _everybody(order, only).rows(db, asked)))


def entries_of(
    db: Session, provider_id: int, consent_ids: Sequence[int], *, now: datetime
) -> list[CaseloadEntry]:
    """The rows of these consents of a provider, in the order in which they are asked for."""
    if not consent_ids:
        return []
    rows = _ROWS.rows(db, consent_ids, {"provider_id": provider_id, "now": now})
    texts = [str(text or "null") for *_row, text in rows]
    facts = json.loads(f"[{','.join(texts)}]")  # at once, not one by one
    found = {row[0]: CaseloadEntry._make((*row[:-1], line)) for row, line in zip(rows, facts, strict=True)}
    return [found[one] for one in consent_ids if one in found]


def readable_by(
    db: Session, provider_id: int, *, now: datetime, limit: int, offset: int
) -> list[tuple[Patient, Sight]]:
    """Some of the people who share with a provider at ``now``, by name, each with what of them may be seen."""
    rows = db.execute(
        sa.select(Patient, Consent.scopes, Consent.visible_from)
        .join(Consent, Consent.patient_id == Patient.id)
        .where(*_LIVE)
        .order_by(sa.func.lower(Patient.display_name), Patient.id)
        .limit(limit)
        .offset(offset),
        {"provider_id": provider_id, "now": now},
    )
    return [(patient, _sight(scopes, visible_from)) for patient, scopes, visible_from in rows]


def count_readable_by(db: Session, provider_id: int, *, now: datetime) -> int:
    """How many people share with a provider at ``now``."""
    asked = {"provider_id": provider_id, "now": now}
    return db.scalars(sa.select(sa.func.count()).select_from(Consent).where(*_LIVE), asked).one()


def indications_of(db: Session, course_public_ids: Collection[str]) -> dict[str, str]:
    """What each of these courses treats, where somebody wrote it down."""
    if not course_public_ids:
        return {}
    rows = _INDICATIONS.rows(db, course_public_ids, {})
    load_patient_keys(db, {patient_id for patient_id, _course, _text in rows})
    return {
        course: patient_sealer(db, patient_id).open(text, column="course.indication", row=course)
        for patient_id, course, text in rows
        if text is not None
    }


def _asked(provider_id: int, day: ClinicDay) -> dict[str, object]:
    return {
        "provider_id": provider_id,
        "now": day.now,
        "today_starts": day.starts,
        "today_ends": day.ends,
    }


def _sight(scopes: str, visible_from: date | None) -> Sight:
    return Sight(scopes_of(scopes), visible_from)


@cache
def scopes_of(names: str) -> frozenset[Scope]:
    """The scopes that a consent's list names: there are few such lists."""
    return frozenset(Scope(name) for name in names.split(",") if name)
