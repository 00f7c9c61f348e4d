"""What a provider's list shows of one person, worked out ahead: one row for each consent, as that consent opens it.

A row holds no word and nothing sealed. It is *behind*, and is worked out again before it is shown
(``journal.services.caseload_lines``), from an instant on (a midnight, mostly), and while there is a change of its
patient's that it may not hold (``journal.storage.patient_changes``). A trigger removes the row of a consent that ends.

Two may work out the same line at once, and the one who read first may keep last. So the order of reading and the
conditions of keeping are fixed here. Read are: which changes there are; then which consents and which versions of
lines; then all the rest. Kept is a line in place of that very version alone. And the changes are taken away when every
line of their patient was kept: each of these holds them, and a line of a consent that was given later does too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import consents as rules
from journal.storage import patient_changes
from journal.storage.base import Base
from journal.storage.clinics import Provider
from journal.storage.consents import Consent, as_consent
from journal.storage.patient_changes import PatientChange
from journal.storage.patients import Patient


class CaseloadLine(Base):
    """One line. A consent has one from its first moment (a trigger of migration 0031), without ``facts`` at first.

    ``version`` counts how often it was kept, 0 at first. ``why`` and ``place_key`` are the ``Place`` of
    ``journal.domain.caseloads``; ``next_visit_at`` is the next visit with this provider from the day on that it was
    worked out for. ``silent_days``: dates without a check-in up to that day; None where scores are closed. What only
    sorts the list has columns; everything else is in ``facts``, as ``journal.services.caseload_lines`` wrote it. Whose
    it is and when the consent expires are the consent's; no line is good any longer than that.
    """

    __tablename__ = "caseload_line"
    __table_args__ = (
        # A page in order, how many lines are behind, and who comes today: without a look at a single row.
        sa.Index("ix_caseload_line_place", "provider_id", "why", "place_key", "good_until", "expires_at"),
        sa.Index("ix_caseload_line_good_until", "provider_id", "good_until", "expires_at"),
        sa.Index("ix_caseload_line_next_visit", "provider_id", "next_visit_at", "good_until", "expires_at"),
    )

    consent_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consent.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"))
    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    version: Mapped[int]
    good_until: Mapped[datetime]
    why: Mapped[int]
    place_key: Mapped[int] = mapped_column(sa.BigInteger)
    next_visit_at: Mapped[datetime | None]
    silent_days: Mapped[int | None]
    last_check_in_on: Mapped[date | None]
    last_session_on: Mapped[date | None]
    phq9_change: Mapped[int | None]
    facts: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True))


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line as it is kept; see :class:`CaseloadLine`."""

    consent_id: int
    provider_id: int
    patient_id: int
    expires_at: datetime
    version: int
    good_until: datetime
    why: int
    place_key: int
    next_visit_at: datetime | None
    silent_days: int | None
    last_check_in_on: date | None
    last_session_on: date | None
    phq9_change: int | None
    facts: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A consent whose line has to be worked out, and whose it is. ``version``: that of the line there is; 0: none."""

    consent_id: int
    consent: rules.Consent
    version: int
    patient: Patient

    @property
    def sight(self) -> rules.Sight:
        """What of the patient the reader of the line may see."""
        return rules.Sight(scopes=self.consent.scopes, visible_from=self.consent.visible_from)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Lines to work out, and the numbers of the changes that they will hold then, by patient.

    ``last``: the greatest number of the patients among them; 0 where there is nobody.
    """

    behind: list[Behind]
    changes: dict[int, list[int]]
    last: int = 0


@dataclass(frozen=True, slots=True)
class Worked:
    """What waited, and those of its lines that could be worked out."""

    waiting: Waiting
    lines: list[KeptLine]


_TABLE: sa.Table = CaseloadLine.__table__  # type: ignore[assignment,explicit-any]
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = tuple(column.name for column in _TABLE.c)
_GOOD_UNTIL = sa.func.coalesce(
    CaseloadLine.good_until, sa.literal(_LONG_AGO, type_=CaseloadLine.good_until.type)
)
_ALL = sa.select(Consent, sa.func.coalesce(CaseloadLine.version, 0), _GOOD_UNTIL, Patient).select_from(
    sa.join(Consent, Patient, Patient.id == Consent.patient_id).outerjoin(
        CaseloadLine, CaseloadLine.consent_id == Consent.id
    )
)


def lines_behind(db: Session, *, now: datetime, most: int, after: int = 0) -> Waiting:
    """What waits of up to ``most`` patients with numbers beyond ``after``, in that order.

    Changes of patients who share with nobody are among it.
    """
    changed = sa.select(PatientChange.patient_id).where(PatientChange.patient_id > after)
    over = (
        sa.select(Consent.patient_id)
        .outerjoin(CaseloadLine, CaseloadLine.consent_id == Consent.id)
        .where(*_open_at(now), _is_missing_or_over(now), Consent.patient_id > after)
    )
    found = sa.union(changed, over).subquery()
    return _waiting(
        db, db.scalars(sa.select(found.c.patient_id).order_by(found.c.patient_id).limit(most)), now=now
    )


