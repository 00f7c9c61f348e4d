"""A phone without a network: the form opens, what was written is neither lost nor sent twice, and nobody reads it."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from journal.storage.checkins import CheckIn
from tests import cast as people
from tests.cast import Cast, Person
from tests.conftest import HEADLESS_SHELL
from tests.journeys.conftest import FLAGS, SMALL_PHONE, LiveSite
from tests.journeys.network import Answer, sending
from tests.journeys.test_every_page import violations

pytestmark = pytest.mark.browser

CANARY = "the heron waits by the weir"


@dataclass
class Phone:
    """One browser with one page in it, and somebody signed in."""

    site: LiveSite
    page: Page

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def ready(self) -> None:
        """Wait until the worker has everything it needs without a network."""
        self.page.goto("/check-in")
        self.page.evaluate("navigator.serviceWorker.ready")
        self.until("navigator.serviceWorker.controller !== null")
        self.until("phone.ask('form').then((form) => form !== null)")

    def until(self, promise: str) -> None:
        """Wait until a promise made again and again is kept."""
        ends = time.monotonic() + 15
        begins = (
            "globalThis.phone && " if promise.startswith("phone.") else ""
        )  # its script may not have run yet
        while not self.page.evaluate(begins + promise):
            assert time.monotonic() < ends, promise
            self.page.wait_for_timeout(50)

    def nothing_waits(self) -> None:
        self.until("phone.ask('waiting').then((told) => told.here && told.items.length === 0)")

    def lock(self) -> None:
        """Ten minutes have gone by."""
        self.site.clock.moment += timedelta(minutes=11)
        self.page.goto("/today")

    def offline(self, off: bool = True) -> None:
        self.context.set_offline(off)

    def check_in(self, mood: int, *, note: str = "") -> None:
        self.page.goto("/check-in")
        self.page.locator(f"input[name=mood][value='{mood}']").check(force=True)
        if note:
            self.page.get_by_label("A note").fill(note)
        self.page.locator(".savebar button").click()

    def says(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()

    def waiting(self) -> list[dict[str, object]]:
        self.until("phone.ask('waiting').then(Boolean)")
        found: list[dict[str, object]] = self.page.evaluate("phone.ask('waiting').then((told) => told.items)")
        return found


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    live.clock.moment = datetime.now(UTC)
    with live.database.unit_of_work() as db:
        return people.assemble(db, now=live.clock() - timedelta(days=60))


@pytest.fixture
def phone(live: LiveSite, cast: Cast, browser: Browser) -> Phone:
    page = live.open(browser)
    live.sign_in(page.context, cast.alice)
    phone = Phone(live, page)
    phone.ready()
    return phone


def stored(live: LiveSite, person: Person) -> list[CheckIn]:
    with live.database.look() as db:
        return list(
            db.scalars(
                sa.select(CheckIn)
                .where(CheckIn.patient_id == person.patient_id)
                .order_by(CheckIn.recorded_at)
            )
        )


def test_with_a_network_saving_leads_to_the_confirmation(phone: Phone, cast: Cast) -> None:
    phone.check_in(7, note="a calm evening")
    phone.says("Saved. Thank you.")
    assert [(one.mood, one.via) for one in stored(phone.site, cast.alice)] == [(7, "web")]
    assert phone.waiting() == []


def test_without_a_network_a_check_in_waits_and_then_sends_itself(phone: Phone, cast: Cast) -> None:
    phone.offline()
    phone.check_in(4, note=CANARY)
    phone.says("Waiting on this phone")
    assert stored(phone.site, cast.alice) == []
    phone.offline(False)
    phone.says("Sent. Thank you.")
    assert [one.mood for one in stored(phone.site, cast.alice)] == [4]
    assert phone.waiting() == []


def test_after_a_low_number_people_come_first(phone: Phone) -> None:
    phone.offline()
    phone.check_in(1)
    phone.says("You don’t have to hold this alone")
    before = phone.page.get_by_role("heading").all_inner_texts()
    assert before.index("You don’t have to hold this alone") < before.index("Waiting on this phone", 1)


def test_what_is_refused_is_shown_on_the_servers_own_page_with_everything_kept(
    phone: Phone, cast: Cast
) -> None:
    phone.page.goto("/check-in")
    phone.page.locator("input[name=mood][value='6']").check(force=True)
    phone.page.get_by_text("Exact minutes").click()
    phone.page.get_by_label("Steps").fill("many")
    phone.page.get_by_label("A note").fill(CANARY)
    phone.page.locator(".savebar button").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("Steps")
    expect(phone.page.get_by_label("A note")).to_have_value(CANARY)
    assert phone.waiting() == []
    assert stored(phone.site, cast.alice) == []


def test_one_that_is_refused_later_is_kept_and_holds_up_nothing(phone: Phone, cast: Cast) -> None:
    phone.offline()
    phone.page.goto("/check-in")
    phone.page.locator("input[name=mood][value='6']").check(force=True)
    phone.page.get_by_text("Exact minutes").click()
    phone.page.get_by_label("Steps").fill("many")
    phone.page.locator(".savebar button").click()
    phone.says("Waiting on this phone")
    phone.check_in(3)
    phone.says("Waiting on this phone")
    phone.offline(False)
    expect(phone.page.get_by_text("Needs a look").locator("visible=true")).to_have_count(1)
    assert [one.mood for one in stored(phone.site, cast.alice)] == [3]

    phone.page.get_by_role("link", name="Change it").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("number")
    phone.page.get_by_text("Exact minutes").click()
    expect(phone.page.get_by_label("Steps")).to_have_value("many")
    phone.page.get_by_label("Steps").fill("4000")
    phone.page.locator(".savebar button").click()
    phone.says("Saved. Thank you.")
    assert sorted((one.mood or 0, one.steps) for one in stored(phone.site, cast.alice)) == [
        (3, None),
        (6, 4000),
    ]
    assert phone.waiting() == []


def test_one_that_waits_can_be_discarded(phone: Phone, cast: Cast) -> None:
    phone.offline()
    phone.check_in(4)
    phone.page.get_by_text("Discard this one").click()
    phone.page.get_by_role("button", name="Discard").click()
    expect(phone.page.get_by_text("Waiting to send")).to_have_count(0)
    assert phone.waiting() == []


def test_a_reply_lost_after_the_commit_doubles_nothing(phone: Phone, cast: Cast) -> None:
    phone.site.network.loses = sending
    phone.check_in(5)
    phone.says("Waiting on this phone")
    assert [one.mood for one in stored(phone.site, cast.alice)] == [5]
    phone.page.get_by_text("Discard this one").click()
    phone.page.evaluate(
        "phone.ask('retry')"
    )  # what waits is shown again, and what somebody opened stays open
    expect(phone.page.get_by_text("It may have arrived already")).to_be_visible()
    phone.site.network.heal()
    phone.page.get_by_role("button", name="Try now").click()
    phone.says("Sent. Thank you.")
    assert [one.mood for one in stored(phone.site, cast.alice)] == [5]


@pytest.mark.parametrize(
    "answer",
    [
        ("200 OK", "text/html", b"<p>Welcome to the hotel. Please accept our terms."),
        ("200 OK", "application/json", b'{"client_key": "another", "check_in": "x"}'),
        ("503 Service Unavailable", "application/json", b'{"code": "unavailable"}'),
        ("429 Too Many Requests", "application/json", b'{"code": "too_many"}'),
        ("500 Internal Server Error", "text/html", b"oh"),
    ],
    ids=["hotel", "another key", "unavailable", "too many", "fault"],
)
def test_only_an_answer_about_this_very_check_in_counts_as_stored(
    phone: Phone, cast: Cast, answer: tuple[str, str, bytes]
) -> None:
    phone.site.network.answers = lambda method, path: answer if sending(method, path) else None
    phone.check_in(5)
    phone.says("Waiting on this phone")
    phone.site.network.heal()
    phone.page.evaluate("void phone.ask('send')")
    phone.says("Sent. Thank you.")
    assert [one.mood for one in stored(phone.site, cast.alice)] == [5]


def test_the_form_and_the_help_page_open_while_the_server_is_down(phone: Phone) -> None:
    phone.site.network.cut = lambda _method, _path: True
    phone.page.goto("/today")
    expect(phone.page.get_by_role("group", name="How is your mood right now?")).to_be_visible()
    expect(phone.page.get_by_label("A note")).to_be_visible()
    phone.page.goto("/help")
    phone.says("Help, right now")
    phone.page.goto("/history")
    phone.says("You’re offline")


def test_the_kept_form_is_the_persons_own(phone: Phone) -> None:
    phone.offline()
    phone.page.goto("/check-in")
    expect(phone.page.get_by_label("Share with Bob, my therapist")).to_have_count(1)
    expect(phone.page.get_by_label("Gardening")).to_have_count(1)
    expect(phone.page.get_by_role("group", name=re.compile("pain"))).to_have_count(0)
    assert "{names}" not in phone.page.locator("main").inner_text()


def test_a_locked_phone_asks_nothing_of_the_network_before_its_form_can_be_used(phone: Phone) -> None:
    phone.lock()
    phone.site.network.cut = lambda method, path: True
    phone.site.network.asked.clear()
    phone.page.goto("/today")
    phone.page.locator("input[name=mood][value='6']").check(force=True)
    at_once = [path for _method, path in phone.site.network.asked if path not in {"/api/phone", "/sw.js"}]
    assert at_once == []
    expect(phone.page.get_by_role("link", name="Unlock")).to_be_visible()
    assert "Alice" not in phone.page.locator("body").inner_text()


def test_on_a_locked_phone_the_confirmation_is_shown_and_nothing_older(phone: Phone, cast: Cast) -> None:
    phone.check_in(7)
    phone.says("Saved. Thank you.")
    phone.lock()
    phone.check_in(3)
    phone.says("Saved. Thank you.")
    assert [one.mood for one in stored(phone.site, cast.alice)] == [7, 3]
    phone.page.goto(phone.page.url.removesuffix("/saved"))
    phone.says("Unlock")


def test_somebody_else_neither_sees_nor_sends_what_waits(phone: Phone, cast: Cast) -> None:
    phone.offline()
    phone.check_in(2, note=CANARY)
    phone.context.clear_cookies()
    phone.offline(False)
    phone.site.network.cut = sending
    phone.site.sign_in(phone.context, cast.dan)
    phone.page.goto("/check-in")
    phone.nothing_waits()
    phone.site.network.heal()
    phone.check_in(8)
    phone.says("Saved. Thank you.")
    assert [one.mood for one in stored(phone.site, cast.dan)] == [8]
    assert stored(phone.site, cast.alice) == []

    phone.site.sign_in(phone.context, cast.alice)
    phone.page.goto("/today")
    expect(phone.page.get_by_text("Sent. It’s in your journal now.")).to_be_visible()
    phone.nothing_waits()
    assert [one.mood for one in stored(phone.site, cast.alice)] == [2]
    assert [one.mood for one in stored(phone.site, cast.dan)] == [8]


def test_signed_out_elsewhere_what_waits_stays_until_its_writer_signs_in(phone: Phone, cast: Cast) -> None:
    phone.offline()
    phone.check_in(5, note=CANARY)
    phone.context.clear_cookies()
    phone.offline(False)
    expect(phone.page.get_by_text("You’ve been signed out.")).to_be_visible()
    assert len(phone.waiting()) == 1
    assert phone.page.evaluate("phone.ask('form')") is None
    phone.site.sign_in(phone.context, cast.alice)
    phone.page.goto("/today")
    phone.nothing_waits()
    assert [one.mood for one in stored(phone.site, cast.alice)] == [5]


def sign_out(phone: Phone) -> None:
    phone.page.goto("/you")
    phone.page.get_by_role("button", name="Sign out").first.click()


def test_signing_out_asks_about_what_waits(phone: Phone, cast: Cast) -> None:
    phone.site.network.cut = sending
    phone.check_in(5)
    sign_out(phone)
    phone.says("Before you sign out")
    phone.page.get_by_role("button", name="Send it, then sign out").click()
    phone.says("Before you sign out")
    phone.page.get_by_role("link", name="Stay signed in").click()
    expect(phone.page.get_by_role("heading", name=re.compile("Alice"))).to_be_visible()
    phone.site.network.heal()
    sign_out(phone)
    phone.page.wait_for_url(re.compile("sign-in|sign-out"))
    if "offline" in phone.page.url:
        phone.page.get_by_role("button", name="Send it, then sign out").click()
    phone.says("Sign in")
    assert [one.mood for one in stored(phone.site, cast.alice)] == [5]


def test_discarded_on_signing_out_nothing_is_left(phone: Phone, cast: Cast) -> None:
    phone.offline()
    phone.check_in(5)
    phone.page.evaluate("document.location = '/offline#sign-out'")
    phone.says("Before you sign out")
    phone.page.get_by_role("button", name="Discard it and sign out").click()
    phone.says("Signed out on this phone")
    phone.page.goto("/today")
    phone.says("Signed out on this phone")
    assert left_on(phone) == {"facts": ["help_at", "help_of", "signing_out"]}
    phone.offline(False)
    phone.page.goto("/today")
    phone.says("Sign in")
    assert stored(phone.site, cast.alice) == []


DUMP = """async () => {
  const found = { database: {}, values: [], shelves: {}, local: JSON.stringify({ ...localStorage }) };
  const db = await new Promise((done) => (indexedDB.open("tideline").onsuccess = (one) => done(one.target.result)));
  const all = (store, ask) => new Promise((done) => {
    db.transaction(store).objectStore(store)[ask]().onsuccess = (one) => done(one.target.result);
  });
  const bytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder("latin1").decode(value) : value;
  for (const store of db.objectStoreNames) {
    const values = await all(store, "getAll");
    found.database[store] = await all(store, "getAllKeys");
    found.values.push(JSON.stringify(values, (_name, value) => bytes(value)));
  }
  db.close();
  for (const name of await caches.keys()) {
    const shelf = await caches.open(name);
    for (const request of await shelf.keys()) {
      found.shelves[new URL(request.url).pathname] = await (await shelf.match(request)).text();
    }
  }
  return found;
}"""


def dump(phone: Phone) -> dict[str, dict[str, object]]:
    """Everything that scripts of this site could read on this phone."""
    found: dict[str, dict[str, object]] = phone.page.evaluate(DUMP)
    return found


def left_on(phone: Phone) -> dict[str, object]:
    """The stores that have something in them, with their keys. How old the support page is, is nobody's secret."""
    return {store: keys for store, keys in dump(phone)["database"].items() if keys}


