"""Side effects that a patient reports and closes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.domain.errors import NotFound, RefusedFields
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatments import Source
from journal.services.side_effects import close, report
from journal.storage import side_effects
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast, Person

DAY = date(2026, 3, 29)


def nausea(treatment: str, severity: Severity = Severity.MILD) -> SideEffect:
    return SideEffect(treatment, SideEffectCode.NAUSEA, severity, DAY, source=Source.CLINICIAN)


def kept(database: Database, person: Person) -> list[SideEffect]:
    with database.look() as db:
        return side_effects.side_effects_of(db, person.patient_id)


def test_what_a_patient_reports_is_theirs_whatever_was_sent(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session = builders.treatment(db, cast.alice, DAY, by=cast.bob)
        reported = report(db, the_patient(db, cast.alice), nausea(session.public_id), now=NOW)
    assert kept(database, cast.alice) == [reported]
    assert reported.source is Source.PATIENT


def test_the_same_that_is_still_there_is_not_two(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session = builders.treatment(db, cast.alice, DAY)
        patient = the_patient(db, cast.alice)
        report(db, patient, nausea(session.public_id), now=NOW)
        report(db, patient, nausea(session.public_id, Severity.SEVERE), now=NOW)
    assert [one.severity for one in kept(database, cast.alice)] == [Severity.SEVERE]


def test_once_gone_it_can_come_back(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session = builders.treatment(db, cast.alice, DAY)
        patient = the_patient(db, cast.alice)
        first = report(db, patient, nausea(session.public_id), now=NOW)
        assert close(db, patient, first.public_id, now=NOW).resolved_at == NOW
        report(db, patient, nausea(session.public_id), now=NOW)
    assert [one.is_open for one in kept(database, cast.alice)] == [False, True]


def test_what_cannot_be_so_is_refused(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session = builders.treatment(db, cast.alice, DAY)
        patient = the_patient(db, cast.alice)
        found = report(db, patient, nausea(session.public_id), now=NOW)
        with pytest.raises(RefusedFields):
            close(db, patient, found.public_id, now=NOW, gone_at=NOW + timedelta(hours=1))


def test_nothing_of_somebody_else_is_found(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session = builders.treatment(db, cast.alice, DAY)
        found = report(db, the_patient(db, cast.alice), nausea(session.public_id), now=NOW)
        with pytest.raises(NotFound):
            report(db, the_patient(db, cast.dan), nausea(session.public_id), now=NOW)
        with pytest.raises(NotFound):
            close(db, the_patient(db, cast.dan), found.public_id, now=NOW)
