"""Who may read whom, and the invitations that lead there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import consents as rules
from journal.domain.consents import Scope
from journal.domain.treatments import Phase, PresetId
from journal.storage.base import Base, Identified, UTCDateTime, new_public_id
from journal.storage.clinics import Clinic, Kind, Provider
from journal.storage.sealing import installation_sealer

# Two tables whose modules need this one, so that their classes cannot be imported here.
_PATIENT = sa.table("patient", sa.column("id", sa.Integer()))
_ACCOUNT = sa.table("account", sa.column("id", sa.Integer()), sa.column("disabled_at", UTCDateTime()))


class Consent(Identified, Base):
    """One patient's permission for one provider. Never changed: a change ends one row and adds another.

    ``scopes`` is a sorted, comma-separated list, so that a row reads plainly in any database tool.
    """

    __tablename__ = "consent"
    __table_args__ = (
        # At most one live consent per pair, whatever two requests do at once.
        sa.Index(
            "uq_consent_live",
            "patient_id",
            "provider_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"), index=True)
    scopes: Mapped[str] = mapped_column(sa.String(120))
    visible_from: Mapped[date | None]
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    text_version: Mapped[str] = mapped_column(sa.String(16))


class Invitation(Identified, Base):
    """A provider asks a person to share. The provider learns nothing until it is accepted.

    That somebody is a patient is private: contact and course draft are sealed with the installation's key.
    """

    __tablename__ = "invitation"

    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"), index=True)
    contact: Mapped[bytes | None]
    draft: Mapped[bytes | None]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    patient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("patient.id", ondelete="SET NULL"))


def as_consent(row: Consent) -> rules.Consent:
    """The row as the value that the rules speak of."""
    return rules.Consent(
        public_id=row.public_id,
        patient_id=row.patient_id,
        provider_id=row.provider_id,
        scopes=frozenset(Scope(name) for name in row.scopes.split(",") if name),
        visible_from=row.visible_from,
        granted_at=row.granted_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        text_version=row.text_version,
    )


def add_consent(
    db: Session,
    *,
    patient_id: int,
    provider_id: int,
    scopes: frozenset[Scope],
    visible_from: date | None,
    now: datetime,
    expires_at: datetime,
) -> str:
    """Add a live consent; its public id. The database refuses a second live one for the same pair."""
    public_id = new_public_id()
    db.execute(
        sa.insert(Consent).values(
            public_id=public_id,
            patient_id=patient_id,
            provider_id=provider_id,
            scopes=",".join(sorted(scopes)),
            visible_from=visible_from,
            granted_at=now,
            expires_at=expires_at,
            text_version=rules.TEXT_VERSION,
        )
    )
    return public_id


def end_consent(db: Session, *, patient_id: int, provider_id: int, now: datetime) -> bool:
    """End the live consent of a pair, if there is one; whether there was."""
    ended = db.execute(
        sa.update(Consent)
        .where(
            Consent.patient_id == patient_id, Consent.provider_id == provider_id, Consent.ended_at.is_(None)
        )
        .values(ended_at=now)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def hold(db: Session, patient_id: int) -> None:
    """Make other changes of this patient's consents wait until this transaction ends (SQLite: they wait anyway)."""
    # Not so firmly that a provider who adds a row of this patient's would have to wait as well.
    db.execute(sa.select(_PATIENT.c.id).where(_PATIENT.c.id == patient_id).with_for_update(key_share=True))


@dataclass(frozen=True, slots=True)
class Circle:
    """One provider a patient shares with, or did: who they are, and the newest consent given to them.

    ``has_left`` means that nobody can sign in as them any more.
    """

    consent: rules.Consent
    provider_id: int
    name: str
    credentials: str
    kind: Kind
    clinic_name: str
    has_left: bool


