"""The form of a provider's note."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.errors import RefusedFields
from journal.services.provider_notes import Said
from journal.web.forms.provider_notes import NoteForm
from tests.conftest import Site


def sent(site: Site, **fields: str) -> NoteForm:
    with site.app.test_request_context(method="POST", data=fields):
        return NoteForm(meta={"csrf": False})


def test_what_was_typed_becomes_values(site: Site) -> None:
    form = sent(
        site, text=" Ask ", look_again_on="2026-04-09", for_colleagues="1", version="3", place="brief"
    )
    assert form.said() == Said(" Ask ", True, date(2026, 4, 9))
    assert form.seen_version() == 3
    assert form.stood_on_brief()


def test_without_a_day_there_is_nothing_to_look_at_again(site: Site) -> None:
    form = sent(site, text="Ask", look_again_on=" ")
    assert form.said() == Said("Ask", False, None)
    assert not form.stood_on_brief()


def test_a_day_that_cannot_be_read_is_refused(site: Site) -> None:
    with pytest.raises(RefusedFields, match="not_a_day"):
        sent(site, text="Ask", look_again_on="tomorrow").said()
