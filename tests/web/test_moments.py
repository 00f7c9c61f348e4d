"""Key moments over HTTP: both sides' pages and form, and who finds nothing there."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.test import TestResponse

from journal.domain.consents import Scope
from journal.storage.key_moments import KeptMoment, moments_of
from tests import builders
from tests.cast import Person
from tests.conftest import Site

DAY = date(2026, 3, 10)
FORM = {"label": "New job", "local_date": "2026-03-10"}


def kept(site: Site) -> list[KeptMoment]:
    found: list[KeptMoment] = site.look(moments_of, site.cast.alice.patient_id)
    return found


def written(site: Site, label: str = "New job", **more: object) -> str:
    with site.database.unit_of_work() as db:
        return builders.moment(db, site.cast.alice, DAY, label, **more).moment.public_id  # type: ignore[arg-type]


def of_alice(site: Site, rest: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/moments{rest}"


def send(site: Site, person: Person, path: str, **form: str) -> TestResponse:
    return site.as_(person).post(path, data=form)


def test_a_patient_writes_a_moment_down_and_it_is_private(site: Site) -> None:
    answer = send(site, site.cast.alice, "/moments/new", **FORM)
    assert (answer.status_code, answer.location) == (303, "/moments")
    (one,) = kept(site)
    assert (one.moment.label, one.moment.local_date, one.moment.shared) == ("New job", DAY, False)
    assert "Private" in site.as_(site.cast.alice).get("/moments").text


def test_the_switch_names_whoever_could_read_it(site: Site) -> None:
    assert "Share this with Bob" in site.as_(site.cast.alice).get("/moments/new").text
    assert "Only you can read this." in site.as_(site.cast.dan).get("/moments/new").text


def test_a_moment_without_words_is_refused_and_its_day_kept(site: Site) -> None:
    answer = send(site, site.cast.alice, "/moments/new", label=" ", local_date="2026-03-10", shared="1")
    assert answer.status_code == 422
    assert "Write a few words for this day" in answer.text
    assert 'value="2026-03-10"' in answer.text
    assert kept(site) == []


def test_a_moment_is_changed_shared_and_removed(site: Site) -> None:
    one = written(site)
    path = f"/moments/{one}/edit"
    assert 'value="New job"' in site.as_(site.cast.alice).get(path).text
    send(site, site.cast.alice, path, **FORM | {"label": "Moved"}, shared="1", version="1")
    assert [(k.moment.label, k.moment.shared) for k in kept(site)] == [("Moved", True)]
    slower = send(site, site.cast.alice, path, **FORM, version="1")
    assert slower.status_code == 422
    assert "It now says: 10 March 2026, Moved" in slower.text
    assert send(site, site.cast.alice, path, remove="1").status_code == 303
    assert kept(site) == []


def test_a_provider_reads_what_is_shared_and_the_clinics_own(site: Site) -> None:
    written(site, "A private one")
    written(site, "A shared one", shared=True)
    send(site, site.cast.bob, of_alice(site, "/new"), **FORM)
    page = site.as_(site.cast.bob).get(of_alice(site)).text
    assert "A shared one" in page
    assert "written by Alice" in page
    assert "New job" in page
    assert "A private one" not in page
    mine = site.as_(site.cast.alice).get("/moments").text
    assert "written by Bob" in mine
    assert "Bob added a key moment" in site.as_(site.cast.alice).get("/access-log").text


def test_a_provider_changes_the_clinics_own_alone(site: Site) -> None:
    his, hers = written(site, "His", by=site.cast.bob), written(site, "Hers", shared=True)
    assert site.as_(site.cast.bob).get(of_alice(site, f"/{hers}/edit")).status_code == 404
    path = of_alice(site, f"/{his}/edit")
    assert site.as_(site.cast.bob).get(path).status_code == 200
    assert send(site, site.cast.bob, path, remove="1").status_code == 303
    assert [one.moment.label for one in kept(site)] == ["Hers"]


@pytest.mark.parametrize("rest", ["", "/new", "/{}/edit"])
def test_without_sessions_a_provider_finds_nothing(site: Site, rest: str) -> None:
    path = of_alice(site, rest.format(written(site, by=site.cast.bob)))
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *(set(Scope) - {Scope.SESSIONS}))
    assert site.as_(site.cast.bob).get(path).status_code == 404
    assert site.as_(site.cast.carol).get(path).status_code == 404
    if rest:
        assert send(site, site.cast.bob, path, **FORM).status_code == 404


def test_one_patient_reaches_nothing_of_anothers(site: Site) -> None:
    one = written(site)
    assert site.as_(site.cast.dan).get(f"/moments/{one}/edit").status_code == 404
    assert "New job" not in site.as_(site.cast.dan).get("/moments").text
