"""Bringing a file in, step by step, and taking a copy of everything out."""

from __future__ import annotations

from collections.abc import Mapping

import flask
from flask.typing import ResponseReturnValue

from journal.domain.consents import Scope
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.words import translatable
from journal.interop.csv_export import write_archive
from journal.interop.importers.mood_names import mood_key
from journal.interop.records import ImportPreview
from journal.interop.tables import MAX_BYTES
from journal.interop.tideline import write_document
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.messages import SENTENCES, by_field
from journal.services import restoring
from journal.services import transfers as acts
from journal.services.transfers import Arrival
from journal.storage import patients, transfers
from journal.storage.patients import Patient
from journal.web import current
from journal.web.forms.transfers import (
    A_WORD,
    LEVELS,
    NAMES_MOST,
    Action,
    TransferForm,
    field_of,
    read_levels,
)
from journal.wording import whole

LISTED = 50
"""Rows of one kind that a preview shows; beyond that their number."""
LEVEL_WORDS = {
    5: translatable("5, the best"),
    3: translatable("3, in the middle"),
    1: translatable("1, the lowest"),
}
PARTS = {
    "check_ins": translatable("Check-ins"),
    "treatment_sessions": translatable("Sessions"),
    "assessments": translatable("Questionnaires"),
    "appointments": translatable("Appointments"),
    "imports": translatable("Files of other apps"),
}


def bring_in() -> ResponseReturnValue:
    """Choose a file; see what is in it; keep it. Files that were brought in before are shared or removed here."""
    form = TransferForm()
    if not form.validate_on_submit():
        return _done() or _first_step({})
    action = form.action.data
    try:
        if action == Action.LOOK:
            return _look(form)
        if action == Action.BRING_IN:
            return _bring_in(form)
    except Refused as fault:
        return _first_step(by_field(fault)), 422
    _change(action or "", form.batch.data or "")
    return flask.redirect(flask.url_for("transfers.bring_in", saved=1), 303)


def take_out() -> str:
    """What a copy holds and what it does not, and the two ways to take one."""
    return flask.render_template("transfers/take_out.html")


def as_json() -> flask.Response:
    """Everything as one document, which goes back into an empty journal of any Tideline."""
    return _download(write_document(_everything()), kind="application/json", suffix="json")


def as_csv() -> flask.Response:
    """Everything as tables for a spreadsheet, in one archive."""
    return _download(write_archive(_everything()), kind="application/zip", suffix="zip")


def _look(form: TransferForm) -> ResponseReturnValue:
    """The second step: what the file holds. Nothing is kept, the file travels on with the page."""
    upload = form.file.data
    if not upload or not upload.filename:
        raise Refused("file_missing", field="file")
    content = upload.read()
    return _preview(current.patient(), upload.filename, content)


def _bring_in(form: TransferForm) -> ResponseReturnValue:
    """The third step: keep it, if nothing is left open."""
    patient = current.patient()
    filename, content = acts.opened_from_last_step(current.db(), patient, form.sealed.data or "")
    actor = current.account().account_id
    if _is_document(filename):
        with current.unit_of_work() as db:
            restoring.restore(db, patient, content, actor_account_id=actor, now=current.now())
        return flask.redirect(flask.url_for("transfers.bring_in", restored=1), 303)
    arrival = acts.look_into_daylio(current.db(), patient, content, filename=filename, now=current.now())
    try:
        levels = read_levels(flask.request.form, arrival.preview.unknown_moods)
    except RefusedFields as fault:
        values = flask.request.form
        return _preview(patient, filename, content, values=values, errors=by_field(fault)), 422
    with current.unit_of_work() as db:
        brought = acts.bring_in_daylio(
            db,
            patient,
            content,
            filename=filename,
            mood_levels=levels,
            actor_account_id=actor,
            now=current.now(),
        )
    return flask.redirect(flask.url_for("transfers.bring_in", brought=brought.batch_id or "nothing"), 303)


def _change(action: str, batch_id: str) -> None:
    patient = current.patient()
    with current.unit_of_work() as db:
        if action in {Action.SHARE, Action.KEEP_PRIVATE}:
            acts.share_import(db, patient, batch_id, shared=action == Action.SHARE)
        elif action == Action.REMOVE:
            acts.remove_import(db, patient, batch_id)
        else:
            raise NotFound


def _first_step(errors: Mapping[str, str]) -> str:
    patient = current.patient()
    return flask.render_template(
        "transfers/bring_in.html",
        errors=errors,
        is_saved="saved" in flask.request.args,
        batches=transfers.batches(current.db(), patient.id),
        readers=_readers(patient),
        zone=patient.zone,
        most_mib=MAX_BYTES // 1024 // 1024,
    )


