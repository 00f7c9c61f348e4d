"""What a provider sees: the list of people who share with them, and one person's page before a visit.

Both pages read and write down that they were read in one transaction. What a consent does not open, and days before
it begins, never leave the queries; a page says that a part is not shared, and nothing about what is in it.
"""

from __future__ import annotations

import flask

from journal.languages import gettext as _
from journal.storage import audit
from journal.storage.audit import Act
from journal.storage.patients import CaseloadOrder
from journal.web import current
from journal.web.brief_desks import read_desk
from journal.web.brief_rows import read_brief_rows
from journal.web.briefs import brief_of
from journal.web.caseloads import ORDERS, CaseloadPage, read_caseload


def caseload() -> str:
    """Everybody who shares with this provider, those with a visit today first; 50 a page."""
    asked = flask.request.args
    try:
        order = CaseloadOrder(asked.get("sort", ""))
    except ValueError:
        order = CaseloadOrder.NEXT_VISIT
    search = asked.get("find", "").strip()[:120]
    number = asked.get("page", "")
    with current.unit_of_work() as db:
        audit.record(
            db,
            Act.VIEWED_CASELOAD,
            now=current.now(),
            actor_account_id=current.account().account_id,
            provider_id=current.provider_id(),
        )
        page: CaseloadPage = read_caseload(
            db,
            current.provider_id(),
            now=current.now(),
            order=order,
            search=search,
            page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        )
    here = flask.url_for("patients.caseload")
    return flask.render_template(
        "patients/caseload.html",
        page=page,
        search=search,
        order=order.value,
        orders=[
            (_(text), flask.url_for("patients.caseload", sort=one.value, find=search or None), one is order)
            for one, text in ORDERS.items()
        ],
        here=here,
    )


def show(patient_id: str) -> str:
    """One person before a visit, through what they share with this provider."""
    with current.look_at(patient_id) as (db, patient, sight):
        rows = read_brief_rows(db, patient, sight, provider_id=current.provider_id(), now=current.now())
        desk = read_desk(db, rows)
    shown = brief_of(rows, asked=flask.request.args.get("range", ""))
    return flask.render_template("patients/show.html", shown=shown, desk=desk)
