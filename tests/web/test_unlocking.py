"""The lock on a patient's history in the web: when it falls, how it opens, and that nothing typed is lost by it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.app import create_app
from journal.config import Config
from journal.services import consents
from journal.services.consents import Draft
from journal.storage import accounts
from journal.storage.accounts import Account
from journal.storage.activities import chips_for
from tests.cast import PASSWORD, Person
from tests.conftest import Site
from tests.letterbox import code, letters, words

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def phone(site: Site, *, remembered: bool = True) -> FlaskClient:
    """Alice's phone, signed in at this moment."""
    client = site.as_(site.cast.alice)
    with client.session_transaction() as kept:
        kept.permanent = remembered
    return client


def locked_phone(site: Site) -> FlaskClient:
    client = phone(site)
    site.clock.moment += 10 * MINUTE
    return client


def without_password(site: Site, person: Person) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.update(Account).where(Account.id == person.account_id).values(password_hash=None))


def unlock(client: FlaskClient, **more: str) -> object:
    return client.post("/unlock", data={"way": "password", "password": PASSWORD, **more})


def mailed_code(site: Site) -> str:
    return code(letters(site.app, "alice@example.org")[-1])


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as kept:
        return str(kept["_user_id"])


def fields(page: str) -> dict[str, str]:
    found = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.partition("<template")[0]
    )
    return {name: unescape(value) for name, value in found}


# When it falls -----------------------------------------------------------------------------------------------


def test_ten_idle_minutes_lock_to_the_second(site: Site) -> None:
    client = phone(site)
    site.clock.moment += 10 * MINUTE - SECOND
    assert client.get("/history").status_code == 200
    site.clock.moment += 10 * MINUTE - SECOND
    assert client.get("/today").status_code == 200
    site.clock.moment += 10 * MINUTE - SECOND
    assert client.get("/history").status_code == 200
    site.clock.moment += 10 * MINUTE
    assert client.get("/history").location == "/unlock?next=/history"


def test_what_a_locked_phone_may_do_does_not_unlock_it(site: Site) -> None:
    client = locked_phone(site)
    for _ in range(3):
        assert client.get("/today").status_code == 200
        site.clock.moment += SECOND
    assert client.get("/history").location == "/unlock?next=/history"


def test_the_help_page_is_no_use_of_the_journal(site: Site) -> None:
    client = phone(site)
    site.clock.moment += 9 * MINUTE
    client.get("/help")
    site.clock.moment += 1 * MINUTE
    assert client.get("/history").status_code == 302


