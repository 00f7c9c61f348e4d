"""Bringing a file in by the page and taking a copy out: what is shown, what is kept, what never shows."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from journal.interop.tideline import write_document
from journal.services import transfers as acts
from journal.storage import checkins, transfers
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW
from tests.conftest import Site
from tests.interop import documents

HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
TWO_ROWS = HEADER + "2025-01-02,,,21:00,good,heron,,kingfisher\n2025-01-01,,,8:30 am,bad,,,\n"
ODD_MOODS = HEADER + "2025-01-02,,,21:00,drained,,,\n2025-01-01,,,8:30 am,want to die,,,\n"


def choose(browser: FlaskClient, content: str | bytes, name: str = "daylio.csv") -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    return browser.post("/import", data={"action": "look", "file": (io.BytesIO(raw), name)})


def go_on(browser: FlaskClient, preview: TestResponse, **choices: str) -> TestResponse:
    sealed = re.search(r'name="sealed" value="([^"]*)"', preview.text)
    assert sealed
    return browser.post("/import", data={"action": "bring_in", "sealed": sealed[1], **choices})


def kept(site: Site) -> list[tuple[str, float | None]]:
    found = site.look(transfers.entries_of, site.cast.alice.patient_id)
    return [(entry.label, entry.value) for _, entry in found]


def bring_in_two_rows(site: Site) -> str:
    with site.database.unit_of_work() as db:
        brought = acts.bring_in_daylio(
            db,
            the_patient(db, site.cast.alice),
            TWO_ROWS.encode(),
            filename="daylio.csv",
            actor_account_id=site.cast.alice.account_id,
            now=NOW,
        )
    return brought.batch_id


def test_a_file_is_shown_then_kept_then_told_of(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    preview = choose(browser, TWO_ROWS)
    assert preview.status_code == 200
    assert "1 January 2025 to 2 January 2025" in preview.text
    assert kept(site) == []
    answer = go_on(browser, preview)
    assert answer.status_code == 303
    assert "Brought in 2 entries" in browser.get(answer.location).text
    assert kept(site) == [("bad", 2.0), ("good", 4.0)]


def test_the_page_of_the_second_step_holds_no_note_in_plain(site: Site) -> None:
    preview = choose(site.as_(site.cast.alice), TWO_ROWS)
    assert "kingfisher" not in preview.text
    assert "heron" not in preview.text


def test_the_file_of_one_person_is_not_brought_in_by_another(site: Site) -> None:
    preview = choose(site.as_(site.cast.alice), TWO_ROWS)
    answer = go_on(site.as_(site.cast.dan), preview)
    assert answer.status_code == 422
    assert "Choose a file" in answer.text
    assert site.look(transfers.batches, site.cast.dan.patient_id) == []


def test_each_unknown_mood_is_asked_for_and_nothing_is_guessed(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    preview = choose(browser, ODD_MOODS)
    assert preview.text.count("<select") == 2
    assert "Nobody is told" in preview.text
    half = go_on(browser, preview, **{"level-0": "2"})
    assert half.status_code == 422
    assert "Choose what this name stands for" in half.text
    assert '<a href="#level-1">want to die: choose what this name stands for</a>' in half.text
    assert '<option value="2" selected>' in half.text
    assert kept(site) == []
    assert go_on(browser, half, **{"level-0": "2", "level-1": "word"}).status_code == 303
    assert sorted(kept(site)) == [("drained", 2.0), ("want to die", None)]


def test_what_a_name_stood_for_in_an_earlier_file_is_offered_again(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    go_on(browser, choose(browser, ODD_MOODS), **{"level-0": "2", "level-1": "word"})
    later = choose(browser, ODD_MOODS + "2025-01-05,,,9:00,DRAINED,,,\n")
    assert later.text.count(" selected>") == 3
    assert '<option value="word" selected>' in later.text


def test_rows_that_cannot_be_read_are_listed_and_nothing_can_be_kept(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    preview = choose(browser, TWO_ROWS + "2025-02-30,,,9:00,good,,,\n")
    assert "1 row can’t be read" in preview.text
    assert "Line 4" in preview.text
    assert 'value="bring_in"' not in preview.text
    assert go_on(browser, preview).status_code == 422
    assert kept(site) == []


def test_what_is_no_diary_is_refused_in_one_sentence(site: Site) -> None:
    answer = choose(site.as_(site.cast.alice), "Dear diary,\nit rained.\n")
    assert answer.status_code == 422
    assert answer.text.count("This is not a CSV export from Daylio; nothing was imported") == 2


def test_pressing_without_a_file_says_so(site: Site) -> None:
    answer = site.as_(site.cast.alice).post("/import", data={"action": "look"})
    assert (answer.status_code, answer.text.count("Choose a file")) == (422, 2)


def test_a_second_run_adds_nothing_and_says_so(site: Site) -> None:
    bring_in_two_rows(site)
    browser = site.as_(site.cast.alice)
    preview = choose(browser, TWO_ROWS)
    assert "Everything in this file is here already" in preview.text
    answer = go_on(browser, preview)
    assert "nothing was added" in browser.get(answer.location).text
    assert len(kept(site)) == 2


def test_a_file_of_nearly_ten_mebibytes_is_taken_and_a_larger_one_is_not(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    said = "so it was, and " * 1_300
    long = HEADER + "".join(f'2025-01-02,,,21:00,good,,,"{number} {said}"\n' for number in range(510))
    assert 9_500_000 < len(long) < 10 * 1024 * 1024
    preview = choose(browser, long)
    assert preview.status_code == 200
    assert go_on(browser, preview).status_code == 303
    assert choose(browser, b"x" * (10 * 1024 * 1024 + 70_000)).status_code == 413


def test_other_pages_take_no_more_than_they_need(site: Site) -> None:
    answer = site.as_(site.cast.alice).post("/check-in", data={"note": "x" * 300_000})
    assert answer.status_code == 413


def test_sharing_is_one_press_and_so_is_taking_it_back(site: Site) -> None:
    batch = bring_in_two_rows(site)
    browser = site.as_(site.cast.alice)
    assert "Sharing shows the numbers to Bob and Frank" in browser.get("/import").text
    for action, shared in (("share", 2), ("keep_private", 0)):
        assert browser.post("/import", data={"action": action, "batch": batch}).status_code == 303
        days = site.look(
            transfers.imported_days, site.cast.alice.patient_id, date.min, date.max, shared_only=True
        )
        assert len(days) == shared


def test_a_file_can_be_removed(site: Site) -> None:
    batch = bring_in_two_rows(site)
    assert (
        site.as_(site.cast.alice).post("/import", data={"action": "remove", "batch": batch}).status_code
        == 303
    )
    assert kept(site) == []


def test_nobody_reaches_the_file_of_another(site: Site) -> None:
    batch = bring_in_two_rows(site)
    dan = site.as_(site.cast.dan)
    for action in ("share", "keep_private", "remove", "anything"):
        assert dan.post("/import", data={"action": action, "batch": batch}).status_code == 404
    assert "Brought in" not in dan.get(f"/import?brought={batch}").text
    assert len(kept(site)) == 2


def test_a_whole_journal_is_shown_and_restored(site: Site) -> None:
    browser = site.as_(site.cast.dan)
    preview = choose(browser, write_document(documents.journal()), name="tideline-2026-03-30.json")
    assert preview.status_code == 200
    assert "2 March 2026 to 3 March 2026" in preview.text
    answer = go_on(browser, preview)
    assert "Your journal is back" in browser.get(answer.location).text
    assert len(site.look(checkins.check_ins_between, site.cast.dan.patient_id, date.min, date.max)) == 2


def test_a_whole_journal_does_not_go_into_one_that_has_something_in_it(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.dan, 5)
    answer = choose(site.as_(site.cast.dan), write_document(documents.journal()), name="j.json")
    assert answer.status_code == 422
    assert "There is something in this journal already" in answer.text


def test_a_copy_comes_as_one_document_under_a_name_that_says_nothing(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 6, note="kingfisher")
    answer = site.as_(site.cast.alice).get("/export/journal.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tideline-2026-03-30.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "application/json"
    assert json.loads(answer.data)["check_ins"][0]["note"] == "kingfisher"


def test_a_copy_comes_as_tables_in_one_archive(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 6, note="=HYPERLINK()")
    answer = site.as_(site.cast.alice).get("/export/journal.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tideline-2026-03-30.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert "'=HYPERLINK()" in archive.read("check_ins.csv").decode("utf-8-sig")


def test_a_page_without_script_has_every_way(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/export").text
    assert 'href="/export/journal.json"' in page
    assert 'href="/export/journal.csv"' in page
