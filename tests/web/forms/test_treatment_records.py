"""The form of a session's whole record as text and as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from journal.domain.doses import DoseUnit
from journal.domain.errors import RefusedFields
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import Measured, MedicineTaken, Setting, TreatmentRecord, Vitals
from journal.domain.treatments import Route, Source, Status, TreatmentSession
from journal.services.treatment_records import NOTHING, Said
from journal.web.forms.treatment_records import RecordForm, Writing, filled
from tests.cast import NOW, ZONE
from tests.conftest import Site

BARE = {"local_date": "2026-03-13", "status": "completed"}
FULL = BARE | {
    "at": "23:30",
    "ended": "00:15",
    "ready_to_leave": "02:00",
    "route": "iv",
    "dose_value": "0,5",
    "dose_unit": "mg/kg",
    "weight_kg": "70.5",
    "infusion_min": "40",
    "setting": "clinic",
    "meds_today": "maoi",
    "other_meds_today": " Tea. ",
    "cadss_total": "12",
    "madrs_total": "20",
    "discharge_mood": "7",
    "early_for_worsening": "1",
    "vitals-0-measured": "pre",
    "vitals-0-t_min": "-10",
    "vitals-0-sys": "120",
    "vitals-0-dia": "80",
    "vitals-1-measured": "peak",
    "effects-0-code": "nausea",
    "effects-0-severity": "2",
    "effects-0-gone": "2026-03-14",
}
WRITING = Writing(home=ZONE, now=NOW)


def read(site: Site, form: dict[str, str], writing: Writing = WRITING) -> Said:
    with site.app.test_request_context(method="POST", data=form):
        sent = RecordForm()
        sent.take_rows(form, writing)
        return sent.read(NOTHING, zone=ZONE)[1]


def problems(site: Site, form: dict[str, str]) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as caught:
        read(site, BARE | form)
    return [(problem.code, problem.field) for problem in caught.value.problems]


def test_text_becomes_values_and_an_end_after_midnight_is_the_next_days(site: Site) -> None:
    said = read(site, FULL)
    assert said.record == TreatmentRecord(
        ended_at=datetime(2026, 3, 13, 23, 15, tzinfo=UTC),
        ready_to_leave_at=datetime(2026, 3, 14, 1, 0, tzinfo=UTC),
        dose_value=Decimal("0.5"),
        dose_unit=DoseUnit.MG_PER_KG,
        weight_kg=Decimal("70.5"),
        infusion_min=40,
        setting=Setting.CLINIC,
        vitals=(Vitals(Measured.PRE, t_min=-10, sys=120, dia=80),),
        meds_today=frozenset({MedicineTaken.MAOI}),
        other_meds_today="Tea.",
        cadss_total=12,
        madrs_total=20,
        discharge_mood=7,
        early_for_worsening=True,
    )
    assert said.effects == (
        SideEffect(
            "",
            SideEffectCode.NAUSEA,
            Severity.MODERATE,
            date(2026, 3, 13),
            datetime(2026, 3, 14, 22, 59, tzinfo=UTC),
        ),
    )


def test_a_day_and_how_it_went_are_enough(site: Site) -> None:
    assert read(site, BARE) == Said(NOTHING, effects=(), sure=frozenset())


def test_what_was_looked_at_again_comes_with_save_anyway(site: Site) -> None:
    assert read(site, BARE | {"sure": "a:b:1|c:d:2/3"}).sure == {"a:b:1", "c:d:2/3"}


def test_everything_that_cannot_be_read_is_said_at_its_row(site: Site) -> None:
    assert problems(
        site,
        {
            "dose_value": "1.000",
            "weight_kg": "heavy",
            "setting": "bath",
            "vitals-2-measured": "noon",
            "vitals-2-hr": "x",
            "effects-1-code": "joy",
            "effects-1-onset": "x",
        },
    ) == [
        ("number_two_ways", "dose_value"),
        ("not_a_number", "weight_kg"),
        ("not_a_choice", "setting"),
        ("not_a_choice", "vitals-0-measured"),
        ("not_a_number", "vitals-0-hr"),
        ("not_a_choice", "effects-0-code"),
        ("not_a_day", "effects-0-onset"),
    ]


def test_a_strength_that_there_is_none_of_is_refused(site: Site) -> None:
    assert problems(site, {"effects-0-code": "nausea", "effects-0-severity": "9"}) == [
        ("not_a_choice", "effects-0-severity")
    ]


def test_what_is_no_adverse_event_has_no_strength(site: Site) -> None:
    said = read(site, BARE | {"effects-0-code": "reflective", "effects-0-severity": "2"})
    assert said.effects is not None
    assert said.effects[0].severity is None


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("2026-03-29", datetime(2026, 3, 29, 7, 30, tzinfo=UTC)),
        ("2026-03-30", NOW),
        ("2026-03-28", datetime(2026, 3, 28, 22, 59, tzinfo=UTC)),
    ],
)
def test_the_instant_that_was_kept_for_a_day_stays(site: Site, gone: str, expected: datetime) -> None:
    before = SideEffect(
        "s1",
        SideEffectCode.NAUSEA,
        Severity.MILD,
        date(2026, 3, 13),
        datetime(2026, 3, 29, 7, 30, tzinfo=UTC),
        source=Source.CLINICIAN,
        public_id="e1",
    )
    form = {
        "effects-0-id": "e1",
        "effects-0-code": "nausea",
        "effects-0-severity": "1",
        "effects-0-gone": gone,
    }
    said = read(site, BARE | form, replace(WRITING, effects=[before]))
    assert said.effects is not None
    assert said.effects[0].resolved_at == expected


def test_another_row_is_added_to_those_that_were_sent(site: Site) -> None:
    form = BARE | {"vitals-0-measured": "pre", "more": "vitals"}
    with site.app.test_request_context(method="POST", data=form):
        sent = RecordForm()
        sent.take_rows(form, WRITING)
    assert [row["measured"] for row in sent.vitals] == ["pre", "peak"]
    assert sent.effects == []


def test_a_new_form_offers_the_three_usual_measurements(site: Site) -> None:
    with site.app.test_request_context():
        form = RecordForm()
        form.offer_rows(NOTHING, WRITING)
    assert [row["measured"] for row in form.vitals] == ["pre", "peak", "discharge"]
    assert len(form.effects) == 1
    assert not form.has_vitals
    assert not form.has_effects


def test_a_record_that_is_opened_and_saved_again_stays_what_it_was(site: Site) -> None:
    said = read(site, FULL)
    treatment = TreatmentSession(
        "s1", date(2026, 3, 13), datetime(2026, 3, 13, 22, 30, tzinfo=UTC), Status.COMPLETED, Route.IV,
        Source.CLINICIAN,
    )  # fmt: skip
    texts = filled(treatment, said.record, zone=ZONE)
    assert (texts["dose_value"], texts["ended"], texts["weight_kg"]) == ("0.5", "00:15", "70.5")
    with site.app.test_request_context():
        form = RecordForm(**texts)
        form.offer_rows(said.record, replace(WRITING, effects=said.effects or ()))
        sent = {name: str(value) for name, value in texts.items() if value not in ("", False)}
        sent["meds_today"] = "maoi"
        for name, rows in (("vitals", form.vitals), ("effects", form.effects)):
            sent |= {f"{name}-{i}-{key}": text for i, row in enumerate(rows) for key, text in row.items()}
    again = read(site, sent, replace(WRITING, effects=said.effects or ()))
    assert (again.record, again.effects) == (said.record, said.effects)
