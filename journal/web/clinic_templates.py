"""What a clinic says before and after a session: how its patients read it, and where its clinicians write it."""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal import languages
from journal.domain.clinic_templates import (
    EXAMPLE_ITEMS,
    EXAMPLE_TEXTS,
    ITEM_LENGTH,
    TEXT_LENGTH,
    TEXTS,
    ChecklistItem,
    ClinicTemplate,
)
from journal.domain.treatment_records import CHECKLIST_MOST
from journal.domain.treatments import TreatmentSession
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.services import clinic_templates as acts
from journal.storage import clinic_templates, clinics
from journal.storage.clinic_templates import KeptTemplate
from journal.storage.patients import Patient
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.clinic_templates import NEW_LINES, TemplateForm, read_template

TITLES = {
    "what_to_expect": translatable("What to expect"),
    "ask_first": translatable("Who should ask their clinic first"),
    "food_and_drink": translatable("Food, drink and medicines"),
    "aftercare": translatable("After the session"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One text or line as a patient reads it. ``lang`` is set where it may be another language than the page's."""

    text: str
    is_example: bool
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class ShownTemplate:
    """A clinic's words as its patients read them; ``clinic`` is empty where there is none, and all is an example.

    ``items`` are the lines to tick by their ids. A part about which the clinic says nothing is left out of ``texts``.
    """

    clinic: str
    items: dict[str, Shown]
    texts: dict[str, Shown]

    @property
    def items_are_examples(self) -> bool:
        """Whether the lines to tick are the shipped ones."""
        return any(item.is_example for item in self.items.values())


def shown_to(db: Session, patient: Patient, treatment: TreatmentSession) -> ShownTemplate:
    """The words for a session of a patient: of the clinic that recorded it, else of one that reads their sessions."""
    clinic = clinic_templates.clinic_for(db, patient.id, treatment.by_provider_id, now=current.now())
    if clinic is None:
        return _shown("", KeptTemplate(ClinicTemplate()))
    return _shown(clinic.name, clinic_templates.template_of(db, clinic.id))


def edit() -> ResponseReturnValue:
    """A clinician writes the words of their own clinic."""
    provider = clinics.provider_by_id(current.db(), current.provider_id())
    clinic = clinics.clinic_of(current.db(), provider)
    before = clinic_templates.template_of(current.db(), clinic.id)
    form = TemplateForm()
    filled = _filled(before.template)
    attempt = Attempt()
    if form.validate_on_submit():
        filled = read_template(flask.request.form, form)
        with attempt.writing() as db:
            acts.save_template(
                db,
                clinic.id,
                filled,
                examples=_filled(ClinicTemplate()),
                adopts=form.adopts.data == "1",
                language=languages.spoken(),
                seen_version=form.seen_version(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            flask.flash("template")
            return flask.redirect(flask.url_for("clinic_templates.edit"), 303)
        before = clinic_templates.template_of(current.db(), clinic.id)
    page = flask.render_template(
        "clinic_templates/edit.html",
        clinic=clinic.name,
        form=form,
        items=filled.checklist or (),
        new_lines=NEW_LINES,
        is_full=len(filled.checklist or ()) + len(NEW_LINES) > CHECKLIST_MOST,
        texts=[(name, _(TITLES[name]), getattr(filled, name) or "") for name in TEXTS],
        examples=before.template.examples,
        version=before.version,
        changed_at=before.changed_at,
        zone=clinic.zone,
        item_length=ITEM_LENGTH,
        text_length=TEXT_LENGTH,
        errors=attempt.errors,
        is_saved=bool(flask.get_flashed_messages()) and not attempt.errors,
    )
    return page, attempt.status


def _filled(template: ClinicTemplate) -> ClinicTemplate:
    """A template with the examples, in the language being spoken, where the clinic has written nothing."""
    items = template.checklist
    if items is None:
        items = tuple(ChecklistItem(name, _(text)) for name, text in EXAMPLE_ITEMS.items())
    texts = {name: getattr(template, name) for name in TEXTS}
    return ClinicTemplate(
        checklist=items,
        **{name: _(EXAMPLE_TEXTS[name]) if text is None else text for name, text in texts.items()},
    )


def _shown(clinic: str, kept: KeptTemplate) -> ShownTemplate:
    filled, examples = _filled(kept.template), kept.template.examples
    other = kept.language if kept.language != languages.spoken() else None

    def said(part: str, text: str) -> Shown:
        is_example = part in examples
        return Shown(text, is_example, None if is_example else other)

    return ShownTemplate(
        clinic=clinic,
        items={item.id: said("checklist", item.text) for item in filled.checklist or ()},
        texts={name: said(name, text) for name in TEXTS if (text := getattr(filled, name))},
    )
