"""Running the web application under gunicorn: a few processes, several threads each, and a clean stop.

A stalled phone must not keep the others waiting. So there are threads enough to wait for many of them at once, few of
which may work at the same time, and none before the whole request is in its hands. The reminder worker is a process
beside the web; the web goes on when it ends, and begins it again.
"""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from journal import NOT_YET, logs
from journal.app import create_app
from journal.beside import Beside
from journal.config import Config
from journal.domain.errors import Refused
from journal.logs import log
from journal.services.installation import open_database

THREADS = 64
"""So many phones each process may wait for at once. A thread that waits costs next to nothing."""
AT_WORK = 8
"""So many requests each process works on at once. More would only wait for each other at the database."""
READ_AHEAD = 256 * 1024
"""A body of up to so many bytes is read before its turn; larger ones only after it is known who sends them."""
SILENT_S = 15
"""A phone that is silent for so long in the middle of a request is let go; it sends again."""
GRACEFUL_S = 25


def serve(config: Config, *, host: str, port: int, workers: int, reminds: bool) -> None:
    """Serve until told to stop, with a reminder worker beside it if the installation ``reminds``.

    Before anything is begun: BadSettings when the installation is not fit to serve, and refuses ``cannot_listen``.
    """
    open_database(config).close()
    _check_free(host, port)
    logs.configure(process="web")
    click.echo(f"Tideline is at {config.base_url}")
    if not config.demo:
        click.echo(f"It listens on {host}, port {port}.")
    click.echo(NOT_YET)
    if config.demo:
        _print_sign_ins(config)
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": GRACEFUL_S,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "loglevel": "warning",
        "logger_class": ServerLog,
        "limit_request_line": 4_096,
        "limit_request_fields": 60,
        "control_socket_disable": True,
    }
    Processes(Server(config, options), beside=_reminder_worker(config) if reminds else None).run()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without its own command line and configuration files."""

    def __init__(self, config: Config, options: dict[str, Any]) -> None:
        self._config = config
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options of ``serve`` and nothing else."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in each process after the fork: processes never share a database connection."""
        return Turns(create_app(self._config, logs_requests=True))


class Turns:
    """An application that works on a few requests at once and takes none that is still on its way."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._free = threading.BoundedSemaphore(AT_WORK)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and 0 < int(length) <= READ_AHEAD:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
        with self._free:
            return self._app(environ, start_response)


class Processes(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which looks after one more process than those of the web."""

    def __init__(self, server: Server, *, beside: Beside | None) -> None:
        self._beside = beside
        super().__init__(server)

    def start(self) -> None:
        """Open the door, with a limit to how long anybody may stand in it: what comes in inherits it."""
        super().start()
        for listener in self.LISTENERS:
            for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                listener.sock.setsockopt(socket.SOL_SOCKET, direction, struct.pack("ll", SILENT_S, 0))

    def manage_workers(self) -> None:
        """At the start and about once a second: everything that should run is running."""
        super().manage_workers()
        if self._beside is not None:
            self._beside.keep()

    def stop(self, graceful: bool = True) -> None:
        """End the web and, meanwhile, the process beside it."""
        if self._beside is not None:
            self._beside.ask_to_end()
        super().stop(graceful)
        if self._beside is not None:
            self._beside.see_end(within_s=GRACEFUL_S)


class ServerLog(Logger):  # type: ignore[misc]
    """gunicorn's own log in lines of ours, without what it fills in: addresses, and what was asked for."""

    def critical(self, msg: object, *args: object, **_options: object) -> None:
        """Something that ended a process."""
        log.error("web server", **_said(msg, args))

    def error(self, msg: object, *args: object, **_options: object) -> None:
        """Something that ended a request."""
        log.error("web server", **_said(msg, args))

    def exception(self, msg: object, *args: object, **_options: object) -> None:
        """The same, with the kind of its fault."""
        kind = sys.exc_info()[0]
        log.error("web server", fault=kind.__name__ if kind else None, **_said(msg, args))

    def warning(self, msg: object, *args: object, **_options: object) -> None:
        """Something that was not as it should be."""
        log.warning("web server", **_said(msg, args))


def _said(msg: object, args: tuple[object, ...]) -> dict[str, object]:
    """Where gunicorn said it and, if it left gaps to fill, the sentence with its gaps: a whole one may be filled."""
    caller = sys._getframe(2)
    place = f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}"
    return {"where": place, "reason": str(msg) if args else None}


def _check_free(host: str, port: int) -> None:
    """gunicorn would try five times, and tell of each in its own words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Refused("cannot_listen", place=f"{host}, port {port}", reason=fault.strerror) from None


def _reminder_worker(config: Config) -> Beside:
    command = [sys.executable, "-m", "journal.cli", "worker", "--beside"]
    return Beside(command, environment={**os.environ, "JOURNAL_BASE_URL": config.base_url})


def _print_sign_ins(config: Config) -> None:
    from journal.demo import SIGN_INS_FILE

    path = config.data_dir / SIGN_INS_FILE
    if path.exists():
        for person in json.loads(path.read_text())["accounts"]:
            click.echo(f"  {person['role']:<10} {person['email']:<22} {person['password']}")
