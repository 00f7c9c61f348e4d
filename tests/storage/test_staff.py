"""The people who work here, as an administrator sees them."""

from __future__ import annotations

from journal.storage import accounts, staff
from journal.storage.database import Database
from tests.cast import NOW, Cast


def test_the_staff_are_listed_by_name_with_how_they_stand(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        accounts.disable_account(db, cast.carol.account_id, now=NOW)
    with database.look() as db:
        everyone = staff.everyone(db)
        bob = staff.member(db, cast.bob.public_id)
        assert staff.member(db, cast.alice.public_id) is None
    assert [(one.name, one.clinic_name, one.disabled_at) for one in everyone] == [
        ("Bob", "Riverside Clinic", None),
        ("Carol", "Riverside Clinic", NOW),
        ("Frank", "Riverside Clinic", None),
    ]
    assert bob is not None
    assert (bob.email, bob.is_set_up) == ("bob@example.org", True)
