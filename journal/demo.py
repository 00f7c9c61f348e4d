"""The demo clinic: an empty database filled with invented people, through the same doors that real ones use.

Every act of the stories in ``journal.demo_people`` happens at its own moment, in order of time, with ``now`` set to
that moment: provenance, summaries, the audit and the reminder ledger come out as if the weeks had really passed.
Nothing happens after the real present. What people say on each day is decided in ``journal.demo_days``.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

from sqlalchemy.orm import Session

from journal.config import Config
from journal.demo_days import Said, ahead, answers_to, daylio_file, said_by, session_day, workday
from journal.demo_people import (
    ADMIN_EMAIL,
    AMARA,
    CLINIC,
    CLINIC_OPENED,
    CLINIC_PHONE,
    CLINIC_ZONE,
    JORDAN,
    LENA,
    PEOPLE,
    Clinician,
    FollowUp,
    Given,
    Medicine,
    Moment,
    Sharing,
    Story,
    Visit,
)
from journal.domain.checkins import CheckInBody, Via, Written
from journal.domain.course_bodies import CourseBody
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.errors import Refused
from journal.domain.key_moments import KeyMoment
from journal.domain.medications import Medication
from journal.domain.reminder_limits import AFTERCARE_WALL, DIGEST_AT, EVE_AT
from journal.domain.reminders import EVERY_DAY, ReminderRule, SlotTime
from journal.domain.side_effects import Severity
from journal.domain.support import CopingPlan
from journal.domain.treatments import GIVEN, Phase, Source, Status, TreatmentBody
from journal.services import accounts as people
from journal.services import (
    activities,
    appointments,
    assessments,
    checkins,
    claiming,
    consents,
    courses,
    deliveries,
    flag_reviews,
    installation,
    key_moments,
    long_term_checks,
    medications,
    provider_notes,
    reminders,
    support,
    transfers,
    treatments,
)
from journal.services.links import fingerprint
from journal.services.passwords import hash_password
from journal.services.writers import Writer
from journal.storage import accounts, audit, patients
from journal.storage import assessments as assessment_rows
from journal.storage import consents as consent_rows
from journal.storage import deliveries as ledger_ledger
from journal.storage import installation as installation_rows
from journal.storage.appointments import AppointmentKind
from journal.storage.audit import Act
from journal.storage.clinics import Clinic, Kind, Provider
from journal.storage.consents import Draft
from journal.storage.database import Database
from journal.storage.long_term_checks import ASKED
from journal.storage.patients import Patient

SIGN_INS = (
    ("patient", JORDAN.email),
    ("therapist", LENA.email),
    ("prescriber", AMARA.email),
    ("admin", ADMIN_EMAIL),
)
"""Who can sign in with the password of the demo. Everybody else gets a link by mail, which the demo keeps as a file."""

SIGN_INS_FILE = "demo-accounts.json"
REMINDED_FOR = 21
"""The days for which the demo has sent reminders."""

_DAY = timedelta(days=1)
_WORKER = "demo"
_LOOKED_EVERY = 4
"""Days from one look for an open questionnaire to the next."""


# One installation --------------------------------------------------------------------------------------------


def prepare(config: Config, *, now: datetime) -> bool:
    """Bring the configured database up to date and fill it if it is empty; whether it was filled.

    A database that is the demo clinic already stays as it is. Makes sure that the sign-ins stand in the data folder.
    Refuses ``database_not_empty`` for a database with accounts in it that is not the demo's.
    """
    installation.bring_up_to_date(config)
    database = installation.open_unchecked(config)
    try:
        path = config.data_dir / SIGN_INS_FILE
        password = new_password()
        filled = fill(database, password=password, now=now)
        if not filled and path.exists():
            return False
        if not filled:
            _set_password(database, password)
        _write_sign_ins(path, password)
        return filled
    finally:
        database.close()


def new_password() -> str:
    """Four words and three digits: easy to type from a terminal, of no use outside of the demo."""
    text = resources.files("journal").joinpath("instruments/demo_words.txt").read_text(encoding="utf-8")
    words = [line for line in text.splitlines() if not line.startswith("#")]
    chosen = "-".join(secrets.choice(words) for _ in range(4))
    return f"{chosen}-{secrets.randbelow(900) + 100}"


def fill(database: Database, *, password: str, now: datetime) -> bool:
    """Fill an empty database with the demo clinic as of ``now``, in one transaction; false if it is one already.

    Refuses ``database_not_empty``.
    """
    with database.unit_of_work() as db:
        if installation_rows.is_demo(db):
            return False
        if accounts.any_account(db):
            raise Refused("database_not_empty")
        installation_rows.mark_as_demo(db, now=now)
        _play(_open_clinic(db, password, now=now))
    return True


def _set_password(database: Database, password: str) -> None:
    """The file with the sign-ins is gone, and what is kept of the password does not say what it was: another one."""
    with database.unit_of_work() as db:
        for _role, email in SIGN_INS:
            account = accounts.account_by_email(db, email)
            if account is not None:
                accounts.set_password_hash(db, account.id, hash_password(password))


def _write_sign_ins(path: Path, password: str) -> None:
    document = {
        "accounts": [{"role": role, "email": email, "password": password} for role, email in SIGN_INS]
    }
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2)
    unfinished.replace(path)


# The clinic and its time -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stage:
    """The clinic in its open transaction. ``today`` is the clinic's, which all stories count from."""

    db: Session
    now: datetime
    today: date
    password: str
    clinic: Clinic
    lena: Provider
    amara: Provider
    sent: dict[tuple[int, date], int] = field(default_factory=dict)

    def wall(self, day: date, at: time, zone: str = CLINIC_ZONE) -> datetime:
        """The instant of a wall time, but never after the present."""
        return min(resolve_wall_time(day, at, zone), self.now)


