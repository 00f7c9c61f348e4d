"""Reading what people type about themselves."""

from __future__ import annotations

import pytest

from journal.domain.errors import Refused, RefusedFields
from journal.storage.clinics import Kind
from journal.web.forms.accounts import (
    CodeForm,
    ProviderForm,
    SettingsForm,
    SignInForm,
    StartForm,
    read_email,
    read_password,
)
from tests.conftest import Site


@pytest.mark.parametrize(
    ("typed", "read"),
    [("Alice@Example.ORG", "alice@example.org"), ("  alice@example.org ", "alice@example.org")],
)
def test_an_address_is_read_in_its_normal_form(site: Site, typed: str, read: str) -> None:
    with site.app.test_request_context():
        assert read_email(SignInForm(email=typed).email) == read


@pytest.mark.parametrize(
    "typed", ["", "alice", "alice@", "@example.org", "a b@example.org", "a@b\r\nBcc: c@example.org"]
)
def test_what_is_no_address_is_refused(site: Site, typed: str) -> None:
    with site.app.test_request_context(), pytest.raises(Refused, match="email_wrong"):
        read_email(SignInForm(email=typed).email)


def test_a_password_is_neither_cut_nor_stripped(site: Site) -> None:
    with site.app.test_request_context():
        form = StartForm(display_name="  mauve kettle drifting  ")
        assert read_password(form.display_name) == "  mauve kettle drifting  "


def test_a_code_is_read_as_people_write_it(site: Site) -> None:
    with site.app.test_request_context():
        assert CodeForm(code=" 1234-5678 ").digits() == "12345678"


def test_the_chosen_zone_goes_before_the_browsers(site: Site) -> None:
    with site.app.test_request_context():
        assert StartForm(zone="Asia/Tokyo", zone_chosen="").chosen_zone() == "Asia/Tokyo"
        assert StartForm(zone="Asia/Tokyo", zone_chosen="Europe/Berlin").chosen_zone() == "Europe/Berlin"


def test_only_questions_that_exist_are_switched_on(site: Site) -> None:
    with site.app.test_request_context(method="POST", data={"items_on": ["meals", "pain", "mood"]}):
        assert SettingsForm().items() == ["pain", "meals"]


def test_a_provider_is_read_or_everything_is_named(site: Site) -> None:
    with site.app.test_request_context():
        said = ProviderForm(name="Gale", email="gale@example.org", kind="therapist").said()
        assert said == ("gale@example.org", Kind.THERAPIST)
        with pytest.raises(RefusedFields) as fault:
            ProviderForm(name="", email="", kind="wizard").said()
    assert [problem.code for problem in fault.value.problems] == [
        "name_missing",
        "email_wrong",
        "not_a_choice",
    ]


def test_a_provider_of_no_kind_is_asked_for_one(site: Site) -> None:
    with site.app.test_request_context(), pytest.raises(RefusedFields) as fault:
        ProviderForm(name="Gale", email="gale@example.org").said()
    assert [(problem.code, problem.field) for problem in fault.value.problems] == [
        ("provider_kind_missing", "kind")
    ]
