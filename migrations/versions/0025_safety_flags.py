"""Answers that somebody has to look at, and which clinics do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# What no row ever does. The sealed columns are not compared: a new key seals the same words anew.
_NEVER = {
    "moved": "OLD.patient_id <> NEW.patient_id OR OLD.assessment_id <> NEW.assessment_id"
    " OR OLD.created_at <> NEW.created_at OR OLD.source <> NEW.source",
    "calmed": "OLD.acute AND NOT NEW.acute",
    "reopened": "OLD.acknowledged_at IS NOT NULL AND (NEW.acknowledged_at IS NULL"
    " OR OLD.acknowledged_at <> NEW.acknowledged_at OR OLD.acknowledged_by_id <> NEW.acknowledged_by_id"
    " OR OLD.acute <> NEW.acute)",
    "looked_again": "OLD.second_at IS NOT NULL AND (NEW.second_at IS NULL OR OLD.second_at <> NEW.second_at"
    " OR OLD.second_by_id <> NEW.second_by_id)",
}


def upgrade() -> None:
    op.create_table(
        "safety_flag",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("acute", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_note", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)"
            " AND (acknowledged_at IS NULL) = (note IS NULL)",
            name=op.f("ck_safety_flag_acknowledged_by_name_with_a_note"),
        ),
        sa.CheckConstraint(
            "(second_at IS NULL) = (second_by_id IS NULL) AND (second_at IS NULL) = (second_note IS NULL)",
            name=op.f("ck_safety_flag_second_by_name_with_a_note"),
        ),
        sa.CheckConstraint(
            "second_at IS NULL OR (acknowledged_at IS NOT NULL AND second_by_id <> acknowledged_by_id)",
            name=op.f("ck_safety_flag_second_is_somebody_else"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_safety_flag_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_safety_flag_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"],
            ["provider.id"],
            name=op.f("fk_safety_flag_acknowledged_by_id_provider"),
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["provider.id"], name=op.f("fk_safety_flag_second_by_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_flag")),
        sa.UniqueConstraint("public_id", name=op.f("uq_safety_flag_public_id")),
    )
    op.create_index("ix_safety_flag_patient_time", "safety_flag", ["patient_id", "created_at"], unique=False)
    still_open = sa.text("acknowledged_at IS NULL")
    op.create_index(
        "uq_safety_flag_open",
        "safety_flag",
        ["assessment_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    _refuse_changes()
    op.create_table(
        "help_panel",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("right_now", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(right_now IS NULL) = (answered_at IS NULL)", name=op.f("ck_help_panel_answered_at_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_help_panel_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_help_panel_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_panel")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_help_panel_assessment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_help_panel_public_id")),
    )
    op.create_index(op.f("ix_help_panel_patient_id"), "help_panel", ["patient_id"], unique=False)
    op.create_table(
        "flag_review",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("stated_by_account_id", sa.Integer(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sends_notes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_flag_review_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["provider.id"],
            name=op.f("fk_flag_review_reviewer_id_provider"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stated_by_account_id"],
            ["account.id"],
            name=op.f("fk_flag_review_stated_by_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_flag_review")),
    )
    op.create_table(
        "flag_rota",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_flag_rota_weekday_range")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_flag_rota_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_flag_rota_provider_id_provider"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clinic_id", "weekday", name=op.f("pk_flag_rota")),
    )
    _add("clinic", sa.Column("phone", sa.String(length=40), nullable=False, server_default=""))
    _add("patient_summary", sa.Column("open_flags", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("patient_summary") as summary:
        summary.drop_column("open_flags")
    with op.batch_alter_table("clinic") as clinic:
        clinic.drop_column("phone")
    for table in ("flag_rota", "flag_review", "help_panel", "safety_flag"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION safety_flag_refuse()")


def _add(table: str, column: sa.Column[object]) -> None:
    with op.batch_alter_table(table) as changed:
        changed.add_column(column)
    with op.batch_alter_table(table) as changed:
        changed.alter_column(column.name, server_default=None)


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, changed in _NEVER.items():
            op.execute(
                f"CREATE TRIGGER safety_flag_never_{name} BEFORE UPDATE ON safety_flag WHEN {changed} "
                "BEGIN SELECT RAISE(ABORT, 'a flag is never taken back'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION safety_flag_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a flag is never taken back'; END $$"
    )
    for name, changed in _NEVER.items():
        op.execute(
            f"CREATE TRIGGER safety_flag_never_{name} BEFORE UPDATE ON safety_flag "
            f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION safety_flag_refuse()"
        )
