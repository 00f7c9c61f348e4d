"""What every page of a course stands on: whose course it is, who looks at it, and the addresses on their side."""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import flask

from journal.domain.days import local_day
from journal.services import courses as acts
from journal.storage import clinics
from journal.web import current
from journal.web.course_pages import CoursePage, read_course_page
from journal.web.either_side import Here


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at whose course: the page, the zone of the writer's wall, and the names of others who keep it."""

    patient_id: str | None
    name: str
    region: str
    today: date
    zone: str
    page: CoursePage
    keepers: list[str]

    def given(self) -> dict[str, object]:
        """What every template of a course is given."""
        return {
            "own": self.patient_id is None,
            "patient_id": self.patient_id,
            "name": self.name,
            "page": self.page,
            "zone": self.zone,
            "keepers": self.keepers,
            "url": functools.partial(address, self.patient_id),
        }


def desk_of(here: Here, patient_id: str | None) -> Desk:
    """The course of this patient as whoever asks may see and keep it."""
    today = local_day(current.now(), here.patient.zone)
    zone, side, keepers = here.patient.zone, None, list[str]()
    if here.writer.provider_id is not None:
        place = clinics.workplace_of(here.db, here.writer.provider_id)
        zone, side = place.zone, place.people
    else:
        keepers = [one.name for one in acts.keepers(here.db, here.patient.id, now=current.now())]
    movable: Collection[int] | None = () if keepers else side
    return Desk(
        patient_id=patient_id,
        name=here.patient.display_name,
        region=here.patient.region,
        today=today,
        zone=zone,
        keepers=keepers,
        page=read_course_page(
            here.db,
            here.patient,
            here.writer.sight,
            mine=movable,
            today=today,
            for_provider=patient_id is not None,
        ),
    )


def address(
    patient_id: str | None, name: str = "", *, treatment_id: str | None = None, said: str | None = None
) -> str:
    """The address of one of these pages, the course itself unless named, on the side of whoever reads."""
    if patient_id is None:
        endpoint = f"courses.{name or 'mine'}"
    else:
        endpoint = f"courses.{name}_for_patient" if name else "courses.of_patient"
    return flask.url_for(endpoint, patient_id=patient_id, treatment_id=treatment_id, said=said)
