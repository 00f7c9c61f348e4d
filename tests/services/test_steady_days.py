"""Steady days: which can be chosen, and that the chart goes by them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from journal.domain.consents import SUGGESTED, WHOLE, Sight
from journal.domain.control_charts import ChosenBy, ControlChart
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.treatments import Phase
from journal.services import steady_days as acts
from journal.services.insights import insights_for
from journal.storage import courses
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast

TODAY = date(2026, 3, 30)
BOB = Sight(SUGGESTED, None)
CHOSEN = (date(2026, 3, 2), date(2026, 3, 20))


def prepare(db: Session, cast: Cast) -> None:
    courses.add_course(
        db, cast.alice.patient_id, phase=Phase.MAINTENANCE, start_date=date(2026, 2, 1), now=NOW
    )
    builders.treatment(db, cast.alice, date(2026, 2, 2))
    moods = {TODAY - timedelta(days=back): 5 + back % 3 for back in range(55) if back % 7}
    builders.mood_days(db, cast.alice, moods)


def choose(db: Session, cast: Cast, days: tuple[date, date] | None, *, sight: Sight = BOB) -> None:
    acts.choose(
        db, the_patient(db, cast.alice), sight, days, provider_id=cast.bob.provider_id,
        actor_account_id=cast.bob.account_id, now=NOW,
    )  # fmt: skip


def chart(db: Session, cast: Cast, sight: Sight = WHOLE) -> ControlChart:
    found = insights_for(db, the_patient(db, cast.alice), sight, until=TODAY).course.chart
    assert isinstance(found, ControlChart)
    return found


def test_the_chart_goes_by_the_chosen_days_until_the_rule_chooses_again(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    with sqlite_database.unit_of_work() as db:
        prepare(db, sqlite_cast)
        assert chart(db, sqlite_cast).baseline_by is ChosenBy.RULE
        choose(db, sqlite_cast, CHOSEN)
        found = chart(db, sqlite_cast)
        assert (found.baseline_by, found.baseline_from, found.baseline_to) == (ChosenBy.PROVIDER, *CHOSEN)
        assert acts.chosen_for(db, the_patient(db, sqlite_cast.alice), BOB) == CHOSEN
        choose(db, sqlite_cast, None)
        assert chart(db, sqlite_cast).baseline_by is ChosenBy.RULE


def test_days_that_a_reader_does_not_see_whole_are_not_theirs(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    later = Sight(SUGGESTED, date(2026, 3, 5))
    with sqlite_database.unit_of_work() as db:
        prepare(db, sqlite_cast)
        choose(db, sqlite_cast, CHOSEN)
        assert acts.chosen_for(db, the_patient(db, sqlite_cast.alice), later) is None
        seen = insights_for(db, the_patient(db, sqlite_cast.alice), later, until=TODAY).course.chart
    assert not isinstance(seen, ControlChart) or seen.baseline_by is ChosenBy.RULE


@pytest.mark.parametrize(
    ("days", "sight", "codes"),
    [
        ((date(2026, 3, 2), date(2026, 3, 14)), BOB, {"steady_length"}),
        ((date(2026, 3, 1), date(2026, 3, 29)), BOB, {"steady_length"}),
        ((date(2026, 3, 20), date(2026, 4, 4)), BOB, {"day_in_future"}),
        (CHOSEN, Sight(SUGGESTED, date(2026, 3, 3)), {"day_not_shared"}),
        ((date(2026, 1, 1), date(2026, 1, 20)), BOB, {"steady_too_few"}),
    ],
)
def test_what_cannot_be_steady_days_is_refused(
    sqlite_database: Database, sqlite_cast: Cast, days: tuple[date, date], sight: Sight, codes: set[str]
) -> None:
    with sqlite_database.unit_of_work() as db:
        prepare(db, sqlite_cast)
        with pytest.raises(RefusedFields) as refused:
            choose(db, sqlite_cast, days, sight=sight)
    assert {problem.code for problem in refused.value.problems} == codes


LATER = Sight(SUGGESTED, date(2026, 3, 5))
OTHERS = (date(2026, 3, 6), date(2026, 3, 24))


@pytest.mark.parametrize("days", [OTHERS, None])
def test_days_that_another_provider_sees_stay_as_they_are(
    sqlite_database: Database, sqlite_cast: Cast, days: tuple[date, date] | None
) -> None:
    alice = sqlite_cast.alice
    with sqlite_database.unit_of_work() as db:
        prepare(db, sqlite_cast)
        choose(db, sqlite_cast, CHOSEN)
        assert acts.kept_for_others(db, the_patient(db, alice), LATER, now=NOW)
        assert not acts.kept_for_others(db, the_patient(db, alice), BOB, now=NOW)
        with pytest.raises(Refused, match="steady_not_shared"):
            choose(db, sqlite_cast, days, sight=LATER)
        assert acts.chosen_for(db, the_patient(db, alice), BOB) == CHOSEN


def test_days_that_nobody_sees_any_more_are_in_nobodys_way(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    alice, bob = sqlite_cast.alice, sqlite_cast.bob
    with sqlite_database.unit_of_work() as db:
        prepare(db, sqlite_cast)
        choose(db, sqlite_cast, CHOSEN)
        builders.share(db, alice, bob, *SUGGESTED, visible_from=date(2026, 3, 5))
        assert not acts.kept_for_others(db, the_patient(db, alice), LATER, now=NOW)
        choose(db, sqlite_cast, OTHERS, sight=LATER)
        assert acts.chosen_for(db, the_patient(db, alice), LATER) == OTHERS


def test_the_day_of_a_session_is_no_steady_day(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        courses.add_course(db, sqlite_cast.alice.patient_id, phase=Phase.MAINTENANCE, now=NOW)
        builders.treatment(db, sqlite_cast.alice, date(2026, 3, 10))
        builders.mood_days(db, sqlite_cast.alice, {date(2026, 3, day): 5 for day in range(2, 16)})
        with pytest.raises(RefusedFields, match="steady_too_few"):
            choose(db, sqlite_cast, (date(2026, 3, 2), date(2026, 3, 15)))


def test_without_a_course_there_is_nothing_to_choose_for(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    with sqlite_database.unit_of_work() as db, pytest.raises(NotFound):
        choose(db, sqlite_cast, CHOSEN)