def test_nothing_that_was_written_can_be_read_on_the_phone(phone: Phone, cast: Cast) -> None:
    def readable() -> str:
        return json.dumps(dump(phone), ensure_ascii=False)

    phone.page.goto("/today")
    phone.page.goto("/history")
    phone.offline()
    phone.check_in(5, note=CANARY)
    phone.says("Waiting on this phone")
    assert len(phone.waiting()) == 1
    for private in (CANARY, "Alice", "alice@example.org", "Bob"):
        assert private not in readable()
    pages = {path for path in dump(phone)["shelves"] if not path.startswith("/static/")}
    assert pages == {"/help", "/offline"}
    phone.offline(False)
    phone.says("Sent. Thank you.")
    assert dump(phone)["database"]["waiting"] == []
    assert CANARY not in readable()
    sign_out(phone)
    phone.says("Sign in")
    assert left_on(phone) == {"facts": ["help_at", "help_of"]}
    assert {path for path in dump(phone)["shelves"] if not path.startswith("/static/")} == pages
    assert CANARY not in readable()


def test_an_answer_that_was_on_its_way_while_signing_out_brings_nobody_back(phone: Phone) -> None:
    known = phone.page.evaluate("fetch('/api/phone').then((answer) => answer.text())").encode()
    came = Event()

    def late(_method: str, path: str) -> Answer | None:
        if path != "/api/phone":
            return None
        came.wait(timeout=10)
        return "200 OK", "application/json", known

    phone.site.network.answers = late
    phone.site.network.asked.clear()
    phone.page.evaluate("void phone.ask('page')")
    while ("GET", "/api/phone") not in phone.site.network.asked:
        phone.page.wait_for_timeout(20)
    sign_out(phone)
    phone.says("Sign in")
    came.set()
    phone.page.wait_for_timeout(500)
    assert left_on(phone) == {"facts": ["help_at", "help_of"]}


