"""The process that draws PDFs: HTML in, a tagged PDF out. ``journal.pdf`` begins it and talks to it by its pipes.

It is run by its path, imports nothing of the program, and holds no key, no database and no setting: whatever a page
could make the writer do, there is nothing here to take. It opens no connection and no file for a page either: the two
cuts of the font are in its memory, and every other address in a page is refused (:class:`_FontsOnly`).

WeasyPrint is imported here alone, so that the web neither waits for it as it starts nor carries it in memory.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import resource
import select
import struct
from contextlib import suppress
from typing import Any

IDLE_S = 300
"""After so many seconds without a page the process ends by itself; the next page begins another."""

WEIGHTS = (400, 700)
"""The cuts of the variable font that pages are set in. Cutting it once here, and not in every document, is what makes
a document take a third of the time."""

_LENGTH = struct.Struct("!I")
_SVG = "{http://www.w3.org/2000/svg}"
_FONT_PLACE = "font:{weight}"
_LETTER, _BOLD = 5.1, 1.1  # units a character of a label is wide, and how much wider in bold
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")


def main() -> None:
    """Take what is the same in every page, then page after page, until the other side goes or nothing comes."""
    # What a library may print must not stand among the answers.
    answers = os.dup(1)
    os.dup2(2, 1)
    greeting = json.loads(_receive(0))
    _bound_memory(greeting.pop("most_memory"))
    try:
        writer = _Writer(**greeting)
    except (ImportError, OSError) as fault:  # OSError is how a library that the system lacks is told of
        _send(answers, b"missing", str(fault).encode())
        return
    _send(answers, b"ready", b"")
    while select.select([0], [], [], IDLE_S)[0]:
        html = _receive(0).decode()
        if not html:
            return
        try:
            _send(answers, b"pdf", writer.write(html))
        except MemoryError:
            _send(answers, b"full", b"")
            return  # what it holds by now is not worth finding out
        except Exception as fault:
            # Its kind and nothing else: what it says may quote the page.
            _send(answers, b"fault", type(fault).__name__.encode())


def _bound_memory(most: int) -> None:
    """Let the process take no more than ``most`` bytes, so that no page takes them from the web beside it."""
    with suppress(ValueError, OSError):  # a system that has no such bound, or a lower one already
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


class _Writer:
    """WeasyPrint with our style sheet and font read once.

    ``style`` is the sheet for the page, whose classes ``c-…`` also colour the drawings; ``font`` the variable font
    named ``family`` in it, as base64.
    """

    def __init__(self, *, style: str, font: str, family: str) -> None:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        logging.getLogger("weasyprint").addHandler(logging.NullHandler())
        logging.getLogger("weasyprint").propagate = False
        self._html = weasyprint.HTML
        self._fonts = FontConfiguration()
        cuts = cuts_of(base64.b64decode(font)) if font else {}
        self._fetcher = _fonts_only(cuts)
        faces = "".join(
            f'@font-face{{font-family:"{family}";font-weight:{weight};src:url("{place}")}}'
            for weight, place in zip(WEIGHTS, cuts, strict=False)
        )
        self._sheet = weasyprint.CSS(string=faces + style, font_config=self._fonts, url_fetcher=self._fetcher)
        self._drawing_style = drawing_style(style)

    def write(self, html: str) -> bytes:
        """The page as a PDF for people who see it and people who hear it (PDF/UA-1)."""
        document = self._html(string=html, url_fetcher=self._fetcher)
        finish_drawings(document.etree_element, self._drawing_style)
        written = document.write_pdf(
            stylesheets=[self._sheet], font_config=self._fonts, pdf_variant="pdf/ua-1"
        )
        return bytes(written)


def cuts_of(font: bytes) -> dict[str, bytes]:
    """The weights of a variable font as fonts of their own, by the addresses that the style sheet has for them."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    cuts = {}
    for weight in WEIGHTS:
        cut = instantiateVariableFont(TTFont(io.BytesIO(font)), {"wght": weight}, updateFontNames=False)
        cut.flavor = None
        held = io.BytesIO()
        cut.save(held)
        cuts[_FONT_PLACE.format(weight=weight)] = held.getvalue()
    return cuts


