"""A real mail server on loopback whose answers a test can choose."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
import threading
from collections import deque
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

HANG = "hang"
"""Instead of an answer: silence, until the client gives up."""


class MailServer:
    """Takes messages until told otherwise. ``answers_to`` holds what it says next to MAIL, RCPT and the end of DATA."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.accepted: list[bytes] = []
        self.answers_to: dict[str, deque[str]] = {"MAIL": deque(), "RCPT": deque(), "DATA": deque()}
        self.secured = 0
        self._lock = threading.Lock()
        self._tls, self._host = tls, host
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def __enter__(self) -> MailServer:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _listen(self) -> int:
        def talk() -> SMTP:
            return SMTP(self, tls_context=self._tls, loop=self._loop, hostname="mail.test")

        server = await self._loop.create_server(talk, self._host, 0)
        return int(server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """Everything accepted so far."""
        with self._lock:
            return [_parsed(content) for content in self.accepted]

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._next("MAIL")
        if answer.startswith("2"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._next("RCPT")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await self._next("DATA")
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            with self._lock:
                self.accepted.append(envelope.content)
                self.secured += session.ssl is not None
        return answer

    async def _next(self, command: str) -> str:
        answer = self.answers_to[command].popleft() if self.answers_to[command] else "250 OK"
        if answer == HANG:
            await asyncio.sleep(3)
            return "421 too late"
        return answer


def _parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message
