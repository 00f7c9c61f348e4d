"""The page before a visit as one value: its head, its period, and which part is of which scope."""

from __future__ import annotations

from datetime import date, time, timedelta

from journal.domain.consents import SUGGESTED
from journal.domain.treatments import Phase, Route, Status
from journal.storage import courses
from journal.storage.patients import patient_visible_to
from journal.web.brief.page import Brief, brief_of, read_brief
from journal.web.brief.rows import read_brief_rows
from tests import builders
from tests.cast import NOW, Person
from tests.conftest import Site

TODAY = date(2026, 3, 30)


def page(site: Site, reader: Person | None = None, *, asked: str = "") -> Brief:
    reader = reader or site.cast.bob
    with site.database.look() as db:
        found = patient_visible_to(db, reader.provider_id, site.cast.alice.public_id, now=NOW)
        assert found is not None
        return read_brief(db, *found, provider_id=reader.provider_id, now=NOW, asked=asked)


def days(site: Site, moods: dict[int, int], **more: object) -> None:
    with site.database.unit_of_work() as db:
        for back, mood in moods.items():
            builders.check_in(db, site.cast.alice, mood, on=TODAY - timedelta(days=back), **more)


def test_an_empty_journal_has_a_page(site: Site) -> None:
    shown = page(site)
    assert shown.headline == "before the visit"
    assert shown.facts == "No visit before today is written down."
    assert shown.timeline is None
    assert shown.last_session is None
    assert [(one.title, one.value) for one in shown.figures] == [
        ("Mood, average", "–"),
        ("PHQ-9", "–"),
        ("GAD-7", "–"),
        ("PHQ-9 item 9", "–"),
        ("Sleep", "–"),
        ("Check-ins", "0 of 1"),
    ]


def test_figures_run_from_the_day_after_the_last_visit(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 20), with_=site.cast.bob)
        builders.appointment(db, site.cast.alice, TODAY, with_=site.cast.bob)
    days(site, {0: 8, 5: 6, 9: 7, 10: 2, 15: 1})
    shown = page(site)
    assert shown.period.title == "Since the last visit"
    assert shown.period.dates == "21 to 30 March, against the 6 days that there are before"
    assert shown.figures[0].value == "7.0"
    assert shown.complete is not None
    assert shown.complete.days == "3 of 10 days"
    assert shown.headline == "before today’s visit, 2:00 pm"
    assert shown.facts == "Last visit 20 Mar."


def test_whether_a_visit_is_today_is_the_clinics_matter(site: Site) -> None:
    """Where Alice is it is Tuesday already; where she is expected on Tuesday it is still Monday."""
    with site.database.unit_of_work() as db:
        builders.the_patient(db, site.cast.alice).zone = "Pacific/Auckland"
        db.flush()
        builders.appointment(db, site.cast.alice, date(2026, 3, 31), with_=site.cast.bob, at=time(9, 0))
    shown = page(site)
    assert shown.headline == "before the visit"
    assert "Next visit 31 Mar, 9:00 am." in shown.facts


def test_a_visit_with_another_provider_is_not_the_last_one(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 20), with_=site.cast.frank)
    assert page(site).period.title == "The last four weeks"


def test_completeness_says_how_the_days_were_written(site: Site) -> None:
    days(site, {0: 5, 1: 5, 6: 5})
    complete = page(site).complete
    assert complete is not None
    assert complete.in_all == "3 of 7"
    assert complete.more == (
        "In this period 1 were written the same day, 2 filled in later. "
        "Longest gap of all days: 4 days (25 Mar to 28 Mar)."
    )


def test_the_course_is_told_in_a_sentence(site: Site) -> None:
    with site.database.unit_of_work() as db:
        courses.add_course(
            db,
            site.cast.alice.patient_id,
            phase=Phase.INDUCTION,
            indication="Depression, PTSD",
            planned_sessions=6,
            start_date=date(2026, 3, 9),
            now=NOW,
        )
        builders.treatment(db, site.cast.alice, date(2026, 3, 9))
        builders.treatment(db, site.cast.alice, date(2026, 4, 9), status=Status.PLANNED)
    assert page(site).facts == (
        "Depression, PTSD. Induction 1 of 6, course begun 9 March 2026. Next: S2 on 9 Apr. "
        "No visit before today is written down."
    )
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *SUGGESTED, visible_from=date(2026, 3, 10))
    assert page(site).facts.startswith("Depression, PTSD. Induction. Next: S1 on 9 Apr.")


def test_a_course_that_is_still_to_come_begins_then(site: Site) -> None:
    with site.database.unit_of_work() as db:
        courses.add_course(
            db,
            site.cast.alice.patient_id,
            phase=Phase.PLANNED,
            indication="Depression",
            planned_sessions=6,
            start_date=date(2026, 4, 9),
            now=NOW,
        )
    assert page(site).facts.startswith("Depression. Planned, course begins 9 April 2026.")


