"""When a patient's web session is locked, and codes that unlock it. Those that run now begin locked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_PURPOSE = "ck_one_time_link_purpose_known"


def upgrade() -> None:
    with op.batch_alter_table("web_session") as table:
        table.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("stays_open", sa.Boolean(), server_default=sa.false(), nullable=False))
    _let_links_be_for("'sign_in', 'set_up', 'unlock'")


def downgrade() -> None:
    op.execute("DELETE FROM one_time_link WHERE purpose = 'unlock'")
    _let_links_be_for("'sign_in', 'set_up'")
    with op.batch_alter_table("web_session") as table:
        table.drop_column("stays_open")
        table.drop_column("proved_at")
        table.drop_column("used_at")


def _let_links_be_for(purposes: str) -> None:
    with op.batch_alter_table("one_time_link") as table:
        table.drop_constraint(op.f(_PURPOSE), type_="check")
        table.create_check_constraint(op.f(_PURPOSE), f"purpose IN ({purposes})")