def test_the_search_for_words_would_find_them(phone: Phone) -> None:
    phone.page.evaluate(
        """(words) => new Promise((done) => (indexedDB.open("tideline").onsuccess = ({ target }) => {
          const work = target.result.transaction("facts", "readwrite");
          work.objectStore("facts").put(new TextEncoder().encode(words), "planted");
          work.oncomplete = () => { target.result.close(); done(null); };
        }))""",
        CANARY,
    )
    assert CANARY in json.dumps(dump(phone), ensure_ascii=False)


def test_a_document_kept_by_choice_is_there_without_a_network_and_gone_after_signing_out(
    phone: Phone,
) -> None:
    phone.page.evaluate("(words) => phone.keep('plan', { steps: [words] })", CANARY)
    assert CANARY not in json.dumps(dump(phone), ensure_ascii=False)
    phone.offline()
    phone.page.goto("/check-in")
    assert phone.page.evaluate("phone.kept('plan')") == {"steps": [CANARY]}
    phone.page.evaluate("phone.forget('plan')")
    assert phone.page.evaluate("phone.kept('plan')") is None


def test_two_tabs_send_each_check_in_once(phone: Phone, cast: Cast) -> None:
    other = phone.context.new_page()
    other.goto("/check-in")
    phone.offline()
    for mood in (2, 4, 6):
        phone.check_in(mood)
        phone.says("Waiting on this phone")
    phone.offline(False)
    for page in (phone.page, other):
        page.evaluate("void phone.ask('send'); void phone.ask('send')")
    phone.nothing_waits()
    assert [one.mood for one in stored(phone.site, cast.alice)] == [2, 4, 6]


