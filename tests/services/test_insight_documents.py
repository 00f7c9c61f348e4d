"""The figures of the command, held against arithmetic that knows nothing of ours."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import date, timedelta

from journal.services import transfers
from journal.services.insight_documents import figures as document_of
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast

TODAY = date(2026, 3, 30)


def figures(database: Database, cast: Cast, until: date = TODAY) -> dict:
    with database.look() as db:
        found = document_of(db, the_patient(db, cast.alice), until=until, now=NOW)
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
            "longest_gap": {"first": "2026-03-30", "last": "2026-03-30", "days": 1},
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
    runs = "".join("x" if day in logged else "." for day in eligible).split("x")
    gap = found["coverage"]["longest_gap"]
    assert (gap["days"] if gap else 0) == max(len(run) for run in runs)
