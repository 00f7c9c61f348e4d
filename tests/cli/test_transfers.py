"""The commands that bring in, take out and compute: their output, their refusals, and what they leave untouched."""

from __future__ import annotations

import stat
import zipfile

import pytest
import sqlalchemy as sa

from journal.interop.tideline import write_document
from journal.storage import transfers
from journal.storage.audit import AuditEvent
from tests import builders
from tests.cli.conftest import Answer, Terminal
from tests.interop import documents

HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
TWO_ROWS = HEADER + "2025-01-02,,,21:00,good,tea,,quiet\n2025-01-01,,,8:30 am,bad,,,\n"
ODD_MOODS = HEADER + "2025-01-02,,,21:00,drained,tea,,quiet\n2025-01-01,,,8:30 am,want to die,,,\n"


def importing(terminal: Terminal, text: str | bytes, *more: str, name: str = "daylio.csv") -> Answer:
    file = terminal.file(name, text)
    return terminal.run("import", "daylio", file, "--patient", "alice@example.org", *more)


def test_a_daylio_file_is_brought_in_and_told_of(terminal: Terminal) -> None:
    answer = importing(terminal, TWO_ROWS)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "A Daylio file, read in Europe/Berlin: 2 rows.",
        "2 entries, 2025-01-01 to 2025-01-02: 2 new, 0 here already.",
        "2 entries stored. They are private until the patient shares them.",
    ]
    with terminal.database.look() as db:
        assert len(transfers.entries_of(db, terminal.cast.alice.patient_id)) == 2
        assert [act.actor_account_id for act in db.scalars(sa.select(AuditEvent))] == [None]


def test_a_second_run_says_that_nothing_is_new(terminal: Terminal) -> None:
    importing(terminal, TWO_ROWS)
    before = terminal.everything()
    answer = importing(terminal, TWO_ROWS, "--json")
    assert (answer.document["new"], answer.document["already_here"], answer.document["imported"]) == (
        0,
        2,
        False,
    )
    assert importing(terminal, TWO_ROWS).out.splitlines()[-1] == (
        "Everything in this file is here already; nothing was added."
    )
    assert terminal.everything() == before


def test_a_dry_run_stores_nothing_and_says_so(terminal: Terminal) -> None:
    before = terminal.everything()
    answer = importing(terminal, TWO_ROWS, "--dry-run")
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "Nothing was stored: this was a trial.")
    assert terminal.everything() == before


