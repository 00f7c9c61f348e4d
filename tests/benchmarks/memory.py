"""Memory of a web process that has served, over that of Python with Flask and SQLAlchemy alone."""

from __future__ import annotations

import http.client
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.installations import folder
from tests.benchmarks.measure import Goal, in_turn, judge, show
from tests.faults.serving import Phone, Server, phone_of

NAME = "memory"
ABOUT = "memory of a web process that has served, over import flask, sqlalchemy.orm"

FLOOR = "floor: import flask, sqlalchemy.orm"
PRODUCT = "Tideline, one web process"
OVER_FLOOR = Goal(22, gate=1.6, extreme=1.3)
PAGES = ("/today", "/check-in", "/history", "/trends?range=all", "/sessions", "/you")


def run(rounds: int) -> None:
    """Each round starts both anew; the program serves on SQLite."""
    with folder() as place:
        server = Server(place)
        cast = server.found()
        phone = phone_of(server, cast.alice)
        taken = in_turn({FLOOR: imported, PRODUCT: lambda: served(server, phone)}, rounds=rounds)
    show("resident memory", taken, unit="MB")
    judge(OVER_FLOOR, taken, PRODUCT, over=FLOOR)


def imported() -> float:
    """A Python that has imported what every such program needs."""
    program = "import flask, sqlalchemy.orm; print(open('/proc/self/status').read())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return _resident_mb(done.stdout)


def served(server: Server, phone: Phone) -> float:
    """One process of the program's server, after each of its eight threads has met every page and check-ins."""
    server.start(workers=1)
    try:
        for number in range(16):
            if phone.check_in(f"{id(server)}-{number}-memory", mood=number % 11, note="a few words") != 303:
                raise AssertionError("a check-in was refused")
            for path in PAGES:
                _get(server, phone, path)
        assert server.process is not None
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        return max(_resident_mb(Path(f"/proc/{child}/status").read_text()) for child in children)
    finally:
        server.stop()


def _get(server: Server, phone: Phone, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Cookie": phone.cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise AssertionError(f"{path} was answered {answer.status}")


def _resident_mb(status: str) -> float:
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
