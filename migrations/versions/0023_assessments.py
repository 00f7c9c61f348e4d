"""Questionnaires: how often they are asked, and what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("scored_as", sa.String(length=16), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("overlaps_session", sa.Boolean(), nullable=False),
        sa.Column("via", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("via IN ('web', 'kiosk')", name=op.f("ck_assessment_via_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_assessment_version_counts")),
        sa.CheckConstraint(
            "opened_at IS NOT NULL OR (saved_at IS NULL AND completed_at IS NULL AND expired_at IS NULL)",
            name=op.f("ck_assessment_opened_first"),
        ),
        sa.CheckConstraint(
            "(saved_at IS NULL) = (answers IS NULL)", name=op.f("ck_assessment_saved_with_answers")
        ),
        sa.CheckConstraint(
            "(completed_at IS NULL) = (completed_on IS NULL)", name=op.f("ck_assessment_completed_on_a_day")
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR expired_at IS NULL", name=op.f("ck_assessment_completed_or_missed")
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR saved_at IS NOT NULL", name=op.f("ck_assessment_completed_with_answers")
        ),
        sa.CheckConstraint(
            "(completed_at IS NULL) = (scored_as IS NULL)", name=op.f("ck_assessment_scored_when_completed")
        ),
        sa.CheckConstraint(
            "total IS NULL OR (total >= 0 AND completed_at IS NOT NULL)",
            name=op.f("ck_assessment_total_of_the_whole"),
        ),
        sa.CheckConstraint("answered BETWEEN 0 AND asked", name=op.f("ck_assessment_answered_of_asked")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_assessment_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessment_public_id")),
    )
    op.create_index("ix_assessment_patient_due", "assessment", ["patient_id", "due_on"], unique=False)
    waiting = sa.text("completed_at IS NULL AND expired_at IS NULL")
    op.create_index(
        "uq_assessment_waiting",
        "assessment",
        ["patient_id", "instrument"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "assessment_plan",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("rhythm", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("by_provider_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "rhythm IN ('restarted', 'fixed', 'weekly_first', 'monthly')",
            name=op.f("ck_assessment_plan_rhythm_known"),
        ),
        sa.CheckConstraint(
            "(rhythm = 'weekly_first') = (since IS NOT NULL)",
            name=op.f("ck_assessment_plan_weekly_since_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_assessment_plan_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_provider_id"],
            ["provider.id"],
            name=op.f("fk_assessment_plan_by_provider_id_provider"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_plan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessment_plan_public_id")),
        sa.UniqueConstraint(
            "patient_id", "instrument", name=op.f("uq_assessment_plan_patient_id_instrument")
        ),
    )


def downgrade() -> None:
    op.drop_table("assessment_plan")
    op.drop_table("assessment")
