"""Fields of a document that must agree: what the database would refuse is refused before, with its place."""

from __future__ import annotations

import copy

import pytest

from journal.interop.agreement import disagreements
from journal.interop.tideline import document_of
from tests.interop.documents import assessment, journal

WHOLE = document_of(journal())
SESSION, ASKED = "treatment_sessions", "assessments"


def faults(section: str, **changes: object) -> list[tuple[str, str]]:
    """What is said of a whole journal in which the first row of a section is changed."""
    document = copy.deepcopy(WHOLE)
    document[section][0].update(changes)  # type: ignore[index]
    return [(fault.path, fault.rule) for fault in disagreements(document)]


def test_a_whole_journal_agrees_with_itself() -> None:
    assert list(disagreements(WHOLE)) == []


@pytest.mark.parametrize(
    ("section", "changes", "where", "rule"),
    [
        ("courses", {"phases": []}, "phases", "required"),
        (SESSION, {"dose_unit": None}, "dose_unit", "required"),
        (SESSION, {"dose_value": 0.1234}, "dose_value", "decimals"),
        (SESSION, {"weight_kg": 75.25}, "weight_kg", "decimals"),
        (SESSION, {"vitals": [{"sys": 120, "dia": None}]}, "vitals[0].dia", "required"),
        (SESSION, {"vitals": [{"sys": 80, "dia": 80}]}, "vitals[0].dia", "order"),
        (SESSION, {"side_effects": [{"code": "reflective", "severity": 1}]}, "side_effects[0].severity", "neutral"),
        ("medications", {"started_on": "2026-03-05"}, "ended_on", "order"),
        (ASKED, {"completed_on": None}, "completed_on", "completed"),
        (ASKED, {"scored_as": None}, "scored_as", "completed"),
        (ASKED, {"expired_at": "2026-03-10T18:00:00Z"}, "expired_at", "completed"),
        (ASKED, {"saved_at": None}, "saved_at", "required"),
        (ASKED, {"answered": 4}, "answered", "maximum"),
        (ASKED, {"right_now_at": None}, "right_now_at", "required"),
        (ASKED, {"help_shown_at": None}, "right_now_at", "required"),
        (ASKED, {"answers": [{"item": "1", "answer": 0}] * 2}, "answers[1].item", "unique"),
        (ASKED, {"instrument": "gad7", "version": 1}, "answers", "choice"),
        ("assessment_plans", {"since": None}, "since", "required"),
        ("reminder_pauses", {"last_on": "2026-01-08"}, "last_on", "order"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_named(
    section: str, changes: dict[str, object], where: str, rule: str
) -> None:
    assert faults(section, **changes) == [(f"$.{section}[0].{where}", rule)]


def test_a_phase_is_written_down_by_the_person_or_by_a_provider() -> None:
    phases = [{**WHOLE["courses"][0]["phases"][0], "own": True}]  # type: ignore[index]
    assert faults("courses", phases=phases) == [("$.courses[0].phases[0].recorded_by", "own")]


def test_a_total_belongs_to_a_completed_questionnaire_and_one_of_a_kind_waits() -> None:
    waits = assessment(completed_at=None, completed_on=None, scored_as=None, total=None)
    assert list(disagreements({**WHOLE, ASKED: [waits]})) == []
    assert [fault.path for fault in disagreements({**WHOLE, ASKED: [waits, waits]})] == [
        "$.assessments[1].instrument"
    ]
    assert [fault.path for fault in disagreements({**WHOLE, ASKED: [{**waits, "total": 3}]})] == [
        "$.assessments[0].total"
    ]


def test_a_date_has_one_two_weekly_check_and_a_questionnaire_one_choice() -> None:
    for section, field in (("long_term_checks", "local_date"), ("assessment_plans", "instrument")):
        twice = {**WHOLE, section: [*WHOLE[section], *WHOLE[section]]}  # type: ignore[misc]
        assert [(fault.path, fault.rule) for fault in disagreements(twice)] == [
            (f"$.{section}[1].{field}", "unique")
        ]


def test_two_pauses_never_begin_on_one_date() -> None:
    document = copy.deepcopy(WHOLE)
    document["reminder_pauses"][1]["first_on"] = "2026-01-09"  # type: ignore[index]
    assert [(fault.path, fault.rule) for fault in disagreements(document)] == [
        ("$.reminder_pauses[1].first_on", "unique")
    ]
