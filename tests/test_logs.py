from __future__ import annotations

import json
import threading

import pytest
import structlog

from journal import logs
from journal.web.safety import read_countries

PRIVATE = "the heavy feeling came back"


@pytest.fixture(autouse=True)
def fresh_logging(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    logs.configure(process="web")


def written(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.strip().splitlines()


def test_a_field_without_permission_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("saved", note=PRIVATE, email="alice@example.org", count=1)
    (line,) = written(capsys)
    assert PRIVATE not in line
    assert "alice" not in line
    assert json.loads(line)["count"] == 1


def test_the_search_for_private_words_finds_one_that_is_planted(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("saved", reason=PRIVATE)
    assert PRIVATE in written(capsys)[0]


def test_one_event_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("odd", reason="first\r\nsecond")
    (line,) = written(capsys)
    assert json.loads(line)["reason"] == "first\\r\\nsecond"


def test_a_line_names_its_process_in_every_thread(capsys: pytest.CaptureFixture[str]) -> None:
    thread = threading.Thread(target=lambda: structlog.get_logger().info("saved"))
    thread.start()
    thread.join()
    assert json.loads(written(capsys)[0])["process"] == "web"


def test_the_place_of_a_fault_is_the_innermost_line_of_our_own() -> None:
    """A library that raises says little; which of our lines had called it says much."""
    with pytest.raises(ValueError) as caught:
        read_countries("not json")
    assert logs.where(caught.value).startswith("web/safety.py:")


def test_a_fault_is_logged_by_its_place_and_not_by_its_message() -> None:
    try:
        raise ValueError(PRIVATE)
    except ValueError as fault:
        place = logs.where(fault)
    assert place.startswith("test_logs.py:")
    assert PRIVATE not in place
