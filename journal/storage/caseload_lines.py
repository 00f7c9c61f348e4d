"""What a provider's list shows of one person, worked out ahead: one row for each consent, as that consent opens it.

A row holds no word and nothing sealed. It was worked out at one ``revision`` of the patient's summary row and is good
until an instant (a midnight, mostly): at another revision, or after that instant, it is *behind* and is worked out
again before it is shown (``journal.services.caseload_lines``). The revision grows by itself: triggers on every table
that a line is made of (migration 0029) and each new check-in count it up. A trigger removes the row of a consent that
ends.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import consents as rules
from journal.storage.base import Base
from journal.storage.consents import Consent, as_consent
from journal.storage.patients import Patient, PatientSummary


class CaseloadLine(Base):
    """One line. ``kinds``: the bits of ``journal.domain.attention.Kind`` that were found, silence aside.

    ``silent_days``: dates without a check-in up to the day it was worked out for; None where scores are closed. What
    only sorts the list has columns; everything else is in ``facts``, as ``journal.services.caseload_lines`` wrote it.
    """

    __tablename__ = "caseload_line"

    consent_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consent.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    revision: Mapped[int]
    good_until: Mapped[datetime]
    kinds: Mapped[int]
    flag_since: Mapped[datetime | None]
    silent_days: Mapped[int | None]
    last_check_in_on: Mapped[date | None]
    last_session_on: Mapped[date | None]
    phq9_change: Mapped[int | None]
    facts: Mapped[dict[str, object]] = mapped_column(sa.JSON)


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line as it is kept; see :class:`CaseloadLine`."""

    consent_id: int
    revision: int
    good_until: datetime
    kinds: int
    flag_since: datetime | None
    silent_days: int | None
    last_check_in_on: date | None
    last_session_on: date | None
    phq9_change: int | None
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Behind:
    """A live consent whose line has to be worked out, the revision to do it at, and whose it is."""

    consent_id: int
    consent: rules.Consent
    revision: int
    patient: Patient


_TABLE: sa.Table = CaseloadLine.__table__  # type: ignore[assignment,explicit-any]
_COLUMNS = tuple(column.name for column in _TABLE.c)
_ALL = sa.select(Consent, PatientSummary.revision, Patient).select_from(
    sa.join(Consent, PatientSummary, PatientSummary.patient_id == Consent.patient_id)
    .join(Patient, Patient.id == Consent.patient_id)
    .outerjoin(CaseloadLine, CaseloadLine.consent_id == Consent.id)
)
_NOW = sa.bindparam("now", type_=CaseloadLine.good_until.type)


def is_behind(now: sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Whether a line, joined from the outside, has to be worked out again at the instant ``now``."""
    return sa.or_(
        CaseloadLine.consent_id.is_(None),
        CaseloadLine.revision != PatientSummary.revision,
        CaseloadLine.good_until <= now,
    )


_LIVE = (Consent.ended_at.is_(None), Consent.granted_at <= _NOW, Consent.expires_at > _NOW)
_BEHIND = (
    _ALL.where(*_LIVE, is_behind(_NOW)).order_by(Consent.id).limit(sa.bindparam("most", type_=sa.Integer()))
)


def lines_behind(db: Session, *, now: datetime, most: int) -> list[Behind]:
    """Up to ``most`` live consents whose line is missing or not true any more."""
    return _behind(db, _BEHIND, {"now": now, "most": most})


def behind_among(db: Session, consent_ids: Collection[int], *, now: datetime) -> list[Behind]:
    """Those of these consents whose line is behind."""
    query = _ALL.where(*_LIVE, is_behind(_NOW), Consent.id.in_(consent_ids)).order_by(Consent.id)
    return _behind(db, query, {"now": now})


def consent_between(db: Session, patient_id: int, provider_id: int, *, now: datetime) -> list[Behind]:
    """The live consent of a patient for a provider, whether its line is behind or not; none or one."""
    query = _ALL.where(*_LIVE, Consent.patient_id == patient_id, Consent.provider_id == provider_id)
    return _behind(db, query, {"now": now})


def every_line(db: Session, *, after: int, now: datetime, most: int) -> list[Behind]:
    """Up to ``most`` live consents with ids beyond ``after``, behind or not: to work all of them out again."""
    query = _ALL.where(*_LIVE, Consent.id > after).order_by(Consent.id).limit(most)
    return _behind(db, query, {"now": now})


def line_of(db: Session, consent_id: int) -> KeptLine | None:
    """The line of one consent as it is kept."""
    row = db.execute(sa.select(_TABLE).where(_TABLE.c.consent_id == consent_id)).mappings().one_or_none()
    return None if row is None else KeptLine(**row)


def put_lines(db: Session, lines: Collection[KeptLine]) -> None:
    """Keep these lines, each in place of what its consent had; in one order, so that no two wait for each other."""
    if not lines:
        return
    insert = sqlite.insert(_TABLE) if db.get_bind().dialect.name == "sqlite" else postgresql.insert(_TABLE)
    new = insert.excluded
    put = insert.on_conflict_do_update(
        index_elements=[_TABLE.c.consent_id],
        set_={name: new[name] for name in _COLUMNS if name != "consent_id"},
    )
    ordered = sorted(lines, key=lambda one: one.consent_id)
    db.execute(put, [{name: getattr(one, name) for name in _COLUMNS} for one in ordered])


def forget_lines(db: Session, *, now: datetime) -> int:
    """Remove the lines of consents that opened nothing any more at ``now``; how many."""
    over = sa.select(Consent.id).where(sa.or_(Consent.ended_at.is_not(None), Consent.expires_at <= now))
    removed = db.execute(sa.delete(_TABLE).where(_TABLE.c.consent_id.in_(over)))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _behind(db: Session, query: sa.Select[Consent, int, Patient], asked: dict[str, object]) -> list[Behind]:
    return [
        Behind(consent.id, as_consent(consent), revision, patient)
        for consent, revision, patient in db.execute(query, asked)
    ]
