"""Recording and changing sessions: whose record it is, what follows from it, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.treatments import Route, Source, Status, TreatmentBody
from journal.services.treatments import change_treatment, own_treatment, record_treatment
from journal.storage import treatments
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from journal.storage.patients import PatientSummary
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, ZONE, Cast
from tests.reminding import ask_no_questionnaires, queue, remind

DAY = date(2026, 3, 13)


def said(on: date = DAY, status: Status = Status.COMPLETED, **more: object) -> TreatmentBody:
    return TreatmentBody(local_date=on, status=status, **more)  # type: ignore[arg-type]


def acts(database: Database, patient_id: int) -> list[tuple[str, int | None, int | None]]:
    with database.look() as db:
        rows = db.execute(
            sa.select(AuditEvent.act, AuditEvent.actor_account_id, AuditEvent.provider_id)
            .where(AuditEvent.patient_id == patient_id, AuditEvent.act.startswith("treatment"))
            .order_by(AuditEvent.id)
        )
        return [tuple(row) for row in rows]


def test_a_patient_records_a_session_of_their_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        recorded = builders.treatment(
            db, cast.alice, DAY, at=time(10, 0), route=Route.IV, note="Slow music.", note_shared=True
        )
    with database.look() as db:
        kept = treatments.treatment_of(db, cast.alice.patient_id, recorded.public_id)
    assert kept == recorded
    assert kept is not None
    assert kept.source is Source.PATIENT
    assert kept.started_at == datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    assert kept.note == "Slow music."
    assert kept.version == 1


def test_a_clinics_record_is_marked_as_such_and_its_note_has_no_switch(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        recorded = builders.treatment(
            db, cast.alice, DAY, by=cast.bob, note="Well tolerated.", note_shared=True
        )
    assert recorded.source is Source.CLINICIAN
    assert recorded.by_provider_id == cast.bob.provider_id
    assert not recorded.note_shared


def test_the_summary_follows_in_the_same_transaction(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        recorded = builders.treatment(db, cast.alice, DAY)
    with database.look() as db:
        summary = db.get_one(PatientSummary, cast.alice.patient_id)
        assert summary.last_session_on == DAY
    with database.unit_of_work() as db:
        change_treatment(
            db,
            the_patient(db, cast.alice),
            recorded.public_id,
            body=said(status=Status.CANCELLED),
            seen_version=1,
            zone=ZONE,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
    with database.look() as db:
        assert db.get_one(PatientSummary, cast.alice.patient_id).last_session_on is None


def test_the_gentle_messages_around_it_follow_too(database: Database, cast: Cast) -> None:
    ask_no_questionnaires(database, cast.alice)
    remind(database, cast.alice, "20:00", at=NOW)
    with database.unit_of_work() as db:
        recorded = builders.treatment(db, cast.alice, date(2026, 4, 2), status=Status.PLANNED)
    around = [
        (on.isoformat(), slot.rpartition(":")[2]) for slot, on, _ in queue(database) if "session" in slot
    ]
    assert around == [
        ("2026-04-01", "eve"), ("2026-04-02", "evening"),
        ("2026-04-03", "d1"), ("2026-04-05", "d3"), ("2026-04-09", "d7"),
    ]  # fmt: skip
    with database.unit_of_work() as db:
        change_treatment(
            db,
            the_patient(db, cast.alice),
            recorded.public_id,
            body=said(date(2026, 4, 2), Status.CANCELLED),
            seen_version=1,
            zone=ZONE,
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )
    assert [slot for slot, _, _ in queue(database)] == ["checkin:1"]


def test_recording_and_changing_are_both_written_down(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        recorded = builders.treatment(db, cast.alice, DAY, by=cast.bob)
        change_treatment(
            db,
            the_patient(db, cast.alice),
            recorded.public_id,
            body=said(route=Route.IM),
            seen_version=1,
            zone=ZONE,
            actor_account_id=cast.bob.account_id,
            now=NOW,
            by_provider_id=cast.bob.provider_id,
        )
    assert acts(database, cast.alice.patient_id) == [
        ("treatment_recorded", cast.bob.account_id, cast.bob.provider_id),
        ("treatment_changed", cast.bob.account_id, cast.bob.provider_id),
    ]


def test_two_records_of_one_date_stay_two(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, DAY)
        builders.treatment(db, cast.alice, DAY, by=cast.bob)
    with database.look() as db:
        found = treatments.treatments_of(db, cast.alice.patient_id)
        given = treatments.given_dates(db, cast.alice.patient_id)
    assert {one.source for one in found} == {Source.PATIENT, Source.CLINICIAN}
    assert given == [DAY]


def test_a_stale_edit_is_refused_and_changes_nothing(database: Database, cast: Cast) -> None:
    def change(note: str) -> None:
        with database.unit_of_work() as db:
            change_treatment(
                db,
                the_patient(db, cast.alice),
                recorded.public_id,
                body=said(note=note),
                seen_version=1,
                zone=ZONE,
                actor_account_id=cast.alice.account_id,
                now=NOW,
            )

    with database.unit_of_work() as db:
        recorded = builders.treatment(db, cast.alice, DAY)
    change("The faster one")
    with pytest.raises(Refused, match="changed_meanwhile"):
        change("The slower one")
    with database.look() as db:
        kept = treatments.treatment_of(db, cast.alice.patient_id, recorded.public_id)
    assert kept is not None
    assert (kept.note, kept.version) == ("The faster one", 2)


def test_neither_side_may_change_the_other_sides_record(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        own = builders.treatment(db, cast.alice, DAY)
        clinics = builders.treatment(db, cast.alice, DAY, by=cast.bob)
    with database.look() as db:
        alice = the_patient(db, cast.alice)
        with pytest.raises(NotFound):
            own_treatment(db, alice, clinics.public_id, by_provider_id=None)
        with pytest.raises(NotFound):
            own_treatment(db, alice, own.public_id, by_provider_id=cast.bob.provider_id)


def test_a_colleague_of_the_same_clinic_may_change_its_record(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        recorded = builders.treatment(db, cast.alice, DAY, by=cast.bob)
        found = own_treatment(
            db, the_patient(db, cast.alice), recorded.public_id, by_provider_id=cast.frank.provider_id
        )
    assert found.public_id == recorded.public_id


def test_a_session_of_another_patient_is_not_found(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        recorded = builders.treatment(db, cast.alice, DAY)
        with pytest.raises(NotFound):
            own_treatment(db, the_patient(db, cast.dan), recorded.public_id, by_provider_id=None)


def test_a_provider_writes_no_day_that_was_not_opened(database: Database, cast: Cast) -> None:
    from_march = Sight(frozenset({Scope.SESSIONS}), date(2026, 3, 14))
    with database.unit_of_work() as db, pytest.raises(Refused, match="day_not_shared"):
        record_treatment(
            db,
            the_patient(db, cast.alice),
            body=said(),
            zone=ZONE,
            actor_account_id=cast.bob.account_id,
            now=NOW,
            by_provider_id=cast.bob.provider_id,
            sight=from_march,
        )


def test_a_record_of_a_day_that_is_not_open_is_not_found(database: Database, cast: Cast) -> None:
    from_march = Sight(frozenset({Scope.SESSIONS}), date(2026, 3, 14))
    with database.unit_of_work() as db:
        recorded = builders.treatment(db, cast.alice, DAY, by=cast.bob)
        with pytest.raises(NotFound):
            own_treatment(
                db,
                the_patient(db, cast.alice),
                recorded.public_id,
                by_provider_id=cast.bob.provider_id,
                sight=from_march,
            )


def test_what_cannot_be_so_leaves_nothing_behind(database: Database, cast: Cast) -> None:
    with pytest.raises(RefusedFields), database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 4, 9), status=Status.COMPLETED)
    with database.look() as db:
        assert treatments.treatments_of(db, cast.alice.patient_id) == []
    assert acts(database, cast.alice.patient_id) == []
