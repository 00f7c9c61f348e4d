"""What stands on a brief for its reader alone: flags that wait for a look. The patient's preview has none of it.

No web framework inside.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from journal.storage import safety_flags
from journal.web import flag_lines
from journal.web.brief_rows import BriefRows


@dataclass(frozen=True, slots=True)
class Desk:
    """``waiting`` are the open flags of this person that the reader may see."""

    waiting: list[flag_lines.FlagLine]


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
            for seen in safety_flags.flags_seen(db, rows.provider_id, now=rows.now)
            if seen.patient_public_id == rows.patient.public_id and seen.flag.is_open
        ]
    )
