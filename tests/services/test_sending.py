"""How a sending ends when it does not end well."""

from __future__ import annotations

from journal.services.sending import Gone, NotSent


def test_what_is_gone_is_never_tried_again() -> None:
    gone = Gone("subscription ended")
    assert isinstance(gone, NotSent)
    assert (gone.reason, gone.permanent, gone.retry_after) == ("subscription ended", True, None)
