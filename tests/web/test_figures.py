"""Each figure on a brief leads to how it was computed; every one can be computed again from the document."""

from __future__ import annotations

import html
import re
from datetime import date
from statistics import fmean
from typing import Any

from journal.domain.consents import SUGGESTED, Scope
from journal.services.insight_documents import figures as document_of
from journal.web.brief.figure_pages import FIGURES
from tests import briefing, builders
from tests.conftest import Site

LINK = re.compile(r'href="(/patients/[^"#]*/figures/[^"#]+)(?:#[^"]*)?"')


def page_of(site: Site, path: str = "", *, status: int = 200) -> str:
    answer = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}{path}")
    assert answer.status_code == status, path
    return re.sub(r"\s+", " ", html.unescape(answer.text))


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def document(site: Site) -> dict[str, Any]:
    with site.database.look() as db:
        patient = builders.the_patient(db, site.cast.alice)
        return document_of(db, patient, until=briefing.TODAY)


def tiles(page: str) -> dict[str, list[str]]:
    found = re.search(r'<dl class="stat stat--brief">(.*?)</dl>', page)
    assert found is not None
    return {
        (said := [text_of(part).strip() for part in re.findall(r"<d[td]>(.*?)</d[td]>", tile)])[0]: said[1:]
        for tile in re.findall(r"<div>(.*?)</div>", found[1])
    }


def between(days: list[dict[str, Any]], first: date, last: date, name: str) -> list[float]:
    return [
        day[name]
        for day in days
        if first.isoformat() <= day["local_date"] <= last.isoformat() and day[name] is not None
    ]


def test_every_figure_of_the_page_leads_to_its_rule_and_its_rows(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    page = page_of(site)
    addresses = set(LINK.findall(page))
    names = {address.rsplit("/", 1)[1].split("?")[0] for address in addresses}
    assert {"mood", "sleep", "check-ins", "phq9", "gad7", "phq9-item-9", "held", "durability"} <= names
    bob = site.as_(site.cast.bob)
    for address in sorted(addresses):
        answer = bob.get(address)
        assert answer.status_code == 200, address
        assert 'id="formula"' in answer.text, address
        assert "<tbody>" in answer.text, address


def test_every_figure_has_a_page_that_says_its_rule_whatever_there_is(site: Site) -> None:
    for name in FIGURES:
        assert 'id="formula"' in page_of(site, f"/figures/{name}"), name


def test_the_tiles_are_computed_again_from_the_document(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    shown, doc = tiles(page_of(site)), document(site)
    first, before_first = date(2026, 3, 3), date(2026, 2, 3)
    now = between(doc["days"], first, briefing.TODAY, "mood")
    before = between(doc["days"], before_first, briefing.LAST_VISIT, "mood")
    assert shown["Mood, average"][0] == f"{fmean(now):.1f}"
    assert f"was {fmean(before):.1f}," in shown["Mood, average"][1]
    assert shown["Mood, average"][2] == f"{len(now)} of 28 days, before {len(before)} of 28"
    sleep = between(doc["days"], first, briefing.TODAY, "sleep_hours")
    assert shown["Sleep"][0] == f"{fmean(sleep):.1f} h"
    assert shown["Check-ins"][0] == f"{len(between(doc['days'], first, briefing.TODAY, 'logged'))} of 28"
    for name, code in (("PHQ-9", "phq9"), ("GAD-7", "gad7")):
        rows = doc["assessments"][code]["rows"]
        assert shown[name][0].split()[0] == str(rows[-1]["total"])
        assert shown[name][1].endswith(
            "nothing before" if len(rows) == 1 else f"was {rows[-2]['total']}, lower"
        )


def test_the_table_of_sessions_is_computed_again_from_the_document(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    page, doc = page_of(site), document(site)
    found = re.search(r'<table class="tbl tbl--held">.*?<tbody>(.*?)</tbody>', page)
    assert found is not None
    rows = [
        [text_of(cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in found[1].split("<tr>")[1:]
    ]
    assert len(rows) == len(doc["sessions"]) == 3
    for row, session in zip(rows, doc["sessions"], strict=True):
        assert row[0].startswith(session["label"])
        assert row[1] == f"{session['before']:.1f}"
        assert row[2] == f"{session['peak']:.0f} day {session['peak_day']}"
        mark = "+" if session["censored"] else ""
        assert row[3].startswith(f"{session['observed_days']}{mark} d")
    assert f"hold line, {doc['baseline']['hold_line']:.1f}," in page
    durability = doc["durability"]
    assert f"{durability['n']} with a response, {durability['no_response']} without" in page
    assert durability["reason"] == "too_early"
    assert f"it takes at least {5 - durability['n']} more sessions with a response" in page


def test_the_page_of_a_mean_lists_the_days_it_is_of(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    doc = document(site)
    page = page_of(site, "/figures/mood")
    assert text_of(page).count(" Mar 2026") >= len(
        between(doc["days"], date(2026, 3, 3), briefing.TODAY, "mood")
    )
    four = page_of(site, "/figures/mood?range=4w")
    assert "against the 28 days before" in four


def test_burden_is_spoken_of_behind_the_figures_alone(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    assert "urden" not in page_of(site)
    assert "Burden" in page_of(site, "/figures/before-treatment")


def test_a_0_of_the_ninth_item_is_called_no_sign_of_safety(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    assert "It is no sign of safety." in page_of(site, "/figures/phq9-item-9")


def test_a_figure_needs_each_of_its_scopes(site: Site) -> None:
    for missing in sorted(SUGGESTED):
        with site.database.unit_of_work() as db:
            builders.share(db, site.cast.alice, site.cast.bob, *(SUGGESTED - {missing}))
        for name, page in FIGURES.items():
            page_of(site, f"/figures/{name}", status=404 if missing in page.scopes else 200)


def test_a_figure_that_there_is_not_is_not_found(site: Site) -> None:
    page_of(site, "/figures/prognosis", status=404)


def test_no_figure_uses_a_day_before_the_first_visible_one(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, *SUGGESTED, visible_from=date(2026, 3, 20))
    for name in FIGURES:
        page = text_of(page_of(site, f"/figures/{name}?range=all"))
        assert not re.search(r"\b(Jan|Feb|1[0-9] Mar) 2026", page), name


def test_private_notes_are_behind_no_figure(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 1, note="kingfisher", starred=True)
    for name in FIGURES:
        assert "kingfisher" not in page_of(site, f"/figures/{name}")


def test_scopes_are_named() -> None:
    assert all(page.scopes and set(page.scopes) <= set(Scope) for page in FIGURES.values())


def test_drift_leads_to_the_steady_days_where_they_can_be_chosen(site: Site) -> None:
    address = f'href="/patients/{site.cast.alice.public_id}/steady-days"'
    assert address not in page_of(site, "/figures/drift")
    briefing.fill(site.database, site.cast)
    assert address in page_of(site, "/figures/drift")
    assert address not in page_of(site, "/figures/mood")
