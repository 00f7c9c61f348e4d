"""What patients bring to a visit, and which lines they leave out of the page before it: two tables, both sealed.

What of it still counts is asked with ``since``: everything written before that belongs to a time that is over. Where
that lies is said in ``journal.services.topics``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import topics as values
from journal.storage.base import Base, Identified, between, new_public_id
from journal.storage.clinics import Provider
from journal.storage.sealing import patient_sealer


class Topic(Identified, Base):
    """A few words for one provider. One without a provider came back with a restored journal: nobody else reads it."""

    __tablename__ = "topic"
    __table_args__ = (
        between("position", 1, values.MOST),
        sa.Index("ix_topic_patient_provider", "patient_id", "provider_id", "written_at"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    position: Mapped[int]
    text: Mapped[bytes]
    written_at: Mapped[datetime]


class HiddenLine(Identified, Base):
    """A line that one provider is not shown. Which line it is is sealed: its name can tell what happened."""

    __tablename__ = "hidden_line"
    __table_args__ = (sa.Index("ix_hidden_line_patient_provider", "patient_id", "provider_id"),)

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"))
    line: Mapped[bytes]
    hidden_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class KeptTopic:
    """A topic as it is kept, and the name of the provider it was for; "" where a restored journal does not say here."""

    topic: values.Topic
    provider_id: int | None
    provider_name: str


_TOPICS: sa.Table = Topic.__table__  # type: ignore[assignment,explicit-any]
_LINES: sa.Table = HiddenLine.__table__  # type: ignore[assignment,explicit-any]


def topics_for(db: Session, patient_id: int, provider_id: int, *, since: datetime) -> list[values.Topic]:
    """What a patient has written to one provider ``since`` an instant, in its order."""
    rows = db.execute(
        sa.select(_TOPICS)
        .where(
            _TOPICS.c.patient_id == patient_id,
            _TOPICS.c.provider_id == provider_id,
            _TOPICS.c.written_at >= since,
        )
        .order_by(_TOPICS.c.position, _TOPICS.c.id)
    )
    return [_as_topic(db, row) for row in rows]


def topics_of(db: Session, patient_id: int) -> list[KeptTopic]:
    """Everything a patient has ever written to anybody, the first first: for the patient alone."""
    rows = db.execute(
        sa.select(_TOPICS, Provider.display_name)
        .outerjoin(Provider, Provider.id == _TOPICS.c.provider_id)
        .where(_TOPICS.c.patient_id == patient_id)
        .order_by(_TOPICS.c.id)
    )
    return [KeptTopic(_as_topic(db, row), row.provider_id, row.display_name or "") for row in rows]


def has_topics(db: Session, patient_id: int) -> bool:
    """Whether a patient has ever written one."""
    return bool(db.scalar(sa.select(sa.exists().where(_TOPICS.c.patient_id == patient_id))))


def add_topic(db: Session, patient_id: int, topic: values.Topic, *, provider_id: int | None) -> None:
    """Add a topic under its public id."""
    sealed = patient_sealer(db, patient_id).seal(topic.text, column="topic.text", row=topic.public_id)
    db.execute(
        sa.insert(_TOPICS).values(
            public_id=topic.public_id,
            patient_id=patient_id,
            provider_id=provider_id,
            position=topic.position,
            text=sealed,
            written_at=topic.written_at,
        )
    )


def place_topic(db: Session, patient_id: int, public_id: str, *, position: int) -> None:
    """Give a topic another place among the others."""
    db.execute(
        sa.update(_TOPICS)
        .where(_TOPICS.c.patient_id == patient_id, _TOPICS.c.public_id == public_id)
        .values(position=position)
    )


def remove_topic(db: Session, patient_id: int, public_id: str) -> bool:
    """Remove a topic; whether it was there."""
    removed = db.execute(
        sa.delete(_TOPICS).where(_TOPICS.c.patient_id == patient_id, _TOPICS.c.public_id == public_id)
    )
    return bool(removed.rowcount)  # type: ignore[attr-defined]


def hidden_from(db: Session, patient_id: int, provider_id: int, *, since: datetime) -> dict[str, str]:
    """The lines that one provider is not shown, hidden ``since`` an instant: the row's public id by the line's key."""
    sealer = patient_sealer(db, patient_id)
    rows = db.execute(
        sa.select(_LINES.c.public_id, _LINES.c.line)
        .where(
            _LINES.c.patient_id == patient_id,
            _LINES.c.provider_id == provider_id,
            _LINES.c.hidden_at >= since,
        )
        .order_by(_LINES.c.id)
    )
    return {
        sealer.open(row.line, column="hidden_line.line", row=row.public_id): row.public_id for row in rows
    }


def hide_line(db: Session, patient_id: int, provider_id: int, line: str, *, now: datetime) -> None:
    """Leave the line with this key out of what one provider is shown."""
    public_id = new_public_id()
    sealed = patient_sealer(db, patient_id).seal(line, column="hidden_line.line", row=public_id)
    db.execute(
        sa.insert(_LINES).values(
            public_id=public_id, patient_id=patient_id, provider_id=provider_id, line=sealed, hidden_at=now
        )
    )


def show_lines(db: Session, patient_id: int, public_ids: Iterable[str]) -> None:
    """Forget that these lines were hidden."""
    db.execute(
        sa.delete(_LINES).where(_LINES.c.patient_id == patient_id, _LINES.c.public_id.in_(list(public_ids)))
    )


def forget_lines(db: Session, patient_id: int, provider_id: int, *, before: datetime) -> None:
    """Forget what was hidden from one provider for a time that is over."""
    db.execute(
        sa.delete(_LINES).where(
            _LINES.c.patient_id == patient_id,
            _LINES.c.provider_id == provider_id,
            _LINES.c.hidden_at < before,
        )
    )


def _as_topic(db: Session, row: sa.Row[tuple[object, ...]]) -> values.Topic:
    sealer = patient_sealer(db, row.patient_id)
    return values.Topic(
        public_id=row.public_id,
        text=sealer.open(row.text, column="topic.text", row=row.public_id),
        position=row.position,
        written_at=row.written_at,
    )
