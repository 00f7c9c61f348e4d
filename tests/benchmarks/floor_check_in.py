"""The floor under the check-in: Flask and the raw driver, running the very statements that the program runs.

The statements are not written down here: they are overheard from the program, so that the floor cannot fall behind.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import flask
import sqlalchemy as sa

from journal.domain.checkins import NUMBERS
from journal.services.links import fingerprint
from journal.storage.database import PRAGMAS
from journal.web import headers
from tests.benchmarks.overheard import COMMIT, ROLLBACK, Parameters, Step
from tests.faults.serving import COOKIE, SECRET

RawConnection = Any
"""sqlite3's or psycopg's; both are used alike."""


def floor_app(database_url: str, steps: Sequence[Step], *, stale: Mapping[object, str]) -> flask.Flask:
    """One address that says ``steps``, with fresh values in the place of the ``stale`` ones.

    ``stale`` names what each value of the overheard request was: its ``token_hash``, ``client_key`` and ``public_id``.
    """
    app = flask.Flask("floor")
    connection = _connections(database_url)
    prepared = [_prepared(step, stale) for step in steps]

    def replay(fresh: Mapping[str, str]) -> Iterator[object]:
        """Say every step; gives the rows of each that has any."""
        raw = connection()
        for sql, say in prepared:
            if sql == COMMIT:
                raw.commit()
            elif sql == ROLLBACK:
                raw.rollback()
            else:
                cursor = raw.execute(sql, say(fresh))
                if cursor.description:
                    yield cursor.fetchall()

    @app.post("/check-in")
    def check_in() -> flask.Response:
        token = flask.request.cookies.get(COOKIE, "")
        form = flask.request.form
        fresh = {
            "token_hash": fingerprint(token),
            "client_key": form["client_key"],
            "public_id": secrets.token_urlsafe(16),
        }
        answers = replay(fresh)
        if not next(answers) or not hmac.compare_digest(form["csrf_token"], csrf_token(token)):
            flask.abort(403)
        for name, (low, high) in NUMBERS.items():
            if name in form and not low <= int(form[name]) <= high:
                flask.abort(422)
        for _ in answers:
            pass
        return flask.Response(
            status=303, headers=headers.ALWAYS | {"Location": f"/check-ins/{fresh['public_id']}/saved"}
        )

    return app


def csrf_token(token: str) -> str:
    """The floor's form token: the cheapest that is safe."""
    return hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()


def _connections(database_url: str) -> Callable[[], RawConnection]:
    """A raw connection for each thread, with the settings of the program's own."""
    url = sa.make_url(database_url)
    held = threading.local()

    def connection() -> RawConnection:
        if not hasattr(held, "raw"):
            held.raw = _sqlite(url) if url.drivername == "sqlite" else _postgres(url)
        return held.raw

    return connection


def _sqlite(url: sa.URL) -> sqlite3.Connection:
    raw = sqlite3.connect(str(url.database), isolation_level=None, timeout=10)
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
    return raw


def _postgres(url: sa.URL) -> RawConnection:
    import psycopg

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, prepare_threshold=0)


def _prepared(
    step: Step, stale: Mapping[object, str]
) -> tuple[str, Callable[[Mapping[str, str]], Parameters]]:
    """A step that takes its parameters from the overheard ones, except where a fresh value belongs."""
    said = step.parameters
    if isinstance(said, Mapping):
        places = {key: stale[value] for key, value in said.items() if _is_in(stale, value)}
        return step.sql, lambda fresh: {**said, **{key: fresh[name] for key, name in places.items()}}
    spots = [(place, stale[value]) for place, value in enumerate(said) if _is_in(stale, value)]

    def say(fresh: Mapping[str, str]) -> Parameters:
        values = list(said)
        for place, name in spots:
            values[place] = fresh[name]
        return values

    return step.sql, say


def _is_in(stale: Mapping[object, str], value: object) -> bool:
    return isinstance(value, str) and value in stale
