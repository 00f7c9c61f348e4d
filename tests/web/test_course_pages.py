"""A course as its page shows it: what is counted, what is drawn, and what its reader may move."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from journal.domain.consents import WHOLE, Sight
from journal.domain.courses import PlannedDay
from journal.domain.treatments import Drug, Phase, PresetId, Status
from journal.services.courses import LaidOut
from journal.storage.courses import add_course
from journal.web.course_pages import CoursePage, marks_of, months_of, read_course_page
from tests import builders
from tests.builders import the_patient
from tests.cast import EVERY_SCOPE, NOW, Cast
from tests.conftest import Site

TODAY = date(2026, 3, 30)


def page(db: Session, cast: Cast, sight: Sight = WHOLE, *, mine: set[int] | None = None) -> CoursePage:
    return read_course_page(
        db,
        the_patient(db, cast.alice),
        sight,
        mine=mine,
        today=TODAY,
        for_provider=not sight.own,
    )


def begin(db: Session, cast: Cast, phase: Phase = Phase.INDUCTION) -> None:
    add_course(
        db,
        cast.alice.patient_id,
        phase=phase,
        start_date=date(2026, 3, 20),
        preset_id=PresetId.IV_4X_2WK,
        drug=Drug.KETAMINE_RACEMIC,
        planned_sessions=4,
        now=NOW,
    )


def test_sessions_are_numbered_over_the_whole_course(site: Site) -> None:
    with site.database.unit_of_work() as db:
        begin(db, site.cast)
        builders.treatment(db, site.cast.alice, date(2026, 2, 2))  # before it began
        builders.treatment(db, site.cast.alice, date(2026, 3, 20))
        for day in (1, 3):
            builders.treatment(db, site.cast.alice, date(2026, 4, day), status=Status.PLANNED)
        shown = page(db, site.cast)
    assert shown.progress == "Session 2 of 4 is next."
    assert [line.number for line in shown.planned] == [2, 3]


def test_two_records_of_one_date_have_one_number(site: Site) -> None:
    with site.database.unit_of_work() as db:
        begin(db, site.cast)
        for by in (None, site.cast.bob):
            builders.treatment(db, site.cast.alice, date(2026, 4, 1), status=Status.PLANNED, by=by)
        builders.treatment(db, site.cast.alice, date(2026, 4, 3), status=Status.PLANNED)
        shown = page(db, site.cast, Sight(EVERY_SCOPE, None), mine={site.cast.bob.provider_id})
    assert [line.number for line in shown.planned] == [1, 1, 2]
    assert sorted((line.by_patient, line.may_move) for line in shown.planned) == [
        (False, True),
        (True, False),
        (True, False),
    ]


@pytest.mark.parametrize(
    ("phase", "given", "words"),
    [
        (Phase.MAINTENANCE, 1, "1 session so far."),
        (Phase.INDUCTION, 4, "4 sessions so far."),
        (Phase.INDUCTION, 0, "Session 1 of 4 is next."),
    ],
)
def test_progress_counts_towards_the_induction_alone(
    site: Site, phase: Phase, given: int, words: str
) -> None:
    with site.database.unit_of_work() as db:
        begin(db, site.cast, phase)
        for day in range(given):
            builders.treatment(db, site.cast.alice, date(2026, 3, 20 + day))
        assert page(db, site.cast).progress == words


def test_a_provider_reads_more_of_a_course_than_the_patient(site: Site) -> None:
    with site.database.unit_of_work() as db:
        begin(db, site.cast)
        provider, own = page(db, site.cast, Sight(EVERY_SCOPE, None)), page(db, site.cast)
    assert (len(provider.evidence), own.evidence) == (2, [])
    assert ("Compared with", "the 14 days before") in provider.facts
    assert "Compared with" not in dict(own.facts)


def test_the_months_go_on_to_the_last_session_and_no_further() -> None:
    marks = {
        date(2026, 2, 2): ("given", "x"),
        date(2026, 3, 31): ("there", "y"),
        date(2026, 5, 1): ("there", "z"),
    }
    months = months_of(marks, today=TODAY, region="DE")
    assert [month.title for month in months] == ["March 2026", "April 2026", "May 2026"]
    cells = [cell for week in months[0].weeks for cell in week if cell is not None]
    assert len(cells) == 31
    assert [(cell.day, cell.kind, cell.words) for cell in cells[29:]] == [
        (30, "past", "30 March"),
        (31, "there", "31 March, y"),
    ]
    assert [cell.day for cell in cells if cell.is_today] == [30]


def test_a_very_long_plan_is_drawn_for_half_a_year() -> None:
    marks = {date(2026, 3, 30): ("there", "x"), date(2027, 3, 29): ("there", "x")}
    assert len(months_of(marks, today=TODAY, region="")) == 6


def test_without_sessions_no_month_is_drawn() -> None:
    assert months_of({date(2026, 2, 2): ("given", "x")}, today=TODAY, region="") == []


def test_new_dates_stand_apart_from_those_that_are_there() -> None:
    first, second = (PlannedDay(n, date(2026, 4, n), Phase.INDUCTION) for n in (1, 2))
    assert marks_of(LaidOut(new=(second,), there=(first,))) == {
        date(2026, 4, 1): ("there", "planned already"),
        date(2026, 4, 2): ("new", "session 2 of these dates"),
    }
