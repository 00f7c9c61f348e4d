"""Check-ins as lists and pages show them to whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from journal.domain.checkins import CheckIn, KeptBody
from journal.storage import check_in_versions
from journal.storage.patients import Patient
from journal.web import check_in_words as words


@dataclass(frozen=True, slots=True)
class Line:
    """One check-in as lists and pages show it."""

    kept: CheckIn
    word: str
    in_short: str
    filled_in: str


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A body that does not count any more, or never did, with its answers."""

    kept: KeptBody
    word: str
    answers: list[tuple[str, str]]


def lines_of(found: Iterable[CheckIn]) -> list[Line]:
    """The lines of a list, in its order."""
    return [line_of(kept) for kept in found]


def line_of(kept: CheckIn) -> Line:
    """One check-in."""
    return Line(
        kept=kept,
        word=words.mood_word(kept.body.mood),
        in_short=words.in_short(kept.body),
        filled_in=words.filled_in(kept.provenance),
    )


def others_of(db: Session, patient: Patient, check_in_id: str, labels: dict[str, str]) -> list[KeptLine]:
    """The bodies of a check-in that do not count; ``labels`` are what its writer calls activities."""
    return [
        KeptLine(kept=one, word=words.mood_word(one.body.mood), answers=words.answers(one.body, labels))
        for one in check_in_versions.versions_of(db, patient.id, check_in_id)
    ]
