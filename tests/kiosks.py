"""A tablet that Bob hands to Alice, for the tests of the kiosk."""

from __future__ import annotations

from flask.testing import FlaskClient

from journal.services.kiosk import Handed, hand_over
from tests.builders import the_patient
from tests.conftest import Site

SCORED = {f"q{number}": "1" for number in range(1, 9)}
"""A PHQ-8 of 8 points, or all but the ninth item of a PHQ-9."""


def handed(site: Site, instrument: str = "phq8") -> Handed:
    """The code that Bob gets for Alice's questionnaire."""
    with site.database.unit_of_work() as db:
        return hand_over(
            db,
            the_patient(db, site.cast.alice),
            instrument=instrument,
            provider_id=site.cast.bob.provider_id,
            actor_account_id=site.cast.bob.account_id,
            now=site.clock.moment,
        )


def tablet(site: Site, instrument: str = "phq8") -> FlaskClient:
    """A browser on which the code was typed."""
    made, browser = handed(site, instrument), site.stranger()
    answer = browser.post(f"/kiosk/{made.place}", data={"code": made.code})
    assert (answer.status_code, answer.location) == (303, "/kiosk")
    return browser
