"""Pages travel compressed where that pays and where nobody learns from their length."""

from __future__ import annotations

import zlib

import flask
import pytest
from flask.testing import FlaskClient

from journal.web.compression import compress, gzipped
from tests.conftest import Site

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
LONG = "The tide comes in, the tide goes out. " * 40


def unpacked(content: bytes) -> bytes:
    return zlib.decompress(content, 16 + zlib.MAX_WBITS)


@pytest.fixture
def browser(site: Site) -> FlaskClient:
    return site.as_(site.cast.alice)


def compressed(
    response: flask.Response, *, asked: dict[str, str] | None = None, path: str = "/"
) -> flask.Response:
    """What becomes of an answer when a browser that reads gzip asks for it."""
    with flask.Flask("small").test_request_context(path, headers=GZIP if asked is None else asked):
        compress(response)
    return response


def test_a_page_travels_as_gzip_and_says_the_same(browser: FlaskClient) -> None:
    answer = browser.get("/history", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 6_000
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert unpacked(answer.data).decode().count("<h1") == 1


def test_every_page_says_that_it_depends_on_what_the_browser_reads(browser: FlaskClient) -> None:
    assert "Accept-Encoding" in browser.get("/history", headers=GZIP).vary
    assert "Accept-Encoding" in browser.get("/history").vary


@pytest.mark.parametrize("reads", [{}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0, br"}])
def test_a_browser_without_gzip_gets_the_page_as_it_is(browser: FlaskClient, reads: dict[str, str]) -> None:
    answer = browser.get("/history", headers=reads)
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


def test_the_head_of_a_page_says_what_the_page_would_weigh(browser: FlaskClient) -> None:
    head, page = browser.head("/help", headers=GZIP), browser.get("/help", headers=GZIP)
    assert head.data == b""
    assert head.headers["Content-Encoding"] == "gzip"
    assert head.headers["Content-Length"] == str(len(page.data))


def test_a_page_that_is_not_there_is_compressed_too(browser: FlaskClient) -> None:
    answer = browser.get("/nowhere", headers=GZIP)
    assert answer.status_code == 404
    assert b"<h1" in unpacked(answer.data)


@pytest.mark.parametrize(
    "sender",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},  # a browser that does not say
    ],
)
def test_a_page_with_text_that_another_site_may_have_chosen_is_not_compressed(
    browser: FlaskClient, sender: dict[str, str]
) -> None:
    assert "Content-Encoding" not in browser.get("/history?month=2026-03", headers=GZIP | sender).headers


@pytest.mark.parametrize("sender", ["same-origin", "none"])
def test_a_page_that_was_asked_for_here_is_compressed_whatever_it_is_asked(
    browser: FlaskClient, sender: str
) -> None:
    answer = browser.get("/history?month=2026-03", headers=GZIP | {"Sec-Fetch-Site": sender})
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_link_from_a_letter_opens_a_compressed_page(browser: FlaskClient) -> None:
    answer = browser.get("/check-in", headers=GZIP | {"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_copy_to_take_out_arrives_whole(browser: FlaskClient) -> None:
    plain = browser.get("/export/journal.json")
    small = browser.get("/export/journal.json", headers=GZIP)
    assert small.headers["Content-Disposition"] == plain.headers["Content-Disposition"]
    assert unpacked(small.data)[:200] == plain.data[:200]


def test_an_archive_is_not_compressed_again(browser: FlaskClient) -> None:
    answer = browser.get("/export/journal.csv", headers=GZIP)
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"PK")


@pytest.mark.parametrize(
    "response",
    [
        flask.Response("short", mimetype="text/html"),
        flask.Response(LONG, mimetype="image/png"),
        flask.Response(LONG, mimetype="text/html", headers={"Content-Encoding": "br"}),
        flask.Response((part for part in [LONG]), mimetype="text/csv"),
        flask.Response(LONG, status=206, mimetype="text/csv"),
    ],
    ids=["short", "picture", "compressed", "streamed", "part"],
)
def test_what_should_stay_as_it_is_does(response: flask.Response) -> None:
    before = response.headers.get("Content-Encoding")
    assert compressed(response).headers.get("Content-Encoding") == before


def test_the_etag_of_the_bytes_becomes_one_of_what_they_say() -> None:
    response = compressed(flask.Response(LONG, mimetype="text/html", headers={"ETag": '"tide"'}))
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["ETag"] == 'W/"tide"'


def test_what_a_browser_has_already_is_not_sent_again(browser: FlaskClient) -> None:
    first = browser.get("/sw.js", headers=GZIP)
    assert first.headers["Content-Encoding"] == "gzip"
    again = browser.get("/sw.js", headers=GZIP | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_answer_without_a_body_stays_without_one() -> None:
    assert compressed(flask.Response(status=304, mimetype="text/html")).data == b""


def test_any_other_text_is_compressed() -> None:
    """Or the tests above would pass with a site that compresses nothing."""
    response = compressed(flask.Response(LONG, mimetype="text/html"))
    assert response.headers["Content-Encoding"] == "gzip"
    assert unpacked(response.data).decode() == LONG


def test_the_same_text_is_the_same_gzip_at_any_time() -> None:
    assert gzipped(b"tide" * 200) == gzipped(b"tide" * 200)
    assert gzipped(b"tide")[4:8] == bytes(4)  # where the time would stand
