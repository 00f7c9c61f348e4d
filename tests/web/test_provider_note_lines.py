"""Providers' notes in lines."""

from __future__ import annotations

from datetime import date, timedelta

from journal.services import provider_notes
from journal.services.provider_notes import Said
from journal.storage.database import Database
from journal.web.provider_note_lines import FollowUp, read_follow_up
from tests.builders import the_patient
from tests.cast import NOW, Cast, Person

TODAY = date(2026, 3, 30)


def write(database: Database, cast: Cast, text: str, *, hours: int = 0, **more: object) -> str:
    with database.unit_of_work() as db:
        return provider_notes.write_note(
            db,
            the_patient(db, cast.alice),
            Said(text, **more),  # type: ignore[arg-type]
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.bob.account_id,
            now=NOW - timedelta(hours=hours),
        ).public_id


def read(database: Database, cast: Cast, who: Person) -> FollowUp:
    with database.look() as db:
        return read_follow_up(db, the_patient(db, cast.alice), provider_id=who.provider_id, now=NOW)


def test_notes_whose_day_has_come_stand_apart_and_the_others_are_few_on_a_brief(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    write(sqlite_database, sqlite_cast, "due", look_again_on=TODAY)
    for hours in range(4):
        write(sqlite_database, sqlite_cast, f"of {hours} hours ago", hours=hours)
    shown = read(sqlite_database, sqlite_cast, sqlite_cast.bob)
    assert [line.text for line in shown.due] == ["due"]
    assert len(shown.others) == 4
    assert [line.text for line in shown.on_brief] == [f"of {hours} hours ago" for hours in range(3)]
    assert (shown.name, shown.today) == ("Alice", TODAY)


def test_a_line_says_whose_it_is_and_what_became_of_its_date(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    one = write(sqlite_database, sqlite_cast, "a", for_colleagues=True, look_again_on=TODAY)
    (before,) = read(sqlite_database, sqlite_cast, sqlite_cast.frank).due
    assert (before.about, before.look_again) == (
        "30 Mar 2026 · by Bob · shared with colleagues",
        "Look again on 30 Mar 2026",
    )
    assert (before.is_due, before.is_own, before.is_shared) == (True, False, True)
    with sqlite_database.unit_of_work() as db:
        provider_notes.set_done(
            db,
            the_patient(db, sqlite_cast.alice),
            one,
            provider_id=sqlite_cast.frank.provider_id,
            actor_account_id=None,
            now=NOW,
        )
    (after,) = read(sqlite_database, sqlite_cast, sqlite_cast.bob).others
    assert after.look_again == "Look again on 30 Mar 2026: done 30 Mar 2026 by Frank"
    assert (after.is_due, after.is_own) == (False, True)


def test_a_changed_note_says_when(sqlite_database: Database, sqlite_cast: Cast) -> None:
    one = write(sqlite_database, sqlite_cast, "a", hours=48)
    with sqlite_database.unit_of_work() as db:
        provider_notes.change_note(
            db,
            the_patient(db, sqlite_cast.alice),
            one,
            Said("b"),
            seen_version=1,
            provider_id=sqlite_cast.bob.provider_id,
            actor_account_id=None,
            now=NOW,
        )
    (line,) = read(sqlite_database, sqlite_cast, sqlite_cast.bob).others
    assert (line.text, line.about) == ("b", "28 Mar 2026 · by you · changed 30 Mar 2026")