def test_another_language_brings_another_worker_and_lets_go_of_the_old_shelf(phone: Phone) -> None:
    assert phone.page.evaluate("caches.keys()")[0].startswith("tideline en ")
    phone.page.goto("/you/settings")
    phone.page.locator("select[name=language], input[name=language][value=es]").first.evaluate(
        "(field) => field.tagName === 'SELECT' ? (field.value = 'es') : field.click()"
    )
    phone.page.locator("main form button[type=submit]").last.click()
    phone.page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    phone.until("caches.keys().then((names) => names.length === 1 && names[0].startsWith('tideline es '))")


def test_the_kept_pages_have_no_accessibility_fault_and_fit_a_small_phone(phone: Phone) -> None:
    phone.page.set_viewport_size(SMALL_PHONE)  # type: ignore[arg-type]
    phone.offline()
    phone.check_in(1)
    phone.says("You don’t have to hold this alone")
    wrong = {}
    for path in (
        "/offline#kept",
        "/check-in",
        "/history",
        "/offline#waiting",
        "/offline#sign-out",
        "/offline#signed-out",
    ):
        phone.page.goto(path)
        phone.page.wait_for_timeout(200)
        wide = phone.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        wrong[path] = (violations(phone.page), max(wide, 0))
    assert wrong == dict.fromkeys(wrong, ([], 0))


