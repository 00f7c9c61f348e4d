"""The one-page summary of a patient, for print and as a PDF: made to be taken away, and written down as that."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.pdf import Busy, CannotDraw, NotDrawn, TooLong
from journal.storage.audit import Act
from journal.web import current
from journal.web.brief.page import Brief, brief_of
from journal.web.brief.rows import read_brief_rows
from journal.web.brief.sheet import sheet_of
from journal.web.brief.sheet_parts import Sheet

PAPERS = {"a4": translatable("PDF, A4"), "letter": translatable("PDF, Letter")}
FILE_NAME = "summary.pdf"
"""Said by nobody's name, like its title: files are listed where others look."""
TRY_AGAIN_S = 10


def show(patient_id: str) -> str:
    """The sheet on the screen, as the printer will get it."""
    brief, page = _read(patient_id)
    return _page(brief, page)


def as_pdf(patient_id: str) -> ResponseReturnValue:
    """The same sheet as a file. Where there is none now, the sheet for printing with a sentence on it, and 503."""
    asked = flask.request.args.get("paper", "")
    paper = asked if asked in PAPERS else "a4"
    brief, page = _read(patient_id, paper=paper)
    html = flask.render_template("sheets/paper.html", page=page, paper=paper)
    try:
        written = current.journal().pdf.write(html)
    except CannotDraw:
        return _page(brief, page, refused=_("PDFs can’t be made on this machine. Printing works.")), 503
    except TooLong:
        refused = _("This summary is too long for a PDF. Choose a shorter time, or print this one.")
        return _page(brief, page, refused=refused), 503
    except NotDrawn as fault:
        refused = (
            _("Other summaries are being made. Try again in a moment, or print this one.")
            if isinstance(fault, Busy)
            else _("This PDF could not be made. Try again in a moment, or print the page.")
        )
        return _page(brief, page, refused=refused), 503, {"Retry-After": str(TRY_AGAIN_S)}
    answer = flask.Response(written, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _read(patient_id: str, *, paper: str = "letter") -> tuple[Brief, Sheet]:
    with current.look_at(patient_id, act=Act.EXPORTED) as (db, patient, sight):
        rows = read_brief_rows(db, patient, sight, provider_id=current.provider_id(), now=current.now())
    asked = flask.request.args.get("range", "")
    brief = brief_of(rows, asked=asked)
    return brief, sheet_of(rows, brief, asked=asked, paper=paper)


def _page(brief: Brief, page: Sheet, *, refused: str = "") -> str:
    return flask.render_template(
        "sheets/show.html",
        page=page,
        links=brief.period.links,
        asked=brief.period.choice,
        refused=refused,
        papers=[(paper, _(words)) for paper, words in PAPERS.items()],
    )
