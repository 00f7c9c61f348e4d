"""A copy of everything holds everything: every table is filled with marked words, and all of one person's come out."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from journal.domain.assessment_choices import Choice
from journal.domain.checkins import CheckInBody
from journal.domain.consents import Scope
from journal.domain.reminders import ReminderRule, SlotTime
from journal.domain.safety_flags import Look
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.support import CopingPlan
from journal.domain.treatment_records import Measured, TreatmentRecord, Vitals
from journal.domain.treatments import Phase, Route
from journal.interop.csv_export import write_archive
from journal.interop.tideline import fields_of, write_document
from journal.services import activities, checkins, provider_notes, reminders, topics, transfers
from journal.storage import (
    assessments,
    audit,
    courses,
    documents,
    safety_flags,
    side_effects,
    support,
    treatment_records,
)
from journal.storage import transfers as transfer_rows
from journal.storage.audit import Act
from journal.storage.base import Base
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Provider
from journal.storage.database import Database
from journal.storage.transfers import Carried
from tests import builders, flagging
from tests.builders import the_patient
from tests.cast import NOW, Cast, Person

NOT_OF_THE_JOURNAL = {
    # how a person gets in, and what the machine keeps for itself; none of it is the journal's
    "account", "web_session", "one_time_link", "rate_limit", "patient_key", "installation", "alembic_version",
    # of clinics and of the people who work there
    "clinic", "provider", "invitation", "clinic_template", "clinic_items", "kiosk_handover",
    "provider_note", "clinic_attention", "set_aside", "steady_days",
    # what a clinic makes of an answer; the answer itself is the journal's
    "safety_flag", "flag_review", "flag_rota",
    # what a person leaves out of one page until one visit is over: it says nothing anywhere else
    "hidden_line",
    # worked out from the rest, or the machine's record of its mail
    "patient_summary", "caseload_line", "patient_change", "reminder_queue", "delivery", "worker_sign",
    # ways to a phone: each is proven anew by the phone itself, wherever a copy is brought in
    "push_subscription", "push_key", "sms_number",
}  # fmt: skip
CARRIED = {
    "patient", "activity_chip", "check_in", "check_in_version", "submission", "course", "treatment_session",
    "appointment", "coping_plan", "reminder", "consent", "audit_event", "import_batch", "imported_entry",
    "carried_history", "course_phase_change", "vitals", "side_effect", "medication", "key_moment",
    "long_term_check", "assessment", "assessment_plan", "help_panel", "topic", "reminder_pause",
}  # fmt: skip
NOT_OF_A_PATIENT = {"patient", "reminder", "consent", "audit_event"}
"""Of those, the tables whose rows are an account's, or stay as facts."""
KEPT_APART = "curlew, what only a colleague reads"


