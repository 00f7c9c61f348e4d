"""Handing over a tablet for one questionnaire."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosk_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("place_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("assessment", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_kiosk_handover_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_kiosk_handover_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_handover")),
        sa.UniqueConstraint("place_hash", name=op.f("uq_kiosk_handover_place_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kiosk_handover_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_handover_token_hash")),
    )
    op.create_index(op.f("ix_kiosk_handover_patient_id"), "kiosk_handover", ["patient_id"])
    op.create_index(op.f("ix_kiosk_handover_provider_id"), "kiosk_handover", ["provider_id"])


def downgrade() -> None:
    op.drop_table("kiosk_handover")
