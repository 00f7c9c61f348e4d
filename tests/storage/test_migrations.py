"""Each migration goes up, down and up again with rows in the tables, on both databases.

By day each one by itself; by night from before each one to the newest, which takes as many steps as there are pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from journal.domain.consents import SUGGESTED
from journal.domain.reminders import ReminderRule, SlotTime
from journal.domain.unlocking import Lock
from journal.places import MIGRATIONS
from journal.services.digests import begin_notes
from journal.storage import accounts, migrating, reminders
from journal.storage.base import Base, UTCDateTime
from journal.storage.courses import Course, CoursePhaseChange
from journal.storage.database import Database
from journal.storage.reminder_pauses import pauses_of
from journal.storage.reminders import Reminder
from journal.storage.tables import __all__ as every_file
from tests import builders, lists
from tests.cast import NOW, Cast
from tests.reminding import claim, remind

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


def fill(database: Database) -> dict[str, int]:
    """Put one row into every table that has none yet, parents first; how many rows each table has."""
    counts = {}
    with database.unit_of_work() as db:
        for table in Base.metadata.sorted_tables:
            if not db.scalar(sa.select(sa.func.count()).select_from(table)):
                db.execute(
                    table.insert().values(**{column.name: value(db, column) for column in required(table)})
                )
            counts[table.name] = db.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    return counts


def required(table: sa.Table) -> list[sa.Column[object]]:
    return [column for column in table.columns if not column.nullable and not is_counted(column)]


def is_counted(column: sa.Column[object]) -> bool:
    return column.name == "id" and column.table.name != "installation"


CHOICES = {
    "drug": "other", "baseline_window_days": 14,
    "code": "nausea", "measured": "pre", "silence_days": 10, "set_aside.kind": "signal",
    "phase": "planned", "status": "planned", "source": "patient_reported", "recall": "moment", "via": "web",
    "rhythm": "restarted", "why": "edit", "state": "sent", "kind": "other", "role": "patient", "purpose": "sign_in",
}  # fmt: skip


def value(db: sa.orm.Session, column: sa.Column[object]) -> object:
    for key in column.foreign_keys:
        return db.scalar(sa.select(sa.func.min(key.column)))
    for name in (f"{column.table.name}.{column.name}", column.name):
        if name in CHOICES:
            return CHOICES[name]
    if column.name == "unsure":
        return True
    plain = column.type.impl_instance if isinstance(column.type, UTCDateTime) else column.type
    kind = list if isinstance(plain, sa.JSON) else plain.python_type
    return {
        int: 1, float: 1.0, bool: False, bytes: b"\x01", str: f"{column.table.name}.{column.name}"[:8], list: [],
        datetime: datetime(2026, 3, 30, tzinfo=UTC), date: date(2026, 3, 30),
    }[kind]  # fmt: skip


def test_the_newest_migration_gives_exactly_the_tables_in_the_code(database: Database) -> None:
    assert migrating.current(database.engine) == migrating.newest()
    assert migrating.differences(database.engine) == []


def test_a_table_without_a_migration_is_noticed(database: Database) -> None:
    with database.unit_of_work() as db:
        db.execute(sa.text("ALTER TABLE clinic ADD COLUMN colour VARCHAR(8)"))
    assert migrating.differences(database.engine) != []


SHAPES = {
    "sqlite": """
        SELECT tables.name, columns.name, columns.type || columns."notnull" || columns.pk, columns.dflt_value
            FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'
        UNION ALL SELECT tables.name, keys."from", keys."table", keys.on_delete
            FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table'
        UNION ALL SELECT tbl_name, name, type, sql FROM sqlite_master WHERE type IN ('index', 'trigger')
        ORDER BY 1, 2, 3, 4
    """,
    "postgresql": """
        SELECT attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod) || attnotnull,
                pg_get_expr(adbin, adrelid)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT conrelid::regclass::text, conname::text, contype::text, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        UNION ALL SELECT tablename::text, indexname::text, 'index', indexdef
            FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT tgrelid::regclass::text, tgname::text, 'trigger', pg_get_triggerdef(oid)
            FROM pg_trigger WHERE NOT tgisinternal
        ORDER BY 1, 2, 3, 4
    """,
}
"""Of every table its columns, keys, indexes and triggers; the order of the columns does not matter."""


def shape(db: sa.orm.Session, dialect: str) -> list[tuple[object, ...]]:
    """What a database is made of. SQLite says its checks nowhere but in the statement that made the table."""
    checks: list[tuple[object, ...]] = []
    if dialect == "sqlite":
        made = db.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
        checks = [(table, name) for table, sql in made for name in sorted(re.findall(r"\bck_\w+", sql))]
    return [tuple(row) for row in db.execute(sa.text(SHAPES[dialect]))] + sorted(checks)


def rows(db: sa.orm.Session, tables: Iterable[str]) -> dict[str, int]:
    return {name: db.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0 for name in tables}


def test_each_migration_goes_down_and_up_with_rows_in_the_tables(database: Database, cast: Cast) -> None:
    """From the newest to the oldest: down, up again to what there was before, and down to the next one."""
    dialect = database.engine.dialect.name
    tables = set(fill(database))
    for revision, below in zip(REVISIONS, [*REVISIONS[1:], "base"], strict=True):
        with database.look() as db:
            before, held = shape(db, dialect), rows(db, tables)
        migrating.downgrade(database.engine, below)
        with database.look() as db:
            kept = {str(table) for table, *_ in shape(db, dialect)} & tables
        migrating.upgrade(database.engine, revision)
        with database.look() as db:
            assert shape(db, dialect) == before, revision
            begun = (
                {"reminder": 3} if revision == "0015" else {}
            )  # both notes for each of the three providers
            assert rows(db, kept) == {name: held[name] + begun.get(name, 0) for name in kept}, revision
        migrating.downgrade(database.engine, below)
        tables = kept
    migrating.upgrade(database.engine)
    assert migrating.differences(database.engine) == []


def test_a_migration_that_comes_back_otherwise_is_noticed(database: Database) -> None:
    """The planted faults: an index, a trigger, a column that is another. Checks are among what is compared."""
    dialect = database.engine.dialect.name
    with database.look() as db:
        before = shape(db, dialect)
    assert any(str(row[1]).startswith("ck_") for row in before)
    trigger = "audit_event_no_update" if dialect == "sqlite" else "audit_event_no_change ON audit_event"
    for statement in (
        "DROP INDEX ix_audit_event_patient_time",
        f"DROP TRIGGER {trigger}",
        "ALTER TABLE clinic ADD COLUMN colour VARCHAR(8)",
    ):
        with pytest.raises(_Undone), database.unit_of_work() as db:
            db.execute(sa.text(statement))
            assert shape(db, dialect) != before, statement
            raise _Undone


class _Undone(Exception):
    """Takes a planted fault out again."""


@pytest.mark.night
@pytest.mark.parametrize("revision", REVISIONS)
def test_from_before_each_migration_rows_come_all_the_way_up(
    database: Database, cast: Cast, revision: str
) -> None:
    before = fill(database)
    below = ScriptDirectory(str(MIGRATIONS)).get_revision(revision).down_revision or "base"
    migrating.downgrade(database.engine, str(below))
    kept = set(sa.inspect(database.engine.execution_options(only_reads=True)).get_table_names())
    migrating.upgrade(database.engine)
    assert migrating.differences(database.engine) == []
    with database.look() as db:
        after = {name: db.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in before if name in kept}
    begun = {"reminder": 3} if revision <= "0015" else {}  # both notes for each of the three providers
    assert after == {name: count + begun.get(name, 0) for name, count in before.items() if name in kept}


def test_a_migration_that_fails_half_way_changes_nothing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        db.execute(sa.text("DROP TABLE rate_limit"))
    with pytest.raises(sa.exc.DatabaseError):
        migrating.downgrade(database.engine, "base")
    assert migrating.current(database.engine) == migrating.newest()
    with database.look() as db:
        assert db.scalar(sa.text("SELECT count(*) FROM patient")) == 2


def test_every_file_of_tables_is_known_to_the_migrations() -> None:
    files = (MIGRATIONS.parent / "journal" / "storage").glob("*.py")
    with_tables = {path.stem for path in files if "__tablename__ =" in path.read_text(encoding="utf-8")}
    assert with_tables <= set(every_file)


def test_web_sessions_from_before_the_lock_begin_locked(database: Database, cast: Cast) -> None:
    migrating.downgrade(database.engine, "0009")
    with database.unit_of_work() as db:
        db.execute(
            sa.text(
                "INSERT INTO web_session (account_id, token_hash, began_at, seen_at, ends_at)"
                " VALUES (:account, 't', :now, :now, :end)"
            ),
            {"account": cast.alice.account_id, "now": "2026-03-30 12:00:00", "end": "2026-04-29 12:00:00"},
        )
    migrating.upgrade(database.engine)
    with database.look() as db:
        held = accounts.signed_in(db, "t", now=NOW)
    assert held is not None
    assert held.lock == Lock(used_at=None, proved_at=None, stays_open=False)


def test_providers_from_before_the_notes_begin_with_both(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        accounts.disable_account(db, cast.carol.account_id, now=NOW)
    migrating.downgrade(database.engine, "0014")
    migrating.upgrade(database.engine)
    with database.look() as db:
        rows = {row.account_id: row for row in db.scalars(sa.select(Reminder))}
        assert set(rows) == {cast.bob.account_id, cast.frank.account_id}
        notes = rows[cast.bob.account_id]
        assert (notes.kind, notes.channels, notes.planned_with, notes.plan) == ("notes", ["email"], None, 0)
        assert reminders.rule_of(notes) == ReminderRule(
            (SlotTime("digest", time(8, 0), frozenset({1})),), "Europe/Berlin", before_visits=True
        )


def test_of_pauses_from_before_they_were_kept_only_the_present_one_is_known(
    database: Database, cast: Cast
) -> None:
    for person, until in ((cast.alice, date(9999, 1, 5)), (cast.dan, date(2020, 1, 5))):
        remind(database, person, "20:30", at=NOW)
        with database.unit_of_work() as db:
            db.execute(
                sa.update(Reminder).where(Reminder.account_id == person.account_id).values(paused_until=until)
            )
    migrating.downgrade(database.engine, "0025")
    migrating.upgrade(database.engine)
    with database.look() as db:
        assert [pause.last for pause in pauses_of(db, cast.alice.patient_id)] == [date(9999, 1, 4)]
        assert pauses_of(db, cast.dan.patient_id) == ()


def test_courses_from_before_the_phases_stand_where_they_stood(database: Database, cast: Cast) -> None:
    migrating.downgrade(database.engine, "0018")
    courses = (
        ("a", "induction", "iv", "2026-03-02", None),
        ("b", "maintenance", "in_esketamine", None, None),
        ("c", "ended", None, "2026-01-02", "2026-02-20"),
    )
    with database.unit_of_work() as db:
        for public_id, phase, route, start, end in courses:
            db.execute(
                sa.text(
                    "INSERT INTO course"
                    " (patient_id, public_id, phase, default_route, start_date, end_date, created_at)"
                    " VALUES (:patient, :public_id, :phase, :route, :start, :end, '2026-03-05 09:00:00+00:00')"
                ),
                {
                    "patient": cast.alice.patient_id,
                    "public_id": public_id,
                    "phase": phase,
                    "route": route,
                    "start": start and date.fromisoformat(start),
                    "end": end and date.fromisoformat(end),
                },
            )
    migrating.upgrade(database.engine)
    with database.look() as db:
        rows = db.execute(
            sa.select(Course.public_id, Course.drug, CoursePhaseChange.phase, CoursePhaseChange.local_date)
            .join(CoursePhaseChange, CoursePhaseChange.course_id == Course.id)
            .order_by(Course.public_id)
        ).all()
    assert rows == [
        ("a", "ketamine_racemic", "induction", date(2026, 3, 2)),
        ("b", "esketamine", "maintenance", date(2026, 3, 5)),
        ("c", "ketamine_racemic", "ended", date(2026, 2, 20)),
    ]


def test_going_back_before_the_notes_leaves_the_ledger_and_patients_rules(
    database: Database, cast: Cast
) -> None:
    remind(database, cast.alice, "20:00", at=NOW)
    with database.unit_of_work() as db:
        begin_notes(db, cast.bob.account_id, now=NOW)
    claim(database, datetime(2026, 4, 6, 6, 0, tzinfo=UTC))
    migrating.downgrade(database.engine, "0014")
    with database.look() as db:
        assert list(db.scalars(sa.text("SELECT kind FROM reminder"))) == ["checkin"]
        assert db.scalar(sa.text("SELECT count(*) FROM delivery WHERE slot = 'digest'")) == 1
        assert db.scalar(sa.text("SELECT count(*) FROM reminder_queue WHERE slot = 'digest'")) == 0


@pytest.mark.parametrize("down", ["0029", "0030"])
def test_after_going_back_and_on_every_line_is_worked_out_again(
    database: Database, cast: Cast, down: str
) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, *SUGGESTED)
    lists.keep(database)
    migrating.downgrade(database.engine, down)
    with database.unit_of_work() as db:  # its triggers work there too
        db.execute(sa.text("UPDATE patient SET display_name = 'Daniel' WHERE id = 2"))
        builders.share(db, cast.dan, cast.frank, *SUGGESTED)
    migrating.upgrade(database.engine)
    with database.look() as db:
        assert lists.behind(db) == {1, 2, 3, 4}
        assert db.scalar(sa.text("SELECT count(*) FROM caseload_line")) == 4
    lists.keep(database)
    with database.unit_of_work() as db:
        assert lists.behind(db) == set()
        db.execute(sa.text("UPDATE patient SET display_name = 'Dan' WHERE id = 2"))
        assert len(lists.behind(db)) == 2


def test_going_back_before_the_lock_ends_its_codes(database: Database, cast: Cast) -> None:
    def add(purpose: accounts.Purpose) -> None:
        with database.unit_of_work() as db:
            accounts.add_link(
                db, cast.alice.account_id, purpose, token_hash=purpose.value, now=NOW, ends_at=NOW
            )

    add(accounts.Purpose.UNLOCK)
    add(accounts.Purpose.SET_UP)
    migrating.downgrade(database.engine, "0009")
    with database.look() as db:
        assert list(db.scalars(sa.text("SELECT purpose FROM one_time_link"))) == ["set_up"]
    with pytest.raises(sa.exc.IntegrityError):
        add(accounts.Purpose.UNLOCK)
