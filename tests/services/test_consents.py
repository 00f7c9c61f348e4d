"""Inviting, accepting, changing and ending, on both databases; and long random histories against a plain model."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.consents import LASTS, Scope, Sight
from journal.domain.errors import NotFound, Refused
from journal.domain.treatments import Phase, PresetId, Source, Status
from journal.services import accounts as people
from journal.services import consents as acts
from journal.services.consents import Issued
from journal.storage import accounts, audit, consents, courses, patients, treatments
from journal.storage.consents import Draft, Invitation
from journal.storage.database import Database
from tests.builders import the_patient, treatment
from tests.cast import EVERY_SCOPE, NOW, ZONE, Cast, Person
from tests.thorough import STEPS_OF_CONSENT

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
TWO = frozenset({Scope.SCORES, Scope.SESSIONS})
COURSE = Draft(
    label="J. M.",
    phase=Phase.INDUCTION,
    indication="low mood",
    planned_sessions=6,
    first_session=date(2026, 4, 6),
)


def invited(database: Database, cast: Cast, *, email: str = "", draft: Draft = COURSE) -> Issued:
    with database.unit_of_work() as db:
        return acts.invite(
            db,
            cast.carol.provider_id,
            email=email,
            draft=draft,
            actor_account_id=cast.carol.account_id,
            now=NOW,
        )


def accept(
    database: Database, secret: str, person: Person, *, scopes: frozenset[Scope] = TWO, now: datetime = NOW
) -> None:
    with database.unit_of_work() as db:
        acts.accept(db, secret, the_patient(db, person), scopes=scopes, visible_from=None, now=now)


def sight(database: Database, reader: Person, patient: Person, *, now: datetime = NOW) -> Sight | None:
    with database.look() as db:
        found = patients.patient_visible_to(db, reader.provider_id, patient.public_id, now=now)
    return None if found is None else found[1]


def consent_of(database: Database, patient: Person, reader: Person) -> str:
    with database.look() as db:
        circles = consents.circles_of(db, patient.patient_id)
    return next(one.consent.public_id for one in circles if one.provider_id == reader.provider_id)


def change(
    database: Database,
    patient: Person,
    reader: Person,
    scopes: frozenset[Scope],
    *,
    visible_from: date | None = None,
    now: datetime = NOW,
) -> None:
    consent = consent_of(database, patient, reader)
    with database.unit_of_work() as db:
        acts.change(db, the_patient(db, patient), consent, scopes=scopes, visible_from=visible_from, now=now)


def stop(database: Database, patient: Person, reader: Person, *, now: datetime = NOW) -> None:
    consent = consent_of(database, patient, reader)
    with database.unit_of_work() as db:
        acts.stop(db, the_patient(db, patient), consent, now=now)


def log(database: Database, patient: Person) -> list[str]:
    with database.look() as db:
        return [one.act.value for one in audit.log_of(db, patient.patient_id, limit=100, offset=0)]


# Inviting


def test_a_code_for_paper_has_a_hundred_and_thirty_bits_and_a_link_more(
    database: Database, cast: Cast
) -> None:
    assert len(invited(database, cast).secret.replace("-", "")) == 27
    assert len(invited(database, cast, email="new@example.org").secret) == 43


def test_until_it_is_accepted_the_provider_sees_nothing(database: Database, cast: Cast) -> None:
    invited(database, cast, email="alice@example.org")
    assert sight(database, cast.carol, cast.alice) is None


def test_contact_and_draft_are_sealed(database: Database, cast: Cast) -> None:
    invited(database, cast, email="new@example.org")
    with database.look() as db:
        row = db.scalars(sa.select(Invitation)).one()
    assert row.contact is not None
    assert row.draft is not None
    assert b"new@example.org" not in row.contact
    assert b"low mood" not in row.draft
    assert b"2026" not in row.draft


def test_an_invitation_is_nobody_elses(database: Database, cast: Cast) -> None:
    issued = invited(database, cast)
    for act in (acts.invite_again, acts.withdraw):
        more = {"actor_account_id": cast.bob.account_id} if act is acts.invite_again else {}
        with pytest.raises(NotFound), database.unit_of_work() as db:
            act(db, cast.bob.provider_id, issued.public_id, now=NOW, **more)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft(label="x" * 121), "text_too_long"),
        (Draft(phase=Phase.INDUCTION, planned_sessions=61), "out_of_range"),
        (Draft(phase=Phase.INDUCTION, first_session=date(2026, 3, 29)), "day_past"),
        (Draft(phase=Phase.INDUCTION, first_session=date(2029, 3, 29)), "day_out_of_reach"),
        (Draft(phase=Phase.ENDED), "not_a_choice"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(database: Database, cast: Cast, draft: Draft, code: str) -> None:
    with pytest.raises(Refused, match=code):
        invited(database, cast, draft=draft)


def test_sending_again_kills_the_former_secret_and_gives_three_days(database: Database, cast: Cast) -> None:
    first = invited(database, cast, email="new@example.org")
    later = NOW + 100 * HOUR
    with database.unit_of_work() as db:
        second = acts.invite_again(
            db, cast.carol.provider_id, first.public_id, actor_account_id=cast.carol.account_id, now=later
        )
    assert second.to == "new@example.org"
    with database.look() as db:
        assert acts.open_invitation(db, first.secret, now=later) is None
        assert acts.open_invitation(db, second.secret, now=later + 72 * HOUR - SECOND) is not None
        assert acts.open_invitation(db, second.secret, now=later + 72 * HOUR) is None


def test_a_withdrawn_invitation_is_over_and_forgets_whom_it_was_for(database: Database, cast: Cast) -> None:
    issued = invited(database, cast, email="new@example.org")
    with database.unit_of_work() as db:
        acts.withdraw(db, cast.carol.provider_id, issued.public_id, now=NOW)
    with pytest.raises(Refused, match="invitation_over"):
        accept(database, issued.secret, cast.dan)
    with database.look() as db:
        found = consents.invitation_of(db, cast.carol.provider_id, issued.public_id)
    assert found is not None
    assert (found.contact, found.draft) == ("", Draft())


def test_a_provider_who_leaves_takes_their_invitations_along(database: Database, cast: Cast) -> None:
    issued = invited(database, cast)
    with database.unit_of_work() as db:
        people.disable(db, cast.carol.account_id, actor_account_id=cast.erin.account_id, now=NOW)
    with pytest.raises(Refused, match="invitation_over"):
        accept(database, issued.secret, cast.dan)


# Accepting


def test_accepting_opens_exactly_what_was_chosen_for_a_year(database: Database, cast: Cast) -> None:
    accept(database, invited(database, cast).secret, cast.dan)
    assert sight(database, cast.carol, cast.dan) == Sight(scopes=TWO, visible_from=None)
    assert sight(database, cast.carol, cast.dan, now=NOW + LASTS - SECOND) is not None
    assert sight(database, cast.carol, cast.dan, now=NOW + LASTS) is None
    assert "consent_granted" in log(database, cast.dan)


def test_accepting_leaves_the_other_circles_alone(database: Database, cast: Cast) -> None:
    accept(database, invited(database, cast).secret, cast.alice)
    assert sight(database, cast.frank, cast.alice) == Sight(frozenset({Scope.SCORES}), None)
    assert sight(database, cast.bob, cast.alice) == Sight(EVERY_SCOPE, None)


def test_the_course_begins_as_it_was_noted(database: Database, cast: Cast) -> None:
    accept(database, invited(database, cast).secret, cast.dan)
    with database.look() as db:
        course = courses.present_course(db, cast.dan.patient_id)
        (planned,) = treatments.treatments_of(db, cast.dan.patient_id)
    assert course is not None
    assert (course.phase, course.indication, course.planned_sessions) == (Phase.INDUCTION, "low mood", 6)
    assert (planned.local_date, planned.status) == (date(2026, 4, 6), Status.PLANNED)
    assert (planned.source, planned.by_provider_id) == (Source.CLINICIAN, cast.carol.provider_id)


def test_a_schedule_that_was_noted_is_laid_out(database: Database, cast: Cast) -> None:
    draft = Draft(phase=Phase.INDUCTION, preset_id=PresetId.IV_4X_2WK, first_session=date(2026, 4, 6))
    accept(database, invited(database, cast, draft=draft).secret, cast.dan)
    with database.look() as db:
        course = courses.present_course(db, cast.dan.patient_id)
        planned = treatments.treatments_of(db, cast.dan.patient_id)
    assert course is not None
    assert (course.preset_id, course.default_route, course.planned_sessions) == ("iv_4x_2wk", "iv", 4)
    assert sorted(one.local_date.isoformat() for one in planned) == [
        "2026-04-06",
        "2026-04-09",
        "2026-04-13",
        "2026-04-16",
    ]


def test_without_the_scope_for_sessions_nothing_is_written_by_the_provider(
    database: Database, cast: Cast
) -> None:
    accept(database, invited(database, cast).secret, cast.dan, scopes=frozenset({Scope.SCORES}))
    with database.look() as db:
        assert courses.present_course(db, cast.dan.patient_id) is None
        assert treatments.treatments_of(db, cast.dan.patient_id) == []


def test_a_course_that_runs_is_not_begun_again(database: Database, cast: Cast) -> None:
    accept(database, invited(database, cast).secret, cast.dan)
    accept(database, invited(database, cast, draft=Draft(phase=Phase.MAINTENANCE)).secret, cast.dan)
    with database.look() as db:
        course = courses.present_course(db, cast.dan.patient_id)
        assert len(treatments.treatments_of(db, cast.dan.patient_id)) == 1
    assert course is not None
    assert course.phase is Phase.INDUCTION


def test_a_first_session_that_has_gone_by_is_not_planned(database: Database, cast: Cast) -> None:
    draft = Draft(phase=Phase.INDUCTION, first_session=date(2026, 3, 30))
    issued = invited(database, cast, draft=draft)
    accept(database, issued.secret, cast.dan, now=NOW + 48 * HOUR)
    with database.look() as db:
        assert treatments.treatments_of(db, cast.dan.patient_id) == []


def test_an_invitation_is_accepted_once(database: Database, cast: Cast) -> None:
    secret = invited(database, cast).secret
    accept(database, secret, cast.dan)
    with pytest.raises(Refused, match="invitation_over"):
        accept(database, secret, cast.alice)
    assert sight(database, cast.carol, cast.alice) is None


def test_of_two_who_accept_at_once_one_does(database: Database, cast: Cast) -> None:
    secret = invited(database, cast).secret

    def try_it(person: Person) -> bool:
        try:
            accept(database, secret, person)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(try_it, [cast.alice, cast.dan]))
    assert sorted(results) == [False, True]
    opened = [sight(database, cast.carol, person) is not None for person in (cast.alice, cast.dan)]
    assert opened == results


def test_accepting_with_everything_off_changes_nothing(database: Database, cast: Cast) -> None:
    secret = invited(database, cast).secret
    with pytest.raises(Refused, match="no_scope"):
        accept(database, secret, cast.dan, scopes=frozenset())
    accept(database, secret, cast.dan)


def test_a_newcomer_begins_with_account_journal_and_consent(database: Database, cast: Cast) -> None:
    issued = invited(database, cast, email="nova@example.org")
    with database.unit_of_work() as db:
        entered = acts.accept_as_newcomer(
            db,
            issued.secret,
            "nova@example.org",
            display_name="Nova",
            zone=ZONE,
            password="",
            scopes=TWO,
            from_today=True,
            remember=True,
            now=NOW,
        )
    assert entered.is_remembered
    with database.look() as db:
        account = accounts.account_by_email(db, "nova@example.org")
        assert account is not None
        patient = patients.patient_of_account(db, account.id)
        assert patient is not None
        found = patients.patient_visible_to(db, cast.carol.provider_id, patient.public_id, now=NOW)
    assert found is not None
    assert found[1] == Sight(TWO, date(2026, 3, 30))


# Changing and stopping


def test_a_change_counts_at_once_and_keeps_the_past(database: Database, cast: Cast) -> None:
    change(database, cast.alice, cast.bob, frozenset({Scope.NOTES}), visible_from=date(2026, 3, 30))
    assert sight(database, cast.bob, cast.alice) == Sight(frozenset({Scope.NOTES}), date(2026, 3, 30))
    with database.look() as db:
        rows = db.scalars(
            sa.select(consents.Consent)
            .where(consents.Consent.provider_id == cast.bob.provider_id)
            .order_by(consents.Consent.id)
        ).all()
    assert [row.ended_at for row in rows] == [NOW, None]
    assert log(database, cast.alice)[0] == "consent_changed"


def test_saving_the_same_on_the_same_day_writes_nothing(database: Database, cast: Cast) -> None:
    change(database, cast.alice, cast.bob, EVERY_SCOPE)
    assert log(database, cast.alice) == []


def test_saving_the_same_later_renews_it_for_a_year(database: Database, cast: Cast) -> None:
    later = NOW + timedelta(days=300)
    change(database, cast.alice, cast.bob, EVERY_SCOPE, now=later)
    assert sight(database, cast.bob, cast.alice, now=later + LASTS - SECOND) is not None


def test_stopping_counts_at_once_and_says_so_once(database: Database, cast: Cast) -> None:
    stop(database, cast.alice, cast.bob)
    stop(database, cast.alice, cast.bob)
    assert sight(database, cast.bob, cast.alice) is None
    assert sight(database, cast.frank, cast.alice) is not None
    assert log(database, cast.alice) == ["consent_ended"]


def test_what_was_stopped_can_be_shared_again(database: Database, cast: Cast) -> None:
    stop(database, cast.alice, cast.bob)
    change(database, cast.alice, cast.bob, TWO, now=NOW + HOUR)
    assert sight(database, cast.bob, cast.alice, now=NOW + HOUR) == Sight(TWO, None)
    assert log(database, cast.alice)[0] == "consent_granted"


def test_nobody_shares_with_somebody_who_has_left(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        people.disable(db, cast.bob.account_id, actor_account_id=None, now=NOW)
    with pytest.raises(Refused, match="reader_left"):
        change(database, cast.alice, cast.bob, TWO)


def test_another_patients_consent_cannot_be_touched(database: Database, cast: Cast) -> None:
    consent = consent_of(database, cast.alice, cast.bob)
    with database.unit_of_work() as db:
        dan = the_patient(db, cast.dan)
        with pytest.raises(NotFound):
            acts.stop(db, dan, consent, now=NOW)
        with pytest.raises(NotFound):
            acts.change(db, dan, consent, scopes=TWO, visible_from=None, now=NOW)
    assert sight(database, cast.bob, cast.alice) is not None


def test_two_changes_at_once_leave_one_live_consent(database: Database, cast: Cast) -> None:
    consent = consent_of(database, cast.alice, cast.bob)

    def save(scopes: frozenset[Scope]) -> None:
        with database.unit_of_work() as db:
            acts.change(db, the_patient(db, cast.alice), consent, scopes=scopes, visible_from=None, now=NOW)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(save, [TWO, frozenset({Scope.NOTES})] * 4))
    with database.look() as db:
        live = db.scalar(
            sa.select(sa.func.count()).where(
                consents.Consent.provider_id == cast.bob.provider_id, consents.Consent.ended_at.is_(None)
            )
        )
    assert live == 1


def test_stopping_while_it_is_changed_leaves_nothing_open(database: Database, cast: Cast) -> None:
    consent = consent_of(database, cast.alice, cast.bob)
    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work() as db:
            alice = the_patient(db, cast.alice)
            acts.change(db, alice, consent, scopes=TWO, visible_from=None, now=NOW)
            stopping = thread.submit(stop, database, cast.alice, cast.bob)
            with pytest.raises(TimeoutError):
                stopping.result(timeout=0.3)  # it waits for the change, and then ends what the change began
        stopping.result(timeout=10)
    assert sight(database, cast.bob, cast.alice) is None


def test_stopping_waits_for_what_a_reader_has_begun(database: Database, cast: Cast) -> None:
    """Who was let in reads and writes within one transaction; the next one finds nothing."""
    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work() as db:
            assert patients.patient_visible_to(db, cast.bob.provider_id, cast.alice.public_id, now=NOW)
            stopping = thread.submit(stop, database, cast.alice, cast.bob)
            with pytest.raises(TimeoutError):
                stopping.result(timeout=0.3)
            treatment(db, cast.alice, date(2026, 3, 13), by=cast.bob)
        stopping.result(timeout=10)
    assert sight(database, cast.bob, cast.alice) is None


def test_a_page_from_before_a_stop_opens_nothing_again(database: Database, cast: Cast) -> None:
    consent = consent_of(database, cast.alice, cast.bob)
    stop(database, cast.alice, cast.bob)
    with database.unit_of_work() as db, pytest.raises(Refused, match="sharing_changed"):
        alice = the_patient(db, cast.alice)
        acts.change(db, alice, consent, scopes=EVERY_SCOPE, visible_from=None, now=NOW, again=False)
    assert sight(database, cast.bob, cast.alice) is None


def test_a_page_from_before_a_change_does_not_undo_it(database: Database, cast: Cast) -> None:
    consent = consent_of(database, cast.alice, cast.bob)
    change(database, cast.alice, cast.bob, TWO)
    with database.unit_of_work() as db, pytest.raises(Refused, match="sharing_changed"):
        alice = the_patient(db, cast.alice)
        acts.change(db, alice, consent, scopes=EVERY_SCOPE, visible_from=None, now=NOW, again=False)
    assert sight(database, cast.bob, cast.alice) == Sight(TWO, None)


def test_a_double_tap_on_saving_is_no_mistake(database: Database, cast: Cast) -> None:
    consent = consent_of(database, cast.alice, cast.bob)
    for _ in range(2):
        with database.unit_of_work() as db:
            alice = the_patient(db, cast.alice)
            acts.change(db, alice, consent, scopes=TWO, visible_from=None, now=NOW, again=False)
    assert log(database, cast.alice) == ["consent_changed"]


class Model:
    """What each reader may see, as plainly as it can be said."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[frozenset[Scope], date | None, datetime]] = {}

    def grant(self, reader: str, scopes: frozenset[Scope], visible_from: date | None, now: datetime) -> None:
        self.open[reader] = (scopes, visible_from, now + LASTS)

    def is_same_day(
        self, reader: str, scopes: frozenset[Scope], visible_from: date | None, now: datetime
    ) -> bool:
        held = self.open.get(reader)
        return (
            held is not None
            and held[:2] == (scopes, visible_from)
            and now - (held[2] - LASTS) < timedelta(days=1)
        )

    def sight(self, reader: str, now: datetime) -> Sight | None:
        held = self.open.get(reader)
        return None if held is None or now >= held[2] else Sight(held[0], held[1])


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.night)])
def test_random_steps_agree_with_the_model(database: Database, cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    readers = {"bob": cast.bob, "frank": cast.frank, "carol": cast.carol}
    model, now = Model(), NOW
    model.grant("bob", EVERY_SCOPE, None, NOW)
    model.grant("frank", frozenset({Scope.SCORES}), None, NOW)
    accept(database, invited(database, cast).secret, cast.alice)
    model.grant("carol", TWO, None, NOW)
    for step in range(STEPS_OF_CONSENT.now):
        name = dice.choice(sorted(readers))
        now += timedelta(days=dice.choice([0, 0, 1, 20, 200]), seconds=dice.randrange(1, 90))
        act = dice.choice(["change", "change", "stop", "wait"])
        if act == "change":
            scopes = frozenset(dice.sample(sorted(Scope), dice.randint(1, 5)))
            since = dice.choice([None, now.date()])
            change(database, cast.alice, readers[name], scopes, visible_from=since, now=now)
            if not model.is_same_day(name, scopes, since, now):
                model.grant(name, scopes, since, now)
        elif act == "stop":
            stop(database, cast.alice, readers[name], now=now)
            model.open.pop(name, None)
        for other, reader in readers.items():
            seen = sight(database, reader, cast.alice, now=now)
            assert seen == model.sight(other, now), (
                f"seed {seed}, step {step}: {act} {name}, {other} sees otherwise"
            )
