"""The words of a caseload's line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from journal.domain.consents import SUGGESTED
from journal.domain.treatments import Phase
from journal.storage import courses
from journal.storage.patients import CaseloadOrder
from journal.web.caseloads import CaseloadPage, Row, read_caseload
from tests import builders
from tests.cast import NOW
from tests.conftest import Site

TODAY = date(2026, 3, 30)


def page(site: Site, *, now: datetime = NOW) -> CaseloadPage:
    with site.database.look() as db:
        return read_caseload(
            db, site.cast.bob.provider_id, now=now, order=CaseloadOrder.NAME, search="", page=1
        )


def alice(site: Site, *, now: datetime = NOW) -> Row:
    return next(row for row in page(site, now=now).rows if row.name == "Alice")


def test_a_person_who_has_written_nothing_has_no_figures(site: Site) -> None:
    row = alice(site)
    assert (row.last_check_in, row.check_ins, row.mean) == ("None yet", "0 of 1", "")
    assert (row.sparkline, row.days_since_session, row.next_visit) == (None, None, "")


def test_a_mean_stands_beside_the_days_it_comes_from(site: Site) -> None:
    with site.database.unit_of_work() as db:
        for back, mood in ((0, 4), (2, 7), (3, None)):
            builders.check_in(db, site.cast.alice, mood, on=TODAY - timedelta(days=back))
    row = alice(site)
    assert row.check_ins == "3 of 4"
    assert row.mean == "mood 5.5, 2 days"
    assert row.sparkline is not None


def test_the_last_check_in_is_said_in_words(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5, on=date(2026, 3, 20))
    assert alice(site).last_check_in == "20 Mar"
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5, on=date(2026, 3, 29))
    assert alice(site).last_check_in == "Yesterday"
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5)
    assert alice(site).last_check_in == "Today, 8:00 pm"


def test_a_check_in_from_far_away_is_not_said_to_be_still_ahead(site: Site) -> None:
    """Alice's Tuesday morning in Auckland is Monday night where Bob reads of it, at five on Tuesday morning."""
    written = datetime(2026, 3, 30, 19, 49, tzinfo=UTC)
    with site.database.unit_of_work() as db:
        builders.the_patient(db, site.cast.alice).zone = "Pacific/Auckland"
        db.flush()
        builders.check_in(db, site.cast.alice, 5, at=written)
    assert alice(site, now=datetime(2026, 3, 31, 3, 0, tzinfo=UTC)).last_check_in == "Yesterday, 9:49 pm"
    assert alice(site, now=datetime(2026, 3, 30, 20, 0, tzinfo=UTC)).last_check_in == "Today, 9:49 pm"


def test_the_next_visit_is_said_in_words(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2027, 1, 4), with_=site.cast.bob)
    assert alice(site).next_visit == "Mon 4 Jan 2027"
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 31), with_=site.cast.bob, at=time(9, 5))
    assert alice(site).next_visit == "Tomorrow 9:05 am"
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, TODAY, with_=site.cast.bob, at=time(8, 0))
    row = alice(site)
    assert (row.next_visit, row.comes_today) == ("Today 8:00 am", True)


def test_a_course_says_how_far_it_is_only_where_all_of_it_is_open(site: Site) -> None:
    with site.database.unit_of_work() as db:
        courses.add_course(
            db,
            site.cast.alice.patient_id,
            phase=Phase.INDUCTION,
            indication="Depression",
            planned_sessions=6,
            start_date=date(2026, 3, 9),
            now=NOW,
        )
        for day in (2, 9, 12):
            builders.treatment(db, site.cast.alice, date(2026, 3, day))
    assert alice(site).about == "Depression · induction 2 of 6"
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *SUGGESTED, visible_from=date(2026, 3, 10))
    assert alice(site).about == "Depression · induction"


def test_starred_notes_are_counted_from_the_day_of_the_last_visit(site: Site) -> None:
    with site.database.unit_of_work() as db:
        for day in (9, 10, 20):
            builders.check_in(
                db, site.cast.alice, 5, on=date(2026, 3, day), note="n", note_shared=True, starred=True
            )
    assert alice(site).starred == 3  # without a visit: the last 28 days
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 10), with_=site.cast.bob)
    assert alice(site).starred == 2


def test_days_since_a_session_end_today(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 13))
    assert alice(site).days_since_session == 17
