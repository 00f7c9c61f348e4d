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

LEASE = timedelta(seconds=60)
"""How long one worker may hold a claimed delivery. Reminder semantics: when a worker dies, another takes over within
60 seconds."""

MAX_ATTEMPTS = 3
"""Tries of one delivery, definite refusals and takeovers counted together; after that it is left as failed. Our own
choice: enough for a mail server that restarts, too few for a broken row to keep a worker busy."""

GAP_AFTER_MOVE = timedelta(hours=4)
"""The least time between two reminders of one slot when the zone or the time was changed in between. Reminder
semantics, rule for travel."""

RETRY_AFTER = timedelta(minutes=5)
"""How long a delivery rests after a mail server said "not now". Its window must still be open then. Reminder semantics:
many short tries inside the slot's window, and a visible end."""
