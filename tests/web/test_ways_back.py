"""Only an address of our own that is on the map is ever gone on to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from journal.web import ways_back
from tests.conftest import Site

HOST = "https://journal.example.org"
PIECES = [
    "/",
    "//",
    "\\",
    "/\\",
    "\t",
    "\n",
    " ",
    "%2f",
    "%2f%2f",
    "%5c",
    "%09",
    ".",
    "..",
    "@",
    ":",
    "https:",
    "//evil.example",
    "evil.example",
    "user:secret@",
    "．",
    "。",
    "／",
    "․",
    "\u2024",
    "\u3002",
    "?",
    "#",
    "&",
    "=",
    "next=",
    "history",
    "today",
    "check-ins",
    "\x00",
    "\u202e",
    "javascript:",
    "data:",
    ";",
]


@pytest.fixture(autouse=True)
def in_a_request(site: Site) -> Iterator[None]:
    with site.app.test_request_context("/"):
        yield


OURS = ("/history", "/history?month=2026-03", "/check-ins/abc-DEF_123/edit", "/sessions", "/you/password")
NOT_OURS = (
    None,
    "",
    "history",
    "//evil.example",
    "///evil.example/history",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " /history",
    "/history ",
    "/history\n",
    "/%2f%2fevil.example",
    "/%2fhistory",
    "%2f%2fevil.example",
    "https://evil.example/history",
    "https:/history",
    "https:history",
    "//user:secret@evil.example/history",
    "/@evil.example",
    "/．．/history",
    "//evil。example",
    "/history/../today",
    "/./history",
    "/history//",
    "/history#x",
    "/history?next=//evil.example",
    "/history;x",
    "/nowhere",
    "/sign-in",
    "/sign-out",
    "/help",
    "/you/zone",
    "/unlock",
    "/still-here",
    "/api/phone",
    "/invitation/abc",
    "/history?" + "a" * 400,
)
FORMS = ("/reminders", "/you/zone", "/check-ins/abc/edit", "/invitation/abc", "/sharing/abc")
NO_FORMS = (
    None,
    "",
    "/history",
    "/sign-in",
    "/sign-out",
    "/language",
    "//evil.example",
    "/nowhere",
    "/c/abc",
)


def test_a_page_of_ours_is_gone_on_to() -> None:
    assert [ways_back.page(text) for text in OURS] == list(OURS)


def test_after_a_download_there_is_the_page_it_is_on() -> None:
    assert ways_back.page("/export/journal.json") == ways_back.page("/export/journal.csv") == "/export"


def test_nothing_else_is_gone_on_to() -> None:
    assert [text for text in NOT_OURS if ways_back.page(text) is not None] == []


def test_a_form_of_ours_is_sent_again() -> None:
    assert [ways_back.form(text) for text in FORMS] == list(FORMS)


def test_no_other_form_is() -> None:
    assert [text for text in NO_FORMS if ways_back.form(text) is not None] == []


def stays_here(found: str) -> bool:
    """Whether a browser on a page of ours that follows ``found`` is still with us, however it reads addresses."""
    odd = {"\\", "\t", "\n", "\r", " ", "@", "#"} & set(found)
    plain = found.isascii() and not odd and urlsplit(found)[:2] == ("", "")
    plain = plain and found[:2] not in {"//", "/\\"}
    return plain and urljoin(HOST, found).startswith(f"{HOST}/")


def test_what_leads_away_would_be_noticed() -> None:
    assert stays_here("/history?month=2026-03")
    assert [away for away in NOT_OURS[3:9] if stays_here(away or "")] == []


@given(text=st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
@example("/history\r\nLocation: //evil.example")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_it_never_leaves_the_site(text: str) -> None:
    assert all(
        stays_here(found) for found in (ways_back.page(text), ways_back.form(text)) if found is not None
    )
