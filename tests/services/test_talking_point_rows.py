"""Each kind of line as plain values, with the rows behind it and no word of anybody's."""

from __future__ import annotations

import json
from datetime import date

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.benefits import Benefit, EndReason, GivenSession
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.talking_points import (
    Compared,
    Daytime,
    Duration,
    Held,
    ItemChange,
    ItemChanges,
    Kind,
    LowDay,
    LowDays,
    Measure,
    OpenFlag,
    Sleep,
    StarredNote,
    StarredNotes,
    StillOpen,
    TalkingPoint,
)
from journal.domain.withheld import Reason, Withheld
from journal.services.talking_point_rows import document_of_point

MARCH_9, MARCH_20 = date(2026, 3, 9), date(2026, 3, 20)
HOURS = Compared(Measure.SLEEP_HOURS, 6.5, 7.25, ((MARCH_20, 6.5),), ((MARCH_9, 7.25),))
COMPARED = {
    "measure": "sleep_hours",
    "now": 6.5,
    "before": 7.25,
    "days": {"2026-03-20": 6.5},
    "days_before": {"2026-03-09": 7.25},
}


def questionnaire(on: date) -> AssessmentRecord:
    return AssessmentRecord("q", "phq9", 1, on, completed_on=on)


BENEFIT = Benefit(
    treatment=GivenSession(MARCH_20, "S2"),
    response=True,
    reason=None,
    response_day=1,
    loss_day=None,
    began_to_fade_day=None,
    censored=True,
    observed_days=4,
    end_reason=EndReason.END_OF_DATA,
    change_before_after=Withheld(Reason.TOO_FEW, n=0, needs=2),
    bounds=None,
    before=None,
    peak=None,
    peak_day=None,
    rows=(),
)
HELD = Duration(
    benefit=BENEFIT,
    label="S2",
    local_date=MARCH_20,
    days=4,
    is_lost=False,
    end=EndReason.END_OF_DATA,
    n=4,
)
URINARY = LongTermFlag(Watched.URINARY, dates=(MARCH_9, MARCH_20))

POINTS: list[tuple[TalkingPoint, list[dict[str, object]]]] = [
    (StarredNotes("starred:4w", (StarredNote("note-1", MARCH_20),)), [{"local_date": "2026-03-20"}]),
    (
        LowDays("low_days:4w", (LowDay(MARCH_20, 2.0, 6.5, ()),), 1),
        [{"local_date": "2026-03-20", "mood": 2.0, "usual": 6.5, "n": 0}],
    ),
    (
        Held("held:2026-03-20", HELD, ()),
        [
            {
                "label": "S2",
                "local_date": "2026-03-20",
                "days": 4,
                "lost": False,
                "end_reason": "end_of_data",
                "n": 4,
            }
        ],
    ),
    (
        ItemChanges("items:q", questionnaire(MARCH_20), questionnaire(MARCH_9), (ItemChange("4", 3, 1),)),
        [
            {
                "instrument": "phq9",
                "item": "4",
                "now": 3,
                "before": 1,
                "date": "2026-03-20",
                "date_before": "2026-03-09",
            }
        ],
    ),
    (Sleep("sleep:4w", (HOURS,)), [COMPARED]),
    (Daytime("daytime:4w", (HOURS,)), [COMPARED]),
    (
        StillOpen(
            "still_open:4w",
            (SideEffect("t", SideEffectCode.NAUSEA, Severity.MODERATE, MARCH_20),),
            (OpenFlag(dates=(MARCH_9,)), OpenFlag(dates=URINARY.dates, reported=URINARY)),
        ),
        [
            {"side_effect": "nausea", "severity": 2, "onset": "2026-03-20"},
            {"flag": "answer", "dates": ["2026-03-09"]},
            {"flag": "urinary", "dates": ["2026-03-09", "2026-03-20"]},
        ],
    ),
]


def test_each_kind_of_line_has_its_rows() -> None:
    for point, rows in POINTS:
        found = document_of_point(point)
        assert found == {"key": point.key, "kind": point.kind.value, "rows": rows}
        assert json.loads(json.dumps(found)) == found


def test_no_kind_is_forgotten() -> None:
    assert {point.kind for point, _ in POINTS} == set(Kind)
