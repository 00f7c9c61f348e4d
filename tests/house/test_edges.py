"""Who commits, who may ask the time, and who may write: each rule with a planted fault that it must catch."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, modules

BELOW_THE_EDGE = {"domain", "services", "storage", "interop"}
ASKS_THE_TIME = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "clock.now")
# The limits library asks the storage for the present window without handing it a time.
MAY_ASK_THE_TIME = {"journal.storage.rate_limits"}
# The client for HTTP, mail, and two who need a socket for something else: a lock's name, a port's.
CALLS_OUT = ("http.client", "requests", "smtplib", "socket", "urllib.request", "urllib3")
MAY_CALL_OUT = {
    "journal.calling": {"http.client", "socket"},
    "journal.services.mail": {"smtplib"},
    "journal.jobs.scheduler": {"socket"},
    "journal.serving": {"socket"},
}
WRITES = (
    "sa.insert",
    "sa.update",
    "sa.delete",
    "insert",
    "update",
    "delete",
    "db.add",
    "work.add",
    "db.flush",
)


def commits(module: Module) -> list[str]:
    return [
        f"{module.name}:{line}"
        for called, line in module.calls
        if called.endswith((".commit", ".begin")) and module.name not in {"journal.storage.database"}
    ]


def asks_the_time(module: Module) -> list[str]:
    if module.floor not in BELOW_THE_EDGE or module.name in MAY_ASK_THE_TIME:
        return []
    return [f"{module.name}:{line}" for called, line in module.calls if called.endswith(ASKS_THE_TIME)]


def writes(module: Module) -> list[str]:
    if module.floor not in {"web", "jobs"}:
        return []
    return [f"{module.name}:{line}" for called, line in module.calls if called in WRITES]


def calls_out(module: Module) -> list[str]:
    """The doors to the network that a module opens and may not."""
    names = module.imports
    open_doors = {door for door in CALLS_OUT for name in names if f"{name}.".startswith(f"{door}.")}
    return [f"{module.name}: {door}" for door in sorted(open_doors - MAY_CALL_OUT.get(module.name, set()))]


def planted(floor: str, line: str) -> Module:
    return Module(name=f"journal.{floor}.planted", path=modules()[0].path, text=line)


# Migrations run in a transaction of their own; rate limits count outside of the request's. An HTTP answer "begins" too.
OWN_TRANSACTION = {"journal.storage.migrating", "journal.storage.rate_limits", "journal.calling"}


def test_only_the_unit_of_work_commits() -> None:
    found = [place for module in modules() if module.name not in OWN_TRANSACTION for place in commits(module)]
    assert found == []


def test_time_is_an_argument_below_the_edge() -> None:
    assert [place for module in modules() for place in asks_the_time(module)] == []


def test_pages_and_jobs_leave_writing_to_services() -> None:
    assert [place for module in modules() for place in writes(module)] == []


def test_the_network_is_reached_by_one_client_and_by_mail() -> None:
    assert [place for module in modules() for place in calls_out(module)] == []


@pytest.mark.parametrize(
    "line",
    [
        "import http.client",
        "from http import client",
        "import requests.adapters",
        "import smtplib",
        "from socket import create_connection",
        "from urllib import request",
        "from urllib3 import PoolManager",
    ],
)
def test_a_second_way_out_is_caught(line: str) -> None:
    (found,) = calls_out(planted("services", line))
    assert found.startswith("journal.services.planted: ")


@pytest.mark.parametrize(
    ("rule", "floor", "line"),
    [
        (commits, "services", "db.commit()"),
        (asks_the_time, "services", "moment = datetime.now(UTC)"),
        (asks_the_time, "domain", "day = date.today()"),
        (writes, "web", "db.execute(sa.insert(CheckIn))"),
        (writes, "jobs", "db.add(row)"),
    ],
)
def test_each_rule_catches_a_planted_fault(rule: object, floor: str, line: str) -> None:
    assert callable(rule)
    assert rule(planted(floor, line)) == [f"journal.{floor}.planted:1"]


def test_flask_stays_on_its_floor() -> None:
    allowed = {"web", "edge"}
    found = [
        module.name
        for module in modules()
        if module.floor not in allowed and any(name.split(".")[0] == "flask" for name in module.imports)
    ]
    assert found == []


def test_randomness_for_secrets_comes_from_the_system() -> None:
    """The ``random`` module is predictable: only the demo's invented people and a bootstrap's draws may use it."""
    users = [module.name for module in modules() if "random" in module.imports]
    assert set(users) <= {"journal.demo_days", "journal.domain.resampling"}


def test_markup_is_trusted_in_one_module_at_the_most() -> None:
    trusting = {
        module.name
        for module in modules()
        for called, _line in module.calls
        if called in {"Markup", "markupsafe.Markup"}
    }
    assert len(trusting) <= 1


def test_every_source_file_says_what_lives_in_it() -> None:
    silent = [module.name for module in modules() if not ast.get_docstring(module.tree)]
    assert silent == []
