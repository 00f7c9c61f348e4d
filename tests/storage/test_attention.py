"""What is set aside, and what a clinic wants to be shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.attention import Kind, Shown
from journal.domain.consents import Scope
from journal.storage import attention
from journal.storage.database import Database
from tests import builders
from tests.cast import NOW, Cast

TODAY = date(2026, 3, 30)


def test_a_kind_is_set_aside_until_its_day_for_one_provider_alone(database: Database, cast: Cast) -> None:
    me, alice = cast.bob.provider_id, cast.alice.patient_id
    with database.unit_of_work() as db:
        attention.put_aside(db, me, alice, Kind.SIGNAL, until=date(2026, 4, 1), now=NOW)
        attention.put_aside(db, me, alice, Kind.SIGNAL, until=date(2026, 4, 3), now=NOW)
        assert attention.set_aside_by(db, me, today=TODAY) == {alice: {Kind.SIGNAL: date(2026, 4, 3)}}
        assert attention.set_aside_by(db, me, today=date(2026, 4, 3)) == {}
        assert attention.set_aside_by(db, cast.carol.provider_id, today=TODAY) == {}


def test_who_stopped_sharing_is_not_named_among_what_waits(database: Database, cast: Cast) -> None:
    me, alice = cast.bob.provider_id, cast.alice.patient_id
    with database.unit_of_work() as db:
        attention.put_aside(db, me, alice, Kind.SILENCE, until=date(2026, 4, 3), now=NOW)
        (one,) = attention.waiting_for(db, me, today=TODAY, now=NOW)
        assert (one.patient_name, one.kind, one.until) == ("Alice", Kind.SILENCE, date(2026, 4, 3))
        builders.share(db, cast.alice, cast.bob, Scope.SCORES, lasts=timedelta(0))
        assert attention.waiting_for(db, me, today=TODAY, now=NOW) == []


def test_it_can_be_taken_back_once(database: Database, cast: Cast) -> None:
    me, alice = cast.bob.provider_id, cast.alice.patient_id
    with database.unit_of_work() as db:
        attention.put_aside(db, me, alice, Kind.FADING, until=date(2026, 4, 3), now=NOW)
        assert attention.take_back(db, me, alice, Kind.FADING)
        assert not attention.take_back(db, me, alice, Kind.FADING)


def test_a_flag_cannot_be_set_aside_even_by_hand(database: Database, cast: Cast) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        attention.put_aside(db, cast.bob.provider_id, cast.alice.patient_id, Kind.FLAG, until=TODAY, now=NOW)


def test_what_is_past_is_forgotten(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        attention.put_aside(
            db, cast.bob.provider_id, cast.alice.patient_id, Kind.FADING, until=TODAY, now=NOW
        )
        assert attention.forget_past(db, before=TODAY) == 0
        assert attention.forget_past(db, before=TODAY + timedelta(days=1)) == 1


def test_a_clinic_that_said_nothing_is_shown_everything(database: Database, cast: Cast) -> None:
    with database.look() as db:
        assert attention.shown_at(db, cast.clinic_id) == attention.KeptShown(Shown())


def test_of_two_who_save_at_once_one_is_told(database: Database, cast: Cast) -> None:
    chosen = Shown(signal=False, silence_days=21)
    with database.unit_of_work() as db:
        assert attention.put_shown(db, cast.clinic_id, chosen, seen_version=0, now=NOW)
        assert not attention.put_shown(db, cast.clinic_id, Shown(), seen_version=0, now=NOW)
        assert attention.put_shown(db, cast.clinic_id, Shown(fading=False), seen_version=1, now=NOW)
        assert not attention.put_shown(db, cast.clinic_id, chosen, seen_version=1, now=NOW)
        kept = attention.shown_at(db, cast.clinic_id)
    assert (kept.shown, kept.version, kept.changed_at) == (Shown(fading=False), 2, NOW)
