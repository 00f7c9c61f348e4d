"""What stands on a brief for its reader alone: flags that wait for a look, follow-up notes. No preview has any of it.

No web framework inside.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from journal.web import flag_lines
from journal.web.brief.rows import BriefRows
from journal.web.provider_note_lines import FollowUp, read_follow_up


@dataclass(frozen=True, slots=True)
class Desk:
    """``waiting`` are the open flags of this person that the reader may see, ``follow_up`` the notes of providers."""

    waiting: list[flag_lines.FlagLine]
    follow_up: FollowUp


def read_desk(db: Session, rows: BriefRows) -> Desk:
    """The desk of whoever ``rows`` were read for."""
    return Desk(
        waiting=[
            flag_lines.line_of(
                seen,
                reader_id=rows.provider_id,
                names=rows.workplace.people,
                zone=rows.workplace.zone,
                now=rows.now,
            )
            for seen in rows.flags
        ],
        follow_up=read_follow_up(
            db, rows.patient, provider_id=rows.provider_id, now=rows.now, workplace=rows.workplace
        ),
    )
