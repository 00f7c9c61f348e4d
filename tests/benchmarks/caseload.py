"""A therapist's list of 2,000 people: its cost over its bare query and table, and whether long histories slow it.

The *list* is what its floors are too: the statements that count, find and read the people on a page, and their rows as
HTML. The *page* is the whole answer: signed in, in its frame, and the look written down.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import jinja2
import markupsafe
import sqlalchemy as sa

from journal import clock
from journal.domain.caseloads import Group, Only, Order
from journal.domain.days import local_day
from journal.services import summaries
from journal.services.caseload_lines import rebuild_all
from journal.storage.checkins import CheckIn
from journal.storage.database import Database
from journal.web.caseloads import read_caseload
from tests.benchmarks.installations import Installation, empty, folder, kinds
from tests.benchmarks.measure import Goal, in_turn, judge, milliseconds, show
from tests.benchmarks.population import Clinic, know_the_tables, populate
from tests.benchmarks.wsgi import getter
from tests.cast import ZONE
from tests.faults.serving import phone_of

NAME = "caseload"
ABOUT = "a caseload of 50 rows over its bare query and table, the whole page, and 10 years of history over 1"

PEOPLE = 2_000
FLOOR = "floors: bare query, table of tuples"
LIST = "Tideline, the list alone, 1 year"
YEAR = "Tideline, the whole page, 1 year"
DECADE = "Tideline, the whole page, 10 years"
SILENT_FOR = timedelta(days=12)
SILENT_EVERY = 10
"""Every tenth person has not been heard from for 12 days, and stands first for it."""
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
        _let_some_be_silent(installation.database)
        _bring_lines_up(installation.database)
    with closing(_raw(year.server.database_url)) as raw:
        floor = floor_page(raw, short)
        pages = {
            FLOOR: floor,
            LIST: product_list(year, short),
            YEAR: product_page(year, short),
            DECADE: product_page(decade, long),
        }
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
    judge(OVER_FLOOR, taken, LIST, over=FLOOR)


def _let_some_be_silent(database: Database) -> None:
    since = local_day(clock.now(), ZONE) - SILENT_FOR
    with database.unit_of_work() as db:
        db.execute(
            sa.delete(CheckIn).where(CheckIn.patient_id % SILENT_EVERY == 0, CheckIn.local_date >= since)
        )
        summaries.rebuild_all(db)


def _bring_lines_up(database: Database) -> None:
    """What the worker does as days go by: a page that is timed works out nobody's line."""
    with database.unit_of_work() as db:
        rebuild_all(db, now=clock.now())
    know_the_tables(database)


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


def product_list(installation: Installation, clinic: Clinic) -> Callable[[], str]:
    """What its floors are: the rows of the first page, found, ordered, read and drawn."""
    app = installation.app()
    provider_id = clinic.therapist.provider_id

    def page() -> str:
        with app.test_request_context(), installation.database.look() as db:
            found = read_caseload(
                db,
                provider_id,
                now=clock.now(),
                order=Order.NEXT_VISIT,
                search="",
                page=1,
                only=Only.EVERYONE,
            )
            rows = app.jinja_env.get_template("components/caseload_rows.html").module.caseload_rows  # type: ignore[attr-defined]
            return "".join(rows(group.name, found.groups[group], found.labels) for group in Group)

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
