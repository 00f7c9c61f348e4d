"""Sending mail: by SMTP, or into ``.eml`` files where no server is set. One function per message.

Nothing private goes into any header or body here: no name, clinic, drug, score or session. People's words never
reach a header. Templates are in ``templates/email/``, three files a message.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import jinja2

from journal.config import Config
from journal.logs import log, where
from journal.places import TEMPLATES

TIMEOUT_S = 10
"""For connecting and for every answer of the mail server."""


class NotSent(Exception):
    """The server certainly did not take the message. ``permanent`` means: never will, to this address."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class PerhapsSent(Exception):
    """The message was handed over, but no answer came: nobody can know."""


@dataclass(frozen=True)
class Letter:
    """One message to one address. ``key`` becomes the Message-ID, the same at every attempt."""

    to: str
    subject: str
    text: str
    html: str
    key: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Carrier(Protocol):
    """Something that takes a finished message away, or raises NotSent or PerhapsSent."""

    def carry(self, message: EmailMessage) -> None: ...


class SmtpCarrier:
    """A mail server, over TLS: from the first byte (smtps) or after STARTTLS (smtp). Loopback may go without."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def carry(self, message: EmailMessage) -> None:
        handed_over = False
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                code, reply = server.mail(str(message["From"]))
                if code != 250:
                    raise smtplib.SMTPSenderRefused(code, reply, str(message["From"]))
                code, reply = server.rcpt(str(message["To"]))
                if code not in (250, 251):
                    raise smtplib.SMTPRecipientsRefused({str(message["To"]): (code, reply)})
                handed_over = True
                code, reply = server.data(message.as_bytes(policy=SMTP_POLICY))
                if code != 250:
                    raise smtplib.SMTPDataError(code, reply)
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()))[0]
            raise NotSent(f"refused {code}", permanent=code >= 500) from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as fault:
            raise NotSent(f"refused {fault.smtp_code}", permanent=fault.smtp_code >= 500) from None
        except (OSError, smtplib.SMTPException) as fault:
            if handed_over:
                raise PerhapsSent(type(fault).__name__) from None
            raise NotSent(type(fault).__name__, permanent=False) from None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._implicit_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif not _is_loopback(self._host):
            server.close()
            raise NotSent("no TLS", permanent=False)
        return server


class FileCarrier:
    """Writes each message into a folder instead of sending it: the demo clinic's post office."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").replace("/", "_")
        half = self._folder / f"{name}.half"
        half.write_bytes(message.as_bytes(policy=SMTP_POLICY))
        half.rename(self._folder / f"{name}.eml")


class Post:
    """The way out for mail: now (reminders, which record the outcome) or soon (answers to a person's request)."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._carrier: Carrier = (
            SmtpCarrier(config.smtp_url) if config.smtp_url else FileCarrier(config.outbox)
        )
        self._soon = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES / "email"),
            autoescape=jinja2.select_autoescape(["html"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(
        self, message: str, to: str, *, key: str, headers: Mapping[str, str] | None = None, **facts: str
    ) -> Letter:
        """The letter called ``message``: ``templates/email/MESSAGE.subject.txt``, ``.txt`` and ``.html``."""
        return Letter(
            to=to,
            subject=self._pages.get_template(f"{message}.subject.txt").render(**facts).strip(),
            text=self._pages.get_template(f"{message}.txt").render(**facts),
            html=self._pages.get_template(f"{message}.html").render(**facts),
            key=key,
            headers=headers or {},
        )

    def send(self, letter: Letter) -> None:
        """Send and wait for the server's answer. Raises NotSent or PerhapsSent."""
        self._carrier.carry(self._message(letter))

    def send_soon(self, letter: Letter) -> None:
        """Send without keeping anybody waiting; also hides whether there was anything to send."""
        self._soon.submit(self._send_quietly, letter)

    def close(self) -> None:
        """Let what is under way finish."""
        self._soon.shutdown(wait=True)

    def _send_quietly(self, letter: Letter) -> None:
        try:
            self.send(letter)
        except (NotSent, PerhapsSent) as fault:
            log.warning("mail not sent", channel="email", reason=str(fault))
        except Exception as fault:
            log.error("mail fault", channel="email", fault=type(fault).__name__, where=where(fault))

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"] = self._config.mail_from
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<{letter.key}@{self._config.mail_from.rsplit('@', 1)[-1]}>"
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers.items():
            message[name] = value
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"} or socket.gethostbyname(host).startswith("127.")
