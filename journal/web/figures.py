"""How one figure of a brief was computed: the same patient, through the same consent, written down as the same look."""

from __future__ import annotations

import flask

from journal.web import current
from journal.web.brief.figure_pages import figure_page
from journal.web.brief.rows import read_brief_rows


def show(patient_id: str, figure: str) -> str:
    """One figure with its formula and every row that entered; 404 for one that there is not, or that is not open."""
    asked = flask.request.args.get("range", "")
    with current.look_at(patient_id) as (db, patient, sight):
        rows = read_brief_rows(db, patient, sight, provider_id=current.provider_id(), now=current.now())
        page = figure_page(figure, rows, asked=asked)
        if page is None:
            flask.abort(404)
    can_choose = figure == "drift" and rows.course is not None
    return flask.render_template(
        "figures/show.html",
        page=page,
        name=patient.display_name,
        back=flask.url_for("patients.show", patient_id=patient_id, range=asked or None),
        steady=flask.url_for("steady_days.edit", patient_id=patient_id) if can_choose else "",
    )
