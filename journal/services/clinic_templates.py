"""Writing what a clinic says before and after a session. Clinicians do it: they answer for what it tells a patient."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.clinic_templates import ClinicTemplate, check
from journal.domain.errors import CHANGED_MEANWHILE, Refused
from journal.storage import audit, clinic_templates
from journal.storage.audit import Act


def save_template(
    db: Session,
    clinic_id: int,
    said: ClinicTemplate,
    *,
    examples: ClinicTemplate,
    adopts: bool,
    language: str,
    seen_version: int,
    actor_account_id: int,
    now: datetime,
) -> None:
    """Keep ``said`` as the clinic's words, in ``language``.

    ``examples`` are the examples as its writer read them: a part that still says the same, and was not the clinic's
    own before, stays one, unless ``adopts``: what is left is then theirs. Refuses what
    ``domain.clinic_templates.check`` refuses, and ``changed_meanwhile`` where another was kept since.
    """
    check(said)
    before = clinic_templates.template_of(db, clinic_id).template
    if not adopts:
        left = {name: None for name in before.examples if getattr(said, name) == getattr(examples, name)}
        said = replace(said, **left)
    if said == before:
        return
    kept = clinic_templates.put_template(
        db, clinic_id, said, language=language, seen_version=seen_version, now=now
    )
    if not kept:
        raise Refused(CHANGED_MEANWHILE)
    audit.record(db, Act.TEMPLATE_CHANGED, now=now, actor_account_id=actor_account_id)
