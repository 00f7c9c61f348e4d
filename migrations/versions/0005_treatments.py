"""Courses, treatment sessions, appointments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("indication", sa.LargeBinary(), nullable=True),
        sa.Column("default_route", sa.String(length=16), nullable=True),
        sa.Column("planned_sessions", sa.Integer(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "default_route IN ('iv', 'im', 'sc', 'in_esketamine', 'in_racemic', "
            "'oral', 'sublingual', 'buccal', 'other')",
            name=op.f("ck_course_default_route_known"),
        ),
        sa.CheckConstraint(
            "phase IN ('planned', 'induction', 'maintenance', 'paused', 'ended')",
            name=op.f("ck_course_phase_known"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_course_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("public_id", name=op.f("uq_course_public_id")),
    )
    op.create_index(op.f("ix_course_patient_id"), "course", ["patient_id"], unique=False)
    op.create_table(
        "treatment_session",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("route", sa.String(length=16), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("note_shared", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("by_provider_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "route IN ('iv', 'im', 'sc', 'in_esketamine', 'in_racemic', 'oral', 'sublingual', 'buccal', 'other')",
            name=op.f("ck_treatment_session_route_known"),
        ),
        sa.CheckConstraint(
            "source IN ('patient_reported', 'clinician_recorded')",
            name=op.f("ck_treatment_session_source_known"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'completed', 'cancelled', 'missed', 'stopped_early')",
            name=op.f("ck_treatment_session_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["by_provider_id"], ["provider.id"], name=op.f("fk_treatment_session_by_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_treatment_session_course_id_course"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_treatment_session_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_treatment_session_public_id")),
    )
    op.create_index(
        "ix_treatment_session_patient_day", "treatment_session", ["patient_id", "local_date"], unique=False
    )
    op.create_table(
        "appointment",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "kind IN ('therapy', 'follow_up', 'other')", name=op.f("ck_appointment_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'kept', 'cancelled')", name=op.f("ck_appointment_status_known")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_appointment_clinic_id_clinic")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_appointment_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_appointment_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appointment_public_id")),
    )
    op.create_index("ix_appointment_patient_time", "appointment", ["patient_id", "starts_at"], unique=False)
    op.create_index("ix_appointment_provider_time", "appointment", ["provider_id", "starts_at"], unique=False)


def downgrade() -> None:
    op.drop_table("appointment")
    op.drop_table("treatment_session")
    op.drop_table("course")
