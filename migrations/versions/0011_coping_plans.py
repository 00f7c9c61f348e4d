"""People's own plans for hard days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WORDS = (
    "signs",
    "alone",
    "distraction",
    "people",
    "professionals",
    "safer",
    "person_name",
    "person_phone",
)


def upgrade() -> None:
    op.create_table(
        "coping_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in _WORDS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_coping_plan_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coping_plan")),
        sa.UniqueConstraint("patient_id", name=op.f("uq_coping_plan_patient_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coping_plan_public_id")),
    )


def downgrade() -> None:
    op.drop_table("coping_plan")
