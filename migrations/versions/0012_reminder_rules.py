"""Quiet hours, pauses, follow-ups and the softer days around sessions; a secret by which a message can be stopped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reminder") as reminder:
        reminder.add_column(sa.Column("quiet_from", sa.String(5), nullable=True))
        reminder.add_column(sa.Column("quiet_until", sa.String(5), nullable=True))
        reminder.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        # What was promised to people before these could be chosen stays as it was: one message, no follow-up.
        reminder.add_column(sa.Column("follow_up", sa.Boolean(), nullable=False, server_default=sa.false()))
        reminder.add_column(sa.Column("both_times", sa.Boolean(), nullable=False, server_default=sa.false()))
        reminder.add_column(sa.Column("softer", sa.Boolean(), nullable=False, server_default=sa.true()))
        reminder.add_column(sa.Column("planned_with", sa.String(16), nullable=True))
    with op.batch_alter_table("reminder") as reminder:
        for name in ("follow_up", "both_times", "softer"):
            reminder.alter_column(name, server_default=None)
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("stop_hash", sa.String(64), nullable=True))
        delivery.create_unique_constraint(op.f("uq_delivery_stop_hash"), ["stop_hash"])


def downgrade() -> None:
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_constraint(op.f("uq_delivery_stop_hash"), type_="unique")
        delivery.drop_column("stop_hash")
    with op.batch_alter_table("reminder") as reminder:
        for name in (
            "planned_with", "softer", "both_times", "follow_up", "paused_until", "quiet_until", "quiet_from",
        ):  # fmt: skip
            reminder.drop_column(name)
