"""The few ways in which Tideline says no.

Low floors raise one of these with a code; the edge (web pages, command line) turns the code into one clear
sentence, once, in ``journal.messages``. No sentence lives here.
"""

from __future__ import annotations

CHANGED_MEANWHILE = "changed_meanwhile"
"""The code of what is refused because it was changed since the person who asks has seen it."""


class JournalError(Exception):
    """Anything Tideline refuses on purpose. Other exceptions are faults."""


class Refused(JournalError):
    """What was asked cannot be done as asked.

    ``code`` names the reason for ``journal.messages``; ``field`` names the form field or setting it belongs to,
    if one does; ``details`` fill the sentence's gaps (numbers, names of columns). Never a person's own words.
    """

    def __init__(self, code: str, *, field: str | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details


class RefusedFields(JournalError):
    """A form with several things to fix: everything at once, so that nobody fixes one only to meet the next."""

    def __init__(self, problems: list[Refused]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class NotFound(JournalError):
    """It does not exist, or this person may not know that it does. The web answers 404 to both."""
