"""The form of what a clinic says about its flags: text becomes values. What may be said is asked of the services."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from journal.services.flag_reviews import Said
from journal.storage.flag_reviews import Review

DAYS = range(1, 8)
"""Every day of the week, Monday first."""


class ReviewForm(FlaskForm):
    """Everything as typed and chosen, so that a refused form shows it again."""

    phone = StringField()
    reviewer = StringField()
    day_1 = StringField()
    day_2 = StringField()
    day_3 = StringField()
    day_4 = StringField()
    day_5 = StringField()
    day_6 = StringField()
    day_7 = StringField()
    sends_notes = BooleanField()

    def said(self) -> Said:
        """The values; a day that is nobody's is left out."""
        return Said(
            phone=" ".join((self.phone.data or "").split()),
            reviewer=self.reviewer.data or "",
            rota={day: name for day in DAYS if (name := self[f"day_{day}"].data)},
            sends_notes=bool(self.sends_notes.data),
        )


def filled(review: Review | None, *, phone: str, public_ids: dict[int, str]) -> dict[str, object]:
    """The form as it stands; ``public_ids`` of providers by id."""
    said: dict[str, object] = {"phone": phone}
    if review is not None:
        said["reviewer"] = public_ids.get(review.reviewer_id, "")
        said["sends_notes"] = review.wants_notes
        said |= {f"day_{day}": public_ids.get(who, "") for day, who in review.rota.items()}
    return said
