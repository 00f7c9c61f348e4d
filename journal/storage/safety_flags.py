"""Flags: answers that a person has to look at. The table, and every question asked of it.

What an answer was, and what somebody wrote about having looked, is sealed; whether it is acute is not, because a list
is sorted by it. Triggers in the database keep a flag from ever becoming less urgent, or being looked at twice by the
same name. A provider's questions go through a live consent that opens ``assessments``, and to no day before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from journal.domain import safety_flags as values
from journal.domain.assessments import Raised
from journal.domain.consents import Scope
from journal.domain.safety_flags import Concern, Look, RightNow
from journal.storage.base import Base, Identified, UTCDateTime, new_public_id
from journal.storage.clinics import Provider
from journal.storage.consents import Consent
from journal.storage.help_panels import HelpPanel, said_on
from journal.storage.patients import Patient, PatientSummary
from journal.storage.prepared import Question
from journal.storage.sealing import load_patient_keys, patient_sealer

LOOKED_AT_FOR = timedelta(days=28)
"""So long a flag that was acknowledged stays in the inbox, where its note can be read."""

# A table whose module needs this one's neighbours, so that its class cannot be imported here.
_ACCOUNT = sa.table("account", sa.column("id", sa.Integer()), sa.column("disabled_at", UTCDateTime()))


class SafetyFlag(Identified, Base):
    """One concern. Of one questionnaire at most one is open: what is said again is joined to it.

    ``noted_at``: when whoever wants to be told was told that there is something to read, or that nobody does.
    """

    __tablename__ = "safety_flag"
    __table_args__ = (
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)"
            " AND (acknowledged_at IS NULL) = (note IS NULL)",
            name="acknowledged_by_name_with_a_note",
        ),
        sa.CheckConstraint(
            "(second_at IS NULL) = (second_by_id IS NULL) AND (second_at IS NULL) = (second_note IS NULL)",
            name="second_by_name_with_a_note",
        ),
        sa.CheckConstraint(
            "second_at IS NULL OR (acknowledged_at IS NOT NULL AND second_by_id <> acknowledged_by_id)",
            name="second_is_somebody_else",
        ),
        sa.Index("ix_safety_flag_patient_time", "patient_id", "created_at"),
        sa.Index(
            "uq_safety_flag_open",
            "assessment_id",
            unique=True,
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
        ),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    assessment_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(sa.String(16))
    value: Mapped[bytes]
    acute: Mapped[bool]
    created_at: Mapped[datetime]
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    acknowledged_at: Mapped[datetime | None]
    note: Mapped[bytes | None]
    second_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    second_at: Mapped[datetime | None]
    second_note: Mapped[bytes | None]
    noted_at: Mapped[datetime | None]


# A patient's own


def flags_about(db: Session, assessment_id: int) -> list[values.SafetyFlag]:
    """Every flag that the answers of one questionnaire ever raised, the oldest first."""
    rows = db.scalars(
        sa.select(SafetyFlag).where(SafetyFlag.assessment_id == assessment_id).order_by(SafetyFlag.id)
    )
    return [_as_flag(db, row) for row in rows]


def add_flag(db: Session, patient_id: int, assessment_id: int, concern: Concern, *, now: datetime) -> str:
    """Add a flag; its public id."""
    public_id = new_public_id()
    db.execute(
        sa.insert(SafetyFlag).values(
            public_id=public_id,
            patient_id=patient_id,
            assessment_id=assessment_id,
            source=concern.source,
            value=_sealed(db, patient_id, public_id, concern),
            acute=concern.is_acute,
            created_at=now,
        )
    )
    return public_id


def raise_flag(db: Session, flag: values.SafetyFlag, concern: Concern) -> bool:
    """Let an open flag say more than it did; whether it was still open."""
    raised = db.execute(
        sa.update(SafetyFlag)
        .where(SafetyFlag.public_id == flag.public_id, SafetyFlag.acknowledged_at.is_(None))
        .values(
            value=_sealed(db, flag.patient_id, flag.public_id, concern),
            acute=sa.or_(SafetyFlag.acute, sa.literal(concern.is_acute)),
            noted_at=None,
        )
    )
    return bool(raised.rowcount)  # type: ignore[attr-defined]


def open_since(db: Session, patient_id: int) -> list[tuple[datetime, bool]]:
    """When each open flag of a patient was made and whether it is acute, the oldest first."""
    rows = db.execute(
        sa.select(SafetyFlag.created_at, SafetyFlag.acute)
        .where(SafetyFlag.patient_id == patient_id, SafetyFlag.acknowledged_at.is_(None))
        .order_by(SafetyFlag.created_at, SafetyFlag.id)
    )
    return [(at, acute) for at, acute in rows]


def claim_unnoted(db: Session, *, now: datetime, limit: int) -> list[int]:
    """Take the open flags that nobody was told of yet, as told of now; whose they are, by patient id."""
    untold = (SafetyFlag.noted_at.is_(None), SafetyFlag.acknowledged_at.is_(None))
    whose = sa.select(SafetyFlag.patient_id).where(*untold).order_by(SafetyFlag.id).limit(limit)
    # Who answers has their row by the time that they change a flag: it is taken first here too.
    held = db.scalars(
        sa.select(PatientSummary.patient_id)
        .where(PatientSummary.patient_id.in_(whose))
        .order_by(PatientSummary.patient_id)
        .with_for_update()
    ).all()
    waiting = (
        sa.select(SafetyFlag.id)
        .where(*untold, SafetyFlag.patient_id.in_(held))
        .order_by(SafetyFlag.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.scalars(waiting))
    taken = db.execute(
        sa.update(SafetyFlag)
        .where(SafetyFlag.id.in_(ids), SafetyFlag.noted_at.is_(None))
        .values(noted_at=now)
        .returning(SafetyFlag.patient_id)
    )
    return list(dict.fromkeys(taken.scalars()))


# A provider's


@dataclass(frozen=True, slots=True)
class SeenFlag:
    """A flag with whose it is, as a provider may see it, and what was answered about right now."""

    flag: values.SafetyFlag
    patient_public_id: str
    patient_name: str
    zone: str
    right_now: RightNow | None


def flags_seen(db: Session, provider_id: int, *, now: datetime) -> list[SeenFlag]:
    """The flags that a provider may see: open ones, and those acknowledged lately; in the order of an inbox."""
    asked = _seen_by(provider_id, now=now).where(
        sa.or_(SafetyFlag.acknowledged_at.is_(None), SafetyFlag.acknowledged_at > now - LOOKED_AT_FOR)
    )
    rows = db.execute(asked).all()
    load_patient_keys(db, {patient.id for _flag, patient, _consent, _panel in rows})
    seen = {one.flag: one for one in (_as_seen(db, *row) for row in rows) if one is not None}
    return [seen[flag] for flag in values.in_order(seen)]


def open_flags_seen(db: Session, provider_id: int, patient_id: int, *, now: datetime) -> list[SeenFlag]:
    """The flags of one patient that wait for a look, as a provider may see them; in the order of an inbox."""
    asked = _seen_by(provider_id, now=now).where(
        SafetyFlag.patient_id == patient_id, SafetyFlag.acknowledged_at.is_(None)
    )
    seen = {one.flag: one for row in db.execute(asked) if (one := _as_seen(db, *row)) is not None}
    return [seen[flag] for flag in values.in_order(seen)]


def flag_seen(
    db: Session, provider_id: int, public_id: str, *, now: datetime, to_change: bool = False
) -> SeenFlag | None:
    """One flag, if the provider may see it. ``to_change``: who ends the consent at this moment waits."""
    asked = _seen_by(provider_id, now=now).where(SafetyFlag.public_id == public_id)
    if to_change:
        asked = asked.with_for_update(read=True, of=Consent)
    row = db.execute(asked).one_or_none()
    return None if row is None else _as_seen(db, *row)


def count_open(db: Session, provider_id: int, *, now: datetime) -> int:
    """How many open flags a provider may see."""
    rows = _OPEN_TO.rows(db, {"provider_id": provider_id, "now": now})
    return sum(
        _opens(scopes) and values.is_reached(at, zone=zone, visible_from=visible_from, granted_at=granted_at)
        for at, zone, visible_from, granted_at, scopes in rows
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many flags wait for one provider, and since when the oldest does. Nothing of whose they are."""

    provider_id: int
    name: str
    flags: int
    since: datetime


