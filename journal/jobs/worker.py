"""What every task of a worker process holds on to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from journal.config import Config
from journal.services.mail import Post
from journal.storage.database import Database


@dataclass(frozen=True)
class Worker:
    """One worker process. ``name`` is unlike that of any other process that ever ran.

    ``in_hand`` are the deliveries it has claimed and not yet finished; while it lives it keeps its hold on them.
    ``stopping`` is set when it was told to stop: nothing new is begun then.
    """

    name: str
    config: Config
    database: Database
    post: Post
    clock: Callable[[], datetime]
    in_hand: set[str] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)
