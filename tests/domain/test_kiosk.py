"""How far a handing over has come, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from journal.domain.kiosk import Ending, Handover, Stage

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
WAITING = Handover(1, "h", 1, 1, "phq9", made_at=NOW, expires_at=LATER)
OPEN = replace(WAITING, opened_at=NOW)
SAVED = replace(OPEN, saved_at=NOW)


@pytest.mark.parametrize(
    ("handover", "stage"),
    [
        (WAITING, Stage.WAITING),
        (OPEN, Stage.OPEN),
        (SAVED, Stage.SAVED),
        (replace(SAVED, ended_at=NOW), Stage.OVER),
    ],
)
def test_it_goes_from_waiting_to_over(handover: Handover, stage: Stage) -> None:
    assert handover.stage(NOW) is stage
    assert (handover.ending(NOW) is None) == (stage is not Stage.OVER)


def test_it_is_over_at_the_very_moment_it_expires() -> None:
    assert SAVED.stage(LATER - timedelta(seconds=1)) is Stage.SAVED
    assert SAVED.stage(LATER) is Stage.OVER


@pytest.mark.parametrize(
    ("handover", "ending"),
    [
        (replace(SAVED, ended_at=NOW), Ending.SAVED),
        (SAVED, Ending.SAVED),
        (replace(OPEN, ended_at=NOW), Ending.NOTHING),
        (replace(WAITING, ended_at=NOW, tries=5), Ending.CODES),
        (replace(OPEN, ended_at=NOW, tries=5), Ending.NOTHING),  # the fifth one was right
        (replace(WAITING, ended_at=NOW, tries=4), Ending.NOTHING),
        (WAITING, Ending.RAN_OUT),
        (OPEN, Ending.RAN_OUT),
    ],
)
def test_how_it_ended(handover: Handover, ending: Ending) -> None:
    assert handover.ending(LATER) is ending
