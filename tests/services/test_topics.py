"""Preparing a visit: until when a topic and a hidden line count, and for whom."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope
from journal.domain.errors import NotFound, Refused
from journal.services import appointments
from journal.services import topics as acts
from journal.storage import consents, topics
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from tests import builders
from tests.cast import NOW, Cast, Person

VISIT = date(2026, 3, 31)
AFTER = NOW + timedelta(days=2)


def add(database: Database, cast: Cast, text: str, *, to: Person | None = None, now: datetime = NOW) -> str:
    with database.unit_of_work() as db:
        alice = builders.the_patient(db, cast.alice)
        return acts.add_topic(db, alice, (to or cast.bob).provider_id, text, now=now).public_id


def remove(database: Database, cast: Cast, public_id: str) -> None:
    with database.unit_of_work() as db:
        alice = builders.the_patient(db, cast.alice)
        acts.remove_topic(db, alice, cast.bob.provider_id, public_id, now=NOW)


def hide(database: Database, cast: Cast, line: str, *, now: datetime = NOW) -> None:
    with database.unit_of_work() as db:
        acts.hide_line(db, builders.the_patient(db, cast.alice), cast.bob.provider_id, line, now=now)


def topics_seen(
    database: Database, cast: Cast, *, by: Person | None = None, now: datetime = NOW
) -> list[str]:
    with database.look() as db:
        alice = builders.the_patient(db, cast.alice)
        found = acts.prepared_for(db, alice, (by or cast.bob).provider_id, now=now)
    assert [topic.position for topic in found.topics] == list(range(1, len(found.topics) + 1))
    return [topic.text for topic in found.topics]


def hidden(database: Database, cast: Cast, *, by: Person | None = None, now: datetime = NOW) -> set[str]:
    with database.look() as db:
        alice = builders.the_patient(db, cast.alice)
        return set(acts.prepared_for(db, alice, (by or cast.bob).provider_id, now=now).hidden)


def visit(database: Database, cast: Cast, on: date = VISIT, *, cancelled: bool = False) -> None:
    with database.unit_of_work() as db:
        made = builders.appointment(db, cast.alice, on, with_=cast.bob)
        if cancelled:
            appointments.cancel(db, made, actor_account_id=None, now=NOW)


def test_topics_are_read_in_the_order_they_were_written_by_that_provider_alone(
    database: Database, cast: Cast
) -> None:
    add(database, cast, " Sleep ")
    add(database, cast, "Work")
    assert topics_seen(database, cast) == ["Sleep", "Work"]
    assert topics_seen(database, cast, by=cast.frank) == []
    assert topics_seen(database, cast, by=cast.carol) == []


def test_the_same_words_twice_are_one_topic(database: Database, cast: Cast) -> None:
    assert add(database, cast, "Sleep") == add(database, cast, "Sleep ")
    assert topics_seen(database, cast) == ["Sleep"]


def test_a_fourth_topic_waits_until_there_is_room(database: Database, cast: Cast) -> None:
    first = add(database, cast, "One")
    for text in ("Two", "Three"):
        add(database, cast, text)
    with pytest.raises(Refused) as refused:
        add(database, cast, "Four")
    assert refused.value.code == "topics_full"
    remove(database, cast, first)
    add(database, cast, "Four")
    assert topics_seen(database, cast) == ["Two", "Three", "Four"]


def test_each_provider_has_three_of_their_own(database: Database, cast: Cast) -> None:
    for text in ("One", "Two", "Three"):
        add(database, cast, text)
    add(database, cast, "For Frank", to=cast.frank)
    assert topics_seen(database, cast, by=cast.frank) == ["For Frank"]


def test_nothing_is_written_to_somebody_who_may_not_read(database: Database, cast: Cast) -> None:
    with pytest.raises(NotFound):
        add(database, cast, "Sleep", to=cast.carol)


def test_what_is_prepared_lasts_through_the_day_of_the_visit_and_ends_with_it(
    database: Database, cast: Cast
) -> None:
    visit(database, cast)
    add(database, cast, "Sleep")
    hide(database, cast, "low_day")
    that_evening = builders.resolve_wall_time(VISIT, time(23, 59), "Europe/Berlin")
    assert (topics_seen(database, cast, now=that_evening), hidden(database, cast, now=that_evening)) == (
        ["Sleep"],
        {"low_day"},
    )
    assert (topics_seen(database, cast, now=AFTER), hidden(database, cast, now=AFTER)) == ([], set())


def test_what_is_written_on_the_way_home_is_for_the_next_visit(database: Database, cast: Cast) -> None:
    visit(database, cast)
    on_the_way_home = builders.resolve_wall_time(VISIT, time(15, 30), "Europe/Berlin")
    add(database, cast, "What I forgot", now=on_the_way_home)
    hide(database, cast, "low_day", now=on_the_way_home)
    assert topics_seen(database, cast, now=AFTER) == ["What I forgot"]
    assert hidden(database, cast, now=AFTER) == {"low_day"}


def test_without_a_visit_or_after_a_cancelled_one_it_goes_on(database: Database, cast: Cast) -> None:
    add(database, cast, "Sleep")
    hide(database, cast, "low_day")
    assert topics_seen(database, cast, now=NOW + timedelta(days=90)) == ["Sleep"]
    visit(database, cast, cancelled=True)
    assert topics_seen(database, cast, now=AFTER) == ["Sleep"]
    assert hidden(database, cast, now=AFTER) == {"low_day"}


def test_a_visit_with_somebody_else_ends_nothing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.appointment(db, cast.alice, VISIT, with_=cast.frank)
    add(database, cast, "Sleep")
    hide(database, cast, "low_day")
    assert (topics_seen(database, cast, now=AFTER), hidden(database, cast, now=AFTER)) == (
        ["Sleep"],
        {"low_day"},
    )


def test_topics_end_with_sharing_and_hidden_lines_outlast_it(database: Database, cast: Cast) -> None:
    add(database, cast, "Sleep")
    hide(database, cast, "low_day")
    with database.unit_of_work() as db:
        consents.end_consent(
            db,
            patient_id=cast.alice.patient_id,
            provider_id=cast.bob.provider_id,
            now=NOW + timedelta(hours=1),
        )
    assert topics_seen(database, cast, now=AFTER) == []
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.bob, Scope.SCORES, now=AFTER)
    assert topics_seen(database, cast, now=AFTER) == []
    assert hidden(database, cast, now=AFTER) == {"low_day"}


def test_a_change_of_what_is_shared_leaves_topics_where_they_are(database: Database, cast: Cast) -> None:
    add(database, cast, "Sleep")
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.bob, Scope.SCORES, now=NOW + timedelta(hours=1))
    assert topics_seen(database, cast, now=AFTER) == ["Sleep"]


def test_what_was_brought_before_stays_the_patients_the_newest_first(database: Database, cast: Cast) -> None:
    visit(database, cast)
    add(database, cast, "Sleep")
    add(database, cast, "Work")
    add(database, cast, "For Frank", to=cast.frank)
    add(database, cast, "Next time", now=AFTER)
    with database.look() as db:
        alice = builders.the_patient(db, cast.alice)
        prepared = acts.prepared_for(db, alice, cast.bob.provider_id, now=AFTER)
        found = acts.brought_before(db, alice, cast.bob.provider_id, prepared=prepared)
    assert [kept.topic.text for kept in found] == ["Work", "Sleep"]


def test_a_hidden_line_is_hidden_once_and_shown_once(database: Database, cast: Cast) -> None:
    for _ in range(2):
        hide(database, cast, "low_day")
    with database.unit_of_work() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(topics.HiddenLine)) == 1
        acts.show_line(db, builders.the_patient(db, cast.alice), cast.bob.provider_id, "low_day")
    assert hidden(database, cast) == set()


def test_what_was_hidden_for_a_visit_that_is_over_is_forgotten(database: Database, cast: Cast) -> None:
    visit(database, cast)
    hide(database, cast, "low_day")
    hide(database, cast, "side_effects", now=AFTER)
    with database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(topics.HiddenLine)) == 1


def test_a_stranger_removes_nothing(database: Database, cast: Cast) -> None:
    public_id = add(database, cast, "Sleep")
    with database.unit_of_work() as db:
        dan = builders.the_patient(db, cast.dan)
        acts.remove_topic(db, dan, cast.bob.provider_id, public_id, now=NOW)
    assert topics_seen(database, cast) == ["Sleep"]


def test_the_log_says_that_there_is_a_topic_and_nothing_of_hidden_lines(
    database: Database, cast: Cast
) -> None:
    with database.look() as db:
        before = db.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) or 0
    public_id = add(database, cast, "Sleep")
    hide(database, cast, "low_day")
    remove(database, cast, public_id)
    with database.look() as db:
        acts_done = db.scalars(sa.select(AuditEvent.act).order_by(AuditEvent.id)).all()[before:]
    assert acts_done == ["topic_added", "topic_removed"]
