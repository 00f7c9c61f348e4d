"""What stands beside the figures of one person: from what is open, and in which order."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from journal.domain.consents import Scope, Sight
from journal.domain.doses import DoseUnit
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatments import Route, Status
from journal.services.treatment_records import NOTHING
from journal.storage import side_effects, treatment_records
from journal.storage.database import Database
from journal.web.brief.rows import BriefRows, read_brief_rows
from journal.web.brief.sides import LastSession, Standing, effects_by_day, last_session, reported_of, standing
from journal.web.treatment_lines import lines_of
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast
from tests.conftest import Site


def fill(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, "Sertraline", since=date(2026, 1, 5))
        builders.medicine(db, cast.alice, "Over", until=date(2026, 3, 1))
        for day in range(1, 8):
            builders.moment(db, cast.alice, date(2026, 3, day), f"Moment {day}", shared=True)
        builders.long_term_check(db, cast.alice, date(2026, 3, 16), craving_or_extra_use=1)


def read(database: Database, cast: Cast, *scopes: Scope) -> BriefRows:
    with database.look() as db:
        sight = Sight(frozenset(scopes), None)
        return read_brief_rows(
            db, the_patient(db, cast.alice), sight, provider_id=cast.bob.provider_id, now=NOW
        )


def stands(rows: BriefRows) -> Standing:
    return standing(rows, reported_of(rows))


def last(rows: BriefRows) -> LastSession | None:
    return last_session(rows, lines_of(rows.treatments, names=rows.workplace.people))


def given(rows: BriefRows) -> list[tuple[str, str]]:
    session = last(rows)
    assert session is not None
    return [(what, how) for what, how in session.facts if what in {"Dose", "Side effects"}]


def test_what_is_taken_now_and_the_latest_five_moments(site: Site) -> None:
    fill(site.database, site.cast)
    aside = stands(read(site.database, site.cast, *Scope))
    assert [line.kept.taken.name for line in aside.medicines] == ["Sertraline"]
    assert [line.kept.moment.label for line in aside.moments] == [f"Moment {day}" for day in (7, 6, 5, 4, 3)]
    assert [line.what for line in aside.flags] == ["Wanting or using ketamine outside the plan reported"]
    assert aside.last_check == date(2026, 3, 16)


def test_nothing_of_a_scope_that_is_closed(site: Site) -> None:
    fill(site.database, site.cast)
    assert stands(read(site.database, site.cast, Scope.SCORES)) == Standing([], None, [], [], [])
    assert len(stands(read(site.database, site.cast, Scope.NOTES)).moments) == 5


def test_the_patient_page_shows_all_of_it_and_its_rules(site: Site) -> None:
    fill(site.database, site.cast)
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    assert "Reported over longer times" in page
    assert "Rule: any yes." in page
    assert "Last two-weekly check: 16 March 2026." in page
    assert "Sertraline, 50 mg" in page
    assert "Moment 7" in page
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SCORES)
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    for words in ("Reported over longer times", "Sertraline", "Moment 7", "Medicines"):
        assert words not in page


def test_what_the_last_session_was_and_did(site: Site) -> None:
    record = replace(NOTHING, dose_value=Decimal("0.5"), dose_unit=DoseUnit.MG_PER_KG)
    with site.database.unit_of_work() as db:
        person = site.cast.alice
        builders.treatment(db, person, date(2026, 3, 13))
        latest = builders.treatment(db, person, date(2026, 3, 20), route=Route.IV).public_id
        builders.treatment(db, person, date(2026, 4, 9), status=Status.PLANNED)
        treatment_records.write_changes(db, person.patient_id, latest, before=NOTHING, after=record)
        for code, strong in (("nausea", Severity.MODERATE), ("headache", Severity.NOT_PRESENT)):
            effect = SideEffect(latest, SideEffectCode(code), strong, date(2026, 3, 20))
            side_effects.add_side_effect(db, person.patient_id, effect, now=NOW)
    rows = read(site.database, site.cast, Scope.SESSIONS)
    assert given(rows) == [
        ("Dose", "0.5\xa0mg/kg"),
        ("Side effects", "Nausea · Moderate · Still there"),
    ]
    assert stands(rows).still_there == [("Nausea · Moderate", "since 20 Mar, after S2")]
    assert effects_by_day(rows) == {date(2026, 3, 20): "Nausea · Moderate"}
    closed = read(site.database, site.cast, Scope.SCORES, Scope.NOTES)
    assert last(closed) is None
    assert stands(closed).still_there == []
    assert effects_by_day(closed) == {}


def test_a_day_of_not_sure_is_no_day_without_an_entry(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 20))
        builders.check_in(db, site.cast.alice, 3, on=date(2026, 3, 19))
        builders.check_in(db, site.cast.alice, None, on=date(2026, 3, 21))
    session = last(read(site.database, site.cast, Scope.SCORES, Scope.SESSIONS))
    assert session is not None
    assert session.facts[0] == ("Mood, day before and after", "3, then not sure")


def test_none_is_said_only_where_it_was_recorded(site: Site) -> None:
    with site.database.unit_of_work() as db:
        one = builders.treatment(db, site.cast.alice, date(2026, 3, 13)).public_id
        builders.treatment(db, site.cast.alice, date(2026, 3, 20))
        effect = SideEffect(one, SideEffectCode.NAUSEA, Severity.NOT_PRESENT, date(2026, 3, 13))
        side_effects.add_side_effect(db, site.cast.alice.patient_id, effect, now=NOW)
    assert effects_by_day(read(site.database, site.cast, Scope.SESSIONS)) == {date(2026, 3, 13): "none"}


def test_two_records_of_the_last_session_each_say_whose_dose(site: Site) -> None:
    day = date(2026, 3, 20)
    with site.database.unit_of_work() as db:
        person = site.cast.alice
        for by, dose in ((None, "40"), (site.cast.bob, "35")):
            one = builders.treatment(db, person, day, route=Route.IV, by=by).public_id
            after = replace(NOTHING, dose_value=Decimal(dose), dose_unit=DoseUnit.MG)
            treatment_records.write_changes(db, person.patient_id, one, before=NOTHING, after=after)
    assert sorted(given(read(site.database, site.cast, Scope.SESSIONS))) == [
        ("Dose", "35\xa0mg · recorded by Bob"),
        ("Dose", "40\xa0mg · recorded by Alice"),
    ]


def test_dates_planned_far_ahead_leave_what_took_place_in_sight(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 20))
        for day in range(1, 9):
            builders.treatment(db, site.cast.alice, date(2026, 4, day), status=Status.PLANNED)
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    unfolded = re.sub(r"<details.*?</details>", "", page[page.index('id="sessions"') :], flags=re.DOTALL)
    assert "S1, 20 March 2026" in unfolded
    assert "1 April 2026" in unfolded
    assert "8 April 2026" not in unfolded