def _preview(
    patient: Patient,
    filename: str,
    content: bytes,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    db = current.db()
    if _is_document(filename):
        found = restoring.look_into_document(db, patient, content)
        return flask.render_template(
            "transfers/restore.html",
            sealed=_sealed(patient, filename, content),
            stats=[(_(words), whole(found.counts[name]), None) for name, words in PARTS.items()],
            found=found,
        )
    arrival = acts.look_into_daylio(db, patient, content, filename=filename, now=current.now())
    unknown = arrival.preview.unknown_moods
    if len(unknown) > NAMES_MOST:
        raise Refused("moods_too_many", field="file", count=len(unknown))
    return flask.render_template(
        "transfers/preview.html",
        arrival=arrival,
        preview=arrival.preview,
        sealed="" if arrival.preview.problems else _sealed(patient, filename, content),
        stats=_stats(arrival),
        problems=_problems(arrival.preview),
        listed=LISTED,
        moods=[(field_of(number), one) for number, one in enumerate(unknown)],
        choices=_choices(),
        values=_said_before(patient, arrival.preview) if values is None else values,
        errors=errors or {},
        # in the list at the top each sentence stands alone, so it names the mood it is about
        summary=[
            (field, f"{one.name}: {sentence[0].lower()}{sentence[1:]}")
            for number, one in enumerate(unknown)
            if (sentence := (errors or {}).get(field := field_of(number)))
        ],
    )


def _choices() -> list[tuple[str, str]]:
    """What a name of another app can stand for."""
    levels = [
        (value, _(LEVEL_WORDS[level]) if level in LEVEL_WORDS else value) for value, level in LEVELS.items()
    ]
    return [("", pgettext("a list", "Choose")), *levels, (A_WORD, _("Keep the word, no number"))]


def _said_before(patient: Patient, preview: ImportPreview) -> dict[str, str]:
    """What the person chose for these names when they brought in an earlier file: not a guess, and open to change."""
    if not preview.unknown_moods:
        return {}
    before = acts.levels_said_before(current.db(), patient, source=preview.source)
    chosen = {}
    for number, mood in enumerate(preview.unknown_moods):
        key = mood_key(mood.name)
        if key in before:
            chosen[field_of(number)] = A_WORD if before[key] is None else str(before[key])
    return chosen


def _done() -> str | None:
    """The third step's answer, after the redirect."""
    patient = current.patient()
    brought = flask.request.args.get("brought", "")
    batch = next(
        (one for one in transfers.batches(current.db(), patient.id) if one.public_id == brought), None
    )
    if batch is None and brought != "nothing" and "restored" not in flask.request.args:
        return None
    return flask.render_template(
        "transfers/done.html", batch=batch, is_restored="restored" in flask.request.args
    )


def _everything() -> dict[str, object]:
    with current.unit_of_work() as db:
        return acts.take_out(
            db, current.patient(), actor_account_id=current.account().account_id, now=current.now()
        )


def _download(content: bytes, *, kind: str, suffix: str) -> flask.Response:
    answer = flask.make_response(content)
    answer.content_type = kind
    # The name is made of nothing that a person typed, and says nothing about them.
    answer.headers["Content-Disposition"] = f'attachment; filename="tideline-{current.today()}.{suffix}"'
    return answer


def _sealed(patient: Patient, filename: str, content: bytes) -> str:
    sealed = acts.sealed_for_next_step(current.db(), patient, content, filename=filename)
    if len(sealed) > MAX_BYTES:
        raise Refused("file_too_large_here", field="file")
    return sealed


def _is_document(filename: str) -> bool:
    return filename.lower().endswith(".json")


def _stats(arrival: Arrival) -> list[tuple[str, str, str | None]]:
    known = (
        ngettext("%(num)s here already", "%(num)s here already", arrival.known, num=whole(arrival.known))
        if arrival.known
        else None
    )
    return [
        (pgettext("file", "Entries"), whole(len(arrival.preview.entries)), None),
        (pgettext("entries", "New"), whole(len(arrival.new)), known),
    ]


def _problems(preview: ImportPreview) -> list[tuple[int, str, str]]:
    return [(one.file_row, _(SENTENCES[one.code]), one.text) for one in preview.problems[:LISTED]]


def _readers(patient: Patient) -> list[str]:
    found = patients.readers_of(current.db(), patient.id, now=current.now())
    return [one.name for one in found if one.sight.opens(Scope.SCORES)]