def test_what_the_phone_asks_by_itself_keeps_nothing_unlocked(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    site.clock.moment += 9 * MINUTE
    assert browser.get("/api/phone").status_code == 200
    site.clock.moment += MINUTE
    assert browser.get("/history").location.startswith("/unlock")


def test_another_browser_keeps_its_own_time(site: Site) -> None:
    idle, busy = phone(site), phone(site)
    site.clock.moment += 6 * MINUTE
    busy.get("/history")
    site.clock.moment += 4 * MINUTE
    assert idle.get("/history").status_code == 302
    assert busy.get("/history").status_code == 200


def test_the_cookie_changes_once_when_a_lock_is_found(site: Site) -> None:
    client = locked_phone(site)
    assert "Set-Cookie" in client.get("/history").headers
    assert "Set-Cookie" not in client.get("/history").headers


def test_the_cookie_changes_when_a_web_session_has_ended(site: Site) -> None:
    client = phone(site)
    with site.database.unit_of_work() as db:
        accounts.end_web_sessions_of(db, site.cast.alice.account_id)
    assert "journal=" in client.get("/history").headers["Set-Cookie"]


def test_a_button_pressed_twice_does_not_sign_out(site: Site) -> None:
    """The second press travels with the secret of before: its answer must leave the cookie of the first alone."""
    client, second = locked_phone(site), site.stranger()
    before = client.get_cookie("journal")
    second.set_cookie("journal", before.value if before else "")
    assert unlock(client).status_code == 303  # type: ignore[attr-defined]
    again = unlock(second)
    assert again.status_code == 404  # type: ignore[attr-defined]
    assert "Set-Cookie" not in again.headers  # type: ignore[attr-defined]


def test_a_phone_that_is_not_remembered_locks_alike(site: Site) -> None:
    client = phone(site, remembered=False)
    site.clock.moment += 10 * MINUTE
    assert client.get("/history").status_code == 302


# How it opens ------------------------------------------------------------------------------------------------


def test_the_password_unlocks_and_leads_on_with_another_secret(site: Site) -> None:
    client = locked_phone(site)
    page = client.get("/history?month=2026-03", follow_redirects=True)
    assert "<h1>Unlock</h1>" in page.text
    before = client.get_cookie("journal")
    answer = client.post("/unlock", data={**fields(page.text), "way": "password", "password": PASSWORD})
    assert answer.location == "/history?month=2026-03"
    assert client.get(answer.location).status_code == 200
    copy = site.stranger()
    copy.set_cookie("journal", before.value if before else "")
    assert copy.get("/today").location == "/sign-in"


def test_unlocking_keeps_the_phone_remembered_and_the_pages_that_lie_open(site: Site) -> None:
    client = locked_phone(site)
    with client.session_transaction() as kept:
        kept["csrf_token"] = "of a page that lies open"
    unlock(client)
    with client.session_transaction() as kept:
        assert kept.permanent
        assert kept["csrf_token"] == "of a page that lies open"
        assert "locked" not in kept


def test_without_a_place_to_go_on_to_there_is_today(site: Site) -> None:
    assert unlock(locked_phone(site)).location == "/today"  # type: ignore[attr-defined]


def test_nobody_is_led_away_from_here(site: Site) -> None:
    for there in (
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example/history",
        "/%2f%2fevil.example",
    ):
        client = locked_phone(site)
        assert "evil" not in client.get("/unlock", query_string={"next": there}).text
        assert unlock(client, next=there).location == "/today"  # type: ignore[attr-defined]


def test_a_phone_that_is_unlocked_is_led_on_at_once(site: Site) -> None:
    assert phone(site).get("/unlock?next=/history").location == "/history"


def test_a_wrong_password_says_so_and_keeps_the_way_on(site: Site) -> None:
    client = locked_phone(site)
    answer = client.post("/unlock", data={"way": "password", "password": "a river", "next": "/history"})
    assert answer.status_code == 422
    assert "That isn’t the password you have now" in answer.text
    assert fields(answer.text)["next"] == "/history"
    assert client.get("/history").status_code == 302


def test_guessing_is_stopped_and_the_mail_stays_open(site: Site) -> None:
    client = locked_phone(site)
    tries = [client.post("/unlock", data={"way": "password", "password": f"guess {n}"}) for n in range(5)]
    assert {answer.status_code for answer in tries} == {422}
    stopped = unlock(client)
    assert stopped.status_code == 429  # type: ignore[attr-defined]
    assert "get a code by mail" in stopped.text  # type: ignore[attr-defined]
    client.post("/unlock", data={"way": "mail"})
    assert client.post("/unlock", data={"way": "code", "code": mailed_code(site)}).location == "/today"


def test_the_right_password_forgives_the_wrong_ones(site: Site) -> None:
    client = locked_phone(site)
    for _ in range(2):
        for _ in range(4):
            client.post("/unlock", data={"way": "password", "password": "a river"})
        assert unlock(client).status_code == 303  # type: ignore[attr-defined]
        site.clock.moment += 10 * MINUTE


def test_a_stranger_who_guesses_at_the_door_locks_nobody_out_of_their_phone(site: Site) -> None:
    client, stranger = locked_phone(site), site.stranger()
    for _ in range(6):
        stranger.post("/sign-in/password", data={"email": "alice@example.org", "password": "a guess"})
    assert unlock(client).status_code == 303  # type: ignore[attr-defined]


def test_without_a_password_a_code_comes_by_mail(site: Site) -> None:
    without_password(site, site.cast.alice)
    client = locked_phone(site)
    page = client.get("/unlock?next=/history")
    assert 'type="password"' not in page.text
    assert "Whoever can read your mail on this phone could unlock it in the same way." in page.text
    asked = client.post("/unlock", data={"way": "mail", "next": "/history"})
    assert asked.location == "/unlock?by=mail&next=/history"
    assert 'name="code"' in client.get(asked.location).text
    answer = client.post("/unlock", data={"way": "code", "code": mailed_code(site), "next": "/history"})
    assert answer.location == "/history"
    assert client.get("/history").status_code == 200


def test_with_a_password_the_code_says_what_it_is_worth_too(site: Site) -> None:
    client = locked_phone(site)
    assert "Whoever can read your mail" not in client.get("/unlock").text
    assert "Whoever can read your mail" in client.get("/unlock?by=mail").text


def test_the_mail_holds_a_code_and_names_nobody(site: Site) -> None:
    client = locked_phone(site)
    client.post("/unlock", data={"way": "mail"})
    letter = letters(site.app, "alice@example.org")[-1]
    assert letter["Subject"] == "Your code"
    assert "http" not in words(letter)
    for word in ("Alice", "journal", "mood", "session", "Bob", "clinic"):
        assert word.lower() not in words(letter).lower().replace("journal.example.org", "")


def test_five_wrong_codes_end_the_code(site: Site) -> None:
    client = locked_phone(site)
    client.post("/unlock", data={"way": "mail"})
    right = mailed_code(site).replace(" ", "")
    for _ in range(5):
        answer = client.post("/unlock", data={"way": "code", "code": f"{(int(right) + 1) % 10**8:08d}"})
        assert answer.status_code == 422
    assert client.post("/unlock", data={"way": "code", "code": right}).status_code == 422


def test_after_ten_mails_in_an_hour_no_more_are_sent(site: Site) -> None:
    client = locked_phone(site)
    for _ in range(12):
        assert client.post("/unlock", data={"way": "mail"}).status_code == 303
        right = mailed_code(site)  # asked for one by one, because two at once may arrive in any order
    assert len(letters(site.app, "alice@example.org")) == 10
    assert client.post("/unlock", data={"way": "code", "code": right}).status_code == 303


def test_the_demo_clinic_shows_where_its_mail_is(site: Site, config: Config) -> None:
    from dataclasses import replace

    client = locked_phone(site)
    assert "/demo/mail" not in client.get("/unlock?by=mail").text
    site.app = create_app(replace(config, demo=True), database=site.database, now=site.clock)
    site.app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    assert 'href="/demo/mail"' in locked_phone(site).get("/unlock?by=mail").text


# Nothing typed is lost -----------------------------------------------------------------------------------------


def test_a_form_sent_while_locked_is_kept_and_sent_again_with_one_button(site: Site) -> None:
    client = locked_phone(site)
    asked = client.post("/activities", data={"label": "Déjà vu & <b>", "shared": "1", "csrf_token": "old"})
    assert asked.status_code == 403
    assert "What you sent is kept on this page" in asked.text
    wrong = client.post("/unlock", data={**fields(asked.text), "way": "password", "password": "a river"})
    mailed = client.post("/unlock", data={**fields(wrong.text), "way": "mail"})
    assert mailed.status_code == 200
    again = client.post("/unlock", data={**fields(mailed.text), "way": "again"})
    opened = client.post("/unlock", data={**fields(again.text), "way": "password", "password": PASSWORD})
    assert opened.status_code == 200
    assert 'action="/activities"' in opened.text
    kept = {name: value for name, value in fields(opened.text).items() if name != "csrf_token"}
    assert kept == {"label": "Déjà vu & <b>", "shared": "1"}
    assert client.post("/activities", data=kept).status_code == 303
    labels = [chip.label for chip in site.look(chips_for, site.cast.alice.patient_id)]
    assert "Déjà vu & <b>" in labels


def test_a_long_note_survives_the_unlock(site: Site) -> None:
    client = locked_phone(site)
    note = "ξ" * 4000
    asked = client.post("/check-ins/abc/edit", data={"mood": "5", "note": note})
    opened = client.post("/unlock", data={**fields(asked.text), "way": "password", "password": PASSWORD})
    assert fields(opened.text)["note"] == note


def test_a_password_is_not_kept_on_a_page(site: Site) -> None:
    client = locked_phone(site)
    asked = client.post("/you/password", data={"present": PASSWORD, "password": "another quiet river"})
    assert asked.status_code == 403
    assert PASSWORD not in asked.text
    assert "another quiet river" not in asked.text
    assert "is kept on this page" not in asked.text
    assert fields(asked.text)["next"] == "/you/password"


def test_a_file_is_chosen_again_on_its_page(site: Site) -> None:
    from io import BytesIO

    client = locked_phone(site)
    asked = client.post("/import", data={"file": (BytesIO(b"canary"), "moods.csv")})
    assert asked.status_code == 403
    assert "canary" not in asked.text
    assert fields(asked.text)["next"] == "/import"


def test_what_another_site_sends_is_not_kept(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    client = locked_phone(site)
    answer = client.post(
        "/activities", data={"label": "planted", "csrf_token": "planted"}, base_url="https://localhost"
    )
    assert answer.status_code == 400
    assert "planted" not in answer.text


def test_what_a_page_kept_when_it_blanked_itself_is_offered(site: Site) -> None:
    client = phone(site)
    form = {"way": "itself", "kept_for": "/activities", "kept.label": "canary"}
    site.clock.moment += MINUTE
    assert "<h1>Unlocked</h1>" in client.post("/unlock", data=form).text
    site.clock.moment += 10 * MINUTE
    page = client.post("/unlock", data=form).text
    assert "<h1>Unlock</h1>" in page
    assert fields(page)["kept.label"] == "canary"


def test_an_invitation_waits_for_the_unlock(site: Site) -> None:
    with site.database.unit_of_work() as db:
        issued = consents.invite(
            db,
            site.cast.carol.provider_id,
            email="alice@example.org",
            draft=Draft(),
            actor_account_id=site.cast.carol.account_id,
            now=site.clock(),
        )
    client = locked_phone(site)
    answer = client.get(f"/invitation/{issued.secret}")
    assert answer.location == "/unlock"
    assert unlock(client).location == f"/invitation/{issued.secret}"  # type: ignore[attr-defined]
    site.clock.moment += 10 * MINUTE
    kept = client.post(f"/invitation/{issued.secret}", data={"scopes": "scores", "understood": "1"})
    assert kept.status_code == 403
    assert fields(kept.text)["kept_for"] == f"/invitation/{issued.secret}"


# The confirmation ----------------------------------------------------------------------------------------------


def test_a_locked_phone_is_shown_what_it_has_just_sent_for_ten_minutes(site: Site) -> None:
    client = locked_phone(site)
    saved = client.post("/check-in", data={"mood": "4", "client_key": "k" * 22}).location
    assert "Saved. Thank you." in client.get(saved).text
    edit = saved.replace("/saved", "/edit")
    assert f'href="{edit}"' in client.get(saved).text
    assert client.get(edit).location == f"/unlock?next={edit}"
    site.clock.moment += 10 * MINUTE - SECOND
    assert client.get(saved).status_code == 200
    site.clock.moment += SECOND
    assert client.get(saved).location == f"/unlock?next={saved}"


def test_a_locked_phone_is_shown_only_the_last_that_it_sent(site: Site) -> None:
    client, other = locked_phone(site), locked_phone(site)
    site.clock.moment += 10 * MINUTE
    first = client.post("/check-in", data={"mood": "4", "client_key": "k" * 22}).location
    assert other.get(first).status_code == 302
    client.post("/check-in", data={"mood": "5", "client_key": "l" * 22})
    assert client.get(first).status_code == 302


def test_a_low_number_on_a_locked_phone_shows_people_first(site: Site) -> None:
    client = locked_phone(site)
    page = client.post("/check-in", data={"mood": "1", "client_key": "k" * 22}, follow_redirects=True).text
    assert "You don’t have to hold this alone" in page


def test_today_says_whether_today_is_done(site: Site) -> None:
    client = locked_phone(site)
    assert "Today has a check-in" not in client.get("/today").text
    client.post("/check-in", data={"mood": "4", "client_key": "k" * 22})
    assert "Today has a check-in" in client.get("/today").text


def test_a_note_on_a_locked_phone_is_shared_as_its_owner_likes(site: Site) -> None:
    client = locked_phone(site)
    page = client.get("/check-in").text
    assert "Share with those who can read my notes" in page
    assert "Bob" not in page


# Keeping it open -----------------------------------------------------------------------------------------------


def test_the_lock_is_switched_off_for_a_remembered_phone_and_on_again(site: Site) -> None:
    client = phone(site)
    assert "Keep me fully signed in here" in client.get("/you/settings").text
    before = token_of(client)
    assert client.post("/you/stay-open").location == "/you/settings"
    assert token_of(client) != before
    site.clock.moment += timedelta(days=29)
    page = client.get("/you/settings").text
    assert "Keep me fully signed in here" not in page
    assert client.post("/you/lock-again").location == "/you/settings"
    site.clock.moment += 10 * MINUTE - SECOND
    assert client.get("/history").status_code == 200
    site.clock.moment += 10 * MINUTE
    assert client.get("/history").status_code == 302


def test_a_phone_that_stays_open_ends_thirty_days_after_signing_in(site: Site) -> None:
    client = site.stranger()
    form = {"email": "alice@example.org", "password": PASSWORD, "remember": "1"}
    client.post("/sign-in/password", data=form)
    client.post("/you/stay-open")
    site.clock.moment += timedelta(days=30) - SECOND
    assert client.get("/history").status_code == 200
    site.clock.moment += SECOND
    assert client.get("/history").location == "/sign-in"


def test_switching_the_lock_off_wants_a_proof_of_five_minutes_at_most(site: Site) -> None:
    client = phone(site)
    site.clock.moment += 5 * MINUTE + SECOND
    asked = client.post("/you/stay-open", data={"csrf_token": "t"})
    assert asked.status_code == 403
    assert "<h1>Is it you?</h1>" in asked.text
    again = client.post("/unlock", data={**fields(asked.text), "way": "again"})
    assert "<h1>Is it you?</h1>" in again.text
    proved = client.post("/unlock", data={**fields(again.text), "way": "password", "password": PASSWORD})
    assert 'action="/you/stay-open"' in proved.text
    site.clock.moment += 5 * MINUTE
    assert client.post("/you/stay-open").status_code == 303


def test_a_phone_that_is_not_remembered_cannot_stay_open(site: Site) -> None:
    client = phone(site, remembered=False)
    assert "Keep me fully signed in here" not in client.get("/you/settings").text
    assert client.post("/you/stay-open").status_code == 404


def test_the_access_log_tells_of_it_in_plain_words(site: Site) -> None:
    client = locked_phone(site)
    client.post("/unlock", data={"way": "password", "password": "a river"})
    unlock(client)
    client.post("/you/stay-open")
    client.post("/you/lock-again")
    page = client.get("/access-log?show=everything").text
    for line in (
        "Somebody tried to unlock a phone of yours and was refused",
        "You unlocked your journal",
        "You switched off the lock on a phone of yours",
        "You switched the lock on a phone of yours on again",
    ):
        assert line in page


# Pages that blank themselves -------------------------------------------------------------------------------------


def idle_s(page: str) -> str | None:
    """After how many idle seconds a page blanks itself; None if only when it is left; KeyError if never."""
    notice = re.search(r'<template data-behaviour="blank"[^>]*>', page)
    if notice is None:
        raise KeyError
    found = re.search(r'data-idle-s="(\d+)"', notice[0])
    return found[1] if found else None


def test_private_pages_blank_themselves_when_idle(site: Site) -> None:
    alice, bob, erin = phone(site), site.as_(site.cast.bob), site.as_(site.cast.erin)
    for page in ("/history", "/today", "/you/settings", "/you/password"):
        assert idle_s(alice.get(page).text) == "600"
    assert idle_s(bob.get(f"/patients/{site.cast.alice.public_id}").text) == "900"
    assert idle_s(bob.get("/caseload").text) == idle_s(erin.get("/admin").text) == "900"


def test_a_check_in_that_is_being_written_blanks_itself_only_when_it_is_left(site: Site) -> None:
    assert idle_s(phone(site).get("/check-in").text) is None


def test_a_phone_that_stays_open_blanks_its_pages_only_when_they_are_left(site: Site) -> None:
    client = phone(site)
    client.post("/you/stay-open")
    assert idle_s(client.get("/history").text) is None


def test_pages_that_show_nothing_private_do_not_blank_themselves(site: Site) -> None:
    client = locked_phone(site)
    for page in ("/today", "/check-in", "/unlock", "/help", "/sign-in"):
        with pytest.raises(KeyError):
            idle_s(client.get(page, follow_redirects=page == "/sign-in").text)


def test_whoever_is_unlocked_is_still_here(site: Site) -> None:
    client, bob = phone(site), site.as_(site.cast.bob)
    assert client.get("/still-here").status_code == bob.get("/still-here").status_code == 204
    site.clock.moment += 10 * MINUTE
    assert client.get("/still-here").location == "/unlock"
    assert bob.get("/still-here").status_code == 204
    site.clock.moment += 15 * MINUTE + SECOND
    assert bob.get("/still-here").location == site.stranger().get("/still-here").location == "/sign-in"
