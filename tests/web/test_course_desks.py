"""Whose course it is: the addresses of each side, and who keeps it."""

from __future__ import annotations

from journal.services.writers import Writer
from journal.web.course_desks import address, desk_of
from journal.web.either_side import Here
from tests.builders import the_patient
from tests.conftest import Site


def test_each_side_has_addresses_of_its_own(site: Site) -> None:
    with site.app.test_request_context():
        assert [address(None), address(None, "plan"), address(None, "move", treatment_id="t")] == [
            "/course",
            "/course/plan",
            "/course/t/move",
        ]
        assert [address("p"), address("p", "phase"), address("p", said="cancelled")] == [
            "/patients/p/course",
            "/patients/p/course/phase",
            "/patients/p/course?said=cancelled",
        ]


def test_a_patient_is_told_who_keeps_the_course_and_a_provider_is_not(site: Site) -> None:
    alice, bob = site.cast.alice, site.cast.bob
    with site.app.test_request_context(), site.database.look() as db:
        patient = the_patient(db, alice)
        own = desk_of(Here(db, patient, Writer(alice.account_id)), None)
        provider = desk_of(Here(db, patient, Writer(bob.account_id, bob.provider_id)), alice.public_id)
    assert (own.keepers, provider.keepers) == (["Bob"], [])
    assert (own.given()["own"], provider.given()["own"]) == (True, False)
