"""The check-in form read as a body, and a body as the form that would send it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from werkzeug.datastructures import MultiDict

from journal.domain.checkins import CheckInBody
from journal.domain.errors import Refused, RefusedFields
from journal.web.forms.checkins import (
    SLEEP_TILES,
    as_tags,
    as_text,
    at_their_fields,
    fields_of,
    in_summary,
    read_body,
    read_day,
    read_moment,
    read_version,
    read_written,
    sleep_tiles,
)

DAY = date(2026, 3, 30)
NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
WHOLE = CheckInBody(
    local_date=DAY, mood=0, interest=0, anxiety=4, energy=2, sleep_quality=3, sleep_min=450, bed_time=time(23, 30),
    wake_time=time(7, 5), awakenings=0, sol_min=1, waso_min=2, activity_min=45, activity_type=("walk", "own"),
    steps=5400, social=0, meaningful=False, connection=1, pain=10, meals=True, alcohol=0, cannabis=True,
    other_substances="x", substances_shared=True, meds_taken="partly", note="Hé", note_shared=True, starred=True,
    tags=("work", "río"), detached=0, elevated=3,
)  # fmt: skip


def sent(**fields: str) -> MultiDict[str, str]:
    return MultiDict({"mood": "6", **fields})


def problems_of(form: MultiDict[str, str]) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in read_body(form, local_date=DAY).problems]


@pytest.mark.parametrize(
    "body", [WHOLE, CheckInBody(local_date=DAY, unsure=True), replace(WHOLE, activity_min=37)]
)
def test_the_form_of_a_body_sends_that_body(body: CheckInBody) -> None:
    read = read_body(fields_of(body), local_date=DAY)
    assert (read.body, read.problems) == (body, ())


def test_an_empty_form_says_nothing() -> None:
    assert read_body(MultiDict(), local_date=DAY).body == CheckInBody(local_date=DAY)


def test_exact_minutes_go_before_the_tile() -> None:
    body = read_body(sent(activity_min="30", activity_exact="37"), local_date=DAY).body
    assert body.activity_min == 37


def test_line_ends_count_once_and_blank_ends_not_at_all() -> None:
    assert read_body(sent(note=" a\r\nb \r\n"), local_date=DAY).body.note == "a\nb"


def test_tags_come_apart_at_commas_each_once() -> None:
    assert read_body(sent(tags="work, ,river,work"), local_date=DAY).body.tags == ("work", "river")


@pytest.mark.parametrize("text", ["many", "-1", "1.5", "1e3", "٣", "99999999"])
def test_what_is_no_whole_number_is_a_problem_of_its_field(text: str) -> None:
    assert problems_of(sent(steps=text)) == [("not_a_number", "steps")]


def test_what_is_no_time_is_a_problem_of_its_field() -> None:
    assert problems_of(sent(bed_time="late")) == [("not_a_time", "bed_time")]


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-30T18:00:00", "9" * 400])
def test_a_moment_needs_its_zone(text: str) -> None:
    assert read_moment(text) is None


def test_the_phones_clock_is_read_and_without_one_ours_is_taken() -> None:
    clock = {
        "recorded_at": "2026-03-30T17:00:00.000Z",
        "sent_at": "2026-03-30T17:00:01.000Z",
        "client_key": "a" * 22,
    }
    written = read_written(clock, zone="Europe/Berlin", now=NOW, new_key="new")
    assert written.recorded_at == datetime(2026, 3, 30, 17, 0, tzinfo=UTC)
    assert written.sent_at == datetime(2026, 3, 30, 17, 0, 1, tzinfo=UTC)
    assert (written.client_key, written.day_chosen) == ("a" * 22, False)
    bare = read_written({}, zone="Europe/Berlin", now=NOW, new_key="new")
    assert (bare.recorded_at, bare.sent_at, bare.client_key) == (NOW, None, "new")


def test_a_named_day_is_a_chosen_one() -> None:
    form = {"local_date": "2026-03-12"}
    written = read_written(form, zone="Europe/Berlin", now=NOW, new_key="new")
    assert written.day_chosen
    assert read_day(form, written=written, problems=[]) == date(2026, 3, 12)


def test_an_unreadable_day_is_a_problem_and_means_today() -> None:
    form = {"local_date": "soon"}
    problems: list[Refused] = []
    written = read_written(form, zone="Europe/Berlin", now=NOW, new_key="new")
    assert read_day(form, written=written, problems=problems) == DAY
    assert [problem.code for problem in problems] == ["not_a_day"]


def test_a_version_that_is_no_number_of_ours_is_none() -> None:
    forms = [{"version": "3"}, {"version": ""}, {}, {"version": "9" * 5000}, {"version": "-1"}]
    assert [read_version(form) for form in forms] == [3, 0, 0, 0, 0]


def test_minutes_of_sleep_that_are_no_tile_become_one() -> None:
    assert sleep_tiles({"sleep_min": "431"})[-1] == 431
    for given in ("", "420", "9" * 5000, "long"):
        assert sleep_tiles({"sleep_min": given}) == SLEEP_TILES


def test_errors_stand_in_the_order_of_the_form_and_name_their_question_at_the_top() -> None:
    fault = RefusedFields(
        [
            Refused("note_too_long", field="note", over=140),
            Refused("out_of_range", field="activity_min", low=0, high=1440),
            Refused("mood_missing", field="mood"),
        ]
    )
    errors = at_their_fields(fault, {"activity_exact": "2000"})
    assert list(errors) == ["mood", "activity_exact", "note"]
    assert in_summary(errors) == [
        ("mood", "Your mood: choose a number, or “Not sure”"),
        ("activity_exact", "Minutes, exactly: choose a value from 0 to 1440"),
        ("note", "Your note is 140 characters too long"),
    ]


@pytest.mark.parametrize("text", ["20260312", "2026-W11-4", "2026-02-30", " 2026-03-12"])
def test_a_day_is_written_in_one_way(text: str) -> None:
    problems: list[Refused] = []
    written = read_written({}, zone="Europe/Berlin", now=NOW, new_key="new")
    read_day({"local_date": text}, written=written, problems=problems)
    assert [problem.code for problem in problems] == ["not_a_day"]


def test_a_letter_and_its_accent_are_kept_as_one_however_they_were_sent() -> None:
    assert as_text("e\u0301 and \u03b1\u0301\r\nnext") == "\u00e9 and \u03ac\nnext"
    assert as_tags(["cafe\u0301, caf\u00e9"]) == ("caf\u00e9",)
