"""The whole record of a treatment session, its vitals and side effects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NUMBERS = {
    "infusion_min": "BETWEEN 0 AND 240",
    "device_count": "BETWEEN 1 AND 3",
    "dissociation_peak": "BETWEEN 0 AND 10",
    "dissociation_resolved_min": "BETWEEN 0 AND 10080",
    "cadss_total": "BETWEEN 0 AND 92",
    "madrs_total": "BETWEEN 0 AND 60",
    "discharge_mood": "BETWEEN 0 AND 10",
    "experience_valence": "BETWEEN 0 AND 4",
}
_DECIMALS = {
    "dose_value": (8, 3, "BETWEEN 0.001 AND 99999.999"),
    "weight_kg": (4, 1, "BETWEEN 25 AND 300"),
}
_CHOICES = {
    "dose_unit": (8, "IN ('mg', 'mg/kg')"),
    "setting": (16, "IN ('clinic', 'hospital', 'home_supervised', 'home_other')"),
}
_INSTANTS = ("ended_at", "ready_to_leave_at")
_SEALED = ("other_meds_today", "escort_name", "escort_phone", "intention", "integration_note", "small_step")
_LISTS = ("meds_today", "checklist", "experience_words")
_YES_NO = (
    "dose_unknown",
    "dissociation_lasts",
    "early_for_worsening",
    "censor_medication_change",
    "intention_shared",
    "reflection_shared",
)
_YES_NO_UNSAID = ("fasting_ok", "escort")
_CHECKS = {
    **{f"{name}_range": f"{name} {rule}" for name, rule in _NUMBERS.items()},
    **{f"{name}_range": f"CAST({name} AS NUMERIC) {rule}" for name, (_, _, rule) in _DECIMALS.items()},
    **{f"{name}_known": f"{name} {rule}" for name, (_, rule) in _CHOICES.items()},
    "dose_has_unit": "dose_value IS NULL OR dose_unit IS NOT NULL",
}
_CODES = (
    "lightheadedness", "dizziness", "nausea", "confusion", "dissociation", "raised_heart_rate",
    "blurred_vision", "mood_change", "tiredness", "reflective", "vomiting", "headache", "anxiety", "vertigo",
    "somnolence", "dysgeusia", "raised_bp", "chest_pain", "fainting", "severe_headache", "breathing_trouble",
    "urinary_urgency_frequency", "pain_on_urination", "blood_in_urine", "lower_abdominal_pain",
    "memory_trouble", "craving_or_extra_use",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("treatment_session") as treatment:
        for column in _columns():
            treatment.add_column(column)
    with op.batch_alter_table("treatment_session") as treatment:
        for name in (*_LISTS, *_YES_NO):
            treatment.alter_column(name, server_default=None)
        for name, rule in _CHECKS.items():
            treatment.create_check_constraint(op.f(f"ck_treatment_session_{name}"), rule)
    _make_vitals()
    _make_side_effects()


def downgrade() -> None:
    op.drop_table("side_effect")
    op.drop_table("vitals")
    with op.batch_alter_table("treatment_session") as treatment:
        for name in _CHECKS:
            treatment.drop_constraint(op.f(f"ck_treatment_session_{name}"), type_="check")
        for column in _columns():
            treatment.drop_column(column.name)


def _columns() -> list[sa.Column[object]]:
    """Every column that is new; whatever nobody was asked about before is empty, or not so."""
    empty = sa.text("'[]'")
    return [
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in _INSTANTS),
        *(
            # SQLite has no exact decimals: there it is text.
            sa.Column(
                name, sa.Numeric(digits, after).with_variant(sa.String(digits + 2), "sqlite"), nullable=True
            )
            for name, (digits, after, _) in _DECIMALS.items()
        ),
        *(sa.Column(name, sa.String(length), nullable=True) for name, (length, _) in _CHOICES.items()),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _NUMBERS),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in _SEALED),
        *(sa.Column(name, sa.JSON(), nullable=False, server_default=empty) for name in _LISTS),
        *(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()) for name in _YES_NO),
        *(sa.Column(name, sa.Boolean(), nullable=True) for name in _YES_NO_UNSAID),
    ]


def _make_vitals() -> None:
    op.create_table(
        "vitals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("treatment_session_id", sa.Integer(), nullable=False),
        sa.Column("measured", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("t_min", "sys", "dia", "hr", "spo2")),
        sa.CheckConstraint("measured IN ('pre', 'peak', 'discharge')", name=op.f("ck_vitals_measured_known")),
        sa.CheckConstraint("t_min BETWEEN -240 AND 600", name=op.f("ck_vitals_t_min_range")),
        sa.CheckConstraint("sys BETWEEN 60 AND 260", name=op.f("ck_vitals_sys_range")),
        sa.CheckConstraint("dia BETWEEN 30 AND 160", name=op.f("ck_vitals_dia_range")),
        sa.CheckConstraint("hr BETWEEN 30 AND 220", name=op.f("ck_vitals_hr_range")),
        sa.CheckConstraint("spo2 BETWEEN 50 AND 100", name=op.f("ck_vitals_spo2_range")),
        sa.CheckConstraint(
            "(sys IS NULL) = (dia IS NULL) AND (sys IS NULL OR dia < sys)",
            name=op.f("ck_vitals_blood_pressure"),
        ),
        sa.ForeignKeyConstraint(
            ["treatment_session_id"],
            ["treatment_session.id"],
            name=op.f("fk_vitals_treatment_session_id_treatment_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vitals")),
    )
    op.create_index(op.f("ix_vitals_treatment_session_id"), "vitals", ["treatment_session_id"])


def _make_side_effects() -> None:
    codes = ", ".join(f"'{code}'" for code in _CODES)
    op.create_table(
        "side_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("treatment_session_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("onset", sa.Date(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("by_provider_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"code IN ({codes})", name=op.f("ck_side_effect_code_known")),
        sa.CheckConstraint("severity BETWEEN 0 AND 3", name=op.f("ck_side_effect_severity_range")),
        sa.CheckConstraint(
            "source IN ('patient_reported', 'clinician_recorded')", name=op.f("ck_side_effect_source_known")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_side_effect_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["treatment_session_id"],
            ["treatment_session.id"],
            name=op.f("fk_side_effect_treatment_session_id_treatment_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_provider_id"], ["provider.id"], name=op.f("fk_side_effect_by_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side_effect")),
        sa.UniqueConstraint("public_id", name=op.f("uq_side_effect_public_id")),
    )
    op.create_index(op.f("ix_side_effect_patient_id"), "side_effect", ["patient_id"])
    op.create_index(op.f("ix_side_effect_treatment_session_id"), "side_effect", ["treatment_session_id"])
