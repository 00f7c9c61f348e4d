"""From when until when reminders were paused."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pauses = op.create_table(
        "reminder_pause",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_reminder_pause_first_before_last")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_reminder_pause_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_pause")),
        sa.UniqueConstraint("patient_id", "first_on", name=op.f("uq_reminder_pause_patient_id_first_on")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reminder_pause_public_id")),
    )
    _keep_present_pauses(pauses)


def downgrade() -> None:
    op.drop_table("reminder_pause")


def _keep_present_pauses(pauses: sa.Table) -> None:
    """Of the past nothing is known. A pause that is going on counts from today."""
    today = datetime.now(UTC).date()
    reminder = sa.table(
        "reminder",
        sa.column("account_id", sa.Integer()),
        sa.column("kind", sa.String()),
        sa.column("paused_until", sa.Date()),
    )
    patient = sa.table("patient", sa.column("id", sa.Integer()), sa.column("account_id", sa.Integer()))
    paused = op.get_bind().execute(
        sa.select(patient.c.id, reminder.c.paused_until)
        .join(patient, patient.c.account_id == reminder.c.account_id)
        .where(reminder.c.kind == "checkin", reminder.c.paused_until > today)
    )
    rows = [
        {
            "public_id": secrets.token_urlsafe(16),
            "patient_id": patient_id,
            "first_on": today,
            "last_on": paused_until - timedelta(days=1),
        }
        for patient_id, paused_until in paused
    ]
    if rows:
        op.bulk_insert(pauses, rows)
