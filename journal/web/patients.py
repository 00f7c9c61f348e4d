"""What a provider sees: the list of people who share with them, and one person's page before a visit.

Both pages read and write down that they were read in one transaction. What a consent does not open, and days before
it begins, never leave the queries; a page says that a part is not shared, and nothing about what is in it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

import flask
from sqlalchemy.orm import Session

from journal.domain.caseloads import Only, Order
from journal.languages import gettext as _
from journal.services.caseload_lines import work_out
from journal.storage import audit, caseload_lines
from journal.storage.audit import Act
from journal.web import current
from journal.web.brief.desks import read_desk
from journal.web.brief.figure_pages import FIGURES
from journal.web.brief.page import brief_of
from journal.web.brief.rows import read_brief_rows
from journal.web.caseloads import FILTERS, ORDERS, PAGE, CaseloadPage, read_caseload

_Choice = TypeVar("_Choice", bound=StrEnum)


def caseload() -> str:
    """Everybody who shares with this provider: those to look at first, those with a visit today, the rest; 50 a page.

    Lines that are behind are worked out before they are shown, a page's worth at the most: a worker keeps up with the
    others, and the page says how many there are.
    """
    asked = flask.request.args
    order = _one_of(Order, asked.get("sort", ""), Order.NEXT_VISIT)
    only = _one_of(Only, asked.get("show", ""), Only.EVERYONE)
    search = asked.get("find", "").strip()[:120]
    number = asked.get("page", "")

    def read(db: Session) -> CaseloadPage:
        return read_caseload(
            db,
            current.provider_id(),
            now=current.now(),
            order=order,
            search=search,
            only=only,
            page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        )

    with current.unit_of_work() as db:
        audit.record(
            db,
            Act.VIEWED_CASELOAD,
            now=current.now(),
            actor_account_id=current.account().account_id,
            provider_id=current.provider_id(),
        )
        page = read(db)
    if page.behind:
        behind = caseload_lines.behind_among(current.db(), page.behind[:PAGE], now=current.now())
        lines = work_out(current.db(), behind, now=current.now())
        with current.unit_of_work() as db:
            caseload_lines.put_lines(db, lines)
            page = read(db)

    def here(**other: str | int | None) -> str:
        kept: dict[str, Any] = {"sort": order, "show": only, "find": search or None}
        return flask.url_for("patients.caseload", **{**kept, **other})

    return flask.render_template(
        "patients/caseload.html",
        page=page,
        search=search,
        order=order.value,
        only=only.value,
        orders=[(one.value, _(text)) for one, text in ORDERS.items()],
        filters=[(_(text), here(show=one), one is only) for one, text in FILTERS.items()],
        here=flask.url_for("patients.caseload"),
        earlier=here(page=page.number - 1),
        further=here(page=page.number + 1),
    )


def _one_of(choices: type[_Choice], text: str, usual: _Choice) -> _Choice:
    try:
        return choices(text)
    except ValueError:
        return usual


def show(patient_id: str) -> str:
    """One person before a visit, through what they share with this provider."""
    with current.look_at(patient_id) as (db, patient, sight):
        rows = read_brief_rows(db, patient, sight, provider_id=current.provider_id(), now=current.now())
        desk = read_desk(db, rows)
    shown = brief_of(rows, asked=flask.request.args.get("range", ""))
    links = {
        name: flask.url_for("figures.show", patient_id=patient_id, figure=name, range=shown.period.choice)
        for name in FIGURES
    }
    return flask.render_template("patients/show.html", shown=shown, desk=desk, links=links)
