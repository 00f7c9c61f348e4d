"""Notifications over HTTP: a browser that says where it can be reached, and one that is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from journal.app import create_app
from journal.services import accounts as acts
from journal.services.push import _base64url
from journal.services.reminders import CHECK_IN
from journal.storage import push as rows
from journal.storage import reminders
from tests.cast import NOW, PASSWORD, Person
from tests.conftest import Site
from tests.reminding import remind

URL = "https://fcm.googleapis.com/fcm/send/phone"
POINT = (
    ec.derive_private_key(5, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
)
SAID = {"endpoint": URL, "p256dh": _base64url(POINT), "auth": _base64url(bytes(16))}


def subscribe(client: FlaskClient, **more: str) -> TestResponse:
    return client.post("/push", data=SAID | more)


def urls(site: Site, person: Person) -> list[str]:
    return [one.endpoint.url for one in site.look(rows.subscriptions_of, person.account_id)]


def test_a_patients_browser_is_kept(site: Site) -> None:
    assert subscribe(site.as_(site.cast.alice)).status_code == 204
    assert urls(site, site.cast.alice) == [URL]
    assert urls(site, site.cast.dan) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://169.254.169.254/x"},
        {"endpoint": ""},
        {"p256dh": "x"},
        {"auth": ""},
    ],
)
def test_what_cannot_be_kept_is_said_in_one_sentence(site: Site, wrong: dict[str, str]) -> None:
    answer = subscribe(site.as_(site.cast.alice), **wrong)
    assert (answer.status_code, answer.mimetype) == (422, "text/plain")
    assert answer.text in {
        "Notifications can’t reach this browser. Try another one, or choose email",
        "This browser could not be added. Reload the page and try again",
    }
    assert urls(site, site.cast.alice) == []


def test_a_locked_phone_may_say_where_it_is_but_not_be_forgotten(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    site.clock.moment += timedelta(minutes=10)
    assert subscribe(alice).status_code == 204
    assert alice.post("/push/forget", data=SAID).status_code == 403
    assert urls(site, site.cast.alice) == [URL]


def test_a_browser_is_forgotten_when_asked_and_only_by_its_own_account(site: Site) -> None:
    alice, dan = site.as_(site.cast.alice), site.as_(site.cast.dan)
    subscribe(alice)
    assert dan.post("/push/forget", data=SAID).status_code == 204
    assert urls(site, site.cast.alice) == [URL]
    assert alice.post("/push/forget", data=SAID).status_code == 204
    assert urls(site, site.cast.alice) == []


def test_signing_out_forgets_this_browser_and_no_other(site: Site) -> None:
    phone, tablet = site.as_(site.cast.alice), site.as_(site.cast.alice)
    subscribe(phone)
    subscribe(tablet, endpoint=URL + "2")
    phone.post("/sign-out")
    assert urls(site, site.cast.alice) == [URL + "2"]


def test_signing_out_forgets_this_browser_also_where_its_web_session_is_over(site: Site) -> None:
    phone = site.as_(site.cast.alice)
    subscribe(phone)
    site.clock.moment += timedelta(days=400)
    assert phone.get("/today").location == "/sign-in"
    phone.post("/sign-out")
    assert urls(site, site.cast.alice) == []


def test_another_password_lets_every_browser_go(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    subscribe(alice)
    new = {"present": PASSWORD, "password": "another quiet river", "again": "another quiet river"}
    with site.database.unit_of_work() as db:
        acts.change_password(
            db, site.cast.alice.account_id, new["password"], remember=False, now=NOW, instead_of="x"
        )
    assert urls(site, site.cast.alice) == []


def test_a_closed_account_has_no_browser(site: Site) -> None:
    subscribe(site.as_(site.cast.alice))
    with site.database.unit_of_work() as db:
        acts.disable(db, site.cast.alice.account_id, actor_account_id=None, now=NOW)
    assert urls(site, site.cast.alice) == []


def test_without_the_forms_token_nothing_is_kept(site: Site) -> None:
    app = create_app(site.app.extensions["journal"].config, database=site.database, now=site.clock)
    app.config.update(SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    guarded = Site(app, site.database, site.cast, site.clock)
    assert subscribe(guarded.as_(site.cast.alice)).status_code == 400
    assert urls(site, site.cast.alice) == []


def test_sixty_times_an_hour_are_enough(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    answers = [subscribe(alice, endpoint="").status_code for _ in range(61)]
    assert answers == [422] * 60 + [429]


def channels(site: Site) -> list[object]:
    row = site.look(reminders.reminder_of, site.cast.alice.account_id, kind=CHECK_IN)
    assert row is not None
    return row.channels


def test_reminders_come_that_way_from_then_on(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:00", at=NOW)
    alice = site.as_(site.cast.alice)
    subscribe(alice)
    assert channels(site) == ["email", "push"]
    alice.post("/push/forget", data={"endpoint": URL})
    assert channels(site) == ["email"]


def test_another_phone_still_gets_them(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:00", at=NOW)
    alice = site.as_(site.cast.alice)
    subscribe(alice)
    subscribe(alice, endpoint=URL + "2")
    alice.post("/push/forget", data={"endpoint": URL})
    assert channels(site) == ["email", "push"]


# Notifications that were switched off elsewhere


def refuse(site: Site, client: FlaskClient) -> None:
    """Save the page of reminders with the notifications of the other browsers switched off."""
    form = {"first": "20:00", "days": ["1"], "zone": "Europe/Berlin", "email": "1", "pause": ""}
    assert client.post("/reminders", data=form).status_code == 303


def test_a_phone_that_was_switched_off_elsewhere_does_not_bring_itself_back(site: Site) -> None:
    phone, tablet = site.as_(site.cast.alice), site.as_(site.cast.alice)
    subscribe(phone)
    refuse(site, tablet)
    assert subscribe(phone, again="1").status_code == 410
    assert subscribe(phone, endpoint=URL + "-renewed", again="1").status_code == 410
    assert urls(site, site.cast.alice) == []
    assert channels(site) == ["email"]


def test_a_tap_brings_back_what_was_switched_off_elsewhere_and_it_stays(site: Site) -> None:
    phone, tablet = site.as_(site.cast.alice), site.as_(site.cast.alice)
    subscribe(phone)
    refuse(site, tablet)
    assert subscribe(phone).status_code == 204
    assert subscribe(tablet, endpoint=URL + "2", again="1").status_code == 204
    assert urls(site, site.cast.alice) == [URL + "2", URL]
    assert channels(site) == ["email", "push"]


def test_the_phone_on_which_the_others_were_switched_off_renews_itself(site: Site) -> None:
    phone, tablet = site.as_(site.cast.alice), site.as_(site.cast.alice)
    subscribe(phone)
    subscribe(tablet, endpoint=URL + "2")
    refuse(site, tablet)
    assert urls(site, site.cast.alice) == [URL + "2"]
    assert subscribe(phone, again="1").status_code == 410
    signed_in_anew = site.as_(site.cast.alice)
    assert subscribe(signed_in_anew, endpoint=URL + "2", again="1").status_code == 204
    assert subscribe(signed_in_anew, endpoint=URL + "3", again="1").status_code == 204
    assert channels(site) == ["email", "push"]


def test_a_phone_renews_itself_where_nothing_was_switched_off(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:00", at=NOW)
    assert subscribe(site.as_(site.cast.alice), again="1").status_code == 204
    assert channels(site) == ["email", "push"]


def test_what_is_switched_off_on_the_last_phone_is_not_brought_back_by_another(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:00", at=NOW)
    phone, tablet = site.as_(site.cast.alice), site.as_(site.cast.alice)
    subscribe(phone)
    phone.post("/push/forget", data={"endpoint": URL})
    assert subscribe(tablet, endpoint=URL + "2", again="1").status_code == 410
    assert channels(site) == ["email"]
