"""Pages: Today over a plain Jinja page, and the pages with charts as the years add up."""

from __future__ import annotations

from collections.abc import Callable

import flask

from tests.benchmarks.installations import Installation, empty, folder
from tests.benchmarks.measure import Goal, in_turn, judge, milliseconds, show
from tests.benchmarks.population import Clinic, populate
from tests.benchmarks.wsgi import getter
from tests.faults.serving import phone_of

NAME = "page"
ABOUT = "Today over a plain Jinja page; trends and the patient page, 10 years over 1"

FLOOR = "floor: Flask and one Jinja template"
TODAY = "Tideline, Today"
OVER_FLOOR = Goal(5, gate=1.8, extreme=1.3)
GROWTH = Goal(12, gate=6, extreme=3)
PAGES = {
    "the patient's trends, 4 weeks": "/trends",
    "the patient's trends, everything": "/trends?range=all",
    "a provider's patient page, 12 weeks": "/patients/{patient}",
    "a provider's patient page, everything": "/patients/{patient}?range=all",
}

ROWS = [
    {
        "day": f"2026-07-{day:02}",
        "mood": day * 7 % 11,
        "sleep": 5 + day % 4,
        "note": "slept ok & walked <20 min>",
    }
    for day in range(1, 21)
]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{% block t %}Today{% endblock %}</title>
<link rel="stylesheet" href="{{ url_for('page') }}"></head><body><header><nav><a href="/today">Today</a>
<form method="post" action="/sign-out"><input type="hidden" name="csrf_token" value="{{ csrf }}">
<button>Sign out</button></form></nav></header><main><h1>Hello {{ name }}</h1><form method="post" action="/check-in">
<input type="hidden" name="csrf_token" value="{{ csrf }}">{% for key, label in fields %}<fieldset>
<legend>{{ label }}</legend>{% for value in range(11) %}<label><input type="radio" name="{{ key }}" value="{{ value }}">
{{ value }}</label>{% endfor %}</fieldset>{% endfor %}<textarea name="note"></textarea><button>Save</button></form>
<table><thead><tr><th>Day<th>Mood<th>Sleep<th>Note</tr></thead><tbody>{% for row in rows %}<tr>
<td><time datetime="{{ row.day }}">{{ row.day }}</time></td><td class="m m{{ row.mood }}">{{ row.mood }}</td>
<td>{{ '%.1f'|format(row.sleep) }} h</td><td>{{ row.note }}</td></tr>{% endfor %}</tbody></table></main></body>
</html>"""


def run(rounds: int) -> None:
    """On SQLite: what differs between databases is measured with the check-in and the caseload."""
    with folder() as place:
        year = empty(place / "1", f"sqlite:///{place / '1.db'}")
        decade = empty(place / "10", f"sqlite:///{place / '10.db'}")
        compare(year, decade, rounds=rounds, times=8)
        year.database.close()
        decade.database.close()


def compare(
    year: Installation,
    decade: Installation,
    *,
    rounds: int,
    times: int,
    days: tuple[int, int] = (365, 3650),
) -> None:
    """Fill both and drive the pages in turn. ``days``: how long each history is."""
    clinics = {
        "1 year": (year, populate(year.database, people=2, days=days[0])),
        "10 years": (decade, populate(decade.database, people=2, days=days[1])),
    }
    apps = {name: installation.app() for name, (installation, _) in clinics.items()}
    today(floor(), _page(year, clinics["1 year"][1], apps["1 year"], "/today"), rounds=rounds, times=times)
    for title, path in PAGES.items():
        gets = {
            name: _page(installation, clinic, apps[name], path)
            for name, (installation, clinic) in clinics.items()
        }
        for name, get in gets.items():
            if b"<svg" not in get():
                raise AssertionError(f"{title} draws nothing after {name}")
        taken = in_turn({name: milliseconds(get, times=times) for name, get in gets.items()}, rounds=rounds)
        sizes = ", ".join(f"{len(get()) / 1e3:.0f} KB after {name}" for name, get in gets.items())
        show(f"{title} ({sizes})", taken, unit="ms")
        judge(GROWTH, taken, "10 years", over="1 year")


def today(plain: Callable[[], bytes], product: Callable[[], bytes], *, rounds: int, times: int) -> None:
    """Today over the floor."""
    if b"Hello Ana" not in plain() or b'name="mood"' not in product():
        raise AssertionError("a page does not show what it should")
    pages = {FLOOR: plain, TODAY: product}
    taken = in_turn({name: milliseconds(get, times=times) for name, get in pages.items()}, rounds=rounds)
    show(f"Today ({len(product()) / 1e3:.0f} KB, the floor {len(plain()) / 1e3:.0f} KB)", taken, unit="ms")
    judge(OVER_FLOOR, taken, TODAY, over=FLOOR)


def floor() -> Callable[[], bytes]:
    """A page of one template that asks no database."""
    app = flask.Flask("floor")
    app.jinja_env.auto_reload = False
    template = app.jinja_env.from_string(PAGE)

    @app.get("/today")
    def page() -> str:
        fields = (("mood", "Mood"), ("sleep_quality", "Sleep"))
        return flask.render_template(template, name="Ana", csrf="c" * 43, fields=fields, rows=ROWS)

    return getter(app, "/today")


def _page(installation: Installation, clinic: Clinic, app: flask.Flask, path: str) -> Callable[[], bytes]:
    reader = clinic.therapist if path.startswith("/patients") else clinic.patient
    phone = phone_of(installation.server, reader)
    return getter(app, path.format(patient=clinic.patient.public_id), cookie=phone.cookie)
