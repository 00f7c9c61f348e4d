"""Where clinicians write what their patients read before and after a session."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa

from journal.domain.clinic_templates import ChecklistItem, ClinicTemplate
from journal.storage import clinic_templates
from journal.storage.audit import AuditEvent
from tests.conftest import Site

PAGE = "/clinic/template"


def kept(site: Site) -> ClinicTemplate:
    template: ClinicTemplate = site.look(clinic_templates.template_of, site.cast.clinic_id).template
    return template


def test_before_anything_is_written_everything_is_an_example(site: Site) -> None:
    page = site.as_(site.cast.bob).get(PAGE).text
    assert page.count("Still an example") == 5
    assert 'value="Someone will take me home"' in page


def test_what_is_changed_is_the_clinics_and_the_rest_stays_an_example(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    sent = fields_on(bob.get(PAGE).text) | {"aftercare": "Call us on the night line"}
    assert bob.post(PAGE, data=sent).status_code == 303
    assert kept(site) == ClinicTemplate(aftercare="Call us on the night line")
    assert bob.get(PAGE).text.count("Still an example") == 4


def test_examples_that_were_read_become_the_clinics_own_by_saying_so(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    bob.post(PAGE, data=fields_on(bob.get(PAGE).text) | {"adopts": "1"})
    assert kept(site).examples == frozenset()


def test_a_line_keeps_its_id_when_its_words_change_and_an_emptied_one_goes(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    sent = fields_on(bob.get(PAGE).text) | {
        "item-escort": "A driver",
        "item-quiet": " ",
        "new-1": "Bring a list",
    }
    bob.post(PAGE, data=sent)
    items = kept(site).checklist or ()
    assert [item.id for item in items[:4]] == ["escort", "fasting_ok", "medicines", "comfort"]
    assert items[0] == ChecklistItem("escort", "A driver")
    assert items[4].text == "Bring a list"


def test_what_is_too_long_is_refused_at_its_line_with_everything_typed(site: Site) -> None:
    answer = site.as_(site.cast.bob).post(
        PAGE, data={"version": "0", "item-escort": "x" * 161, "aftercare": "Rest well"}
    )
    assert answer.status_code == 422
    assert 'href="#item-escort"' in answer.text
    assert "Rest well</textarea>" in answer.text


def test_two_who_write_at_once_do_not_undo_each_other_unseen(site: Site) -> None:
    bob, carol = site.as_(site.cast.bob), site.as_(site.cast.carol)
    bob.post(PAGE, data={"version": "0", "aftercare": "From Bob"})
    answer = carol.post(PAGE, data={"version": "0", "aftercare": "From Carol"})
    assert answer.status_code == 422
    assert kept(site).aftercare == "From Bob"
    assert 'name="version" value="1"' in answer.text  # the next press is a decision


def test_the_change_is_written_down_with_its_writer_and_about_no_patient(site: Site) -> None:
    site.as_(site.cast.bob).post(PAGE, data={"version": "0", "aftercare": "Rest"})
    with site.database.look() as db:
        row = db.scalars(sa.select(AuditEvent).where(AuditEvent.act == "clinic_template_changed")).one()
    assert (row.actor_account_id, row.patient_id) == (site.cast.bob.account_id, None)


@pytest.mark.parametrize("who", ["alice", "erin"])
def test_patients_and_administrators_find_no_such_page(site: Site, who: str) -> None:
    assert site.as_(getattr(site.cast, who)).get(PAGE).status_code == 404


def test_the_words_are_marked_with_the_language_they_were_written_in(site: Site) -> None:
    with site.database.unit_of_work() as db:
        clinic_templates.put_template(
            db,
            site.cast.clinic_id,
            ClinicTemplate(aftercare="Descansa"),
            language="es",
            seen_version=0,
            now=site.clock(),
        )
        shown = clinic_templates.template_of(db, site.cast.clinic_id)
    assert (shown.language, shown.version) == ("es", 1)


def fields_on(page: str) -> dict[str, str]:
    """What the page would send as it stands."""
    inputs = re.findall(r'<input[^>]*name="(item-[^"]+|version)"[^>]*value="([^"]*)"', page)
    texts = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in [*inputs, *texts]}
