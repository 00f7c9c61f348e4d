"""What a patient sees of a reader's page beforehand, and what they bring to the visit."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.domain.consents import Scope
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.services import topics as acts
from journal.storage import consents, side_effects
from journal.storage.topics import HiddenLine
from tests import builders, flagging
from tests.cast import NOW, Person
from tests.conftest import Site

TODAY = date(2026, 3, 30)


def path(site: Site, reader: Person | None = None) -> str:
    with site.database.look() as db:
        live = consents.live_consent(
            db,
            patient_id=site.cast.alice.patient_id,
            provider_id=(reader or site.cast.bob).provider_id,
        )
    assert live is not None
    return f"/sharing/{live.public_id}/summary"


def add(site: Site, text: str, *, reader: Person | None = None) -> None:
    with site.database.unit_of_work() as db:
        alice, provider = builders.the_patient(db, site.cast.alice), reader or site.cast.bob
        acts.add_topic(db, alice, provider.provider_id, text, now=NOW)


def visit(site: Site, on: date = TODAY + timedelta(days=1), *, with_: Person | None = None) -> None:
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, on, with_=with_ or site.cast.bob, at=time(14, 0))


def write(site: Site) -> None:
    with site.database.unit_of_work() as db:
        for back, mood in enumerate((6, 7, 5, 4, 6)):
            builders.check_in(db, site.cast.alice, mood, on=TODAY - timedelta(days=back))


def figures_of(page: str) -> list[str]:
    """The figures of a page in their order, without what is only a way from one of them."""
    found = re.search(r'<dl class="stat stat--brief">.*?</dl>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "|", found.group()).split("|")


@pytest.fixture
def alice(site: Site) -> FlaskClient:
    return site.as_(site.cast.alice)


def test_both_pages_have_the_same_figures_and_pictures(site: Site, alice: FlaskClient) -> None:
    write(site)
    own = alice.get(path(site)).text
    theirs = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    words = [text.strip() for text in figures_of(own) if text.strip()]
    assert words == [text.strip() for text in figures_of(theirs) if text.strip()]
    assert "5.6" in words
    assert all("No visit before today is written down." in page for page in (own, theirs))
    assert re.findall(r"<svg.*?</svg>", own, re.DOTALL)[2:] != []
    charts = [re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL) for page in (own, theirs)]
    assert charts[0] == charts[1] != []


def shown_on(page: str) -> tuple[list[str], list[str], list[str]]:
    """Figures, pictures and tables: everything of a page that is a number, wherever it leads."""
    page = re.sub(r' href="[^"]*"', "", page)
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    words = [text.strip() for text in figures_of(page) if text.strip()] if "stat--brief" in page else []
    return words, re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL), sorted(tables)


@pytest.mark.parametrize("since", [None, TODAY - timedelta(days=2)])
def test_whatever_is_shared_both_pages_have_the_same_of_it(site: Site, since: date | None) -> None:
    write(site)
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, TODAY - timedelta(days=3))
        flagging.answer(db, site.cast.alice, dict(flagging.EIGHT))
    address = f"/patients/{site.cast.alice.public_id}"
    seen = []
    for scopes in (
        {Scope.SCORES},
        {Scope.SESSIONS},
        {Scope.ASSESSMENTS},
        {Scope.SCORES, Scope.SESSIONS},
        set(Scope),
    ):
        with site.database.unit_of_work() as db:
            builders.share(db, site.cast.alice, site.cast.bob, *scopes, visible_from=since)
        mine = shown_on(site.as_(site.cast.alice).get(path(site)).text)
        assert mine == shown_on(site.as_(site.cast.bob).get(address).text), scopes
        seen.append(mine)
    assert seen[0] != seen[1] != seen[2] != seen[-1]


def test_a_reader_with_less_has_less_on_both_pages(site: Site, alice: FlaskClient) -> None:
    write(site)
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, TODAY - timedelta(days=3))
        builders.check_in(db, site.cast.alice, 5, note="only for Bob", note_shared=True)
    assert "only for Bob" in alice.get(path(site)).text
    of_frank = alice.get(path(site, site.cast.frank)).text
    assert "only for Bob" not in of_frank
    assert "Sessions are not shared." in of_frank


def test_a_private_note_is_on_nobodys_page(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 3, note="canary", starred=True, tags=("canary-tag",))
    assert "canary" not in alice.get(path(site)).text


def test_every_figure_says_how_it_was_computed_in_the_same_words_on_both_sides(
    site: Site, alice: FlaskClient
) -> None:
    write(site)
    address = f"/patients/{site.cast.alice.public_id}"
    bob = site.as_(site.cast.bob)
    for name in ("mood", "held", "phq9"):
        mine, theirs = alice.get(f"{path(site)}/{name}").text, bob.get(f"{address}/figures/{name}").text
        rule = re.compile(r'<div class="computed.*?</main>', re.DOTALL)
        own, other = (rule.findall(page)[0].split('<p class="foot">')[0] for page in (mine, theirs))
        assert own.replace("</main>", "").strip() == other.replace("</main>", "").strip() != ""
    assert f"{path(site)}/mood" in alice.get(path(site)).text
    assert alice.get(f"{path(site, site.cast.frank)}/held").status_code == 404
    assert alice.get(f"{path(site)}/nothing").status_code == 404


def test_it_leads_to_no_address_of_the_reader(site: Site, alice: FlaskClient) -> None:
    write(site)
    visit(site)
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, TODAY - timedelta(days=3), by=site.cast.bob)
        builders.medicine(db, site.cast.alice, by=site.cast.bob)
        builders.moment(db, site.cast.alice, TODAY, by=site.cast.bob)
    page = alice.get(path(site)).text
    for address in re.findall(r'(?:href|action)="(/[^"]*)"', page):
        assert not address.startswith(("/patients", "/caseload", "/flags")), address


def test_what_the_readers_page_has_beyond_it_is_said(site: Site, alice: FlaskClient) -> None:
    page = alice.get(path(site)).text
    assert "and of nothing else" not in page
    assert "not here: clinicians’ notes of their own" in page


def test_looking_oneself_is_no_look_of_the_reader(site: Site, alice: FlaskClient) -> None:
    alice.get(path(site))
    assert "looked at your journal" not in alice.get("/access-log").text
    assert "Hasn’t looked yet" in alice.get("/sharing").text


def test_a_topic_is_brought_to_one_reader_and_read_first(site: Site, alice: FlaskClient) -> None:
    answer = alice.post(path(site), data={"topic": "  How I sleep "})
    assert (answer.status_code, answer.location) == (303, f"{path(site)}#bring")
    assert "How I sleep" in alice.get(path(site)).text
    assert "How I sleep" not in alice.get(path(site, site.cast.frank)).text
    address = f"/patients/{site.cast.alice.public_id}"
    assert "How I sleep" in site.as_(site.cast.bob).get(address).text
    assert "How I sleep" not in site.as_(site.cast.frank).get(address).text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("", "Write a few words to talk about"), ("x" * 281, "Shorten this to 280 characters")],
)
def test_what_is_refused_stays_on_the_page(site: Site, alice: FlaskClient, said: str, sentence: str) -> None:
    answer = alice.post(path(site), data={"topic": said})
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert f">\n{said}</textarea>" in answer.text
    assert "<title>One thing to fix:" in answer.text


def test_after_three_there_is_no_room_and_nothing_typed_is_lost(site: Site, alice: FlaskClient) -> None:
    for text in ("One", "Two", "Three"):
        add(site, text)
    assert "<textarea" not in alice.get(path(site)).text
    answer = alice.post(path(site), data={"topic": "Four"})
    assert answer.status_code == 422
    assert "There are 3 already. Remove one to make room" in answer.text
    assert ">\nFour</textarea>" in answer.text


def test_a_topic_is_removed(site: Site, alice: FlaskClient) -> None:
    add(site, "How I sleep")
    page = alice.get(path(site)).text
    found = re.search(r'name="remove" value="([^"]+)"', page)
    assert found
    alice.post(path(site), data={"remove": found.group(1)})
    assert "How I sleep" not in alice.get(path(site)).text


def test_what_was_brought_before_is_still_there_for_the_patient_alone(site: Site, alice: FlaskClient) -> None:
    visit(site)
    add(site, "How I sleep")
    site.clock.moment += timedelta(days=2)
    alice = site.as_(site.cast.alice)
    page = alice.get(path(site)).text
    assert "What you brought before" in page
    assert "How I sleep" in page
    theirs = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    assert "How I sleep" not in theirs


def test_an_old_address_leads_to_the_page_as_it_is_now(site: Site, alice: FlaskClient) -> None:
    old = path(site)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS)
    assert "Mood, sleep and activity are not shared." in alice.get(old).text
    assert alice.post(old, data={"topic": "Sleep"}).location == f"{path(site)}#bring"


def test_where_nothing_is_shared_any_more_there_is_nothing_to_see(site: Site, alice: FlaskClient) -> None:
    old = path(site)
    alice.post(old.replace("/summary", "/stop"))
    assert alice.get(old).location == "/sharing"
    assert alice.post(old, data={"topic": "Sleep"}).location == "/sharing"


def test_each_reader_on_the_sharing_page_has_a_way_to_theirs(site: Site, alice: FlaskClient) -> None:
    page = alice.get("/sharing").text
    for reader in (site.cast.bob, site.cast.frank):
        assert path(site, reader) in page


def test_the_title_names_nobody(site: Site, alice: FlaskClient) -> None:
    assert "<title>Before the visit · Tideline</title>" in alice.get(path(site)).text
    assert "Before the visit · Tideline</title>" in alice.post(path(site), data={"topic": ""}).text


# What is left out -----------------------------------------------------------------------------------------------------


def starred(site: Site) -> str:
    """Let Alice star and share a note, with which Bob's list has a line; the line's key."""
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5, note="about my sister", note_shared=True, starred=True)
    found = re.search(r'name="hide" value="(starred:[^"]+)"', site.as_(site.cast.alice).get(path(site)).text)
    assert found
    return found.group(1)


def of_bob(site: Site) -> list[str]:
    """Every page on which Bob could see a line: the one before the visit, and the one to print."""
    bob, address = site.as_(site.cast.bob), f"/patients/{site.cast.alice.public_id}"
    return [bob.get(address).text, bob.get(f"{address}/summary").text]


def test_a_hidden_line_is_on_no_page_of_the_reader_and_neither_is_that_it_is_hidden(
    site: Site, alice: FlaskClient
) -> None:
    key = starred(site)
    assert "1 starred note" in of_bob(site)[0]
    answer = alice.post(path(site), data={"hide": key})
    assert answer.location == f"{path(site)}#talk"
    for page in of_bob(site):
        assert "1 starred note" not in page
        assert "hidden" not in re.sub(r'aria-hidden|visually-hidden|type="hidden"|<[^>]*>', "", page).lower()
    brief, sheet = of_bob(site)
    assert "about my sister" in brief  # among the notes that are shared
    assert "about my sister" not in sheet  # which has no room for them but what is to be talked about
    mine = alice.get(path(site)).text
    assert "Hidden from Bob" in mine
    assert f'name="show" value="{key}"' in mine


def test_a_line_is_hidden_from_one_reader_and_can_be_shown_again(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.frank, Scope.NOTES)
    key = starred(site)
    alice.post(path(site), data={"hide": key})
    frank = site.as_(site.cast.frank).get(f"/patients/{site.cast.alice.public_id}").text
    assert "1 starred note" in frank
    alice.post(path(site), data={"show": key})
    assert "1 starred note" in of_bob(site)[0]
    assert "Hidden from Bob" not in alice.get(path(site)).text


def test_what_stands_on_no_list_cannot_be_hidden(site: Site, alice: FlaskClient) -> None:
    alice.post(path(site), data={"hide": "still_open:4w"})
    with site.database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(HiddenLine)) == 0


def test_what_a_clinician_is_asked_to_look_at_is_on_their_page_whatever_is_hidden(
    site: Site, alice: FlaskClient
) -> None:
    with site.database.unit_of_work() as db:
        given = builders.treatment(db, site.cast.alice, TODAY - timedelta(days=2))
        effect = SideEffect(
            given.public_id, SideEffectCode.NAUSEA, Severity.MODERATE, TODAY - timedelta(days=2)
        )
        side_effects.add_side_effect(db, site.cast.alice.patient_id, effect, now=NOW)
        flagging.answer(db, site.cast.alice, {**flagging.EIGHT, "9": 1})
    mine = alice.get(path(site)).text
    assert "Waiting for a look" not in mine
    assert "waits for a look" not in mine
    found = re.search(r'name="hide" value="(still_open:[^"]+)"', mine)
    assert found
    alice.post(path(site), data={"hide": found.group(1)})
    theirs, sheet = of_bob(site)
    assert found.group(1) not in theirs
    assert "<p>Still open: " in sheet  # and in no list of what to talk about
    assert "<li>Still open" not in sheet
    assert "Waiting for a look" in theirs
    assert "Side effects still there" in theirs


# Today ----------------------------------------------------------------------------------------------------------------


def test_a_day_before_a_visit_today_says_whom_one_sees(site: Site) -> None:
    visit(site)
    page = site.as_(site.cast.alice).get("/today").text
    assert "Tomorrow you see Bob" in page
    assert "See what Bob will see, and add what you want to talk about." in page
    assert path(site) in page


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(hours=24, minutes=1), None),
        (timedelta(hours=24), "Tomorrow you see Bob"),
        (timedelta(hours=3), "Today you see Bob"),
        (timedelta(minutes=-1), None),
    ],
)
def test_it_is_said_from_a_day_before_until_it_begins(
    site: Site, before: timedelta, said: str | None
) -> None:
    on = TODAY + timedelta(days=3)
    visit(site, on)
    starts_at = builders.resolve_wall_time(on, time(14, 0), "Europe/Berlin")
    site.clock.moment = starts_at - before
    page = site.as_(site.cast.alice).get("/today").text
    assert ("you see Bob" in page) is (said is not None)
    assert said is None or said in page


def test_nothing_is_said_of_a_visit_with_somebody_who_may_not_read(site: Site) -> None:
    visit(site)
    with site.database.unit_of_work() as db:
        consents.end_consent(
            db, patient_id=site.cast.alice.patient_id, provider_id=site.cast.bob.provider_id, now=NOW
        )
    assert "you see Bob" not in site.as_(site.cast.alice).get("/today").text


def test_a_locked_phone_names_nobody(site: Site) -> None:
    visit(site)
    add(site, "How I sleep")
    browser = site.as_(site.cast.alice)
    site.clock.moment += timedelta(minutes=11)
    assert "Bob" not in browser.get("/today").text
    locked = browser.get(path(site))
    assert locked.status_code == 302
    assert locked.location.startswith("/unlock")


def test_what_was_written_on_a_phone_that_had_locked_itself_is_kept(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    where = path(site)
    site.clock.moment += timedelta(minutes=11)
    answer = browser.post(where, data={"topic": "How I sleep"})
    assert answer.status_code == 403
    assert "How I sleep" in answer.text
