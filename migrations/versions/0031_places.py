"""Where each person stands on a list, kept with their line, and a line from a consent's first moment to its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Two tables more that a line is made of since it holds what its reader is shown. As migration 0030 has the others.
_SOURCES = ("set_aside", "provider_note")
_EVENTS = ("INSERT", "UPDATE", "DELETE")
_OLD_COLUMNS = (
    sa.Column("kinds", sa.Integer(), nullable=False),
    sa.Column("flag_since", sa.DateTime(timezone=True), nullable=True),
)
_NEW_COLUMNS = (
    sa.Column("provider_id", sa.Integer(), nullable=False),
    sa.Column("patient_id", sa.Integer(), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("why", sa.Integer(), nullable=False),
    sa.Column("place_key", sa.BigInteger(), nullable=False),
    sa.Column("next_visit_at", sa.DateTime(timezone=True), nullable=True),
)
_INDEXES = {
    "place": ["provider_id", "why", "place_key", "good_until", "expires_at"],
    "good_until": ["provider_id", "good_until", "expires_at"],
    "next_visit": ["provider_id", "next_visit_at", "good_until", "expires_at"],
}
_BEGIN = (
    "INSERT INTO caseload_line (consent_id, provider_id, patient_id, expires_at, version, good_until, why, place_key)"
    " SELECT id, provider_id, patient_id, expires_at, 0, '1970-01-01 00:00:00.000000{utc}', 8, 4611686018427387904"
    " FROM consent WHERE ended_at IS NULL{one}"
)
"""Not worked out yet: among everyone else, with no visit ahead (``journal.domain.caseloads``)."""


def upgrade() -> None:
    _make_anew(_NEW_COLUMNS, facts_may_be_missing=True)
    for name, indexed in _INDEXES.items():
        op.create_index(f"ix_caseload_line_{name}", "caseload_line", indexed)
    op.create_index(op.f("ix_caseload_line_patient_id"), "caseload_line", ["patient_id"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    utc = "" if is_sqlite else "+00"
    op.execute(_BEGIN.format(utc=utc, one=""))
    if is_sqlite:
        one = _BEGIN.format(utc=utc, one=" AND id = NEW.id")
        op.execute(f"CREATE TRIGGER caseload_line_begins AFTER INSERT ON consent BEGIN {one}; END")
    else:
        one = _BEGIN.format(utc=utc, one=" AND id = NEW.id")
        op.execute(
            "CREATE FUNCTION caseload_line_begins() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {one}; RETURN NULL; END $$"
        )
        op.execute(
            "CREATE TRIGGER caseload_line_begins AFTER INSERT ON consent "
            "FOR EACH ROW EXECUTE FUNCTION caseload_line_begins()"
        )
    for table in _SOURCES:
        _watch(table, is_sqlite=is_sqlite)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _SOURCES:
        for event in _EVENTS:
            name = f"caseload_behind_{table}_{event.lower()}"
            op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
        if not is_sqlite:
            op.execute(f"DROP FUNCTION caseload_behind_{table}()")
    op.execute("DROP TRIGGER caseload_line_begins" + ("" if is_sqlite else " ON consent"))
    if not is_sqlite:
        op.execute("DROP FUNCTION caseload_line_begins()")
    _make_anew(_OLD_COLUMNS, facts_may_be_missing=False)


def _make_anew(columns: tuple[sa.Column[object], ...], *, facts_may_be_missing: bool) -> None:
    """Every line is worked out from nothing whenever it is missing, so none is carried over."""
    op.drop_table("caseload_line")
    keys = [
        sa.ForeignKeyConstraint(
            [name],
            [f"{name.removesuffix('_id')}.id"],
            name=op.f(f"fk_caseload_line_{name}_{name.removesuffix('_id')}"),
            ondelete=erased,
        )
        for name, erased in (("provider_id", None), ("patient_id", "CASCADE"))
        if any(column.name == name for column in columns)
    ]
    op.create_table(
        "caseload_line",
        sa.Column("consent_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_days", sa.Integer(), nullable=True),
        sa.Column("last_check_in_on", sa.Date(), nullable=True),
        sa.Column("last_session_on", sa.Date(), nullable=True),
        sa.Column("phq9_change", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=facts_may_be_missing),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["consent.id"],
            name=op.f("fk_caseload_line_consent_id_consent"),
            ondelete="CASCADE",
        ),
        *keys,
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_caseload_line")),
    )


def _watch(table: str, *, is_sqlite: bool) -> None:
    if not is_sqlite:
        op.execute(
            f"CREATE FUNCTION caseload_behind_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
            "INSERT INTO patient_change (patient_id) SELECT patient.id FROM patient "
            "WHERE patient.id IN (SELECT touched.patient_id FROM touched) AND NOT EXISTS ("
            "SELECT FROM patient_change AS own "
            "WHERE own.patient_id = patient.id AND own.xmin = pg_current_xact_id()::xid); RETURN NULL; END $$"
        )
    for event in _EVENTS:
        row = "OLD" if event == "DELETE" else "NEW"
        name = f"caseload_behind_{table}_{event.lower()}"
        if is_sqlite:
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} "  # noqa: S608 - our own names
                f"BEGIN DELETE FROM patient_change WHERE patient_id = {row}.patient_id; "
                f"INSERT INTO patient_change (patient_id) SELECT id FROM patient WHERE id = {row}.patient_id; END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {row} TABLE AS touched "
                f"FOR EACH STATEMENT EXECUTE FUNCTION caseload_behind_{table}()"
            )
