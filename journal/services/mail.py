"""Sending mail: by SMTP, or into ``.eml`` files where no server is set. One function per message.

Nothing private goes into any header or body here: no name, clinic, drug, score or session. People's words never
reach a header. Templates are in ``templates/email/``, three files a message.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import jinja2

from journal import languages
from journal.config import Config
from journal.logs import log, where
from journal.places import TEMPLATES
from journal.services.sending import NotSent, PerhapsSent

TIMEOUT_S = 10.0
"""For connecting and for every answer of the mail server."""

QUIT_TIMEOUT_S = 1.0

SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""Any mail server takes it, whatever it says about eight bits."""


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
    """A mail server, over TLS: from the first byte (smtps) or after STARTTLS (smtp). Loopback may go without.

    The certificate is checked against the system's authorities (``SSL_CERT_FILE`` names others). Everything that goes
    wrong before the text was handed over is NotSent; from then on only the server's answer tells, and silence is
    PerhapsSent.
    """

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._timeout_s = timeout_s

    def carry(self, message: EmailMessage) -> None:
        try:
            text = _on_the_wire(message)
            server = self._connect()
        except (OSError, smtplib.SMTPException) as fault:
            raise NotSent(type(fault).__name__, permanent=False, reached=False) from None
        try:
            self._offer(server, sender=str(message["From"]), recipient=str(message["To"]))
            self._hand_over(server, text)
        finally:
            _take_leave(server)

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._implicit_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_s, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
        try:
            server.ehlo_or_helo_if_needed()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not _is_loopback(server):
                raise NotSent("no TLS", permanent=False)
        except BaseException:
            server.close()
            raise
        return server

    def _offer(self, server: smtplib.SMTP, *, sender: str, recipient: str) -> None:
        """Everything up to the server's "go ahead"."""
        try:
            server.ehlo_or_helo_if_needed()
            if self._user:
                server.login(self._user, self._password)
            _expect_to_serve_us(server.mail(sender), 250)
            _expect(server.rcpt(recipient), 250, 251)
            _expect_to_serve_us(server.docmd("DATA"), 354)
        except UnicodeError:
            raise NotSent("address", permanent=True) from None
        except (OSError, smtplib.SMTPException) as fault:
            raise NotSent(
                type(fault).__name__,
                permanent=False,
                reached=isinstance(fault, smtplib.SMTPResponseException),
            ) from None

    def _hand_over(self, server: smtplib.SMTP, text: bytes) -> None:
        try:
            server.send(text)
            answer = server.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            raise PerhapsSent(type(fault).__name__) from None
        _expect(answer, 250)


class FileCarrier:
    """Writes each message into a folder instead of sending it: the demo clinic's post office."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").replace("/", "_")
        half = self._folder / f"{name}.half"
        half.write_bytes(message.as_bytes(policy=SEVEN_BIT))
        half.rename(self._folder / f"{name}.eml")


class Post:
    """The way out for mail: now (reminders, which record the outcome) or soon (answers to a person's request).

    ``carrier`` may be handed in; else it is the configured mail server, or files where there is none.
    """

    def __init__(self, config: Config, carrier: Carrier | None = None) -> None:
        self._config = config
        self._carrier = carrier or (
            SmtpCarrier(config.smtp_url) if config.smtp_url else FileCarrier(config.outbox)
        )
        self._soon = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")
        self._pages = letter_pages()

    def write(
        self, message: str, to: str, *, key: str, headers: Mapping[str, str] | None = None, **facts: str
    ) -> Letter:
        """The letter called ``message``, in the language being spoken.

        Its parts are ``templates/email/MESSAGE.subject.txt``, ``.txt`` and ``.html``.
        """
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
        message = EmailMessage(policy=SEVEN_BIT)
        # The standard library refuses a line break in any of these; a header cannot be smuggled in.
        try:
            message["From"] = self._config.mail_from
            message["To"] = letter.to
            message["Subject"] = letter.subject
            domain = parseaddr(self._config.mail_from)[1].rpartition("@")[2]
            message["Message-ID"] = f"<{letter.key}@{domain}>"
            message["Date"] = formatdate()
            message["Auto-Submitted"] = "auto-generated"
            for name, value in letter.headers.items():
                message[name] = value
        except ValueError:
            raise NotSent("header", permanent=True) from None
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message


def letter_pages() -> jinja2.Environment:
    """The templates of all letters, as they speak the languages."""
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "email"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    pages.policies["ext.i18n.trimmed"] = True
    pages.globals["spoken"] = languages.spoken
    pages.install_gettext_callables(  # type: ignore[attr-defined]
        languages.say, languages.say_plural, newstyle=True, pgettext=languages.pgettext
    )
    return pages


def _on_the_wire(message: EmailMessage) -> bytes:
    """The message as DATA carries it: CRLF, a leading dot doubled, and the lone dot that ends it."""
    text = message.as_bytes(policy=SEVEN_BIT)
    return re.sub(rb"(?m)^\.", b"..", text).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    """NotSent unless the server answered one of ``codes``; 4xx is "not now", 5xx is meant for good."""
    code = answer[0]
    if code not in codes:
        raise NotSent(f"refused {code}", permanent=code >= 500)


def _expect_to_serve_us(answer: tuple[int, bytes], *codes: int) -> None:
    """The same where nobody is named but us: a "never" there must not close an address."""
    if answer[0] not in codes:
        raise NotSent(f"refused {answer[0]}", permanent=False)


def _take_leave(server: smtplib.SMTP) -> None:
    # Whatever a server does at QUIT changes nothing about what it answered before, and is not worth waiting for.
    try:
        if server.sock is not None:
            server.sock.settimeout(QUIT_TIMEOUT_S)
        server.docmd("QUIT")
    except (OSError, smtplib.SMTPException):
        pass
    finally:
        server.close()


def _is_loopback(server: smtplib.SMTP) -> bool:
    return server.sock is not None and ip_address(server.sock.getpeername()[0]).is_loopback
