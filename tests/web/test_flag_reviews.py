"""The administrator's page of who looks at flags: what it lets a clinic say, and what it refuses."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from journal.services import safety
from journal.storage import clinics, flag_reviews
from journal.storage.flag_reviews import Review
from tests.cast import NOW
from tests.conftest import Site


def address(site: Site) -> str:
    clinic = site.look(clinics.clinics)[0]
    return f"/admin/clinics/{clinic.public_id}/flags"


def save(site: Site, **typed: str) -> TestResponse:
    return site.as_(site.cast.erin).post(address(site), data=typed)


def review(site: Site) -> Review | None:
    found: Review | None = site.look(flag_reviews.review_of, site.cast.clinic_id)
    return found


def week(site: Site) -> dict[str, str]:
    return {f"day_{day}": site.cast.bob.public_id for day in range(1, 6)}


def test_a_name_is_the_clinics_word_and_who_gave_it_and_when_is_kept(site: Site) -> None:
    assert save(site, reviewer=site.cast.bob.public_id).status_code == 303
    said = review(site)
    assert said is not None
    assert (said.reviewer_name, said.stated_by_account_id, said.stated_at) == (
        "Bob", site.cast.erin.account_id, NOW,
    )  # fmt: skip
    assert site.look(safety.item_nine_is_read, site.cast.alice.patient_id, now=NOW)


def test_without_a_name_the_page_says_that_the_phq8_is_asked(site: Site) -> None:
    assert (
        "Nobody is named, so patients here are asked the PHQ-8."
        in site.as_(site.cast.erin).get(address(site)).text
    )


def test_a_word_can_be_taken_back(site: Site) -> None:
    save(site, reviewer=site.cast.bob.public_id, **week(site), sends_notes="1")
    save(site, reviewer="")
    assert review(site) is None
    assert not site.look(safety.item_nine_is_read, site.cast.alice.patient_id, now=NOW)


def test_mails_need_a_name_for_every_day_of_the_working_week(site: Site) -> None:
    some = week(site) | {"day_3": ""}
    refused = save(site, reviewer=site.cast.bob.public_id, sends_notes="1", **some)
    assert refused.status_code == 422
    assert "Mails need a name for the whole week and for every day of it" in refused.text
    assert review(site) is None
    save(site, reviewer=site.cast.bob.public_id, sends_notes="1", **week(site))
    said = review(site)
    assert said is not None
    assert said.sends_notes


@pytest.mark.parametrize("number", ["call us", "12"])
def test_a_number_that_no_phone_could_dial_is_refused_and_kept_on_the_page(site: Site, number: str) -> None:
    refused = save(site, phone=number)
    assert refused.status_code == 422
    assert f'value="{number}"' in refused.text


def test_the_clinics_number_is_kept(site: Site) -> None:
    save(site, phone=" +1 555  0100147 ")
    assert site.look(clinics.clinics)[0].phone == "+1 555 0100147"


def test_nobody_from_elsewhere_can_be_named(site: Site) -> None:
    assert save(site, reviewer="somebody").status_code == 422
    assert review(site) is None


def test_it_shows_no_flag_and_no_patient(site: Site) -> None:
    page = site.as_(site.cast.erin).get(address(site)).text
    assert "Alice" not in page
    assert re.search(r"<option value=\"[^\"]+\">Bob</option>", page)


def test_a_clinic_that_is_not_there_has_no_page(site: Site) -> None:
    assert site.as_(site.cast.erin).get("/admin/clinics/nowhere/flags").status_code == 404
