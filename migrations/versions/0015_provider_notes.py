"""The note a day before a visit, and both notes for every provider who is here already."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MONDAYS_AT_EIGHT = [{"slot": "digest", "wall": "08:00", "weekdays": [1]}]


def upgrade() -> None:
    with op.batch_alter_table("reminder") as reminder:
        reminder.add_column(
            sa.Column("before_visits", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("reminder") as reminder:
        reminder.alter_column("before_visits", server_default=None)
    _begin_notes()


def downgrade() -> None:
    op.execute(
        "DELETE FROM reminder_queue WHERE reminder_id IN (SELECT id FROM reminder WHERE kind = 'notes')"
    )
    op.execute(
        "UPDATE delivery SET reminder_id = NULL"
        " WHERE reminder_id IN (SELECT id FROM reminder WHERE kind = 'notes')"
    )
    op.execute("DELETE FROM reminder WHERE kind = 'notes'")
    with op.batch_alter_table("reminder") as reminder:
        reminder.drop_column("before_visits")


def _begin_notes() -> None:
    """Both notes, by mail, in the zone of the clinic. They are not planned yet; the worker plans what never was."""
    account, clinic, provider, reminder = (
        sa.table(name, *map(sa.column, columns))
        for name, columns in {
            "account": ("id", "disabled_at"),
            "clinic": ("id", "zone"),
            "provider": ("account_id", "clinic_id"),
            "reminder": (
                "public_id", "account_id", "kind", "zone", "changed_at", "plan",
                "follow_up", "both_times", "softer", "before_visits",
            ),
        }.items()
    )  # fmt: skip
    for name in ("times", "channels"):
        reminder.append_column(sa.column(name, sa.JSON()))
    asked = (
        sa.select(provider.c.account_id, clinic.c.zone)
        .join(clinic, clinic.c.id == provider.c.clinic_id)
        .join(account, account.c.id == provider.c.account_id)
        .where(account.c.disabled_at.is_(None))
    )
    for account_id, zone in op.get_bind().execute(asked).all():
        op.execute(
            sa.insert(reminder).values(
                public_id=secrets.token_urlsafe(16),
                account_id=account_id,
                kind="notes",
                times=_MONDAYS_AT_EIGHT,
                channels=["email"],
                zone=zone,
                changed_at=sa.func.now(),
                plan=0,
                follow_up=False,
                both_times=False,
                softer=True,
                before_visits=True,
            )
        )
