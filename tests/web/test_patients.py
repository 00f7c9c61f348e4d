"""What providers see over HTTP, that it is written down, and that nothing else ever reaches them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pypdf
import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from journal.domain.consents import LASTS, SUGGESTED, Scope
from journal.domain.treatments import Phase
from journal.services.patients import begin_journal
from journal.storage import activities, checkins, consents, courses, treatments
from journal.storage.accounts import Role, add_account
from journal.storage.audit import Act, AuditEvent
from journal.web import patients as patient_pages
from journal.web.routes import ROUTES, Audience
from tests import builders, lists
from tests.cast import EVERY_SCOPE, NOW, ZONE, Person
from tests.conftest import Site

PRIVATE = ("kingfisher", "heronry", "moonwort", "bullfinch", "nuthatch", "saltmarsh")
FIRST_VISIBLE = date(2026, 3, 20)


def page_of(site: Site, reader: Person, query: str = "") -> str:
    return site.as_(reader).get(f"/patients/{site.cast.alice.public_id}{query}").text


def events(site: Site, act: Act) -> list[tuple[int | None, int | None, int | None]]:
    with site.database.look() as db:
        rows = db.execute(
            sa.select(AuditEvent.actor_account_id, AuditEvent.patient_id, AuditEvent.provider_id)
            .where(AuditEvent.act == act)
            .order_by(AuditEvent.id)
        )
        return [tuple(row) for row in rows]


def full_journal(site: Site) -> dict[str, str]:
    """Alice's journal with something private in every place where words can be; ids for addresses."""
    alice = site.cast.alice
    with site.database.unit_of_work() as db:
        chip = activities.add_chip(db, alice.patient_id, label="heronry", shared=False)
        builders.check_in(
            db, alice, 1, on=date(2026, 3, 19), note="nuthatch", note_shared=True, starred=True, sleep_min=60
        )
        builders.check_in(
            db,
            alice,
            6,
            on=date(2026, 3, 25),
            note="kingfisher",
            starred=True,
            tags=("saltmarsh",),
            other_substances="moonwort",
            activity_type=(chip,),
            activity_min=30,
        )
        builders.check_in(
            db, alice, 7, on=date(2026, 3, 26), note="A walk to the river.", note_shared=True, starred=True
        )
        builders.treatment(db, alice, date(2026, 3, 12), note="nuthatch", note_shared=True)
        own = builders.treatment(db, alice, date(2026, 3, 24), note="bullfinch")
        theirs = builders.treatment(db, alice, date(2026, 3, 23), by=site.cast.bob)
        courses.add_course(db, alice.patient_id, phase=Phase.INDUCTION, indication="PTSD", now=NOW)
        visit = builders.appointment(db, alice, date(2026, 4, 2), with_=site.cast.bob)
    return {"own": own.public_id, "theirs": theirs.public_id, "visit": visit.public_id}


def provider_addresses(site: Site, ids: dict[str, str]) -> Iterator[str]:
    for route in ROUTES:
        if route.audience is not Audience.PROVIDER or "GET" not in route.methods:
            continue
        for treatment_id in (ids["own"], ids["theirs"]):
            path = route.rule.replace("<patient_id>", site.cast.alice.public_id)
            path = path.replace("<treatment_id>", treatment_id)
            path = path.replace("<appointment_id>", ids["visit"]).replace("<figure>", "held")
            yield re.sub(r"<\w+>", "nothing", path)
    for query in ("?range=all", "?range=1y", "?range=4w"):
        yield f"/patients/{site.cast.alice.public_id}{query}"
    for order in ("next_visit", "last_check_in", "last_session", "name"):
        yield f"/caseload?sort={order}&find=alice"


def said_in(answer: TestResponse) -> str:
    """The text of a page, or of a PDF."""
    if answer.mimetype != "application/pdf":
        return answer.text
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)


# What is private stays so -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bob", "frank", "carol"])
def test_no_private_word_is_in_any_answer_to_a_provider(site: Site, name: str) -> None:
    ids = full_journal(site)
    reader: Person = getattr(site.cast, name)
    with site.database.unit_of_work() as db:
        if name != "carol":
            builders.share(db, site.cast.alice, reader, *EVERY_SCOPE, visible_from=FIRST_VISIBLE)
    browser = site.as_(reader)
    for address in provider_addresses(site, ids):
        text = said_in(browser.get(address))
        found = [word for word in PRIVATE if word in text]
        assert found == [], address


