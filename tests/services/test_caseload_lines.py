"""A caseload's line is never stale unseen: whatever happens, it says what is true now, or it is known to be behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from journal.domain.assessments import Answers
from journal.domain.attention import Kind, Shown
from journal.domain.caseloads import Why
from journal.domain.consents import SUGGESTED, Scope
from journal.domain.days import local_day
from journal.domain.errors import JournalError
from journal.domain.pauses import Pause
from journal.domain.provider_notes import ProviderNote
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.sparklines import Spark
from journal.domain.treatments import Phase, Status
from journal.services import courses as course_acts
from journal.services import reminders, safety, side_effects, treatments
from journal.services.attention import choose_shown
from journal.services.caseload_lines import lines_in, lines_now, rebuild_all, work_out
from journal.services.checkins import amend_check_in, delete_check_in
from journal.services.clinic_items import turn_on
from journal.services.patients import change_zone
from journal.storage import (
    assessments,
    attention,
    caseload_lines,
    checkins,
    courses,
    provider_notes,
    reminder_pauses,
    safety_flags,
    steady_days,
)
from journal.storage import side_effects as side_effect_rows
from journal.storage import treatments as treatment_rows
from journal.storage.base import new_public_id
from journal.storage.caseload_lines import Behind, CaseloadLine, KeptLine, Waiting
from journal.storage.clinic_items import TurnedOn
from journal.storage.database import Database
from journal.storage.patients import PatientSummary
from tests import assessing, builders, flagging, lists, reminding
from tests.builders import the_patient
from tests.cast import EVERY_SCOPE, NOW, ZONE, Cast, Person

DAY = timedelta(days=1)
TODAY = date(2026, 3, 30)


def kept(db: Session, cast: Cast, reader: Person | None = None) -> KeptLine:
    (one,) = of(db, cast, reader or cast.bob)
    found = caseload_lines.line_of(db, one.consent_id)
    assert found is not None
    return found


def of(db: Session, cast: Cast, reader: Person, *, now: datetime = NOW) -> list[Behind]:
    return caseload_lines.consent_between(db, cast.alice.patient_id, reader.provider_id, now=now)


def spark(line: KeptLine) -> Spark:
    assert line.facts is not None
    return Spark(*line.facts["month"]["spark"])  # type: ignore[index]


def texts(db: Session, cast: Cast, reader: Person) -> list[tuple[str, str]]:
    lines = lines_now(db, cast.alice.patient_id, reader.provider_id, now=NOW)
    return [(line.kind.value, line.what) for line in lines]


# What a line holds ---------------------------------------------------------------------------------------------------


def test_a_line_holds_what_its_consent_opens(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6, on=date(2026, 3, 28))
        builders.treatment(db, cast.alice, date(2026, 3, 13))
        assessing.add(
            db,
            cast.alice,
            assessing.record("phq9", date(2026, 3, 9), assessing.of_total("phq9", 19)),
            assessing.record("phq9", date(2026, 3, 23), assessing.of_total("phq9", 15)),
        )
    lists.keep(database)
    with database.look() as db:
        for_bob, for_frank = kept(db, cast), kept(db, cast, cast.frank)
    assert for_bob.facts["phq9"] == [15, -4, "2026-03-09"]
    assert (for_bob.phq9_change, for_bob.last_session_on, for_bob.silent_days) == (-4, date(2026, 3, 13), 2)
    assert for_frank.facts["phq9"] is None
    assert (for_frank.phq9_change, for_frank.last_session_on, for_frank.silent_days) == (None, None, 2)
    assert for_frank.facts["course"] is None
    assert (spark(for_bob).diamonds.count("M"), spark(for_frank).diamonds) == (1, "")
    assert spark(for_bob).line == spark(for_frank).line


def test_a_closed_scope_leaves_nothing_in_a_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6, note="n", note_shared=True, starred=True)
        builders.share(db, cast.alice, cast.bob, Scope.SESSIONS)
    lists.keep(database)
    with database.look() as db:
        line = kept(db, cast)
    assert (line.last_check_in_on, line.silent_days, line.why) == (None, None, Why.NOTHING)
    assert (line.facts["month"], line.facts["at"], line.facts["starred"]) == (None, None, 0)
    assert line.facts["lines"] == []


def test_paused_days_are_drawn_and_counted_nowhere(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for day in (20, 25, 28):
            builders.check_in(db, cast.alice, 6, on=date(2026, 3, day))
        the_patient(db, cast.alice).first_day = date(2026, 3, 1)
        paused = [Pause(date(2026, 3, 24), date(2026, 3, 26))]
        reminder_pauses.keep_pauses(db, cast.alice.patient_id, paused)
        builders.share(db, cast.alice, cast.bob, *SUGGESTED, visible_from=date(2026, 3, 21))
    lists.keep(database)
    with database.look() as db:
        month = kept(db, cast).facts["month"]
    assert (month["spark"][0].count("M"), month["logged"], month["eligible"]) == (2, 1, 7)


def test_days_before_the_first_visible_one_leave_nothing_in_a_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for day, mood in ((date(2026, 3, 20), 2), (date(2026, 3, 25), 7)):
            builders.check_in(db, cast.alice, mood, on=day)
            builders.treatment(db, cast.alice, day)
        builders.share(db, cast.alice, cast.bob, *SUGGESTED, visible_from=date(2026, 3, 21))
        builders.share(db, cast.alice, cast.frank, *SUGGESTED, visible_from=date(2026, 3, 26))
    lists.keep(database)
    with database.look() as db:
        for_bob, for_frank = kept(db, cast), kept(db, cast, cast.frank)
    assert (spark(for_bob).line, spark(for_bob).means) == ("M117.1 15.3h0", 1)
    assert spark(for_bob).diamonds.count("M") == 1
    assert (for_bob.facts["month"]["logged"], for_bob.facts["month"]["eligible"]) == (1, 6)
    assert (for_frank.last_check_in_on, for_frank.last_session_on) == (None, None)
    assert for_frank.facts["month"] == {"spark": None, "logged": 0, "eligible": 1}
    assert for_frank.silent_days == 1


def test_flags_and_side_effects_need_their_own_scopes(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        flagging.let_review(db, cast)
        flagging.answer(db, cast.alice, {**flagging.EIGHT, "9": 1})
        session = builders.treatment(db, cast.alice, TODAY - DAY)
        effect = SideEffect(session.public_id, SideEffectCode.FAINTING, Severity.MILD, TODAY)
        side_effects.report(db, the_patient(db, cast.alice), effect, now=NOW)
        assert texts(db, cast, cast.bob)[:2] == [("flag", "open"), ("watched", "fainting")]
        builders.share(db, cast.alice, cast.bob, Scope.SESSIONS)
        assert texts(db, cast, cast.bob) == [("watched", "fainting")]
        builders.share(db, cast.alice, cast.bob, Scope.ASSESSMENTS)
        assert texts(db, cast, cast.bob) == [("flag", "open")]
        builders.share(db, cast.alice, cast.bob, Scope.SCORES, Scope.NOTES)
        assert [kind for kind, _what in texts(db, cast, cast.bob)] == ["silence"]
        assert texts(db, cast, cast.carol) == []


def test_the_words_of_a_journal_are_in_no_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6, note="curlew", note_shared=True, starred=True)
        courses.add_course(
            db, cast.alice.patient_id, phase=Phase.MAINTENANCE, indication="heron", notes="plover", now=NOW
        )
        builders.medicine(db, cast.alice, "Sandpiperine")
    lists.keep(database)
    with database.look() as db:
        everything = str(db.execute(sa.text("SELECT * FROM caseload_line")).all())
    assert "2026-03-30" in everything
    assert not [word for word in ("curlew", "heron", "plover", "Sandpiperine") if word in everything]


# When it is behind ----------------------------------------------------------------------------------------------------


def test_a_line_is_good_until_the_first_midnight_of_either_side(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        the_patient(db, cast.alice).zone = "Asia/Tokyo"
    lists.keep(database)  # 20:00 in Berlin is 3:00 of the next day in Tokyo
    with database.look() as db:
        assert kept(db, cast).good_until == datetime.fromisoformat("2026-03-30T22:00+00:00")
    later = datetime.fromisoformat("2026-03-30T22:00+00:00")
    assert lists.keep(database, now=later) == 2
    with database.look() as db:
        assert kept(db, cast).good_until == datetime.fromisoformat("2026-03-31T15:00+00:00")


def test_a_feeling_that_lasts_for_a_day_makes_a_line_behind_at_that_hour(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        started = builders.treatment(db, cast.alice, TODAY - DAY, at=time(21, 0), now=NOW)
    lists.keep(database)
    with database.look() as db:
        assert started.started_at is not None
        lasts = started.started_at + DAY + timedelta(microseconds=1)
        assert kept(db, cast).good_until == lasts


def test_the_line_of_a_consent_that_ended_is_gone_at_once(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.bob, *EVERY_SCOPE)
        versions = sa.select(CaseloadLine.version).order_by(CaseloadLine.version)
        assert list(db.scalars(versions)) == [0, 1]  # that of the new consent, and Frank's
    assert lists.keep(database) == 1


def test_the_line_of_a_consent_that_ran_out_is_forgotten(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        assert caseload_lines.forget_lines(db, now=NOW) == 0
        assert caseload_lines.forget_lines(db, now=NOW + timedelta(days=400)) == 2


def test_rebuilding_works_everything_out_again(database: Database, cast: Cast) -> None:
    lists.keep(database)
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6)
        db.execute(sa.text("DELETE FROM patient_change"))  # as if nobody had noted it
        assert kept(db, cast).last_check_in_on is None
        assert rebuild_all(db, now=NOW) == 2
        assert kept(db, cast).last_check_in_on == TODAY


def test_a_line_that_cannot_be_worked_out_holds_up_nobody_else(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, *SUGGESTED)
        of_alice = sa.update(PatientSummary).where(PatientSummary.patient_id == cast.alice.patient_id)
        db.execute(of_alice.values(tail=["nothing of ours"]))
        waiting = caseload_lines.lines_behind(db, now=NOW, most=10)
        of_dan = {one.consent_id for one in waiting.behind if one.patient.id == cast.dan.patient_id}
        caseload_lines.put_lines(db, work_out(db, waiting, now=NOW))
        still = lists.behind(db)
        assert (len(waiting.behind), len(of_dan)) == (3, 1)
        assert still == {one.consent_id for one in waiting.behind} - of_dan


Act = Callable[[Session, Cast, int, datetime], None]


def _record(db: Session, cast: Cast, number: int, now: datetime) -> None:
    mood = None if number % 7 == 0 else number % 11
    on = local_day(now, the_patient(db, cast.alice).zone) - number % 30 * DAY
    starred = number % 3 == 0
    builders.check_in(
        db, cast.alice, mood, at=now, on=on, note="n" if starred else "", note_shared=starred, starred=starred
    )


def _one_of(db: Session, cast: Cast, number: int) -> str | None:
    ids = db.scalars(
        sa.select(checkins.CheckIn.public_id).where(checkins.CheckIn.patient_id == cast.alice.patient_id)
    ).all()
    return ids[number % len(ids)] if ids else None


def _amend(db: Session, cast: Cast, number: int, now: datetime) -> None:
    found = _one_of(db, cast, number)
    if found:
        before = checkins.check_in_of(db, cast.alice.patient_id, found)
        assert before is not None
        amend_check_in(
            db,
            the_patient(db, cast.alice),
            check_in_id=found,
            seen_version=before.version,
            body=replace(before.body, mood=number % 11, unsure=False, starred=number % 2 == 0),
            recorded_at=now,
            now=now,
        )


def _delete(db: Session, cast: Cast, number: int, now: datetime) -> None:
    found = _one_of(db, cast, number)
    if found:
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=found, now=now)


def _session(db: Session, cast: Cast, number: int, now: datetime) -> None:
    on = local_day(now, ZONE) - number % 40 * DAY
    builders.treatment(db, cast.alice, on, status=Status.COMPLETED if number % 4 else Status.MISSED, now=now)


def _unsession(db: Session, cast: Cast, number: int, now: datetime) -> None:
    found = treatment_rows.treatments_of(db, cast.alice.patient_id)
    if found:
        treatments.remove_treatment(
            db,
            the_patient(db, cast.alice),
            found[number % len(found)].public_id,
            actor_account_id=cast.alice.account_id,
            now=now,
        )


def _phase(db: Session, cast: Cast, number: int, now: datetime) -> None:
    if courses.present_course(db, cast.alice.patient_id) is None:
        courses.add_course(db, cast.alice.patient_id, phase=Phase.INDUCTION, planned_sessions=6, now=now)
        return
    to = list(Phase)[number % len(Phase)]
    course_acts.change_phase(
        db,
        the_patient(db, cast.alice),
        to,
        on=local_day(now, ZONE),
        by=builders.writer(cast.alice, cast.bob),
        now=now,
    )


def _medicine(db: Session, cast: Cast, number: int, now: datetime) -> None:
    builders.medicine(db, cast.alice, f"M{number}", since=local_day(now, ZONE) - number % 9 * DAY, now=now)


def _effect(db: Session, cast: Cast, number: int, now: datetime) -> None:
    found = treatment_rows.treatments_of(db, cast.alice.patient_id)
    patient = the_patient(db, cast.alice)
    for one in side_effect_rows.open_side_effects_of(db, cast.alice.patient_id):
        if number % 2:
            side_effects.close(db, patient, one.public_id, now=now)
            return
    if found:
        code = SideEffectCode.FAINTING if number % 3 else SideEffectCode.NAUSEA
        said = SideEffect(found[0].public_id, code, Severity(1 + number % 3), found[0].local_date)
        side_effects.report(db, patient, said, now=now)


def _check_up(db: Session, cast: Cast, number: int, now: datetime) -> None:
    builders.long_term_check(
        db, cast.alice, local_day(now, ZONE) - number % 20 * DAY, blood_in_urine=number % 3, memory_trouble=2
    )


def _questionnaire(db: Session, cast: Cast, number: int, now: datetime) -> None:
    on = local_day(now, ZONE) - number % 60 * DAY
    record = assessing.record("phq9", on, assessing.of_total("phq9", number % 20))
    assessing.add(db, cast.alice, record)


def _flag(db: Session, cast: Cast, number: int, now: datetime) -> None:
    waiting = [
        seen for seen in safety_flags.flags_seen(db, cast.bob.provider_id, now=now) if seen.flag.is_open
    ]
    if waiting:
        safety.acknowledge(
            db,
            cast.bob.provider_id,
            waiting[0].flag.public_id,
            read=waiting[0].flag.concern.mark,
            note="Called",
            actor_account_id=cast.bob.account_id,
            now=now,
        )
    elif not assessments.waiting_of(db, cast.alice.patient_id):
        answers: Answers = {**flagging.EIGHT, "9": 1 + number % 3}
        flagging.answer(db, cast.alice, answers, at=now)


def _appointment(db: Session, cast: Cast, number: int, now: datetime) -> None:
    on = local_day(now, ZONE) + (number % 40 - 30) * DAY
    builders.appointment(db, cast.alice, on, with_=cast.bob, now=now)


def _consent(db: Session, cast: Cast, number: int, now: datetime) -> None:
    scopes = [scope for bit, scope in enumerate(Scope) if number >> bit & 1] or [Scope.SCORES]
    since = local_day(now, ZONE) - number * DAY if number % 2 else None
    builders.share(db, cast.alice, cast.bob, *scopes, visible_from=since, now=now)


def _pause(db: Session, cast: Cast, number: int, now: datetime) -> None:
    until = local_day(now, ZONE) + number % 9 * DAY
    rule = replace(reminding.rule("20:00"), paused_until=until if number % 3 else None)
    reminders.set_reminder(db, cast.alice.account_id, rule=rule, channels=["email"], now=now)


def _steady(db: Session, cast: Cast, number: int, now: datetime) -> None:
    course = courses.present_course(db, cast.alice.patient_id)
    if course is not None:
        last = local_day(now, ZONE) - number % 5 * DAY
        days = (last - 20 * DAY, last) if number % 3 else None
        steady_days.put_steady_days(
            db, cast.alice.patient_id, course.public_id, days, by_provider_id=cast.bob.provider_id, now=now
        )


def _zone(db: Session, cast: Cast, number: int, now: datetime) -> None:
    zones = ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles")
    change_zone(db, the_patient(db, cast.alice), zones[number % 3], now=now)


def _items(db: Session, cast: Cast, number: int, now: datetime) -> None:
    turn_on(
        db,
        the_patient(db, cast.alice),
        TurnedOn(detached=bool(number % 2), elevated=bool(number % 3)),
        provider_id=cast.bob.provider_id,
        actor_account_id=cast.bob.account_id,
        now=now,
    )


def _aside(db: Session, cast: Cast, number: int, now: datetime) -> None:
    kind = list(Kind)[1 + number % 4]
    until = local_day(now, ZONE) + (1 + number % 3) * DAY
    attention.put_aside(db, cast.bob.provider_id, cast.alice.patient_id, kind, until=until, now=now)


def _note(db: Session, cast: Cast, number: int, now: datetime) -> None:
    note = ProviderNote(
        new_public_id(), cast.bob.provider_id, "Look", True, local_day(now, ZONE) + number % 3 * DAY, now
    )
    provider_notes.add_note(db, cast.alice.patient_id, note, clinic_id=cast.clinic_id)


def _choose(db: Session, cast: Cast, number: int, now: datetime) -> None:
    present = attention.shown_at(db, cast.clinic_id)
    shown = Shown(watched=number % 2 > 0, silence=number % 3 > 0, silence_days=3 + number % 9)
    choose_shown(
        db,
        cast.clinic_id,
        shown,
        seen_version=present.version,
        actor_account_id=cast.bob.account_id,
        now=now,
    )


ACTS: tuple[Act, ...] = (
    _record, _amend, _delete, _session, _unsession, _phase, _medicine, _effect, _check_up, _questionnaire, _flag,
    _appointment, _consent, _pause, _steady, _zone, _items, _aside, _note, _choose,
)  # fmt: skip


def check_nothing_is_stale(db: Session, cast: Cast, *, now: datetime) -> None:
    behind = lists.behind(db, now=now)
    for reader in (cast.bob, cast.frank):
        for one in of(db, cast, reader, now=now):
            if one.consent_id not in behind:
                (fresh,) = work_out(db, Waiting([one], {}), now=now).lines
                found = caseload_lines.line_of(db, one.consent_id)
                assert found is not None
                assert found == replace(fresh, good_until=found.good_until, version=found.version)


def test_after_any_acts_every_line_is_true_or_known_to_be_behind(database: Database, cast: Cast) -> None:
    """One patient lives through all the examples; time goes on by up to two days between two acts."""
    clock = [NOW]
    reminding.ask_no_questionnaires(database, cast.alice)
    with database.unit_of_work() as db:
        flagging.let_review(db, cast)
        for back in range(40, 0, -1):
            builders.check_in(db, cast.alice, 7 - back % 3, at=NOW, on=TODAY - min(back, 30) * DAY)

    # Each example begins where the one before ended: a shorter one would be another life.
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Stage.generate])
    @given(
        st.lists(
            st.tuples(st.sampled_from(ACTS), st.integers(1, 31), st.integers(0, 48)), min_size=4, max_size=8
        )
    )
    def live(happens: list[tuple[Act, int, int]]) -> None:
        for act, number, hours in happens:
            lists.keep(database, now=clock[0])
            try:
                with database.unit_of_work() as db:
                    act(db, cast, number, clock[0])
            except JournalError:
                pass
            with database.unit_of_work() as db:
                check_nothing_is_stale(db, cast, now=clock[0])
                clock[0] += timedelta(hours=hours)
                check_nothing_is_stale(db, cast, now=clock[0])

    live()


@pytest.mark.parametrize("act", ACTS)
def test_each_act_that_changes_a_line_is_noticed_by_itself(database: Database, cast: Cast, act: Act) -> None:
    reminding.ask_no_questionnaires(database, cast.alice)
    with database.unit_of_work() as db:
        flagging.let_review(db, cast)
        courses.add_course(db, cast.alice.patient_id, phase=Phase.MAINTENANCE, now=NOW)
        builders.check_in(db, cast.alice, 6, note="n", note_shared=True, starred=True)
        builders.treatment(db, cast.alice, TODAY - 2 * DAY)
    lists.keep(database)
    with database.unit_of_work() as db:
        act(db, cast, 4, NOW)
        assert of(db, cast, cast.bob)[0].consent_id in lists.behind(db)


def test_a_change_that_nobody_noted_would_be_found(database: Database, cast: Cast) -> None:
    """The planted fault: what the property is worth."""
    lists.keep(database)
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6)
        db.execute(sa.text("DELETE FROM patient_change"))
        with pytest.raises(AssertionError):
            check_nothing_is_stale(db, cast, now=NOW)


def test_a_check_in_takes_no_statement_more(database: Database, cast: Cast) -> None:
    said: list[str] = []
    with database.unit_of_work() as db:
        the_patient(db, cast.alice)
        sa.event.listen(db.connection(), "before_cursor_execute", lambda *args: said.append(args[2]))
        builders.check_in(db, cast.alice, 6)
    assert not [one for one in said if "caseload_line" in one or "patient_change" in one]


def test_kept_lines_read_back_as_they_were_found(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6, on=TODAY - 12 * DAY, at=NOW - 12 * DAY)
        expected = lines_now(db, cast.alice.patient_id, cast.bob.provider_id, now=NOW)
    lists.keep(database)
    with database.look() as db:
        assert lines_in(kept(db, cast).facts) == expected
    assert [line.number for line in expected] == [12]
