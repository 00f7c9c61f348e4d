"""What is said of a file: each part in words, long lists cut with their number."""

from __future__ import annotations

from datetime import date, time

from journal.cli import transfer_words as words
from journal.interop.records import ImportPreview, NamedCount, RowProblem
from journal.services.transfers import Arrival, Changed


def arrival(**parts: object) -> Arrival:
    changed = parts.pop("changed", ())
    preview = ImportPreview("daylio", "2021", "UTC", 9, (), **parts)  # type: ignore[arg-type]
    return Arrival(preview, (), 0, changed)  # type: ignore[arg-type]


def test_a_changed_row_is_said_beside_the_earlier_one() -> None:
    changed = (
        Changed(date(2025, 1, 1), time(8, 30), 3, "bad", 2.0, "awful", 1.0),
        Changed(date(2025, 1, 2), None, 4, "bad", 2.0, "lost", None),
    )
    assert list(words.arrival_lines(arrival(changed=changed)))[1:] == [
        "These rows were changed since an earlier import; both stay:",
        "  line 3, 2025-01-01 08:30: bad before, awful now",
        "  line 4, 2025-01-02: bad before, lost now",
    ]
    assert words.arrival_document(arrival(changed=changed), dry_run=True, imported=False)["changed"][1] == {  # type: ignore[index]
        "line": 4,
        "local_date": "2025-01-02",
        "at": None,
        "before": {"label": "bad", "value": 2.0},
        "now": {"label": "lost", "value": None},
    }


def test_a_long_list_is_cut_and_counted() -> None:
    problems = tuple(RowProblem(line, "row_mood_missing", "") for line in range(2, 62))
    lines = list(words.arrival_lines(arrival(problems=problems)))
    assert len(lines) == 53
    assert lines[2] == "  line 2: This row has no mood"
    assert lines[-1] == "  and 10 more"


def test_what_is_left_out_is_named() -> None:
    said = arrival(ignored_columns=("weather",), ignored_scales=(NamedCount("Stress", 2),))
    assert list(words.arrival_lines(said))[1:] == [
        "Not imported, columns: weather.",
        "Not imported, scales: Stress.",
    ]