def test_the_same_words_are_there_for_the_patient(site: Site) -> None:
    """The control: were the words not in the journal at all, the walk above would prove nothing."""
    full_journal(site)
    with site.database.look() as db:
        kept = checkins.check_ins_between(
            db, site.cast.alice.patient_id, first=date(2026, 3, 1), last=date(2026, 3, 30)
        )
        labels = [chip.label for chip in activities.chips_for(db, site.cast.alice.patient_id)]
        notes = [one.note for one in treatments.treatments_of(db, site.cast.alice.patient_id)]
    words = " ".join(
        [*labels, *notes] + [f"{one.body.note} {one.body.tags} {one.body.other_substances}" for one in kept]
    )
    assert [word for word in PRIVATE if word not in words] == []


def test_a_private_starred_note_is_not_counted(site: Site) -> None:
    full_journal(site)
    assert "2 starred notes</span>" in site.as_(site.cast.bob).get("/caseload").text
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *EVERY_SCOPE, visible_from=FIRST_VISIBLE)
    assert "1 starred note</span>" in site.as_(site.cast.bob).get("/caseload").text
    page = page_of(site, site.cast.bob)
    assert page.count("starred and shared") == 1
    assert page.count("A walk to the river.") == 1


def test_no_figure_uses_a_day_before_the_first_visible_one(site: Site) -> None:
    full_journal(site)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *EVERY_SCOPE, visible_from=FIRST_VISIBLE)
    page = page_of(site, site.cast.bob, "?range=all")
    assert ">6.5</a>" in page  # not 4.7 with the 1 of 19 March
    assert "19 Mar" not in page
    assert "12 March" not in page
    assert "2 of 6 in all." in page  # nor does a hidden day count as the first
    assert "S2, 24 March 2026" in page  # numbered from what may be seen
    assert "Shared with you from 20 March 2026 on." in page
    line = site.as_(site.cast.bob).get("/caseload").text
    assert "2 of 6" in line


def test_without_scores_there_is_no_number_and_no_picture(site: Site) -> None:
    full_journal(site)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS)
    page = page_of(site, site.cast.bob)
    assert "Mood, sleep and activity are not shared with you." in page
    assert "Notes are not shared with you." in page
    assert 'class="chart"' not in page
    assert "Mood, average" not in page
    assert "How complete" not in page
    assert "Mood, day before and after" not in page
    line = site.as_(site.cast.bob).get("/caseload").text
    assert 'class="spark"' not in line
    assert line.count("Not shared") == 3
    assert "None in what is shared" in line


def test_without_sessions_there_is_no_marker_and_no_count_of_days(site: Site) -> None:
    full_journal(site)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SCORES)
    page = page_of(site, site.cast.bob)
    assert "Sessions are not shared with you." in page
    assert "c-sess" not in page
    assert "PTSD" not in page
    assert "before treatment" not in page
    line = site.as_(site.cast.bob).get("/caseload").text
    assert "c-sess" not in line.split('class="key"')[0]
    assert "PTSD" not in line


def test_without_notes_there_is_no_word_and_no_count(site: Site) -> None:
    full_journal(site)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SCORES, Scope.SESSIONS)
    assert "A walk to the river." not in page_of(site, site.cast.bob)
    assert "starred note" not in site.as_(site.cast.bob).get("/caseload").text


# Who is let in ------------------------------------------------------------------------------------------------------


def test_a_provider_without_consent_finds_no_patient(site: Site) -> None:
    ids = full_journal(site)
    carol = site.as_(site.cast.carol)
    for address in provider_addresses(site, ids):
        if address.startswith("/patients/"):
            assert carol.get(address).status_code == 404, address
    assert "Alice" not in carol.get("/caseload?find=alice").text
    assert events(site, Act.VIEWED_PATIENT) == []


