"""The administrator's pages: who works here, and nothing of anybody's journal."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from journal.languages import Language
from journal.storage import accounts, staff
from tests.builders import check_in
from tests.cast import NOW
from tests.conftest import Site
from tests.flagging import let_review
from tests.letterbox import html, letters, link, words

GALE = {"name": "Gale Moss", "email": "gale@example.org", "kind": "prescriber", "credentials": "MD"}


def add(site: Site, client: FlaskClient, **more: str) -> str:
    """The page of a new provider."""
    clinic = re.search(
        r'<option value="([^"]+)"[^>]*>Riverside Clinic', client.get("/admin/providers/new").text
    )
    assert clinic
    answer = client.post("/admin/providers/new", data={**GALE, "clinic": clinic.group(1), **more})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def shown_link(page: str) -> str:
    found = re.search(r'value="https://journal\.example\.org(/welcome/[^"]+)"', page)
    assert found
    return found.group(1)


def test_the_list_names_clinics_and_those_who_work_there(site: Site) -> None:
    page = site.as_(site.cast.erin).get("/admin").text
    for said in ("Riverside Clinic", "Bob", "bob@example.org", "Therapist", "Frank", "Prescriber"):
        assert said in page


def test_no_patient_is_named_or_counted(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 2, note="canary")
    client = site.as_(site.cast.erin)
    for path in ("/admin", "/admin/providers/new", f"/admin/providers/{site.cast.bob.public_id}"):
        page = client.get(path).text
        for private in ("Alice", "alice@", "dan@", "canary", "check-in", "2 patients", "1 patient"):
            assert private not in page, (path, private)


def test_a_new_provider_gets_a_link_that_is_shown_once_and_mailed(site: Site) -> None:
    client = site.as_(site.cast.erin)
    where = add(site, client)
    page = client.get(where).text
    assert "Gale Moss" in page
    path = shown_link(page)
    assert "/welcome/" not in client.get(where).text
    (letter,) = letters(site.app, "gale@example.org")
    assert link(letter) == path
    answer = site.stranger().post(path, data={"password": "mauve kettle drifting"})
    assert answer.location == "/caseload"


def test_the_mail_names_nobody_and_nothing(site: Site) -> None:
    add(site, site.as_(site.cast.erin))
    (letter,) = letters(site.app, "gale@example.org")
    text = f"{letter['Subject']} {words(letter)}".lower()
    for private in ("gale", "riverside", "clinic", "patient", "mood", "ketamine", "tideline"):
        assert private not in text.replace("gale@example.org", ""), private


def test_a_clinic_can_begin_with_its_first_provider(site: Site) -> None:
    client = site.as_(site.cast.erin)
    add(site, client, clinic="new", clinic_name="Hill Practice", zone="Europe/Athens")
    page = client.get("/admin").text
    assert page.index("Hill Practice") < page.index("Gale Moss")
    assert "Europe/Athens" in page


def test_everything_that_is_missing_is_named(site: Site) -> None:
    page = site.as_(site.cast.erin).post("/admin/providers/new", data={"email": "gale", "name": " "})
    assert page.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', page.text) == ["name", "email", "kind"]
    assert 'value="gale"' in page.text


def test_an_address_in_use_is_refused_without_saying_whose_it_is(site: Site) -> None:
    client = site.as_(site.cast.erin)
    clinic = re.search(r'<option value="([^"]+)"', client.get("/admin/providers/new").text)
    assert clinic
    for email in ("alice@example.org", "bob@example.org"):
        page = client.post("/admin/providers/new", data={**GALE, "email": email, "clinic": clinic.group(1)})
        assert page.status_code == 422
        assert "This address is in use here already" in page.text
        assert "Alice" not in page.text


def test_a_made_up_clinic_is_no_clinic(site: Site) -> None:
    page = site.as_(site.cast.erin).post("/admin/providers/new", data={**GALE, "clinic": "nowhere"})
    assert page.status_code == 422


def test_a_new_link_ends_the_one_before(site: Site) -> None:
    client = site.as_(site.cast.erin)
    where = add(site, client)
    first = shown_link(client.get(where).text)
    client.post(where, data={"do": "link"})
    second = shown_link(client.get(where).text)
    assert site.stranger().get(first).status_code == 404
    assert site.stranger().get(second).status_code == 200


def test_closing_an_account_counts_at_the_next_request(site: Site) -> None:
    client, bob = site.as_(site.cast.erin), site.as_(site.cast.bob)
    assert bob.get("/caseload").status_code == 200
    where = f"/admin/providers/{site.cast.bob.public_id}"
    assert client.post(where, data={"do": "disable"}).location == where
    assert bob.get("/caseload").location == "/sign-in"
    page = client.get(where).text
    assert "This account is closed" in page
    assert "Make a new link" not in page
    client.post(where, data={"do": "link"})
    assert "/welcome/" not in client.get(where).text
    assert letters(site.app, "bob@example.org") == []
    with site.database.look() as db:
        member = staff.member(db, site.cast.bob.public_id)
    assert member is not None
    assert member.disabled_at == NOW


def test_closing_the_account_of_who_looks_at_flags_says_what_ends(site: Site) -> None:
    client, where = site.as_(site.cast.erin), f"/admin/providers/{site.cast.bob.public_id}"
    nobody = "Nobody is named who looks at flags, so patients here are asked the PHQ-8."
    warning = "Bob is named as who looks at flags."
    assert nobody in client.get("/admin").text
    assert warning not in client.get(where).text
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)
    assert nobody not in client.get("/admin").text
    assert warning in client.get(where).text
    there = client.post(where, data={"do": "disable"}).location
    assert "Nobody is named, so patients here are asked the PHQ-8." in client.get(there).text
    assert nobody in client.get("/admin").text


def test_a_patient_is_no_provider_here(site: Site) -> None:
    client = site.as_(site.cast.erin)
    assert client.get(f"/admin/providers/{site.cast.alice.public_id}").status_code == 404


def test_the_mail_is_in_the_language_of_the_account_and_not_of_the_administrator(site: Site) -> None:
    with site.database.unit_of_work() as db:
        accounts.set_language(db, site.cast.bob.account_id, Language.GREEK)
    site.as_(site.cast.erin).post(f"/admin/providers/{site.cast.bob.public_id}", data={"do": "link"})
    (letter,) = letters(site.app, "bob@example.org")
    assert letter["Subject"] == "Ο λογαριασμός σου είναι έτοιμος"
    assert "Δημιουργήθηκε ένας λογαριασμός για σένα." in words(letter)
    assert "account" not in words(letter)
    assert '<html lang="el">' in html(letter)


def test_a_new_provider_is_written_to_in_the_language_of_the_administrator(site: Site) -> None:
    with site.database.unit_of_work() as db:
        accounts.set_language(db, site.cast.erin.account_id, Language.GREEK)
    add(site, site.as_(site.cast.erin))
    (letter,) = letters(site.app, "gale@example.org")
    assert letter["Subject"] == "Ο λογαριασμός σου είναι έτοιμος"
    with site.database.look() as db:
        account = accounts.account_by_email(db, "gale@example.org")
    assert account is not None
    assert account.language is Language.GREEK


def test_an_administrator_who_has_no_name_is_called_by_the_role(site: Site) -> None:
    assert ">Administrator</a>" in site.as_(site.cast.erin).get("/admin").text