def waiting_with_colleagues(db: Session, provider_id: int, *, now: datetime) -> list[Waiting]:
    """What waits for others of a provider's clinic and not for the provider, the longest first.

    Without a name, a word or a number from any journal: a clinic has to notice that somebody is away.
    """
    colleague, mine = aliased(Provider), aliased(Provider)
    rows = db.execute(
        sa.select(
            SafetyFlag.id, SafetyFlag.created_at, Patient.id, Patient.zone,
            colleague.id, colleague.display_name, Consent.visible_from, Consent.granted_at, Consent.scopes,
        )
        .join(Patient, Patient.id == SafetyFlag.patient_id)
        .join(Consent, Consent.patient_id == Patient.id)
        .join(colleague, colleague.id == Consent.provider_id)
        .join(mine, mine.clinic_id == colleague.clinic_id)
        .where(
            mine.id == provider_id,
            SafetyFlag.acknowledged_at.is_(None),
            Consent.ended_at.is_(None),
            Consent.granted_at <= now,
            Consent.expires_at > now,
        )
        .order_by(SafetyFlag.created_at, SafetyFlag.id)
    ).all()  # fmt: skip
    seen = [
        (flag_id, at, who, name)
        for flag_id, at, _patient, zone, who, name, visible_from, granted_at, scopes in rows
        if _opens(scopes)
        and values.is_reached(at, zone=zone, visible_from=visible_from, granted_at=granted_at)
    ]
    own = {flag_id for flag_id, _at, who, _name in seen if who == provider_id}
    waiting: dict[int, Waiting] = {}
    for flag_id, at, who, name in seen:
        if flag_id in own:
            continue
        before = waiting.get(who)
        waiting[who] = Waiting(who, name, before.flags + 1 if before else 1, before.since if before else at)
    return list(waiting.values())


