"""Inviting, answering an invitation and sharing, as browsers see it."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from journal.domain.consents import LASTS, Scope, Sight
from journal.languages import Language
from journal.services import accounts as people
from journal.services.links import fingerprint
from journal.storage import accounts, consents, courses, patients, treatments
from tests.cast import EVERY_SCOPE, NOW, ZONE, Person
from tests.conftest import Site
from tests.letterbox import code, html, letters, link, words

INVITE = {"label": "J. M.", "way": "paper", "course": "later", "understood": "1"}
YES = {"scopes": ["scores", "notes"], "since": "all", "understood": "1"}
NEWCOMER = {**YES, "display_name": "Nova", "zone": ZONE, "zone_chosen": ""}
TWO = Sight(frozenset({Scope.SCORES, Scope.NOTES}), None)


def on_paper(site: Site, **more: str) -> str:
    """The path of an invitation by Carol that was printed."""
    client = site.as_(site.cast.carol)
    page = client.get(client.post("/invite", data={**INVITE, **more}).location)
    found = re.search(r'class="paper-code">([^<]+)<', page.text)
    assert found
    return f"/invitation/{found.group(1)}"


def by_mail(site: Site, email: str, **more: str) -> str:
    """The path of an invitation by Carol that was mailed."""
    site.as_(site.cast.carol).post("/invite", data={**INVITE, "way": "mail", "email": email, **more})
    return link(letters(site.app, email)[-1])


def sees(site: Site, reader: Person, public_id: str) -> Sight | None:
    with site.database.look() as db:
        found = patients.patient_visible_to(db, reader.provider_id, public_id, now=site.clock())
    return None if found is None else found[1]


def public_id_of(site: Site, email: str) -> str | None:
    with site.database.look() as db:
        account = accounts.account_by_email(db, email)
        patient = patients.patient_of_account(db, account.id) if account else None
    return patient.public_id if patient else None


def without_token(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def consent_of(site: Site, reader: Person) -> str:
    with site.database.look() as db:
        circles = consents.circles_of(db, site.cast.alice.patient_id)
    return next(one.consent.public_id for one in circles if one.provider_id == reader.provider_id)


# The provider's side


def test_the_page_shows_the_message_exactly_as_it_is_mailed(site: Site) -> None:
    page = site.as_(site.cast.carol).get("/invite").text
    path = by_mail(site, "nova@example.org")
    (letter,) = letters(site.app, "nova@example.org")
    said = words(letter).replace("\r\n", "\n").strip().replace(path, "/invitation/…")
    assert said in page
    assert str(letter["Subject"]) in page


def test_the_mail_and_its_preview_are_in_the_language_of_who_invites(site: Site) -> None:
    with site.database.unit_of_work() as db:
        accounts.set_language(db, site.cast.carol.account_id, Language.GREEK)
    preview = site.as_(site.cast.carol).get("/invite").text
    by_mail(site, "nova@example.org")
    (letter,) = letters(site.app, "nova@example.org")
    assert letter["Subject"] == "Κάτι σε περιμένει"
    assert "<b>Κάτι σε περιμένει</b>" in preview
    for said in (words(letter), preview):
        assert "Ετοιμάστηκε ένα προσωπικό ημερολόγιο για σένα." in said
        assert "Something is waiting for you" not in said
    assert '<html lang="el">' in html(letter)


def test_the_page_says_in_which_language_the_mail_will_be(site: Site) -> None:
    page = site.as_(site.cast.carol).get("/invite").text
    assert "It’s written in the language you read Tideline in." in page


def test_the_mail_names_nobody_and_nothing(site: Site) -> None:
    by_mail(site, "nova@example.org", course="induction", indication="canary", first_session="2026-04-06")
    (letter,) = letters(site.app, "nova@example.org")
    text = letter.as_string().lower()
    for private in (
        "carol",
        "riverside",
        "clinic",
        "ketamine",
        "mood",
        "therap",
        "tideline",
        "canary",
        "session",
    ):
        assert private not in text, private


def test_the_provider_never_sees_a_mailed_link(site: Site) -> None:
    path = by_mail(site, "nova@example.org")
    client = site.as_(site.cast.carol)
    listed = client.get("/invite").text
    (page,) = re.findall(r'href="(/invite/[^"]+)"', listed)
    for text in (listed, client.get(page).text):
        assert path.rsplit("/", 1)[-1] not in text
        assert fingerprint(path.rsplit("/", 1)[-1]) not in text


def test_a_paper_code_is_shown_once_with_its_picture(site: Site) -> None:
    client = site.as_(site.cast.carol)
    where = client.post("/invite", data=INVITE).location
    first, second = client.get(where).text, client.get(where).text
    assert 'class="paper-code"' in first
    assert 'role="img" aria-label="The same invitation for a camera"' in first
    assert 'class="paper-code"' not in second
    assert "style=" not in first


def test_everything_that_is_missing_is_named_in_the_pages_order(site: Site) -> None:
    page = site.as_(site.cast.carol).post(
        "/invite",
        data={"way": "mail", "course": "induction", "planned_sessions": "six", "first_session": "soon"},
    )
    assert page.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', page.text) == [
        "email",
        "planned_sessions",
        "first_session",
        "understood",
    ]
    assert 'value="six"' in page.text


def test_an_invitation_can_be_sent_again_and_withdrawn(site: Site) -> None:
    first = by_mail(site, "nova@example.org")
    client = site.as_(site.cast.carol)
    (page,) = re.findall(r'href="(/invite/[^"]+)"', client.get("/invite").text)
    client.post(page, data={"do": "again"})
    second = link(letters(site.app, "nova@example.org")[-1])
    assert site.stranger().get(first).status_code == 404
    assert site.stranger().get(second).status_code == 200
    assert client.post(page, data={"do": "withdraw"}).location == "/invite"
    assert site.stranger().get(second).status_code == 404
    assert "None at the moment" in client.get("/invite").text


def test_another_providers_invitation_does_not_exist(site: Site) -> None:
    by_mail(site, "nova@example.org")
    (page,) = re.findall(r'href="(/invite/[^"]+)"', site.as_(site.cast.carol).get("/invite").text)
    bob = site.as_(site.cast.bob)
    assert bob.get(page).status_code == 404
    assert bob.post(page, data={"do": "withdraw"}).status_code == 404
    assert "None at the moment" in bob.get("/invite").text


# Answering


def test_a_newcomer_by_mail_begins_at_once_and_is_signed_in(site: Site) -> None:
    client, path = site.stranger(), by_mail(site, "nova@example.org")
    assert 'value="nova@example.org"' in client.get(path).text
    answer = client.post(
        path, data={**NEWCOMER, "email": "nova@example.org", "password": "mauve kettle drifting"}
    )
    assert answer.location == "/today"
    assert client.get("/you").status_code == 200
    assert sees(site, site.cast.carol, public_id_of(site, "nova@example.org") or "") == TWO
    signed_in = site.stranger().post(
        "/sign-in/password", data={"email": "nova@example.org", "password": "mauve kettle drifting"}
    )
    assert signed_in.location == "/today"


def test_opening_an_invitation_spends_nothing(site: Site) -> None:
    path = by_mail(site, "nova@example.org")
    for _ in range(3):
        assert site.stranger().get(path).status_code == 200
    assert public_id_of(site, "nova@example.org") is None


def test_the_page_says_who_asks_what_they_would_see_and_what_they_noted(site: Site) -> None:
    path = by_mail(
        site,
        "nova@example.org",
        course="induction",
        indication="low mood",
        planned_sessions="6",
        first_session="2026-04-06",
    )
    page = site.stranger().get(path).text
    for said in (
        "Carol",
        "Therapist, Riverside Clinic",
        "12 months",
        "Monday 6 April",
        "low mood",
        "6 sessions",
    ):
        assert said in page, said
    assert page.count('role="switch"') == 5
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["scores", "assessments", "sessions", "notes"]
    assert "J. M." not in page


def test_a_yes_with_things_missing_keeps_everything_and_names_them(site: Site) -> None:
    path = by_mail(site, "nova@example.org")
    page = site.stranger().post(
        path, data={"email": "nova", "display_name": "", "zone_chosen": "", "since": "all"}
    )
    assert page.status_code == 422
    named = re.findall(r'<li><a href="#(\w+)">', page.text)
    assert named == ["email", "display_name", "zone", "scopes", "understood"]
    assert 'value="nova"' in page.text


def test_with_a_paper_code_the_mailbox_is_shown_first(site: Site) -> None:
    client, path = site.stranger(), on_paper(site, course="induction", first_session="2026-04-06")
    chosen = {**NEWCOMER, "email": "nova@example.org", "scopes": ["sessions"]}
    assert client.post(path, data=chosen).location == "/sign-in/code"
    assert "Your invitation waits in this browser." in client.get("/sign-in/code").text
    assert sees(site, site.cast.carol, public_id_of(site, "nova@example.org") or "") is None
    typed = code(letters(site.app, "nova@example.org")[-1])
    assert client.post("/sign-in/code", data={"code": typed}).location == path
    page = client.get(path).text
    assert re.findall(r'value="(\w+)"[^>]* checked', page)[:1] == ["sessions"]
    assert client.post(path, data={**YES, "scopes": ["sessions"], "since": "today"}).location == "/sharing"
    public_id = public_id_of(site, "nova@example.org") or ""
    assert sees(site, site.cast.carol, public_id) == Sight(frozenset({Scope.SESSIONS}), NOW.date())


def test_a_paper_code_tells_nobody_who_is_a_patient_here(site: Site) -> None:
    path = on_paper(site)

    def answers(email: str) -> list[object]:
        client = site.stranger()
        one = client.post(path, data={**NEWCOMER, "email": email})
        again = site.stranger().get(path)
        return [
            (one.status_code, one.location, one.text),
            (again.status_code, without_token(again.text)),
            without_token(client.get("/sign-in/code").text),
        ]

    first = answers("alice@example.org")
    assert first == answers("nobody@example.org")
    assert first == answers("bob@example.org")


def test_an_address_that_has_an_account_signs_in_and_comes_back(site: Site) -> None:
    client, path = site.stranger(), by_mail(site, "alice@example.org")
    answer = client.post(path, data={**NEWCOMER, "email": "alice@example.org", "display_name": "Mallory"})
    assert answer.location == "/sign-in/code"
    letter = letters(site.app, "alice@example.org")[-1]
    assert client.post(link(letter)).location == path
    assert client.post(path, data=YES).location == "/sharing"
    assert sees(site, site.cast.carol, site.cast.alice.public_id) == TWO


def test_a_password_waits_until_the_mailbox_is_known(site: Site) -> None:
    path = by_mail(site, "nova@example.org")
    page = site.stranger().post(
        path, data={**NEWCOMER, "email": "other@example.org", "password": "mauve kettle drifting"}
    )
    assert page.status_code == 422
    assert "set a password once you’re signed in" in page.text


def test_a_patient_accepts_a_second_provider(site: Site) -> None:
    client, path = site.as_(site.cast.alice), on_paper(site)
    page = client.get(path).text
    assert "Your email" not in page
    assert client.post(path, data=YES).location == "/sharing"
    assert "Carol" in client.get("/sharing").text
    assert sees(site, site.cast.bob, site.cast.alice.public_id) == Sight(EVERY_SCOPE, None)


def test_a_second_press_of_yes_ends_where_the_first_did(site: Site) -> None:
    client, path = site.as_(site.cast.alice), on_paper(site)
    client.post(path, data=YES)
    assert client.post(path, data=YES).location == "/sharing"
    assert client.get(path).location == "/sharing"
    assert site.as_(site.cast.dan).get(path).status_code == 404


@pytest.mark.parametrize("name", ["bob", "erin"])
def test_somebody_who_works_here_cannot_accept(site: Site, name: str) -> None:
    client, path = site.as_(getattr(site.cast, name)), on_paper(site)
    assert client.get(path).status_code == 403
    assert client.post(path, data={**NEWCOMER, "email": "nova@example.org"}).status_code == 403
    assert site.stranger().get(path).status_code == 200


def test_after_three_days_an_invitation_says_that_it_has_run_out(site: Site) -> None:
    path = on_paper(site)
    site.clock.moment = NOW + timedelta(hours=72) - timedelta(seconds=1)
    assert site.stranger().get(path).status_code == 200
    site.clock.moment = NOW + timedelta(hours=72)
    page = site.stranger().get(path)
    assert (page.status_code, "That invitation has run out" in page.text) == (404, True)


def test_a_code_is_typed_as_people_type(site: Site) -> None:
    path = on_paper(site)
    typed = path.rsplit("/", 1)[-1].lower().replace("-", " ")
    assert site.stranger().post("/invitation", data={"code": f" {typed} "}).location == path
    wrong = site.stranger().post("/invitation", data={"code": "not a code"})
    assert (wrong.status_code, "Check it against the paper" in wrong.text) == (422, True)


def test_the_course_that_was_noted_is_in_the_new_journal(site: Site) -> None:
    path = by_mail(
        site, "nova@example.org", course="induction", indication="low mood", first_session="2026-04-06"
    )
    site.stranger().post(
        path, data={**NEWCOMER, "email": "nova@example.org", "scopes": ["scores", "sessions"]}
    )
    with site.database.look() as db:
        account = accounts.account_by_email(db, "nova@example.org")
        assert account is not None
        patient = patients.patient_of_account(db, account.id)
        assert patient is not None
        course = courses.present_course(db, patient.id)
        (planned,) = treatments.treatments_of(db, patient.id)
    assert course is not None
    assert course.indication == "low mood"
    assert planned.local_date.isoformat() == "2026-04-06"


# Who can see what


def test_each_provider_has_a_card_with_what_they_see(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/sharing").text
    bob, frank = page.index("Bob"), page.index("Frank")
    assert page[bob:frank].count(" checked") == 5
    assert page[frank:].count(" checked") == 1
    assert "Therapist, Riverside Clinic" in page[bob:frank]
    assert "Hasn’t looked yet" in page
    assert "Sees everything so far" in page
    assert "30 March 2027" in page


def test_the_card_says_when_somebody_last_looked(site: Site) -> None:
    site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}")
    assert "Last looked 30 Mar, 8:00 pm" in site.as_(site.cast.alice).get("/sharing").text


def test_a_change_counts_at_the_next_request(site: Site) -> None:
    client = site.as_(site.cast.alice)
    answer = client.post(
        f"/sharing/{consent_of(site, site.cast.bob)}", data={"scopes": ["notes"], "since": "today"}
    )
    assert answer.location == "/sharing"
    assert sees(site, site.cast.bob, site.cast.alice.public_id) == Sight(frozenset({Scope.NOTES}), NOW.date())
    page = client.get("/sharing").text
    assert "Saved. It counts from now on." in page
    assert "Sees your days from 30 March 2026 on" in page


def test_everything_off_is_refused_and_changes_nothing(site: Site) -> None:
    page = site.as_(site.cast.alice).post(
        f"/sharing/{consent_of(site, site.cast.bob)}", data={"since": "all"}
    )
    assert page.status_code == 422
    assert "Switch on at least one thing, or stop sharing" in page.text
    assert sees(site, site.cast.bob, site.cast.alice.public_id) == Sight(EVERY_SCOPE, None)


def test_stopping_is_one_press_on_a_page_that_says_what_happens(site: Site) -> None:
    client, bob = site.as_(site.cast.alice), site.as_(site.cast.bob)
    patient = f"/patients/{site.cast.alice.public_id}"
    assert bob.get(patient).status_code == 200
    stop = f"/sharing/{consent_of(site, site.cast.bob)}/stop"
    page = client.get(stop).text
    assert "You leave Bob’s list. Nobody is told why." in page
    assert bob.get(patient).status_code == 200
    assert client.post(stop).location == "/sharing"
    assert bob.get(patient).status_code == 404
    assert "Alice" not in bob.get("/caseload").text
    assert "Ended 30 March 2026" in client.get("/sharing").text


def test_a_reader_who_left_is_said_so(site: Site) -> None:
    with site.database.unit_of_work() as db:
        people.disable(db, site.cast.bob.account_id, actor_account_id=None, now=NOW)
    assert "This person doesn’t work here any more" in site.as_(site.cast.alice).get("/sharing").text


def test_another_patients_consent_is_not_there(site: Site) -> None:
    client, consent = site.as_(site.cast.dan), consent_of(site, site.cast.bob)
    assert client.get(f"/sharing/{consent}/stop").status_code == 404
    assert client.post(f"/sharing/{consent}/stop").status_code == 404
    assert client.post(f"/sharing/{consent}", data=YES).status_code == 404


def test_nobody_to_share_with_is_said_kindly(site: Site) -> None:
    assert "Nobody but you" in site.as_(site.cast.dan).get("/sharing").text


def test_saving_a_card_opens_exactly_what_is_switched_on(site: Site) -> None:
    answer = site.as_(site.cast.alice).post(
        f"/sharing/{consent_of(site, site.cast.bob)}", data={"scopes": ["scores"], "since": "today"}
    )
    assert (answer.status_code, answer.location) == (303, "/sharing")
    assert sees(site, site.cast.bob, site.cast.alice.public_id) == Sight(
        frozenset({Scope.SCORES}), NOW.date()
    )


def test_a_card_that_does_not_say_from_which_day_opens_no_more_days(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    alice.post(f"/sharing/{consent_of(site, site.cast.bob)}", data={"scopes": ["scores"], "since": "today"})
    for said in ({}, {"since": "whenever"}):
        answer = alice.post(
            f"/sharing/{consent_of(site, site.cast.bob)}", data={"scopes": ["scores", "notes"], **said}
        )
        assert answer.status_code == 422
    assert sees(site, site.cast.bob, site.cast.alice.public_id) == Sight(
        frozenset({Scope.SCORES}), NOW.date()
    )


def test_an_old_page_says_so_and_shows_what_counts(site: Site) -> None:
    alice, old = site.as_(site.cast.alice), consent_of(site, site.cast.bob)
    alice.post(f"/sharing/{old}/stop")
    answer = alice.post(f"/sharing/{old}", data={"scopes": sorted(EVERY_SCOPE), "since": "all"})
    assert answer.status_code == 422
    assert "This was changed after you opened the page" in answer.text
    assert sees(site, site.cast.bob, site.cast.alice.public_id) is None


def test_sharing_again_is_asked_for_by_its_own_form(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    alice.post(f"/sharing/{consent_of(site, site.cast.bob)}/stop")
    assert 'name="again" value="1"' in alice.get("/sharing").text
    alice.post(
        f"/sharing/{consent_of(site, site.cast.bob)}",
        data={"scopes": ["scores"], "since": "all", "again": "1"},
    )
    assert sees(site, site.cast.bob, site.cast.alice.public_id) == Sight(frozenset({Scope.SCORES}), None)


def as_the_page_shows(client: FlaskClient, public_id: str) -> bool:
    return client.get(f"/patients/{public_id}").status_code == 200


def test_sixty_random_steps_over_the_web_agree_with_a_plain_model(site: Site) -> None:
    dice, alice = random.Random(7), site.cast.alice
    readers = {"Bob": site.cast.bob, "Frank": site.cast.frank}
    ends = dict.fromkeys(readers, NOW + LASTS)
    for step in range(60):
        site.clock.moment += timedelta(days=dice.choice([0, 0, 1, 200]), minutes=1)
        name = dice.choice(sorted(readers))
        client, consent = site.as_(alice), consent_of(site, readers[name])
        act = dice.choice(["change", "stop", "wait"])
        if act == "change":
            scopes = dice.sample([scope.value for scope in Scope], dice.randint(1, 4))
            assert (
                client.post(
                    f"/sharing/{consent}", data={"scopes": scopes, "since": "all", "again": "1"}
                ).status_code
                == 303
            )
            ends[name] = site.clock.moment + LASTS
        elif act == "stop":
            client.post(f"/sharing/{consent}/stop")
            ends.pop(name, None)
        for other, reader in readers.items():
            is_open = other in ends and site.clock.moment < ends[other]
            assert as_the_page_shows(site.as_(reader), alice.public_id) == is_open, (
                f"step {step}: {act} {name}"
            )
