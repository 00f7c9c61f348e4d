"""What each clinic says before and after a session. It belongs to the clinic and says nothing about anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import clinic_templates as values
from journal.domain.clinic_templates import TEXTS, ChecklistItem
from journal.domain.consents import Scope
from journal.storage.base import Base
from journal.storage.clinics import Clinic, Kind, Provider
from journal.storage.patients import readers_of


class ClinicTemplate(Base):
    """The words of one clinic. A part that is NULL was not written yet; ``language`` is the one they are written in."""

    __tablename__ = "clinic_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), unique=True)
    language: Mapped[str] = mapped_column(sa.String(8))
    checklist: Mapped[list[object] | None] = mapped_column(sa.JSON(none_as_null=True))
    what_to_expect: Mapped[str | None]
    ask_first: Mapped[str | None]
    food_and_drink: Mapped[str | None]
    aftercare: Mapped[str | None]
    version: Mapped[int]
    changed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """A clinic’s words as they are kept. ``version`` counts the changes; 0, and no language, where there were none."""

    template: values.ClinicTemplate
    version: int = 0
    language: str = ""
    changed_at: datetime | None = None


def template_of(db: Session, clinic_id: int) -> KeptTemplate:
    """A clinic's template; all examples where nobody has written one."""
    row = db.scalar(sa.select(ClinicTemplate).where(ClinicTemplate.clinic_id == clinic_id))
    if row is None:
        return KeptTemplate(values.ClinicTemplate())
    texts = {name: getattr(row, name) for name in TEXTS}
    checklist = None
    if row.checklist is not None:
        pairs = cast("list[list[str]]", row.checklist)
        checklist = tuple(ChecklistItem(item, text) for item, text in pairs)
    return KeptTemplate(
        values.ClinicTemplate(checklist=checklist, **texts), row.version, row.language, row.changed_at
    )


def clinic_for(db: Session, patient_id: int, by_provider_id: int | None, *, now: datetime) -> Clinic | None:
    """Whose words a patient reads about a session: the clinic that recorded it, else one that may see their sessions.

    Of several, that of a prescriber: theirs is the session. None for somebody who shares with nobody.
    """
    if by_provider_id is None:
        readers = [one for one in readers_of(db, patient_id, now=now) if one.sight.opens(Scope.SESSIONS)]
        readers.sort(key=lambda one: one.kind is not Kind.PRESCRIBER)
        by_provider_id = readers[0].provider_id if readers else None
    return db.scalar(
        sa.select(Clinic).join(Provider, Provider.clinic_id == Clinic.id).where(Provider.id == by_provider_id)
    )


def put_template(
    db: Session,
    clinic_id: int,
    template: values.ClinicTemplate,
    *,
    language: str,
    seen_version: int,
    now: datetime,
) -> bool:
    """Keep ``template`` as the clinic's if it still has the version that the writer saw; whether it did."""
    checklist = template.checklist
    row: dict[str, object] = {name: getattr(template, name) for name in TEXTS} | {
        "checklist": None if checklist is None else [[item.id, item.text] for item in checklist],
        "language": language,
        "changed_at": now,
        "version": seen_version + 1,
    }
    of_clinic = ClinicTemplate.clinic_id == clinic_id
    if seen_version == 0:
        if db.scalar(sa.select(sa.exists().where(of_clinic))):
            return False
        db.execute(sa.insert(ClinicTemplate).values(clinic_id=clinic_id, **row))
        return True
    changed = db.execute(
        sa.update(ClinicTemplate).where(of_clinic, ClinicTemplate.version == seen_version).values(**row)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]
