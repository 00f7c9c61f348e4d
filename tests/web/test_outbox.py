"""The demo clinic's mail: shown in a demo, nowhere else, and only its own links can be followed."""

from __future__ import annotations

import dataclasses

import pytest

from journal.app import create_app
from journal.config import Config
from journal.services.mail import Letter
from tests.conftest import Site
from tests.letterbox import letters


@pytest.fixture
def demo(site: Site, config: Config) -> Site:
    """The same site as a demo."""
    app = create_app(dataclasses.replace(config, demo=True), database=site.database, now=site.clock)
    app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    return Site(app, site.database, site.cast, site.clock)


def post(site: Site, text: str, *, key: str = "a-key", subject: str = "Hello") -> str:
    """Write one letter; its name in the list."""
    site.app.extensions["journal"].post.send(
        Letter(to="alice@example.org", subject=subject, text=text, html="<p>…</p>", key=key)
    )
    return f"{key}@journal.example.org"


def test_without_a_demo_there_is_no_such_page(site: Site) -> None:
    name = post(site, "hello")
    assert site.stranger().get("/demo/mail").status_code == 404
    assert site.stranger().get(f"/demo/mail/{name}").status_code == 404


def test_an_empty_outbox_says_so(demo: Site) -> None:
    assert "No mail yet" in demo.stranger().get("/demo/mail").text


def test_a_letter_is_listed_and_its_link_works(demo: Site) -> None:
    client = demo.stranger()
    client.post("/sign-in", data={"email": "alice@example.org", "way": "mail"})
    letters(demo.app)
    page = client.get("/demo/mail").text
    assert "Your sign-in link" in page
    assert "To alice@example.org" in page
    where = page.split('href="/demo/mail/')[1].split('"')[0]
    link = client.get(f"/demo/mail/{where}").text.split('href="/sign-in/link/')[1].split('"')[0]
    assert client.post(f"/sign-in/link/{link}").location == "/today"


def test_only_our_own_addresses_become_links(demo: Site) -> None:
    name = post(
        demo,
        "https://journal.example.org/today https://evil.example/x "
        "https://journal.example.org.evil.example/y <b>bold</b>",
    )
    page = demo.stranger().get(f"/demo/mail/{name}").text
    assert 'href="/today"' in page
    assert "evil.example/x" in page
    assert 'href="https://' not in page
    assert page.count('<a href="/today">') == 1
    assert ".evil.example/y</a>" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fjournal.db", "../journal.db", "%2e%2e"])
def test_nothing_but_a_letter_can_be_opened(demo: Site, name: str) -> None:
    post(demo, "hello")
    assert demo.stranger().get(f"/demo/mail/{name}").status_code in {404, 308}


def test_the_newest_letter_comes_first(demo: Site) -> None:
    import os

    for number in range(3):
        name = post(demo, "hello", key=f"key-{number}", subject=f"Letter {number}")
        path = demo.app.extensions["journal"].config.outbox / f"{name}.eml"
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    page = demo.stranger().get("/demo/mail").text
    assert page.index("Letter 2") < page.index("Letter 1") < page.index("Letter 0")
