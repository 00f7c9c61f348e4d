"""A summary as a PDF, once the process that draws is warm: over WeasyPrint as it comes, with the same page."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import pypdf
import weasyprint

from journal.pdf import PdfWriter
from journal.places import STATIC
from journal.web.assets import FONT, PAPER, assets_in
from tests.benchmarks.installations import Installation, empty, folder
from tests.benchmarks.measure import Goal, in_turn, judge, milliseconds, show
from tests.benchmarks.population import populate
from tests.benchmarks.wsgi import getter
from tests.faults.serving import phone_of

NAME = "pdf"
ABOUT = "a summary as a PDF, warm, over WeasyPrint as it comes with the same page"

RAW = "WeasyPrint as it comes, the same page"
PRODUCT = "Tideline, drawing it"
WHOLE = "Tideline, the whole answer"
SMALL = "WeasyPrint as it comes, a line and 20 rows"
OVER_RAW = Goal(21, gate=1.2, extreme=0.3)

ROWS = "".join(
    f"<tr><td>2026-07-{day:02}<td>{day % 10}<td>{6 + day % 3}<td>note text that is a few words long"
    for day in range(1, 21)
)
LINE = " ".join(f"{day * 1.8:.1f} {180 - day * 7 % 10 * 16}" for day in range(365))
SMALL_PAGE = (
    "<style>@page{size:A4;margin:15mm}body{font:10pt sans-serif}td{border-bottom:1px solid #ccc}</style>"
    f"<h1>Summary</h1><p>Patient A, 12 months</p><svg xmlns='http://www.w3.org/2000/svg' width='680' height='180' "
    f"viewBox='0 0 680 180'><polyline fill='none' stroke='#225' points='{LINE}'/></svg><table>{ROWS}</table>"
)


class Overhearing:
    """A writer that keeps the page it was given."""

    def __init__(self, writer: PdfWriter) -> None:
        self._writer = writer
        self.page = ""

    def write(self, html: str) -> bytes:
        self.page = html
        return self._writer.write(html)

    def close(self) -> None:
        self._writer.close()


def run(rounds: int) -> None:
    """On SQLite, for a year of check-ins."""
    with folder() as place:
        year = empty(place / "1", f"sqlite:///{place / '1.db'}")
        compare(year, rounds=rounds, times=3)
        year.database.close()


def compare(year: Installation, *, rounds: int, times: int, days: int = 365) -> None:
    """Fill it, take the summary once, and draw the same page in both ways in turn."""
    clinic = populate(year.database, people=2, days=days)
    app = year.app()
    journal = app.extensions["journal"]
    heard = Overhearing(journal.pdf)
    app.extensions["journal"] = dataclasses.replace(journal, pdf=heard)
    get = getter(
        app,
        f"/patients/{clinic.patient.public_id}/summary.pdf",
        cookie=phone_of(year.server, clinic.therapist).cookie,
    )
    if not get().startswith(b"%PDF"):
        raise AssertionError("the summary is no PDF")
    drawn = heard.write(heard.page)
    raw = as_it_comes(heard.page)
    if not raw().startswith(b"%PDF") or _pages(drawn) != 1 or _pages(raw()) != 1:
        raise AssertionError("the two do not draw the same page")
    taken = in_turn(
        {
            RAW: milliseconds(raw, times=times),
            PRODUCT: milliseconds(lambda: heard.write(heard.page), times=times),
            WHOLE: milliseconds(get, times=times),
            SMALL: milliseconds(lambda: weasyprint.HTML(string=SMALL_PAGE).write_pdf(), times=times),
        },
        rounds=rounds,
    )
    heard.close()
    show(f"a summary as a PDF ({len(drawn) / 1e3:.0f} KB)", taken, unit="ms")
    judge(OVER_RAW, taken, PRODUCT, over=RAW)


def as_it_comes(page: str) -> Callable[[], bytes]:
    """WeasyPrint given the page, the style sheet and the variable font for each document, tagged as ours is."""
    assets = assets_in(STATIC)
    family, file = FONT
    face = f'@font-face{{font-family:"{family}";src:url("{(STATIC / file).as_uri()}")}}'
    style = face + assets.sheet(PAPER)

    def write() -> bytes:
        sheet = weasyprint.CSS(string=style)
        return bytes(weasyprint.HTML(string=page).write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1"))

    return write


def _pages(written: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(written)).pages)
