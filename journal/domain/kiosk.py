"""Handing over a tablet for one questionnaire: how far it has come, and how it ended. Its limits are ``access_limits``.

Nothing here opens anything: who may hand over is decided by consents, and what is answered by ``assessments``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from journal.domain.access_limits import KIOSK_TRIES_MOST


class Stage(StrEnum):
    """``waiting`` for its code, ``open`` on the tablet, ``saved`` and not yet handed back, ``over``."""

    WAITING = "waiting"
    OPEN = "open"
    SAVED = "saved"
    OVER = "over"


class Ending(StrEnum):
    """How it ended: handed back with what was answered ``saved``, or with nothing; its ``codes`` were wrong too often;
    it was never opened, or left lying, until it ``ran_out``."""

    SAVED = "saved"
    NOTHING = "nothing"
    CODES = "codes"
    RAN_OUT = "ran_out"


@dataclass(frozen=True, slots=True)
class Handover:
    """One handing over, for one patient and one questionnaire (``instrument`` is its code).

    ``expires_at`` is when the code runs out, and once it is opened, when the tablet closes by itself. ``assessment`` is
    the public id of what was saved.
    """

    id: int
    public_id: str
    patient_id: int
    provider_id: int
    instrument: str
    made_at: datetime
    expires_at: datetime
    tries: int = 0
    opened_at: datetime | None = None
    saved_at: datetime | None = None
    ended_at: datetime | None = None
    assessment: str | None = None

    def stage(self, now: datetime) -> Stage:
        """How far it is at ``now``."""
        if self.ended_at is not None or now >= self.expires_at:
            return Stage.OVER
        if self.opened_at is None:
            return Stage.WAITING
        return Stage.OPEN if self.saved_at is None else Stage.SAVED

    def ending(self, now: datetime) -> Ending | None:
        """How it ended; None while it has not."""
        if self.stage(now) is not Stage.OVER:
            return None
        if self.saved_at is not None:
            return Ending.SAVED
        if self.opened_at is None and self.tries >= KIOSK_TRIES_MOST:
            return Ending.CODES
        return Ending.RAN_OUT if self.ended_at is None else Ending.NOTHING
