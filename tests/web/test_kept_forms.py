"""A form that has to wait is carried through another one, without secrets, files or its proof of origin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from werkzeug.datastructures import MultiDict

from journal.web import kept_forms
from journal.web.kept_forms import KeptForm
from tests.conftest import Site


@contextmanager
def sent_to(site: Site, path: str, **sent: Any) -> Iterator[None]:
    with site.app.test_request_context(path, method="POST", **sent):
        yield


def test_a_form_is_kept_as_it_was_sent(site: Site) -> None:
    form = MultiDict([("csrf_token", "x"), ("items_on", "pain"), ("items_on", "meals"), ("note", "<b> & ü")])
    with sent_to(site, "/you/settings?a=1", data=form):
        kept = kept_forms.of_request()
    assert kept == KeptForm(
        "/you/settings?a=1", [("items_on", "pain"), ("items_on", "meals"), ("note", "<b> & ü")]
    )


def test_what_is_kept_comes_through_another_form_unchanged(site: Site) -> None:
    kept = KeptForm("/reminders", [("password_hint", ""), ("next", "n"), ("way", "w"), ("kept.x", "y")])
    with sent_to(site, "/unlock"):
        assert kept_forms.carried_by(MultiDict([("way", "password"), *kept.hidden()])) == kept


def test_a_form_with_a_secret_in_it_is_not_kept(site: Site) -> None:
    for secret in ("password", "present", "code"):
        with sent_to(site, "/you/password", data={"note": "n", secret: "s"}):
            assert kept_forms.sent() == []
            assert kept_forms.of_request() is None


def test_a_secret_is_not_carried_even_if_somebody_puts_it_there(site: Site) -> None:
    form = MultiDict(
        {"kept_for": "/you/password", "kept.password": "s", "kept.csrf_token": "t", "kept.a": "b"}
    )
    with sent_to(site, "/unlock"):
        assert kept_forms.carried_by(form) == KeptForm("/you/password", [("a", "b")])


def test_a_file_is_not_kept(site: Site) -> None:
    with sent_to(site, "/import", data={"format": "daylio", "file": (BytesIO(b"x"), "moods.csv")}):
        assert kept_forms.of_request() is None


def test_a_form_that_is_too_big_is_not_kept(site: Site) -> None:
    with sent_to(site, "/reminders", data={"note": "n"}, environ_overrides={"CONTENT_LENGTH": "300000"}):
        assert kept_forms.of_request() is None


def test_a_form_for_another_address_is_not_carried(site: Site) -> None:
    with sent_to(site, "/unlock"):
        for address in ("", "//evil.example", "/sign-out", "/nowhere", "https://evil.example/"):
            assert kept_forms.carried_by(MultiDict({"kept_for": address, "kept.a": "b"})) is None


def test_the_proof_of_origin_is_among_what_was_sent_and_not_among_what_is_kept(site: Site) -> None:
    with sent_to(site, "/reminders", data={"csrf_token": "t", "a": "b"}):
        assert kept_forms.sent() == [("csrf_token", "t"), ("a", "b")]
        assert kept_forms.of_request() == KeptForm("/reminders", [("a", "b")])
