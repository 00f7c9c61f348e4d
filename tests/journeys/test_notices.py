"""Notifications in a real browser: asked for by a tap, shown as one neutral line, gone when their person signs out.

Chromium gives an address and keys only where it reaches its own push service, which tests do not. The address here is
made up, the keys are made by the browser's own cryptography, and messages are handed to the worker by the browser.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, CDPSession, Page, expect

from journal.domain.reminders import ReminderRule
from journal.services import push, reminders
from journal.services.push import Message
from journal.storage import push as rows
from journal.storage.push import Endpoint
from tests.cast import Cast, assemble
from tests.journeys.conftest import LiveSite

pytestmark = pytest.mark.browser

SUBSCRIPTIONS = """
let held = null;
const text = (bytes) => {
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
};
PushManager.prototype.getSubscription = async () => held;
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const auth = text(crypto.getRandomValues(new Uint8Array(16)));
  const keys = { p256dh: text(await crypto.subtle.exportKey("raw", pair.publicKey)), auth };
  globalThis.secretly = { jwk: await crypto.subtle.exportKey("jwk", pair.privateKey), auth };
  held = {
    options: { userVisibleOnly: true, applicationServerKey: bytes(applicationServerKey) },
    toJSON: () => ({ endpoint: "https://fcm.googleapis.com/fcm/send/phone", keys }),
    unsubscribe: async () => ((held = null), true),
  };
  return held;
};
"""
"""Stands in for the way to a push service, which a test has not: all else of the browser is its own."""

ALREADY_SUBSCRIBED = """
const there = PushManager.prototype.subscribe({ applicationServerKey: "AAAA" });
const known = PushManager.prototype.getSubscription;
PushManager.prototype.getSubscription = async () => (await there, known());
"""
"""Behind the other: this browser takes notifications when the page opens."""

SHOWN = """async () => {
  const shown = await (await navigator.serviceWorker.ready).getNotifications();
  return shown.map(({ title, body, tag, data, icon, renotify }) => ({ title, body, tag, data, icon, renotify }));
}"""

COUNT = """() => {
  globalThis.ended = 0;
  const show = self.registration.showNotification.bind(self.registration);
  self.registration.showNotification = (...told) => show(...told).finally(() => (ended += 1));
}"""
CLEAR = """async () => {
  for (const one of await (await navigator.serviceWorker.ready).getNotifications()) one.close();
}"""
ACTIVE = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done));
}"""


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    """Everybody; and the key that a reminder worker makes when it starts."""
    with live.database.unit_of_work() as db:
        push.own_key(db, now=live.clock())
        return assemble(db, now=live.clock())


@pytest.fixture
def phone(request: pytest.FixtureRequest, live: LiveSite, cast: Cast) -> Page:
    """Alice's, signed in, with the worker in place; the whole browser where notifications have to be shown."""
    needs_it = not {"deliveries", "whole_browser"}.isdisjoint(request.fixturenames)
    page = live.open(request.getfixturevalue("whole_browser" if needs_it else "browser"))
    page.context.grant_permissions(["notifications"], origin=live.base_url)
    live.sign_in(page.context, cast.alice)
    page.goto("/today")
    page.evaluate(ACTIVE)
    return page


class Deliveries:
    """The browser's own way to hand a push message to the worker, without a push service."""

    def __init__(self, page: Page, origin: str) -> None:
        self._page, self._origin = page, origin
        self._tools: CDPSession = page.context.new_cdp_session(page)
        self._known: list[str] = []
        self._tools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._tools.send("ServiceWorker.enable")
        (self._worker,) = page.context.service_workers
        self._worker.evaluate(COUNT)

    def _note(self, told: dict[str, Any]) -> None:
        self._known += [
            one["registrationId"] for one in told["registrations"] if one["scopeURL"].startswith(self._origin)
        ]

    def bring(self, data: str) -> None:
        """Let a message come, and wait until it is shown: to look meanwhile makes the browser forget it."""
        while not self._known:  # news of the browser's tools comes in while something is waited for
            self._page.wait_for_timeout(20)
        self._worker.evaluate("() => { ended = 0; }")
        self._tools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._origin, "registrationId": self._known[-1], "data": data},
        )
        while not self._worker.evaluate("() => ended"):
            self._page.wait_for_timeout(20)

    def clear(self) -> None:
        """As if its person had swept all of it away."""
        self._page.evaluate(CLEAR)
        self.wait_until_empty()

    def shown(self) -> list[dict[str, Any]]:
        """What stands on the lock screen."""
        found: list[dict[str, Any]] = self._page.evaluate(SHOWN)
        return found

    def wait_until_empty(self) -> None:
        """The browser takes a moment to take something away."""
        while self.shown():
            self._page.wait_for_timeout(20)


