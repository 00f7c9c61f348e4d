"""The one-page summary over HTTP: what stands in the PDF is read back from it."""

from __future__ import annotations

import io
import re
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from journal import pdf
from journal.domain.consents import Scope
from journal.domain.days import local_day
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.languages import Language, speaking
from journal.pdf import PdfWriter
from journal.services import topics
from journal.storage import side_effects
from journal.storage.audit import Act, AuditEvent
from journal.web.brief.page import Brief, brief_of
from journal.web.brief.rows import read_brief_rows
from journal.web.brief.sheet import sheet_of
from journal.web.brief.sheet_parts import Sheet
from tests import builders, flagging
from tests.assessing import add, of_total, record
from tests.cast import NOW, ZONE
from tests.conftest import Site
from tests.test_pdf import TALKS
from tests.thorough import IS_NIGHT

TODAY = local_day(NOW, ZONE)
PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
LONG = "The heavy feeling came back around four but it did not stay, and I went for a walk with Dana. " * 8


def address(site: Site, ending: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/summary{ending}"


def journal_of_a_course(site: Site) -> None:
    """Fourteen weeks of Alice: a course of five sessions, questionnaires, medicines, and a visit to Bob before."""
    alice, bob = site.cast.alice, site.cast.bob
    first = TODAY - timedelta(days=98)
    dates = [first + timedelta(days=number) for number in range(99) if number % 9 != 4]
    moods = {day: 2 if day < TODAY - timedelta(days=70) else 3 + (day - first).days * 7 % 6 for day in dates}
    given = [TODAY - timedelta(days=back) for back in (70, 63, 56, 35, 14)]
    with site.database.unit_of_work() as db:
        builders.mood_days(db, alice, moods, sleep_min=[400 + n % 90 for n in range(len(moods))])
        for day in given:
            builders.treatment(db, alice, day)
        builders.appointment(db, alice, TODAY - timedelta(days=28), with_=bob)
        builders.appointment(db, alice, TODAY + timedelta(days=1), with_=bob)
        for back, total in ((90, 21), (60, 12), (32, 13), (10, 9)):
            day = TODAY - timedelta(days=back)
            add(db, alice, record("phq9", day, of_total("phq9", total)))
            add(db, alice, record("gad7", day, of_total("gad7", total - 4)))
        builders.medicine(db, alice, since=TODAY - timedelta(days=50))


def note(site: Site, text: str, *, back: int = 5, shared: bool = True, starred: bool = True) -> None:
    with site.database.unit_of_work() as db:
        builders.check_in(
            db,
            site.cast.alice,
            6,
            on=TODAY - timedelta(days=back),
            note=text,
            note_shared=shared,
            starred=starred,
        )


def read(site: Site, *, paper: str = "letter") -> tuple[Brief, Sheet]:
    with site.database.look() as db:
        patient = builders.the_patient(db, site.cast.alice)
        sight = site.look(_sight, site)
        rows = read_brief_rows(db, patient, sight, provider_id=site.cast.bob.provider_id, now=NOW)
        brief = brief_of(rows)
        return brief, sheet_of(rows, brief, paper=paper)


def _sight(db: Any, site: Site) -> Any:
    from journal.storage.patients import patient_visible_to

    found = patient_visible_to(db, site.cast.bob.provider_id, site.cast.alice.public_id, now=NOW)
    assert found is not None
    return found[1]


def taken(site: Site, paper: str = "a4") -> pypdf.PdfReader:
    answer = site.as_(site.cast.bob).get(address(site, f".pdf?paper={paper}"))
    assert answer.status_code == 200, answer.text
    return pypdf.PdfReader(io.BytesIO(answer.data))


def text_of(reader: pypdf.PdfReader) -> str:
    return plain(" ".join(page.extract_text() for page in reader.pages))


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def acts(site: Site) -> list[str]:
    with site.database.look() as db:
        return list(db.scalars(sa.select(AuditEvent.act).where(AuditEvent.provider_id.is_not(None))))


# What it says ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
def test_every_figure_of_the_page_stands_in_the_pdf_of_one_page(site: Site, paper: str) -> None:
    journal_of_a_course(site)
    note(site, "Stopped avoiding the bridge.")
    brief, sheet = read(site)

    reader = taken(site, paper)
    text = text_of(reader)

    assert len(reader.pages) == 1
    assert [round(float(size), 2) for size in reader.pages[0].mediabox[2:]] == list(PAPERS[paper])
    assert len(brief.figures) == 6
    for figure in brief.figures:
        for said in (figure.title, figure.value, figure.besides, figure.was, figure.basis):
            assert plain(said) in text, said
    assert brief.held is not None
    for row in brief.held.rows[-4:]:
        for said in (row.label, row.day, row.before, row.peak, row.held, row.until):
            assert plain(said) in text, said
    for sentence in brief.held.together:
        assert plain(sentence) in text
    assert plain("“Stopped avoiding the bridge.” 25 Mar") in text
    assert plain(brief.facts) in text
    assert plain(sheet.foot) in text
    assert "Printed 30 March 2026: please shred after use." in sheet.foot


def test_the_page_for_the_printer_says_the_same(site: Site) -> None:
    journal_of_a_course(site)
    brief, sheet = read(site)

    page = site.as_(site.cast.bob).get(address(site)).text

    for figure in brief.figures:
        assert f"<dt>{figure.title}</dt>" in page
        assert figure.value in page
    assert sheet.foot in page
    assert page.count("<h1") == 1


def test_those_who_hear_it_hear_each_drawing_and_find_nothing_to_follow(site: Site) -> None:
    journal_of_a_course(site)
    brief, _sheet = read(site)

    reader = taken(site)
    root: Any = reader.trailer["/Root"]
    kinds, sentences = read_aloud(root["/StructTreeRoot"])

    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure", "/P"} <= kinds
    assert brief.timeline is not None
    assert brief.aligned is not None
    assert brief.scores is not None
    assert {brief.aligned.sentence, brief.scores.sentence} < sentences
    assert len(sentences) == 3
    assert "/Annots" not in reader.pages[0]


def read_aloud(element: Any) -> tuple[set[str], set[str]]:
    kinds: set[str] = set()
    sentences: set[str] = set()
    waiting = [element]
    while waiting:
        one = waiting.pop().get_object()
        if not isinstance(one, dict):
            continue
        kinds.add(str(one.get("/S")))
        if one.get("/S") == "/Figure":
            sentences.add(one["/Alt"])
        kids = one.get("/K", [])
        waiting += kids if isinstance(kids, list) else [kids]
    return kinds, sentences


def test_neither_its_name_nor_its_title_says_whose_it_is(site: Site) -> None:
    answer = site.as_(site.cast.bob).get(address(site, ".pdf"))
    told = pypdf.PdfReader(io.BytesIO(answer.data)).metadata

    assert answer.headers["Content-Disposition"] == 'attachment; filename="summary.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert told == {"/Title": "One-page summary", "/Producer": told["/Producer"]}  # type: ignore[index]
    assert "Alice" not in str(told)


def test_it_speaks_the_readers_language(site: Site) -> None:
    journal_of_a_course(site)
    with site.database.unit_of_work() as db:
        db.execute(
            sa.text("UPDATE account SET locale = :locale WHERE id = :id"),
            {"locale": Language.GREEK.value, "id": site.cast.bob.account_id},
        )

    reader = taken(site)
    root: Any = reader.trailer["/Root"]

    assert root["/Lang"] == "el"
    assert len(reader.pages) == 1


# What it holds back ---------------------------------------------------------------------------------------------------


def test_a_private_note_is_in_no_byte_of_it(site: Site) -> None:
    journal_of_a_course(site)
    note(site, "kingfisher", shared=False)

    answer = site.as_(site.cast.bob).get(address(site, ".pdf"))
    reader = pypdf.PdfReader(io.BytesIO(answer.data))
    everything = answer.data + b"".join(
        one.get_data()
        for one in map(reader.get_object, range(1, len(reader.xref[0])))
        if one is not None and hasattr(one, "get_data")
    )

    assert b"kingfisher" not in everything
    assert "kingfisher" not in text_of(reader)
    assert "kingfisher" not in site.as_(site.cast.bob).get(address(site)).text


def test_what_is_not_shared_is_named_and_not_shown(site: Site) -> None:
    journal_of_a_course(site)
    note(site, "kingfisher")
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.ASSESSMENTS)

    text = text_of(taken(site))

    for said in ("Mood, sleep and activity", "Sessions", "Notes"):
        assert plain(f"{said} are not shared with you.") in text
    assert plain("How long each session held") not in text
    assert "PHQ-9" in text
    assert "kingfisher" not in text


