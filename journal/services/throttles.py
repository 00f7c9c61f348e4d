"""How often something may be tried, counted per person rather than per network address, in every process together.

Counting commits at once and by itself: a refused try must be remembered although nothing else is. So it is done
before a unit of work begins, never inside one.
"""

from __future__ import annotations

from collections.abc import Iterable

import limits
import limits.strategies

from journal.services.links import fingerprint
from journal.storage.database import Database
from journal.storage.rate_limits import DatabaseCounters

_SCHEME = "journal://"


def may_try(database: Database, what: str, whose: str, *, most: Iterable[str]) -> bool:
    """Count one more try of ``what`` by or for ``whose``; whether it is within all of ``most`` (“5 per minute”).

    What is counted need not exist: an address that nobody has is throttled like any other.
    """
    counting = _counting(database)
    return all(counting.hit(limits.parse(limit), what, fingerprint(whose)) for limit in most)


def forgive(database: Database, what: str, whose: str, *, most: Iterable[str]) -> None:
    """Forget the tries so far, because the last one was right."""
    counting = _counting(database)
    for limit in most:
        counting.clear(limits.parse(limit), what, fingerprint(whose))


def _counting(database: Database) -> limits.strategies.FixedWindowRateLimiter:
    return limits.strategies.FixedWindowRateLimiter(DatabaseCounters(_SCHEME, engine=database.engine))