@dataclass
class _Person:
    """One patient on the stage. ``row`` is there from the moment at which their journal begins."""

    story: Story
    joined: datetime
    row: Patient | None = None
    own_chip: str = ""

    @property
    def patient(self) -> Patient:
        assert self.row is not None  # noqa: S101 - nothing of theirs happens earlier
        return self.row


_Happening = tuple[datetime, Callable[[datetime], None]]


def _open_clinic(db: Session, password: str, *, now: datetime) -> _Stage:
    today = local_day(now, CLINIC_ZONE)
    opened = resolve_wall_time(today + CLINIC_OPENED * _DAY, time(9, 0), CLINIC_ZONE)
    clinic = people.found_clinic(db, CLINIC, zone=CLINIC_ZONE, now=opened)
    token = people.create_admin(db, ADMIN_EMAIL, now=opened)
    people.set_up(db, token, password, now=opened + timedelta(minutes=1))
    admin = accounts.account_by_email(db, ADMIN_EMAIL)

    def provider(who: Clinician, kind: Kind, minutes: int) -> Provider:
        made = opened + timedelta(minutes=minutes)
        row, secret = people.create_provider(
            db,
            who.email,
            name=who.name,
            kind=kind,
            clinic=clinic,
            credentials=who.credentials,
            actor_account_id=admin.id if admin else None,
            now=made,
        )
        people.set_up(db, secret, password, now=made + timedelta(minutes=1))
        return row

    lena, amara = provider(LENA, Kind.THERAPIST, 10), provider(AMARA, Kind.PRESCRIBER, 12)
    said = flag_reviews.Said(phone=CLINIC_PHONE, reviewer=lena.public_id)
    flag_reviews.change(
        db, clinic, said, actor_account_id=admin.id if admin else None, now=opened + timedelta(minutes=20)
    )
    return _Stage(db=db, now=now, today=today, password=password, clinic=clinic, lena=lena, amara=amara)