def test_an_ended_consent_closes_the_page_at_the_next_request(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    address = f"/patients/{site.cast.alice.public_id}"
    assert bob.get(address).status_code == 200
    with site.database.unit_of_work() as db:
        consents.end_consent(
            db, patient_id=site.cast.alice.patient_id, provider_id=site.cast.bob.provider_id, now=NOW
        )
    assert bob.get(address).status_code == 404
    assert "Alice" not in bob.get("/caseload").text


def test_a_consent_that_has_run_out_opens_nothing(site: Site) -> None:
    site.clock.moment = NOW + LASTS - timedelta(minutes=1)
    bob = site.as_(site.cast.bob)
    assert bob.get(f"/patients/{site.cast.alice.public_id}").status_code == 200
    site.clock.moment = NOW + LASTS
    assert bob.get(f"/patients/{site.cast.alice.public_id}").status_code == 404
    assert "Nobody shares with you yet" in bob.get("/caseload").text


# What is written down ---------------------------------------------------------------------------------------------


def test_each_look_at_a_patient_is_written_down_once(site: Site) -> None:
    page_of(site, site.cast.bob)
    page_of(site, site.cast.bob, "?range=4w")
    page_of(site, site.cast.carol)
    one = (site.cast.bob.account_id, site.cast.alice.patient_id, site.cast.bob.provider_id)
    assert events(site, Act.VIEWED_PATIENT) == [one, one]


def test_a_look_at_the_caseload_names_no_patient(site: Site) -> None:
    site.as_(site.cast.bob).get("/caseload")
    assert events(site, Act.VIEWED_CASELOAD) == [(site.cast.bob.account_id, None, site.cast.bob.provider_id)]
    assert events(site, Act.VIEWED_PATIENT) == []


@pytest.mark.parametrize("address", ["/caseload", "/patients/{alice}"])
def test_what_cannot_be_written_down_is_not_shown(site: Site, address: str) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("ALTER TABLE audit_event RENAME TO audit_event_away"))
    answer = site.as_(site.cast.bob).get(address.format(alice=site.cast.alice.public_id))
    assert answer.status_code == 503
    assert "Alice" not in answer.text


# The pages --------------------------------------------------------------------------------------------------------


def test_the_title_names_nobody(site: Site) -> None:
    assert "<title>Before the visit · Tideline</title>" in page_of(site, site.cast.bob)
    assert "<title>Caseload · Tideline</title>" in site.as_(site.cast.bob).get("/caseload").text


def test_the_caseload_groups_todays_visits(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.dan, site.cast.bob, *SUGGESTED)
        builders.appointment(db, site.cast.dan, date(2026, 3, 30), with_=site.cast.bob)
    page = site.as_(site.cast.bob).get("/caseload").text
    assert "Monday 30 March. 0 to look at first, 1 visit today, 2 people." in page
    order = [page.index(text) for text in ("Visits today", ">Dan<", "Everyone else", ">Alice<")]
    assert order == sorted(order)
    assert "Today 2:00 pm" in page


