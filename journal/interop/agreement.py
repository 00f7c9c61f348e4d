"""What the schema of Tideline's own document cannot say: which of its fields must agree with which.

Whatever passes here and fits the schema can be put back; nothing else is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from journal.domain.assessments import DECLINED, Answer, check
from journal.domain.days import known_zone
from journal.domain.errors import NotFound, RefusedFields
from journal.domain.instrument_files import instrument
from journal.domain.side_effects import NEUTRAL
from journal.domain.treatment_records import DECIMALS
from journal.interop.plain import a_list, an_object, decimal_or_none, rows_in
from journal.interop.schema import Fault

Row = Mapping[str, object]
Rows = list[dict[str, object]]


def disagreements(document: Mapping[str, object]) -> Iterator[Fault]:
    """What a schema cannot say: which fields must agree with which."""
    if not known_zone(str(an_object(document["patient"])["zone"])):
        yield Fault("$.patient.zone", "zone")
    chips = rows_in(document, "activity_chips")
    yield from _twice(chips, "$.activity_chips", "id", lambda row: row["id"])
    yield from _twice(chips, "$.activity_chips", "preset", lambda row: row["preset"])
    for index, chip in enumerate(chips):
        if chip["preset"] is None and chip["label"] is None:
            yield Fault(f"$.activity_chips[{index}].label", "required")
    yield from _check_in_disagreements(rows_in(document, "check_ins"), {str(chip["id"]) for chip in chips})
    yield from _submission_disagreements(document)
    yield from _course_disagreements(document)
    for index, treatment in enumerate(rows_in(document, "treatment_sessions")):
        yield from _treatment_disagreements(treatment, f"$.treatment_sessions[{index}]")
    for index, medicine in enumerate(rows_in(document, "medications")):
        first, last = medicine["started_on"], medicine["ended_on"]
        if first is not None and last is not None and str(last) < str(first):
            yield Fault(f"$.medications[{index}].ended_on", "order")
    checks = rows_in(document, "long_term_checks")
    yield from _twice(checks, "$.long_term_checks", "local_date", lambda row: row["local_date"])
    yield from _assessment_disagreements(document)
    for index, plan in enumerate(rows_in(document, "coping_plan")):
        if not any(value for name, value in plan.items() if name != "updated_at"):
            yield Fault(f"$.coping_plan[{index}]", "required")
    yield from _twice(rows_in(document, "reminders"), "$.reminders", "kind", lambda row: row["kind"])
    for index, reminder in enumerate(rows_in(document, "reminders")):
        if not known_zone(str(reminder["zone"])):
            yield Fault(f"$.reminders[{index}].zone", "zone")
        if (reminder["quiet_from"] is None) != (reminder["quiet_until"] is None):
            yield Fault(f"$.reminders[{index}].quiet_until", "required")
    pauses = rows_in(document, "reminder_pauses")
    yield from _twice(pauses, "$.reminder_pauses", "first_on", lambda row: row["first_on"])
    for index, pause in enumerate(pauses):
        if str(pause["last_on"]) < str(pause["first_on"]):
            yield Fault(f"$.reminder_pauses[{index}].last_on", "order")
    yield from _import_disagreements(rows_in(document, "imports"))


def _check_in_disagreements(check_ins: Rows, chips: set[str]) -> Iterator[Fault]:
    yield from _twice(check_ins, "$.check_ins", "client_key", lambda row: row["client_key"])
    for index, check_in in enumerate(check_ins):
        path = f"$.check_ins[{index}]"
        yield from _body_disagreements(check_in, chips, path)
        if check_in["recall"] == "day" and check_in["felt_at"] is not None:
            yield Fault(f"{path}.felt_at", "recall")
        if not known_zone(str(check_in["zone"])):
            yield Fault(f"{path}.zone", "zone")
        for number, version in enumerate(rows_in(check_in, "versions")):
            yield from _body_disagreements(
                an_object(version["body"]), chips, f"{path}.versions[{number}].body"
            )


def _body_disagreements(body: Mapping[str, object], chips: set[str], path: str) -> Iterator[Fault]:
    if (body["mood"] is None) != body["unsure"]:
        yield Fault(f"{path}.mood", "unsure")
    for number, one in enumerate(a_list(body["activity_type"])):
        if one not in chips:
            yield Fault(f"{path}.activity_type[{number}]", "reference")


def _submission_disagreements(document: Mapping[str, object]) -> Iterator[Fault]:
    """Each check-in has the sending that made it, and each sending its check-in unless that was deleted."""
    submissions = rows_in(document, "submissions")
    yield from _twice(submissions, "$.submissions", "client_key", lambda row: row["client_key"])
    check_ins = {row["client_key"] for row in rows_in(document, "check_ins")}
    for index, row in enumerate(submissions):
        if (row["deleted_at"] is None) != (row["client_key"] in check_ins):
            yield Fault(f"$.submissions[{index}].client_key", "reference")
    sent = {row["client_key"] for row in submissions}
    for index, row in enumerate(rows_in(document, "check_ins")):
        if row["client_key"] not in sent:
            yield Fault(f"$.check_ins[{index}].client_key", "reference")


def _course_disagreements(document: Mapping[str, object]) -> Iterator[Fault]:
    courses = rows_in(document, "courses")
    yield from _twice(courses, "$.courses", "id", lambda row: row["id"])
    for index, course in enumerate(courses):
        phases = rows_in(course, "phases")
        if not phases:
            yield Fault(f"$.courses[{index}].phases", "required")
        for number, phase in enumerate(phases):
            if phase["own"] and phase["recorded_by"] is not None:
                yield Fault(f"$.courses[{index}].phases[{number}].recorded_by", "own")
    known = {course["id"] for course in courses} | {None}
    for index, treatment in enumerate(rows_in(document, "treatment_sessions")):
        if treatment["course"] not in known:
            yield Fault(f"$.treatment_sessions[{index}].course", "reference")


def _treatment_disagreements(treatment: Row, path: str) -> Iterator[Fault]:
    if treatment["dose_value"] is not None and treatment["dose_unit"] is None:
        yield Fault(f"{path}.dose_unit", "required")
    for name, digits in DECIMALS.items():
        value = decimal_or_none(treatment[name])
        if value is not None and value != round(value, digits):
            yield Fault(f"{path}.{name}", "decimals")
    for number, measured in enumerate(rows_in(treatment, "vitals")):
        sys, dia = _number(measured["sys"]), _number(measured["dia"])
        if (sys is None) != (dia is None):
            yield Fault(f"{path}.vitals[{number}].{'sys' if sys is None else 'dia'}", "required")
        elif sys is not None and dia is not None and dia >= sys:
            yield Fault(f"{path}.vitals[{number}].dia", "order")
    for number, effect in enumerate(rows_in(treatment, "side_effects")):
        if effect["code"] in NEUTRAL and effect["severity"] is not None:
            yield Fault(f"{path}.side_effects[{number}].severity", "neutral")


def _assessment_disagreements(document: Mapping[str, object]) -> Iterator[Fault]:
    assessments = rows_in(document, "assessments")
    waiting: set[object] = set()
    for index, row in enumerate(assessments):
        path = f"$.assessments[{index}]"
        yield from _state_disagreements(row, path)
        answers = rows_in(row, "answers")
        yield from _twice(answers, f"{path}.answers", "item", lambda one: one["item"])
        if not _is_possible(row, {str(one["item"]): _answer(one["answer"]) for one in answers}):
            yield Fault(f"{path}.answers", "choice")
        if row["completed_at"] is None and row["expired_at"] is None:
            if row["instrument"] in waiting:
                yield Fault(f"{path}.instrument", "unique")
            waiting.add(row["instrument"])
    plans = rows_in(document, "assessment_plans")
    yield from _twice(plans, "$.assessment_plans", "instrument", lambda row: row["instrument"])
    for index, plan in enumerate(plans):
        if (plan["rhythm"] == "weekly_first") != (plan["since"] is not None):
            yield Fault(f"$.assessment_plans[{index}].since", "required")


def _state_disagreements(row: Row, path: str) -> Iterator[Fault]:
    """What was completed was saved, counted, and is not missed; help is answered where it was shown."""
    has = {name: row[name] is not None for name in row}
    is_done = has["completed_at"]
    for name in ("completed_on", "scored_as"):
        if has[name] != is_done:
            yield Fault(f"{path}.{name}", "completed")
    if is_done and has["expired_at"]:
        yield Fault(f"{path}.expired_at", "completed")
    if has["total"] and not is_done:
        yield Fault(f"{path}.total", "completed")
    if not has["saved_at"] and (is_done or a_list(row["answers"])):
        yield Fault(f"{path}.saved_at", "required")
    answered, asked = _number(row["answered"]), _number(row["asked"])
    if answered is not None and asked is not None and answered > asked:
        yield Fault(f"{path}.answered", "maximum")
    if has["right_now"] != has["right_now_at"] or (has["right_now"] and not has["help_shown_at"]):
        yield Fault(f"{path}.right_now_at", "required")


def _is_possible(row: Row, answers: Mapping[str, Answer]) -> bool:
    """Whether a questionnaire offers these answers; of one that is not known here, any may be."""
    try:
        known = instrument(str(row["instrument"]))
        if known.version == row["version"]:
            check(known, answers)
    except NotFound:
        return True
    except RefusedFields:
        return False
    return True


def _answer(value: object) -> Answer:
    return value if isinstance(value, int) else DECLINED


def _import_disagreements(imports: Rows) -> Iterator[Fault]:
    seen: set[tuple[object, object]] = set()
    for index, batch in enumerate(imports):
        for number, entry in enumerate(rows_in(batch, "entries")):
            path = f"$.imports[{index}].entries[{number}]"
            low, high, value = (_number(entry[name]) for name in ("scale_min", "scale_max", "value"))
            if low is None or high is None or low >= high or (value is not None and not low <= value <= high):
                yield Fault(f"{path}.value", "scale")
            if (batch["source"], entry["fingerprint"]) in seen:
                yield Fault(f"{path}.fingerprint", "unique")
            seen.add((batch["source"], entry["fingerprint"]))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _twice(
    rows: Iterable[dict[str, object]], path: str, field: str, key: Callable[[dict[str, object]], object]
) -> Iterator[Fault]:
    seen: set[object] = set()
    for index, row in enumerate(rows):
        one = key(row)
        if one is not None and one in seen:
            yield Fault(f"{path}[{index}].{field}", "unique")
        seen.add(one)