@pytest.mark.parametrize("how", ["no scripts", "no workers"])
def test_without_scripts_or_workers_the_plain_form_saves(
    live: LiveSite, cast: Cast, browser: Browser, how: str
) -> None:
    page = live.open(browser, scripts=how != "no scripts", workers=how != "no workers")
    live.sign_in(page.context, cast.alice)
    page.goto("/check-in")
    page.locator("input[name=mood][value='6']").check(force=True)
    page.get_by_role("button", name="Save check-in").click()
    expect(page.get_by_role("heading", name="Saved. Thank you.")).to_be_visible()
    assert [(one.mood, one.via) for one in stored(live, cast.alice)] == [(6, "web")]


def launch(
    playwright: Playwright, chromium: str, folder: Path, live: LiveSite, *, cookies: Sequence[Any] = ()
) -> Page:
    """A phone whose browser keeps its things in a folder, as a real one does."""
    context = playwright.chromium.launch_persistent_context(
        str(folder),
        executable_path=HEADLESS_SHELL or chromium,
        args=FLAGS,
        base_url=live.base_url,
        locale="en-GB",
    )
    context.set_default_timeout(10_000)
    context.add_cookies(cookies)  # a browser writes them down every half minute, and may be killed before
    return context.pages[0]


def kill(folder: Path) -> None:
    """End the browser that keeps its things in ``folder``, at once and without a word of warning."""
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={folder}".encode() in arguments:
            os.kill(int(process.name), signal.SIGKILL)