def acknowledge(db: Session, flag: values.SafetyFlag, look: Look) -> bool:
    """Write down that somebody looked; whether nobody had before, and it is no more acute than in ``flag``."""
    note = _sealed_note(db, flag, "note", look.note)
    done = db.execute(
        sa.update(SafetyFlag)
        .where(
            SafetyFlag.public_id == flag.public_id,
            SafetyFlag.acknowledged_at.is_(None),
            SafetyFlag.acute == flag.concern.is_acute,
        )
        .values(acknowledged_by_id=look.provider_id, acknowledged_at=look.at, note=note)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def look_second(db: Session, flag: values.SafetyFlag, look: Look) -> bool:
    """Write down that a second person looked; whether none had, and somebody else was the first."""
    note = _sealed_note(db, flag, "second_note", look.note)
    done = db.execute(
        sa.update(SafetyFlag)
        .where(
            SafetyFlag.public_id == flag.public_id,
            SafetyFlag.acknowledged_by_id != look.provider_id,
            SafetyFlag.second_at.is_(None),
        )
        .values(second_by_id=look.provider_id, second_at=look.at, second_note=note)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


_Rows = sa.Select[SafetyFlag, Patient, Consent, HelpPanel]


def _seen_by(provider_id: int, *, now: datetime) -> _Rows:
    return (
        sa.select(SafetyFlag, Patient, Consent, HelpPanel)
        .join(Patient, Patient.id == SafetyFlag.patient_id)
        .join(Consent, Consent.patient_id == Patient.id)
        .outerjoin(HelpPanel, HelpPanel.assessment_id == SafetyFlag.assessment_id)
        .where(*_live(provider_id, now))
        .execution_options(populate_existing=True)
    )


def _live(
    provider_id: int | sa.BindParameter[int], now: datetime | sa.BindParameter[datetime]
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Consent.provider_id == provider_id,
        Consent.ended_at.is_(None),
        Consent.granted_at <= now,
        Consent.expires_at > now,
    )


def _opens(scopes: str) -> bool:
    return Scope.ASSESSMENTS.value in scopes.split(",")


def _as_seen(
    db: Session, row: SafetyFlag, patient: Patient, consent: Consent, panel: HelpPanel | None
) -> SeenFlag | None:
    is_reached = values.is_reached(
        row.created_at,
        zone=patient.zone,
        visible_from=consent.visible_from,
        granted_at=consent.granted_at,
    )
    if not _opens(consent.scopes) or not is_reached:
        return None
    return SeenFlag(
        flag=_as_flag(db, row),
        patient_public_id=patient.public_id,
        patient_name=patient.display_name,
        zone=patient.zone,
        right_now=None if panel is None else said_on(db, panel),
    )


def _as_flag(db: Session, row: SafetyFlag) -> values.SafetyFlag:
    sealer = patient_sealer(db, row.patient_id)

    def opened(column: str, sealed: bytes | None) -> str:
        return sealer.open(sealed, column=f"safety_flag.{column}", row=row.public_id)

    answers = json.loads(opened("value", row.value))
    return values.SafetyFlag(
        public_id=row.public_id,
        patient_id=row.patient_id,
        concern=Concern(
            source=row.source,
            answers=tuple(Raised(key, value) for key, value in sorted(answers.items())),
            is_acute=row.acute,
        ),
        created_at=row.created_at,
        acknowledged=_look(row.acknowledged_by_id, row.acknowledged_at, opened("note", row.note)),
        second=_look(row.second_by_id, row.second_at, opened("second_note", row.second_note)),
    )


def _look(provider_id: int | None, at: datetime | None, note: str) -> Look | None:
    return None if provider_id is None or at is None else Look(provider_id, at, note)


def _sealed(db: Session, patient_id: int, public_id: str, concern: Concern) -> bytes:
    text = json.dumps({one.key: one.value for one in concern.answers})
    return patient_sealer(db, patient_id).seal(text, column="safety_flag.value", row=public_id)


def _sealed_note(db: Session, flag: values.SafetyFlag, column: str, note: str) -> bytes:
    return patient_sealer(db, flag.patient_id).seal(note, column=f"safety_flag.{column}", row=flag.public_id)


_OPEN_TO = Question(
    sa.select(SafetyFlag.created_at, Patient.zone, Consent.visible_from, Consent.granted_at, Consent.scopes)
    .join(Patient, Patient.id == SafetyFlag.patient_id)
    .join(Consent, Consent.patient_id == SafetyFlag.patient_id)
    .where(
        SafetyFlag.acknowledged_at.is_(None),
        *_live(
            sa.bindparam("provider_id", type_=sa.Integer()),
            sa.bindparam("now", type_=Consent.granted_at.type),
        ),
    )
)
"""For the bar of every page that a provider opens."""
