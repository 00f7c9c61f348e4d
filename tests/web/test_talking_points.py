"""What to talk about, in words and with its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from journal.domain.clinical_limits import WORSE_AMONG, WORSE_DAYS
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.talking_points import (
    Compared,
    Daytime,
    LowDay,
    LowDays,
    Measure,
    OpenFlag,
    Sleep,
    StillOpen,
    TalkingPoint,
)
from journal.domain.trends import DaySummary
from journal.languages import Language, speaking
from journal.services.briefs import points_for
from journal.services.checkins import amend_check_in
from journal.services.insights import insights_for
from journal.storage import checkins
from journal.storage.database import Database
from journal.web.brief.page import brief_of
from journal.web.brief.rows import read_brief_rows
from journal.web.brief.talk import Talk
from journal.web.talking_points import TalkLine, talk_lines
from tests import builders, talking
from tests.builders import the_patient
from tests.cast import NOW, Cast
from tests.talking import TODAY, VISIT

NEEDS: dict[str, set[Scope]] = {
    "starred": {Scope.NOTES},
    "low_days": {Scope.SCORES},
    "held": {Scope.SCORES, Scope.SESSIONS},
    "items": {Scope.ASSESSMENTS},
    "sleep": {Scope.SCORES},
    "still_open": {Scope.SESSIONS},
    "daytime": {Scope.SCORES},
}


def lines_of(database: Database, cast: Cast, sight: Sight = WHOLE) -> dict[str, TalkLine]:
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        insights = insights_for(db, patient, sight, until=TODAY)
        points = points_for(db, patient, sight, insights, last_visit=VISIT)
        notes = checkins.shared_notes(db, patient.id, sight=sight)
    return {line.key.split(":")[0]: line for line in talk_lines(points, notes=notes, until=TODAY)}


def line(point: TalkingPoint) -> TalkLine:
    (found,) = talk_lines([point], notes=[], until=TODAY)
    return found


def test_every_line_is_a_fact_with_its_rows(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
    lines = lines_of(sqlite_database, sqlite_cast)
    assert [one.words for one in lines.values()] == [
        "1 starred note",
        "Mood was 3 on 25 Mar; the median of the 7 logged days in the week before was 7",
        "Benefit of S2: 28+ d, still holding; before it: S1 10 d",
        "PHQ-8: 1 answer changed by 2 or more from 5 Mar to 19 Mar",
        "Sleep 5.5 h on average (14 nights), before 7.5 h (14). Under 6 h on 14 of 14 nights, before on 0 of 14",
        "Still open: Headache · Moderate",
        "Activity 10 min a day on average (14 days), before 40 min (14). "
        "Time with somebody on 0 of 14 days, before on 14 of 14",
    ]
    assert lines["starred"].quotes == [(talking.WORDS, "21 Mar · starred and shared")]
    (low,) = lines["low_days"].tables
    assert low.rows[0][:3] == ["25 Mar", "3", "7"]
    assert low.rows[0][3].startswith("18 Mar: 7, 19 Mar: 7")
    (held,) = lines["held"].tables
    assert [row[:2] for row in held.rows] == [["S1, 2 Feb", "10 d"], ["S2, 2 Mar", "28+ d, still holding"]]
    (items,) = lines["items"].tables
    assert items.is_english
    assert items.rows[0][0].startswith("3. Trouble falling or staying asleep")
    assert items.rows[0][1:] == ["1", "3"]
    (nights,) = lines["sleep"].tables
    assert (nights.caption, len(nights.rows)) == ("Sleep, h, 17 to 30 March and 3 to 16 March", 28)
    assert nights.rows[0] == ["30 Mar", "5.5"]
    assert lines["still_open"].facts == [("Headache · Moderate", "since 2 Mar")]
    active, company = lines["daytime"].tables
    assert active.rows[0] == ["30 Mar", "10"]
    assert (company.rows[0], company.rows[-1]) == (["30 Mar", "no"], ["3 Mar", "yes"])


def test_words_of_a_note_come_from_the_readers_own_notes_alone(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
    lines = lines_of(sqlite_database, sqlite_cast, Sight(frozenset(Scope) - {Scope.NOTES}, None))
    assert "starred" not in lines
    assert talking.WORDS not in str(lines)


def test_several_low_days_are_listed_the_deepest_first() -> None:
    against = tuple(DaySummary(date(2026, 3, day), 8, 8, 8, 1, 1) for day in range(18, 24))
    days = [LowDay(date(2026, 3, day), mood, 8.0, against) for day, mood in ((24, 2), (26, 4.5), (21, 5))]
    listed = "24 Mar (2, median 8), 26 Mar (4.5, median 8) and 21 Mar (5, median 8)"
    assert line(LowDays("low_days:4w", tuple(days), 3)).words == (
        f"Days at least 2 below the median of the week before: {listed}"
    )
    assert line(LowDays("low_days:4w", tuple(days), 8)).words == (
        f"The 3 deepest of 8 days at least 2 below the median of the week before: {listed}"
    )


def test_waking_times_are_said_with_their_spread_and_shown_by_the_clock() -> None:
    days = tuple((date(2026, 3, 21 + i), 330.0 + 90 * i) for i in range(4))
    before = tuple((date(2026, 3, 11 + i), 420.0) for i in range(5))
    found = line(Sleep("sleep:4w", (Compared(Measure.WAKING_SPREAD, 116.19, 0.0, days, before),)))
    assert found.words == "Waking times vary by 116 min (SD, 4 mornings), before by 0 min (5)"
    assert found.tables[0].rows[0] == ["24 Mar", "10:00 am"]
    assert found.tables[0].rows[-1] == ["11 Mar", "7:00 am"]


def test_days_with_somebody_are_counted_and_not_given_as_a_share() -> None:
    days = tuple((date(2026, 3, 21 + i), float(i < 3)) for i in range(10))
    before = tuple((date(2026, 3, 11 + i), float(i < 5)) for i in range(9))
    found = line(Daytime("daytime:4w", (Compared(Measure.COMPANY, 0.3, 5 / 9, days, before),)))
    assert found.words == "Time with somebody on 3 of 10 days, before on 5 of 9"


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        (OpenFlag((TODAY,)), "an answer that waits for a look"),
        (OpenFlag((VISIT, TODAY)), "answers of 2 days that wait for a look"),
        (
            OpenFlag((TODAY,), LongTermFlag(Watched.CRAVING, (TODAY,))),
            "Wanting or using ketamine outside the plan reported",
        ),
        (
            OpenFlag((TODAY,), LongTermFlag(Watched.WORSENING, (TODAY,), (WORSE_DAYS, WORSE_AMONG))),
            "Mood below that before treatment reported",
        ),
    ],
)
def test_what_is_open_says_what_and_since_when(flag: OpenFlag, words: str) -> None:
    headache = SideEffect("s", SideEffectCode.HEADACHE, Severity.SEVERE, date(2026, 3, 2))
    found = line(StillOpen("still_open:4w", (headache,), (flag,)))
    assert found.words == f"Still open: Headache · Severe; {words}"
    assert found.facts[0] == ("Headache · Severe", "since 2 Mar")
    assert found.facts[1][0] == words


@pytest.mark.parametrize("language", list(Language))
def test_lines_are_said_in_every_language(
    sqlite_database: Database, sqlite_cast: Cast, language: Language
) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
    with speaking(language):
        lines = lines_of(sqlite_database, sqlite_cast)
    assert len(lines) == 7
    assert "%(" not in str(lines)


# On a provider's page -------------------------------------------------------------------------------------------------


def on_page(database: Database, cast: Cast, sight: Sight, *, is_preview: bool = False) -> Talk:
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        rows = read_brief_rows(db, patient, sight, provider_id=cast.bob.provider_id, now=NOW)
        return brief_of(rows, is_preview=is_preview).talk


def test_on_the_page_each_line_needs_its_scopes_and_no_other(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
        builders.appointment(db, sqlite_cast.alice, VISIT, with_=sqlite_cast.bob)
    for scopes in (set(some) for n in range(6) for some in combinations(Scope, n)):
        talk = on_page(sqlite_database, sqlite_cast, Sight(frozenset(scopes), None))
        kinds = [line.key.split(":")[0] for line in talk.lines]
        assert kinds == [kind for kind, needed in NEEDS.items() if needed <= scopes][:6]


@pytest.mark.parametrize("starred", [True, False])
def test_on_the_page_a_private_note_changes_nothing(
    sqlite_database: Database, sqlite_cast: Cast, starred: bool
) -> None:
    with sqlite_database.unit_of_work() as db:
        kept = talking.keep(db, sqlite_cast.alice)
    whole = Sight(frozenset(Scope), None)
    before = [on_page(sqlite_database, sqlite_cast, whole, is_preview=each) for each in (True, False)]
    with sqlite_database.unit_of_work() as db:
        for one in kept:
            if not one.body.note:
                amend_check_in(
                    db,
                    the_patient(db, sqlite_cast.alice),
                    check_in_id=one.public_id,
                    seen_version=1,
                    body=replace(one.body, note="kestrel, a canary", starred=starred),
                    recorded_at=NOW,
                    now=NOW,
                )
    after = [on_page(sqlite_database, sqlite_cast, whole, is_preview=each) for each in (True, False)]
    assert after == before
    assert "kestrel" not in str(after)
