"""Ten years of a diary brought in, over the same rows put into a table by the raw driver and nothing else."""

from __future__ import annotations

import csv
import io
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from journal.services import transfers
from journal.storage.transfers import ImportBatch, entries_of
from tests.benchmarks.installations import Installation, folder, founded
from tests.benchmarks.measure import Goal, in_turn, judge, show
from tests.builders import the_patient

NAME = "imports"
ABOUT = "a Daylio file of 3,650 rows over a raw upsert of the same rows"
GOAL = Goal(18, gate=4, extreme=2.7)

ROWS = 3650
NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
MOODS = ("awful", "bad", "meh", "good", "rad")
COLUMNS = ("full_date", "date", "weekday", "time", "mood", "activities", "note_title", "note")
UPSERT = (
    "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (patient, day, at) DO UPDATE SET "
    "mood = excluded.mood, label = excluded.label, activities = excluded.activities, note = excluded.note"
)


def run(rounds: int) -> None:
    """SQLite, committed durably on both sides. Ours also checks, fingerprints and seals every row."""
    content = _diary()
    with folder() as place:
        ours = founded(place / "ours", f"sqlite:///{place / 'journal.db'}")
        _check(ours, content, place)
        variants = {
            "raw upsert": lambda: _raw(place, content),
            "brought in": lambda: _brought_in(ours, content),
            "looked into, nothing kept": lambda: _looked_into(ours, content),
        }
        taken = in_turn(variants, rounds=rounds)
        ours.database.close()
    show(f"{ROWS:,} rows", taken, unit="ms")
    judge(GOAL, taken, "brought in", over="raw upsert")


def _diary() -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for number in range(ROWS):
        day = date(2016, 1, 1) + timedelta(number)
        note = f'a note, with "quotes" and é {number}'
        table.writerow(
            [day, f"{day:%d %B}", f"{day:%A}", "21:30", MOODS[number % 5], "work | walk", "", note]
        )
    return text.getvalue().encode("utf-8-sig")


def _parsed(content: bytes) -> Iterator[tuple[int, str, str, int, str, str, str]]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    next(rows)
    for day, _, _, at, mood, activities, _, note in rows:
        date.fromisoformat(day)
        yield 1, day, at, MOODS.index(mood) + 1, mood, activities, note


def _raw(place: Path, content: bytes) -> float:
    path = place / "raw.db"
    for name in ("raw.db", "raw.db-wal", "raw.db-shm"):
        (place / name).unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE entry (patient int, day text, at text, mood int, label text, activities text, note text,"
            " PRIMARY KEY (patient, day, at))"
        )
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(UPSERT, _parsed(content))
        connection.execute("COMMIT")
        return (time.perf_counter() - began) * 1e3


def _brought_in(ours: Installation, content: bytes) -> float:
    _forget(ours)
    alice = ours.alice
    began = time.perf_counter()
    with ours.database.unit_of_work() as db:
        transfers.bring_in_daylio(
            db,
            the_patient(db, alice),
            content,
            filename="daylio_export.csv",
            actor_account_id=alice.account_id,
            now=NOW,
        )
    return (time.perf_counter() - began) * 1e3


def _looked_into(ours: Installation, content: bytes) -> float:
    _forget(ours)
    alice = ours.alice
    began = time.perf_counter()
    with ours.database.look() as db:
        transfers.look_into_daylio(db, the_patient(db, alice), content, filename="daylio_export.csv", now=NOW)
    return (time.perf_counter() - began) * 1e3


def _forget(ours: Installation) -> None:
    with ours.database.unit_of_work() as db:
        db.execute(sa.delete(ImportBatch))


def _check(ours: Installation, content: bytes, place: Path) -> None:
    """Both sides hold the same values before anything is timed, and a second run of ours adds nothing."""
    _raw(place, content)
    with closing(sqlite3.connect(place / "raw.db")) as connection:
        wanted = connection.execute("SELECT day, at, mood, note FROM entry ORDER BY day").fetchall()
    _brought_in(ours, content)
    alice = ours.alice
    with ours.database.look() as db:
        found = [
            (entry.local_date.isoformat(), f"{entry.at:%H:%M}", entry.value, entry.note)
            for _, entry in entries_of(db, alice.patient_id)
        ]
        again = transfers.look_into_daylio(
            db, the_patient(db, alice), content, filename="daylio_export.csv", now=NOW
        )
    assert found == wanted
    assert len(found) == ROWS
    assert again.new == ()
