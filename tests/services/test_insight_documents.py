"""The figures of the command, held against arithmetic that knows nothing of ours."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.benefits import EndReason, GivenSession, Interruption
from journal.domain.insights import CourseHistory, History, insights_of
from journal.domain.pauses import Pause
from journal.domain.treatments import Phase
from journal.domain.trends import DaySummary
from journal.services import transfers
from journal.services.insight_documents import document_of
from journal.services.insight_documents import figures as all_of
from journal.storage.assessments import add_assessment
from journal.storage.base import new_public_id
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast
from tests.services import rebuilt

TODAY = date(2026, 3, 30)


def figures(database: Database, cast: Cast, until: date = TODAY) -> dict:
    with database.look() as db:
        found = all_of(db, the_patient(db, cast.alice), until=until)
    return json.loads(json.dumps(found, allow_nan=False))


def test_a_journal_without_a_check_in_has_every_key_and_a_reason_for_each_that_is_null(
    database: Database, cast: Cast
) -> None:
    nothing = {"b": None, "ci_low": None, "ci_high": None, "reverse": None, "n": 0, "status": "too_few"}
    no_session = {"reason": "no_session", "n": 0, "needs": 0}
    assert figures(database, cast) == {
        "until": "2026-03-30",
        "course_start": None,
        "course_end": None,
        "paused": [],
        "medication_changes": [],
        "days": [],
        "imported": [],
        "coverage": {
            "first_day": "2026-03-30",
            "days_7": {"logged": 0, "eligible": 1, "share": 0.0},
            "days_28": {"logged": 0, "eligible": 1, "share": 0.0},
            "all": {"logged": 0, "eligible": 1, "share": 0.0},
            "longest_gap": None,
        },
        "baseline": None,
        "sessions": [],
        "durability": None,
        "aligned": None,
        "ewma": None,
        "sleep_mood": {**nothing, "per": "quality_step"},
        "activity_mood": {**nothing, "per": "half_hour"},
        "variability": None,
        "assessments": {},
        "talking_points": [],
        "earlier_courses": [],
        "reasons": {
            "baseline": no_session,
            "durability": no_session,
            "aligned": no_session,
            "ewma": no_session,
            "variability": {"reason": "too_few", "n": 0, "needs": 42},
        },
    }


def test_before_the_first_day_nothing_was_possible(database: Database, cast: Cast) -> None:
    coverage = figures(database, cast, until=date(2026, 3, 1))["coverage"]
    assert coverage["all"] == {"logged": 0, "eligible": 0, "share": None, "reason": "no_eligible_days"}
    assert coverage["longest_gap"] is None


def test_a_day_is_the_mean_of_its_numbers_and_the_latest_of_its_provenances(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 4, at=NOW - timedelta(days=2), sleep_min=420, sleep_quality=1)
        builders.check_in(
            db, cast.alice, 7, on=date(2026, 3, 28), at=NOW - timedelta(hours=1), activity_min=30
        )
        builders.check_in(db, cast.alice, None, on=date(2026, 3, 28), at=NOW - timedelta(days=1))
    assert figures(database, cast)["days"] == [
        {
            "local_date": "2026-03-28",
            "mood": 5.5,
            "mood_min": 4,
            "mood_max": 7,
            "n": 2,
            "logged": 3,
            "sleep_hours": 7.0,
            "sleep_quality": 1,
            "activity_min": 30,
            "provenance": "later",
        }
    ]


def test_what_another_app_says_stands_apart_on_its_own_scale(database: Database, cast: Cast) -> None:
    file = "full_date,time,mood\n2026-03-30,8:00,rad\n2026-03-30,9:00,good\n2026-03-29,9:00,awful\n"
    with database.unit_of_work() as db:
        transfers.bring_in_daylio(
            db,
            the_patient(db, cast.alice),
            file.encode(),
            filename="d.csv",
            actor_account_id=None,
            now=NOW,
        )
    found = figures(database, cast)
    assert found["imported"] == [
        {"local_date": "2026-03-29", "source": "daylio", "value": 1.0, "scale": [1.0, 5.0], "n": 1},
        {"local_date": "2026-03-30", "source": "daylio", "value": 4.5, "scale": [1.0, 5.0], "n": 2},
    ]
    assert found["days"] == []
    assert found["coverage"]["all"]["logged"] == 0


def test_everything_can_be_computed_again_from_the_raw_check_ins(database: Database, cast: Cast) -> None:
    chance = random.Random(7)
    said = [
        (
            TODAY - timedelta(days=chance.randrange(29)),
            chance.choice([None, *range(11)]),
            chance.choice([None, 300, 451]),
            chance.choice([None, 0, 25]),
            NOW - timedelta(minutes=minute),
        )
        for minute in range(40, 0, -1)
    ]
    with database.unit_of_work() as db:
        for day, mood, slept, active, at in said:
            builders.check_in(db, cast.alice, mood, on=day, at=at, sleep_min=slept, activity_min=active)
    until = TODAY - timedelta(days=1)
    found = figures(database, cast, until=until)

    by_day = defaultdict(list)
    for one in said:
        by_day[one[0]].append(one)
    expected = []
    for day in sorted(day for day in by_day if day <= until):
        moods = [mood for _, mood, _, _, _ in by_day[day] if mood is not None]
        slept = [minutes for _, _, minutes, _, _ in by_day[day] if minutes is not None]
        active = [minutes for _, _, _, minutes, _ in by_day[day] if minutes is not None]
        expected.append(
            {
                "local_date": str(day),
                "mood": sum(moods) / len(moods) if moods else None,
                "mood_min": min(moods) if moods else None,
                "mood_max": max(moods) if moods else None,
                "n": len(moods),
                "logged": len(by_day[day]),
                "sleep_hours": slept[-1] / 60 if slept else None,
                "sleep_quality": None,
                "activity_min": active[-1] if active else None,
                "provenance": "next_day" if day == TODAY - timedelta(days=1) else "later",
            }
        )
    assert found["days"] == expected

    logged = {date.fromisoformat(one["local_date"]) for one in expected}
    first = min(logged)
    eligible = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    for key, wanted in (("all", eligible), ("days_28", eligible[-28:]), ("days_7", eligible[-7:])):
        there = len([day for day in wanted if day in logged])
        assert found["coverage"][key] == {
            "logged": there,
            "eligible": len(wanted),
            "share": there / len(wanted),
        }
    over = [day for day in eligible if day < until or day in logged]
    runs = "".join("x" if day in logged else "." for day in over).split("x")
    gap = found["coverage"]["longest_gap"]
    assert (gap["days"] if gap else 0) == max(len(run) for run in runs)


# Everything once more, from the document alone ------------------------------------------------------------------------


def a_history(chance: random.Random) -> History:
    """A person with up to two courses, days without a number, pauses, ticks, and changes of medicines."""
    first_day = date(2026, 1, 1)
    length = chance.randrange(30, 150)
    until = first_day + timedelta(days=length - 1)
    dates = [first_day + timedelta(days=n) for n in range(length)]
    steps = chance.choice([(2, 3), (5, 12), (7, 20)])
    given, on = [], first_day + timedelta(days=chance.randrange(8, 25))
    while on <= until:
        given.append(on)
        on += timedelta(days=chance.randrange(*steps) + 1)
    missing = chance.choice([0.0, 0.1, 0.3, 0.6])
    low, days, last = chance.choice([1, 3, 9]), [], None
    for on in dates:
        last = on if on in given else last
        lift = 6 * 0.93 ** (on - last).days if last else 0
        mood = min(10, max(0, round(low + lift + chance.gauss(0, 1))))
        if chance.random() >= missing:
            numbers = (None, 0) if chance.random() < 0.05 else (float(mood), 1)
            slept = chance.choice([None, 5.5, 6.0, 7.0, 8.0])
            days.append(
                DaySummary(
                    on,
                    numbers[0],
                    None,
                    None,
                    numbers[1],
                    1,
                    slept,
                    chance.choice([0, 1, 2, 3, 4]),
                    chance.choice([None, 0, 20, 45]),
                )
            )
    parted = chance.randrange(len(given) + 1) if chance.random() < 0.5 else 0
    courses = []
    for sessions in (given[:parted], given[parted:]):
        if sessions or sessions is given[parted:]:
            pause = chance.choice(dates)
            still = [Interruption(pause, pause + timedelta(days=chance.randrange(9)), EndReason.PAUSED)]
            ends = chance.choice([None, None, dates[-1] - timedelta(days=chance.randrange(20))])
            if ends is not None:
                still.append(Interruption(ends, None, EndReason.ENDED))
            courses.append(
                CourseHistory(
                    begins=sessions[0] if sessions else None,
                    ends=ends,
                    sessions=tuple(
                        GivenSession(
                            day,
                            f"S{given.index(day) + 1}",
                            chance.choice([Phase.INDUCTION, Phase.MAINTENANCE]),
                            early_for_worsening=chance.random() < 0.2,
                            censor_medication_change=chance.random() < 0.2,
                        )
                        for day in sessions
                    ),
                    interruptions=tuple(still) if chance.random() < 0.3 else tuple(still[1:]),
                )
            )
    pauses = [Pause(dates[5], dates[9])] if chance.random() < 0.3 else []
    return History(
        until=until,
        first_day=first_day,
        days=days,
        courses=tuple(courses),
        medication_changes=tuple(sorted(chance.sample(dates, 3))),
        pauses=tuple(pauses),
    )


def close(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == pytest.approx(other, abs=1e-9)
    return one == other


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_can_be_computed_again_from_days_and_sessions(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        found = json.loads(json.dumps(document_of(insights_of(a_history(chance))), allow_nan=False))
        journal = rebuilt.Journal(found)

        again = rebuilt.coverage(journal, found)
        assert {key: found["coverage"][key] | {"reason": None} for key in again} == {
            key: value | {"reason": None} for key, value in again.items()
        }
        for course in journal.courses:
            compare_course(journal, course)
        assert_same(found["variability"], rebuilt.variability(journal))
        quality = rebuilt.association(journal, "sleep_quality", unit=1, full=42, preliminary=28)
        if found["sleep_mood"]["per"] == "quality_step":
            assert_same(found["sleep_mood"], quality)
        activity = rebuilt.association(journal, "activity_min", unit=30, full=42, preliminary=42)
        assert_same(found["activity_mood"], activity)


def compare_course(journal: rebuilt.Journal, course: dict) -> None:
    known = rebuilt.baseline(journal, course, 14)
    assert_same(course["baseline"], known)
    for row in course["sessions"]:
        assert_same(row, rebuilt.session(journal, course, row, known["burden"] if known else None))
    if course["durability"]:
        again = rebuilt.durability(course["sessions"])
        for step, expected in zip(course["durability"]["table"] or [], again.pop("table") or [], strict=True):
            assert_same(step, expected)
        assert_same(course["durability"], again)
        if course["durability"]["as_censored"]:
            other = rebuilt.durability(course["sessions"], early_as_loss=False)
            other.pop("table")
            assert_same(
                course["durability"]["as_censored"], {key: other[key] for key in ("median", "rmst_28")}
            )
    for row in course["aligned"] or []:
        moods = rebuilt.aligned(journal, course)[row["offset"]]
        assert row["n"] == len(moods)
        if moods:
            assert close(row["mean"], sum(moods) / len(moods))
            assert min(moods) <= row["low"] <= row["high"] <= max(moods)
            if len(moods) < 4:
                assert (row["low"], row["high"]) == (min(moods), max(moods))
    chart, again = course["ewma"], rebuilt.ewma(journal, course)
    if again is None:
        assert chart is None
        return
    assert chart["signals"] == [on.isoformat() for on in again.pop("signals")]
    assert [on.isoformat() for on, _ in again["z"]] == [row["local_date"] for row in chart["z"]]
    for row, (_, z) in zip(chart["z"], again.pop("z"), strict=True):
        assert close(row["z"], z)
    assert_same(chart, again)


def assert_same(figure: dict | None, again: dict | None) -> None:
    if again is None or figure is None:
        assert figure is again
        return
    for key, value in again.items():
        assert close(figure[key], value), (key, figure, again)


def test_questionnaires_have_their_totals_their_change_and_the_response_beside_it(
    database: Database, cast: Cast
) -> None:
    first_session = date(2026, 3, 2)
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, first_session)
        for instrument, on, total in (
            ("phq9", date(2026, 2, 27), 20),
            ("phq9", date(2026, 3, 20), 9),
            ("phq8", date(2026, 3, 21), 8),
            ("phq9", date(2026, 4, 20), 3),
        ):
            answered(db, cast, instrument, on, total)
    found = figures(database, cast)["assessments"]
    assert found["phq9"] == {
        "rows": [
            {"date": "2026-02-27", "total": 20, "answered": 9},
            {"date": "2026-03-20", "total": 9, "answered": 9},
        ],
        "change": -11,
        "reliable_change": True,
        "reason": None,
        "response": {
            "baseline_total": 20,
            "baseline_date": "2026-02-27",
            "last_total": 9,
            "last_date": "2026-03-20",
            "improvement": 55.0,
            "response": True,
            "remission": False,
        },
        "response_reason": None,
    }
    assert found["phq8"] == {
        "rows": [{"date": "2026-03-21", "total": 8, "answered": 9}],
        "change": None,
        "reliable_change": None,
        "reason": "too_few",
    }


def answered(db: Session, cast: Cast, instrument: str, on: date, total: int) -> None:
    """A completed questionnaire of which only the total is known."""
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    add_assessment(
        db,
        cast.alice.patient_id,
        AssessmentRecord(
            public_id=new_public_id(),
            instrument=instrument,
            version=1,
            due_on=on,
            opened_at=at,
            saved_at=at,
            completed_at=at,
            completed_on=on,
            scored_as=instrument,
            total=total,
            answered=9,
            asked=9,
            answers={"1": 1},
        ),
    )


def test_a_day_to_talk_about_is_in_the_document(database: Database, cast: Cast) -> None:
    moods = {TODAY - timedelta(days=back): 7 for back in range(20)} | {TODAY - timedelta(days=2): 1}
    with database.unit_of_work() as db:
        builders.mood_days(db, cast.alice, moods)
    assert figures(database, cast)["talking_points"] == [
        {
            "key": "low_days:4w",
            "kind": "low_days",
            "rows": [{"local_date": "2026-03-28", "mood": 1.0, "usual": 7.0, "n": 7}],
        }
    ]


def test_what_was_reported_over_longer_times_is_among_the_lines(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.long_term_check(db, cast.alice, TODAY - timedelta(days=3), craving_or_extra_use=1)
    (line,) = figures(database, cast)["talking_points"]
    assert line["kind"] == "still_open"
    assert line["rows"] == [{"flag": "craving", "dates": ["2026-03-27"]}]
