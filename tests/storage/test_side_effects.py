"""Side effects as they are kept, and as a reader may see them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from journal.domain.consents import Scope, Sight
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatments import Source
from journal.storage import side_effects, treatments
from journal.storage.database import Database
from tests import builders
from tests.cast import EVERY_SCOPE, NOW, Cast

DAY = date(2026, 3, 13)


def effect(treatment: str, code: SideEffectCode = SideEffectCode.NAUSEA, on: date = DAY) -> SideEffect:
    return SideEffect(treatment, code, Severity.MODERATE, on)


def put(database: Database, cast: Cast, on: date = DAY) -> str:
    """One session with nausea; the session's public id."""
    with database.unit_of_work() as db:
        public_id = builders.treatment(db, cast.alice, on).public_id
        side_effects.add_side_effect(db, cast.alice.patient_id, effect(public_id, on=on), now=NOW)
    return public_id


def test_what_was_said_comes_back(database: Database, cast: Cast) -> None:
    treatment = put(database, cast)
    with database.look() as db:
        (found,) = side_effects.side_effects_of(db, cast.alice.patient_id)
        assert side_effects.side_effect_of(db, cast.alice.patient_id, found.public_id) == found
        assert side_effects.side_effects_of(db, cast.dan.patient_id) == []
    assert found == SideEffect(
        treatment,
        SideEffectCode.NAUSEA,
        Severity.MODERATE,
        DAY,
        source=Source.PATIENT,
        public_id=found.public_id,
    )


def test_a_session_of_somebody_else_takes_none(database: Database, cast: Cast) -> None:
    treatment = put(database, cast)
    with database.unit_of_work() as db:
        assert side_effects.add_side_effect(db, cast.dan.patient_id, effect(treatment), now=NOW) is None


def test_what_is_closed_is_not_open_any_more(database: Database, cast: Cast) -> None:
    put(database, cast)
    gone = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
    with database.unit_of_work() as db:
        (found,) = side_effects.open_side_effects_of(db, cast.alice.patient_id)
        closed = SideEffect(found.treatment, found.code, found.severity, DAY, gone, public_id=found.public_id)
        assert side_effects.change_side_effect(db, cast.alice.patient_id, closed)
        assert not side_effects.change_side_effect(db, cast.dan.patient_id, closed)
        assert side_effects.open_side_effects_of(db, cast.alice.patient_id) == []
        assert side_effects.side_effects_of(db, cast.alice.patient_id) == [closed]


def test_a_reader_sees_those_of_the_sessions_they_may_know_of(database: Database, cast: Cast) -> None:
    put(database, cast)
    later = put(database, cast, date(2026, 3, 20))
    with database.look() as db:
        patient_id = cast.alice.patient_id
        seen = side_effects.side_effects_seen(db, patient_id, Sight(EVERY_SCOPE, date(2026, 3, 14)))
        closed = Sight(EVERY_SCOPE - {Scope.SESSIONS}, None)
        assert side_effects.side_effects_seen(db, patient_id, closed) == []
    assert [one.treatment for one in seen] == [later]


def test_they_go_with_their_session(database: Database, cast: Cast) -> None:
    treatment = put(database, cast)
    with database.unit_of_work() as db:
        treatments.remove_treatment(db, cast.alice.patient_id, treatment)
        assert side_effects.side_effects_of(db, cast.alice.patient_id) == []


def test_only_one_sides_are_moved(database: Database, cast: Cast) -> None:
    first, second = put(database, cast), put(database, cast)
    with database.unit_of_work() as db:
        patient_id = cast.alice.patient_id
        side_effects.move_side_effects(db, patient_id, source=Source.CLINICIAN, from_=first, to=second)
        assert len(side_effects.side_effects_of(db, patient_id, treatment=first)) == 1
        side_effects.move_side_effects(db, patient_id, source=Source.PATIENT, from_=first, to=second)
        assert side_effects.side_effects_of(db, patient_id, treatment=first) == []
        assert len(side_effects.side_effects_of(db, patient_id, treatment=second)) == 2
