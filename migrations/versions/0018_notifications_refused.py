"""Whoever switched notifications off is not given them back by a phone that renews itself; the ledger by its rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reminder") as reminder:
        reminder.add_column(
            sa.Column("push_refused", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("reminder") as reminder:
        reminder.alter_column("push_refused", server_default=None)
    # Without it, a rule that goes has the whole ledger searched for what refers to it.
    op.create_index(op.f("ix_delivery_reminder_id"), "delivery", ["reminder_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_delivery_reminder_id"), table_name="delivery")
    with op.batch_alter_table("reminder") as reminder:
        reminder.drop_column("push_refused")
