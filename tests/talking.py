"""A journal with something to say on every line of what to talk about, as tests write it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from journal.domain.assessments import Answer
from journal.domain.checkins import CheckIn
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.storage import side_effects
from tests import assessing, builders, flagging
from tests.cast import NOW, Person

TODAY = date(2026, 3, 30)
VISIT = date(2026, 3, 16)
"""The fortnight 17 to 30 March, against 3 to 16 March."""
S1, S2 = date(2026, 2, 2), date(2026, 3, 2)
FIRST = date(2026, 1, 19)
ONES: dict[str, Answer] = {str(number): 1 for number in range(1, 9)}
WORDS = "the heavy feeling came back around four"

_DAY = timedelta(days=1)


def keep(db: Session, person: Person, *, until: date = TODAY) -> list[CheckIn]:
    """Write the journal of ``person``, a check-in a day up to ``until``; a flag is raised on its last day."""
    kept = []
    day = FIRST
    while day <= until:
        kept.append(_check_in(db, person, day))
        day += _DAY
    builders.treatment(db, person, S1)
    session = builders.treatment(db, person, S2)
    headache = SideEffect(session.public_id, SideEffectCode.HEADACHE, Severity.MODERATE, S2)
    side_effects.add_side_effect(db, person.patient_id, headache, now=NOW)
    assessing.add(
        db,
        person,
        assessing.record("phq8", date(2026, 3, 5), ONES),
        assessing.record("phq8", date(2026, 3, 19), {**ONES, "3": 3}),
    )
    return kept


def raise_flag(db: Session, person: Person) -> None:
    """An answer about dying, which waits for a look."""
    flagging.answer(db, person, {**flagging.EIGHT, "9": 1})


def _check_in(db: Session, person: Person, day: date) -> CheckIn:
    lately = day > VISIT
    is_noted = day == date(2026, 3, 21)
    return builders.check_in(
        db,
        person,
        _mood(day),
        at=datetime.combine(day, time(18), UTC),
        sleep_min=330 if lately else 450,
        activity_min=10 if lately else 40,
        social=0 if lately else 1,
        note=WORDS if is_noted else "",
        note_shared=is_noted,
        starred=is_noted,
    )


def _mood(day: date) -> int:
    if day == date(2026, 3, 25):
        return 3
    if day <= S1 or S1 + 9 * _DAY < day <= S2:
        return 2
    return 7
