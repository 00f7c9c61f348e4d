"""The figures of the reminder semantics, each with its unit and where it comes from. Nothing else lives here."""

from __future__ import annotations

from datetime import time, timedelta

SUGGESTED_TIME = time(20, 0)
"""Wall time offered first. People with severe mental illness answer more when prompts come at a fixed time of their
day (diary studies); 20:00 is the hour of the daily prompt in a randomised trial (Drink Less)."""

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

DIGEST_AT = time(8, 0)
"""When a provider's weekly note comes, as a wall time at their clinic, unless they choose another. Our own choice: at
the beginning of a working day."""

QUIET_FROM, QUIET_UNTIL = time(22, 0), time(8, 0)
"""Quiet hours that are offered first, as wall times. Clinical specification, daily log: 22:00 to 08:00."""

LONGEST_PAUSE = timedelta(days=366)
"""Our own choice: who wants nothing for longer than a year stops, and starts again."""

FOLLOW_UP_AFTER = timedelta(hours=2)
"""From the day's last time to its one follow-up. Clinical specification, daily log: one optional nudge two hours on."""

MOVED_BEFORE_QUIET = timedelta(minutes=15)
"""A follow-up that would fall into quiet hours comes this long before they begin: after 20:00 it comes at 21:45 where
22:00 is quiet. Clinical specification, daily log."""

LEAST_BEFORE_FOLLOW_UP = timedelta(minutes=30)
"""A follow-up that would come sooner after its reminder than this does not come. Our own choice: two within minutes
would be a chain."""

SILENT_BEFORE_REST = 3
"""Asked dates without a check-in after which reminders come on every second one. Clinical specification, daily log:
answers fall off over the days, and fewer prompts are answered better."""

AFTERCARE = timedelta(hours=2)
"""How long after the end of a treatment session nothing is asked. Clinical specification, day-0 rule."""

AFTERCARE_WALL = time(18, 0)
"""When asking begins on a session day whose end is not known, as a wall time. Clinical specification, day-0 rule."""

EVE_AT = time(18, 30)
"""When the note of the evening before a session comes, as a wall time. Our own choice: early enough to read it."""

PROMPTS_AFTER_SESSION = {"d1": 1, "d3": 3, "d7": 7}
"""Days after a session that always have a check-in prompt: trials report one, three and seven days."""

QUESTIONNAIRE_REMINDED_AFTER = timedelta(days=2)
"""From a questionnaire's first day to its one reminder. Clinical specification, assessment calendar."""

QUESTIONNAIRE_OPEN_FOR = timedelta(days=4)
"""How long a questionnaire can be answered before it counts as missed. Clinical specification, assessment calendar."""
