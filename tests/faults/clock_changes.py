"""Six nights on which clocks change, a patient's two awkward times around each, and when each message is due.

The instants are worked out by hand from the rules of each place, not by the program.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.testing import FlaskClient

from tests.reminding import utc

AFTER = timedelta(seconds=20)
"""How long after a due time a live clock is put: a worker looks every ten seconds."""


@dataclass(frozen=True)
class Night:
    """``begins`` is when the patient saves the two times; ``due`` is (local date, time on the page, instant).

    ``again`` is how long after the first the same wall time comes once more, on the night when it comes twice.
    """

    name: str
    zone: str
    first: str
    second: str
    begins: datetime
    due: tuple[tuple[str, str, datetime], ...]
    again: timedelta = timedelta()

    @property
    def moments(self) -> list[datetime]:
        """Where a live clock is put, one after the other: before and after each due time on the middle date, after the
        others, and after the wall time that comes again."""
        moments = {at + AFTER for *_, at in self.due}
        for _, _, at in self.due[2:4]:
            moments |= {at - AFTER, at + self.again + AFTER}
        return sorted(moments)


NIGHTS = (
    Night(
        "Lord Howe, half an hour forward",
        "Australia/Lord_Howe", "02:15", "21:00", utc("2026-10-02 13:31"),
        (
            ("2026-10-03", "2:15 am", utc("2026-10-02 15:45")), ("2026-10-03", "9:00 pm", utc("2026-10-03 10:30")),
            ("2026-10-04", "2:30 am", utc("2026-10-03 15:30")), ("2026-10-04", "9:00 pm", utc("2026-10-04 10:00")),
            ("2026-10-05", "2:15 am", utc("2026-10-04 15:15")), ("2026-10-05", "9:00 pm", utc("2026-10-05 10:00")),
        ),
    ),
    Night(
        "Lord Howe, half an hour back",
        "Australia/Lord_Howe", "01:45", "21:00", utc("2026-04-03 13:01"),
        (
            ("2026-04-04", "1:45 am", utc("2026-04-03 14:45")), ("2026-04-04", "9:00 pm", utc("2026-04-04 10:00")),
            ("2026-04-05", "1:45 am", utc("2026-04-04 14:45")), ("2026-04-05", "9:00 pm", utc("2026-04-05 10:30")),
            ("2026-04-06", "1:45 am", utc("2026-04-05 15:15")), ("2026-04-06", "9:00 pm", utc("2026-04-06 10:30")),
        ),
        again=timedelta(minutes=30),
    ),
    Night(
        "Cairo, forward at midnight",
        "Africa/Cairo", "00:30", "20:00", utc("2026-04-22 22:01"),
        (
            ("2026-04-23", "12:30 am", utc("2026-04-22 22:30")), ("2026-04-23", "8:00 pm", utc("2026-04-23 18:00")),
            ("2026-04-24", "1:00 am", utc("2026-04-23 22:00")), ("2026-04-24", "8:00 pm", utc("2026-04-24 17:00")),
            ("2026-04-25", "12:30 am", utc("2026-04-24 21:30")), ("2026-04-25", "8:00 pm", utc("2026-04-25 17:00")),
        ),
    ),
    Night(
        "Cairo, back at midnight",
        "Africa/Cairo", "12:00", "23:30", utc("2026-10-27 21:01"),
        (
            ("2026-10-28", "12:00 pm", utc("2026-10-28 09:00")), ("2026-10-28", "11:30 pm", utc("2026-10-28 20:30")),
            ("2026-10-29", "12:00 pm", utc("2026-10-29 09:00")), ("2026-10-29", "11:30 pm", utc("2026-10-29 20:30")),
            ("2026-10-30", "12:00 pm", utc("2026-10-30 10:00")), ("2026-10-30", "11:30 pm", utc("2026-10-30 21:30")),
        ),
        again=timedelta(hours=1),
    ),
    Night(
        "New York, forward",
        "America/New_York", "02:30", "20:00", utc("2027-03-13 05:01"),
        (
            ("2027-03-13", "2:30 am", utc("2027-03-13 07:30")), ("2027-03-13", "8:00 pm", utc("2027-03-14 01:00")),
            ("2027-03-14", "3:00 am", utc("2027-03-14 07:00")), ("2027-03-14", "8:00 pm", utc("2027-03-15 00:00")),
            ("2027-03-15", "2:30 am", utc("2027-03-15 06:30")), ("2027-03-15", "8:00 pm", utc("2027-03-16 00:00")),
        ),
    ),
    Night(
        "New York, back",
        "America/New_York", "01:30", "20:00", utc("2026-10-31 04:01"),
        (
            ("2026-10-31", "1:30 am", utc("2026-10-31 05:30")), ("2026-10-31", "8:00 pm", utc("2026-11-01 00:00")),
            ("2026-11-01", "1:30 am", utc("2026-11-01 05:30")), ("2026-11-01", "8:00 pm", utc("2026-11-02 01:00")),
            ("2026-11-02", "1:30 am", utc("2026-11-02 06:30")), ("2026-11-02", "8:00 pm", utc("2026-11-03 01:00")),
        ),
        again=timedelta(hours=1),
    ),
)  # fmt: skip


def save(patient: FlaskClient, night: Night) -> None:
    """The patient chooses the two times on the page of reminders, in the zone of that place."""
    form = {
        "first": night.first,
        "second": night.second,
        "days": ["1", "2", "3", "4", "5", "6", "7"],
        "zone": night.zone,
        "email": "1",
        "quiet_from": "",
        "quiet_until": "",
        "pause": "",
        "pause_until": "",
    }
    assert patient.post("/reminders", data=form).status_code == 303


def read_log(patient: FlaskClient) -> list[str]:
    """What the page of all that was sent says, oldest first: ``Sunday 4 October | Sent | 2:30 am, by email``."""
    page = patient.get("/reminders/sent").text.partition("<main")[2]
    lines, day = [], ""
    for heading, item in re.findall(r"<h2\b[^>]*>(.*?)</h2>|<li\b[^>]*>(.*?)</li>", page, re.DOTALL):
        day = _said(heading) or day
        if item:
            lines.append(f"{day} | {_said(item)}")
    return lines[::-1]


def _said(markup: str) -> str:
    return html.unescape(
        " | ".join(part for part in re.sub(r"<[^>]*>", "\n", markup).split("\n") if part.strip())
    )
