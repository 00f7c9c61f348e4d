"""That something changed of what a list shows of a patient: a row of its own, in place of a number counted up.

Counting up made two acts on one patient wait for the row with the number, each perhaps with rows that the other wanted
next.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# What a caseload's line is made of, as migration 0029 has it: how its rows name the patient, and what touches them. New
# check-ins come with a changed summary.
_PATIENT = "{row}.patient_id"
_OF_COURSE = "(SELECT course.patient_id FROM course WHERE course.id = {row}.course_id)"
_OF_SESSION = (
    "(SELECT one.patient_id FROM treatment_session AS one WHERE one.id = {row}.treatment_session_id)"
)
_SOURCES = {
    "check_in": (_PATIENT, ("UPDATE", "DELETE")),
    "treatment_session": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "vitals": (_OF_SESSION, ("INSERT", "UPDATE", "DELETE")),
    "side_effect": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "course": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "course_phase_change": (_OF_COURSE, ("INSERT", "UPDATE", "DELETE")),
    "steady_days": (_OF_COURSE, ("INSERT", "UPDATE", "DELETE")),
    "medication": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "long_term_check": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "clinic_items": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "safety_flag": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "assessment": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "appointment": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "reminder_pause": (_PATIENT, ("INSERT", "UPDATE", "DELETE")),
    "patient": ("{row}.id", ("UPDATE",)),
}
_ONLY_IF = {"assessment": "{row}.completed_at IS NOT NULL"}

# Of a patient who is being erased nothing is noted: the rows go one after the other, the patient's own first.
# SQLite has one writer at a time, and runs triggers for each row: there a patient has one change, with a new number.
_NOTED_ON_SQLITE = (
    "DELETE FROM patient_change WHERE patient_id = {whose}; "
    "INSERT INTO patient_change (patient_id) SELECT id FROM patient WHERE id = {whose};"
)
# A transaction's own row, which nobody else can see yet, is as good as another: an import of thousands adds one.
_NOTED_ON_POSTGRESQL = (
    "INSERT INTO patient_change (patient_id) SELECT patient.id FROM patient "
    "WHERE patient.id IN (SELECT {whose} FROM touched{only}) AND NOT EXISTS ("
    "SELECT FROM patient_change AS own "
    "WHERE own.patient_id = patient.id AND own.xmin = pg_current_xact_id()::xid)"
)
_COUNTED = "UPDATE patient_summary SET revision = revision + 1 WHERE patient_id"
_BEHIND_BY_REVISION = (
    "SELECT DISTINCT patient_summary.patient_id FROM caseload_line "
    "JOIN consent ON consent.id = caseload_line.consent_id "
    "JOIN patient_summary ON patient_summary.patient_id = consent.patient_id "
    "WHERE caseload_line.revision <> patient_summary.revision"
)


def upgrade() -> None:
    op.create_table(
        "patient_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_change_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_patient_change_patient_id"), "patient_change", ["patient_id"])
    _stop_watching()
    op.execute(f"INSERT INTO patient_change (patient_id) {_BEHIND_BY_REVISION}")
    _exchange(
        "caseload_line", "revision", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    with op.batch_alter_table("patient_summary") as summary:
        summary.drop_column("revision")
    _watch(sqlite=_NOTED_ON_SQLITE, postgresql=_NOTED_ON_POSTGRESQL)
    _watch_summary()


def downgrade() -> None:
    _stop_watching()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER caseload_behind_patient_summary_update")
    else:
        op.execute("DROP TRIGGER caseload_behind_patient_summary_update ON patient_summary")
        op.execute("DROP FUNCTION caseload_behind_patient_summary()")
    _exchange(
        "caseload_line", "version", sa.Column("revision", sa.Integer(), nullable=False, server_default="0")
    )
    _exchange(
        "patient_summary", None, sa.Column("revision", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(f"{_COUNTED} IN (SELECT patient_id FROM patient_change)")  # noqa: S608 - our own names
    op.drop_table("patient_change")
    _watch(
        sqlite=f"{_COUNTED} = {{whose}};",
        postgresql=f"{_COUNTED} IN (SELECT {{whose}} FROM touched{{only}})",  # noqa: S608
    )


def _exchange(table: str, old: str | None, new: sa.Column[int]) -> None:
    """Another column in the place of one; rows that are there begin with its default, and new ones without."""
    with op.batch_alter_table(table) as changed:
        if old is not None:
            changed.drop_column(old)
        changed.add_column(new)
    with op.batch_alter_table(table) as changed:
        changed.alter_column(new.name, server_default=None)


def _stop_watching() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER caseload_line_over")  # it speaks of a table that is made anew
    for table, (_whose, events) in _SOURCES.items():
        for event in events:
            name = f"caseload_behind_{table}_{event.lower()}"
            op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
        if not is_sqlite:
            op.execute(f"DROP FUNCTION caseload_behind_{table}()")


def _watch(*, sqlite: str, postgresql: str) -> None:
    """Say one of the two after every statement; on PostgreSQL once, however many rows it touched."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute(
            "CREATE TRIGGER caseload_line_over AFTER UPDATE ON consent WHEN NEW.ended_at IS NOT NULL "
            "BEGIN DELETE FROM caseload_line WHERE consent_id = NEW.id; END"
        )
    for table, (whose, events) in _SOURCES.items():
        if not is_sqlite:
            only = f" WHERE {_ONLY_IF[table].format(row='touched')}" if table in _ONLY_IF else ""
            noted = postgresql.format(whose=whose.format(row="touched"), only=only)
            op.execute(
                f"CREATE FUNCTION caseload_behind_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"{noted}; RETURN NULL; END $$"
            )
        for event in events:
            row = "OLD" if event == "DELETE" else "NEW"
            name = f"caseload_behind_{table}_{event.lower()}"
            if is_sqlite:
                only = f"WHEN {_ONLY_IF[table].format(row=row)} " if table in _ONLY_IF else ""
                noted = sqlite.format(whose=whose.format(row=row))
                op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} {only}BEGIN {noted} END")
            else:
                op.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {row} TABLE AS touched "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION caseload_behind_{table}()"
                )


def _watch_summary() -> None:
    """The one that every check-in waits for: row by row and without a question, which takes a third of the time."""
    noted = "INSERT INTO patient_change (patient_id) VALUES (NEW.patient_id);"
    created = "CREATE TRIGGER caseload_behind_patient_summary_update AFTER UPDATE ON patient_summary"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{created} BEGIN {noted} END")
        return
    op.execute(
        "CREATE FUNCTION caseload_behind_patient_summary() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {noted} RETURN NULL; END $$"
    )
    op.execute(f"{created} FOR EACH ROW EXECUTE FUNCTION caseload_behind_patient_summary()")
