"""The demo clinic's post office: mail that was not sent but written into files, to read in the browser."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import flask

from journal.web import current

NEWEST = 200
"""Letters shown in the list."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it was written. ``text`` is in pieces: words, and links of ours that can be followed."""

    name: str
    to: str
    subject: str
    at: datetime
    text: list[tuple[str, str | None]]


def letters() -> str:
    """Every letter, the newest first."""
    found = sorted(_files(), key=lambda path: path.stat().st_mtime_ns, reverse=True)[:NEWEST]
    return flask.render_template("outbox/letters.html", letters=[_read(path) for path in found])


def letter(name: str) -> str:
    """One letter by its name in the list; nothing else can be opened."""
    path = next((path for path in _files() if path.stem == name), None)
    if path is None:
        flask.abort(404)
    return flask.render_template("outbox/letter.html", letter=_read(path))


def _files() -> list[Path]:
    folder = current.journal().config.outbox
    return list(folder.glob("*.eml")) if folder.is_dir() else []


def _read(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return Letter(
        name=path.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        text=_pieces(text, current.journal().config.base_url),
    )


def _pieces(text: str, base_url: str) -> list[tuple[str, str | None]]:
    """Words and links in turn; only addresses of this installation become links, as paths."""
    parts = re.split(rf"({re.escape(base_url)}/[^\s<>\"]*)", text)
    return [
        (part, part.removeprefix(base_url) if number % 2 else None)
        for number, part in enumerate(parts)
        if part
    ]
