"""Running the web application under gunicorn: a few processes, several threads each, and a clean stop.

Threads, because one stalled phone must not keep the others waiting.
"""

from __future__ import annotations

import json
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from journal import NOT_YET, logs
from journal.app import create_app
from journal.config import Config
from journal.services.installation import open_database

THREADS = 8
GRACEFUL_S = 25


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without its own command line and configuration files."""

    def __init__(self, config: Config, options: dict[str, Any]) -> None:
        self._config = config
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # In each process after the fork: no database connection is ever shared between processes.
        logs.configure(process="web")
        return create_app(self._config)


def serve(config: Config, *, host: str, port: int, workers: int) -> None:
    """Serve until told to stop. BadSettings, before listening, when the installation is not fit to serve."""
    open_database(config).close()
    click.echo(f"Tideline is at http://{host}:{port}")
    click.echo(NOT_YET)
    if config.demo:
        _print_sign_ins(config)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": GRACEFUL_S,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "loglevel": "warning",
        "limit_request_line": 4_096,
        "limit_request_fields": 60,
        "control_socket_disable": True,
    }
    Arbiter(Server(config, options)).run()


def _print_sign_ins(config: Config) -> None:
    path = config.data_dir / "demo-accounts.json"
    if path.exists():
        for person in json.loads(path.read_text())["accounts"]:
            click.echo(f"  {person['role']:<10} {person['email']:<22} {person['password']}")
