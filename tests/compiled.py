"""What one process of tests compiles once, for all of the applications and databases that its tests make.

Nothing of it knows the application or the database that it was compiled for: each test still has its own.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from types import CodeType, MethodType
from typing import Any, ClassVar

import flask
import jinja2
from flask.templating import DispatchingJinjaLoader
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from journal.storage.database import Database

STATEMENTS: LRUCache[object, object] = LRUCache(1000)


class Templates(DispatchingJinjaLoader):
    """Where an application finds its templates: the code of each is compiled for the first that asks."""

    known: ClassVar[dict[tuple[object, str], CodeType]] = {}

    def load(
        self, environment: jinja2.Environment, name: str, given: MutableMapping[str, Any] | None = None
    ) -> jinja2.Template:
        key = self.app.template_folder, name
        if key not in self.known:
            source, filename, _is_fresh = self.get_source(environment, name)
            self.known[key] = environment.compile(source, name, filename)
        return environment.template_class.from_code(environment, self.known[key], given or {})


class Rules:
    """The parts of each rule, and the functions that build its addresses: most of what an application is made of."""

    parts = "_parts", "_trace", "_converters", "arguments"
    builders = "_build", "_build_unknown"

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], dict[str, Any]] = {}
        self._compile = Rule.compile

    def compile(self, rule: Rule) -> None:
        assert rule.map is not None
        host = rule.host if rule.map.host_matching else rule.subdomain
        key = rule.rule, host, rule.merge_slashes, repr(rule.defaults), tuple(rule.map.converters.items())
        known = self._known.get(key)
        if known is None:
            self._compile(rule)
            bound = {name: getattr(rule, name).__func__ for name in self.builders}
            self._known[key] = {name: getattr(rule, name) for name in self.parts} | bound
            return
        for name in self.parts:
            setattr(rule, name, known[name])
        for name in self.builders:
            setattr(rule, name, MethodType(known[name], rule))


def share() -> None:
    """Let all applications of this process take part."""
    rules = Rules()
    flask.Flask.create_global_jinja_loader = lambda app: Templates(app)  # type: ignore[method-assign,assignment]
    Rule.compile = lambda rule: rules.compile(rule)  # type: ignore[method-assign]
    # To the store of compiled statements each engine's dialect is another; those of SQLite say the same here.
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def share_statements(database: Database) -> None:
    """Let this SQLite database take part: it says statements as they were compiled for another."""
    for sessions in (database._writes, database._reads):
        sessions.kw["bind"].update_execution_options(compiled_cache=STATEMENTS)
