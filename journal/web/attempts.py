"""What became of a form that was sent: it was done, or why not, in a sentence for each field.

    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            acts.save_plan(db, patient, form.plan(), now=current.now())
        if attempt.succeeded:
            return flask.redirect(flask.url_for("support.plan"), 303)
    page = flask.render_template("support/edit.html", form=form, errors=attempt.errors)
    return page, attempt.status

What is refused is caught here and nowhere else in a view; whatever else goes wrong passes through. Forms of which more
comes than done or refused (a check-in, a questionnaire) speak for themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from journal.domain.consents import Sight
from journal.domain.errors import CHANGED_MEANWHILE, Refused, RefusedFields
from journal.messages import by_field
from journal.storage.patients import Patient
from journal.web import current


class Attempt:
    """One try to do what a form asks for; before it is made, neither succeeded nor refused.

    ``errors`` holds the sentence for each field, ``was_faster`` whether somebody else changed it meanwhile.
    """

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}
        self.was_faster = False
        self.succeeded = False

    @property
    def status(self) -> int:
        """Of the page that is shown where the attempt did not succeed: 422 for a form that was refused."""
        return 422 if self.errors else 200

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Do what is asked for within, where the transaction is somebody else's."""
        try:
            yield
        except (Refused, RefusedFields) as fault:
            self.errors = by_field(fault)
            self.was_faster = isinstance(fault, Refused) and fault.code == CHANGED_MEANWHILE
        else:
            self.succeeded = True

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Do what is asked for within, in one transaction; what is refused leaves nothing written."""
        with self.trying(), current.unit_of_work() as db:
            yield db

    @contextmanager
    def writing_about(self, patient_id: str) -> Iterator[tuple[Session, Patient, Sight]]:
        """The same for a provider's form about a patient, looked up through the consent; else 404.

        A refused one is shown again with what it is about, so the look is written down.
        """
        with self.writing() as db:
            yield db, *current.patient_or_404(db, patient_id)
        if not self.succeeded:
            current.write_down_look(patient_id)
