"""Check-ins, versions, submissions, activity chips."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("recall", sa.String(length=8), nullable=False),
        sa.Column("felt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_skew_s", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("utc_offset_min", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(length=8), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=True),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("interest", sa.Integer(), nullable=True),
        sa.Column("anxiety", sa.Integer(), nullable=True),
        sa.Column("energy", sa.Integer(), nullable=True),
        sa.Column("sleep_quality", sa.Integer(), nullable=True),
        sa.Column("sleep_min", sa.Integer(), nullable=True),
        sa.Column("bed_time", sa.String(length=5), nullable=True),
        sa.Column("wake_time", sa.String(length=5), nullable=True),
        sa.Column("awakenings", sa.Integer(), nullable=True),
        sa.Column("sol_min", sa.Integer(), nullable=True),
        sa.Column("waso_min", sa.Integer(), nullable=True),
        sa.Column("activity_min", sa.Integer(), nullable=True),
        sa.Column("activity_type", sa.JSON(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("social", sa.Integer(), nullable=True),
        sa.Column("meaningful", sa.Boolean(), nullable=True),
        sa.Column("connection", sa.Integer(), nullable=True),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("meals", sa.Boolean(), nullable=True),
        sa.Column("alcohol", sa.Integer(), nullable=True),
        sa.Column("cannabis", sa.Boolean(), nullable=True),
        sa.Column("other_substances", sa.LargeBinary(), nullable=True),
        sa.Column("substances_shared", sa.Boolean(), nullable=False),
        sa.Column("meds_taken", sa.String(length=8), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("note_shared", sa.Boolean(), nullable=False),
        sa.Column("starred", sa.Boolean(), nullable=False),
        sa.Column("tags", sa.LargeBinary(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "meds_taken IN ('yes', 'partly', 'no', 'na')", name=op.f("ck_check_in_meds_taken_known")
        ),
        sa.CheckConstraint("recall IN ('moment', 'day')", name=op.f("ck_check_in_recall_known")),
        sa.CheckConstraint("via IN ('web', 'offline', 'link', 'sms')", name=op.f("ck_check_in_via_known")),
        sa.CheckConstraint("(mood IS NULL) = unsure", name=op.f("ck_check_in_mood_or_unsure")),
        sa.CheckConstraint("activity_min BETWEEN 0 AND 1440", name=op.f("ck_check_in_activity_min_range")),
        sa.CheckConstraint("alcohol BETWEEN 0 AND 50", name=op.f("ck_check_in_alcohol_range")),
        sa.CheckConstraint("anxiety BETWEEN 0 AND 4", name=op.f("ck_check_in_anxiety_range")),
        sa.CheckConstraint("awakenings BETWEEN 0 AND 20", name=op.f("ck_check_in_awakenings_range")),
        sa.CheckConstraint("connection BETWEEN 0 AND 4", name=op.f("ck_check_in_connection_range")),
        sa.CheckConstraint("energy BETWEEN 0 AND 4", name=op.f("ck_check_in_energy_range")),
        sa.CheckConstraint("interest BETWEEN 0 AND 4", name=op.f("ck_check_in_interest_range")),
        sa.CheckConstraint("mood BETWEEN 0 AND 10", name=op.f("ck_check_in_mood_range")),
        sa.CheckConstraint("pain BETWEEN 0 AND 10", name=op.f("ck_check_in_pain_range")),
        sa.CheckConstraint("sleep_min BETWEEN 0 AND 1440", name=op.f("ck_check_in_sleep_min_range")),
        sa.CheckConstraint("sleep_quality BETWEEN 0 AND 4", name=op.f("ck_check_in_sleep_quality_range")),
        sa.CheckConstraint("social BETWEEN 0 AND 2", name=op.f("ck_check_in_social_range")),
        sa.CheckConstraint("sol_min BETWEEN 0 AND 600", name=op.f("ck_check_in_sol_min_range")),
        sa.CheckConstraint("steps BETWEEN 0 AND 100000", name=op.f("ck_check_in_steps_range")),
        sa.CheckConstraint("waso_min BETWEEN 0 AND 600", name=op.f("ck_check_in_waso_min_range")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_check_in_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("patient_id", "client_key", name=op.f("uq_check_in_patient_id_client_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_check_in_public_id")),
    )
    op.create_index("ix_check_in_patient_day", "check_in", ["patient_id", "local_date"], unique=False)
    op.create_table(
        "check_in_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("why IN ('edit', 'conflict')", name=op.f("ck_check_in_version_why_known")),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_in.id"],
            name=op.f("fk_check_in_version_check_in_id_check_in"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_version")),
    )
    op.create_index(
        op.f("ix_check_in_version_check_in_id"), "check_in_version", ["check_in_id"], unique=False
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("check_in_public_id", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_submission_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("patient_id", "client_key", name=op.f("uq_submission_patient_id_client_key")),
    )
    op.create_table(
        "activity_chip",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("preset", sa.String(length=24), nullable=True),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_activity_chip_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_chip")),
        sa.UniqueConstraint("patient_id", "preset", name=op.f("uq_activity_chip_patient_id_preset")),
        sa.UniqueConstraint("public_id", name=op.f("uq_activity_chip_public_id")),
    )
    op.create_index(op.f("ix_activity_chip_patient_id"), "activity_chip", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("activity_chip")
    op.drop_table("submission")
    op.drop_table("check_in_version")
    op.drop_table("check_in")
