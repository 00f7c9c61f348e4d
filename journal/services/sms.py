"""The way out for text messages: now (reminders, which record the outcome) or soon (answers to a person's request).

Every message costs money, so every one is counted before it is handed over, codes and answers too, and no day has more
of them than the settings say, over all machines together. Nothing private goes into any message: what they say is
written where they are sent from.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.exc import SQLAlchemyError

from journal.config import Config
from journal.logs import log, where
from journal.services.sending import NotSent, PerhapsSent
from journal.services.sms_gateways import Gateway, gateway_of
from journal.storage.database import Database
from journal.storage.rate_limits import may_spend

_COUNTED = "sms"


class Texts:
    """The configured gateway, and the day's cap on it. Safe to share between threads."""

    def __init__(
        self, gateway: Gateway, database: Database, *, most_a_day: int, clock: Callable[[], datetime]
    ) -> None:
        self.gateway = gateway
        self._database, self._most_a_day, self._clock = database, most_a_day, clock
        self._soon = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sms")

    def send(self, number: str, text: str, *, key: str) -> None:
        """Send and wait for the gateway's answer. Raises NotSent ("cap" until midnight UTC) or one of its kinds, or
        PerhapsSent."""
        try:
            may_spend = self.may_spend()
        except SQLAlchemyError as fault:  # uncounted, nothing is handed over, and that is certain
            raise NotSent(type(fault).__name__, permanent=False) from None
        if not may_spend:
            now = self._clock().astimezone(UTC)
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
            raise NotSent("cap", permanent=False, retry_after=midnight - now)
        self.gateway.send(number, text, key=key)

    def send_soon(self, number: str, text: str, *, key: str) -> None:
        """Send without keeping anybody waiting."""
        self._soon.submit(self._send_quietly, number, text, key=key)

    def may_spend(self) -> bool:
        """Count one message, unless the day has had its last; whether it was counted. For what is sent by an answer."""
        return may_spend(self._database.engine, _COUNTED, most=self._most_a_day, now=self._clock())

    def close(self) -> None:
        """Let what is under way finish."""
        self._soon.shutdown(wait=True)

    def _send_quietly(self, number: str, text: str, *, key: str) -> None:
        try:
            self.send(number, text, key=key)
        except (NotSent, PerhapsSent) as fault:
            log.warning("text not sent", channel="sms", reason=str(fault))
        except Exception as fault:
            log.error("text fault", channel="sms", fault=type(fault).__name__, where=where(fault))


def texts_of(config: Config, database: Database, *, clock: Callable[[], datetime]) -> Texts | None:
    """The way out that the settings name; None where they name none, and there is no such channel."""
    gateway = gateway_of(config, clock=clock)
    if gateway is None:
        return None
    return Texts(gateway, database, most_a_day=config.sms_per_day, clock=clock)