def circles_of(db: Session, patient_id: int) -> list[Circle]:
    """Everybody a patient has ever shared with, each with the newest consent, in the order of their names."""
    rows = db.execute(
        sa.select(Consent, Provider, Clinic.name, _ACCOUNT.c.disabled_at)
        .join(Provider, Provider.id == Consent.provider_id)
        .join(Clinic, Clinic.id == Provider.clinic_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == Provider.account_id)
        .where(Consent.patient_id == patient_id)
        .order_by(Consent.granted_at, Consent.id)
    )
    newest = {
        row.provider_id: _as_circle(row, provider, clinic, left) for row, provider, clinic, left in rows
    }
    return sorted(newest.values(), key=lambda circle: (circle.name.casefold(), circle.provider_id))


def circle_of(db: Session, patient_id: int, public_id: str) -> Circle | None:
    """The provider of one of a patient's consents, with that consent, which may be over."""
    row = db.execute(
        sa.select(Consent, Provider, Clinic.name, _ACCOUNT.c.disabled_at)
        .join(Provider, Provider.id == Consent.provider_id)
        .join(Clinic, Clinic.id == Provider.clinic_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == Provider.account_id)
        .where(Consent.patient_id == patient_id, Consent.public_id == public_id)
    ).one_or_none()
    return None if row is None else _as_circle(*row)


def live_consent(db: Session, *, patient_id: int, provider_id: int) -> rules.Consent | None:
    """The consent of a pair that nobody has ended; it may have run out."""
    row = db.scalar(
        sa.select(Consent).where(
            Consent.patient_id == patient_id, Consent.provider_id == provider_id, Consent.ended_at.is_(None)
        )
    )
    return None if row is None else as_consent(row)


def consents_of_pair(db: Session, *, patient_id: int, provider_id: int) -> list[rules.Consent]:
    """Every consent that a patient has ever given to one provider, the first first."""
    rows = db.scalars(
        sa.select(Consent)
        .where(Consent.patient_id == patient_id, Consent.provider_id == provider_id)
        .order_by(Consent.granted_at, Consent.id)
    )
    return [as_consent(row) for row in rows]


def _as_circle(row: Consent, provider: Provider, clinic_name: str, left_at: datetime | None) -> Circle:
    return Circle(
        consent=as_consent(row),
        provider_id=provider.id,
        name=provider.display_name,
        credentials=provider.credentials,
        kind=Kind(provider.kind),
        clinic_name=clinic_name,
        has_left=left_at is not None,
    )


# Invitations -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """What a provider noted while inviting. ``label`` is for the provider's own list; the rest begins the course."""

    label: str = ""
    phase: Phase | None = None
    indication: str = ""
    planned_sessions: int | None = None
    first_session: date | None = None
    preset_id: PresetId | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its sealed parts opened. ``contact`` is empty where a code was printed instead."""

    id: int
    public_id: str
    provider_id: int
    contact: str
    draft: Draft
    made_at: datetime
    ends_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    patient_id: int | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.ends_at


def add_invitation(
    db: Session,
    *,
    clinic_id: int,
    provider_id: int,
    contact: str,
    draft: Draft,
    token_hash: str,
    now: datetime,
    ends_at: datetime,
) -> str:
    """Add an invitation, contact and draft sealed; its public id."""
    public_id = new_public_id()
    sealer = installation_sealer(db)
    db.execute(
        sa.insert(Invitation).values(
            public_id=public_id,
            clinic_id=clinic_id,
            provider_id=provider_id,
            contact=sealer.seal_if_any(contact, column="invitation.contact", row=public_id),
            draft=sealer.seal(_as_json(draft), column="invitation.draft", row=public_id),
            token_hash=token_hash,
            made_at=now,
            ends_at=ends_at,
        )
    )
    return public_id


def invitations_of(db: Session, provider_id: int) -> list[Invited]:
    """A provider's invitations that are neither accepted nor withdrawn, the newest first; some may have run out."""
    rows = db.scalars(
        sa.select(Invitation)
        .where(
            Invitation.provider_id == provider_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.made_at.desc(), Invitation.id.desc())
    )
    return [_as_invited(db, row) for row in rows]


