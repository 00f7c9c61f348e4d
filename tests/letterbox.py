"""What an installation without a mail server has written into files so far."""

from __future__ import annotations

import email
import email.policy
import re
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import flask

LINK = re.compile(r"https?://\S+")


def letters(app: flask.Flask, to: str | None = None) -> list[EmailMessage]:
    """Every letter so far, the oldest first, after what is under way has arrived; those to one address if asked."""
    journal = app.extensions["journal"]
    journal.post.close()
    journal.post._soon = ThreadPoolExecutor(max_workers=2)
    paths = sorted(journal.config.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]
    return [letter for letter in read if to is None or letter["To"] == to]  # type: ignore[misc]


def words(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html(letter: EmailMessage) -> str:
    """The HTML of a letter."""
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def link(letter: EmailMessage) -> str:
    """The path of the first link in a letter."""
    found = LINK.search(words(letter))
    assert found
    return "/" + found.group().split("/", 3)[3]


def code(letter: EmailMessage) -> str:
    """The code of a sign-in letter."""
    found = re.search(r"^(\d{4} \d{4})\r?$", words(letter), re.MULTILINE)
    assert found
    return found.group(1)
