"""What to talk about on a brief: what was brought along, what the rules found, and what was left out."""

from __future__ import annotations

from datetime import date

from journal.domain.consents import SUGGESTED, Scope, Sight
from journal.services import topics
from journal.web.brief.rows import read_brief_rows
from journal.web.brief.sides import reported_of
from journal.web.brief.talk import Talk, talk_of
from tests import builders, flagging
from tests.builders import the_patient
from tests.cast import NOW
from tests.conftest import Site


def talk(site: Site, *scopes: Scope, is_preview: bool = False) -> Talk:
    with site.database.look() as db:
        rows = read_brief_rows(
            db,
            the_patient(db, site.cast.alice),
            Sight(frozenset(scopes or SUGGESTED), None),
            provider_id=site.cast.bob.provider_id,
            now=NOW,
        )
    return talk_of(rows, reported_of(rows), is_preview=is_preview)


def star(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(
            db, site.cast.alice, 5, on=date(2026, 3, 25), note="The river.", note_shared=True, starred=True
        )
        builders.check_in(db, site.cast.alice, 5, on=date(2026, 3, 26), note="kingfisher", starred=True)


def test_starred_notes_stand_among_the_lines_and_private_ones_nowhere(site: Site) -> None:
    star(site)
    found = talk(site)
    (line,) = found.lines
    assert line.words == "1 starred note"
    assert [words for words, _by in line.quotes] == ["The river."]
    assert len(found.quoted) == 1
    assert "kingfisher" not in str(found)
    assert talk(site, Scope.SCORES).lines == []


def test_what_was_brought_along_stands_with_them(site: Site) -> None:
    with site.database.unit_of_work() as db:
        patient = the_patient(db, site.cast.alice)
        topics.add_topic(db, patient, site.cast.bob.provider_id, "Sleep before sessions", now=NOW)
    assert talk(site).topics == ("Sleep before sessions",)


def test_a_line_that_was_left_out_is_in_the_preview_alone(site: Site) -> None:
    star(site)
    (line,) = talk(site).lines
    with site.database.unit_of_work() as db:
        patient = the_patient(db, site.cast.alice)
        topics.hide_line(db, patient, site.cast.bob.provider_id, line.key, now=NOW)
    assert (talk(site).lines, talk(site).hidden, talk(site).quoted) == ([], [], frozenset())
    preview = talk(site, is_preview=True)
    assert [one.key for one in preview.hidden] == [line.key]


def test_an_answer_that_waits_is_a_line_for_whoever_may_see_it(site: Site) -> None:
    with site.database.unit_of_work() as db:
        flagging.let_review(db, site.cast)
        flagging.answer(db, site.cast.alice, {**flagging.EIGHT, "9": 1})
    assert [one.words for one in talk(site).lines] == ["Still open: an answer that waits for a look"]
    assert talk(site, Scope.SCORES, Scope.SESSIONS).lines == []


def test_the_dates_that_were_looked_at_are_told(site: Site) -> None:
    assert talk(site).dates == "The last four weeks, 3 to 30 March; there are no days before"
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5, on=date(2026, 3, 1))
    assert talk(site).dates == "The last four weeks, 3 to 30 March, against the 2 days that there are before"
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 20), with_=site.cast.bob)
    assert talk(site).dates == "21 to 30 March, against the 10 days before"
