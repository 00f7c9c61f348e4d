"""What a clinic says about its flags, and who is told that there is something to read."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from journal.domain.errors import RefusedFields
from journal.services.flag_reviews import Said, change, end_with, take_untold, whose_day
from journal.storage import accounts
from journal.storage.audit import AuditEvent
from journal.storage.clinics import Clinic
from journal.storage.database import Database
from journal.storage.flag_reviews import Review, review_of
from tests.cast import NOW, ZONE, Cast
from tests.flagging import EIGHT, answer

DAY = timedelta(days=1)


def say(
    database: Database, cast: Cast, said: Said, *, by: int | None = None, later: timedelta = timedelta()
) -> Review | None:
    with database.unit_of_work() as db:
        clinic = db.get_one(Clinic, cast.clinic_id)
        return change(db, clinic, said, actor_account_id=by or cast.erin.account_id, now=NOW + later)


def week(cast: Cast) -> dict[int, str]:
    return dict.fromkeys(range(1, 6), cast.carol.public_id)


def test_who_gave_the_word_stays_while_the_same_person_is_named(database: Database, cast: Cast) -> None:
    said = Said(reviewer=cast.bob.public_id)
    say(database, cast, said)
    again = say(database, cast, said, by=1, later=DAY)
    other = say(database, cast, Said(reviewer=cast.carol.public_id), later=2 * DAY)
    assert again is not None
    assert other is not None
    assert (again.stated_at, other.stated_at) == (NOW, NOW + 2 * DAY)


def test_giving_and_taking_back_the_word_are_written_down(database: Database, cast: Cast) -> None:
    say(database, cast, Said(reviewer=cast.bob.public_id))
    assert say(database, cast, Said()) is None
    with database.look() as db:
        acts = db.execute(sa.select(AuditEvent.act, AuditEvent.actor_account_id)).all()
    assert acts == [
        ("flag_review_stated", cast.erin.account_id), ("flag_review_ended", cast.erin.account_id),
    ]  # fmt: skip


def test_the_word_ends_with_the_account_of_whom_it_names(database: Database, cast: Cast) -> None:
    say(database, cast, Said(reviewer=cast.bob.public_id, rota=week(cast)))
    with database.unit_of_work() as db:
        leaving = {"actor_account_id": cast.erin.account_id, "now": NOW}
        assert (
            end_with(db, cast.carol.provider_id, **leaving) is None
        )  # she is on the rota, and not who was named
        left = end_with(db, cast.bob.provider_id, **leaving)
        assert left is not None
        assert (left.id, review_of(db, cast.clinic_id)) == (cast.clinic_id, None)
        ended = db.execute(
            sa.select(AuditEvent.actor_account_id, AuditEvent.provider_id).where(
                AuditEvent.act == "flag_review_ended"
            )
        ).all()
    assert ended == [(cast.erin.account_id, cast.bob.provider_id)]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (Said(phone="x", reviewer="nobody"), ["phone", "reviewer"]),
        (Said(rota={2: "nobody"}), ["day_2"]),
        (Said(sends_notes=True), ["sends_notes"]),
    ],
)
def test_what_cannot_be_is_refused_all_at_once(
    database: Database, cast: Cast, said: Said, fields: list[str]
) -> None:
    with pytest.raises(RefusedFields) as fault:
        say(database, cast, said)
    assert [one.field for one in fault.value.problems] == fields


def test_a_day_that_is_nobodys_is_the_next_ones(database: Database, cast: Cast) -> None:
    review = say(
        database,
        cast,
        Said(reviewer=cast.bob.public_id, rota={1: cast.bob.public_id, 5: cast.carol.public_id}),
    )
    assert review is not None
    on = {days: whose_day(review, zone=ZONE, now=NOW + days * DAY) for days in (0, 1, 4, 5)}
    bob, carol = cast.bob.provider_id, cast.carol.provider_id
    assert on == {0: bob, 1: carol, 4: carol, 5: bob}  # NOW is a Monday


def test_nobody_is_told_where_a_clinic_does_not_want_it(database: Database, cast: Cast) -> None:
    say(database, cast, Said(reviewer=cast.bob.public_id, rota=week(cast)))
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        assert take_untold(db, now=NOW) == []


def test_told_are_whose_day_it_is_and_who_can_see_it_and_each_once(database: Database, cast: Cast) -> None:
    say(database, cast, Said(reviewer=cast.bob.public_id, rota=week(cast), sends_notes=True))
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        answer(db, cast.alice, {"1": 1}, code="asq")
        told = sorted(one.email for one in take_untold(db, now=NOW))
        assert told == ["bob@example.org", "carol@example.org"]
        assert take_untold(db, now=NOW) == []


def test_whoever_has_left_is_not_told(database: Database, cast: Cast) -> None:
    say(database, cast, Said(reviewer=cast.frank.public_id, rota=week(cast), sends_notes=True))
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        accounts.disable_account(db, cast.bob.account_id, now=NOW)
        assert take_untold(db, now=NOW) == []  # nobody who may see it is left: nobody looks
