"""The form of one activity."""

from __future__ import annotations

from tests.conftest import Site


def test_a_switch_that_is_off_sends_nothing_and_is_read_as_off(site: Site) -> None:
    from journal.web.forms.activities import ActivityForm

    with site.app.test_request_context(method="POST", data={"label": "Choir", "shared": "1"}):
        form = ActivityForm()
        assert (form.chip.data, form.label.data, form.shared.data, form.hidden.data) == (
            None,
            "Choir",
            True,
            False,
        )
