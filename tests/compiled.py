"""What one process of tests compiles once, for all of the applications and databases that its tests make.

Nothing of it knows the application or the database that it was compiled for: each test still has its own.
"""

from __future__ import annotations

from collections.abc import Callable

import flask
import jinja2
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from journal.storage.database import Database

Builder = Callable[..., tuple[str, str]]

STATEMENTS: LRUCache[object, object] = LRUCache(1000)


class Templates(jinja2.BytecodeCache):
    """The code of each template."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, bytes]] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        checksum, code = self._known.get(bucket.key, ("", b""))
        if checksum == bucket.checksum:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._known[bucket.key] = bucket.checksum, bucket.bytecode_to_string()


class Builders:
    """The function that builds the addresses of each rule: to compile them was most of making an application."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Builder] = {}
        self._compile = Rule._compile_builder

    def of(self, rule: Rule, appends: bool) -> Builder:
        key = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults), appends
        if key not in self._known:
            self._known[key] = self._compile(rule, appends)
        return self._known[key]


def share() -> None:
    """Let all applications of this process take part."""
    builders = Builders()
    flask.Flask.jinja_options = {"bytecode_cache": Templates()}
    Rule._compile_builder = lambda rule, appends=True: builders.of(rule, appends)  # type: ignore[method-assign]
    # To the store of compiled statements each engine's dialect is another; those of SQLite say the same here.
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def share_statements(database: Database) -> None:
    """Let this SQLite database take part: it says statements as they were compiled for another."""
    for sessions in (database._writes, database._reads):
        sessions.kw["bind"].update_execution_options(compiled_cache=STATEMENTS)
