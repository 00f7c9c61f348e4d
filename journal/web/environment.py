"""Jinja as this site runs it. Filters and what templates may name are registered in ``filters`` and ``app``."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import flask.templating


class Environment(flask.templating.Environment):
    """Flask's environment; every template shares the one map of globals.

    Jinja gives each template a chain of two maps, and looks through it key by key whenever a template imports a macro.
    A page of ours imports twenty.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template, which are everybody's unless it is given some of its own."""
        return super().make_globals(d) if d else self.globals