def _play(stage: _Stage) -> None:
    """Let everything happen in order of time, and nothing after the present."""
    happenings = [happening for story in PEOPLE for happening in _life(stage, story)]
    for moment, act in sorted(happenings, key=lambda happening: happening[0]):
        if moment <= stage.now:
            act(moment)


def _life(stage: _Stage, story: Story) -> Iterator[_Happening]:
    """Everything that ever happens to one person."""
    begins = stage.today + story.begins * _DAY
    # Somebody of today has begun in the morning, whatever the time is now.
    joined = stage.wall(begins, time(7, 10) if story.begins == 0 else time(18, 10), story.zone)
    person = _Person(story, joined)
    yield from _beginning(stage, person)
    yield from _reminding(stage, person)
    yield from _treating(stage, person)
    yield from _visiting(stage, person)
    yield from _writing(stage, person)
    yield from _asking(stage, person)
    yield from _keeping(stage, person)
    for one in story.follow_up:
        yield (
            stage.wall(workday(stage.today + one.day * _DAY), time(16, 50)),
            _following_up(stage, person, one),
        )
    if story.plan is not None:
        yield _planning(stage, person, story.plan)
    if story.daylio:
        yield from _bringing_in(stage, person)


def _asking(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    """Every few evenings they look whether a questionnaire is open, and answer it, unless it is one of their gaps."""
    story = person.story

    def look(now: datetime) -> None:
        day = local_day(now, story.zone)
        waiting = assessment_rows.waiting_of(stage.db, person.patient.id)
        if waiting and all(one.due_on > day for one in waiting):
            return
        assessments.look(stage.db, person.patient, now=now)
        if now == stage.now or any(first <= (day - stage.today).days <= last for first, last in story.gaps):
            return
        for record in assessment_rows.waiting_of(stage.db, person.patient.id):
            known = record.known_as()
            if known is not None and record.opened_at is not None:
                assessments.save_answers(
                    stage.db,
                    person.patient,
                    record.public_id,
                    answers_to(known, story, day, stage.today),
                    shown=known.code,
                    actor_account_id=person.patient.account_id,
                    now=now,
                )

    for days in range(story.begins, 0, _LOOKED_EVERY):
        yield stage.wall(stage.today + days * _DAY, time(20, 25), story.zone), look
    if story.begins < 0:
        yield stage.now, look


def _keeping(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    """What is kept beside the days: medicines, key moments and the two-weekly answers."""
    story = person.story
    for medicine in story.medicines:
        yield from _taking(stage, person, medicine)
    for moment in story.moments:
        yield _evening(stage, person, moment.day), _telling(stage, person, moment)
    for day, values in story.checks:
        yield _evening(stage, person, day), _checking(stage, person, values)


def _taking(stage: _Stage, person: _Person, medicine: Medicine) -> Iterator[_Happening]:
    by = stage.amara if medicine.prescriber else None
    kept = ""

    def tell(now: datetime) -> None:
        nonlocal kept
        since = stage.today + medicine.since * _DAY
        said = Medication("", medicine.name, medicine.dose, True, since, None, Source.PATIENT)
        writer = _writer(person, by)
        kept = medications.add_medicine(
            stage.db, person.patient, said, writer=writer, now=now
        ).taken.public_id

    def change(now: datetime) -> None:
        if medicine.changed is not None:
            medications.change_dose(
                stage.db,
                person.patient,
                kept,
                dose=medicine.changed[1],
                first_day=stage.today + medicine.changed[0] * _DAY,
                seen_version=1,
                writer=_writer(person, by),
                now=now,
            )

    def stop(now: datetime) -> None:
        medications.stop_medicine(
            stage.db,
            person.patient,
            kept,
            last_day=local_day(now, person.story.zone),
            seen_version=1,
            writer=_writer(person, by),
            now=now,
        )

    yield _evening(stage, person, medicine.told), tell
    if medicine.changed is not None:
        yield _evening(stage, person, medicine.changed[0]), change
    if medicine.until is not None:
        yield _evening(stage, person, medicine.until), stop


def _telling(stage: _Stage, person: _Person, moment: Moment) -> Callable[[datetime], None]:
    def tell(now: datetime) -> None:
        day = stage.today + moment.day * _DAY
        said = KeyMoment("", day, moment.label, moment.shared, Source.PATIENT)
        writer = _writer(person, stage.lena if moment.therapist else None)
        key_moments.add_moment(stage.db, person.patient, said, writer=writer, now=now)

    return tell


def _following_up(stage: _Stage, person: _Person, one: FollowUp) -> Callable[[datetime], None]:
    """A clinician writes for themselves, on the clinic's clock."""
    provider = stage.amara if one.prescriber else stage.lena

    def write(now: datetime) -> None:
        again = None if one.again is None else stage.today + one.again * _DAY
        provider_notes.write_note(
            stage.db,
            person.patient,
            provider_notes.Said(one.text, for_colleagues=one.shared, look_again_on=again),
            provider_id=provider.id,
            actor_account_id=provider.account_id,
            now=now,
        )

    return write


def _checking(stage: _Stage, person: _Person, values: tuple[int, ...]) -> Callable[[datetime], None]:
    def answer(now: datetime) -> None:
        answers = {code: Severity(value) for code, value in zip(ASKED, values, strict=True)}
        long_term_checks.keep_answers(
            stage.db, person.patient, answers, actor_account_id=person.patient.account_id, now=now
        )

    return answer


def _writer(person: _Person, provider: Provider | None) -> Writer:
    if provider is None:
        return Writer(person.patient.account_id)
    return Writer(provider.account_id, provider.id)


def _evening(stage: _Stage, person: _Person, days: int) -> datetime:
    return stage.wall(stage.today + days * _DAY, time(20, 40), person.story.zone)


def _soon(stage: _Stage, moment: datetime, minutes: int) -> datetime:
    return min(moment + timedelta(minutes=minutes), stage.now)


# What happens to one person ----------------------------------------------------------------------------------


def _beginning(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    story = person.story

    def begin(now: datetime) -> None:
        person.row = people.begin_patient(
            stage.db,
            story.email,
            display_name=story.name,
            zone=story.zone,
            password=stage.password if story is JORDAN else "",
            now=now,
        )
        person.patient.region = story.region

    def set_out(now: datetime) -> None:
        starts = min((session_day(given, stage.today) for given in story.sessions), default=None)
        course = CourseBody(
            preset_id=story.preset,
            route=story.route,
            indication=story.indication,
            planned_sessions=story.planned_sessions,
            start_date=starts or min((ahead(day, stage.today) for day in story.planned), default=None),
        )
        phase = Phase.PLANNED if story.phase is Phase.PLANNED else Phase.INDUCTION
        by = _keeper(stage, person, now=now)
        courses.begin_course(stage.db, person.patient, course, phase=phase, by=by, now=now)

    def add_own_activity(_now: datetime) -> None:
        label = story.habits.own_chip
        shared = story.habits.own_chip_shared
        person.own_chip = activities.add_activity(stage.db, person.patient, label=label, shared=shared)

    yield person.joined, begin
    for minutes, provider, sharing in ((2, stage.lena, story.lena), (5, stage.amara, story.amara)):
        if sharing is not None:
            yield from _sharing(stage, person, provider, sharing, minutes=minutes)
    yield _soon(stage, person.joined, 8), set_out
    yield from _phases(stage, person)
    if story.habits.own_chip:
        yield _soon(stage, person.joined, 9), add_own_activity


def _sharing(
    stage: _Stage, person: _Person, provider: Provider, sharing: Sharing, *, minutes: int
) -> Iterator[_Happening]:
    """Invited the day before, accepted, and perhaps ended again."""
    since = _since(stage, person, sharing)
    secret = ""

    def invite(now: datetime) -> None:
        nonlocal secret
        issued = consents.invite(
            stage.db,
            provider.id,
            email=person.story.email,
            draft=Draft(label=person.story.name),
            actor_account_id=provider.account_id,
            now=now,
        )
        secret = issued.secret

    def accept(now: datetime) -> None:
        first = None if sharing.visible_from is None else stage.today + sharing.visible_from * _DAY
        consents.accept(stage.db, secret, person.patient, scopes=sharing.scopes, visible_from=first, now=now)

    def stop(now: datetime) -> None:
        live = consent_rows.live_consent(stage.db, patient_id=person.patient.id, provider_id=provider.id)
        if live is not None:
            consents.stop(stage.db, person.patient, live.public_id, now=now)

    yield since - timedelta(hours=20), invite
    yield _soon(stage, since, minutes), accept
    if sharing.until is not None:
        yield stage.wall(stage.today + sharing.until * _DAY, time(19, 5), person.story.zone), stop


def _since(stage: _Stage, person: _Person, sharing: Sharing) -> datetime:
    if sharing.since is None:
        return person.joined
    return stage.wall(stage.today + sharing.since * _DAY, time(18, 20), person.story.zone)


def _reminding(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    wall, zone = person.story.habits.reminder, person.story.zone
    if wall is None:
        return
    days = min(REMINDED_FOR, -person.story.begins)
    chosen = max(_soon(stage, person.joined, 11), stage.wall(stage.today - days * _DAY, time(0, 5), zone))

    def choose(now: datetime) -> None:
        rule = ReminderRule((SlotTime("checkin:1", wall, EVERY_DAY),), zone)
        reminders.set_reminder(
            stage.db, person.patient.account_id, rule=rule, channels=(reminders.EMAIL,), now=now
        )

    yield chosen, choose
    for back in range(days + 1):
        # Beside the chosen time: providers' Mondays, and what comes on the eve and the evening of a session.
        for at in sorted({wall, DIGEST_AT, AFTERCARE_WALL, EVE_AT}):
            due = resolve_wall_time(stage.today - back * _DAY, at, zone)
            if due > chosen:
                yield due + timedelta(seconds=20), lambda now: _send_due(stage, now)


def _send_due(stage: _Stage, now: datetime) -> None:
    """What the reminder worker does, without the mail: nobody lives at these addresses."""
    claimed = claiming.claim_due_reminders(stage.db, worker=_WORKER, now=now, limit=100)
    for delivery_id in claimed.to_send:
        outgoing = deliveries.begin_sending(stage.db, delivery_id, worker=_WORKER, now=now)
        if outgoing is None:
            continue
        deliveries.record_sent(stage.db, delivery_id, worker=_WORKER, now=now)
        linked = outgoing.link_token and ledger_ledger.delivery_by_link(
            stage.db, fingerprint(outgoing.link_token)
        )
        if linked:
            stage.sent[linked.patient_id, linked.local_date] = linked.delivery_id


def _treating(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    story = person.story
    start = time(10, 0) if PEOPLE.index(story) % 2 == 0 else time(11, 30)
    zone = story.zone if story.reports_sessions else CLINIC_ZONE

    def record(given: Given) -> Callable[[datetime], None]:
        day = session_day(given, stage.today)
        return lambda now: _record(
            stage,
            person,
            TreatmentBody(
                day, given.status, start if given.status in GIVEN else None, story.route, given.note
            ),
            zone=zone,
            now=now,
        )

    def plan(day: int) -> Callable[[datetime], None]:
        body = TreatmentBody(ahead(day, stage.today), Status.PLANNED, start, story.route)
        return lambda now: _record(stage, person, body, zone=zone, now=now)

    for given in story.sessions:
        starts = resolve_wall_time(session_day(given, stage.today), start, zone)
        if given.status in GIVEN and not story.reports_sessions:
            yield from _looking(stage, person, stage.amara, starts - timedelta(minutes=14))
        yield starts + timedelta(hours=2, minutes=20), record(given)
    last = max((session_day(given, stage.today) for given in story.sessions), default=None)
    planned_at = _soon(stage, person.joined, 25)
    if last is not None:
        planned_at = max(planned_at, stage.wall(last + _DAY, time(9, 40)))
    for day in story.planned:
        yield planned_at, plan(day)


def _phases(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    """Maintenance from the morning after the induction's last session, a pause a week after it, the end on its day."""
    story = person.story
    days = sorted(session_day(given, stage.today) for given in story.sessions if given.status in GIVEN)
    induction = days[: story.planned_sessions]

    def step(phase: Phase, on: date) -> _Happening:
        def take(now: datetime) -> None:
            by = _keeper(stage, person, now=now)
            courses.change_phase(stage.db, person.patient, phase, on=on, by=by, now=now)

        return stage.wall(on, time(9, 45)), take

    if story.phase in {Phase.MAINTENANCE, Phase.ENDED}:
        yield step(Phase.MAINTENANCE, induction[-1] + _DAY)
    if story.phase is Phase.PAUSED:
        yield step(Phase.PAUSED, induction[-1] + 7 * _DAY)
    if story.ended is not None:
        yield step(Phase.ENDED, stage.today + story.ended * _DAY)


def _keeper(stage: _Stage, person: _Person, *, now: datetime) -> Writer:
    """Who keeps somebody's course at that moment: their prescriber, else their therapist, else they themselves."""
    keepers = {one.provider_id for one in courses.keepers(stage.db, person.patient.id, now=now)}
    for provider in (stage.amara, stage.lena):
        if provider.id in keepers:
            return Writer(provider.account_id, provider.id)
    return Writer(person.patient.account_id)


def _record(stage: _Stage, person: _Person, body: TreatmentBody, *, zone: str, now: datetime) -> None:
    by_patient = person.story.reports_sessions
    treatments.record_treatment(
        stage.db,
        person.patient,
        body=body,
        zone=zone,
        actor_account_id=person.patient.account_id if by_patient else stage.amara.account_id,
        by_provider_id=None if by_patient else stage.amara.id,
        now=now,
    )


def _visiting(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    for visit in person.story.visits:
        provider, sharing = stage.lena, person.story.lena
        if visit.prescriber:
            provider, sharing = stage.amara, person.story.amara
        if sharing is not None:
            yield from _visit(stage, person, visit, provider, since=_since(stage, person, sharing))


def _visit(
    stage: _Stage, person: _Person, visit: Visit, provider: Provider, *, since: datetime
) -> Iterator[_Happening]:
    """Made up to two weeks ahead, prepared by a look at the page, and perhaps cancelled the day before."""
    day = workday(stage.today + visit.day * _DAY) if visit.day < 0 else stage.today
    if visit.day > 0:
        day = ahead(visit.day, stage.today)
    starts_at = resolve_wall_time(day, visit.at, CLINIC_ZONE)

    def make(now: datetime) -> None:
        made = appointments.make_appointment(
            stage.db,
            person.patient,
            starts_at=starts_at,
            kind=AppointmentKind.FOLLOW_UP if visit.prescriber else AppointmentKind.THERAPY,
            provider_id=provider.id,
            clinic_id=stage.clinic.id,
            actor_account_id=provider.account_id,
            now=now,
        )
        if visit.cancelled:
            appointments.cancel(stage.db, made, actor_account_id=provider.account_id, now=now)

    yield _made_at(stage, starts_at, since=since), make
    if not visit.cancelled:
        yield from _looking(stage, person, provider, starts_at - timedelta(minutes=9))


def _made_at(stage: _Stage, starts_at: datetime, *, since: datetime) -> datetime:
    """Two weeks ahead, or on the first working day that they knew each other, but in any case before now."""
    first = stage.wall(ahead(1, local_day(since, CLINIC_ZONE)), time(9, 15))
    last = stage.wall(workday(stage.today - 2 * _DAY), time(16, 20))
    made = min(max(first, starts_at - 14 * _DAY), last)
    return made if since < made < starts_at else _soon(stage, since, 30)


def _looking(stage: _Stage, person: _Person, provider: Provider, moment: datetime) -> Iterator[_Happening]:
    """A clinician opens the list and then the person's page, as far as it is open to them at that moment."""

    def open_list(now: datetime) -> None:
        audit.record(
            stage.db,
            Act.VIEWED_CASELOAD,
            now=now,
            actor_account_id=provider.account_id,
            provider_id=provider.id,
        )

    def open_page(now: datetime) -> None:
        patient = person.patient
        if patients.patient_visible_to(stage.db, provider.id, patient.public_id, now=now) is None:
            return
        audit.record(
            stage.db,
            Act.VIEWED_PATIENT,
            now=now,
            actor_account_id=provider.account_id,
            patient_id=patient.id,
            provider_id=provider.id,
            subject=patient.public_id,
        )

    yield moment, open_list
    yield moment + timedelta(seconds=25), open_page


def _writing(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    for number, said in enumerate(said_by(person.story, stage.today)):
        if said.written_at > person.joined:
            yield from _check_in(stage, person, said, number)


def _planning(stage: _Stage, person: _Person, plan: CopingPlan) -> _Happening:
    """The plan for hard days, written on an evening after a visit. Nobody at the clinic reads it."""

    def write(now: datetime) -> None:
        support.save_plan(
            stage.db,
            person.patient,
            plan,
            seen_version=0,
            actor_account_id=person.patient.account_id,
            now=now,
        )

    return stage.wall(stage.today + person.story.plan_on * _DAY, time(18, 35), person.story.zone), write


def _bringing_in(stage: _Stage, person: _Person) -> Iterator[_Happening]:
    """The diary they kept before, on its own scale, opened to those who may read the scores."""

    def bring_in(now: datetime) -> None:
        brought = transfers.bring_in_daylio(
            stage.db,
            person.patient,
            daylio_file(person.story, stage.today).encode(),
            filename="daylio_export.csv",
            actor_account_id=person.patient.account_id,
            now=now,
        )
        transfers.share_import(stage.db, person.patient, brought.batch_id, shared=True)

    yield _soon(stage, person.joined, 40), bring_in


def _check_in(stage: _Stage, person: _Person, said: Said, number: int) -> Iterator[_Happening]:
    check_in_id = ""

    def write(now: datetime) -> None:
        nonlocal check_in_id
        recorded = checkins.record_check_in(
            stage.db,
            person.patient,
            body=_as_tapped(person, said.body),
            written=Written(
                client_key=f"{person.story.email}:{number}",
                via=_way(stage, person, said, now=now),
                zone=person.story.zone,
                recorded_at=said.written_at,
                sent_at=said.arrived_at,
                day_chosen=True,
            ),
            now=now,
        )
        check_in_id = recorded.check_in_id

    def mend(now: datetime) -> None:
        assert said.mended is not None  # noqa: S101 - yielded below only if so
        checkins.amend_check_in(
            stage.db,
            person.patient,
            check_in_id=check_in_id,
            seen_version=1,
            body=_as_tapped(person, said.mended),
            recorded_at=now,
            now=now,
        )

    yield said.arrived_at, write
    if said.mended_at is not None:
        yield said.mended_at, mend


def _way(stage: _Stage, person: _Person, said: Said, *, now: datetime) -> Via:
    """By the reminder's link, for those who answer from their mail; each link works once."""
    delivery = stage.sent.get((person.patient.id, said.body.local_date))
    if not person.story.habits.by_mail or delivery is None or said.via is not Via.WEB:
        return said.via
    return Via.LINK if ledger_ledger.spend_link(stage.db, delivery, now=now) else Via.WEB


def _as_tapped(person: _Person, body: CheckInBody) -> CheckInBody:
    """An activity of the person's own is kept by its id, not by its label."""
    own = person.story.habits.own_chip
    return replace(
        body, activity_type=tuple(person.own_chip if chip == own else chip for chip in body.activity_type)
    )