def test_an_unknown_order_or_page_is_the_usual_one(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    for query in ("?sort=mood", "?page=-3", "?page=x", "?page=0"):
        assert ">Alice<" in bob.get(f"/caseload{query}").text
    assert "There is no page 7." in bob.get("/caseload?page=7").text


def test_a_search_that_finds_nobody_says_so_and_leads_back(site: Site) -> None:
    page = site.as_(site.cast.bob).get("/caseload", query_string={"find": "<b>zo"}).text
    assert "No name here has “&lt;b&gt;zo” in it" in page
    assert "Show everyone" in page


def people_sharing(site: Site, count: int) -> None:
    with site.database.unit_of_work() as db:
        for number in range(count):
            account = add_account(db, f"n{number}@example.net", Role.PATIENT, now=NOW)
            row = begin_journal(db, account.id, display_name=f"N {number}", zone=ZONE, now=NOW)
            person = Person(f"N {number}", account.email, account.id, patient_id=row.id)
            builders.share(db, person, site.cast.bob, *SUGGESTED)
            builders.check_in(db, person, 5, note="Shared.", note_shared=True, starred=True)
            builders.treatment(db, person, date(2026, 3, 13))
            builders.appointment(db, person, date(2026, 3, 2), with_=site.cast.bob)
            courses.add_course(
                db,
                row.id,
                phase=Phase.INDUCTION,
                indication="Depression",
                planned_sessions=6,
                start_date=date(2026, 3, 1),
                now=NOW,
            )


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(site.database.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(site.database.engine, "before_cursor_execute", note)


def test_a_longer_caseload_asks_no_more_questions(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    people_sharing(site, 3)
    lists.keep(site.database)
    with statements(site) as few:
        bob.get("/caseload")
    with site.database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM account WHERE email LIKE 'n%@example.net'"))
    people_sharing(site, 60)
    lists.keep(site.database)
    with statements(site) as many:
        page = bob.get("/caseload").text
    assert "Depression · induction 1 of 6" in page
    assert len(many) == len(few)
    assert len(many) <= 14


def test_fifty_people_are_a_page(site: Site) -> None:
    people_sharing(site, 60)
    bob = site.as_(site.cast.bob)
    assert "1 to 50 of 61" in bob.get("/caseload?sort=name").text
    assert "51 to 61 of 61" in bob.get("/caseload?sort=name&page=2").text


def test_of_more_lines_than_a_page_the_rest_is_known_not_to_be_true_yet(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_pages, "PAGE", 1)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.dan, site.cast.bob, *SUGGESTED)
    bob = site.as_(site.cast.bob)
    waits = "1 line is still being worked out and can move when it is."
    assert waits in bob.get("/caseload").text
    assert waits not in bob.get("/caseload").text
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 6)
        builders.check_in(db, site.cast.dan, 6)
    page = bob.get("/caseload").text
    assert waits in page
    assert page.count("Today, 8:00 pm") == 1
    assert bob.get("/caseload").text.count("Today, 8:00 pm") == 2


@pytest.mark.parametrize("kind", ["sessions", "appointments"])
def test_the_forms_beside_the_page_are_looks_too(site: Site, kind: str) -> None:
    address = f"/patients/{site.cast.alice.public_id}/{kind}"
    with site.database.unit_of_work() as db:
        own = builders.treatment(db, site.cast.alice, date(2026, 3, 13), by=site.cast.bob, note="Calm.")
        visit = builders.appointment(db, site.cast.alice, date(2026, 4, 2), with_=site.cast.bob)
    thing = own.public_id if kind == "sessions" else visit.public_id
    bob = site.as_(site.cast.bob)
    assert bob.get(f"{address}/new").status_code == 200
    assert bob.get(f"{address}/{thing}/edit").status_code == 200
    one = (site.cast.bob.account_id, site.cast.alice.patient_id, site.cast.bob.provider_id)
    assert events(site, Act.VIEWED_PATIENT) == [one, one]


@pytest.mark.parametrize("kind", ["sessions", "appointments"])
def test_a_refused_form_shows_the_patient_and_is_a_look(site: Site, kind: str) -> None:
    """Or whoever sends nonsense would read a session's note without leaving a trace."""
    with site.database.unit_of_work() as db:
        own = builders.treatment(db, site.cast.alice, date(2026, 3, 13), by=site.cast.bob, note="Calm.")
        visit = builders.appointment(db, site.cast.alice, date(2026, 4, 2), with_=site.cast.bob)
    address = f"/patients/{site.cast.alice.public_id}/{kind}"
    thing = own.public_id if kind == "sessions" else visit.public_id
    bob = site.as_(site.cast.bob)
    for path in (f"{address}/new", f"{address}/{thing}/edit"):
        answer = bob.post(path, data={"local_date": "nonsense", "day": "nonsense"})
        assert answer.status_code == 422
    assert len(events(site, Act.VIEWED_PATIENT)) == 2


def test_what_is_written_is_no_look_besides(site: Site) -> None:
    address = f"/patients/{site.cast.alice.public_id}/sessions/new"
    form = {"local_date": "2026-03-13", "status": "completed"}
    assert site.as_(site.cast.bob).post(address, data=form).status_code == 303
    assert events(site, Act.VIEWED_PATIENT) == []
    assert len(events(site, Act.TREATMENT_RECORDED)) == 1


def test_a_form_that_cannot_be_written_down_is_not_shown(site: Site) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("ALTER TABLE audit_event RENAME TO audit_event_away"))
    answer = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}/sessions/new")
    assert answer.status_code == 503
    assert "Alice" not in answer.text
