"""Phones that take notifications, as rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from journal.storage import push
from journal.storage.database import Database
from journal.storage.push import Endpoint, PushKey, PushSubscription
from tests.cast import NOW, Cast

PHONE = Endpoint("https://push.example/phone", b"\x04" + bytes(64), bytes(16))
TABLET = Endpoint("https://push.example/tablet", b"\x04" + bytes(range(64)), bytes(range(16)))


def keep(database: Database, account_id: int, endpoint: Endpoint, *, minutes: int = 0) -> str:
    with database.unit_of_work() as db:
        return push.keep(db, account_id, endpoint=endpoint, most=3, now=NOW + timedelta(minutes=minutes))


def endpoints(database: Database, account_id: int) -> list[Endpoint]:
    with database.look() as db:
        return [one.endpoint for one in push.subscriptions_of(db, account_id)]


def test_what_was_kept_is_there_again_the_newest_first(database: Database, cast: Cast) -> None:
    first = keep(database, cast.alice.account_id, PHONE)
    second = keep(database, cast.alice.account_id, TABLET, minutes=1)
    with database.look() as db:
        kept = push.subscriptions_of(db, cast.alice.account_id)
    assert [(one.public_id, one.endpoint) for one in kept] == [(second, TABLET), (first, PHONE)]
    assert endpoints(database, cast.dan.account_id) == []


def test_a_browser_that_subscribes_again_is_one_browser_with_its_new_keys(
    database: Database, cast: Cast
) -> None:
    keep(database, cast.alice.account_id, PHONE)
    renewed = Endpoint(PHONE.url, TABLET.p256dh, TABLET.auth)
    keep(database, cast.alice.account_id, renewed)
    assert endpoints(database, cast.alice.account_id) == [renewed]


def test_a_browser_belongs_to_whoever_subscribed_it_last(database: Database, cast: Cast) -> None:
    keep(database, cast.alice.account_id, PHONE)
    keep(database, cast.dan.account_id, PHONE)
    assert endpoints(database, cast.alice.account_id) == []
    assert endpoints(database, cast.dan.account_id) == [PHONE]


def test_past_the_most_the_oldest_goes_and_nobody_elses(database: Database, cast: Cast) -> None:
    keep(database, cast.dan.account_id, TABLET)
    for number in range(5):
        keep(
            database,
            cast.alice.account_id,
            Endpoint(f"https://push.example/{number}", PHONE.p256dh, PHONE.auth),
            minutes=number,
        )
    assert [one.url for one in endpoints(database, cast.alice.account_id)] == [
        "https://push.example/4",
        "https://push.example/3",
        "https://push.example/2",
    ]
    assert endpoints(database, cast.dan.account_id) == [TABLET]


def test_nothing_of_a_subscription_stands_in_the_open(database: Database, cast: Cast) -> None:
    keep(database, cast.alice.account_id, PHONE)
    with database.look() as db:
        row = db.execute(sa.text("SELECT * FROM push_subscription")).one()
    assert "push.example" not in repr(row)


def test_a_subscription_moved_to_another_row_does_not_open(database: Database, cast: Cast) -> None:
    keep(database, cast.alice.account_id, PHONE)
    with database.unit_of_work() as db:
        db.execute(sa.update(PushSubscription).values(public_id="another"))
    with pytest.raises(InvalidTag):
        endpoints(database, cast.alice.account_id)


def test_a_subscription_does_not_print_where_it_leads() -> None:
    assert repr(push.Subscription("p1", PHONE)) == "Subscription(public_id='p1', endpoint=Endpoint())"


def test_browsers_are_forgotten_by_their_public_ids(database: Database, cast: Cast) -> None:
    gone = keep(database, cast.alice.account_id, PHONE)
    keep(database, cast.alice.account_id, TABLET)
    with database.unit_of_work() as db:
        push.forget(db, [gone, "never-was"])
    assert endpoints(database, cast.alice.account_id) == [TABLET]


def test_nobody_can_forget_another_accounts_browser(database: Database, cast: Cast) -> None:
    keep(database, cast.alice.account_id, PHONE)
    with database.unit_of_work() as db:
        push.forget_own(db, cast.dan.account_id, url=PHONE.url)
    assert endpoints(database, cast.alice.account_id) == [PHONE]
    with database.unit_of_work() as db:
        push.forget_own(db, cast.alice.account_id, url=PHONE.url)
    assert endpoints(database, cast.alice.account_id) == []


def test_all_browsers_of_one_account_are_forgotten_at_once(database: Database, cast: Cast) -> None:
    keep(database, cast.alice.account_id, PHONE)
    keep(database, cast.dan.account_id, TABLET)
    with database.unit_of_work() as db:
        push.forget_all(db, cast.alice.account_id)
    with database.look() as db:
        assert not push.has_any(db, cast.alice.account_id)
        assert push.has_any(db, cast.dan.account_id)


def test_when_a_message_was_taken_is_noted_for_those_browsers_alone(database: Database, cast: Cast) -> None:
    took = keep(database, cast.alice.account_id, PHONE)
    other = keep(database, cast.alice.account_id, TABLET)
    with database.unit_of_work() as db:
        push.mark_taken(db, [took], now=NOW)
    with database.look() as db:
        rows = db.execute(sa.select(PushSubscription.public_id, PushSubscription.taken_at)).all()
    assert {row.public_id: row.taken_at for row in rows} == {took: NOW, other: None}


def test_the_first_key_stays_and_is_sealed(database: Database, cast: Cast) -> None:
    with database.look() as db:
        assert push.own_key(db) is None
    for key in ("the first", "the second"):
        with database.unit_of_work() as db:
            push.keep_own_key(db, key, now=NOW)
    with database.look() as db:
        assert push.own_key(db) == "the first"
        assert b"the first" not in db.scalars(sa.select(PushKey.sealed)).one()


def test_of_many_who_make_a_key_at_the_same_moment_all_get_the_same(database: Database) -> None:
    def need(number: int) -> str | None:
        with database.unit_of_work() as db:
            push.keep_own_key(db, f"key {number}", now=NOW)
        with database.look() as db:
            return push.own_key(db)

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(need, range(6)))) == 1