def test_markup_in_a_note_is_words_and_calls_nobody(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.3)
        port = listening.getsockname()[1]
        note(site, f'<img src="http://127.0.0.1:{port}/a.png"> and <img src="file:///etc/passwd">')

        text = text_of(taken(site))

        with pytest.raises(TimeoutError):
            listening.accept()
    assert f'<imgsrc="http://127.0.0.1:{port}/a.png">' in text
    assert "root:" not in text


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_somebody_whom_she_did_not_let_in_finds_nothing(site: Site, ending: str) -> None:
    assert site.as_(site.cast.carol).get(address(site, ending)).status_code == 404
    assert acts(site) == []


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_it_is_written_down_once_as_a_copy_taken(site: Site, ending: str) -> None:
    site.as_(site.cast.bob).get(address(site, ending))

    assert acts(site) == [Act.EXPORTED.value]


# One page, whatever there is -------------------------------------------------------------------------------------


TOPIC = "Whether sleeping at my sister's for a while would be wise, because nights are when it comes back. "
SINCE = TODAY - timedelta(days=14)


def fullest(site: Site, language: Language) -> list[str]:
    """More of everything than a page has room for; the topics that Alice brings along, as long as they can be."""
    alice, bob = site.cast.alice, site.cast.bob
    journal_of_a_course(site)
    for back in range(25):
        note(site, f"{LONG} {back}", back=back)
    texts = [f"{number} {TOPIC * 3}"[:280].strip() for number in range(1, 4)]
    with site.database.unit_of_work() as db:
        db.execute(
            sa.text("UPDATE account SET locale = :locale WHERE id = :id"),
            {"locale": language.value, "id": bob.account_id},
        )
        given = builders.treatment(db, alice, SINCE)
        for code in list(SideEffectCode)[:8]:
            effect = SideEffect(given.public_id, code, Severity.SEVERE, SINCE)
            side_effects.add_side_effect(db, alice.patient_id, effect, now=NOW)
        for back in (40, 10):
            builders.long_term_check(
                db,
                alice,
                TODAY - timedelta(days=back),
                pain_on_urination=2,
                craving_or_extra_use=2,
                memory_trouble=2,
            )
        flagging.answer(db, alice, {**flagging.EIGHT, "9": 1})
        patient = builders.the_patient(db, alice)
        for text in texts:
            topics.add_topic(db, patient, bob.provider_id, text, now=NOW)
        topics.hide_line(db, patient, bob.provider_id, "still_open:2026-03-03", now=NOW)
    return texts


