"""What patients bring to a visit, and what they leave out of the page before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_topic_position_range")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_topic_patient_id_patient"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_topic_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("public_id", name=op.f("uq_topic_public_id")),
    )
    op.create_index(
        "ix_topic_patient_provider", "topic", ["patient_id", "provider_id", "written_at"], unique=False
    )
    op.create_table(
        "hidden_line",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_hidden_line_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_hidden_line_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_line")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hidden_line_public_id")),
    )
    op.create_index(
        "ix_hidden_line_patient_provider", "hidden_line", ["patient_id", "provider_id"], unique=False
    )


def downgrade() -> None:
    for table in ("hidden_line", "topic"):
        op.drop_table(table)
