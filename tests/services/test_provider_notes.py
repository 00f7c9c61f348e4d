"""Writing notes about a patient, and who may: on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.provider_notes import ProviderNote
from journal.services import provider_notes
from journal.services.provider_notes import Said
from journal.storage.audit import AuditEvent
from journal.storage.consents import Consent
from journal.storage.database import Database
from journal.storage.patients import patient_visible_to
from tests.builders import the_patient
from tests.cast import NOW, ZONE, Cast, Person

APRIL_9 = date(2026, 4, 9)


def write(
    database: Database,
    cast: Cast,
    text: str = "Ask about the bridge",
    *,
    for_colleagues: bool = False,
    look_again_on: date | None = None,
) -> ProviderNote:
    with database.unit_of_work() as db:
        return provider_notes.write_note(
            db,
            the_patient(db, cast.alice),
            Said(text, for_colleagues, look_again_on),
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )


def change(
    database: Database, cast: Cast, note: ProviderNote, said: Said, *, by: Person | None = None, seen: int = 1
) -> None:
    who = by or cast.bob
    with database.unit_of_work() as db:
        provider_notes.change_note(
            db,
            the_patient(db, cast.alice),
            note.public_id,
            said,
            seen_version=seen,
            provider_id=who.provider_id,
            actor_account_id=who.account_id,
            now=NOW + timedelta(hours=1),
        )


def look_again(database: Database, cast: Cast, note: ProviderNote, who: Person) -> None:
    with database.unit_of_work() as db:
        provider_notes.set_done(
            db,
            the_patient(db, cast.alice),
            note.public_id,
            provider_id=who.provider_id,
            actor_account_id=who.account_id,
            now=NOW,
        )


def notes(database: Database, cast: Cast, reader: Person | None = None) -> list[ProviderNote]:
    with database.look() as db:
        found, _today = provider_notes.notes_about(
            db,
            the_patient(db, cast.alice),
            provider_id=(reader or cast.bob).provider_id,
            zone=ZONE,
            now=NOW,
        )
    return found


def written_down(database: Database) -> list[tuple[str, int | None]]:
    with database.look() as db:
        rows = db.execute(
            sa.select(AuditEvent.act, AuditEvent.provider_id)
            .where(AuditEvent.act.like("provider_note_%"))
            .order_by(AuditEvent.id)
        )
        return [(act, who) for act, who in rows]


def test_a_note_is_written_and_that_it_was_is_written_down(database: Database, cast: Cast) -> None:
    note = write(database, cast, "  Ask about the bridge ", look_again_on=APRIL_9)
    assert (note.text, note.look_again_on, note.author_id) == (
        "Ask about the bridge",
        APRIL_9,
        cast.bob.provider_id,
    )
    assert notes(database, cast) == [note]
    assert written_down(database) == [("provider_note_written", cast.bob.provider_id)]
    with database.look() as db:
        assert db.scalar(sa.select(AuditEvent.subject).order_by(AuditEvent.id.desc())) == note.public_id


def test_a_date_is_held_against_the_clinics_calendar(database: Database, cast: Cast) -> None:
    # 20:00 in Berlin: the 30th is today there, and the 29th has passed.
    assert write(database, cast, look_again_on=date(2026, 3, 30)).look_again_on == date(2026, 3, 30)
    with pytest.raises(RefusedFields, match="day_past"):
        write(database, cast, look_again_on=date(2026, 3, 29))


def test_an_author_changes_a_note_and_its_date_is_waited_for_again(database: Database, cast: Cast) -> None:
    note = write(database, cast, look_again_on=date(2026, 3, 30))
    look_again(database, cast, note, cast.bob)
    change(database, cast, note, Said("Ask about the river", True, date(2026, 3, 30)), seen=2)
    (found,) = notes(database, cast)
    assert (found.text, found.for_colleagues, found.done_by_id) == (
        "Ask about the river",
        True,
        cast.bob.provider_id,
    )
    change(database, cast, note, Said("Ask about the river", True, APRIL_9), seen=3)
    (found,) = notes(database, cast)
    assert (found.done_at, found.done_by_id, found.look_again_on) == (None, None, APRIL_9)
    assert [act for act, _who in written_down(database)] == [
        "provider_note_written",
        "provider_note_looked_at",
        "provider_note_changed",
        "provider_note_changed",
    ]


def test_what_is_sent_again_as_it_was_changes_nothing(database: Database, cast: Cast) -> None:
    note = write(database, cast)
    change(database, cast, note, Said("Ask about the bridge"))
    assert notes(database, cast) == [note]
    assert len(written_down(database)) == 1


def test_a_change_of_what_was_changed_meanwhile_is_refused(database: Database, cast: Cast) -> None:
    note = write(database, cast)
    change(database, cast, note, Said("Ask about the river"))
    with pytest.raises(Refused, match="changed_meanwhile"):
        change(database, cast, note, Said("Ask about the sea"))
    assert [one.text for one in notes(database, cast)] == ["Ask about the river"]


def test_a_colleague_reads_a_shared_note_and_changes_nothing_of_it(database: Database, cast: Cast) -> None:
    note = write(database, cast, for_colleagues=True)
    assert notes(database, cast, cast.frank) == [note]
    with pytest.raises(NotFound):
        change(database, cast, note, Said("Mine now"), by=cast.frank)
    with pytest.raises(NotFound), database.unit_of_work() as db:
        provider_notes.remove_note(
            db,
            the_patient(db, cast.alice),
            note.public_id,
            provider_id=cast.frank.provider_id,
            actor_account_id=None,
            now=NOW,
        )
    assert notes(database, cast) == [note]


def test_whoever_reads_a_note_may_say_that_they_looked_and_the_first_one_stays(
    database: Database, cast: Cast
) -> None:
    note = write(database, cast, for_colleagues=True, look_again_on=date(2026, 3, 30))
    look_again(database, cast, note, cast.frank)
    look_again(database, cast, note, cast.bob)
    (found,) = notes(database, cast)
    assert found.done_by_id == cast.frank.provider_id
    assert written_down(database)[1:] == [("provider_note_looked_at", cast.frank.provider_id)]


def test_a_note_without_a_date_has_nothing_to_be_done(database: Database, cast: Cast) -> None:
    note = write(database, cast)
    look_again(database, cast, note, cast.bob)
    assert notes(database, cast) == [note]


@pytest.mark.parametrize("shared", [False, True])
def test_a_stranger_finds_no_note_to_look_at(database: Database, cast: Cast, shared: bool) -> None:
    note = write(database, cast, for_colleagues=shared, look_again_on=date(2026, 3, 30))
    with pytest.raises(NotFound):
        look_again(database, cast, note, cast.carol)


def test_after_sharing_has_ended_an_author_finds_nothing_and_with_a_new_consent_everything(
    database: Database, cast: Cast
) -> None:
    note = write(database, cast)
    with database.unit_of_work() as db:
        db.execute(sa.update(Consent).values(ended_at=NOW))
    assert notes(database, cast) == []
    with pytest.raises(NotFound):
        change(database, cast, note, Said("Ask about the river"))
    with database.unit_of_work() as db:
        db.execute(sa.update(Consent).values(ended_at=None))
    assert notes(database, cast) == [note]


def test_an_author_removes_a_note(database: Database, cast: Cast) -> None:
    note = write(database, cast)
    with database.unit_of_work() as db:
        provider_notes.remove_note(
            db,
            the_patient(db, cast.alice),
            note.public_id,
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )
    assert notes(database, cast) == []
    assert [act for act, _who in written_down(database)] == ["provider_note_written", "provider_note_removed"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_button_that_is_pressed_twice_waits_for_no_page_of_the_same_reader(
    database: Database, cast: Cast
) -> None:
    note = write(database, cast, look_again_on=APRIL_9)
    with ThreadPoolExecutor(1) as thread, database.unit_of_work() as db:
        patient_visible_to(db, cast.bob.provider_id, cast.alice.public_id, now=NOW)
        thread.submit(look_again, database, cast, note, cast.bob).result(timeout=10)
    assert notes(database, cast)[0].done_by_id == cast.bob.provider_id
