"""Accounts, browsers and one-time links as rows: what a condition in a statement decides."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from journal.domain.unlocking import Lock
from journal.storage import accounts
from journal.storage.accounts import OneTimeLink, Purpose, Role, WebSession
from journal.storage.database import Database
from tests.cast import NOW, Cast, Person

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def link(database: Database, person: Person, token: str, *, purpose: Purpose = Purpose.SIGN_IN) -> None:
    with database.unit_of_work() as db:
        accounts.add_link(
            db,
            person.account_id,
            purpose,
            token_hash=token,
            code_hash=f"code of {token}",
            browser="a browser",
            now=NOW,
            ends_at=NOW + HOUR,
        )


def live_links(database: Database) -> list[str]:
    with database.look() as db:
        rows = db.scalars(
            sa.select(OneTimeLink.token_hash).where(OneTimeLink.spent_at.is_(None)).order_by(OneTimeLink.id)
        )
        return list(rows)


def test_an_address_is_found_whatever_its_capitals(database: Database, cast: Cast) -> None:
    with database.look() as db:
        found = accounts.account_by_email(db, " ALICE@Example.org ")
    assert found is not None
    assert found.id == cast.alice.account_id


def test_a_web_session_brings_the_person_in_their_role(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for person in (cast.alice, cast.bob, cast.erin):
            accounts.begin_web_session(
                db, person.account_id, token_hash=person.name, now=NOW, ends_at=NOW + HOUR
            )
    with database.look() as db:
        people = [accounts.signed_in(db, name, now=NOW) for name in ("Alice", "Bob", "Erin")]
    assert [(one.role, one.display_name) for one in people if one] == [
        (Role.PATIENT, "Alice"),
        (Role.PROVIDER, "Bob"),
        (Role.ADMIN, ""),
    ]


def test_a_web_session_ends_at_its_second(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        accounts.begin_web_session(db, cast.bob.account_id, token_hash="t", now=NOW, ends_at=NOW + HOUR)
    with database.look() as db:
        assert accounts.signed_in(db, "t", now=NOW + HOUR - SECOND) is not None
        assert accounts.signed_in(db, "t", now=NOW + HOUR) is None


def lock_of(database: Database, token: str) -> Lock:
    with database.look() as db:
        found = accounts.signed_in(db, token, now=NOW)
    assert found is not None
    return found.lock


def test_a_web_session_begins_unlocked_and_is_used_and_unlocked_again(database: Database, cast: Cast) -> None:
    later = NOW + HOUR / 2
    with database.unit_of_work() as db:
        accounts.begin_web_session(db, cast.alice.account_id, token_hash="t", now=NOW, ends_at=NOW + HOUR)
    assert lock_of(database, "t") == Lock(used_at=NOW, proved_at=NOW, stays_open=False)
    with database.unit_of_work() as db:
        held = accounts.signed_in(db, "t", now=NOW)
        assert held is not None
        accounts.touch_web_session(db, held.web_session_id, now=NOW + SECOND)
        assert held.lock.used_at == NOW
        accounts.touch_web_session(db, held.web_session_id, now=NOW + SECOND, while_unlocked=True)
    assert lock_of(database, "t") == Lock(used_at=NOW + SECOND, proved_at=NOW, stays_open=False)
    with database.unit_of_work() as db:
        assert accounts.unlock_web_session(db, "t", new_token_hash="u", now=later)
    assert lock_of(database, "u") == Lock(used_at=later, proved_at=later, stays_open=False)


def test_a_web_session_that_is_renewed_has_one_secret_and_the_same_end(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        accounts.begin_web_session(db, cast.alice.account_id, token_hash="t", now=NOW, ends_at=NOW + HOUR)
        assert accounts.unlock_web_session(db, "t", new_token_hash="u", now=NOW)
        assert not accounts.unlock_web_session(db, "t", new_token_hash="v", now=NOW)
        assert accounts.keep_open(db, "u", new_token_hash="w", now=NOW)
        assert accounts.signed_in(db, "w", now=NOW + HOUR) is None
        assert not accounts.unlock_web_session(db, "w", new_token_hash="x", now=NOW + HOUR)
        assert [accounts.signed_in(db, old, now=NOW) for old in ("t", "u", "v")] == [None, None, None]


def test_a_lock_is_switched_off_and_on(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        accounts.begin_web_session(db, cast.alice.account_id, token_hash="t", now=NOW, ends_at=NOW + HOUR)
        accounts.keep_open(db, "t", new_token_hash="u", now=NOW)
    assert lock_of(database, "u").stays_open
    with database.unit_of_work() as db:
        accounts.lock_when_idle(db, "u", now=NOW + SECOND)
    assert lock_of(database, "u") == Lock(used_at=NOW + SECOND, proved_at=NOW, stays_open=False)


def test_closing_an_account_tells_whether_it_was_open(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert accounts.is_open(db, cast.bob.account_id)
        assert accounts.disable_account(db, cast.bob.account_id, now=NOW)
        assert not accounts.disable_account(db, cast.bob.account_id, now=NOW)
        assert not accounts.is_open(db, cast.bob.account_id)
        assert not accounts.is_open(db, 12345)


def test_a_link_is_spent_once_and_only_for_its_purpose(database: Database, cast: Cast) -> None:
    link(database, cast.bob, "t", purpose=Purpose.SET_UP)
    with database.unit_of_work() as db:
        assert accounts.spend_link(db, "t", Purpose.SIGN_IN, now=NOW) is None
        assert accounts.spend_link(db, "t", Purpose.SET_UP, now=NOW + HOUR) is None
        assert accounts.spend_link(db, "t", Purpose.SET_UP, now=NOW) == cast.bob.account_id
        assert accounts.spend_link(db, "t", Purpose.SET_UP, now=NOW) is None


def test_a_code_opens_only_what_it_is_for(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        accounts.add_link(
            db,
            cast.alice.account_id,
            Purpose.UNLOCK,
            token_hash="t",
            code_hash="right",
            browser="a browser",
            now=NOW,
            ends_at=NOW + HOUR,
        )
        asked = {"browser": "a browser", "now": NOW, "wrong_codes_most": 5}
        assert accounts.spend_code(db, "right", **asked) is None
        assert accounts.spend_code(db, "right", **asked, purpose=Purpose.UNLOCK) == cast.alice.account_id


def test_a_link_of_a_closed_account_leads_nowhere(database: Database, cast: Cast) -> None:
    link(database, cast.bob, "t")
    with database.unit_of_work() as db:
        accounts.disable_account(db, cast.bob.account_id, now=NOW)
        assert accounts.account_of_link(db, "t", Purpose.SIGN_IN, now=NOW) is None


def test_links_end_by_browser_by_account_and_by_purpose(database: Database, cast: Cast) -> None:
    link(database, cast.bob, "bob signs in")
    link(database, cast.bob, "bob sets up", purpose=Purpose.SET_UP)
    link(database, cast.alice, "alice signs in")
    with database.unit_of_work() as db:
        accounts.end_links_of(db, cast.bob.account_id, now=NOW, purpose=Purpose.SET_UP)
    assert live_links(database) == ["bob signs in", "alice signs in"]
    with database.unit_of_work() as db:
        accounts.end_links_of(db, cast.bob.account_id, now=NOW)
    assert live_links(database) == ["alice signs in"]
    with database.unit_of_work() as db:
        accounts.end_links_of_browser(db, "a browser", now=NOW)
    assert live_links(database) == []


def test_a_wrong_code_is_counted_and_a_tried_out_request_ends(database: Database, cast: Cast) -> None:
    link(database, cast.alice, "t")
    with database.unit_of_work() as db:
        for _ in range(2):
            assert accounts.spend_code(db, "wrong", browser="a browser", now=NOW, wrong_codes_most=2) is None
        accounts.end_tried_out(db, browser="a browser", wrong_codes_most=2, now=NOW)
    assert live_links(database) == []


def test_what_has_ended_is_forgotten_and_nothing_else(database: Database, cast: Cast) -> None:
    link(database, cast.alice, "t")
    with database.unit_of_work() as db:
        accounts.begin_web_session(db, cast.bob.account_id, token_hash="old", now=NOW, ends_at=NOW)
        accounts.begin_web_session(db, cast.bob.account_id, token_hash="new", now=NOW, ends_at=NOW + HOUR)
        assert accounts.forget_ended(db, now=NOW + SECOND) == 1
    with database.look() as db:
        assert list(db.scalars(sa.select(WebSession.token_hash))) == ["new"]
    assert live_links(database) == ["t"]
