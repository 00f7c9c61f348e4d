"""The figures of the reminder semantics, each with its unit and where it comes from. Nothing else lives here."""

from __future__ import annotations

from datetime import time, timedelta

SUGGESTED_TIME = time(20, 0)
"""Wall time offered first. People with severe mental illness answer more when prompts come at a fixed time of their
day (diary studies); 20:00 is the hour of the daily prompt in a randomised trial (Drink Less)."""

MAX_TIMES = 2
"""Times a day. The same diary studies: the fewer prompts a day, the more are answered. Two is our own choice."""

SENDING_WINDOW = timedelta(hours=2)
"""How long after its due time a reminder may still leave. Reminder semantics: a missed one is never dumped on a person
later, it is skipped and said to be."""

LEASE = timedelta(seconds=45)
"""How long a claimed delivery is held by a worker that gives no sign of life; one that lives renews it at every tick.
Reminder semantics: when a worker dies, another takes over within 60 seconds, the tick that notices included."""

MAX_ATTEMPTS = 3
"""How often one delivery may be lost with its worker or end in a fault of ours before it is left as failed. Our own
choice: enough for a worker that is restarted, too few for a broken row to keep workers busy. A mail server's "not now"
is not counted; the window ends that."""

BACKLOG_AFTER = timedelta(minutes=10)
"""From this lateness on a due reminder is backlog, left by an outage, and drains slowly. Our own choice: longer than
a restart, and than 10,000 people with one chosen time need at the mail server."""

BACKLOG_PER_SECOND = 5
"""Reminders of the backlog that may leave in one second by one channel, from all workers together. Reminder semantics;
those on time have no such brake."""

GAP_AFTER_MOVE = timedelta(hours=4)
"""The least time between two reminders of one slot when the zone or the time was changed in between. Reminder
semantics, rule for travel."""

RETRY_AFTER = timedelta(minutes=5)
"""How long a delivery rests after a mail server said "not now". Its window must still be open then. Reminder semantics:
many short tries inside the slot's window, and a visible end."""