def invitation_of(db: Session, provider_id: int, public_id: str) -> Invited | None:
    """One of a provider's own invitations."""
    row = db.scalar(
        sa.select(Invitation).where(Invitation.provider_id == provider_id, Invitation.public_id == public_id)
    )
    return None if row is None else _as_invited(db, row)


def invitation_by_token(db: Session, token_hash: str) -> Invited | None:
    """The invitation that this link or code is for, whatever became of it."""
    row = db.scalar(sa.select(Invitation).where(Invitation.token_hash == token_hash))
    return None if row is None else _as_invited(db, row)


def renew_invitation(
    db: Session, provider_id: int, public_id: str, *, token_hash: str, now: datetime, ends_at: datetime
) -> bool:
    """Give an open invitation another secret and more time; whether it was open. The former secret is dead."""
    return _changed(
        db,
        _still_open(provider_id, public_id),
        {"token_hash": token_hash, "made_at": now, "ends_at": ends_at},
    )


def withdraw_invitation(db: Session, provider_id: int, public_id: str, *, now: datetime) -> bool:
    """End an open invitation and forget whom it was for; whether it was open."""
    return _changed(
        db, _still_open(provider_id, public_id), {"withdrawn_at": now, "contact": None, "draft": None}
    )


def withdraw_all(db: Session, provider_id: int, *, now: datetime) -> None:
    """End every open invitation of a provider who leaves."""
    _changed(db, _still_open(provider_id), {"withdrawn_at": now, "contact": None, "draft": None})


def spend_invitation(db: Session, token_hash: str, *, patient_id: int, now: datetime) -> bool:
    """Use an invitation up and forget its contact and draft; of several at once, one gets it."""
    return _changed(
        db,
        (
            Invitation.token_hash == token_hash,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.ends_at > now,
        ),
        {"accepted_at": now, "patient_id": patient_id, "contact": None, "draft": None},
    )


def _still_open(provider_id: int, public_id: str | None = None) -> tuple[sa.ColumnElement[bool], ...]:
    own = (
        Invitation.provider_id == provider_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    return own if public_id is None else (*own, Invitation.public_id == public_id)


def _changed(db: Session, which: tuple[sa.ColumnElement[bool], ...], values: Mapping[str, object]) -> bool:
    done = db.execute(sa.update(Invitation).where(*which).values(**values))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _as_json(draft: Draft) -> str:
    return json.dumps(
        {
            "label": draft.label,
            "phase": draft.phase.value if draft.phase else None,
            "indication": draft.indication,
            "planned_sessions": draft.planned_sessions,
            "first_session": draft.first_session.isoformat() if draft.first_session else None,
            "preset_id": draft.preset_id.value if draft.preset_id else None,
        }
    )


def _as_invited(db: Session, row: Invitation) -> Invited:
    sealer = installation_sealer(db)
    draft = Draft()
    if row.draft is not None:
        kept = json.loads(sealer.open(row.draft, column="invitation.draft", row=row.public_id))
        draft = Draft(
            label=kept["label"],
            phase=Phase(kept["phase"]) if kept["phase"] else None,
            indication=kept["indication"],
            planned_sessions=kept["planned_sessions"],
            first_session=date.fromisoformat(kept["first_session"]) if kept["first_session"] else None,
            # Drafts from before there were schedules do not have it.
            preset_id=PresetId(kept["preset_id"]) if kept.get("preset_id") else None,
        )
    return Invited(
        id=row.id,
        public_id=row.public_id,
        provider_id=row.provider_id,
        contact=sealer.open(row.contact, column="invitation.contact", row=row.public_id),
        draft=draft,
        made_at=row.made_at,
        ends_at=row.ends_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
        patient_id=row.patient_id,
    )