def behind_among(db: Session, consent_ids: Collection[int], *, now: datetime) -> Waiting:
    """What waits of these consents, and every other line of those of their patients who have changes."""
    patients = sa.select(Consent.patient_id).where(Consent.id.in_(consent_ids)).distinct()
    return _waiting(db, db.scalars(patients), now=now, among=consent_ids)


def consent_between(db: Session, patient_id: int, provider_id: int, *, now: datetime) -> list[Behind]:
    """The live consent of a patient for a provider, whether its line is behind or not; none or one."""
    asked = (Consent.patient_id == patient_id, Consent.provider_id == provider_id, Consent.granted_at <= now)
    return [one for one, _is_over in _open_lines(db, *asked, now=now)]


def every_line(db: Session, *, after: int, now: datetime, most: int) -> Waiting:
    """Every line of up to ``most`` patients with numbers beyond ``after``: to work all of them out again."""
    patients = sa.select(Patient.id).where(Patient.id > after).order_by(Patient.id).limit(most)
    return _waiting(db, db.scalars(patients), now=now, everything=True)


def line_of(db: Session, consent_id: int) -> KeptLine | None:
    """The line of one consent as it is kept."""
    row = db.execute(sa.select(_TABLE).where(_TABLE.c.consent_id == consent_id)).mappings().one_or_none()
    return None if row is None else KeptLine(**row)


def put_lines(db: Session, worked: Worked) -> None:
    """Keep these lines, and take away the changes that they hold.

    A line that somebody else kept meanwhile stays as it is, and so do its patient's changes: it is behind until then.
    """
    kept = _kept(db, worked.lines)
    unfinished = {one.patient.id for one in worked.waiting.behind if one.consent_id not in kept}
    patient_changes.take_away(
        db,
        (
            number
            for patient_id, numbers in worked.waiting.changes.items()
            if patient_id not in unfinished
            for number in numbers
        ),
    )


def put_behind(db: Session, clinic_id: int) -> None:
    """Have every line of a clinic's providers worked out again, those too that somebody is working out just now."""
    theirs = sa.select(Provider.id).where(Provider.clinic_id == clinic_id)
    held = sa.select(CaseloadLine.consent_id).where(CaseloadLine.provider_id.in_(theirs))
    ids = list(db.scalars(held.order_by(CaseloadLine.consent_id).with_for_update()))
    over = {"version": _TABLE.c.version + 1, "good_until": _LONG_AGO}
    db.execute(sa.update(_TABLE).where(_TABLE.c.consent_id.in_(ids)).values(**over))


def forget_lines(db: Session, *, now: datetime) -> int:
    """Remove the lines of consents that opened nothing any more at ``now``; how many."""
    over = sa.select(Consent.id).where(sa.or_(Consent.ended_at.is_not(None), Consent.expires_at <= now))
    removed = db.execute(sa.delete(_TABLE).where(_TABLE.c.consent_id.in_(over)))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _is_missing_or_over(now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    return sa.or_(CaseloadLine.consent_id.is_(None), CaseloadLine.good_until <= now)


def _open_at(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Of consents whose lines are kept. One that by another machine's clock was given in a moment is among them."""
    return Consent.ended_at.is_(None), Consent.expires_at > now


def _waiting(
    db: Session,
    patients: Iterable[int],
    *,
    now: datetime,
    among: Collection[int] | None = None,
    everything: bool = False,
) -> Waiting:
    ids = sorted(patients)
    changes = patient_changes.changes_of(db, ids)  # before the consents, and all that the lines are made of
    behind = [
        one
        for one, is_over in _open_lines(db, Consent.patient_id.in_(ids), now=now)
        if everything or one.patient.id in changes or (is_over and (among is None or one.consent_id in among))
    ]
    return Waiting(behind, changes, last=max(ids, default=0))


def _open_lines(db: Session, *conditions: sa.ColumnElement[bool], now: datetime) -> list[tuple[Behind, bool]]:
    """Each with whether its line is missing, or was good until now."""
    rows = db.execute(_ALL.where(*_open_at(now), *conditions).order_by(Consent.id))
    return [
        (
            Behind(consent.id, as_consent(consent), version, patient),
            good_until <= now,
        )
        for consent, version, good_until, patient in rows
    ]


def _kept(db: Session, lines: Collection[KeptLine]) -> set[int]:
    """Keep each line in place of the version before it; the consents of those that were kept."""
    if not lines:
        return set()
    # Never waiting for somebody who erases a patient and comes to these lines from the other side.
    held = set(
        db.scalars(
            sa.select(Consent.id)
            .where(Consent.id.in_([one.consent_id for one in lines]))
            .with_for_update(read=True, key_share=True, skip_locked=True)
        )
    )
    insert = sqlite.insert(_TABLE) if db.get_bind().dialect.name == "sqlite" else postgresql.insert(_TABLE)
    new = insert.excluded
    put = insert.on_conflict_do_update(
        index_elements=[_TABLE.c.consent_id],
        set_={name: new[name] for name in _COLUMNS if name != "consent_id"},
        where=_TABLE.c.version == new.version - 1,
    ).returning(_TABLE.c.consent_id)
    # In one order, so that no two wait for each other.
    ordered = sorted((one for one in lines if one.consent_id in held), key=lambda one: one.consent_id)
    if not ordered:
        return set()
    return set(db.scalars(put, [{name: getattr(one, name) for name in _COLUMNS} for one in ordered]))
