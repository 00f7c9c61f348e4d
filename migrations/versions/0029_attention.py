"""Who wants a look first, what a clinic wants to be shown of that, and the steady days that a provider chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# What a caseload's line is made of, beside new check-ins: those count themselves in the UPDATE that they make anyway.
# Each with how its rows name the patient. A condition keeps what says nothing yet from holding up anybody.
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


def upgrade() -> None:
    _add("patient_summary", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "caseload_line",
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kinds", sa.Integer(), nullable=False),
        sa.Column("flag_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silent_days", sa.Integer(), nullable=True),
        sa.Column("last_check_in_on", sa.Date(), nullable=True),
        sa.Column("last_session_on", sa.Date(), nullable=True),
        sa.Column("phq9_change", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["consent.id"],
            name=op.f("fk_caseload_line_consent_id_consent"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_caseload_line")),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('watched', 'signal', 'fading', 'silence')", name=op.f("ck_set_aside_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_set_aside_provider_id_provider"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_set_aside_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint(
            "provider_id", "patient_id", "kind", name=op.f("uq_set_aside_provider_id_patient_id_kind")
        ),
    )
    op.create_table(
        "clinic_attention",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("signal", sa.Boolean(), nullable=False),
        sa.Column("fading", sa.Boolean(), nullable=False),
        sa.Column("silence", sa.Boolean(), nullable=False),
        sa.Column("silence_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "silence_days BETWEEN 3 AND 30", name=op.f("ck_clinic_attention_silence_days_range")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"],
            ["clinic.id"],
            name=op.f("fk_clinic_attention_clinic_id_clinic"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_clinic_attention")),
    )
    op.create_table(
        "steady_days",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("by_provider_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_steady_days_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_steady_days_course_id_course"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_provider_id"],
            ["provider.id"],
            name=op.f("fk_steady_days_by_provider_id_provider"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_steady_days")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _watch_on_sqlite()
    else:
        _watch_on_postgresql()


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, (_whose, events) in _SOURCES.items():
        for event in events:
            name = f"caseload_behind_{table}_{event.lower()}"
            op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
    if is_sqlite:
        op.execute("DROP TRIGGER caseload_line_over")
    else:
        op.execute("DROP TRIGGER caseload_line_over ON consent")
        op.execute("DROP FUNCTION caseload_line_over()")
        for table in _SOURCES:
            op.execute(f"DROP FUNCTION caseload_behind_{table}()")
    for table in ("steady_days", "clinic_attention", "set_aside", "caseload_line"):
        op.drop_table(table)
    with op.batch_alter_table("patient_summary") as summary:
        summary.drop_column("revision")


def _add(table: str, column: sa.Column[object]) -> None:
    with op.batch_alter_table(table) as changed:
        changed.add_column(column)
    with op.batch_alter_table(table) as changed:
        changed.alter_column(column.name, server_default=None)


def _watch_on_sqlite() -> None:
    for table, (whose, events) in _SOURCES.items():
        for event in events:
            row = "OLD" if event == "DELETE" else "NEW"
            only = f"WHEN {_ONLY_IF[table].format(row=row)} " if table in _ONLY_IF else ""
            op.execute(
                f"CREATE TRIGGER caseload_behind_{table}_{event.lower()} AFTER {event} ON {table} {only}"  # noqa: S608 - our own names
                "BEGIN UPDATE patient_summary SET revision = revision + 1 "
                f"WHERE patient_id = {whose.format(row=row)}; END"
            )
    op.execute(
        "CREATE TRIGGER caseload_line_over AFTER UPDATE ON consent WHEN NEW.ended_at IS NOT NULL "
        "BEGIN DELETE FROM caseload_line WHERE consent_id = NEW.id; END"
    )


def _watch_on_postgresql() -> None:
    """By statement, so that an act on ten years of rows counts once."""
    for table, (whose, events) in _SOURCES.items():
        only = f" WHERE {_ONLY_IF[table].format(row='touched')}" if table in _ONLY_IF else ""
        op.execute(
            f"CREATE FUNCTION caseload_behind_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
            "UPDATE patient_summary SET revision = revision + 1 WHERE patient_id IN "
            f"(SELECT {whose.format(row='touched')} FROM touched{only}); RETURN NULL; END $$"
        )
        for event in events:
            rows = "OLD" if event == "DELETE" else "NEW"
            op.execute(
                f"CREATE TRIGGER caseload_behind_{table}_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT "
                f"EXECUTE FUNCTION caseload_behind_{table}()"
            )
    op.execute(
        "CREATE FUNCTION caseload_line_over() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN DELETE FROM caseload_line WHERE consent_id = NEW.id; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER caseload_line_over AFTER UPDATE ON consent "
        "FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION caseload_line_over()"
    )