@pytest.mark.parametrize("language", Language)
def test_the_fullest_summary_is_one_page_on_which_nothing_open_is_cut(site: Site, language: Language) -> None:
    """On both papers in English, and by night in every language; by day on one of them."""
    brought = fullest(site, language)
    by_day = {Language.SPANISH: ["letter"], Language.GREEK: ["a4"]}

    readers = [taken(site, paper) for paper in (PAPERS if IS_NIGHT else by_day.get(language, PAPERS))]

    assert {len(reader.pages) for reader in readers} == {1}
    with speaking(language):
        brief, sheet = read(site)
    standing = [what for what, _since in brief.standing.still_there]
    assert len(standing) == 8
    assert len(brief.standing.flags) == 3
    assert [line for line in brief.talk.lines if line.key.startswith("still_open:")] == []
    for reader in readers:
        text = text_of(reader)
        for said in (*standing, sheet.words[0].said, *(f"“{topic}”" for topic in brought)):
            assert plain(said) in text, said
    assert [flag.what for flag in brief.standing.flags if flag.what not in sheet.words[0].said] == []
    if language is Language.ENGLISH:
        assert "an answer that waits for a look, 30 Mar" in sheet.words[0].said
        assert "Onthepagebeforethevisit:" in text_of(readers[0])


def test_notes_are_shortened_and_counted_by_what_they_are(site: Site) -> None:
    journal_of_a_course(site)
    for back in range(25):
        note(site, f"{LONG} {back}", back=back)

    text = text_of(taken(site))

    assert re.search(r"Onthepagebeforethevisit:\d+morestarrednotes\.", text)
    assert "…”" in text


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_what_rules_found_has_the_dates_they_looked_at_whatever_the_sheet_shows(
    site: Site, paper: str
) -> None:
    journal_of_a_course(site)
    brief, sheet = read(site, paper=paper)
    page = site.as_(site.cast.bob).get(address(site, "?range=12w")).get_data(as_text=True)

    assert sheet.talk_dates == brief.talk.dates != ""
    assert f'To talk about <span class="sheet__soft">{brief.talk.dates}</span>' in page


def test_how_much_mood_moves_is_not_on_the_sheet(site: Site) -> None:
    journal_of_a_course(site)
    brief, _sheet = read(site)

    assert "variability" in [sign.name for sign in brief.signs]
    assert "RMSSD" not in text_of(taken(site))


