"""Topics and hidden lines as they are kept: sealed, each to one provider."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from journal.domain.topics import Topic as Said
from journal.storage import topics
from journal.storage.database import Database
from tests.cast import NOW, Cast, Person

SLEEP = Said("sleep-topic", "Sleep since the move", 2, NOW)
WORK = Said("work-topic", "Work", 1, NOW + timedelta(hours=1))
LINE = "phq9_item:4"


def keep(database: Database, cast: Cast, topic: Said, *, to: Person | None) -> None:
    with database.unit_of_work() as db:
        topics.add_topic(db, cast.alice.patient_id, topic, provider_id=to.provider_id if to else None)


def test_a_topic_is_kept_whole_and_its_words_are_sealed(database: Database, cast: Cast) -> None:
    keep(database, cast, SLEEP, to=cast.bob)
    with database.look() as db:
        assert topics.topics_for(db, cast.alice.patient_id, cast.bob.provider_id, since=NOW) == [SLEEP]
        assert b"Sleep" not in db.scalars(sa.select(topics.Topic.text)).one()


def test_topics_are_read_in_their_order_by_the_one_they_are_for(database: Database, cast: Cast) -> None:
    for topic in (SLEEP, WORK):
        keep(database, cast, topic, to=cast.bob)
    with database.look() as db:
        alice = cast.alice.patient_id
        assert topics.topics_for(db, alice, cast.bob.provider_id, since=NOW) == [WORK, SLEEP]
        assert topics.topics_for(db, alice, cast.frank.provider_id, since=NOW) == []
        assert topics.topics_for(db, cast.dan.patient_id, cast.bob.provider_id, since=NOW) == []


def test_what_was_written_before_is_over_and_stays_the_patients(database: Database, cast: Cast) -> None:
    keep(database, cast, SLEEP, to=cast.bob)
    keep(database, cast, WORK, to=None)
    with database.look() as db:
        after = NOW + timedelta(seconds=1)
        assert topics.topics_for(db, cast.alice.patient_id, cast.bob.provider_id, since=after) == []
        assert topics.topics_of(db, cast.alice.patient_id) == [
            topics.KeptTopic(SLEEP, cast.bob.provider_id, "Bob"),
            topics.KeptTopic(WORK, None, ""),
        ]
        assert topics.has_topics(db, cast.alice.patient_id)
        assert not topics.has_topics(db, cast.dan.patient_id)


def test_a_topic_is_moved_and_removed_by_nobody_else(database: Database, cast: Cast) -> None:
    keep(database, cast, SLEEP, to=cast.bob)
    with database.unit_of_work() as db:
        topics.place_topic(db, cast.dan.patient_id, SLEEP.public_id, position=3)
        assert not topics.remove_topic(db, cast.dan.patient_id, SLEEP.public_id)
        assert topics.topics_for(db, cast.alice.patient_id, cast.bob.provider_id, since=NOW) == [SLEEP]
        assert topics.remove_topic(db, cast.alice.patient_id, SLEEP.public_id)
        assert topics.topics_of(db, cast.alice.patient_id) == []


def test_a_hidden_line_is_sealed_and_hidden_from_one_reader(database: Database, cast: Cast) -> None:
    alice, bob = cast.alice.patient_id, cast.bob.provider_id
    with database.unit_of_work() as db:
        topics.hide_line(db, alice, bob, LINE, now=NOW)
        (row,) = db.scalars(sa.select(topics.HiddenLine))
        assert b"phq9" not in row.line
        assert topics.hidden_from(db, alice, bob, since=NOW) == {LINE: row.public_id}
        assert topics.hidden_from(db, alice, cast.frank.provider_id, since=NOW) == {}
        assert topics.hidden_from(db, alice, bob, since=NOW + timedelta(seconds=1)) == {}


def test_what_was_hidden_can_be_shown_and_forgotten(database: Database, cast: Cast) -> None:
    alice, bob = cast.alice.patient_id, cast.bob.provider_id
    with database.unit_of_work() as db:
        for hours, line in enumerate(("a", "b", "c")):
            topics.hide_line(db, alice, bob, line, now=NOW + timedelta(hours=hours))
        rows = topics.hidden_from(db, alice, bob, since=NOW)
        topics.show_lines(db, cast.dan.patient_id, rows.values())
        topics.show_lines(db, alice, [rows["c"]])
        topics.forget_lines(db, alice, bob, before=NOW + timedelta(hours=1))
        assert set(topics.hidden_from(db, alice, bob, since=NOW)) == {"b"}
