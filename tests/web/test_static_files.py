"""Files are served under the hash of their content, for ever; every other name is not there."""

from __future__ import annotations

import gzip

import pytest

from journal.web.assets import Assets
from tests.conftest import Site


def address(site: Site, name: str) -> str:
    assets = site.app.extensions["assets"]
    assert isinstance(assets, Assets)
    return assets.url(name)


def test_a_file_may_be_kept_for_ever(site: Site) -> None:
    answer = site.stranger().get(address(site, "css/app.css"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_brings_no_cookie(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    assert "Set-Cookie" not in browser.get(address(site, "icons/favicon.svg")).headers


def test_a_file_that_was_kept_before_signing_in_is_good_afterwards(site: Site) -> None:
    """A browser that is told that a file differs from cookie to cookie fetches all of them again."""
    answer = site.as_(site.cast.alice).get(address(site, "css/app.css"))
    assert "Cookie" not in answer.headers["Vary"]


def test_a_file_travels_compressed_to_whoever_reads_that(site: Site) -> None:
    plain = site.stranger().get(address(site, "css/app.css"))
    small = site.stranger().get(address(site, "css/app.css"), headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["Content-Length"] == str(len(small.data))
    assert gzip.decompress(small.data) == plain.data
    assert [one.headers["Vary"] for one in (plain, small)] == ["Accept-Encoding"] * 2
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("name", ["icons/favicon.svg", "js/clock.js"])
def test_a_file_that_is_opened_by_itself_may_do_nothing(site: Site, name: str) -> None:
    policy = site.stranger().get(address(site, name)).headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"


def test_a_font_goes_out_as_it_is(site: Site) -> None:
    answer = site.stranger().get(
        address(site, "fonts/figtree-var-latin.woff2"), headers={"Accept-Encoding": "gzip"}
    )
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"wOF2")


@pytest.mark.parametrize(
    "path",
    [
        "/static/css/app.css",  # without its hash
        "/static/css/app.0000000000.css",
        "/static/css/tokens.css",
        "/static/../pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static/..%2fpyproject.toml",
        "/static/",
    ],
)
def test_no_other_name_is_served(site: Site, path: str) -> None:
    assert site.stranger().get(path).status_code == 404


def test_nothing_that_is_missing_is_kept(site: Site) -> None:
    assert site.stranger().get("/static/css/app.css").headers["Cache-Control"] == "no-store"
