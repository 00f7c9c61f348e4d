"""A person's own list of activities: adding, renaming and hiding, and that nobody else changes it."""

from __future__ import annotations

import re

from journal.storage import activities
from journal.storage.base import new_public_id
from tests.conftest import Site


def test_activities_can_be_added_renamed_and_hidden(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    assert alice.post("/activities", data={"label": "Choir"}).status_code == 303
    chips = {chip.label: chip for chip in site.look(activities.chips_for, site.cast.alice.patient_id)}
    walk = {"chip": chips["Walk"].public_id, "label": "Long walk"}
    assert alice.post("/activities", data=walk).status_code == 303
    reading = {"chip": chips["Reading"].public_id, "label": "Reading", "hidden": "1"}
    assert alice.post("/activities", data=reading).status_code == 303
    form = alice.get("/check-in").text
    assert "Choir" in form
    assert "Long walk" in form
    assert 'value="reading"' not in form


def test_a_hidden_activity_stays_on_the_check_in_that_named_it(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    answer = alice.post(
        "/check-in", data={"client_key": new_public_id(), "mood": "6", "activity_type": "reading"}
    )
    check_in_id = answer.location.split("/")[2]
    chips = {chip.code: chip for chip in site.look(activities.chips_for, site.cast.alice.patient_id)}
    alice.post("/activities", data={"chip": chips["reading"].public_id, "label": "", "hidden": "1"})
    assert "Reading" in alice.get(f"/check-ins/{check_in_id}").text
    assert re.search(r'value="reading"[^>]* checked', alice.get(f"/check-ins/{check_in_id}/edit").text)


def test_an_activity_without_a_name_is_refused_in_its_place(site: Site) -> None:
    answer = site.as_(site.cast.alice).post("/activities", data={"label": " "})
    assert answer.status_code == 422
    assert "Write a name for this activity" in answer.text


def test_a_stranger_cannot_change_somebody_elses_activity(site: Site) -> None:
    [walk, *_] = site.look(activities.chips_for, site.cast.alice.patient_id)
    answer = site.as_(site.cast.dan).post("/activities", data={"chip": walk.public_id, "label": "Mine"})
    assert answer.status_code == 404
