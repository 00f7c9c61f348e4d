"""What providers write for themselves, and when they want to look again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("for_colleagues", sa.Boolean(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL) AND (done_at IS NULL OR look_again_on IS NOT NULL)",
            name=op.f("ck_provider_note_done_by_name"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_provider_note_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["provider.id"], name=op.f("fk_provider_note_author_id_provider")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_provider_note_clinic_id_clinic")),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["provider.id"], name=op.f("fk_provider_note_done_by_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_note_public_id")),
    )
    op.create_index(op.f("ix_provider_note_patient_id"), "provider_note", ["patient_id"], unique=False)
    # A caseload asks for what is due at one clinic; what was never dated, or is done, is not looked through.
    waits = sa.text("look_again_on IS NOT NULL AND done_at IS NULL")
    op.create_index(
        "ix_provider_note_look_again",
        "provider_note",
        ["clinic_id", "look_again_on"],
        unique=False,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("provider_note")
