"""A form that could not be answered yet, kept on the page that says so: nothing a person typed gets lost.

It stands in hidden fields and is sent again as it was, by a button. Secrets are never kept, and files cannot be.
"""

from __future__ import annotations

from dataclasses import dataclass

import flask
from werkzeug.datastructures import MultiDict

from journal.web import ways_back

# Sent again from the page they would stand in it, so these are typed again instead.
_SECRETS = frozenset({"password", "present", "code"})
_KEPT_AT_MOST = 256 * 1024
_TOKEN = "csrf_token"  # noqa: S105 - the name of the field
_MARK = "kept."
_TO = "kept_for"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was sent, and what stood in it, without its proof of origin: the page gives it a new one."""

    action: str
    fields: list[tuple[str, str]]

    def hidden(self) -> list[tuple[str, str]]:
        """The fields that carry it through another form."""
        return [(_TO, self.action), *((f"{_MARK}{name}", value) for name, value in self.fields)]


def sent() -> list[tuple[str, str]]:
    """What the present request's form sent, its proof of origin too; nothing of one with a secret in it."""
    asked = flask.request
    is_form = asked.mimetype == "application/x-www-form-urlencoded"
    if not is_form or (asked.content_length or 0) > _KEPT_AT_MOST or _SECRETS & asked.form.keys():
        return []
    return list(asked.form.items(multi=True))


def of_request() -> KeptForm | None:
    """The present request's form, whose proof of origin was found good; None where it cannot be kept."""
    action = ways_back.form(flask.request.full_path.removesuffix("?"))
    fields = sent()
    if action is None or not fields:
        return None
    return KeptForm(action, [(name, value) for name, value in fields if name != _TOKEN])


def carried_by(form: MultiDict[str, str]) -> KeptForm | None:
    """The form that another one carries in its hidden fields, if it does."""
    action = ways_back.form(form.get(_TO))
    if action is None:
        return None
    marked = [
        (name.removeprefix(_MARK), value) for name, value in form.items(multi=True) if name.startswith(_MARK)
    ]
    return KeptForm(action, [pair for pair in marked if pair[0] not in _SECRETS | {_TOKEN}])
