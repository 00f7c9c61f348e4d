"""Unlocking by password and by mailed code, and switching the lock off and on: on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.unlocking import Lock
from journal.services import accounts as signing_in
from journal.services import unlocking as acts
from journal.services.links import fingerprint, new_code
from journal.storage import accounts
from journal.storage.accounts import OneTimeLink
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from tests.cast import NOW, PASSWORD, Cast, Person, web_session

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
LATER = NOW + 20 * MINUTE


@pytest.fixture
def held(database: Database, cast: Cast) -> str:
    """The secret of Alice's web session, which began twenty minutes before ``LATER``."""
    with database.unit_of_work() as db:
        return web_session(db, cast.alice)


def lock_of(database: Database, token: str, *, now: datetime = LATER) -> Lock | None:
    with database.look() as db:
        person = accounts.signed_in(db, fingerprint(token), now=now)
    return None if person is None else person.lock


def ask(database: Database, person: Person, token: str, *, now: datetime = LATER) -> str:
    with database.unit_of_work() as db:
        return acts.ask_for_code(db, person.account_id, token=token, now=now)


def by_code(
    database: Database, person: Person, code: str, token: str, *, now: datetime = LATER
) -> str | None:
    with database.unit_of_work() as db:
        return acts.unlock_by_code(db, person.account_id, code, token=token, now=now)


def by_password(database: Database, person: Person, password: str, token: str) -> str | None:
    with database.unit_of_work() as db:
        account = accounts.account_by_id(db, person.account_id)
        assert account is not None
        fits = signing_in.password_fits(account, password)
        return acts.unlock_by_password(db, account, is_right=fits, token=token, now=LATER)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def written(database: Database) -> list[tuple[str, int | None, int | None]]:
    with database.look() as db:
        rows = db.execute(
            sa.select(AuditEvent.act, AuditEvent.actor_account_id, AuditEvent.patient_id).order_by(
                AuditEvent.id
            )
        )
        return [(row.act, row.actor_account_id, row.patient_id) for row in rows]


def test_the_password_unlocks_with_another_secret(database: Database, cast: Cast, held: str) -> None:
    token = by_password(database, cast.alice, PASSWORD, held)
    assert token is not None
    assert lock_of(database, held) is None
    assert lock_of(database, token) == Lock(used_at=LATER, proved_at=LATER, stays_open=False)
    assert written(database) == [("history_unlocked", cast.alice.account_id, cast.alice.patient_id)]


def test_a_wrong_password_unlocks_nothing_and_is_written_down(
    database: Database, cast: Cast, held: str
) -> None:
    assert by_password(database, cast.alice, "another river", held) is None
    assert lock_of(database, held) == Lock(used_at=NOW, proved_at=NOW, stays_open=False)
    assert written(database) == [("unlock_refused", None, cast.alice.patient_id)]


def test_a_password_that_was_changed_meanwhile_unlocks_nothing(
    database: Database, cast: Cast, held: str
) -> None:
    with database.look() as db:
        compared = accounts.account_by_id(db, cast.alice.account_id)
    with database.unit_of_work() as db:
        accounts.set_password_hash(db, cast.alice.account_id, "another")
    assert compared is not None
    with database.unit_of_work() as db:
        assert acts.unlock_by_password(db, compared, is_right=True, token=held, now=LATER) is None


def test_unlocking_does_not_make_a_web_session_last_longer(database: Database, cast: Cast, held: str) -> None:
    with database.look() as db:
        ends = db.scalar(sa.select(accounts.WebSession.ends_at))
    by_password(database, cast.alice, PASSWORD, held)
    with database.look() as db:
        assert db.scalar(sa.select(accounts.WebSession.ends_at)) == ends


def test_a_mailed_code_unlocks_once(database: Database, cast: Cast, held: str) -> None:
    code = ask(database, cast.alice, held)
    token = by_code(database, cast.alice, code, held)
    assert token is not None
    assert by_code(database, cast.alice, code, held) is None
    assert by_code(database, cast.alice, code, token) is None
    assert lock_of(database, token) == Lock(used_at=LATER, proved_at=LATER, stays_open=False)


