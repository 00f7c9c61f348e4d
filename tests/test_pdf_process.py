"""What the drawing process knows, fetches and makes of a page: asked in this process, whose imports it shares."""

from __future__ import annotations

import base64
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdf
import pytest

from journal import pdf_process
from journal.pdf_process import WEIGHTS, drawing_style
from journal.places import STATIC
from journal.web.assets import PAPER, assets_in

FONT = (STATIC / "fonts" / "figtree-var-latin.woff2").read_bytes()
PAGE = "<!doctype html><html lang='{lang}'><head><title>Summary</title></head><body>{body}</body></html>"


def page(body: str, *, lang: str = "en") -> str:
    return PAGE.format(body=body, lang=lang)


@pytest.fixture(scope="module")
def writer() -> pdf_process._Writer:
    return pdf_process._Writer(
        style=assets_in(STATIC).sheet(PAPER), font=base64.b64encode(FONT).decode(), family="Figtree"
    )


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine, and what was said to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    caller, _address = server.accept()
                except TimeoutError:
                    continue
                with caller:
                    heard.append(caller.recv(1024))

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            over.set()
            listener.join()


def read(written: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(written))


def elements(reader: pypdf.PdfReader) -> list[Any]:
    """Every element of the tree that is read aloud."""
    found = []
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        kids = one.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if isinstance(kid, dict):
                waiting.append(kid)
                found.append(kid)
    return found


EVERY_WAY_OUT = """
<link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">
<style>@import url("http://127.0.0.1:{port}/b.css");
@font-face{{font-family:x;src:url("http://127.0.0.1:{port}/c.woff2")}}
p{{background:url("http://127.0.0.1:{port}/d.png");font-family:x}}</style>
<p>here</p><img src="http://127.0.0.1:{port}/e.png"><img src="file:///etc/passwd"><img src="/etc/passwd">
<object data="http://127.0.0.1:{port}/f.svg"></object><embed src="file:///etc/passwd">
<svg viewBox="0 0 9 9"><image href="http://127.0.0.1:{port}/g.png" width="9" height="9"/>
<style>@import url("http://127.0.0.1:{port}/h.css");</style><use href="http://127.0.0.1:{port}/i.svg#a"/></svg>
<a rel="attachment" href="file:///etc/passwd">k</a><link rel="attachment" href="http://127.0.0.1:{port}/j">
"""


def test_nothing_is_fetched_whatever_a_page_asks_for(writer: pdf_process._Writer) -> None:
    with listening() as (port, heard):
        written = writer.write(page(EVERY_WAY_OUT.format(port=port)))

    assert heard == []
    assert b"root:" not in written
    assert read(written).attachments == {}
    assert "here" in read(written).pages[0].extract_text()


def test_the_ears_of_that_test_hear_a_writer_that_fetches() -> None:
    from weasyprint import HTML

    with listening() as (port, heard):
        HTML(string=page(f'<img src="http://127.0.0.1:{port}/e.png">')).write_pdf()

    assert heard[0].startswith(b"GET /e.png")


def test_a_file_is_refused_to_whoever_asks_the_fetcher_in_another_way(writer: pdf_process._Writer) -> None:
    for ask in (writer._fetcher, writer._fetcher.fetch, writer._fetcher.open):
        with pytest.raises(ValueError, match="not fetched"):
            ask("file:///etc/passwd")


def test_it_says_its_language_and_title_and_is_read_aloud_in_order(writer: pdf_process._Writer) -> None:
    written = read(writer.write(page("<h1>Jordan</h1><p>Hello</p><ul><li>one</li></ul>", lang="el")))
    root: Any = written.trailer["/Root"]

    assert root["/Lang"] == "el"
    assert root["/MarkInfo"]["/Marked"]
    assert written.metadata is not None
    assert written.metadata.title == "Summary"
    assert {"/H1", "/P", "/L", "/LI"} <= {one["/S"] for one in elements(written)}


def test_a_drawing_is_read_as_its_sentence(writer: pdf_process._Writer) -> None:
    drawing = (
        '<svg class="chart" viewBox="0 0 9 9" role="img" aria-label="Mood rose."><path d="M0 0h9"/></svg>'
    )

    figures = [one for one in elements(read(writer.write(page(drawing)))) if one["/S"] == "/Figure"]

    assert [one["/Alt"] for one in figures] == ["Mood rose."]


def test_a_drawing_has_the_colours_of_the_style_sheet(writer: pdf_process._Writer) -> None:
    drawing = '<svg class="chart" viewBox="0 0 9 9"><path class="c-line c-mood" d="M0 0h9"/></svg>'

    content = read(writer.write(page(drawing))).pages[0].get_contents()

    assert content is not None
    # --brand of the light theme, #0C5861
    assert b"0.047059 0.345098 0.380392 RG" in content.get_data()


def test_what_is_bold_is_bold_and_the_font_is_ours(writer: pdf_process._Writer) -> None:
    written = read(writer.write(page("<p class='sheet'>plain <b class='sheet__strong'>bold</b></p>")))

    fonts = written.pages[0]["/Resources"]["/Font"]
    names = {fonts[one]["/BaseFont"].split("+")[1] for one in fonts}

    assert names == {"Figtree", "Figtree-Bold"}


def test_greek_has_letters_and_not_boxes(writer: pdf_process._Writer) -> None:
    written = read(writer.write(page("<p class='sheet'>Καλημέρα</p>", lang="el")))

    fonts = written.pages[0]["/Resources"]["/Font"]

    assert written.pages[0].extract_text().strip() == "Καλημέρα"
    assert not any("Figtree" in fonts[one]["/BaseFont"] for one in fonts)


def test_one_page_leaves_nothing_for_the_next(writer: pdf_process._Writer) -> None:
    first = writer.write(page("<p>kingfisher</p>"))
    second = writer.write(page("<p>sparrow</p>"))

    assert "kingfisher" in read(first).pages[0].extract_text()
    assert b"kingfisher" not in second
    assert "kingfisher" not in read(second).pages[0].extract_text()


def test_the_font_is_cut_into_each_weight() -> None:
    from fontTools.ttLib import TTFont

    cuts = [TTFont(io.BytesIO(cut)) for cut in pdf_process.cuts_of(FONT).values()]

    assert [cut["OS/2"].usWeightClass for cut in cuts] == list(WEIGHTS)
    assert not any("fvar" in cut for cut in cuts)


def test_rules_for_drawings_are_written_out_and_those_for_screens_left() -> None:
    style = (
        ":root,.paper{--ink:#111}@media screen{:root{--ink:#eee}}.c-t{fill:var(--ink)}"
        ".c-halo{stroke:var(--ink)}p{color:var(--ink)}@media (max-width:9px){.c-t{fill:red}}"
    )

    assert drawing_style(style) == ".c-t{fill:#111}"