def test_two_check_ins_outlive_the_browser_and_arrive_once_with_the_times_they_were_felt(
    playwright: Playwright, chromium: str, live: LiveSite, cast: Cast, tmp_path: Path
) -> None:
    folder = tmp_path / "phone"
    now = datetime.now(UTC).replace(microsecond=0)
    phone = Phone(live, launch(playwright, chromium, folder, live))
    live.sign_in(phone.context, cast.alice)
    phone.ready()
    phone.offline()
    for hours, mood in ((5, 3), (2, 6)):
        phone.page.clock.set_fixed_time(now - timedelta(hours=hours))
        phone.check_in(mood)
        phone.says("Waiting on this phone")
    cookies = phone.context.cookies()
    kill(folder)

    live.network.cut = lambda _method, _path: True
    again = Phone(live, launch(playwright, chromium, folder, live, cookies=cookies))
    again.page.goto("/today")
    again.page.goto("/offline#waiting")
    expect(again.page.get_by_text("Waiting to send")).to_have_count(2)
    live.network.heal()
    again.page.get_by_role("button", name="Try now").click()
    again.nothing_waits()
    again.context.close()
    found = [(one.mood, one.recorded_at, one.via) for one in stored(live, cast.alice)]
    assert found == [(3, now - timedelta(hours=5), "offline"), (6, now - timedelta(hours=2), "offline")]


def test_a_browser_killed_while_it_sends_loses_and_doubles_nothing(
    playwright: Playwright, chromium: str, live: LiveSite, cast: Cast, tmp_path: Path
) -> None:
    folder = tmp_path / "phone"
    phone = Phone(live, launch(playwright, chromium, folder, live))
    live.sign_in(phone.context, cast.alice)
    phone.ready()
    phone.offline()
    for mood in (1, 4, 7):
        phone.check_in(mood)
        phone.says("Waiting on this phone")
    first_stored_then_silence = iter([False])
    live.network.loses = lambda method, path: sending(method, path) and next(first_stored_then_silence, True)
    live.network.delays_s = lambda method, path: 0.3 if sending(method, path) else 0
    phone.offline(False)
    phone.page.evaluate("void phone.ask('send')")
    while not stored(live, cast.alice):
        phone.page.wait_for_timeout(20)
    cookies = phone.context.cookies()
    kill(folder)
    live.network.heal()

    again = Phone(live, launch(playwright, chromium, folder, live, cookies=cookies))
    again.page.goto("/today")
    again.nothing_waits()
    again.context.close()
    assert [one.mood for one in stored(live, cast.alice)] == [1, 4, 7]
