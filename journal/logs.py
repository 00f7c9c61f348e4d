"""One-line structured logs (JSON on standard error) that cannot carry anything private.

Only the names in ``ALLOWED`` are ever written; everything else is dropped, and addresses, tokens and people's words
have no allowed name. Paths are logged as the route's rule, never as the URL that was asked for.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_PACKAGE = Path(__file__).resolve().parent

ALLOWED = frozenset(
    {
        "at", "level", "event", "route", "method", "status", "ms", "request", "process", "channel", "state", "reason",
        "code", "count", "claimed", "sent", "skipped", "failed", "unknown", "fault", "where", "task", "attempt",
    }
)  # fmt: skip


def keep_allowed(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every field that is not on the list: privacy by what is named, not by what is remembered."""
    return {name: value for name, value in event.items() if name in ALLOWED}


def one_line(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape line breaks, so that one event is one line whatever is in it."""
    return {
        name: value.replace("\r", "\\r").replace("\n", "\\n") if isinstance(value, str) else value
        for name, value in event.items()
    }


def configure(*, process: str) -> None:
    """Set up logging for this process ("web", "worker", "command")."""

    def name_process(
        _logger: object, _name: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {"process": process, **event}

    structlog.configure(
        processors=[
            name_process,  # in every thread, which a context variable would not be
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            keep_allowed,
            one_line,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    # Libraries log requests, addresses and statements on their own: keep them to what went wrong.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s")
    for chatty in ("werkzeug", "apscheduler", "gunicorn.access"):
        logging.getLogger(chatty).setLevel(logging.ERROR)


def where(fault: BaseException) -> str:
    """The place a fault came from, as file:line, without its message: messages can hold people's words.

    The innermost line of our own, because a line of a library says little; where there is none, the innermost.
    """
    trace = fault.__traceback__
    ours = innermost = None
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        innermost = f"{file.name}:{trace.tb_lineno}"
        if file.is_relative_to(_PACKAGE):
            ours = f"{file.relative_to(_PACKAGE)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return ours or innermost or "unknown"


log = structlog.get_logger()
