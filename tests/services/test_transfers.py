"""Bringing in files of other apps: all of a file or nothing, once, apart from everything else, and private."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.consents import WHOLE
from journal.domain.errors import NotFound, Refused
from journal.domain.transfers import ImportedEntry
from journal.services import transfers
from journal.services.transfers import Arrival, Brought, Changed
from journal.storage import checkins
from journal.storage import transfers as rows
from journal.storage.audit import AuditEvent
from journal.storage.base import Base
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast

HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
TWO_ROWS = HEADER + "2025-01-02,,,21:00,good,tea | walk,,A quiet evening\n2025-01-01,,,8:30 am,bad,,,\n"


def brought(database: Database, cast: Cast, text: str, **more: object) -> Brought:
    with database.unit_of_work() as db:
        return transfers.bring_in_daylio(
            db,
            the_patient(db, cast.alice),
            text.encode(),
            filename="/home/alice/daylio_export.csv",
            actor_account_id=cast.alice.account_id,
            now=NOW,
            **more,  # type: ignore[arg-type]
        )


def looked_into(database: Database, cast: Cast, text: str) -> Arrival:
    with database.look() as db:
        return transfers.look_into_daylio(
            db, the_patient(db, cast.alice), text.encode(), filename="d.csv", now=NOW
        )


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.look() as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def kept(database: Database, cast: Cast) -> list[ImportedEntry]:
    with database.look() as db:
        return [entry for _, entry in rows.entries_of(db, cast.alice.patient_id)]


def test_a_file_is_kept_on_its_own_scale_with_its_words_and_its_lines(database: Database, cast: Cast) -> None:
    result = brought(database, cast, TWO_ROWS)
    assert (len(result.arrival.new), result.arrival.known) == (2, 0)
    assert [
        (one.local_date, one.at, one.value, one.label, one.activities, one.note, one.file_row)
        for one in kept(database, cast)
    ] == [
        (date(2025, 1, 1), time(8, 30), 2.0, "bad", (), "", 3),
        (date(2025, 1, 2), time(21), 4.0, "good", ("tea", "walk"), "A quiet evening", 2),
    ]
    with database.look() as db:
        [batch] = rows.batches(db, cast.alice.patient_id)
        days = rows.imported_days(db, cast.alice.patient_id, date.min, date.max)
    assert (batch.file_name, batch.source, batch.entries, batch.shared) == (
        "daylio_export.csv", "daylio", 2, False,
    )  # fmt: skip
    assert (batch.first_date, batch.last_date) == (date(2025, 1, 1), date(2025, 1, 2))
    assert [(day.value, day.scale_min, day.scale_max) for day in days] == [(2.0, 1.0, 5.0), (4.0, 1.0, 5.0)]


def test_a_second_run_of_the_same_file_adds_nothing(database: Database, cast: Cast) -> None:
    brought(database, cast, TWO_ROWS)
    before = everything(database)
    again = brought(database, cast, TWO_ROWS)
    assert (again.batch_id, again.arrival.new, again.arrival.known) == ("", (), 2)
    assert everything(database) == before


def test_a_later_export_adds_what_is_new_in_it(database: Database, cast: Cast) -> None:
    brought(database, cast, TWO_ROWS)
    result = brought(database, cast, TWO_ROWS + "2025-01-03,,,21:00,rad,,,\n")
    assert (len(result.arrival.new), result.arrival.known, result.arrival.changed) == (1, 2, ())
    assert len(kept(database, cast)) == 3


def test_a_row_that_was_changed_is_new_and_shown_beside_the_earlier_one(
    database: Database, cast: Cast
) -> None:
    brought(database, cast, TWO_ROWS)
    changed = TWO_ROWS.replace("8:30 am,bad", "8:30 am,awful")
    assert looked_into(database, cast, changed).changed == (
        Changed(date(2025, 1, 1), time(8, 30), 3, "bad", 2.0, "awful", 1),
    )
    brought(database, cast, changed)
    assert [one.label for one in kept(database, cast)] == ["bad", "good", "awful"]


def test_a_second_entry_of_the_same_minute_is_no_change(database: Database, cast: Cast) -> None:
    brought(database, cast, TWO_ROWS)
    both = TWO_ROWS + "2025-01-01,,,8:30 am,meh,,,\n"
    assert looked_into(database, cast, both).changed == ()


def test_another_patients_file_is_another_patients(database: Database, cast: Cast) -> None:
    brought(database, cast, TWO_ROWS)
    with database.unit_of_work() as db:
        other = transfers.bring_in_daylio(
            db,
            the_patient(db, cast.dan),
            TWO_ROWS.encode(),
            filename="d.csv",
            actor_account_id=cast.dan.account_id,
            now=NOW,
        )
    assert len(other.arrival.new) == 2
    assert len(kept(database, cast)) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_empty"),
        ("Dear diary,\nit rained.\n", "daylio_not_recognised"),
        (HEADER, "daylio_no_rows"),
        (HEADER + "2025-01-01,,,8:30,good\n" + "2025-01-02,,,8:30,good,,,\n", "rows_unreadable"),
        (HEADER + "2027-01-01,,,8:30,good,,,\n", "rows_unreadable"),
        (HEADER + "2025-01-01,,,8:30,drained,,,\n2025-01-02,,,8:30,good,,,\n", "moods_unknown"),
        (HEADER + '2025-01-01,,,8:30,good,,,"open\n', "table_broken"),
    ],
)
def test_a_refused_file_leaves_the_database_as_it_was(
    database: Database, cast: Cast, text: str, code: str
) -> None:
    before = everything(database)
    with pytest.raises(Refused) as caught:
        brought(database, cast, text)
    assert caught.value.code == code
    assert everything(database) == before


def test_the_refusal_says_how_many_rows_and_where_the_first_is(database: Database, cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        brought(database, cast, HEADER + "2025-01-02,,,8:30,good,,,\nsoon,,,8:30,good,,,\n,,,,,,,x\n")
    assert caught.value.details == {"count": 2, "of": 3, "line": 3}


def test_a_mapping_gives_a_name_its_level_or_leaves_it_a_word(database: Database, cast: Cast) -> None:
    text = HEADER + "2025-01-01,,,8:30,drained,,,\n2025-01-02,,,8:30,beyond,,,\n"
    brought(database, cast, text, mood_levels={"drained": 2, "beyond": None})
    assert [(one.label, one.value) for one in kept(database, cast)] == [("drained", 2.0), ("beyond", None)]


def test_imported_values_enter_no_check_in_and_no_summary(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6)
    before = everything(database)
    today = NOW.date().isoformat()
    brought(database, cast, HEADER + f"{today},,,8:30,awful,,,\n")
    after = everything(database)
    assert {name for name in before if before[name] != after[name]} == {
        "import_batch", "imported_entry", "audit_event",
    }  # fmt: skip
    with database.look() as db:
        readings = checkins.readings_for(db, cast.alice.patient_id, sight=WHOLE)
        assert [reading.mood for reading in readings] == [6]


def test_no_word_of_a_file_lies_plain_in_the_database(
    sqlite_database: Database, cast_in_sqlite: Cast
) -> None:
    text = HEADER + "2025-01-01,,,8:30,goldfinch,heron,kingfisher,nightjar\n"
    brought(sqlite_database, cast_in_sqlite, text, mood_levels={"goldfinch": 4})
    with sqlite_database.look() as db:
        for name in ("import_batch", "imported_entry"):
            raw = repr(db.execute(sa.text(f"SELECT * FROM {name}")).all())
            for word in ("goldfinch", "heron", "kingfisher", "nightjar", "daylio_export"):
                assert word not in raw


@pytest.fixture
def cast_in_sqlite(sqlite_database: Database) -> Cast:
    """The cast in a SQLite database alone."""
    from tests.cast import assemble

    with sqlite_database.unit_of_work() as db:
        return assemble(db)


def test_a_file_is_private_until_its_owner_shares_it(database: Database, cast: Cast) -> None:
    result = brought(database, cast, TWO_ROWS)

    def seen_by_others() -> int:
        with database.look() as db:
            return len(rows.imported_days(db, cast.alice.patient_id, date.min, date.max, shared_only=True))

    assert seen_by_others() == 0
    for shared, days in ((True, 2), (False, 0)):
        with database.unit_of_work() as db:
            transfers.share_import(db, the_patient(db, cast.alice), result.batch_id, shared=shared)
        assert seen_by_others() == days


def test_a_removed_file_is_gone_and_can_come_again(database: Database, cast: Cast) -> None:
    result = brought(database, cast, TWO_ROWS)
    with database.unit_of_work() as db:
        transfers.remove_import(db, the_patient(db, cast.alice), result.batch_id)
    assert kept(database, cast) == []
    assert len(brought(database, cast, TWO_ROWS).arrival.new) == 2


def test_nobody_shares_or_removes_the_file_of_another(database: Database, cast: Cast) -> None:
    result = brought(database, cast, TWO_ROWS)
    before = everything(database)
    with database.unit_of_work() as db:
        dan = the_patient(db, cast.dan)
        with pytest.raises(NotFound):
            transfers.share_import(db, dan, result.batch_id, shared=True)
        with pytest.raises(NotFound):
            transfers.remove_import(db, dan, result.batch_id)
    assert everything(database) == before


def test_bringing_in_and_taking_out_are_in_the_audit(database: Database, cast: Cast) -> None:
    result = brought(database, cast, TWO_ROWS)
    with database.unit_of_work() as db:
        transfers.take_out(
            db,
            the_patient(db, cast.alice),
            actor_account_id=cast.alice.account_id,
            now=NOW + timedelta(hours=1),
        )
    with database.look() as db:
        acts = db.execute(sa.select(AuditEvent.act, AuditEvent.subject).order_by(AuditEvent.id)).all()
    assert [tuple(act) for act in acts] == [("imported", result.batch_id), ("exported", None)]


def test_a_file_of_a_strange_name_is_kept_under_what_is_readable_of_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        transfers.bring_in_daylio(
            db,
            the_patient(db, cast.alice),
            TWO_ROWS.encode(),
            filename="../../da\x00y\udcfflio.csv",
            actor_account_id=None,
            now=NOW,
        )
        assert rows.batches(db, cast.alice.patient_id)[0].file_name == "day?lio.csv"
