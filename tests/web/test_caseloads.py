"""The words of a caseload's line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from journal.domain.attention import Kind
from journal.domain.caseloads import Group, Order
from journal.domain.consents import SUGGESTED, Scope
from journal.domain.treatments import Phase
from journal.storage import attention, courses
from journal.web.caseloads import CaseloadPage, Row, Score, read_caseload
from tests import builders, lists
from tests.cast import NOW
from tests.conftest import Site

TODAY = date(2026, 3, 30)


def page(site: Site, *, now: datetime = NOW) -> CaseloadPage:
    lists.keep(site.database, now=now)
    with site.database.look() as db:
        return read_caseload(db, site.cast.bob.provider_id, now=now, order=Order.NAME, search="", page=1)


def alice(site: Site, *, now: datetime = NOW) -> Row:
    return next(row for row in page(site, now=now).rows if row.name == "Alice")


def test_a_person_who_has_written_nothing_has_no_figures(site: Site) -> None:
    row = alice(site)
    assert (row.last_check_in, row.check_ins, row.phq9, row.chips) == ("None yet", "0 of 1", None, ())
    assert (row.spark, row.days_since_session, row.next_visit) == (None, "–", "–")


def test_a_line_that_is_not_there_yet_is_named_as_behind(site: Site) -> None:
    with site.database.look() as db:
        found = read_caseload(db, site.cast.bob.provider_id, now=NOW, order=Order.NAME, search="", page=1)
    assert len(found.behind) == 1
    assert [row.name for row in found.rows] == ["Alice"]
    assert page(site).behind == []


def test_the_days_with_a_check_in_stand_beside_the_line(site: Site) -> None:
    with site.database.unit_of_work() as db:
        for back, mood in ((0, 4), (2, 7), (3, None)):
            builders.check_in(db, site.cast.alice, mood, on=TODAY - timedelta(days=back))
    row = alice(site)
    assert row.check_ins == "3 of 4"
    assert row.says == "Alice mood over 28 days: from 7 to 4, 3 of 28 days entered"


def test_a_sparkline_is_read_as_what_it_shows_and_a_name_in_it_is_no_markup(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.the_patient(db, site.cast.alice).display_name = "Ana <R.>"
        builders.check_in(db, site.cast.alice, 5)
    text = site.as_(site.cast.bob).get("/caseload").text
    assert 'aria-label="Ana &lt;R.&gt; mood over 28 days: 5, 1 of 28 days entered"' in text
    assert "<R.>" not in text


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
    assert alice(site).next_visit == "Today 8:00 am"
    assert [row.name for row in page(site).groups[Group.TODAY]] == ["Alice"]


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
    assert alice(site).starred == "3 starred notes"  # without a visit: the last 28 days
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 10), with_=site.cast.bob)
    assert alice(site).starred == "2 starred notes"


def test_days_since_a_session_end_today(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 13))
    assert alice(site).days_since_session == "17"


def test_whoever_has_been_silent_is_to_be_looked_at_first(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5, on=date(2026, 3, 20), at=NOW - timedelta(days=10))
    found = page(site)
    assert [chip.text for chip in found.rows[0].chips] == ["No check-in for 10 days (21 Mar to 30 Mar)"]
    assert (found.numbers.first, found.groups[Group.FIRST][0].can_wait) == (1, True)


def test_what_was_set_aside_is_said_and_not_shown_first(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5, on=date(2026, 3, 20), at=NOW - timedelta(days=10))
        attention.put_aside(
            db,
            site.cast.bob.provider_id,
            site.cast.alice.patient_id,
            Kind.SILENCE,
            until=date(2026, 4, 2),
            now=NOW,
        )
    found = page(site)
    assert (found.numbers.first, found.aside, found.groups[Group.FIRST]) == (0, 1, [])
    assert (found.rows[0].chips, found.rows[0].waits) == ((), "Something set aside until 2 Apr")


def test_nothing_said_of_a_closed_part_is_no_all_clear(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS)
    row = alice(site)
    assert (row.shares_all, row.shares_scores, row.last_check_in, row.check_ins) == (False, False, "", "")


def test_a_phq9_stands_with_its_change(site: Site) -> None:
    assert Score("15", "↓", "−4 since 9 Mar") == score([15, -4, "2026-03-09"])
    assert score([9, 0, "2026-03-09"]) == Score("9", "", "no change since 9 Mar")
    assert score([18, 6, "2025-12-30"]) == Score("18", "↑", "+6 since 30 Dec 2025")
    assert score([4, None, None]) == Score("4", "", "")


def score(kept: list[object]) -> Score | None:
    from journal.web.caseloads import score_of

    return score_of(kept, TODAY)
