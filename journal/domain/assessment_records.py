"""One questionnaire as it is kept: when it was due, opened, answered and completed, and what it counted then.

What answers add up to is ``assessments``, when one is due ``assessment_calendar``. A record may be of a questionnaire,
or of a version of one, that this program does not have; then what was counted when it was completed is all there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from journal.domain.assessment_calendar import Asking, Stage
from journal.domain.assessments import DECLINED, Answer, Answers, Score, score
from journal.domain.errors import NotFound
from journal.domain.instrument_files import instrument
from journal.domain.instruments import Instrument


class Via(StrEnum):
    """Where it was answered: on the patient's own device, or on one that a provider handed over."""

    WEB = "web"
    KIOSK = "kiosk"


@dataclass(frozen=True, slots=True)
class AssessmentOutline:
    """One time that a questionnaire was, or is to be, asked: all of it but its answers.

    ``id`` is for the database, 0 before it is kept. Ahead: ``opened_at`` is None, and ``due_on`` may still move; from
    then on it stays. ``saved_at`` is when answers were last kept, half-finished or not. ``completed_on`` is the date of
    ``completed_at`` where the person lived then. ``scored_as``, ``total``, ``answered`` and ``asked`` are those of
    ``assessments.Score`` when it was last saved. ``overlaps_session``: it covers days before and after a given session.
    """

    public_id: str
    instrument: str
    version: int
    due_on: date
    id: int = 0
    opened_at: datetime | None = None
    saved_at: datetime | None = None
    completed_at: datetime | None = None
    completed_on: date | None = None
    expired_at: datetime | None = None
    scored_as: str | None = None
    total: int | None = None
    answered: int = 0
    asked: int = 0
    overlaps_session: bool = False
    via: Via = Via.WEB

    @property
    def asking(self) -> Asking:
        """The same for the calendar."""
        return Asking(due_on=self.due_on, completed_on=self.completed_on)

    @property
    def waits(self) -> bool:
        """Whether it is ahead or open: neither completed nor closed as missed."""
        return self.completed_at is None and self.expired_at is None

    @property
    def day(self) -> date:
        """The date it belongs to: of its completion, else the one it was due."""
        return self.completed_on or self.due_on

    def stage(self, today: date) -> Stage:
        """Where it stands on ``today``; what was not opened is still ahead."""
        if self.opened_at is None:
            return Stage.AHEAD
        return Stage.MISSED if self.expired_at is not None else self.asking.stage(today)

    def known_as(self) -> Instrument | None:
        """The questionnaire with the words that were asked; None where this program has no such version."""
        try:
            found = instrument(self.instrument)
        except NotFound:
            return None
        return found if found.version == self.version else None


@dataclass(frozen=True, slots=True)
class AssessmentRecord(AssessmentOutline):
    """The same with its answers."""

    answers: Answers = field(default_factory=dict)

    def score(self) -> Score:
        """What it adds up to; what was counted at the time where the questionnaire is not known any more."""
        known = self.known_as()
        if known is not None:
            return score(known, self.answers)
        return Score(
            instrument=self.instrument,
            scored_as=self.scored_as or self.instrument,
            is_complete=self.completed_at is not None,
            answered=self.answered,
            asked=self.asked,
            total=self.total,
        )


def written(answers: Answers) -> str:
    """Answers as the text (JSON) that is sealed."""
    return json.dumps(
        {key: answer if isinstance(answer, int) else answer.value for key, answer in answers.items()}
    )


def read(text: str) -> dict[str, Answer]:
    """The answers of a text that ``written`` made; none of an empty one."""
    kept: Mapping[str, int | str] = json.loads(text) if text else {}
    return {key: answer if isinstance(answer, int) else DECLINED for key, answer in kept.items()}