def test_the_last_session_stands_between_its_days(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 13), route=Route.IV, by=site.cast.bob)
        builders.treatment(db, site.cast.alice, date(2026, 3, 20), status=Status.MISSED)
    days(site, {18: 3, 16: 8})
    last = page(site).last_session
    assert last is not None
    assert (last.name, last.local_date) == ("S1", date(2026, 3, 13))
    assert last.facts == [
        ("Mood, day before and after", "3, then 8"),
        ("How", "Drip into a vein (IV)"),
        ("Recorded by", "you"),
    ]


def test_what_was_before_treatment_is_drawn_only_where_its_beginning_is_open(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 25))
    days(site, dict.fromkeys((6, 7, 8, 9, 10, 11, 1), 3))
    shown = page(site).timeline
    assert shown is not None
    assert "before treatment, 3" in [words for _, words in shown.key]
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *SUGGESTED, visible_from=date(2026, 3, 18))
    shown = page(site).timeline
    assert shown is not None
    assert [mark for mark, _ in shown.key if mark == "baseline"] == []


def test_starred_notes_come_first_then_the_others_then_earlier_ones(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 20), with_=site.cast.bob)
    days(site, {10: 5}, note="On the day of the visit.", note_shared=True, starred=True)
    days(site, {3: 5}, note="Just so.", note_shared=True)
    days(site, {12: 5}, note="Before it.", note_shared=True, starred=True)
    notes = page(site).notes
    assert notes is not None
    assert [one.text for one in notes.starred] == ["On the day of the visit."]
    assert [one.text for one in notes.other] == ["Just so."]
    assert [one.text for one in notes.earlier] == ["Before it."]


def test_another_clinicians_name_is_not_told(site: Site) -> None:
    """Who else a person sees is theirs to tell; a colleague of the same clinic is known."""
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 13), by=site.cast.frank)
        builders.treatment(db, site.cast.alice, date(2026, 3, 12))
    assert [line.recorded_by for line in page(site).treatments] == ["Frank", ""]


def test_what_is_asked_is_shown_and_what_is_not_offered_is_the_usual(site: Site) -> None:
    days(site, {0: 5})
    for asked, title in (
        ("", "Four weeks"),
        ("12w", "Twelve weeks"),
        ("course", "Four weeks"),
        ("1e9", "Four weeks"),
    ):
        shown = page(site, asked=asked).timeline
        assert shown is not None
        assert shown.title == title


def test_since_a_visit_is_drawn_with_the_weeks_that_led_up_to_it(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 20), with_=site.cast.bob)
    days(site, {0: 5})
    shown = page(site).timeline
    assert shown is not None
    assert shown.title == "Twelve weeks"
    assert ("since", "since the last visit, 20 Mar") in shown.key


def test_a_preview_has_a_name_where_the_provider_reads_you(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 13), by=site.cast.bob)
    with site.database.look() as db:
        found = patient_visible_to(db, site.cast.bob.provider_id, site.cast.alice.public_id, now=NOW)
        assert found is not None
        rows = read_brief_rows(db, *found, provider_id=site.cast.bob.provider_id, now=NOW)
    assert [line.recorded_by for line in brief_of(rows).treatments] == ["you"]
    assert [line.recorded_by for line in brief_of(rows, is_preview=True).treatments] == ["Bob"]


def test_the_day_before_a_session_that_is_not_shared_is_not_called_empty(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 13))
        builders.share(db, site.cast.alice, site.cast.bob, *SUGGESTED, visible_from=date(2026, 3, 13))
    days(site, {18: 3, 16: 8})
    last = page(site).last_session
    assert last is not None
    assert last.facts[0] == ("Mood, day before and after", "not shared, then 8")


def test_times_are_the_clinics(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.the_patient(db, site.cast.alice).zone = "America/New_York"
        builders.appointment(db, site.cast.alice, date(2026, 4, 2), with_=site.cast.bob, at=time(9, 0))
    (line,) = page(site).visits
    assert line.when == "2 Apr, 9:00 am"
    assert line.what == "Talk therapy, written down by the patient"


def test_what_lies_before_the_dates_shown_still_counts_where_it_belongs(site: Site) -> None:
    """Twelve weeks are drawn; the mood before treatment, the last session and completeness reach further back."""
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, TODAY - timedelta(days=200))
        for back, mood in ((205, 3), (204, 3), (203, 3), (202, 3), (201, 3), (199, 8), (0, 5)):
            then = NOW - timedelta(days=back)
            builders.check_in(db, site.cast.alice, mood, on=TODAY - timedelta(days=back), at=then)
    shown = page(site, asked="4w")
    assert shown.timeline is not None
    assert "before treatment, 3" in [words for _, words in shown.timeline.key]
    assert shown.last_session is not None
    assert shown.last_session.facts[0] == ("Mood, day before and after", "3, then 8")
    assert shown.complete is not None
    assert shown.complete.in_all == "7 of 206"
    assert shown.complete.more.endswith("Longest gap of all days: 198 days (13 Sep to 29 Mar).")
