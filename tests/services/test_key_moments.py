"""Writing down key moments: whose they are, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.domain.errors import NotFound, Refused
from journal.domain.key_moments import KeyMoment
from journal.domain.treatments import Source
from journal.services.key_moments import add_moment, change_moment, own_moment, remove_moment
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from journal.storage.key_moments import moments_of
from tests.builders import moment, the_patient, writer
from tests.cast import NOW, Cast

DAY = date(2026, 3, 10)
FROM_MARCH_11 = Sight(frozenset({Scope.SESSIONS}), date(2026, 3, 11))


def said(label: str = "New job", *, shared: bool = False) -> KeyMoment:
    return KeyMoment("", DAY, label, shared, Source.PATIENT)


def test_a_patients_moment_is_private_until_it_is_shared(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = moment(db, cast.alice, DAY)
        assert not kept.moment.shared
        change_moment(
            db,
            the_patient(db, cast.alice),
            kept.moment.public_id,
            said(shared=True),
            seen_version=1,
            writer=writer(cast.alice),
            now=NOW,
        )
    with database.look() as db:
        (after,) = moments_of(db, cast.alice.patient_id)
    assert (after.moment.shared, after.version) == (True, 2)


def test_a_providers_moment_has_no_switch(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = moment(db, cast.alice, DAY, shared=True, by=cast.bob)
    assert (kept.moment.source, kept.moment.shared) == (Source.CLINICIAN, False)
    assert kept.by_provider_id == cast.bob.provider_id


def test_each_side_changes_and_removes_its_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        hers, his = moment(db, cast.alice, DAY), moment(db, cast.alice, DAY, by=cast.bob)
        as_alice, as_bob = writer(cast.alice), writer(cast.alice, cast.bob)
        for kept, who in ((hers, as_bob), (his, as_alice)):
            with pytest.raises(NotFound):
                own_moment(db, alice, kept.moment.public_id, writer=who)
            with pytest.raises(NotFound):
                remove_moment(db, alice, kept.moment.public_id, writer=who, now=NOW)
        remove_moment(db, alice, hers.moment.public_id, writer=as_alice, now=NOW)
        remove_moment(db, alice, his.moment.public_id, writer=as_bob, now=NOW)
        assert moments_of(db, cast.alice.patient_id) == []


def test_a_provider_neither_writes_nor_finds_days_that_are_not_open(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice, bob = the_patient(db, cast.alice), writer(cast.alice, cast.bob, FROM_MARCH_11)
        kept = moment(db, cast.alice, DAY, by=cast.bob)
        with pytest.raises(Refused) as refused:
            add_moment(db, alice, said(), writer=bob, now=NOW)
        with pytest.raises(NotFound):
            own_moment(db, alice, kept.moment.public_id, writer=bob)
    assert (refused.value.code, refused.value.field) == ("day_not_shared", "local_date")


def test_two_who_change_at_once_are_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = moment(db, cast.alice, DAY)
        with pytest.raises(Refused) as refused:
            change_moment(
                db,
                the_patient(db, cast.alice),
                kept.moment.public_id,
                said("Another"),
                seen_version=0,
                writer=writer(cast.alice),
                now=NOW,
            )
    assert refused.value.code == "changed_meanwhile"


def test_saving_what_already_stands_there_is_no_act(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = moment(db, cast.alice, DAY, by=cast.bob)
        change_moment(
            db,
            the_patient(db, cast.alice),
            kept.moment.public_id,
            said(),
            seen_version=1,
            writer=writer(cast.alice, cast.bob),
            now=NOW,
        )
    with database.look() as db:
        rows = db.execute(
            sa.select(AuditEvent.act, AuditEvent.provider_id).where(AuditEvent.act.startswith("moment"))
        ).all()
    assert [tuple(row) for row in rows] == [("moment_added", cast.bob.provider_id)]
