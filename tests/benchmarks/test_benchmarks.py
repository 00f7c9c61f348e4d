"""The benchmarks run and check their answers, at the smallest size. How long anything took is never a test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from journal.domain.insights import insights_of
from journal.storage.checkins import CheckIn
from tests.benchmarks import caseload, check_in, insights, lighthouse, page, paper, reminder_claims
from tests.benchmarks.__main__ import found
from tests.benchmarks.crowd import MOMENT, Crowd, claimers
from tests.benchmarks.floor_conclusions import conclusions
from tests.benchmarks.http_load import post_check_ins
from tests.benchmarks.installations import empty, founded
from tests.benchmarks.measure import Goal, Taken, in_turn
from tests.benchmarks.overheard import COMMIT, overhear
from tests.benchmarks.reminder_floors import BareClaims, OneJobEach

DAYS = 680
"""With six sessions in them: fewer do not give every figure that is compared."""


def test_each_benchmark_says_in_one_line_what_it_measures() -> None:
    benchmarks = found()
    assert {"caseload", "check_in", "memory", "page", "phone"} <= set(benchmarks)
    assert [name for name, one in benchmarks.items() if "\n" in one.ABOUT or len(one.ABOUT) > 120] == []


def test_every_variant_has_its_turn_in_every_round_and_the_first_is_not_counted() -> None:
    turns: list[str] = []

    def turn(name: str, figure: float) -> float:
        turns.append(name)
        return figure

    taken = in_turn({"a": lambda: turn("a", 2.0), "b": lambda: turn("b", 6.0)}, rounds=2)
    assert turns == ["b", "a", "a", "b", "b", "a"]
    assert taken.figures == {"a": [2.0, 2.0], "b": [6.0, 6.0]}


def test_a_ratio_is_taken_within_each_round() -> None:
    taken = Taken({"a": [1.0, 10.0], "b": [2.0, 30.0]})
    assert taken.ratio("b", "a") == [2.0, 3.0]


def test_a_verdict_names_both_marks() -> None:
    assert Goal(1, gate=0.6, extreme=0.85, more_is_better=True).verdict(0.7) == (
        "goal 1: gate >= 0.6 met, extreme >= 0.85 MISSED"
    )
    assert Goal(13, gate=1.3, extreme=1.1).verdict(1.1) == "goal 13: gate <= 1.3 met, extreme <= 1.1 met"
    assert Goal(None, gate=50, extreme=0).verdict(8) == "gate <= 50 met, extreme <= 0 MISSED"


def test_everything_said_to_the_database_is_overheard(tmp_path: Path) -> None:
    installation = founded(tmp_path, "")
    post = check_in.poster(installation.app(), check_in.phone_for(check_in.PRODUCT, installation))
    said = [step.sql.split(" (")[0].split(" SET")[0] for step in overhear(installation.database, post)]
    assert [line for line in said if not line.startswith("SELECT")] == [
        "BEGIN",
        "ROLLBACK",
        "BEGIN IMMEDIATE",
        "INSERT INTO submission",
        "INSERT INTO check_in",
        "UPDATE patient_summary",
        "INSERT INTO audit_event",
        COMMIT,
    ]


def test_all_three_ways_to_check_in_leave_the_same_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installations = {
        name: founded(tmp_path / str(number), "") for number, name in enumerate(check_in.VARIANTS)
    }
    goals = {check_in.FLOOR: check_in.TO_FLOOR["SQLite"], check_in.TYPICAL: check_in.TO_TYPICAL}
    check_in.in_process("SQLite", installations, goals, rounds=1, times=2)
    printed = capsys.readouterr().out
    assert "goal 1: gate >= 0.6" in printed
    assert "goal 3: gate >= 3" in printed


def test_what_is_posted_over_http_is_saved_and_counted(tmp_path: Path) -> None:
    installation = founded(tmp_path, "")
    with check_in.serving(check_in.FLOOR, installation) as port:
        phone = check_in.phone_for(check_in.FLOOR, installation, port=port)
        tally = post_check_ins(port, check_in.forms_of(phone), connections=2, seconds=0.1)
    with installation.database.look() as db:
        saved = db.scalars(sa.select(sa.func.count()).select_from(CheckIn)).one()
    overheard = 2
    assert (saved - overheard, tally.refused, tally.hung_up) == (len(tally.waits_ms), 0, 0)
    assert tally.waits_ms != []


def test_the_caseload_shows_everybody_it_is_measured_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year, decade = empty(tmp_path / "1", ""), empty(tmp_path / "10", "")
    caseload.compare("SQLite", year, decade, people=3, rounds=1, times=1, days=(30, 60))
    assert "goal 13: gate <= 1.3" in capsys.readouterr().out


def test_the_pages_draw_what_they_are_measured_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year, decade = empty(tmp_path / "1", ""), empty(tmp_path / "10", "")
    page.compare(year, decade, rounds=1, times=1, days=(30, 60))
    assert capsys.readouterr().out.count("goal 12: gate <= 6") == 4


def test_what_is_concluded_agrees_with_its_floor_and_reads_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    insights.over_floor(rounds=1, times=1, days=DAYS)
    insights.growth(empty(tmp_path / "1", ""), empty(tmp_path / "10", ""), rounds=1, times=1, days=(30, 60))
    assert "goal 11: gate <= 2" in (printed := capsys.readouterr().out)
    assert "goal 12: gate <= 6" in printed


def test_a_floor_of_other_figures_is_refused() -> None:
    history, sessions = insights.a_history(DAYS)
    found = insights_of(history)
    others = replace(history, days=[day._replace(mood=10 - (day.mood or 0)) for day in history.days])
    rows, ordinals = insights.as_rows(history, sessions)
    insights.must_conclude_the_same(found, conclusions(rows, ordinals, history.until.toordinal()))
    rows, ordinals = insights.as_rows(others, sessions)
    with pytest.raises(AssertionError, match="differ in burden"):
        insights.must_conclude_the_same(found, conclusions(rows, ordinals, history.until.toordinal()))


def test_both_ways_draw_the_same_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper.compare(empty(tmp_path, ""), rounds=1, times=1, days=40)
    assert "goal 21: gate <= 1.2" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_each_way_claims_everybody_who_is_due_once(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    url = "" if kind == "sqlite" else request.getfixturevalue("migrated_postgres")()
    crowd = Crowd(empty(tmp_path, url).database, people=12)
    bare = BareClaims(crowd.database, moment=MOMENT)
    crowd.claimed_by(lambda: reminder_claims.claim_all(crowd.database), due=6)
    crowd.claimed_by(bare.claim_all, due=6)
    with claimers(crowd.url, 2) as together:
        crowd.claimed_by(together.claim_all, due=12)
    assert together.p99_lateness_s > 0
    crowd.database.close()


def test_a_claim_that_never_was_is_noticed(tmp_path: Path) -> None:
    crowd = Crowd(empty(tmp_path, "").database, people=4)
    with pytest.raises(AssertionError, match="0 entered"):
        crowd.claimed_by(lambda: 2, due=2)
    crowd.database.close()


def test_each_job_of_the_usual_way_is_due_once(tmp_path: Path) -> None:
    OneJobEach(tmp_path / "jobs.db", people=3).check()


def test_what_lighthouse_says_is_read_from_its_report() -> None:
    report = report_of("http://127.0.0.1:9/today", shown="http://127.0.0.1:9/today")
    said = lighthouse.score(report)
    assert said.of == {"performance": 99, "accessibility": 100, "best-practices": 100}
    assert said.faults == {"total-blocking-time"}


def test_lighthouse_over_the_page_of_signing_in_is_no_measurement() -> None:
    report = report_of("http://127.0.0.1:9/today", shown="http://127.0.0.1:9/sign-in")
    with pytest.raises(RuntimeError, match=r"was to see .*/today and saw .*/sign-in"):
        lighthouse.score(report)


def test_without_lighthouse_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lighthouse, "INSTALLED", Path("/nowhere"))
    lighthouse.judge_pages(
        "http://127.0.0.1:9", ["/today"], cookie="a=b", zone="UTC", chromium="none", rounds=1
    )
    assert [line for line in capsys.readouterr().out.splitlines() if "NOT MEASURED" in line] != []


def report_of(asked: str, *, shown: str) -> dict[str, Any]:
    """A report as Lighthouse writes it, cut down to what is read of it."""
    audits = {"total-blocking-time": {"score": 0.8, "scoreDisplayMode": "numeric"}}
    heavy = [{"id": "total-blocking-time", "weight": 30}]
    return {
        "requestedUrl": asked,
        "finalDisplayedUrl": shown,
        "audits": audits,
        "categories": {
            "performance": {"score": 0.99, "auditRefs": heavy},
            "accessibility": {"score": 1, "auditRefs": []},
            "best-practices": {"score": 1, "auditRefs": []},
        },
    }


@pytest.mark.night
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", sorted(found()))
def test_a_benchmark_runs_from_end_to_end(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder_claims, "CROWDS", (2_000, 10_000))  # a million is a benchmark, never a test
    found()[name].run(1)
    assert "least / median / most" in capsys.readouterr().out
