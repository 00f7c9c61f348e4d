"""What this database is: one row that says whether it holds the demo clinic."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base


class Installation(Base):
    """The only row. ``is_demo`` is written by ``journal demo`` into an empty database and by nothing else."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    is_demo: Mapped[bool]
    made_at: Mapped[datetime]


def is_demo(db: Session) -> bool:
    """Whether ``journal demo`` filled this database."""
    return bool(db.scalar(sa.select(Installation.is_demo)))


def mark_as_demo(db: Session, *, now: datetime) -> None:
    """Say for ever that the people in this database are invented."""
    db.execute(sa.insert(Installation).values(id=1, is_demo=True, made_at=now))
