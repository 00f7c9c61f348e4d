"""A therapist's list of 2,000 people: its cost over its bare query and table, and whether long histories slow it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import jinja2
import markupsafe
import sqlalchemy as sa

from journal import clock
from journal.services.caseload_lines import rebuild_all
from journal.storage.database import Database
from tests.benchmarks.installations import Installation, empty, folder, kinds
from tests.benchmarks.measure import Goal, in_turn, judge, milliseconds, show
from tests.benchmarks.population import Clinic, populate
from tests.benchmarks.wsgi import getter
from tests.faults.serving import phone_of

NAME = "caseload"
ABOUT = "a caseload page of 50 over its bare query and table, and 10 years of history over 1"

PEOPLE = 2_000
FLOOR = "floors: bare query, table of tuples"
YEAR = "Tideline, 1 year"
DECADE = "Tideline, 10 years"
STILL_BEHIND = "still being worked out"
GROWTH = Goal(13, gate=1.3, extreme=1.1)
OVER_FLOOR = Goal(14, gate=5, extreme=3)

QUERY = """
    SELECT patient.public_id, patient.display_name, patient_summary.last_check_in_on
    FROM consent
    JOIN patient ON patient.id = consent.patient_id
    JOIN patient_summary ON patient_summary.patient_id = consent.patient_id
    WHERE consent.provider_id = {provider} AND consent.ended_at IS NULL
    ORDER BY patient_summary.last_check_in_on LIMIT 50
"""
TABLE = """<table>{% for id, name, last, week, month, by, n, line in rows %}
<tr><td><a href="/patients/{{ id }}">{{ name }}</a><td>{{ last }}<td>{{ week }}<td>{{ month }}<td>{{ by }}<td>{{ n }}
<td>{{ line }}
{% endfor %}</table>"""
SPARKLINE = markupsafe.Markup(
    '<svg viewBox="0 0 60 20"><path d="M0 8L5 10L10 6L15 4L20 10L25 12L30 8L35 6L40 4L45 2L50 8L55 10"/></svg>'
)


def run(rounds: int) -> None:
    """On both kinds of database."""
    with folder() as place, kinds(place) as databases:
        for kind, new_url in databases.items():
            year = empty(place / f"{kind}1", new_url("one"))
            decade = empty(place / f"{kind}10", new_url("ten"))
            compare(kind, year, decade, people=PEOPLE, rounds=rounds, times=8)
            year.database.close()
            decade.database.close()


def compare(
    kind: str,
    year: Installation,
    decade: Installation,
    *,
    people: int,
    rounds: int,
    times: int,
    days: tuple[int, int] = (365, 3650),
) -> None:
    """Fill both and drive them in turn. ``days``: how long each history is; before the last 90 every tenth is kept."""
    short = populate(year.database, people=people, days=days[0], every=10)
    long = populate(decade.database, people=people, days=days[1], every=10)
    for installation in (year, decade):
        _bring_lines_up(installation.database)
    with closing(_raw(year.server.database_url)) as raw:
        floor = floor_page(raw, short)
        pages = {FLOOR: floor, YEAR: product_page(year, short), DECADE: product_page(decade, long)}
        for name, get in pages.items():
            rows = get().count("<tr>" if name == FLOOR else '<th scope="row"')
            if rows != min(50, people):
                raise AssertionError(f"{name} shows {rows} people")
            if STILL_BEHIND in get():
                raise AssertionError(f"{name} has lines that are behind")
        turns = {name: milliseconds(get, times=times) for name, get in pages.items()}
        taken = in_turn(turns, rounds=rounds)
    show(f"caseload of {people}, first page, {kind}", taken, unit="ms")
    judge(GROWTH, taken, DECADE, over=YEAR)
    judge(OVER_FLOOR, taken, YEAR, over=FLOOR)


def _bring_lines_up(database: Database) -> None:
    """What the worker does as days go by: a page that is timed works out nobody's line."""
    with database.unit_of_work() as db:
        rebuild_all(db, now=clock.now())
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def floor_page(raw: Any, clinic: Clinic) -> Callable[[], str]:
    """The least that such a page can be: the figures and the line are there already, nobody is signed in or noted."""
    template = jinja2.Environment(autoescape=True).from_string(TABLE)
    query = QUERY.format(provider=clinic.therapist.provider_id)

    def page() -> str:
        found = raw.execute(query).fetchall()
        return template.render(
            rows=[(id_, name, last, "5.1", "5.0", "+0.1", 27, SPARKLINE) for id_, name, last in found]
        )

    return page


def product_page(installation: Installation, clinic: Clinic) -> Callable[[], str]:
    """The whole page as a therapist gets it, with the look written down."""
    phone = phone_of(installation.server, clinic.therapist)
    get = getter(installation.app(), "/caseload", cookie=phone.cookie)
    return lambda: get().decode()


def _raw(database_url: str) -> Any:
    url = sa.make_url(database_url)
    if url.drivername == "sqlite":
        return sqlite3.connect(str(url.database), isolation_level=None)
    import psycopg

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, prepare_threshold=0)
