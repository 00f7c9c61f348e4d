"""What phones keep: the same for everybody, complete, small, and new when anything of it is new."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta

from tests.conftest import Site

JAVASCRIPT_GATE = 12 * 1024
"""Bytes of JavaScript on the check-in page when compressed, the worker with its library included."""


def site_of(script: str) -> dict[str, object]:
    """What the worker knows of the site."""
    found = re.match(r"const SITE = (\{.*\});\n", script)
    assert found is not None
    known: dict[str, object] = json.loads(found[1])
    return known


def test_the_worker_may_be_kept_only_after_asking(site: Site) -> None:
    answer = site.stranger().get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = site.stranger().get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_worker_is_the_same_for_everybody(site: Site) -> None:
    alice, dan = site.as_(site.cast.alice), site.as_(site.cast.dan)
    alice.get("/today")
    assert alice.get("/sw.js").data == dan.get("/sw.js").data == site.stranger().get("/sw.js").data
    assert alice.get("/offline").data == site.stranger().get("/offline").data


def test_every_file_that_the_worker_keeps_is_there(site: Site) -> None:
    stranger = site.stranger()
    files = site_of(stranger.get("/sw.js").text)["files"]
    assert isinstance(files, list)
    assert [name for name in files if stranger.get(name).status_code != 200] == []
    assert [name for name in files if not name.startswith("/static/")] == ["/help", "/offline"]


def test_every_file_that_the_kept_pages_name_is_kept(site: Site) -> None:
    stranger = site.stranger()
    files = site_of(stranger.get("/sw.js").text)["files"]
    assert isinstance(files, list)
    for page in ("/offline", "/help"):
        named = set(re.findall(r'"(/static/[^"]+)"', stranger.get(page).text))
        assert named - set(files) == set()


def test_another_language_is_another_shelf(site: Site) -> None:
    stranger = site.stranger()
    english = site_of(stranger.get("/sw.js", headers={"Accept-Language": "en"}).text)["shelf"]
    greek = site_of(stranger.get("/sw.js", headers={"Accept-Language": "el"}).text)["shelf"]
    assert str(english).startswith("tideline en ")
    assert str(greek).startswith("tideline el ")


def test_the_worker_sends_every_item_of_a_check_in(site: Site) -> None:
    from journal.web.forms.json_checkins import MEMBERS

    script = site.stranger().get("/sw.js").text
    fields = site_of(script)["fields"]
    assert isinstance(fields, dict)
    by_kind = {name for names in fields.values() for name in names}
    assert {name for name in MEMBERS - by_kind if not re.search(rf"\b{name}\b", script)} == set()


def test_the_shell_is_nobodys_and_holds_no_token(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    alice.get("/today")
    page = alice.get("/offline").text
    assert "Alice" not in page
    assert "Bob" not in page
    assert "csrf_token" not in page


def test_a_page_tells_the_phone_whose_it_is_and_for_how_long_it_stays_open(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    told = re.search(r'data-account="([^"]+)" data-open-for="(\d+)"', alice.get("/today").text)
    assert told is not None
    assert told[1] == alice.get("/api/phone").get_json()["account"]
    assert told[2] == "600"
    site.clock.moment += timedelta(minutes=11)
    assert 'data-open-for="0"' in alice.get("/today").text


def test_the_page_of_signing_in_says_that_nobody_is_here(site: Site) -> None:
    page = site.stranger().get("/sign-in").text
    assert "data-nobody" in page
    assert "data-account" not in page


def test_no_page_of_a_provider_puts_the_worker_in_place(site: Site) -> None:
    assert "js/phone." not in site.as_(site.cast.bob).get("/caseload").text


def test_a_phone_that_has_emptied_itself_keeps_its_worker_when_signing_out(site: Site) -> None:
    answer = site.as_(site.cast.alice).post("/sign-out", data={"emptied": "1"})
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_the_javascript_of_the_check_in_page_stays_within_its_budget(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    scripts = {
        alice.get(path).data for path in re.findall(r'src="(/static/[^"]+\.js)"', alice.get("/check-in").text)
    }
    sizes = [len(gzip.compress(script, 9)) for script in (*scripts, alice.get("/sw.js").data)]
    assert sum(sizes) <= JAVASCRIPT_GATE