def test_json_is_one_document_and_nothing_else(terminal: Terminal) -> None:
    answer = importing(terminal, TWO_ROWS + "2025-01-01,,,8:30 am,bad,,,\n", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.document == {
        "format": "daylio",
        "generation": "2021",
        "zone": "Europe/Berlin",
        "dry_run": False,
        "ready": True,
        "imported": True,
        "rows": 3,
        "entries": 2,
        "new": 2,
        "already_here": 0,
        "first_date": "2025-01-01",
        "last_date": "2025-01-02",
        "unknown_moods": [],
        "worrying_moods": [],
        "ignored_columns": [],
        "ignored_scales": [],
        "problems": [],
        "duplicates": [{"line": 4, "same_as_line": 3}],
        "changed": [],
    }


def test_unknown_moods_are_asked_for_and_worrying_ones_pointed_out(terminal: Terminal) -> None:
    before = terminal.everything()
    answer = importing(terminal, ODD_MOODS)
    assert answer.code == 1
    assert answer.err == (
        "Unknown mood names: 2. Give each a level, or keep it as a word; nothing was imported\n"
    )
    assert "  drained (1 row)" in answer.out.splitlines()
    assert "These mood names sound like somebody could be in danger" in answer.out
    assert answer.out.count("want to die") == 2
    assert terminal.everything() == before


def test_a_mapping_file_names_them(terminal: Terminal) -> None:
    levels = terminal.file("moods.json", '{"moods": {"Drained": 2, "want to die": null}}')
    answer = importing(terminal, ODD_MOODS, "--map", levels, "--json")
    assert answer.code == 0
    assert (answer.document["unknown_moods"], answer.document["new"]) == ([], 2)
    assert answer.document["worrying_moods"] == [{"name": "want to die", "count": 1}]


def test_a_row_that_cannot_be_read_is_named_by_its_line(terminal: Terminal) -> None:
    before = terminal.everything()
    answer = importing(terminal, TWO_ROWS + "2025-02-30,,,9:00,good,,,\n", "--json")
    assert answer.code == 1
    assert answer.err == "Rows that cannot be read: 1 of 3, the first on line 4; nothing was imported\n"
    assert answer.document["problems"] == [
        {
            "line": 4,
            "code": "row_date_unreadable",
            "reason": "This date cannot be read",
            "text": "2025-02-30",
        }
    ]
    assert (answer.document["ready"], answer.document["imported"]) == (False, False)
    assert terminal.everything() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("daylio.csv", b""),
        ("daylio.csv", b" \n\n"),
        ("daylio.csv", bytes(range(256)) * 8),
        ("daylio.csv", b"It rained.\nI stayed in, and read.\n"),
        ("backup.daylio", b"PK\x03\x04backup.daylio"),
        ("daylio.csv", b"PK\x03\x04anything"),
        ("daylio.pdf", TWO_ROWS.encode()),
        ("daylio.csv", b"full_date,time\n2025-01-01,9:00\n"),
        ("daylio.csv", HEADER.encode()),
        ("daylio.csv", HEADER.encode() + b'2025-01-01,,,9:00,good,"open\n'),
        ("daylio.csv", b"x" * (10 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_no_daylio_file_is_refused_in_one_line(terminal: Terminal, name: str, content: bytes) -> None:
    before = terminal.everything()
    answer = importing(terminal, content, "--json", name=name)
    assert (answer.code, answer.out) == (1, "")
    assert len(answer.err.splitlines()) == 1
    assert terminal.everything() == before


@pytest.mark.parametrize("content", ["not json", "{}", '{"moods": {"x": 9}}'])
def test_a_mapping_file_that_cannot_be_used_is_refused(terminal: Terminal, content: str) -> None:
    before = terminal.everything()
    answer = importing(terminal, TWO_ROWS, "--map", terminal.file("map.json", content))
    assert (answer.code, answer.out, len(answer.err.splitlines())) == (1, "", 1)
    assert terminal.everything() == before


@pytest.mark.parametrize("email", ["nobody@example.org", "bob@example.org", "erin@example.org"])
def test_only_a_patient_has_a_journal(terminal: Terminal, email: str) -> None:
    file, out = terminal.file("daylio.csv", TWO_ROWS), str(terminal.folder / "out.json")
    for arguments in (
        ("import", "daylio", file, "--patient", email),
        (
            "import",
            "tideline",
            terminal.file("t.json", write_document(documents.journal())),
            "--patient",
            email,
        ),
        ("export", "--patient", email, "--format", "json", "--out", out),
        ("insights", "--patient", email, "--json"),
    ):
        answer = terminal.run(*arguments)
        assert (answer.code, answer.err) == (1, "No patient here has this address\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "bearable", "FILE", "--patient", "alice@example.org"),
        ("import", "daylio", "missing.csv", "--patient", "alice@example.org"),
        ("import", "daylio", "FILE"),
        ("import", "tideline", "FILE", "--patient", "alice@example.org", "--map", "FILE"),
        ("export", "--patient", "alice@example.org", "--format", "fhir", "--out", "x"),
        ("export", "--patient", "alice@example.org", "--format", "json"),
        ("insights", "--patient", "alice@example.org"),
        ("insights", "--patient", "alice@example.org", "--until", "yesterday", "--json"),
    ],
)
def test_wrong_usage_exits_with_two(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    file = terminal.file("daylio.csv", TWO_ROWS)
    answer = terminal.run(*(file if one == "FILE" else one for one in arguments))
    assert (answer.code, answer.out) == (2, "")


def test_an_export_goes_back_into_an_empty_journal_and_comes_out_the_same(terminal: Terminal) -> None:
    with terminal.database.unit_of_work() as db:
        builders.check_in(db, terminal.cast.alice, 6, note="ä “note”")
        builders.check_in(db, terminal.cast.alice, None)
    importing(terminal, TWO_ROWS)
    first, second = terminal.folder / "first.json", terminal.folder / "second.json"
    told = terminal.run("export", "--patient", "alice@example.org", "--format", "json", "--out", str(first))
    assert (told.code, told.out) == (0, f"Wrote {first}.\n")
    restored = terminal.run("import", "tideline", str(first), "--patient", "dan@example.org")
    assert restored.out.splitlines() == [
        "A Tideline export: 2 check-ins, 0 sessions, 0 courses, 0 questionnaires, 0 medicines, "
        "0 key moments, 0 appointments, 1 imported file, "
        "check-ins from 2026-03-30 to 2026-03-30.",
        "The journal is restored. Nobody can read it but the patient.",
    ]
    terminal.run("export", "--patient", "dan@example.org", "--format", "json", "--out", str(second))
    assert second.read_bytes() == first.read_bytes()


def test_a_trial_of_a_restore_stores_nothing(terminal: Terminal) -> None:
    file = terminal.file("journal.json", write_document(documents.journal()))
    before = terminal.everything()
    answer = terminal.run("import", "tideline", file, "--patient", "dan@example.org", "--dry-run", "--json")
    assert answer.document == {
        "format": "tideline",
        "dry_run": True,
        "ready": True,
        "imported": False,
        "first_date": "2026-03-02",
        "last_date": "2026-03-03",
        "check_ins": 2,
        "treatment_sessions": 1,
        "courses": 1,
        "assessments": 1,
        "medications": 1,
        "key_moments": 1,
        "appointments": 1,
        "imports": 1,
    }
    assert terminal.everything() == before


def test_an_export_does_not_go_into_a_journal_that_has_something_in_it(terminal: Terminal) -> None:
    with terminal.database.unit_of_work() as db:
        builders.check_in(db, terminal.cast.dan, 6)
    file = terminal.file("journal.json", write_document(documents.journal()))
    before = terminal.everything()
    answer = terminal.run("import", "tideline", file, "--patient", "dan@example.org", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "There is something in this journal already; an export goes back into an empty one only\n"
    )
    assert terminal.everything() == before


def test_an_export_is_for_its_owner_alone_and_says_what_it_replaces(terminal: Terminal) -> None:
    out = terminal.folder / "out.zip"
    out.write_bytes(b"older")
    out.chmod(0o644)
    answer = terminal.run("export", "--patient", "alice@example.org", "--format", "csv", "--out", str(out))
    assert (answer.code, answer.out) == (0, f"Replaced {out}.\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "check_ins.csv" in zipfile.ZipFile(out).namelist()
    assert [path.name for path in terminal.folder.iterdir() if path.name.startswith(".")] == []


def test_a_place_that_cannot_be_written_is_refused_in_one_line(terminal: Terminal) -> None:
    out = terminal.folder / "nowhere" / "out.json"
    answer = terminal.run("export", "--patient", "alice@example.org", "--format", "json", "--out", str(out))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == f"Could not write {out}: No such file or directory\n"


def test_insights_end_at_the_date_that_was_asked_for(terminal: Terminal) -> None:
    with terminal.database.unit_of_work() as db:
        builders.check_in(db, terminal.cast.alice, 6)
    shown = terminal.run("insights", "--patient", "alice@example.org", "--until", "2026-03-30", "--json")
    assert [day["mood"] for day in shown.document["days"]] == [6.0]
    earlier = terminal.run("insights", "--patient", "alice@example.org", "--until", "2026-03-29", "--json")
    assert earlier.document["days"] == []
    assert set(earlier.document) == {
        "until", "course_start", "course_end", "paused", "medication_changes", "days", "imported", "coverage",
        "baseline", "sessions", "durability", "aligned", "ewma", "sleep_mood", "activity_mood", "variability",
        "assessments", "talking_points", "earlier_courses", "reasons",
    }  # fmt: skip
