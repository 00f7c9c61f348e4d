"""Mailed links and codes, passwords, first times and last ones: on both databases, and under two threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import argon2
import pytest
import sqlalchemy as sa

from journal.domain.access_limits import PASSWORD_MEMORY_KIB, PASSWORD_PASSES
from journal.domain.errors import Refused, RefusedFields
from journal.services import accounts as acts
from journal.services import passwords
from journal.services.accounts import Entered, Request
from journal.services.links import fingerprint
from journal.storage import accounts, staff
from journal.storage.accounts import OneTimeLink, Role
from journal.storage.audit import AuditEvent
from journal.storage.clinics import Kind
from journal.storage.database import Database
from tests.cast import NOW, PASSWORD, ZONE, Cast, Person, web_session

MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
BROWSER = "the browser of Alice"


def ask(database: Database, email: str, *, browser: str = BROWSER, now: datetime = NOW) -> Request:
    with database.unit_of_work() as db:
        return acts.ask_to_sign_in(db, email, browser=browser, now=now)


def by_link(database: Database, token: str, *, now: datetime = NOW, remember: bool = False) -> Entered | None:
    with database.unit_of_work() as db:
        return acts.sign_in_by_link(db, token, remember=remember, now=now)


def by_code(database: Database, code: str, *, browser: str = BROWSER, now: datetime = NOW) -> Entered | None:
    with database.unit_of_work() as db:
        return acts.sign_in_by_code(db, code, browser=browser, remember=False, now=now)


def by_password(database: Database, email: str, password: str, *, now: datetime = NOW) -> Entered | None:
    with database.look() as look:
        account = accounts.account_by_email(look, email)
    fits = acts.password_fits(account, password)
    with database.unit_of_work() as db:
        return acts.sign_in_by_password(db, account, password, is_right=fits, remember=False, now=now)


def is_in(database: Database, entered: Entered | None, *, now: datetime = NOW) -> bool:
    if entered is None:
        return False
    with database.look() as db:
        return accounts.signed_in(db, fingerprint(entered.token), now=now) is not None


def acts_written(database: Database) -> list[str]:
    with database.look() as db:
        return list(db.scalars(sa.select(AuditEvent.act).order_by(AuditEvent.id)))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


# Links and codes


def test_a_mailed_link_signs_in_once(database: Database, cast: Cast) -> None:
    request = ask(database, "Alice@Example.org")
    assert request.to == "alice@example.org"
    assert is_in(database, by_link(database, request.token))
    assert by_link(database, request.token) is None


def test_a_mailed_link_works_for_exactly_fifteen_minutes(database: Database, cast: Cast) -> None:
    late, in_time = (
        ask(database, "alice@example.org", browser="one"),
        ask(database, "alice@example.org", browser="two"),
    )
    assert by_link(database, in_time.token, now=NOW + 15 * MINUTE - SECOND) is not None
    assert by_link(database, late.token, now=NOW + 15 * MINUTE) is None


def test_looking_at_a_link_spends_nothing(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    with database.look() as db:
        for _ in range(3):
            found = accounts.account_of_link(
                db, fingerprint(request.token), accounts.Purpose.SIGN_IN, now=NOW
            )
            assert found is not None
    assert by_link(database, request.token) is not None


def test_a_button_pressed_twice_leaves_a_code_that_works(database: Database, cast: Cast) -> None:
    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as db:
            acts.ask_to_sign_in(db, "alice@example.org", browser=BROWSER, now=NOW)
            asked = pool.submit(ask, database, "alice@example.org")
            wait([asked], timeout=0.3)  # on SQLite it begins when this one has ended
        request = asked.result(timeout=10)
    assert by_code(database, wrong(request.code)) is None
    assert is_in(database, by_code(database, request.code))
    assert by_code(database, request.code) is None


def test_a_code_works_only_in_the_browser_that_asked(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    assert len(request.code) == 8
    assert by_code(database, request.code, browser="another browser") is None
    assert is_in(database, by_code(database, request.code))
    assert by_code(database, request.code) is None


def test_a_spent_code_spends_its_link(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    by_code(database, request.code)
    assert by_link(database, request.token) is None


def test_four_wrong_codes_leave_the_request_alive(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    for _ in range(4):
        assert by_code(database, wrong(request.code)) is None
    assert by_code(database, request.code) is not None


def test_five_wrong_codes_end_the_code_and_the_link(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    for _ in range(5):
        by_code(database, wrong(request.code))
    assert by_code(database, request.code) is None
    assert by_link(database, request.token) is None


def test_a_second_request_of_a_browser_ends_the_first(database: Database, cast: Cast) -> None:
    first = ask(database, "alice@example.org")
    second = ask(database, "alice@example.org")
    assert by_link(database, first.token) is None
    assert by_code(database, first.code) is None
    assert by_code(database, second.code) is not None


def test_a_request_for_an_address_nobody_has_ends_the_one_before_too(database: Database, cast: Cast) -> None:
    first = ask(database, "alice@example.org")
    assert ask(database, "nobody@example.org").to == ""
    assert by_code(database, first.code) is None


def test_another_browser_leaves_the_request_alone(database: Database, cast: Cast) -> None:
    first = ask(database, "alice@example.org")
    ask(database, "alice@example.org", browser="another browser")
    assert by_link(database, first.token) is not None


def test_neither_token_nor_code_is_stored(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    with database.look() as db:
        row = db.scalars(sa.select(OneTimeLink)).one()
    kept = {row.token_hash, row.code_hash, row.browser}
    assert not kept & {request.token, request.code, BROWSER, fingerprint(request.code)}


def test_a_link_for_one_purpose_opens_no_other_door(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        set_up = acts.make_set_up_link(db, cast.bob.account_id, now=NOW)
    signing_in = ask(database, "bob@example.org")
    assert by_link(database, set_up) is None
    with database.unit_of_work() as db:
        assert acts.set_up(db, signing_in.token, "mauve kettle drifting", now=NOW) is None


def in_two_threads(act: Callable[[], object], times: int = 12) -> list[object]:
    with ThreadPoolExecutor(2) as threads:
        return [future.result() for future in [threads.submit(act) for _ in range(times)]]


def test_of_many_who_press_a_link_at_once_one_gets_in(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    results = in_two_threads(lambda: by_link(database, request.token))
    assert sum(result is not None for result in results) == 1


def test_many_codes_at_once_are_still_counted_one_by_one(database: Database, cast: Cast) -> None:
    request = ask(database, "alice@example.org")
    in_two_threads(lambda: by_code(database, wrong(request.code)))
    with database.look() as db:
        assert db.scalars(sa.select(OneTimeLink.wrong_codes)).one() == 5
    assert by_code(database, request.code) is None


# Passwords


def test_the_right_password_signs_in(database: Database, cast: Cast) -> None:
    assert is_in(database, by_password(database, "alice@example.org", PASSWORD))
    assert acts_written(database)[-1] == "signed_in"


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"], ids=["somebody", "nobody"])
def test_a_wrong_password_is_refused_and_noted(database: Database, cast: Cast, email: str) -> None:
    assert by_password(database, email, "another quiet river") is None
    assert acts_written(database)[-1] == "sign_in_refused"


def test_more_characters_after_the_right_password_are_not_cut_off(database: Database, cast: Cast) -> None:
    longest = ("mauve kettle drifting over gravel, " * 4)[:128]
    with database.unit_of_work() as db:
        token = acts.make_set_up_link(db, cast.bob.account_id, now=NOW)
        acts.set_up(db, token, longest, now=NOW)
    assert by_password(database, "bob@example.org", longest) is not None
    assert by_password(database, "bob@example.org", longest + "!") is None
    assert by_password(database, "bob@example.org", longest[:72]) is None


def test_a_password_changed_meanwhile_does_not_sign_in(database: Database, cast: Cast) -> None:
    with database.look() as look:
        before = accounts.account_by_email(look, "alice@example.org")
    fits = acts.password_fits(before, PASSWORD)
    with database.unit_of_work() as db:
        accounts.set_password_hash(
            db, cast.alice.account_id, passwords.hash_password("mauve kettle drifting")
        )
    with database.unit_of_work() as db:
        assert acts.sign_in_by_password(db, before, PASSWORD, is_right=fits, remember=False, now=NOW) is None


def test_a_hash_is_made_anew_when_the_cost_was_raised(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", dearer)
    by_password(database, "alice@example.org", PASSWORD)
    with database.look() as db:
        account = accounts.account_by_email(db, "alice@example.org")
    assert account is not None
    assert account.password_hash is not None
    assert "m=16,t=2,p=1" in account.password_hash
    assert by_password(database, "alice@example.org", PASSWORD) is not None


def test_the_real_cost_is_what_the_standard_asks_for() -> None:
    assert (PASSWORD_MEMORY_KIB, PASSWORD_PASSES) == (47_104, 1)


def test_changing_the_password_signs_out_every_other_browser(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        elsewhere, here = web_session(db, cast.alice), web_session(db, cast.alice)
    link = ask(database, "alice@example.org")
    with database.unit_of_work() as db:
        entered = acts.change_password(
            db, cast.alice.account_id, "mauve kettle drifting", remember=True, now=NOW, instead_of=here
        )
    with database.look() as db:
        for token in (elsewhere, here):
            assert accounts.signed_in(db, fingerprint(token), now=NOW) is None
    assert is_in(database, entered)
    assert by_link(database, link.token) is None


def test_a_password_that_is_easily_guessed_changes_nothing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        here = web_session(db, cast.alice)
    with pytest.raises(Refused, match="password_guessable"), database.unit_of_work() as db:
        acts.change_password(
            db, cast.alice.account_id, "aliceexampleorg1", remember=False, now=NOW, instead_of=here
        )
    assert by_password(database, "alice@example.org", PASSWORD) is not None


# How long it lasts


@pytest.mark.parametrize(
    ("name", "remember", "lasts"),
    [
        ("alice", True, timedelta(days=30)),
        ("alice", False, timedelta(hours=24)),
        ("bob", True, timedelta(hours=12)),
        ("erin", False, timedelta(hours=12)),
    ],
)
def test_a_web_session_ends_at_its_second(
    database: Database, cast: Cast, name: str, remember: bool, lasts: timedelta
) -> None:
    person: Person = getattr(cast, name)
    entered = by_link(database, ask(database, person.email).token, remember=remember)
    assert is_in(database, entered, now=NOW + lasts - SECOND)
    assert not is_in(database, entered, now=NOW + lasts)


def test_only_a_patient_is_remembered(database: Database, cast: Cast) -> None:
    remembered = by_link(database, ask(database, "alice@example.org").token, remember=True)
    provider = by_link(database, ask(database, "bob@example.org").token, remember=True)
    assert remembered is not None
    assert remembered.is_remembered
    assert provider is not None
    assert not provider.is_remembered


def test_signing_in_again_ends_what_this_browser_had(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        before = web_session(db, cast.dan)
    request = ask(database, "alice@example.org")
    with database.unit_of_work() as db:
        acts.sign_in_by_link(db, request.token, remember=False, now=NOW, instead_of=before)
    with database.look() as db:
        assert accounts.signed_in(db, fingerprint(before), now=NOW) is None


# Beginnings and ends


def test_a_set_up_link_works_once_for_three_days(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        token = acts.create_admin(db, "Gale@Example.org", now=NOW)
    with database.unit_of_work() as db:
        assert acts.set_up(db, token, "mauve kettle drifting", now=NOW + 72 * HOUR) is None
    with database.unit_of_work() as db:
        entered = acts.set_up(db, token, "mauve kettle drifting", now=NOW + 72 * HOUR - SECOND)
    assert entered is not None
    assert entered.role is Role.ADMIN
    with database.unit_of_work() as db:
        assert acts.set_up(db, token, "violet lantern harbour", now=NOW) is None


def test_a_refused_password_leaves_the_set_up_link_alive(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        token = acts.create_admin(db, "gale@example.org", now=NOW)
    with pytest.raises(Refused, match="password_short"), database.unit_of_work() as db:
        acts.set_up(db, token, "short", now=NOW)
    with database.unit_of_work() as db:
        assert acts.set_up(db, token, "mauve kettle drifting", now=NOW) is not None


def test_a_new_set_up_link_ends_the_one_before(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        first = acts.make_set_up_link(db, cast.bob.account_id, now=NOW)
        acts.make_set_up_link(db, cast.bob.account_id, now=NOW)
    with database.unit_of_work() as db:
        assert acts.set_up(db, first, "mauve kettle drifting", now=NOW) is None


def test_of_many_who_set_up_at_once_one_does(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        token = acts.make_set_up_link(db, cast.bob.account_id, now=NOW)

    def set_up() -> Entered | None:
        with database.unit_of_work() as db:
            return acts.set_up(db, token, "mauve kettle drifting", now=NOW)

    assert sum(result is not None for result in in_two_threads(set_up, times=6)) == 1


def test_a_provider_is_created_with_clinic_and_kind(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        clinic = acts.found_clinic(db, "Hill Practice", zone="Europe/Athens", now=NOW)
        provider, _token = acts.create_provider(
            db,
            "gale@example.org",
            name=" Gale Moss ",
            kind=Kind.PRESCRIBER,
            clinic=clinic,
            now=NOW,
            actor_account_id=cast.erin.account_id,
        )
        member = staff.member(db, provider.public_id)
    assert member is not None
    assert (member.name, member.kind, member.clinic_name) == ("Gale Moss", Kind.PRESCRIBER, "Hill Practice")
    assert not member.is_set_up
    assert "provider_created" in acts_written(database)


def test_a_clinic_of_the_same_name_is_the_same_clinic(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert acts.found_clinic(db, "riverside clinic ", zone="UTC", now=NOW).id == cast.clinic_id


def test_an_address_in_use_is_not_given_a_second_account(database: Database, cast: Cast) -> None:
    with pytest.raises(Refused, match="email_taken"), database.unit_of_work() as db:
        acts.create_admin(db, "ALICE@example.org", now=NOW)


def test_starting_makes_a_journal_without_a_password(database: Database) -> None:
    with database.unit_of_work() as db:
        request = acts.start_journal(
            db, "nova@example.org", display_name="Nova", zone=ZONE, browser=BROWSER, now=NOW
        )
    assert request.to == "nova@example.org"
    entered = by_code(database, request.code)
    assert entered is not None
    assert entered.role is Role.PATIENT
    with database.look() as db:
        account = accounts.account_by_email(db, "nova@example.org")
    assert account is not None
    assert account.password_hash is None


def test_starting_with_an_address_in_use_only_mails_its_owner(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        request = acts.start_journal(
            db, "alice@example.org", display_name="Mallory", zone="UTC", browser=BROWSER, now=NOW
        )
    assert request.to == "alice@example.org"
    entered = by_link(database, request.token)
    assert entered is not None
    with database.look() as db:
        found = accounts.signed_in(db, fingerprint(entered.token), now=NOW)
    assert found is not None
    assert found.display_name == "Alice"


def test_starting_refuses_everything_at_once_before_it_looks_at_the_address(
    database: Database, cast: Cast
) -> None:
    with pytest.raises(RefusedFields) as fault, database.unit_of_work() as db:
        acts.start_journal(db, "alice@example.org", display_name=" ", zone="Moon", browser=BROWSER, now=NOW)
    assert [problem.code for problem in fault.value.problems] == ["name_missing", "zone_unknown"]


def test_a_closed_account_gets_neither_mail_nor_in(database: Database, cast: Cast) -> None:
    before = ask(database, "bob@example.org")
    with database.unit_of_work() as db:
        browser = web_session(db, cast.bob)
        acts.disable(db, cast.bob.account_id, actor_account_id=cast.erin.account_id, now=NOW)
    assert ask(database, "bob@example.org").to == ""
    assert by_link(database, before.token) is None
    assert by_password(database, "bob@example.org", PASSWORD) is None
    with database.look() as db:
        assert accounts.signed_in(db, fingerprint(browser), now=NOW) is None
    with pytest.raises(Refused, match="account_closed"), database.unit_of_work() as db:
        acts.make_set_up_link(db, cast.bob.account_id, now=NOW)


def test_closing_twice_is_closing_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        acts.disable(db, cast.bob.account_id, actor_account_id=None, now=NOW)
        acts.disable(db, cast.bob.account_id, actor_account_id=None, now=NOW)
    assert acts_written(database).count("account_disabled") == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Erin@Example.org", "erin@example.org"), ("erin@bücher.example", "erin@bücher.example")],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert acts.read_address(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "erin", "erin@", "a b@example.org", "erin@example.org, bob@example.org"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="email_wrong") as caught:
        acts.read_address(typed, field="email")
    assert caught.value.field == "email"
