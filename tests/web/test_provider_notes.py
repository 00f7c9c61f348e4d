"""Providers' notes over HTTP: the list and its form, a note to change, and who finds nothing there."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.test import TestResponse

from journal.domain.provider_notes import ProviderNote
from journal.services import provider_notes
from journal.services.provider_notes import Said
from journal.storage import consents
from journal.storage.provider_notes import notes_seen
from tests.builders import the_patient
from tests.cast import NOW, Person
from tests.conftest import Site

CANARY = "kestrel, ask about the bridge"


def notes(site: Site, who: Person | None = None) -> list[ProviderNote]:
    reader = who or site.cast.bob
    with site.database.look() as db:
        return notes_seen(db, site.cast.alice.patient_id, reader.provider_id, now=NOW)


def written(
    site: Site, text: str = CANARY, *, for_colleagues: bool = False, look_again_on: date | None = None
) -> ProviderNote:
    with site.database.unit_of_work() as db:
        return provider_notes.write_note(
            db,
            the_patient(db, site.cast.alice),
            Said(text, for_colleagues, look_again_on),
            provider_id=site.cast.bob.provider_id,
            actor_account_id=site.cast.bob.account_id,
            now=NOW,
        )


def about_alice(site: Site, rest: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/notes{rest}"


def send(site: Site, person: Person, rest: str = "", **form: str) -> TestResponse:
    return site.as_(person).post(about_alice(site, rest), data=form)


def test_a_note_is_written_and_its_author_goes_on_where_the_form_stood(site: Site) -> None:
    answer = send(site, site.cast.bob, text=CANARY, look_again_on="2026-04-09", place="brief")
    assert (answer.status_code, answer.location) == (
        303,
        f"/patients/{site.cast.alice.public_id}#follow-up",
    )
    (note,) = notes(site)
    assert (note.text, note.look_again_on, note.for_colleagues) == (CANARY, date(2026, 4, 9), False)
    again = send(site, site.cast.bob, text="Second", for_colleagues="1")
    assert again.location == about_alice(site)
    page = site.as_(site.cast.bob).get(about_alice(site)).text
    assert CANARY in page
    assert "30 Mar 2026 · by you" in page
    assert "Look again on 9 Apr 2026" in page
    assert "shared with colleagues" in page


def test_a_refused_note_keeps_all_that_was_typed(site: Site) -> None:
    answer = send(
        site, site.cast.bob, text=CANARY, look_again_on="2026-03-29", for_colleagues="1", place="brief"
    )
    assert answer.status_code == 422
    assert "Choose today or a later day" in answer.text
    assert CANARY in answer.text
    assert 'value="2026-03-29"' in answer.text
    assert 'value="brief"' in answer.text
    assert "checked" in answer.text
    assert notes(site) == []


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"text": " "}, "Write a few words first"),
        ({"text": "a" * 4001}, "Shorten this to 4000 characters"),
        ({"text": "a", "look_again_on": "tomorrow"}, "Write the day like 2026-03-30"),
        ({"text": "a", "look_again_on": "2062-03-30"}, "Check the year: 2062 is too far away"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(site: Site, form: dict[str, str], sentence: str) -> None:
    answer = send(site, site.cast.bob, **form)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2


def test_a_note_whose_day_has_come_stands_on_top_until_somebody_looked(site: Site) -> None:
    written(site, "Not dated")
    due = written(site, look_again_on=date(2026, 3, 30))
    page = site.as_(site.cast.bob).get(about_alice(site)).text
    assert page.index("To look at again") < page.index(CANARY) < page.index("Not dated")
    answer = send(site, site.cast.bob, f"/{due.public_id}/looked", place="brief")
    assert answer.location == f"/patients/{site.cast.alice.public_id}#follow-up"
    after = site.as_(site.cast.bob).get(about_alice(site)).text
    assert "To look at again" not in after
    assert "Look again on 30 Mar 2026: done 30 Mar 2026 by you" in after


def test_a_note_is_changed_and_removed_by_its_author(site: Site) -> None:
    note = written(site)
    path = f"/{note.public_id}"
    assert CANARY in site.as_(site.cast.bob).get(about_alice(site, path)).text
    assert send(site, site.cast.bob, path, text="Ask about the river", version="1").status_code == 303
    assert [one.text for one in notes(site)] == ["Ask about the river"]
    slower = send(site, site.cast.bob, path, text="Ask about the sea", version="1")
    assert slower.status_code == 422
    assert "It now says: Ask about the river" in slower.text
    assert "Ask about the sea" in slower.text
    assert send(site, site.cast.bob, path, text="Ask about the sea", version="2").status_code == 303
    assert send(site, site.cast.bob, path, remove="1").status_code == 303
    assert notes(site) == []
    assert site.as_(site.cast.bob).get(about_alice(site, path)).status_code == 404


def test_a_colleague_reads_what_is_shared_says_that_they_looked_and_changes_nothing(site: Site) -> None:
    written(site, "Mine alone")
    note = written(site, for_colleagues=True, look_again_on=date(2026, 3, 30))
    page = site.as_(site.cast.frank).get(about_alice(site)).text
    assert CANARY in page
    assert "by Bob" in page
    assert "Mine alone" not in page
    assert f"/notes/{note.public_id}/looked" in page
    assert f'/notes/{note.public_id}"' not in page
    assert site.as_(site.cast.frank).get(about_alice(site, f"/{note.public_id}")).status_code == 404
    assert send(site, site.cast.frank, f"/{note.public_id}", remove="1").status_code == 404
    assert send(site, site.cast.frank, f"/{note.public_id}/looked").status_code == 303
    assert "by Frank" in site.as_(site.cast.bob).get(about_alice(site)).text


def test_a_colleague_finds_a_note_that_is_not_shared_nowhere(site: Site) -> None:
    note = written(site, look_again_on=date(2026, 3, 30))
    assert send(site, site.cast.frank, f"/{note.public_id}/looked").status_code == 404
    assert CANARY not in site.as_(site.cast.frank).get(about_alice(site)).text


def test_nobody_finds_a_note_once_sharing_has_ended(site: Site) -> None:
    note = written(site, for_colleagues=True, look_again_on=date(2026, 3, 30))
    with site.database.unit_of_work() as db:
        consents.end_consent(
            db, patient_id=site.cast.alice.patient_id, provider_id=site.cast.bob.provider_id, now=NOW
        )
    bob = site.as_(site.cast.bob)
    assert bob.get(about_alice(site)).status_code == 404
    assert bob.get(about_alice(site, f"/{note.public_id}")).status_code == 404
    assert bob.post(about_alice(site, f"/{note.public_id}/looked")).status_code == 404
    assert CANARY in site.as_(site.cast.frank).get(about_alice(site)).text


def test_no_patient_has_a_page_or_a_copy_of_it(site: Site) -> None:
    written(site, for_colleagues=True)
    alice = site.as_(site.cast.alice)
    assert alice.get(about_alice(site)).status_code == 404
    for path in ("/export/journal.json", "/access-log", "/sharing", "/today"):
        assert CANARY not in alice.get(path).text
    assert "Bob wrote a note of their own" in alice.get("/access-log").text


def test_a_look_at_the_notes_is_written_down(site: Site) -> None:
    site.as_(site.cast.bob).get(about_alice(site))
    assert "Bob looked at your journal" in site.as_(site.cast.alice).get("/access-log").text
