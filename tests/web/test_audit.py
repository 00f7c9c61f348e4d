"""The patient's access log: who did what, in plain words, the newest first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from journal.storage import audit
from journal.storage.audit import Act, Logged
from journal.web.audit import in_words
from tests.cast import NOW
from tests.conftest import Site

OWN = 1


def lines(page: str) -> list[str]:
    return re.findall(r'<span class="item__t">([^<]*)</span>', page)


def write(
    site: Site, act: Act, *, minutes: int = 0, by: int | None = None, provider: int | None = None
) -> None:
    with site.database.unit_of_work() as db:
        audit.record(
            db,
            act,
            now=NOW + timedelta(minutes=minutes),
            actor_account_id=by,
            patient_id=site.cast.alice.patient_id,
            provider_id=provider,
        )


def test_a_look_is_in_the_log_with_name_and_time(site: Site) -> None:
    site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}")
    page = site.as_(site.cast.alice).get("/access-log").text
    assert lines(page) == ["Bob looked at your journal"]
    assert "Riverside Clinic · 30 Mar, 8:00 pm" in page


def test_one_patients_log_holds_nothing_of_anothers(site: Site) -> None:
    site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}")
    page = site.as_(site.cast.dan).get("/access-log").text
    assert "Nobody has looked yet" in page
    assert "Bob" not in page


def test_ones_own_acts_are_shown_when_asked_for(site: Site) -> None:
    cast = site.cast
    write(site, Act.CONSENT_ENDED, by=cast.alice.account_id, provider=cast.frank.provider_id)
    write(site, Act.SIGN_IN_REFUSED, minutes=1)
    client = site.as_(cast.alice)
    assert lines(client.get("/access-log").text) == ["Somebody tried to sign in as you and was refused"]
    assert lines(client.get("/access-log?show=everything").text) == [
        "Somebody tried to sign in as you and was refused",
        "You stopped sharing with Frank",
    ]


def test_a_long_log_has_pages(site: Site) -> None:
    for minute in range(60):
        write(site, Act.VIEWED_PATIENT, minutes=minute, by=3, provider=site.cast.bob.provider_id)
    client = site.as_(site.cast.alice)
    first, second = client.get("/access-log").text, client.get("/access-log?page=2").text
    assert (len(lines(first)), len(lines(second))) == (50, 10)
    assert "Older" in first
    assert "Newer" not in first
    assert "Newer" in second
    assert "Older" not in second


@pytest.mark.parametrize("page", ["0", "-1", "two", "", "99999999", "²"])
def test_a_page_that_is_none_is_no_fault(site: Site, page: str) -> None:
    assert site.as_(site.cast.alice).get("/access-log", query_string={"page": page}).status_code == 200


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize(
    ("by", "who"), [(OWN, "Bob"), (2, "Bob"), (None, "")], ids=["you", "a provider", "nobody"]
)
def test_every_act_reads_as_a_sentence(act: Act, by: int | None, who: str) -> None:
    said = in_words(Logged(at=NOW, act=act, by_account_id=by, who=who, clinic=""), own_account_id=OWN)
    assert said[0].isupper()
    assert "{" not in said
    assert act.value not in said
