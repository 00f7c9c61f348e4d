"""A journal with what a brief shows, as tests put it there: days, sessions, questionnaires, a visit."""

from __future__ import annotations

from datetime import date, timedelta

from journal.domain.treatments import Phase
from journal.storage import courses
from journal.storage.database import Database
from tests import assessing, builders
from tests.cast import NOW, Cast

TODAY = date(2026, 3, 30)
BEGINS = date(2026, 1, 19)
SESSIONS = (date(2026, 1, 19), date(2026, 2, 9), date(2026, 3, 9))
LAST_VISIT = date(2026, 3, 2)
BEFORE, HIGH, LOW = 2, 8, 3


def mood_on(day: date) -> int | None:
    """Low before treatment; eight for a while after each session, then low again; every seventh day none."""
    if day.toordinal() % 7 == 0:
        return None
    since = [(day - session).days for session in SESSIONS if session <= day]
    if not since:
        return BEFORE
    held = {3: 9, 2: 12, 1: 15}[len(SESSIONS) - len(since) + 1]
    return HIGH if since[-1] <= held else LOW


def fill(database: Database, cast: Cast) -> None:
    """Alice's journal, shared with Bob."""
    alice = cast.alice
    with database.unit_of_work() as db:
        courses.add_course(
            db,
            alice.patient_id,
            phase=Phase.MAINTENANCE,
            indication="Depression",
            planned_sessions=6,
            start_date=BEGINS,
            now=NOW,
        )
        for session in SESSIONS:
            builders.treatment(db, alice, session, by=cast.bob)
        begins = BEGINS - timedelta(days=14)
        days = [begins + timedelta(days=number) for number in range((TODAY - begins).days + 1)]
        moods = {day: mood for day in days if (mood := mood_on(day)) is not None}
        builders.mood_days(
            db,
            alice,
            moods,
            sleep_min=[420 + 15 * (day.toordinal() % 5) for day in moods],
            sleep_quality=[day.toordinal() % 3 + (mood > LOW) for day, mood in moods.items()],
            activity_min=[10 * (day.toordinal() % 4) for day in moods],
            wake_time=[f"07:{day.toordinal() % 50:02}" for day in moods],
        )
        builders.appointment(db, alice, LAST_VISIT, with_=cast.bob)
        assessing.add(
            db,
            alice,
            assessing.record("phq9", date(2026, 2, 28), assessing.of_total("phq9", 13)),
            assessing.record("phq9", date(2026, 3, 28), assessing.of_total("phq9", 9)),
            assessing.record("gad7", date(2026, 3, 28), assessing.of_total("gad7", 7)),
        )
