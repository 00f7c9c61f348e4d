"""If Tideline says "Saved", the check-in survives the death of the process that said so."""

from __future__ import annotations

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from journal.storage.checkins import CheckIn
from journal.storage.submissions import Submission
from tests.faults.serving import Phone, Server, phone_of
from tests.thorough import KILLS

WRITERS = 4


@dataclass
class Diary:
    """What every writer asked for and what it was told."""

    acknowledged: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def write_until(stop: threading.Event, phone: Phone, diary: Diary, name: str) -> None:
    for number in range(100_000):
        if stop.is_set():
            return
        key = f"writer-{name}-{number}"
        try:
            status = phone.check_in(key, mood=number % 11, note="a few words")
        except (OSError, http.client.HTTPException):
            with diary.lock:
                diary.unanswered.add(key)
            time.sleep(0.01)
            continue
        with diary.lock:
            if status == 303:
                diary.acknowledged.add(key)
            else:
                diary.refused.append(status)


def kill_repeatedly(folder: Path, *, kills: int, seed: int) -> tuple[Diary, set[str], set[str]]:
    """Let four phones write while the server is killed again and again; the diary, and what is in the database."""
    chance = random.Random(seed)
    server = Server(folder)
    cast = server.found()
    diary = Diary()
    phone = phone_of(server, cast.alice)
    for round_ in range(kills):
        server.start()
        stop = threading.Event()
        writers = [
            threading.Thread(target=write_until, args=(stop, phone, diary, f"{round_}-{writer}"))
            for writer in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        time.sleep(chance.uniform(0.6, 1.2))
        server.kill()
        stop.set()
        for writer in writers:
            writer.join()
    database = server.open()
    with database.look() as db:
        there = set(db.scalars(sa.select(CheckIn.client_key)))
        keys = set(db.scalars(sa.select(Submission.client_key)))
        assert db.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    database.close()
    assert there == keys
    return diary, there, keys


def check(diary: Diary, there: set[str], *, kills: int, seed: int) -> None:
    missing = diary.acknowledged - there
    invented = there - diary.acknowledged - diary.unanswered
    print(
        f"{kills} kills (seed {seed}): {len(diary.acknowledged)} acknowledged, {len(missing)} missing, "
        f"{len(there & diary.unanswered)} saved although nobody was told"
    )
    assert diary.refused == []
    assert missing == set()
    assert invented == set()
    assert len(diary.acknowledged) > kills


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    diary, there, _ = kill_repeatedly(tmp_path, kills=KILLS.now, seed=9)
    check(diary, there, kills=KILLS.now, seed=9)


@pytest.mark.night
@pytest.mark.timeout(1800)
def test_what_was_acknowledged_survives_kill_9_a_hundred_times(tmp_path: Path) -> None:
    diary, there, _ = kill_repeatedly(tmp_path, kills=100, seed=90)
    check(diary, there, kills=100, seed=90)
    assert len(diary.acknowledged) >= 20_000


def test_an_acknowledged_check_in_that_is_removed_behind_its_back_is_noticed(tmp_path: Path) -> None:
    diary = Diary(acknowledged={"kept", "lost"})
    with pytest.raises(AssertionError):
        check(diary, {"kept"}, kills=0, seed=0)


def test_a_graceful_stop_answers_what_it_took_and_exits_cleanly(tmp_path: Path) -> None:
    server = Server(tmp_path)
    cast = server.found()
    phone = phone_of(server, cast.alice)
    server.start()
    assert phone.check_in("before-the-stop", mood=6) == 303
    assert server.stop() == 0
    database = server.open()
    with database.look() as db:
        assert list(db.scalars(sa.select(CheckIn.client_key))) == ["before-the-stop"]
    database.close()