@pytest.fixture
def deliveries(phone: Page, live: LiveSite) -> Deliveries:
    return Deliveries(phone, live.base_url)


def message(body: str, tag: str = "slot") -> str:
    return push.written(Message(title="Tideline", body=body, url="/check-in", tag=tag)).decode()


def test_a_notification_shows_its_neutral_line_and_a_repeat_takes_its_place(
    phone: Page, deliveries: Deliveries
) -> None:
    deliveries.bring(message("Got a minute?"))
    (shown,) = deliveries.shown()
    assert shown.pop("icon").rpartition("/")[2].startswith("tideline-192.")
    assert shown == {
        "title": "Tideline",
        "body": "Got a minute?",
        "tag": "slot",
        "data": "/check-in",
        "renotify": False,
    }
    deliveries.bring(message("Still time for today."))
    (shown,) = deliveries.shown()
    assert shown["body"] == "Still time for today."


def test_what_cannot_be_read_is_one_neutral_line(phone: Page, deliveries: Deliveries) -> None:
    for data in ("", "not JSON", '"a text"', "null", "[1, 2]"):
        deliveries.bring(data)
        (shown,) = deliveries.shown()
        assert (shown["title"], shown["body"], shown["data"]) == (
            "Tideline",
            "You have a reminder.",
            "/today",
        )
        deliveries.clear()


def test_whoever_is_here_next_gets_nothing_of_the_one_before(live: LiveSite, cast: Cast, phone: Page) -> None:
    (worker,) = phone.context.service_workers
    worker.evaluate(f"() => {{ {SUBSCRIPTIONS} }}")
    told = """async () => {
      await registration.pushManager.subscribe({ applicationServerKey: "AAAA" });
      await arrive("another account");
      return Boolean(await registration.pushManager.getSubscription());
    }"""
    assert worker.evaluate(told) is False


TAP = """async (where) => {
  const done = [];
  self.clients.openWindow = async (address) => done.push(["opened", address]);
  WindowClient.prototype.focus = async function () { done.push(["brought to the front", this.url]); };
  await lookAt(where);
  return done;
}"""
"""The tap itself is the system's, and only it may open windows: here the worker is asked what it would do then."""


def test_a_tap_opens_a_page_of_ours_or_brings_it_to_the_front(phone: Page, live: LiveSite) -> None:
    (worker,) = phone.context.service_workers
    home = live.base_url
    assert worker.evaluate(TAP, "/check-in") == [["opened", f"{home}/check-in"]]
    assert worker.evaluate(TAP, "/today") == [["brought to the front", f"{home}/today"]]
    assert worker.evaluate(TAP, "https://elsewhere.example/") == [["brought to the front", f"{home}/today"]]


def test_the_worker_says_once_a_day_where_this_browser_is(live: LiveSite, cast: Cast, phone: Page) -> None:
    (worker,) = phone.context.service_workers
    with live.database.look() as db:
        key = push.known_key(db)
    assert key is not None
    worker.evaluate(f"() => {{ {SUBSCRIPTIONS} }}")
    again = "async () => { await keepNotices(); }"
    worker.evaluate(again)
    assert kept(live, cast) == []
    subscribe = "async (key) => { await registration.pushManager.subscribe({ applicationServerKey: key }); }"
    worker.evaluate(subscribe, key.public)
    worker.evaluate(again)
    assert len(kept(live, cast)) == 1
    phone.wait_for_timeout(500)  # what the page set going by itself when it was opened is over by then
    with live.database.unit_of_work() as db:
        rows.forget_all(db, cast.alice.account_id)
    worker.evaluate(again)
    assert kept(live, cast) == []
    worker.evaluate("async () => { await setFact('notices_at', Date.now() - 25 * 3600 * 1000); }")
    worker.evaluate(again)
    assert len(kept(live, cast)) == 1


def test_a_browser_with_a_new_address_says_so(live: LiveSite, cast: Cast, phone: Page) -> None:
    (worker,) = phone.context.service_workers
    with live.database.look() as db:
        key = push.known_key(db)
    assert key is not None
    worker.evaluate(f"() => {{ {SUBSCRIPTIONS} }}")
    told = "async (key) => { await renewNotices({ oldSubscription: { options: { applicationServerKey: key } } }); }"
    worker.evaluate(told, key.public)
    assert len(kept(live, cast)) == 1


def switch_off_elsewhere(live: LiveSite, cast: Cast) -> None:
    """As the page of reminders does on another phone."""
    rule = ReminderRule((), "Europe/Berlin", stopped=True)
    with live.database.unit_of_work() as db:
        reminders.set_reminder(
            db, cast.alice.account_id, rule=rule, channels=["email"], now=live.clock(), refuses_push=True
        )
        rows.forget_all(db, cast.alice.account_id)