def test_a_journal_that_has_just_begun_is_one_page_too(site: Site) -> None:
    reader = taken(site)

    assert len(reader.pages) == 1
    assert "Alice" in text_of(reader)


# Where there is no PDF -------------------------------------------------------------------------------------------


def with_writer(site: Site, writer: PdfWriter) -> None:
    journal = site.app.extensions["journal"]
    site.app.extensions["journal"] = replace(journal, pdf=writer)


def test_who_comes_while_others_wait_is_told_and_can_print(site: Site) -> None:
    writer = PdfWriter(style="", font=b"", family="", waits_s=0.01)
    with_writer(site, writer)
    with writer._turn:
        answer = site.as_(site.cast.bob).get(address(site, ".pdf"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Other summaries are being made. Try again in a moment, or print this one." in answer.text
    assert 'class="sheet paper"' in answer.text


def test_a_summary_that_takes_too_much_memory_can_be_shorter_or_printed(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_PROCESS", tmp_path / "process.py")
    (tmp_path / "process.py").write_text(
        TALKS + "send(b'ready', b''); receive(); send(b'full', b''); receive()"
    )
    with_writer(site, PdfWriter(style="", font=b"", family=""))

    answer = site.as_(site.cast.bob).get(address(site, ".pdf"))

    assert (answer.status_code, "Retry-After" in answer.headers) == (503, False)
    assert "This summary is too long for a PDF. Choose a shorter time, or print this one." in answer.text


def test_a_machine_without_pango_says_so_and_can_print(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_PROCESS", tmp_path / "process.py")
    (tmp_path / "process.py").write_text(TALKS + "send(b'missing', b'libpango-1.0-0')")
    with_writer(site, PdfWriter(style="", font=b"", family=""))

    answer = site.as_(site.cast.bob).get(address(site, ".pdf"))

    assert (answer.status_code, "Retry-After" in answer.headers) == (503, False)
    assert "PDFs can’t be made on this machine. Printing works." in answer.text
    assert "libpango" not in answer.text


# On grey paper ---------------------------------------------------------------------------------------------------


STYLES = Path(__file__).parents[2] / "static" / "css"
MARKS = ("ink", "ink-2", "ink-3", "brand", "session", "session-line", "sleep", "move", "ghost")
LEAST_CONTRAST = 3.0


def look(classes: str, sheets: str) -> tuple[str, bool]:
    """What a line looks like without its colour: its dashes, and whether it is bold."""
    dashes, width = "", 0.0
    for name in classes.split():
        said = " ".join(re.findall(rf"\.{name} \{{([^}}]*)\}}", sheets))
        dashes = (re.findall(r"stroke-dasharray: ([^;}]+)", said) or [dashes])[0].strip()
        width = float((re.findall(r"stroke-width: ([\d.]+)", said) or [width])[0])
    return dashes, width >= 2.5


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_mark_stands_out_from_white_paper_without_its_colour() -> None:
    light = (STYLES / "tokens.css").read_text().split("@media", maxsplit=1)[0]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})\b", light))

    faint = [name for name in MARKS if 1.05 / (luminance(colours[name]) + 0.05) < LEAST_CONTRAST]

    assert faint == []


def test_no_two_lines_of_a_drawing_differ_by_their_colour_alone(site: Site) -> None:
    journal_of_a_course(site)
    page = site.as_(site.cast.bob).get(address(site)).text
    sheets = "".join((STYLES / name).read_text() for name in ("charts.css", "scores.css"))

    drawings = re.findall(r'<svg class="chart".*?</svg>', page, flags=re.DOTALL)
    for drawing in drawings[1:]:  # of those before, each has a panel with a name to itself
        lines = set(re.findall(r'class="(c-line [^"]+)"', drawing))
        assert len(lines) > 1
        assert len({look(line, sheets) for line in lines}) == len(lines), lines
    assert len(drawings) == 3


def test_each_kind_of_mark_has_a_word_on_it(site: Site) -> None:
    journal_of_a_course(site)
    with site.database.unit_of_work() as db:
        builders.moment(db, site.cast.alice, TODAY - timedelta(days=9), "New job", shared=True)
        late = TODAY - timedelta(days=3)
        builders.check_in(db, site.cast.dan, 4, on=late)
    text = text_of(taken(site))

    for said in (
        "S5",
        "■",
        "▲",
        "NewJob".lower(),
        "beforetreatment",
        "sincelastvisit",
        "severe",
        "higherisbetter",
    ):
        assert said.lower() in text.lower(), said
    assert "–noentry" in text
    assert "thin:earlierones;shaded:range" in text
    assert "holdline" in text