def fill(database: Database, cast: Cast, person: Person, provider: Person, mark: str) -> set[str]:
    """Fill every table for a person; the words that a copy must hold, each with the person's mark."""
    words = iter(f"{mark}-{number:03d}" for number in range(1000))
    used: set[str] = set()

    def word() -> str:
        used.add(next_word := next(words))
        return next_word

    with database.unit_of_work() as db:
        patient = the_patient(db, person)
        patient.display_name = word()
        patient.preferences = {word(): word()}
        db.get_one(Provider, provider.provider_id).display_name = word()
        chip = activities.add_activity(db, patient, label=word(), shared=False)
        activities.add_activity(db, patient, label=word(), shared=True)
        first = builders.check_in(
            db,
            person,
            4,
            at=NOW - timedelta(hours=2),
            note=word(),
            tags=(word(), word()),
            other_substances=word(),
            activity_type=(chip,),
        )
        checkins.amend_check_in(
            db,
            patient,
            check_in_id=first.public_id,
            seen_version=1,
            body=builders.body(5, note=word(), tags=(word(),)),
            recorded_at=NOW,
            now=NOW,
        )
        checkins.record_check_in(
            db, patient, body=builders.body(6), written=builders.written(word()), now=NOW
        )
        courses.add_course(
            db,
            person.patient_id,
            phase=Phase.INDUCTION,
            now=NOW,
            by_account_id=provider.account_id,
            indication=word(),
            notes=word(),
            default_route=Route.IV,
        )
        own = builders.treatment(db, person, date(2026, 3, 5), note=word())
        said = TreatmentRecord(
            vitals=(Vitals(Measured.PRE, hr=70),), **{name: word() for name in treatment_records.SEALED}
        )
        treatment_records.write_changes(
            db, person.patient_id, own.public_id, before=TreatmentRecord(), after=said
        )
        nausea = SideEffect(own.public_id, SideEffectCode.NAUSEA, Severity.MILD, date(2026, 3, 5))
        side_effects.add_side_effect(db, person.patient_id, nausea, now=NOW)
        builders.medicine(db, person, word(), dose=word(), note=word(), by=provider)
        builders.moment(db, person, date(2026, 3, 7), word())
        builders.moment(db, person, date(2026, 3, 8), word(), by=provider)
        builders.long_term_check(db, person, date(2026, 3, 19), memory_trouble=1)
        choice = Choice("pcl5", is_enabled=True, by_provider_id=provider.provider_id)
        assessments.put_choice(db, person.patient_id, choice, now=NOW)
        builders.treatment(db, person, date(2026, 3, 6), by=provider, note=word())
        builders.share(db, person, provider, Scope.SCORES, Scope.NOTES, Scope.ASSESSMENTS)
        flagging.answer(db, person, {**flagging.EIGHT, "9": 1})
        (seen,) = safety_flags.flags_seen(db, provider.provider_id, now=NOW)
        safety_flags.acknowledge(db, seen.flag, Look(provider.provider_id, NOW, KEPT_APART))
        provider_notes.write_note(
            db,
            patient,
            provider_notes.Said(KEPT_APART, for_colleagues=True),
            provider_id=provider.provider_id,
            actor_account_id=None,
            now=NOW,
        )
        builders.appointment(db, person, date(2026, 4, 2), with_=provider)
        topics.add_topic(db, patient, provider.provider_id, word(), now=NOW)
        topics.hide_line(db, patient, provider.provider_id, "a line", now=NOW)
        plan = CopingPlan(**{name: word() for name in support.WORDS})
        support.put_plan(db, person.patient_id, plan, version=1, updated_at=NOW)
        slot = SlotTime("checkin:1", time(20), frozenset({1}))
        rule = ReminderRule((slot,), "Europe/Berlin", paused_until=date(2026, 4, 5))
        reminders.set_reminder(db, person.account_id, rule=rule, channels=["email"], now=NOW)
        audit.record(
            db,
            Act.VIEWED_PATIENT,
            now=NOW,
            actor_account_id=provider.account_id,
            patient_id=person.patient_id,
            provider_id=provider.provider_id,
        )
        mood, scale = word(), word()
        file = (
            "full_date,time,mood,activities,scales,note_title,note\n"
            f"2025-01-01,9:00,{mood},{word()} | {word()},{scale}: 3/5,{word()},{word()}\n"
        )
        transfers.bring_in_daylio(
            db,
            patient,
            file.encode(),
            filename=f"{word()}.csv",
            mood_levels={mood: 3},
            actor_account_id=person.account_id,
            now=NOW,
        )
        carried = Carried(
            [
                {
                    "provider": word(),
                    "scopes": ["scores"],
                    "visible_from": None,
                    "granted_at": "2025-01-01T00:00:00Z",
                    "expires_at": "2026-01-01T00:00:00Z",
                    "ended_at": None,
                    "text_version": "1",
                }
            ],
            [{"at": "2025-01-01T00:00:00Z", "actor": word(), "act": "viewed_patient"}],
        )
        transfer_rows.carry_history(db, person.patient_id, carried, row=person.public_id, now=NOW)
    return used


@pytest.fixture
def marked(database: Database, cast: Cast) -> dict[str, set[str]]:
    """Alice's and Dan's journals, every table of both filled."""
    return {
        "Alice": fill(database, cast, cast.alice, cast.bob, "oriole"),
        "Dan": fill(database, cast, cast.dan, cast.carol, "plover"),
    }


