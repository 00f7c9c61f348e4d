"""What a clinic says before and after sessions, and the items of a check-in that belong to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ITEMS = {"detached": 10, "elevated": 3}


def upgrade() -> None:
    # Not rebuilt: ten years of check-ins would be copied for two empty columns.
    for name, most in _ITEMS.items():
        op.execute(
            f"ALTER TABLE check_in ADD COLUMN {name} INTEGER"
            f" CONSTRAINT ck_check_in_{name}_range CHECK ({name} BETWEEN 0 AND {most})"
        )
    op.create_table(
        "clinic_template",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=True),
        sa.Column("what_to_expect", sa.Text(), nullable=True),
        sa.Column("ask_first", sa.Text(), nullable=True),
        sa.Column("food_and_drink", sa.Text(), nullable=True),
        sa.Column("aftercare", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_template_clinic_id_clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_template")),
        sa.UniqueConstraint("clinic_id", name=op.f("uq_clinic_template_clinic_id")),
    )
    op.create_table(
        "clinic_items",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("detached", sa.Boolean(), nullable=False),
        sa.Column("elevated", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_clinic_items_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_items_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_items")),
        sa.UniqueConstraint("patient_id", "clinic_id", name=op.f("uq_clinic_items_patient_id_clinic_id")),
    )


def downgrade() -> None:
    op.drop_table("clinic_items")
    op.drop_table("clinic_template")
    for name in _ITEMS:
        op.execute(f"ALTER TABLE check_in DROP COLUMN {name}")