def test_a_mailed_code_works_for_exactly_fifteen_minutes(database: Database, cast: Cast, held: str) -> None:
    late = ask(database, cast.alice, held)
    assert by_code(database, cast.alice, late, held, now=LATER + 15 * MINUTE) is None
    in_time = ask(database, cast.alice, held)
    assert by_code(database, cast.alice, in_time, held, now=LATER + 15 * MINUTE - SECOND) is not None


def test_five_wrong_codes_end_a_request(database: Database, cast: Cast, held: str) -> None:
    code = ask(database, cast.alice, held)
    for _ in range(5):
        assert by_code(database, cast.alice, wrong(code), held) is None
    assert by_code(database, cast.alice, code, held) is None


def test_the_right_code_works_after_four_wrong_ones(database: Database, cast: Cast, held: str) -> None:
    code = ask(database, cast.alice, held)
    for _ in range(4):
        by_code(database, cast.alice, wrong(code), held)
    assert by_code(database, cast.alice, code, held) is not None


def test_asking_again_ends_the_code_before(database: Database, cast: Cast, held: str) -> None:
    first, second = ask(database, cast.alice, held), ask(database, cast.alice, held)
    assert first == second or by_code(database, cast.alice, first, held) is None
    assert by_code(database, cast.alice, second, held) is not None


def test_a_code_works_only_in_the_browser_that_asked(database: Database, cast: Cast, held: str) -> None:
    with database.unit_of_work() as db:
        others = web_session(db, cast.dan)
    code = ask(database, cast.alice, held)
    assert by_code(database, cast.dan, code, others) is None
    assert by_code(database, cast.alice, code, others) is None
    assert lock_of(database, others) == Lock(used_at=NOW, proved_at=NOW, stays_open=False)


def test_a_code_that_unlocks_does_not_sign_in(database: Database, cast: Cast, held: str) -> None:
    code = ask(database, cast.alice, held)
    with database.unit_of_work() as db:
        assert signing_in.sign_in_by_code(db, code, browser=held, remember=True, now=LATER) is None


def test_no_code_is_kept_in_the_open(database: Database, cast: Cast, held: str) -> None:
    code = ask(database, cast.alice, held)
    with database.look() as db:
        row = db.scalars(sa.select(OneTimeLink)).one()
    assert code not in f"{row.token_hash} {row.code_hash} {row.browser}"
    assert row.code_hash != fingerprint(code)
    assert held not in f"{row.browser}"


def test_of_many_who_unlock_with_one_code_one_does(database: Database, cast: Cast, held: str) -> None:
    code = ask(database, cast.alice, held)
    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(lambda _: by_code(database, cast.alice, code, held), range(4)))
    assert sum(token is not None for token in tokens) == 1


def test_a_guess_without_a_request_is_refused(database: Database, cast: Cast, held: str) -> None:
    assert by_code(database, cast.alice, new_code(8), held) is None


def test_a_web_session_that_has_ended_is_not_unlocked(database: Database, cast: Cast, held: str) -> None:
    with database.unit_of_work() as db:
        accounts.end_web_session(db, fingerprint(held))
    assert by_password(database, cast.alice, PASSWORD, held) is None
    assert written(database) == []


def test_the_lock_is_switched_off_with_another_secret_and_on_again(
    database: Database, cast: Cast, held: str
) -> None:
    with database.unit_of_work() as db:
        token = acts.stay_open(db, cast.alice.account_id, token=held, now=NOW)
    assert token is not None
    assert lock_of(database, held) is None
    assert lock_of(database, token) == Lock(used_at=NOW, proved_at=NOW, stays_open=True)
    with database.unit_of_work() as db:
        acts.lock_again(db, cast.alice.account_id, token=token, now=LATER)
    assert lock_of(database, token) == Lock(used_at=LATER, proved_at=NOW, stays_open=False)
    alice = (cast.alice.account_id, cast.alice.patient_id)
    assert written(database) == [("kept_open", *alice), ("locks_again", *alice)]


def test_a_web_session_that_has_ended_does_not_stay_open(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert acts.stay_open(db, cast.alice.account_id, token="gone", now=NOW) is None
        acts.lock_again(db, cast.alice.account_id, token="gone", now=NOW)
    assert written(database) == []