def data_of(database: Database, person: Person) -> dict[str, object]:
    with database.look() as db:
        return documents.gathered(db, the_patient(db, person))


def test_a_document_holds_every_word_of_one_person_and_none_of_another(
    database: Database, cast: Cast, marked: dict[str, set[str]]
) -> None:
    text = write_document(data_of(database, cast.alice)).decode()
    assert {word for word in marked["Alice"] if word not in text} == set()
    assert "plover" not in text
    assert "Carol" not in text
    assert KEPT_APART not in text


def test_the_tables_hold_every_word_of_one_person_and_none_of_another(
    database: Database, cast: Cast, marked: dict[str, set[str]]
) -> None:
    archive = zipfile.ZipFile(BytesIO(write_archive(data_of(database, cast.alice))))
    text = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert {word for word in marked["Alice"] if word not in text} == set()
    assert "plover" not in text


def test_no_table_is_forgotten(database: Database, marked: dict[str, set[str]]) -> None:
    """A new table must be said to be a part of a copy, or not: silence is not an answer."""
    assert {table.name for table in Base.metadata.sorted_tables} - NOT_OF_THE_JOURNAL == CARRIED
    with database.look() as db:
        empty = [name for name in CARRIED if db.scalar(sa.text(f"SELECT count(*) FROM {name}")) == 0]
    assert empty == []


def test_nothing_of_a_patient_outlives_their_row(database: Database, marked: dict[str, set[str]]) -> None:
    """What is sealed is beyond reach with its key; what is not goes with it."""
    of_patients = (CARRIED - NOT_OF_A_PATIENT) | {
        "hidden_line",
        "safety_flag",
        "patient_key",
        "patient_summary",
    }
    with database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM patient"))
        assert {
            name for name in of_patients if db.scalar(sa.text(f"SELECT count(*) FROM {name}")) != 0
        } == set()


def test_no_column_of_a_check_in_is_forgotten() -> None:
    columns = {column.name for column in CheckIn.__table__.columns}
    assert columns - set(fields_of("check_ins")) == {"id", "public_id", "patient_id"}
    assert {field.name for field in fields(CheckInBody)} <= set(fields_of("check_ins"))


def test_the_same_journal_gives_the_same_bytes(
    database: Database, cast: Cast, marked: dict[str, set[str]]
) -> None:
    with database.unit_of_work() as db:
        first = transfers.take_out(db, the_patient(db, cast.alice), actor_account_id=None, now=NOW)
    second = data_of(database, cast.alice)
    assert write_document(first) == write_document(second)
    assert write_archive(first) == write_archive(second)


def test_the_access_log_names_who_did_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for number, (act, actor, provider) in enumerate(
            [
                (Act.VIEWED_PATIENT, cast.bob.account_id, cast.bob.provider_id),
                (Act.CONSENT_ENDED, cast.alice.account_id, cast.bob.provider_id),
                (Act.CHECK_IN_RECORDED, None, None),
                (Act.SIGNED_IN, cast.alice.account_id, None),
                (Act.EXPORTED, None, None),
            ]
        ):
            audit.record(
                db,
                act,
                now=datetime(2026, 3, 30, number, tzinfo=UTC),
                actor_account_id=actor,
                patient_id=cast.alice.patient_id,
                provider_id=provider,
            )
    log = json.loads(write_document(data_of(database, cast.alice)))["access_log"]
    assert [(line["actor"], line["act"]) for line in log] == [
        ("Bob", "viewed_patient"),
        ("Alice", "consent_ended"),
        (None, "check_in_recorded"),
    ]


def test_secrets_of_the_installation_are_not_in_a_copy(
    database: Database, cast: Cast, marked: dict[str, set[str]]
) -> None:
    text = write_document(data_of(database, cast.alice)).decode()
    assert cast.alice.email not in text
    assert cast.alice.public_id not in text
    assert not re.search(r"argon2|token|password", text)
