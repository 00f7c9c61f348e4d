"""Whoever stopped our mails is sent none in the place of another way that ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reminder") as reminder:
        reminder.add_column(
            sa.Column("mail_refused", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("reminder") as reminder:
        reminder.alter_column("mail_refused", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("reminder") as reminder:
        reminder.drop_column("mail_refused")
