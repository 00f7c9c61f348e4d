from __future__ import annotations

from journal.domain.clinic_templates import ChecklistItem
from journal.web.forms.clinic_templates import TemplateForm, read_template
from tests.conftest import Site


def test_lines_keep_their_ids_new_ones_get_one_and_odd_names_are_passed_over(site: Site) -> None:
    sent = {"item-a": " A ", "item-b": "", "item-<x>": "odd", "new-2": "New", "aftercare": "Rest\r\nwell"}
    with site.app.test_request_context(method="POST", data=sent):
        read = read_template(sent, TemplateForm())
    assert read.checklist is not None
    assert read.checklist[0] == ChecklistItem("a", "A")
    assert [item.text for item in read.checklist] == ["A", "New"]
    assert read.checklist[1].id not in ("", "a")
    assert read.aftercare == "Rest\nwell"
