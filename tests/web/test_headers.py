"""What every answer carries, and what another site cannot do here. The guard of forms is switched on in these tests."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from journal.app import create_app
from journal.config import Config
from journal.storage import checkins
from journal.web.routes import ROUTES, Audience, Route
from tests import cast as people
from tests.cast import Person
from tests.conftest import Site
from tests.kiosks import handed

HERE = "https://journal.example.org"
PAGE = {"base_url": HERE, "headers": {"Referer": f"{HERE}/today"}}


@pytest.fixture
def guarded(site: Site, config: Config) -> FlaskClient:
    """Alice's browser over https, with the guard on as people have it."""
    return browser_of(site, config, site.cast.alice)


def browser_of(site: Site, config: Config, person: Person) -> FlaskClient:
    client = create_app(config, database=site.database, now=site.clock).test_client()
    with site.database.unit_of_work() as db:
        token = people.web_session(db, person, now=site.clock())
    with client.session_transaction(base_url=HERE) as kept:
        kept["_user_id"] = token
    return client


def tablet_of(site: Site, config: Config) -> FlaskClient:
    """A browser that was handed over, and has its code behind it."""
    made = handed(site)
    client = create_app(config, database=site.database, now=site.clock).test_client()
    code = {"code": made.code, "csrf_token": token_on(client, f"/kiosk/{made.place}")}
    client.post(f"/kiosk/{made.place}", data=code, **PAGE)  # type: ignore[arg-type]
    return client


def token_on(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path, base_url=HERE).text)
    assert found is not None
    return found[1]


def written(site: Site) -> int:
    today = site.clock().date()
    return len(site.look(checkins.check_ins_between, site.cast.alice.patient_id, today, today))


def send(client: FlaskClient, token: str, **said: str) -> int:
    headers = {"Referer": f"{HERE}/today"} | {name.replace("_", "-"): value for name, value in said.items()}
    form = {"mood": "6", "csrf_token": token}
    return client.post("/check-in", data=form, base_url=HERE, headers=headers).status_code


def test_a_form_of_our_own_goes_through(site: Site, guarded: FlaskClient) -> None:
    """Or the tests beneath would pass with a site that takes nothing from anybody."""
    token = token_on(guarded, "/today")
    assert send(guarded, token, Sec_Fetch_Site="same-origin", Origin=HERE) == 303
    assert written(site) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://elsewhere.example.net"},
        {"Origin": "https://journal.example.org.example.net"},
        {"Origin": "null"},
        {"Referer": "https://elsewhere.example.net/"},
    ],
    ids=lambda said: " ".join(said.values()),
)
def test_a_form_of_another_site_writes_nothing(
    site: Site, guarded: FlaskClient, said: dict[str, str]
) -> None:
    """Even with a good token, should one ever get out."""
    assert send(guarded, token_on(guarded, "/today"), **said) == 400
    assert written(site) == 0


@pytest.mark.parametrize(
    "route",
    [one for one in ROUTES if "POST" in one.methods and not one.own_proof],
    ids=lambda one: one.rule,
)
def test_no_address_takes_a_form_without_a_token(site: Site, config: Config, route: Route) -> None:
    """Not even from those whose address it is; everybody else is turned away before."""
    people = {Audience.PROVIDER: site.cast.bob, Audience.ADMIN: site.cast.erin}
    browser = browser_of(site, config, people.get(route.audience, site.cast.alice))
    if route.audience is Audience.KIOSK:
        browser = tablet_of(site, config)
    path = re.sub(r"<\w+>", "anything", route.rule)
    assert browser.post(path, **PAGE).status_code == 400  # type: ignore[arg-type]
    assert browser.post(path, data={"csrf_token": "planted"}, **PAGE).status_code == 400  # type: ignore[arg-type]


def test_the_token_of_somebody_else_opens_nothing(site: Site, config: Config, guarded: FlaskClient) -> None:
    theirs = token_on(browser_of(site, config, site.cast.dan), "/today")
    assert send(guarded, theirs) == 400
    assert written(site) == 0


def test_no_script_or_style_may_stand_in_a_page(site: Site) -> None:
    policy = site.stranger().get("/sign-in").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