def test_the_worker_lets_go_of_what_was_switched_off_elsewhere(
    live: LiveSite, cast: Cast, phone: Page
) -> None:
    (worker,) = phone.context.service_workers
    with live.database.look() as db:
        key = push.known_key(db)
    assert key is not None
    switch_off_elsewhere(live, cast)
    worker.evaluate(f"() => {{ {SUBSCRIPTIONS} }}")
    told = """async (key) => {
      await renewNotices({ oldSubscription: { options: { applicationServerKey: key } } });
      return registration.pushManager.getSubscription();
    }"""
    assert worker.evaluate(told, key.public) is None
    assert kept(live, cast) == []


def test_signing_out_takes_what_was_shown_off_the_phone(phone: Page, deliveries: Deliveries) -> None:
    deliveries.bring(message("Got a minute?"))
    assert len(deliveries.shown()) == 1
    phone.goto("/you")
    phone.get_by_role("button", name="Sign out").click()
    expect(phone).to_have_url("/sign-in")
    deliveries.wait_until_empty()


# --- the switch ------------------------------------------------------------------------------------------------------


def with_switch(live: LiveSite, browser: Browser, cast: Cast, *, permission: bool = True) -> Page:
    page = live.open(browser)
    page.add_init_script(SUBSCRIPTIONS)
    if permission:
        page.context.grant_permissions(["notifications"], origin=live.base_url)
    live.sign_in(page.context, cast.alice)
    page.goto("/reminders")
    return page


def kept(live: LiveSite, cast: Cast) -> list[Endpoint]:
    with live.database.look() as db:
        return [one.endpoint for one in rows.subscriptions_of(db, cast.alice.account_id)]


def test_a_tap_subscribes_and_what_is_sent_opens_with_the_browsers_own_keys(
    live: LiveSite, browser: Browser, cast: Cast
) -> None:
    page = with_switch(live, browser, cast)
    switch = page.get_by_role("switch", name="Notification on this phone")
    expect(switch).not_to_be_checked()
    switch.check()
    expect(page.get_by_text("This phone will show your reminders.")).to_be_visible()
    (endpoint,) = kept(live, cast)
    assert endpoint.url == "https://fcm.googleapis.com/fcm/send/phone"
    own = page.evaluate("globalThis.secretly")
    body = push.sealed(push.written(Message("Tideline", "Got a minute?", "/check-in", "slot")), endpoint)
    private = ec.derive_private_key(int.from_bytes(b64(own["jwk"]["d"]), "big"), ec.SECP256R1())
    opened = http_ece.decrypt(body, private_key=private, auth_secret=b64(own["auth"]), version="aes128gcm")
    assert json.loads(opened)["body"] == "Got a minute?"


def test_another_tap_unsubscribes(live: LiveSite, browser: Browser, cast: Cast) -> None:
    page = with_switch(live, browser, cast)
    switch = page.get_by_role("switch", name="Notification on this phone")
    switch.check()
    expect(page.get_by_text("This phone will show your reminders.")).to_be_visible()
    switch.uncheck()
    expect(page.get_by_text("This phone will show no reminders.")).to_be_visible()
    assert kept(live, cast) == []


@pytest.mark.usefixtures("whole_browser")
def test_the_page_lets_go_of_what_was_switched_off_elsewhere_until_a_tap(
    live: LiveSite, cast: Cast, phone: Page
) -> None:
    switch_off_elsewhere(live, cast)
    phone.add_init_script(SUBSCRIPTIONS + ALREADY_SUBSCRIBED)
    with phone.expect_response(f"{live.base_url}/push", timeout=5000) as told:
        phone.goto("/reminders")
    assert told.value.status == 410
    switch = phone.get_by_role("switch", name="Notification on this phone")
    expect(switch).not_to_be_checked()
    while phone.evaluate("PushManager.prototype.getSubscription().then(Boolean)"):
        phone.wait_for_timeout(50)
    assert kept(live, cast) == []
    switch.check()
    expect(phone.get_by_text("This phone will show your reminders.")).to_be_visible()
    assert len(kept(live, cast)) == 1


def test_where_notifications_are_refused_the_switch_says_what_to_do(
    live: LiveSite, whole_browser: Browser, cast: Cast
) -> None:
    page = with_switch(live, whole_browser, cast, permission=False)
    switch = page.get_by_role("switch", name="Notification on this phone")
    switch.click()
    expect(page.get_by_text("Notifications are blocked for this site.")).to_be_visible()
    expect(switch).not_to_be_checked()
    assert kept(live, cast) == []


def test_without_scripts_there_is_no_switch(live: LiveSite, browser: Browser, cast: Cast) -> None:
    page = live.open(browser, scripts=False)
    live.sign_in(page.context, cast.alice)
    page.goto("/reminders")
    expect(page.locator("#push")).to_be_hidden()


def b64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
