"""How a sending ends when it does not end well, the same words for every way out: mail, push, text messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LEAVE_ALONE_AT_MOST = timedelta(hours=1)
"""However much longer a message service asks to be left alone: its answer is not to silence a whole day."""


class NotSent(Exception):
    """The message service certainly did not take the message. ``permanent``: it never will, to this address.

    ``retry_after``: how long it asked to be left alone, if it did. ``reached``: false where it did not even answer.
    """

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: timedelta | None = None, reached: bool = True
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.reached = reached


class Gone(NotSent):
    """There is nothing left to send to: a browser that gave its subscription up, a number that is no more."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class Stopped(NotSent):
    """Whoever reads there said STOP: nothing comes by this way until they say START, and nothing by another instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


class PerhapsSent(Exception):
    """The message was handed over, but no answer came: nobody can know."""


def asked_to_wait(text: str, *, now: datetime | None = None) -> timedelta | None:
    """How long a Retry-After asks to be left alone, at most :data:`LEAVE_ALONE_AT_MOST`: so many seconds, or until a
    date where ``now`` is known. None where it cannot be read.
    """
    try:
        if text.isascii() and text.isdigit():
            wait = timedelta(seconds=int(text[:9]))
        elif now is not None:
            until = parsedate_to_datetime(text)
            wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
        else:
            return None
    except ValueError:
        return None
    return min(max(wait, timedelta()), LEAVE_ALONE_AT_MOST)
