"""A journal goes out as a document and comes back as it was; nobody gains sight of anything by it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from journal.domain.assessment_calendar import PCL5
from journal.domain.assessment_choices import Choice
from journal.domain.checkins import CHIP_PRESETS, NUMBERS
from journal.domain.consents import WHOLE, Scope
from journal.domain.doses import DoseUnit
from journal.domain.errors import Refused
from journal.domain.pauses import Pause
from journal.domain.reminders import QuietHours, ReminderRule, SlotTime
from journal.domain.safety_flags import RightNow
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.support import CopingPlan
from journal.domain.treatment_records import Measured, MedicineTaken, TreatmentRecord, Vitals
from journal.domain.treatments import Drug, Phase, PresetId, Route, Status
from journal.interop.tideline import write_document
from journal.services import (
    activities,
    assessment_dates,
    checkins,
    reminders,
    restoring,
    safety,
    topics,
    transfers,
)
from journal.services.summaries import refresh
from journal.services.support import save_plan
from journal.storage import activities as activity_rows
from journal.storage import (
    assessments,
    audit,
    courses,
    patients,
    reminder_pauses,
    safety_flags,
    side_effects,
    support,
    treatment_records,
    treatments,
)
from journal.storage import checkins as check_in_rows
from journal.storage import transfers as transfer_rows
from journal.storage.audit import Act
from journal.storage.base import Base
from journal.storage.database import Database
from journal.storage.reminders import ReminderQueue
from tests import assessing, builders, flagging
from tests.builders import the_patient
from tests.cast import NOW, Cast, Person
from tests.interop import documents

LATER = NOW + timedelta(days=1)
DAYLIO = (
    b"full_date,date,weekday,time,mood,activities,note_title,note\r\n"
    b'2025-01-02,January 2,Thursday,21:00,good,tea | "walk",,A quiet evening\r\n'
    b"2025-01-01,January 1,Wednesday,,meh,,,\r\n"
)


def exported(database: Database, person: Person) -> bytes:
    with database.unit_of_work() as db:
        return write_document(
            transfers.take_out(db, the_patient(db, person), actor_account_id=person.account_id, now=LATER)
        )


def put_back(database: Database, person: Person, content: bytes) -> restoring.Restorable:
    with database.unit_of_work() as db:
        return restoring.restore(
            db, the_patient(db, person), content, actor_account_id=person.account_id, now=LATER
        )


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """The content of every table."""
    with database.look() as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def write_a_plan(db: Session, person: Person, *, seen: int = 0, **words: str) -> None:
    plan = CopingPlan(**(words or {"signs": "not answering\nmessages", "person_phone": "+30 210 123"}))
    save_plan(
        db, the_patient(db, person), plan, seen_version=seen, actor_account_id=person.account_id, now=NOW
    )


def write_a_whole_journal(database: Database, cast: Cast) -> None:
    """Let Alice leave a row of everything, made through the doors that the program has."""
    alice, bob = cast.alice, cast.bob
    with database.unit_of_work() as db:
        patient = the_patient(db, alice)
        patient.preferences = {"share_notes": True, "items_on": ["pain"], "καφές": [1, 2.5, None]}
        patient.region = "GR"
        own = activities.add_activity(db, patient, label="βόλτα", shared=True)
        walk = next(chip for chip in activity_rows.chips_for(db, patient.id) if chip.code == "walk")
        activities.change_activity(
            db, patient, chip_id=walk.public_id, label="Slow walk", shared=False, hidden=True, now=NOW
        )
        first = builders.check_in(
            db, alice, 3, at=NOW - timedelta(days=3), note="=cmd()", tags=("a | b", "c"), starred=True
        )
        builders.check_in(
            db,
            alice,
            None,
            on=date(2026, 3, 20),
            activity_type=("walk", own),
            bed_time=time(23, 30),
            wake_time=time(7, 5),
            other_substances="cocoa",
            meds_taken="partly",
            meaningful=False,
        )
        gone = builders.check_in(db, alice, 9, note="nobody may read this again")
        checkins.delete_check_in(db, patient, check_in_id=gone.public_id, now=NOW)
        checkins.amend_check_in(
            db,
            patient,
            check_in_id=first.public_id,
            seen_version=1,
            body=builders.body(5, note="better put", activity_type=(own,)),
            recorded_at=NOW,
            now=NOW,
        )
        checkins.amend_check_in(
            db,
            patient,
            check_in_id=first.public_id,
            seen_version=1,
            body=builders.body(4, note="from the other phone"),
            recorded_at=NOW - timedelta(minutes=1),
            now=NOW,
        )
        courses.add_course(
            db,
            alice.patient_id,
            phase=Phase.INDUCTION,
            now=NOW,
            indication="low mood",
            default_route=Route.IV,
            planned_sessions=6,
            start_date=date(2026, 3, 1),
            by_account_id=bob.account_id,
            preset_id=PresetId.IV_6X_2WK,
            notes="mornings",
        )
        builders.treatment(
            db, alice, date(2026, 3, 5), at=time(9), route=Route.IV, note="calm", note_shared=True
        )
        theirs = builders.treatment(db, alice, date(2026, 3, 12), by=bob, status=Status.STOPPED_EARLY)
        treatment_records.write_changes(
            db,
            alice.patient_id,
            theirs.public_id,
            before=TreatmentRecord(),
            after=TreatmentRecord(
                dose_value=Decimal("37.125"),
                dose_unit=DoseUnit.MG,
                vitals=(Vitals(Measured.PEAK, sys=150, dia=90), Vitals(Measured.PRE, hr=70)),
                meds_today=frozenset({MedicineTaken.MAOI, MedicineTaken.STIMULANT}),
                intention="to let go",
                escort_phone="+30 210 123",
            ),
        )
        nausea = SideEffect(theirs.public_id, SideEffectCode.NAUSEA, Severity.MILD, date(2026, 3, 12))
        side_effects.add_side_effect(db, alice.patient_id, nausea, now=NOW, by_provider_id=bob.provider_id)
        builders.medicine(db, alice, since=date(2026, 3, 1), note="with food", by=bob)
        builders.moment(db, alice, date(2026, 3, 9), "moved house")
        builders.long_term_check(db, alice, date(2026, 3, 19), memory_trouble=2)
        flagging.let_review(db, cast)
        flagging.answer(db, alice, {**flagging.EIGHT, "9": 2})
        safety.answer_panel(
            db,
            patient,
            assessments.assessments_of(db, alice.patient_id)[-1],
            RightNow.NO,
            actor_account_id=alice.account_id,
            now=NOW,
        )
        choice = Choice("pcl5", is_enabled=True, cadence=PCL5, by_provider_id=bob.provider_id)
        assessments.put_choice(db, alice.patient_id, choice, now=NOW)
        builders.appointment(db, alice, date(2026, 4, 2), with_=bob, clinic_id=cast.clinic_id)
        builders.appointment(db, alice, date(2026, 4, 3))
        for text in ("Sleep\nand the move", "δουλειά"):
            topics.add_topic(db, patient, bob.provider_id, text, now=NOW)
        rule = ReminderRule(
            (SlotTime("checkin:1", time(20), frozenset({1, 3, 7})),),
            "Europe/Berlin",
            quiet=QuietHours(time(22), time(8)),
            paused_until=date(2026, 4, 2),
            follow_up=True,
            both_times=True,
            softer=False,
        )
        reminders.set_reminder(db, alice.account_id, rule=rule, channels=["email"], now=NOW)
        write_a_plan(db, alice)
        transfers.bring_in_daylio(
            db, patient, DAYLIO, filename="daylio.csv", actor_account_id=alice.account_id, now=NOW
        )
        builders.share(db, alice, bob, Scope.SCORES, visible_from=date(2026, 3, 1))
        audit.record(
            db,
            Act.VIEWED_PATIENT,
            now=NOW,
            actor_account_id=bob.account_id,
            patient_id=alice.patient_id,
            provider_id=bob.provider_id,
        )


def test_a_second_export_of_a_restored_journal_is_the_first_byte_for_byte(
    database: Database, cast: Cast
) -> None:
    write_a_whole_journal(database, cast)
    first = exported(database, cast.alice)
    put_back(database, cast.dan, first)
    assert exported(database, cast.dan) == first


def test_a_restored_journal_can_move_on_again(sqlite_database: Database, sqlite_cast: Cast) -> None:
    write_a_whole_journal(sqlite_database, sqlite_cast)
    first = exported(sqlite_database, sqlite_cast.alice)
    put_back(sqlite_database, sqlite_cast.dan, first)
    with sqlite_database.unit_of_work() as db:
        builders.check_in(db, sqlite_cast.dan, 7, at=LATER)
        refresh(db, sqlite_cast.dan.patient_id)
    second = json.loads(exported(sqlite_database, sqlite_cast.dan))
    assert len(second["check_ins"]) == len(json.loads(first)["check_ins"]) + 1


def test_a_hand_made_document_comes_out_as_it_went_in(sqlite_database: Database, sqlite_cast: Cast) -> None:
    content = write_document(documents.journal())
    put_back(sqlite_database, sqlite_cast.dan, content)
    assert exported(sqlite_database, sqlite_cast.dan) == content


def test_what_comes_back_counts_in_the_pages_as_before(sqlite_database: Database, sqlite_cast: Cast) -> None:
    write_a_whole_journal(sqlite_database, sqlite_cast)
    found = put_back(sqlite_database, sqlite_cast.dan, exported(sqlite_database, sqlite_cast.alice))
    assert found.counts == {
        "check_ins": 2,
        "treatment_sessions": 2,
        "courses": 1,
        "assessments": 1,
        "medications": 1,
        "key_moments": 1,
        "appointments": 2,
        "imports": 1,
    }
    alice, dan = sqlite_cast.alice.patient_id, sqlite_cast.dan.patient_id
    with sqlite_database.look() as db:
        for question in (
            lambda patient_id: check_in_rows.readings_for(db, patient_id, sight=WHOLE),
            lambda patient_id: sorted(activity_rows.activity_labels(db, patient_id).values()),
            lambda patient_id: treatments.given_dates(db, patient_id),
            lambda patient_id: reminder_pauses.pauses_of(db, patient_id),
            lambda patient_id: transfer_rows.imported_days(db, patient_id, date.min, date.max),
            lambda patient_id: [
                db.get_one(patients.PatientSummary, patient_id).tail,
                db.get_one(patients.PatientSummary, patient_id).session_dates,
            ],
        ):
            assert question(alice) == question(dan) != []


def test_a_restored_reminder_is_planned_anew(sqlite_database: Database, sqlite_cast: Cast) -> None:
    write_a_whole_journal(sqlite_database, sqlite_cast)
    put_back(sqlite_database, sqlite_cast.dan, exported(sqlite_database, sqlite_cast.alice))
    with sqlite_database.look() as db:
        asked = sa.select(ReminderQueue.next_due_at).where(ReminderQueue.slot.startswith("checkin:"))
        due = db.scalars(asked).all()
    # The first Sunday after the pause, and its follow-up before quiet hours begin.
    sunday, later = (datetime(2026, 4, 5, *at, tzinfo=UTC) for at in ((18, 0), (19, 45)))
    assert sorted(due) == [sunday, sunday, later, later]


def test_pauses_of_before_give_way_to_those_of_the_document(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    dan = sqlite_cast.dan.patient_id
    with sqlite_database.unit_of_work() as db:
        reminder_pauses.keep_pauses(db, dan, [Pause(date(2026, 3, 26), date(2026, 5, 1))])
    put_back(sqlite_database, sqlite_cast.dan, write_document(documents.journal()))
    with sqlite_database.look() as db:
        assert reminder_pauses.pauses_of(db, dan) == (
            Pause(date(2026, 1, 9), date(2026, 1, 12)),
            Pause(date(2026, 3, 26), date(2026, 4, 1)),
        )


def test_restoring_opens_nothing_to_anybody(sqlite_database: Database, sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    write_a_whole_journal(sqlite_database, cast)
    put_back(sqlite_database, cast.dan, exported(sqlite_database, cast.alice))
    with sqlite_database.look() as db:
        assert patients.readers_of(db, cast.dan.patient_id, now=LATER) == []
        assert patients.patient_visible_to(db, cast.bob.provider_id, cast.dan.public_id, now=LATER) is None


def test_a_late_replay_brings_no_deleted_check_in_back(sqlite_database: Database, sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    with sqlite_database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        sent = {"body": builders.body(2), "written": builders.written("key-of-the-phone"), "now": NOW}
        first = checkins.record_check_in(db, alice, **sent)
        checkins.delete_check_in(db, alice, check_in_id=first.check_in_id, now=NOW)
    put_back(sqlite_database, cast.dan, exported(sqlite_database, cast.alice))
    with sqlite_database.unit_of_work() as db:
        again = checkins.record_check_in(db, the_patient(db, cast.dan), **sent)
        assert again.outcome is checkins.Outcome.DELETED


def test_an_old_answer_is_no_new_flag_and_its_help_is_still_there(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    cast = sqlite_cast
    write_a_whole_journal(sqlite_database, cast)
    content = json.loads(exported(sqlite_database, cast.alice))
    for forgotten in ("help_shown_at", "right_now", "right_now_at"):
        content["assessments"][0][forgotten] = None
    with sqlite_database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.ASSESSMENTS)
    put_back(sqlite_database, cast.dan, json.dumps(content).encode())
    with sqlite_database.unit_of_work() as db:
        (record,) = [one for one in assessments.assessments_of(db, cast.dan.patient_id) if one.answers]
        shown = safety.make_sure(db, the_patient(db, cast.dan), record, actor_account_id=None, now=LATER)
        assert shown is not None
        assert safety_flags.open_since(db, cast.dan.patient_id) == []
        assert safety.standing(db, cast.dan.patient_id, record, now=LATER) is None


def test_the_calendar_goes_by_the_questionnaires_that_came_back(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    dan = sqlite_cast.dan
    with sqlite_database.unit_of_work() as db:
        assessment_dates.arrange(db, the_patient(db, dan), now=NOW)  # opens what nobody has answered yet
    answered = assessing.record("phq9", date(2026, 3, 28), assessing.of_total("phq9", 4))
    row = {name: getattr(answered, name) for name in documents.assessment() if hasattr(answered, name)}
    row["answers"] = [{"item": key, "answer": value} for key, value in answered.answers.items()]
    made = {**documents.journal(), "assessments": [documents.assessment(**row)], "assessment_plans": []}
    made["patient"] = {**made["patient"], "first_day": date(2026, 3, 1)}  # type: ignore[dict-item]
    put_back(sqlite_database, dan, write_document(made))
    with sqlite_database.look() as db:
        kept = assessments.assessments_of(db, dan.patient_id)
    assert [(one.instrument, one.due_on, one.completed_on) for one in kept] == [
        ("phq9", date(2026, 3, 28), date(2026, 3, 28)),
        ("phq8", date(2026, 4, 11), None),
        ("gad7", date(2026, 4, 11), None),
    ]


def test_what_a_clinic_chose_here_stays(sqlite_database: Database, sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    off = Choice("pcl5", is_enabled=False, cadence=PCL5, by_provider_id=cast.bob.provider_id)
    with sqlite_database.unit_of_work() as db:
        assessments.put_choice(db, cast.dan.patient_id, off, now=NOW)
    put_back(sqlite_database, cast.dan, write_document(documents.journal()))
    with sqlite_database.look() as db:
        kept = assessments.choices_of(db, cast.dan.patient_id)
    assert {code: (one.is_enabled, one.by_provider_id) for code, one in kept.items()} == {
        "pcl5": (False, cast.bob.provider_id)
    }


@pytest.mark.parametrize(
    "has",
    [
        "check-in", "deleted check-in", "session", "plan", "import", "restored journal", "medicine", "moment",
        "two-weekly answers", "questionnaire", "course", "intention",
    ],
)  # fmt: skip
def test_a_journal_with_something_in_it_is_refused_and_stays_as_it_is(
    sqlite_database: Database, sqlite_cast: Cast, has: str
) -> None:
    cast, content = sqlite_cast, write_document(documents.journal())
    with sqlite_database.unit_of_work() as db:
        dan = the_patient(db, cast.dan)
        if "check-in" in has:
            made = builders.check_in(db, cast.dan, 5)
        if has == "deleted check-in":
            checkins.delete_check_in(db, dan, check_in_id=made.public_id, now=NOW)
        if has == "session":
            builders.treatment(db, cast.dan, date(2026, 3, 5))
        if has == "plan":
            write_a_plan(db, cast.dan)
        if has == "import":
            transfers.bring_in_daylio(
                db, dan, DAYLIO, filename="d.csv", actor_account_id=cast.dan.account_id, now=NOW
            )
        if has == "medicine":
            builders.medicine(db, cast.dan)
        if has == "moment":
            builders.moment(db, cast.dan, date(2026, 3, 5))
        if has == "two-weekly answers":
            builders.long_term_check(db, cast.dan, date(2026, 3, 5))
        if has == "questionnaire":
            flagging.saved(db, cast.dan, {"1": 0})
        if has == "course":
            courses.add_course(db, dan.id, phase=Phase.PLANNED, now=NOW, by_account_id=cast.dan.account_id)
        if has == "intention":
            planned = builders.treatment(db, cast.dan, date(2026, 4, 9), by=cast.bob, status=Status.PLANNED)
            treatment_records.write_changes(
                db,
                dan.id,
                planned.public_id,
                before=TreatmentRecord(),
                after=TreatmentRecord(intention="to let go"),
            )
        if has == "restored journal":
            restoring.restore(
                db,
                dan,
                write_document({**documents.journal(), "check_ins": [], "submissions": [], "imports": []}),
                actor_account_id=None,
                now=NOW,
            )
    before = everything(sqlite_database)
    with pytest.raises(Refused) as caught:
        put_back(sqlite_database, cast.dan, content)
    assert caught.value.code == "journal_not_empty"
    assert everything(sqlite_database) == before


def test_a_plan_that_was_emptied_is_no_reason_to_refuse(sqlite_database: Database, sqlite_cast: Cast) -> None:
    content = write_document(documents.journal())
    with sqlite_database.unit_of_work() as db:
        write_a_plan(db, sqlite_cast.dan)
        write_a_plan(db, sqlite_cast.dan, seen=1, signs="")
    put_back(sqlite_database, sqlite_cast.dan, content)
    with sqlite_database.look() as db:
        kept = support.plan_of(db, sqlite_cast.dan.patient_id)
    assert (kept.plan.signs, kept.plan.dial, kept.version) == ("Sleeping in my clothes", "+302101234567", 3)


def test_what_only_a_clinic_has_put_there_is_no_reason_to_refuse(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    cast = sqlite_cast
    with sqlite_database.unit_of_work() as db:
        courses.add_course(
            db, cast.dan.patient_id, phase=Phase.PLANNED, now=NOW, by_account_id=cast.bob.account_id
        )
        builders.medicine(db, cast.dan, by=cast.bob)
        builders.moment(db, cast.dan, date(2026, 3, 5), by=cast.bob)
        builders.treatment(db, cast.dan, date(2026, 4, 9), by=cast.bob, status=Status.PLANNED)
    put_back(sqlite_database, cast.dan, write_document(documents.journal()))
    with sqlite_database.look() as db:
        assert [one.local_date for one in treatments.treatments_of(db, cast.dan.patient_id)] == [
            date(2026, 4, 9),
            date(2026, 3, 5),
        ]


def reminder_with(**fields: object) -> dict[str, object]:
    return {"reminders": [{**documents.journal()["reminders"][0], "kind": "checkin", **fields}]}  # type: ignore[index]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"patient": {**documents.journal()["patient"], "display_name": "  "}}, "name_missing"),  # type: ignore[dict-item]
        (reminder_with(times=[]), "reminder_time_missing"),
        (reminder_with(quiet_from="19:00", quiet_until="21:00"), "reminder_time_in_quiet_hours"),
        (reminder_with(paused_until=date(9999, 12, 31)), "pause_day_out"),
    ],
)
def test_what_no_page_could_have_made_is_refused_whole(
    sqlite_database: Database, sqlite_cast: Cast, changes: dict[str, object], code: str
) -> None:
    before = everything(sqlite_database)
    with pytest.raises(Refused) as caught:
        put_back(sqlite_database, sqlite_cast.dan, write_document({**documents.journal(), **changes}))
    assert caught.value.code == code
    assert everything(sqlite_database) == before


# Any journal at all ------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)
instants = st.integers(1_577_836_800, 1_798_761_600).map(lambda second: datetime.fromtimestamp(second, UTC))
days = st.dates(date(2020, 1, 1), date(2027, 1, 1))
maybe = st.none
CHIPS = ("own-1", "own-2", "walk")


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, object]:
    mood = draw(maybe() | st.integers(0, 10))
    numbers = {
        name: draw(maybe() | st.integers(low, high))
        for name, (low, high) in NUMBERS.items()
        if name != "mood"
    }
    return documents.body(
        **numbers,
        mood=mood,
        unsure=mood is None,
        local_date=draw(days),
        bed_time=draw(
            maybe() | st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
        ),
        activity_type=draw(st.lists(st.sampled_from(CHIPS), unique=True)),
        meaningful=draw(maybe() | st.booleans()),
        note=draw(words),
        tags=draw(st.lists(words.filter(bool), max_size=3)),
        other_substances=draw(words),
        meds_taken=draw(st.sampled_from(["yes", "partly", "no", "na", None])),
        note_shared=draw(st.booleans()),
    )


@st.composite
def records(draw: st.DrawFn) -> dict[str, object]:
    dose = draw(maybe() | st.decimals("0.001", "99999.999", places=3))
    readings = st.builds(
        documents.measured,
        st.sampled_from(["pre", "peak", "discharge"]),
        hr=maybe() | st.integers(30, 220),
        t_min=maybe() | st.integers(-240, 600),
    )
    return documents.record(
        dose_value=dose,
        dose_unit=None if dose is None else draw(st.sampled_from(["mg", "mg/kg"])),
        weight_kg=draw(maybe() | st.decimals(25, 300, places=1)),
        ended_at=draw(maybe() | instants),
        vitals=draw(st.lists(readings, max_size=3)),
        checklist=draw(st.lists(st.sampled_from(["ride", "fast", "Zq1"]), unique=True)),
        experience_words=draw(st.lists(st.sampled_from(["sad", "moved", "floating"]), unique=True)),
        meds_today=draw(st.sets(st.sampled_from(["stimulant", "maoi"]))),
        escort=draw(maybe() | st.booleans()),
        intention=draw(words),
        intention_shared=draw(st.booleans()),
        small_step=draw(words),
        escort_name=draw(words),
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> dict[str, object]:
    """One that was completed, missed or begun; of a program that knows others, or other versions, than this one."""
    completed = {
        "completed_at": draw(instants),
        "completed_on": draw(days),
        "scored_as": "other",
        "total": draw(maybe() | st.integers(0, 80)),
    }
    nothing = dict.fromkeys(completed)
    state = draw(
        st.sampled_from(
            [
                completed,
                {**nothing, "expired_at": draw(instants)},
                {**nothing, "due_on": date(2026, 3, 29)},
            ]
        )
    )
    return documents.assessment(
        **{
            "instrument": draw(st.sampled_from(["phq9", "gad7", "other", "another"])),
            "version": 77,
            "due_on": draw(days),
            "overlaps_session": draw(st.booleans()),
            "answers": [
                {"item": key, "answer": draw(st.just("declined") | st.integers(0, 9))}
                for key in sorted(draw(st.sets(st.sampled_from(["1", "2", "9", "10"]))), key=int)
            ],
            **state,
        }
    )


@st.composite
def journals(draw: st.DrawFn) -> dict[str, object]:
    keys = draw(st.lists(st.uuids().map(str), max_size=5, unique=True))
    check_ins = [
        documents.check_in(
            **draw(bodies()),
            client_key=key,
            recall="day",
            felt_at=None,
            recorded_at=draw(instants),
            received_at=draw(instants),
            edited_at=draw(maybe() | instants),
            clock_skew_s=draw(maybe() | st.integers(-(10**9), 10**9)),
            version=draw(st.integers(1, 9)),
            versions=[
                {
                    "version": draw(st.integers(0, 9)),
                    "why": draw(st.sampled_from(["edit", "conflict"])),
                    "device": draw(words),
                    "recall": "day",
                    "felt_at": draw(maybe() | instants),
                    "recorded_at": draw(instants),
                    "received_at": draw(instants),
                    "edited_at": draw(maybe() | instants),
                    "clock_skew_s": draw(maybe() | st.integers(-9, 9)),
                    "utc_offset_min": draw(st.integers(-720, 840)),
                    "replaced_at": draw(instants),
                    "body": draw(bodies()),
                }
                for _ in range(draw(st.integers(0, 2)))
            ],
        )
        for key in keys
    ]
    deleted = draw(st.lists(st.uuids().map(str), max_size=2, unique=True))
    courses = [
        {
            **documents.journal()["courses"][0],
            "id": f"c{n}",
            "indication": draw(words),
            "created_at": draw(instants),
            "notes": draw(words),
            "drug": draw(st.sampled_from(Drug)).value,
            "phases": [
                documents.phase(
                    draw(st.sampled_from(Phase)).value,
                    local_date=draw(days),
                    **draw(st.sampled_from([{"own": True}, {"recorded_by": "Bob"}, {}])),
                )
                for _ in range(draw(st.integers(1, 3)))
            ],
        }  # type: ignore[index]
        for n in range(draw(st.integers(0, 3)))
    ]
    entries = [
        {
            **documents.journal()["imports"][0]["entries"][0],  # type: ignore[index]
            "fingerprint": fingerprint,
            "label": draw(words),
            "note": draw(words),
            "value": draw(maybe() | st.floats(1, 5)),
            "activities": draw(st.lists(words.filter(bool), max_size=2)),
            "at": draw(maybe() | st.just("09:03")),
        }
        for fingerprint in draw(
            st.lists(st.integers(0, 2**60).map(lambda n: f"{n:064x}"), max_size=4, unique=True)
        )
    ]
    return {
        "patient": {
            "display_name": draw(words.filter(lambda name: name.strip())),
            "zone": draw(st.sampled_from(["Europe/Athens", "America/New_York", "UTC"])),
            "region": "",
            "first_day": draw(days),
            "preferences": draw(
                st.dictionaries(words, st.booleans() | words | st.integers(-9, 9), max_size=3)
            ),
        },
        "activity_chips": [
            {
                "id": one,
                "preset": one if one in CHIP_PRESETS else None,
                "label": "x" + draw(words),
                "shared": draw(st.booleans()),
                "hidden_at": draw(maybe() | instants),
                "position": draw(st.integers(0, 3)),
            }
            for one in CHIPS
        ],
        "check_ins": check_ins,
        "submissions": [
            *(documents.submission(key, received_at=draw(instants)) for key in keys),
            *(documents.submission(key, deleted_at=draw(instants)) for key in deleted),
        ],
        "courses": courses,
        "treatment_sessions": [
            {
                **documents.journal()["treatment_sessions"][0],  # type: ignore[index]
                "course": draw(st.sampled_from([None, *(one["id"] for one in courses)])),
                "local_date": draw(days),
                "note": draw(words),
                "recorded_by": draw(maybe() | words),
                **draw(records()),
                "side_effects": [
                    documents.side_effect(
                        draw(st.sampled_from(["nausea", "fainting", "blood_in_urine"])),
                        severity=draw(st.integers(0, 3)),
                        onset=draw(days),
                        resolved_at=draw(maybe() | instants),
                        recorded_by=draw(maybe() | words.filter(bool)),
                    )
                    for _ in range(draw(st.integers(0, 2)))
                ],
            }
            for _ in range(draw(st.integers(0, 3)))
        ],
        "medications": [
            {
                **documents.journal()["medications"][0],  # type: ignore[index]
                "name": "x" + draw(words),
                "dose": draw(words),
                "note": draw(words),
                "recorded_by": draw(maybe() | words.filter(bool)),
                "ended_on": draw(maybe() | days),
            }
            for _ in range(draw(st.integers(0, 2)))
        ],
        "key_moments": [
            {
                **documents.journal()["key_moments"][0],
                "label": "x" + draw(words),
                "shared": draw(st.booleans()),
            }  # type: ignore[index]
            for _ in range(draw(st.integers(0, 2)))
        ],
        "long_term_checks": [
            {
                **documents.journal()["long_term_checks"][0],  # type: ignore[index]
                "local_date": on,
                "memory_trouble": draw(maybe() | st.integers(0, 3)),
            }
            for on in draw(st.lists(days, max_size=3, unique=True))
        ],
        "assessments": draw(st.lists(questionnaires(), max_size=3, unique_by=lambda one: one["instrument"])),
        "assessment_plans": draw(st.sampled_from([[], documents.journal()["assessment_plans"]])),
        "appointments": [
            {
                **documents.journal()["appointments"][0],
                "provider": draw(maybe() | words),
                "starts_at": draw(instants),
            }  # type: ignore[index]
            for _ in range(draw(st.integers(0, 3)))
        ],
        "topics": [
            {
                "provider": draw(maybe() | words.filter(bool)),
                "position": draw(st.integers(1, 3)),
                "text": "x" + draw(words),
                "written_at": draw(instants),
            }
            for _ in range(draw(st.integers(0, 3)))
        ],
        "coping_plan": [
            {**documents.journal()["coping_plan"][0], "signs": "x" + draw(words), "alone": draw(words)}  # type: ignore[index]
            for _ in range(draw(st.integers(0, 1)))
        ],
        "reminders": draw(st.sampled_from([[], documents.journal()["reminders"]])),
        "reminder_pauses": draw(st.sampled_from([[], documents.journal()["reminder_pauses"]])),
        "consents": draw(st.sampled_from([[], documents.journal()["consents"]])),
        "access_log": draw(st.sampled_from([[], documents.journal()["access_log"]])),
        "imports": [{**documents.journal()["imports"][0], "entries": entries, "file_name": draw(words)}],  # type: ignore[index]
    }


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=journals())
def test_any_journal_comes_out_as_it_went_in(
    sqlite_database: Database, sqlite_cast: Cast, made: dict[str, object]
) -> None:
    content = write_document(made)
    with sqlite_database.unit_of_work() as db:
        db.begin_nested()  # each example begins from the same empty journal
        dan = the_patient(db, sqlite_cast.dan)
        restoring.restore(db, dan, content, actor_account_id=None, now=NOW)
        assert write_document(transfers.take_out(db, dan, actor_account_id=None, now=NOW)) == content
        db.rollback()
