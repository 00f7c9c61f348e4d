"""What every task of a worker process holds on to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from journal.config import Config
from journal.services.breaker import Breaker
from journal.services.mail import Post
from journal.services.push import PushService
from journal.services.reminders import CHANNELS
from journal.services.sms import Texts
from journal.services.watching import DeadMan
from journal.storage.database import Database

_GAP = timedelta(minutes=1)


@dataclass
class Awake:
    """Since when a worker has been looking at what is due without a gap of a minute.

    What came due in that time and still waits is no outage's: there is more of it than a message service takes at once.
    Safe to share between threads.
    """

    _since: datetime | None = None
    _looked_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, now: datetime) -> datetime:
        """Say that it looks at ``now``; since when it has."""
        with self._lock:
            if (
                self._since is None
                or self._looked_at is None
                or not timedelta() <= now - self._looked_at <= _GAP
            ):
                self._since = now
            self._looked_at = now
            return self._since


@dataclass(frozen=True)
class Worker:
    """One worker process. ``name`` is unlike that of any other process that ever ran.

    ``push``, ``texts`` and ``dead_man`` are None where that way out is not set up. ``in_hand`` are the deliveries it
    has claimed and not yet finished; while it lives it keeps its hold on them. ``stopping`` is set when it was told to
    stop: nothing new is begun then.
    """

    name: str
    config: Config
    database: Database
    post: Post
    clock: Callable[[], datetime]
    push: PushService | None = None
    texts: Texts | None = None
    dead_man: DeadMan | None = None
    awake: Awake = field(default_factory=Awake)
    in_hand: set[str] = field(default_factory=set)
    breakers: dict[str, Breaker] = field(default_factory=lambda: {channel: Breaker() for channel in CHANNELS})
    stopping: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Let what is under way finish."""
        self.post.close()
        if self.texts is not None:
            self.texts.close()
