"""Courses: their drug, schedule and notes, and when they went from phase to phase."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_DRUGS = ("ketamine_racemic", "esketamine", "arketamine", "other")
_PRESETS = (
    "iv_6x_2wk", "iv_6x_2wk_plus_weekly4", "iv_6x_3wk", "iv_6x_21d", "iv_4x_2wk", "iv_8x_4wk", "iv_custom",
    "esk_trd", "esk_mdd_si", "sl_home_4wk", "oral_custom", "im_custom",
)  # fmt: skip
_PHASES = ("planned", "induction", "maintenance", "paused", "ended")
_CHECKS = {
    "drug_known": f"drug IN {_DRUGS}",
    "preset_id_known": f"preset_id IN {_PRESETS}",
    "baseline_window_days_range": "baseline_window_days BETWEEN 7 AND 28",
}


def upgrade() -> None:
    with op.batch_alter_table("course") as course:
        course.add_column(
            sa.Column("drug", sa.String(length=24), nullable=False, server_default="ketamine_racemic")
        )
        course.add_column(sa.Column("preset_id", sa.String(length=32), nullable=True))
        course.add_column(sa.Column("notes", sa.LargeBinary(), nullable=True))
        course.add_column(
            sa.Column("baseline_window_days", sa.Integer(), nullable=False, server_default="14")
        )
    op.execute("UPDATE course SET drug = 'esketamine' WHERE default_route = 'in_esketamine'")
    with op.batch_alter_table("course") as course:
        course.alter_column("drug", server_default=None)
        course.alter_column("baseline_window_days", server_default=None)
        for name, rule in _CHECKS.items():
            course.create_check_constraint(op.f(f"ck_course_{name}"), rule)
    op.create_table(
        "course_phase_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"phase IN {_PHASES}", name=op.f("ck_course_phase_change_phase_known")),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_course_phase_change_course_id_course"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_account_id"],
            ["account.id"],
            name=op.f("fk_course_phase_change_by_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_phase_change")),
    )
    op.create_index(op.f("ix_course_phase_change_course_id"), "course_phase_change", ["course_id"])
    _say_where_they_stand()


def downgrade() -> None:
    op.drop_table("course_phase_change")
    with op.batch_alter_table("course") as course:
        for name in _CHECKS:
            course.drop_constraint(op.f(f"ck_course_{name}"), type_="check")
        for column in ("baseline_window_days", "notes", "preset_id", "drug"):
            course.drop_column(column)


def _say_where_they_stand() -> None:
    """Each course's phase, from the date it began; one that is over, from its end. Earlier phases nobody wrote down."""
    course = sa.table(
        "course",
        *(sa.column(name) for name in ("id", "phase")),
        *(sa.column(name, sa.Date()) for name in ("start_date", "end_date")),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    change = sa.table(
        "course_phase_change",
        *(sa.column(name) for name in ("course_id", "phase")),
        sa.column("local_date", sa.Date()),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
    )
    for row in op.get_bind().execute(sa.select(course)).all():
        since = (row.end_date if row.phase == "ended" else None) or row.start_date or row.created_at.date()
        op.execute(
            sa.insert(change).values(
                course_id=row.id, phase=row.phase, local_date=since, recorded_at=row.created_at
            )
        )
