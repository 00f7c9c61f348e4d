"""Medicines, key moments and the two-weekly check."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_SOURCES = "('patient_reported', 'clinician_recorded')"
_ASKED = (
    "urinary_urgency_frequency",
    "pain_on_urination",
    "blood_in_urine",
    "lower_abdominal_pain",
    "memory_trouble",
    "craving_or_extra_use",
)


def upgrade() -> None:
    op.create_table(
        "medication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("dose", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("psychiatric", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("by_provider_id", sa.Integer(), nullable=True),
        sa.Column("ended_source", sa.String(length=24), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"source IN {_SOURCES}", name=op.f("ck_medication_source_known")),
        sa.CheckConstraint(f"ended_source IN {_SOURCES}", name=op.f("ck_medication_ended_source_known")),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_medication_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["by_provider_id"], ["provider.id"], name=op.f("fk_medication_by_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_medication_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medication")),
        sa.UniqueConstraint("public_id", name=op.f("uq_medication_public_id")),
    )
    op.create_index(op.f("ix_medication_patient_id"), "medication", ["patient_id"])
    op.create_table(
        "key_moment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("by_provider_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"source IN {_SOURCES}", name=op.f("ck_key_moment_source_known")),
        sa.ForeignKeyConstraint(
            ["by_provider_id"], ["provider.id"], name=op.f("fk_key_moment_by_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_key_moment_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_moment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_key_moment_public_id")),
    )
    op.create_index("ix_key_moment_patient_day", "key_moment", ["patient_id", "local_date"])
    op.create_table(
        "long_term_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _ASKED),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND 3", name=op.f(f"ck_long_term_check_{name}_range"))
            for name in _ASKED
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_long_term_check_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_term_check")),
        sa.UniqueConstraint("public_id", name=op.f("uq_long_term_check_public_id")),
        sa.UniqueConstraint(
            "patient_id", "local_date", name=op.f("uq_long_term_check_patient_id_local_date")
        ),
    )


def downgrade() -> None:
    op.drop_table("long_term_check")
    op.drop_table("key_moment")
    op.drop_table("medication")
