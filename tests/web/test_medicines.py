"""The list of medicines over HTTP: both sides' pages and forms, and who finds nothing there."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.test import TestResponse

from journal.domain.consents import Scope
from journal.domain.treatments import Source
from journal.storage.medications import KeptMedication, medications_of
from tests import builders
from tests.cast import Person
from tests.conftest import Site

JAN_5, MARCH_10 = date(2026, 1, 5), date(2026, 3, 10)
FORM = {"name": "Sertraline", "dose": "50 mg", "started_on": "2026-03-10", "psychiatric": "1"}


def kept(site: Site) -> list[KeptMedication]:
    found: list[KeptMedication] = site.look(medications_of, site.cast.alice.patient_id)
    return found


def listed(site: Site, name: str = "Sertraline", **more: object) -> str:
    with site.database.unit_of_work() as db:
        return builders.medicine(db, site.cast.alice, name, **more).taken.public_id  # type: ignore[arg-type]


def of_alice(site: Site, rest: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/medicines{rest}"


def send(site: Site, person: Person, path: str, **form: str) -> TestResponse:
    return site.as_(person).post(path, data=form)


def test_a_patient_puts_a_medicine_on_the_list(site: Site) -> None:
    answer = send(site, site.cast.alice, "/medicines/new", **FORM, note=" With food. ")
    assert (answer.status_code, answer.location) == (303, "/medicines")
    (one,) = kept(site)
    assert (one.taken.name, one.taken.dose, one.taken.started_on) == ("Sertraline", "50 mg", MARCH_10)
    assert (one.taken.psychiatric, one.taken.note, one.taken.source) == (True, "With food.", Source.PATIENT)


def test_a_name_is_enough(site: Site) -> None:
    assert send(site, site.cast.alice, "/medicines/new", name="Thyroxine").status_code == 303
    (one,) = kept(site)
    assert (one.taken.started_on, one.taken.ended_on, one.taken.psychiatric) == (None, None, False)


def test_what_is_refused_keeps_everything_that_was_typed(site: Site) -> None:
    answer = send(site, site.cast.alice, "/medicines/new", **FORM | {"name": " ", "ended_on": "2026-03-09"})
    assert answer.status_code == 422
    assert "Write the name of the medicine" in answer.text
    assert "Choose its first day or a later one" in answer.text
    assert 'value="50 mg"' in answer.text
    assert kept(site) == []


def test_another_dose_leaves_the_earlier_one_on_the_list(site: Site) -> None:
    one = listed(site, since=JAN_5)
    answer = send(
        site, site.cast.alice, f"/medicines/{one}/dose", dose="100 mg", started_on="2026-03-10", version="1"
    )
    assert (answer.status_code, answer.location) == (303, "/medicines")
    page = site.as_(site.cast.alice).get("/medicines").text
    now, before = page.split("Earlier medicines and doses")
    assert "100 mg" in now
    assert "since 10 March 2026" in now
    assert "Sertraline, 50 mg" in before
    assert "5 January 2026 to 9 March 2026" in before


def test_a_new_dose_needs_words(site: Site) -> None:
    one = listed(site, since=JAN_5)
    answer = send(
        site, site.cast.alice, f"/medicines/{one}/dose", dose="", started_on="2026-03-10", version="1"
    )
    assert answer.status_code == 422
    assert "Write the new dose" in answer.text


def test_a_medicine_that_stopped_is_among_the_earlier_ones(site: Site) -> None:
    one = listed(site, since=JAN_5)
    answer = send(site, site.cast.alice, f"/medicines/{one}/stop", ended_on="2026-03-28", version="1")
    assert answer.status_code == 303
    assert [line.taken.ended_on for line in kept(site)] == [date(2026, 3, 28)]
    assert "talk with whoever prescribes it" in site.as_(site.cast.alice).get("/medicines").text


def test_whoever_was_slower_is_shown_what_stands_there_now(site: Site) -> None:
    one = listed(site, since=JAN_5)
    answer = send(site, site.cast.alice, f"/medicines/{one}/edit", **FORM | {"name": "Other"}, version="0")
    assert answer.status_code == 422
    assert "It now says: Sertraline, 50 mg, since 5 January 2026" in answer.text
    assert 'value="Other"' in answer.text
    assert send(site, site.cast.alice, f"/medicines/{one}/edit", **FORM, version="1").status_code == 303


def test_a_slip_is_removed(site: Site) -> None:
    one = listed(site)
    assert send(site, site.cast.alice, f"/medicines/{one}/edit", remove="1").status_code == 303
    assert kept(site) == []


def test_a_provider_reads_and_writes_with_sessions_and_says_so_in_the_log(site: Site) -> None:
    listed(site, since=JAN_5)
    page = site.as_(site.cast.bob).get(of_alice(site))
    assert "recorded by Alice" in page.text
    answer = send(site, site.cast.bob, of_alice(site, "/new"), **FORM | {"name": "Quetiapine"})
    assert (answer.status_code, answer.location) == (303, of_alice(site))
    mine = site.as_(site.cast.alice).get("/medicines").text
    assert "recorded by Bob" in mine
    log = site.as_(site.cast.alice).get("/access-log").text
    assert "Bob added a medicine to your list" in log


def test_a_provider_ends_what_the_patient_wrote_down(site: Site) -> None:
    one = listed(site, since=JAN_5)
    path = of_alice(site, f"/{one}/stop")
    assert site.as_(site.cast.bob).get(path).status_code == 200
    assert send(site, site.cast.bob, path, ended_on="2026-03-28", version="1").status_code == 303
    page = site.as_(site.cast.alice).get("/medicines").text
    assert "its end was written down by a clinician" in page


def test_a_provider_changes_a_dose_and_mends_their_own(site: Site) -> None:
    one = listed(site, since=JAN_5, by=site.cast.bob)
    path = of_alice(site, f"/{one}/dose")
    assert site.as_(site.cast.bob).get(path).status_code == 200
    send(site, site.cast.bob, path, dose="75 mg", started_on="2026-03-10", version="1")
    assert [line.taken.dose for line in kept(site)] == ["75 mg", "50 mg"]
    new = kept(site)[0].taken.public_id
    edit = of_alice(site, f"/{new}/edit")
    assert 'value="75 mg"' in site.as_(site.cast.bob).get(edit).text
    assert send(site, site.cast.bob, edit, remove="1").status_code == 303
    assert [line.taken.dose for line in kept(site)] == ["50 mg"]


def test_a_beginning_that_is_not_open_is_on_no_page_of_a_provider(site: Site) -> None:
    one = listed(site, since=JAN_5)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS, visible_from=MARCH_10)
    client = site.as_(site.cast.bob)
    for path in (of_alice(site), of_alice(site, f"/{one}/stop"), of_alice(site, f"/{one}/dose")):
        page = client.get(path).text
        assert "begun earlier than you can see" in page
        assert "January" not in page
        assert "2026-01" not in page


@pytest.mark.parametrize("rest", ["", "/new", "/{}/dose", "/{}/stop", "/{}/edit"])
def test_without_sessions_a_provider_finds_nothing(site: Site, rest: str) -> None:
    one = listed(site, by=site.cast.bob)
    path = of_alice(site, rest.format(one))
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *(set(Scope) - {Scope.SESSIONS}))
    assert site.as_(site.cast.bob).get(path).status_code == 404
    assert site.as_(site.cast.carol).get(path).status_code == 404
    if rest:
        assert send(site, site.cast.bob, path, **FORM).status_code == 404
    assert len(kept(site)) == 1


@pytest.mark.parametrize("form", ["dose", "stop", "edit"])
def test_one_patient_reaches_nothing_of_anothers(site: Site, form: str) -> None:
    one = listed(site)
    assert site.as_(site.cast.dan).get(f"/medicines/{one}/{form}").status_code == 404
    assert "Sertraline" not in site.as_(site.cast.dan).get("/medicines").text


def test_a_refused_form_of_a_provider_is_a_look_and_is_written_down(site: Site) -> None:
    before = looks(site)
    assert send(site, site.cast.bob, of_alice(site, "/new"), name="").status_code == 422
    assert looks(site) == before + 1


def test_the_name_of_a_medicine_is_in_no_address_and_no_title(site: Site) -> None:
    one = listed(site)
    page = site.as_(site.cast.alice).get(f"/medicines/{one}/stop")
    title = page.text.split("<title>")[1].split("</title>")[0]
    assert "Sertraline" not in title


def looks(site: Site) -> int:
    page = site.as_(site.cast.alice).get("/access-log").text
    return page.count("Bob looked at your journal")
