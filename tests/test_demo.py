"""The demo clinic: filled once, the same for the same moment, true to its stories, and apart from real people."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.config import BadSettings, Config
from journal.demo import SIGN_INS, SIGN_INS_FILE, fill, new_password, prepare
from journal.demo_people import CLINIC_ZONE, PEOPLE, Story
from journal.domain.assessment_records import AssessmentRecord
from journal.domain.checkins import CheckIn
from journal.domain.consents import WHOLE, Scope
from journal.domain.days import local_day
from journal.domain.errors import Refused
from journal.domain.moods import Provenance
from journal.domain.passwords import check_password
from journal.services.accounts import password_fits
from journal.services.installation import bring_up_to_date, open_database
from journal.services.summaries import rebuild_all
from journal.storage import (
    accounts,
    appointments,
    caseloads,
    checkins,
    clinics,
    consents,
    courses,
    installation,
    patients,
    safety_flags,
    support,
    transfers,
    treatments,
)
from journal.storage.accounts import Account
from journal.storage.appointments import AppointmentStatus
from journal.storage.assessments import assessments_of
from journal.storage.audit import AuditEvent
from journal.storage.caseloads import ClinicDay
from journal.storage.clinics import Kind, Provider
from journal.storage.consents import Consent
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.patients import Patient
from journal.storage.reminders import Reminder, ReminderQueue
from journal.storage.sealing import MasterKeys
from tests.cast import NOW, assemble

PASSWORD = "canoe-birch-cobble-heron-800"
LENA, AMARA = "Lena Fischer", "Dr Amara Osei"


@dataclass(frozen=True)
class Filled:
    """An installation after ``journal demo``."""

    config: Config
    database: Database


def settings(folder: Path) -> Config:
    return Config(
        data_dir=folder / "data",
        database_url=f"sqlite:///{folder / 'data' / 'journal.db'}",
        base_url="http://127.0.0.1:8000",
        secret_key="s" * 40,
        master_key_file=folder / "keys" / "master.json",
        smtp_url=None,
        mail_from="hello@localhost",
        trusted_proxies=0,
        registration="invite",
        demo=True,
    )


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Filled]:
    """The demo clinic at 14:00 on Monday 30 March 2026, on the clinic's clock. Tests here only read it.

    Filled by whichever process of tests wants it first.
    """
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # is the same for all of them
    config, is_done = settings(folder / "demo-clinic"), folder / "demo-clinic.done"
    with (folder / "demo-clinic.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_done.exists():
            assert prepare(config, now=NOW)
            is_done.touch()
    database = open_database(config)
    yield Filled(config, database)
    database.close()


@pytest.fixture
def db(filled: Filled) -> Iterator[Session]:
    with filled.database.look() as look:
        yield look


def the_patient(db: Session, name: str) -> Patient:
    row = db.scalar(sa.select(Patient).where(Patient.display_name == name))
    assert row is not None
    return row


def the_provider(db: Session, name: str) -> Provider:
    row = db.scalar(sa.select(Provider).where(Provider.display_name == name))
    assert row is not None
    return row


def written_by(db: Session, patient: Patient) -> list[CheckIn]:
    return checkins.check_ins_between(db, patient.id, date(2020, 1, 1), date(2030, 1, 1), WHOLE)


def everything(database: Database) -> list[object]:
    """All that is in a demo clinic, without what is made at random: ids, keys and the password."""
    told: list[object] = []
    with database.look() as db:
        for patient in db.scalars(sa.select(Patient).order_by(Patient.display_name)):
            labels = checkins.activity_labels(db, patient.id)
            told += [patient.display_name, patient.zone, patient.first_day]
            for one in written_by(db, patient):
                activities = tuple(labels[code] for code in one.body.activity_type)
                told.append(replace(one, public_id="", body=replace(one.body, activity_type=activities)))
            told += [replace(one, public_id="") for one in treatments.treatments_of(db, patient.id)]
            told.append(support.plan_of(db, patient.id))
            told += [
                replace(one, public_id="", patient_id=0)
                for one in appointments.appointments_of(db, patient.id)
            ]
            told += [
                (circle.name, circle.consent.scopes, circle.consent.granted_at, circle.consent.ended_at)
                for circle in consents.circles_of(db, patient.id)
            ]
        told += db.execute(sa.select(AuditEvent.at, AuditEvent.act).order_by(AuditEvent.id)).all()
        told += db.execute(
            sa.select(Delivery.due_at, Delivery.state, Delivery.reason).order_by(Delivery.due_at, Delivery.id)
        ).all()
    return told


# Filling -----------------------------------------------------------------------------------------------------


@pytest.mark.night
def test_the_same_moment_gives_the_same_clinic(filled: Filled, sqlite_database: Database) -> None:
    assert fill(sqlite_database, password=PASSWORD, now=NOW)
    assert everything(sqlite_database) == everything(filled.database)


@pytest.mark.night
@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_holds_the_same_clinic(filled: Filled, database: Database) -> None:
    assert fill(database, password=PASSWORD, now=NOW)
    assert everything(database) == everything(filled.database)


def test_a_second_time_changes_nothing(filled: Filled) -> None:
    path = filled.config.data_dir / SIGN_INS_FILE
    before, sign_ins = everything(filled.database), path.read_bytes()
    assert not prepare(filled.config, now=NOW.replace(hour=21))
    assert everything(filled.database) == before
    assert path.read_bytes() == sign_ins


@pytest.mark.night
def test_a_night_with_a_clock_change_is_no_trouble(sqlite_database: Database) -> None:
    now = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 03:30 where the clinic is, an hour after 01:30
    assert fill(sqlite_database, password=PASSWORD, now=now)
    with sqlite_database.look() as db:
        people = list(db.scalars(sa.select(Patient)))
        assert len(people) == 19
        for patient in people:
            assert all(one.received_at <= now for one in written_by(db, patient))
        assert the_patient(db, "Tomás E.").first_day == date(2026, 3, 8)


def test_a_database_with_people_in_it_stays_as_it_is(sqlite_database: Database) -> None:
    with sqlite_database.unit_of_work() as db:
        assemble(db)
    with pytest.raises(Refused, match="database_not_empty"):
        fill(sqlite_database, password=PASSWORD, now=NOW)
    with sqlite_database.look() as db:
        assert not installation.is_demo(db)
        assert db.scalar(sa.select(sa.func.count()).select_from(Patient)) == 2


def test_the_demos_accounts_open_in_a_demo_alone(filled: Filled) -> None:
    with pytest.raises(BadSettings, match="holds the demo clinic"):
        open_database(replace(filled.config, demo=False))


def test_the_command_needs_the_demo_setting(tmp_path: Path) -> None:
    real = {
        "JOURNAL_DATA_DIR": str(tmp_path / "data"),
        "JOURNAL_BASE_URL": "https://journal.example.org",
        "JOURNAL_SMTP_URL": "smtp://localhost",
    }
    done = subprocess.run(
        [sys.executable, "-m", "journal.cli", "demo"], env=real, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "JOURNAL_DEMO: set it to 1 to fill a database with the demo clinic\n"
    assert not (tmp_path / "data").exists()


# Signing in --------------------------------------------------------------------------------------------------


def test_a_password_is_long_enough_to_be_allowed_and_never_the_same() -> None:
    made = [new_password() for _ in range(50)]
    for password in made:
        check_password(password, email="jordan@example.org")
    assert len(set(made)) == 50


def test_no_word_of_it_is_easily_guessed() -> None:
    folder = Path(sys.modules["journal"].__file__ or "").parent / "instruments"
    easy = set((folder / "easy_passwords.txt").read_text().split())
    words = [
        line for line in (folder / "demo_words.txt").read_text().splitlines() if not line.startswith("#")
    ]
    assert len(words) > 80
    assert easy.isdisjoint(words)


def test_the_sign_ins_are_for_their_owners_eyes_alone(filled: Filled) -> None:
    path = filled.config.data_dir / SIGN_INS_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    told = json.loads(path.read_text())["accounts"]
    assert [(one["role"], one["email"]) for one in told] == [
        ("patient", "jordan@example.org"),
        ("therapist", "lena@example.org"),
        ("prescriber", "amara@example.org"),
        ("admin", "admin@example.org"),
    ]
    assert len({one["password"] for one in told}) == 1


def test_the_password_opens_these_four_accounts_and_nobody_else_has_one(filled: Filled, db: Session) -> None:
    password = json.loads((filled.config.data_dir / SIGN_INS_FILE).read_text())["accounts"][0]["password"]
    for _role, email in SIGN_INS:
        assert password_fits(accounts.account_by_email(db, email), password)
    with_password = db.scalars(sa.select(Account.email).where(Account.password_hash.is_not(None)))
    assert set(with_password) == {email for _role, email in SIGN_INS}


def test_lost_sign_ins_are_made_anew(tmp_path: Path) -> None:
    config = settings(tmp_path)
    bring_up_to_date(config)
    database = Database(config.database_url, MasterKeys.read(config.master_key_file))
    with database.unit_of_work() as db:
        installation.mark_as_demo(db, now=NOW)
        accounts.add_account(db, "jordan@example.org", accounts.Role.PATIENT, now=NOW)
    assert not prepare(config, now=NOW)
    password = json.loads((config.data_dir / SIGN_INS_FILE).read_text())["accounts"][0]["password"]
    with database.look() as db:
        assert password_fits(accounts.account_by_email(db, "jordan@example.org"), password)
    database.close()


# The clinic --------------------------------------------------------------------------------------------------


def test_there_are_two_clinicians_and_an_administrator(db: Session) -> None:
    assert the_provider(db, LENA).kind == Kind.THERAPIST
    assert the_provider(db, AMARA).kind == Kind.PRESCRIBER
    assert the_provider(db, LENA).credentials == "LCSW"
    assert [clinic.name for clinic in clinics.clinics(db)] == ["Riverside Clinic"]
    assert Counter(db.scalars(sa.select(Account.role))) == {"patient": 19, "provider": 2, "admin": 1}


@pytest.mark.parametrize(("name", "people", "today"), [(LENA, 17, 5), (AMARA, 14, 0)])
def test_each_clinician_has_a_list_of_their_own(db: Session, name: str, people: int, today: int) -> None:
    day = ClinicDay(NOW, datetime(2026, 3, 30, 4, tzinfo=UTC), datetime(2026, 3, 31, 4, tzinfo=UTC))
    provider_id = the_provider(db, name).id
    found = caseloads.everybody_who_shares(db, provider_id, day)
    visits = appointments.next_visits(db, provider_id, [one.patient_id for one in found], since=day.starts)
    assert (len(found), sum(at < day.ends for at in visits.values())) == (people, today)


def test_some_share_less(db: Session) -> None:
    lena, amara = the_provider(db, LENA).id, the_provider(db, AMARA).id

    def sight(name: str, provider_id: int) -> object:
        seen = patients.patient_visible_to(db, provider_id, the_patient(db, name).public_id, now=NOW)
        return None if seen is None else (seen[1].scopes, seen[1].visible_from)

    suggested = frozenset({Scope.SCORES, Scope.ASSESSMENTS, Scope.SESSIONS, Scope.NOTES})
    assert sight("Jordan A.", lena) == (suggested, None)
    assert sight("Peter L.", lena) == ({Scope.SCORES}, None)
    assert sight("Peter L.", amara) == (suggested, None)
    assert sight("Nora S.", lena) == (suggested, date(2026, 2, 17))
    assert sight("Nora S.", amara) is None
    assert sight("Kofi A.", lena) is None
    assert sight("Hannah O.", amara) is None


def test_one_consent_was_ended_by_its_patient(db: Session) -> None:
    ended = db.scalars(sa.select(Consent).where(Consent.ended_at.is_not(None))).all()
    assert [consent.patient_id for consent in ended] == [the_patient(db, "Hannah O.").id]


def test_everybody_has_the_sessions_of_their_story(db: Session) -> None:
    given = {story.name: len(treatments.given_dates(db, the_patient(db, story.name).id)) for story in PEOPLE}
    assert (given["Jordan A."], given["Marcus T."], given["Sol B."], given["Owen P."]) == (8, 4, 2, 6)
    assert (given["Peter L."], given["Maya J."], given["Tomás E."]) == (12, 0, 0)
    assert given == {story.name: sum(one.lift > 0 for one in story.sessions) for story in PEOPLE}


def test_everybodys_course_follows_a_schedule_to_where_it_stands(db: Session) -> None:
    phases = {}
    for story in PEOPLE:
        patient = the_patient(db, story.name)
        course = courses.present_course(db, patient.id)
        assert course is not None
        assert (course.phase, course.preset_id) == (story.phase, story.preset)
        said = courses.phases_of(db, patient.id, course.public_id)
        phases[story.name] = [one.change.phase.value for one in said]
        assert [one.change.local_date for one in said] == sorted(one.change.local_date for one in said)
    assert phases["Hannah O."] == ["induction", "maintenance", "ended"]
    assert phases["Owen P."] == ["induction", "paused"]
    assert (phases["Marcus T."], phases["Tomás E."]) == (["induction"], ["planned"])


def test_a_session_is_planned_for_jordan_in_ten_days(db: Session) -> None:
    planned = [
        one.local_date
        for one in treatments.treatments_of(db, the_patient(db, "Jordan A.").id)
        if one.status.value == "planned"
    ]
    assert planned == [date(2026, 4, 9)]


def test_jordan_last_saw_lena_four_weeks_ago(db: Session) -> None:
    jordan = the_patient(db, "Jordan A.").id
    visits = appointments.appointments_with(db, jordan, the_provider(db, LENA).id)
    days = [local_day(visit.starts_at, CLINIC_ZONE) for visit in visits]
    assert days[:3] == [date(2026, 4, 13), date(2026, 3, 30), date(2026, 3, 2)]


def test_one_visit_was_cancelled(db: Session) -> None:
    visits = [
        visit
        for story in PEOPLE
        for visit in appointments.appointments_of(db, the_patient(db, story.name).id)
    ]
    cancelled = [visit.patient_id for visit in visits if visit.status is AppointmentStatus.CANCELLED]
    assert cancelled == [the_patient(db, "Grace M.").id]


# What people wrote -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", PEOPLE, ids=lambda story: story.email)
def test_nothing_was_written_ahead_of_time_or_before_the_beginning(db: Session, story: Story) -> None:
    patient = the_patient(db, story.name)
    for one in written_by(db, patient):
        assert one.recorded_at <= one.received_at <= NOW
        assert patient.first_day <= one.body.local_date <= local_day(one.recorded_at, patient.zone)


def test_the_day_one_patient_began_today_and_has_not_written(db: Session) -> None:
    tomas = the_patient(db, "Tomás E.")
    assert tomas.first_day == date(2026, 3, 30)
    assert written_by(db, tomas) == []


def test_notes_are_private_shared_and_starred_in_every_way(db: Session) -> None:
    notes = [one.body for one in written_by(db, the_patient(db, "Jordan A.")) if one.body.note]
    ways = {(body.note_shared, body.starred) for body in notes}
    assert ways == {(False, False), (False, True), (True, False), (True, True)}


def test_some_days_were_filled_in_later_and_some_are_not_sure(db: Session) -> None:
    written = [one for story in PEOPLE for one in written_by(db, the_patient(db, story.name))]
    assert len(written) > 1_000
    assert {one.provenance for one in written} == set(Provenance)
    assert sum(one.body.unsure for one in written) > 20
    assert sum(one.edited for one in written) > 10


def test_what_is_kept_of_each_person_is_what_their_check_ins_give(filled: Filled) -> None:
    with filled.database.unit_of_work() as work:
        assert rebuild_all(work) == (0, 19)


def test_yusufs_old_diary_stands_apart_from_his_check_ins(db: Session) -> None:
    yusuf = the_patient(db, "Yusuf D.")
    days = transfers.imported_days(db, yusuf.id, date(2020, 1, 1), date(2030, 1, 1), shared_only=True)
    assert len(days) > 60
    assert {(day.source, day.scale_min, day.scale_max) for day in days} == {("daylio", 1, 5)}
    assert max(day.local_date for day in days) < yusuf.first_day
    assert db.scalar(sa.select(sa.func.count()).select_from(transfers.ImportBatch)) == 1


# What the machinery wrote ------------------------------------------------------------------------------------


def test_the_log_is_in_the_order_of_time_and_ends_before_the_present(db: Session) -> None:
    moments = list(db.scalars(sa.select(AuditEvent.at).order_by(AuditEvent.id)))
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_every_look_was_open_to_whoever_looked(db: Session) -> None:
    looks = db.execute(
        sa.select(AuditEvent.patient_id, AuditEvent.provider_id, AuditEvent.at).where(
            AuditEvent.act == "viewed_patient"
        )
    ).all()
    granted = db.scalars(sa.select(Consent)).all()
    assert len(looks) > 100
    for patient_id, provider_id, at in looks:
        assert any(
            (consent.patient_id, consent.provider_id) == (patient_id, provider_id)
            and consents.as_consent(consent).is_live(at)
            for consent in granted
        )


def test_reminders_have_been_sent_and_skipped_and_the_next_are_still_to_come(db: Session) -> None:
    kinds = sorted(db.scalars(sa.select(Reminder.kind)))
    assert kinds == ["checkin"] * 12 + ["notes"] * 2
    waiting = db.execute(
        sa.select(ReminderQueue.slot, ReminderQueue.next_due_at)
        .join(Reminder, Reminder.id == ReminderQueue.reminder_id)
        .where(ReminderQueue.plan == Reminder.plan, ReminderQueue.slot.in_(["checkin:1", "digest"]))
    ).all()
    assert sorted(slot for slot, _ in waiting) == ["checkin:1"] * 12 + ["digest"] * 2
    assert min(due for _, due in waiting) > NOW
    assert set(db.scalars(sa.select(Delivery.state))) == {"sent", "skipped"}
    of_patients = sa.select(Delivery.reason).join(Patient, Patient.account_id == Delivery.account_id)
    assert set(db.scalars(of_patients)) == {None, "checked_in", "replaced", "resting", "with_questionnaire"}


def test_a_check_in_by_link_spent_its_link(db: Session) -> None:
    by_link = sum(
        one.via.value == "link" for story in PEOPLE for one in written_by(db, the_patient(db, story.name))
    )
    spent = db.scalar(sa.select(sa.func.count()).where(Delivery.link_spent_at.is_not(None)))
    assert by_link == spent
    assert by_link > 30


def test_two_of_them_have_a_plan_of_their_own(db: Session) -> None:
    plans = {
        patient.display_name: support.plan_of(db, patient.id).plan
        for patient in db.scalars(sa.select(Patient))
    }
    assert {name: plan.person_name for name, plan in plans.items() if not plan.is_empty} == {
        "Jordan A.": "Dana",
        "Priya N.": "Meera",
    }


def test_questionnaires_were_answered_over_weeks_and_some_were_not(db: Session) -> None:
    jordan = [one for one in _questionnaires(db, "Jordan A.") if one.instrument == "phq9" and one.total]
    assert len(jordan) >= 4
    assert (jordan[0].total or 0) > (jordan[-1].total or 0) + 5
    everybodys = [one for story in PEOPLE for one in _questionnaires(db, story.name)]
    assert any(one.expired_at for one in everybodys)
    assert any(one.waits and one.opened_at for one in everybodys)
    assert {one.instrument for one in everybodys} == {"phq9", "phq8", "gad7"}


def test_one_answer_waits_for_somebody_to_look(db: Session) -> None:
    waiting = {
        name
        for patient_id, name in db.execute(sa.select(Patient.id, Patient.display_name))
        if safety_flags.open_since(db, patient_id)
    }
    assert waiting == {"Priya N."}
    ((_at, is_acute),) = safety_flags.open_since(db, the_patient(db, "Priya N.").id)
    assert not is_acute


def _questionnaires(db: Session, name: str) -> list[AssessmentRecord]:
    patient_id = db.scalar(sa.select(Patient.id).where(Patient.display_name == name))
    return [] if patient_id is None else assessments_of(db, patient_id)