def _fonts_only(cuts: dict[str, bytes]) -> Any:
    """A fetcher that knows the cuts of our font and refuses everything else, whatever its scheme."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class FontsOnly(URLFetcher):  # type: ignore[misc]
        """Asked in any of the ways there are, it never comes to the handlers that open something."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """One of the cuts; else ValueError, which leaves the place of a picture empty."""
            if url not in cuts:
                raise ValueError("not fetched")
            return URLFetcherResponse(url, cuts[url], {"Content-Type": "font/ttf"})

        def open(self, url: Any, data: Any = None, timeout: float | None = None) -> Any:
            """The same, asked as the standard library asks."""
            return self.fetch(url if isinstance(url, str) else url.full_url)

    return FontsOnly(allowed_protocols=())


def drawing_style(style: str) -> str:
    """The rules of ``style`` for drawings (``.chart``, ``.c-…``), each colour written out.

    WeasyPrint colours a drawing by the rules inside of it alone, and knows no custom property there. A halo is left
    out: it would be painted over its own letters. What stands in an @-rule is for screens.
    """
    import tinycss2

    rules = [
        rule
        for rule in tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)
        if rule.type == "qualified-rule"
    ]
    values: dict[str, str] = {}
    for rule in rules:
        if tinycss2.serialize(rule.prelude).startswith(":root"):
            for one in tinycss2.parse_blocks_contents(rule.content):
                if one.type == "declaration" and one.name.startswith("--"):
                    values.setdefault(one.name, tinycss2.serialize(one.value).strip())
    kept = []
    for rule in rules:
        names = tinycss2.serialize(rule.prelude).strip()
        if names.startswith((".c-", ".chart")) and ".c-halo" not in names:
            written = _VARIABLE.sub(lambda found: values[found[1]], tinycss2.serialize(rule.content))
            kept.append(f"{names}{{{written}}}")
    return "".join(kept)


def finish_drawings(page: Any, style: str) -> None:
    """Give every drawing of ``page`` its colours, and its sentence where those look who hear it (``aria-label``)."""
    from xml.etree.ElementTree import Element

    for drawing in list(page.iter(f"{_SVG}svg")):
        parts = [
            part
            for label in drawing
            for part in ((_ground_of(label), label) if "c-halo" in label.get("class", "") else (label,))
        ]
        for name, text in (("style", style), ("title", drawing.get("aria-label", ""))):
            if text:
                parts.insert(0, Element(f"{_SVG}{name}"))
                parts[0].text = text
        drawing[:] = parts


def _ground_of(label: Any) -> Any:
    """A light ground beneath a label that lies on lines, in place of its halo."""
    from xml.etree.ElementTree import Element

    text = "".join(label.itertext())
    wide = _LETTER * len(text) * (_BOLD if "c-strong" in label.get("class", "") else 1)
    shift = {"middle": wide / 2, "end": wide}.get(label.get("text-anchor", ""), 0.0)
    x, y = float(label.get("x")) - shift, float(label.get("y"))
    return Element(
        f"{_SVG}path", {"class": "c-ground", "d": f"M{x:.1f} {y - 8.6:.1f}h{wide:.1f}v10h{-wide:.1f}z"}
    )


def _receive(pipe: int) -> bytes:
    """One message; empty when the other side has gone."""
    head = _exactly(pipe, _LENGTH.size)
    return _exactly(pipe, _LENGTH.unpack(head)[0]) if head else b""


def _exactly(pipe: int, length: int) -> bytes:
    held = bytearray()
    while len(held) < length:
        part = os.read(pipe, min(length - len(held), 1 << 16))
        if not part:
            return b""
        held += part
    return bytes(held)


def _send(pipe: int, kind: bytes, body: bytes) -> None:
    left = memoryview(_LENGTH.pack(len(kind)) + kind + _LENGTH.pack(len(body)) + body)
    while left:
        left = left[os.write(pipe, left) :]


if __name__ == "__main__":
    main()
