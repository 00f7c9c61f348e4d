"""One recorded session over HTTP: the question before an unusual one, its page on both sides, taking it away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from werkzeug.test import TestResponse

from journal.domain.consents import Scope
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import Status, TreatmentSession
from journal.services.treatment_records import NOTHING
from journal.storage import side_effects, treatment_records, treatments
from tests import builders
from tests.cast import NOW, Person
from tests.conftest import Site

DAY = date(2026, 3, 13)
FORM = {
    "local_date": "2026-03-13",
    "status": "completed",
    "route": "iv",
    "dose_value": "3",
    "dose_unit": "mg/kg",
    "vitals-0-measured": "pre",
    "vitals-0-sys": "182",
    "vitals-0-dia": "90",
    "effects-0-code": "headache",
    "effects-0-severity": "2",
}
SURE = "dose_unusual:dose_value:3|blood_pressure_very_high:vitals-0-sys:182/90"


def of_alice(site: Site, rest: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/sessions/{rest}"


def kept(site: Site) -> list[TreatmentSession]:
    found: list[TreatmentSession] = site.look(treatments.treatments_of, site.cast.alice.patient_id)
    return found


def recorded(
    site: Site, *, by: Person | None = None, record: TreatmentRecord = NOTHING, on: date = DAY, note: str = ""
) -> str:
    with site.database.unit_of_work() as db:
        public_id = builders.treatment(db, site.cast.alice, on, by=by, note=note).public_id
        treatment_records.write_changes(
            db, site.cast.alice.patient_id, public_id, before=NOTHING, after=record
        )
    return public_id


def send(site: Site, person: Person, path: str, **form: str) -> TestResponse:
    return site.as_(person).post(path, data=form)


def test_what_is_unusual_is_asked_about_once_and_save_anyway_keeps_it(site: Site) -> None:
    path = of_alice(site, "new")
    asked = send(site, site.cast.bob, path, **FORM)
    assert asked.status_code == 422
    assert "Please look at this once more" in asked.text
    assert "outside 0.05\N{NO-BREAK SPACE}mg/kg to 2\N{NO-BREAK SPACE}mg/kg" in asked.text
    assert f'name="sure" value="{SURE}"' in asked.text
    assert 'name="vitals-0-sys" type="text" value="182"' in asked.text
    assert kept(site) == []
    assert send(site, site.cast.bob, path, **FORM, sure=SURE).status_code == 303
    (found,) = kept(site)
    record = site.look(treatment_records.record_of, site.cast.alice.patient_id, found.public_id)
    assert (record.dose_value, record.vitals[0].sys) == (Decimal(3), 182)


def test_what_was_looked_at_does_not_cover_what_was_changed_since(site: Site) -> None:
    answer = send(site, site.cast.bob, of_alice(site, "new"), **FORM | {"dose_value": "4"}, sure=SURE)
    assert answer.status_code == 422
    assert kept(site) == []


def test_a_row_is_added_without_a_script_and_nothing_is_kept(site: Site) -> None:
    answer = send(site, site.cast.bob, of_alice(site, "new"), **FORM, more="vitals")
    assert answer.status_code == 200
    assert 'id="vitals-1-sys"' in answer.text
    assert 'value="182"' in answer.text
    assert kept(site) == []


def test_a_mistake_in_a_row_is_said_there_and_its_part_is_open(site: Site) -> None:
    answer = send(site, site.cast.bob, of_alice(site, "new"), **FORM | {"vitals-0-dia": "190"})
    assert answer.status_code == 422
    assert 'href="#vitals-0-dia"' in answer.text
    assert 'id="vitals-0-dia-error"' in answer.text
    assert "<details open><summary>Blood pressure, pulse, oxygen</summary>" in answer.text


def test_a_quick_record_stays_quick(site: Site) -> None:
    assert "<details open>" not in site.as_(site.cast.bob).get(of_alice(site, "new")).text


def test_a_clinic_changes_the_whole_of_its_record(site: Site) -> None:
    send(site, site.cast.bob, of_alice(site, "new"), **FORM, sure=SURE)
    (found,) = kept(site)
    path = of_alice(site, f"{found.public_id}/edit")
    page = site.as_(site.cast.bob).get(path).text
    assert 'name="dose_value" type="text" value="3"' in page
    assert '<option value="headache" selected>' in page
    (effect,) = site.look(side_effects.side_effects_of, site.cast.alice.patient_id)
    form = FORM | {"effects-0-id": effect.public_id, "effects-0-severity": "3"}
    assert send(site, site.cast.bob, path, **form, version="1").status_code == 303
    assert site.look(side_effects.side_effects_of, site.cast.alice.patient_id) == [
        replace(effect, severity=Severity.SEVERE)
    ]


def test_the_patient_sees_a_clinics_record_with_its_source(site: Site) -> None:
    send(site, site.cast.bob, of_alice(site, "new"), **FORM, sure=SURE)
    page = site.as_(site.cast.alice).get(f"/sessions/{kept(site)[0].public_id}").text
    assert "Recorded by Bob, for your clinic." in page
    assert "3\N{NO-BREAK SPACE}mg/kg" in page
    assert "182/90" in page
    assert "Headache" in page
    assert "Unusual, looked at once more, and kept:" in page
    assert "Measure again" not in page


def test_what_is_planned_leads_on_before_its_day_and_says_what_it_waits_for_after_it(site: Site) -> None:
    with site.database.unit_of_work() as db:
        one = builders.treatment(
            db,
            site.cast.alice,
            DAY,
            status=Status.PLANNED,
            by=site.cast.bob,
            now=datetime(2026, 3, 1, 7, 0, tzinfo=UTC),
        ).public_id
    waits = "Your clinic has not said yet whether it took place."
    site.clock.moment = datetime(2026, 3, 13, 7, 0, tzinfo=UTC)
    page = site.as_(site.cast.alice).get(f"/sessions/{one}").text
    assert f'href="/sessions/{one}/before"' in page
    assert waits not in page
    site.clock.moment = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
    page = site.as_(site.cast.alice).get(f"/sessions/{one}").text
    assert f"/sessions/{one}/before" not in page
    assert waits in page


@pytest.mark.parametrize(("day", "leads_on"), [(20, True), (21, False)])
def test_a_session_leads_to_looking_back_for_its_week_alone(site: Site, day: int, *, leads_on: bool) -> None:
    one = recorded(site)
    site.clock.moment = datetime(2026, 3, day, 12, 0, tzinfo=UTC)
    page = site.as_(site.cast.alice).get(f"/sessions/{one}").text
    assert (f'href="/sessions/{one}/after"' in page) is leads_on


def test_a_patient_may_say_that_they_do_not_know_the_dose(site: Site) -> None:
    form = {"local_date": "2026-03-13", "status": "completed", "dose_unknown": "1"}
    assert send(site, site.cast.alice, "/sessions/new", **form).status_code == 303
    page = site.as_(site.cast.alice).get(f"/sessions/{kept(site)[0].public_id}").text
    assert "Not known" in page
    assert "Recorded by you." in page


def test_an_emergency_that_is_still_there_comes_first_on_the_patients_page(site: Site) -> None:
    session = recorded(site)
    with site.database.unit_of_work() as db:
        effect = SideEffect(session, SideEffectCode.CHEST_PAIN, Severity.MILD, DAY)
        side_effects.add_side_effect(db, site.cast.alice.patient_id, effect, now=NOW)
    page = site.as_(site.cast.alice).get(f"/sessions/{session}").text
    assert "Contact your clinic or the emergency services now" in page


def test_a_provider_reads_words_only_where_they_were_shared(site: Site) -> None:
    private = recorded(site, record=replace(NOTHING, intention="kingfisher", escort_phone="+49 30 123456"))
    shared = recorded(site, record=replace(NOTHING, intention="heron", intention_shared=True))
    bob = site.as_(site.cast.bob)
    page = bob.get(of_alice(site, private)).text
    assert "kingfisher" not in page
    assert "123456" not in page
    assert "heron" in bob.get(of_alice(site, shared)).text


@pytest.mark.parametrize("rest", ["", "/delete", "/beside"])
def test_who_may_not_know_of_a_session_finds_nothing(site: Site, rest: str) -> None:
    recorded(site)
    theirs = recorded(site, by=site.cast.bob)
    for stranger in (site.cast.frank, site.cast.carol):
        assert site.as_(stranger).get(of_alice(site, theirs + rest)).status_code == 404
    assert site.as_(site.cast.dan).get(f"/sessions/{theirs}{rest}").status_code == 404


def test_a_day_that_is_not_open_has_no_page(site: Site) -> None:
    session = recorded(site, by=site.cast.bob)
    with site.database.unit_of_work() as db:
        builders.share(
            db, site.cast.alice, site.cast.bob, Scope.SESSIONS, visible_from=date(2026, 3, 14), now=NOW
        )
    assert site.as_(site.cast.bob).get(of_alice(site, session)).status_code == 404


def test_each_side_takes_away_its_own_and_nothing_else(site: Site) -> None:
    own, theirs = recorded(site), recorded(site, by=site.cast.bob)
    assert send(site, site.cast.alice, f"/sessions/{theirs}/delete").status_code == 404
    assert send(site, site.cast.bob, of_alice(site, f"{own}/delete")).status_code == 404
    assert "Delete this session?" in site.as_(site.cast.alice).get(f"/sessions/{own}/delete").text
    assert send(site, site.cast.alice, f"/sessions/{own}/delete").location == "/sessions"
    assert [one.public_id for one in kept(site)] == [theirs]
    assert send(site, site.cast.bob, of_alice(site, f"{theirs}/delete")).status_code == 303
    assert kept(site) == []


def test_two_records_stand_beside_each_other_until_the_patient_says_so(site: Site) -> None:
    own, theirs = recorded(site, note="Slow music."), recorded(site, by=site.cast.bob)
    alice = site.as_(site.cast.alice)
    assert f'href="/sessions/{own}/beside"' in alice.get("/sessions").text
    page = alice.get(f"/sessions/{own}/beside").text
    assert "Recorded by you" in page
    assert "Recorded by Bob, for your clinic" in page
    assert len(kept(site)) == 2
    assert alice.post(f"/sessions/{own}/beside").location == f"/sessions/{theirs}"
    assert [one.public_id for one in kept(site)] == [theirs]
    assert "Slow music." in alice.get(f"/sessions/{theirs}").text


def test_a_provider_sees_both_and_not_what_is_private(site: Site) -> None:
    recorded(site, note="Slow music.")
    theirs = recorded(site, by=site.cast.bob)
    page = site.as_(site.cast.bob).get(of_alice(site, f"{theirs}/beside")).text
    assert "Recorded by Alice" in page
    assert "Slow music." not in page
    assert "Delete the clinic’s record" in page


def test_one_record_alone_has_nothing_beside_it(site: Site) -> None:
    own = recorded(site)
    assert site.as_(site.cast.alice).get(f"/sessions/{own}/beside").status_code == 404
