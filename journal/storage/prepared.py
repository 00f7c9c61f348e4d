"""Statements that are compiled once and then said straight to the driver.

For the two things that everybody waits for: being recognised, and a check-in. There SQLAlchemy's own execution takes
several times as long as the database. What it does is done here too, ahead of time: the dialect's SQL, the types on
the way in and out, its exceptions. The connection is the session's own, so these statements belong to its transaction.
Everything else goes through the session.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVarTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session

MANY = 5
"""From so many rows on it is quicker to convert whole columns."""

Columns = TypeVarTuple("Columns")
_Convert = Callable[[object], object] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in one dialect, and what its values go through on the way in (by name) and out (in order).

    ``fixed`` are values that the dialect added by itself (SQLite's OFFSET 0 beside a LIMIT).
    """

    sql: str
    takes_names: bool
    ways_in: tuple[tuple[str, _Convert], ...]
    fixed: Mapping[str, object]
    ways_out: tuple[_Convert, ...] = ()

    def parameters(self, values: Mapping[str, object]) -> dict[str, object] | list[object]:
        if self.fixed:
            values = {**self.fixed, **values}
        converted = [way(values[name]) if way else values[name] for name, way in self.ways_in]
        if self.takes_names:
            return {name: value for (name, _), value in zip(self.ways_in, converted, strict=True)}
        return converted

    def parameters_of_all(
        self, rows: Sequence[Mapping[str, object]]
    ) -> list[dict[str, object]] | list[tuple[object, ...]]:
        """The same for many rows, column by column: what many of them share is converted once."""
        columns = [_converted(way, [row[name] for row in rows]) for name, way in self.ways_in]
        converted = list(zip(*columns, strict=True))
        if self.takes_names:
            names = [name for name, _ in self.ways_in]
            return [dict(zip(names, row, strict=True)) for row in converted]
        return converted


def say(connection: sa.Connection, sql: str) -> None:
    """Say a statement that has neither values nor rows."""
    dialect = connection.dialect
    try:
        connection.connection.cursor().execute(sql)
    except dialect.loaded_dbapi.Error as fault:
        raise _as_sqlalchemys(fault, sql, dialect) from fault


class _Prepared:
    """A Core statement in which every value is a bind parameter with a name; nothing is filled in by default."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def _say(
        self, db: Session, values: Mapping[str, object] | Sequence[Mapping[str, object]]
    ) -> tuple[_Compiled, DBAPICursor]:
        connection = db.connection()
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = self._compile(dialect)
        cursor = connection.connection.cursor()
        try:
            if isinstance(values, Mapping):
                cursor.execute(compiled.sql, compiled.parameters(values))
            else:
                cursor.executemany(compiled.sql, compiled.parameters_of_all(values))
        except dialect.loaded_dbapi.Error as fault:
            raise _as_sqlalchemys(fault, compiled.sql, dialect) from fault
        return compiled, cursor

    def _compile(self, dialect: Dialect) -> _Compiled:
        raise NotImplementedError


class Question(_Prepared, Generic[*Columns]):
    """A SELECT."""

    def __init__(self, statement: sa.Select[*Columns]) -> None:
        super().__init__(statement)
        self._columns = tuple(statement.selected_columns)

    def rows(self, db: Session, values: Mapping[str, object]) -> list[tuple[*Columns]]:
        """The rows it finds, as plain tuples."""
        compiled, cursor = self._say(db, values)
        found = cursor.fetchall()
        cursor.close()
        ways = compiled.ways_out
        if not any(ways):  # plain tuples already, of either driver
            rows = found
        elif len(found) < MANY:
            rows = [
                tuple(way(value) if way else value for value, way in zip(row, ways, strict=True))
                for row in found
            ]
        else:  # column by column: most columns go through nothing, and in the others many rows share a value
            columns = zip(ways, zip(*found, strict=True), strict=True)
            rows = list(zip(*(_converted(way, values) for way, values in columns), strict=True))
        return cast(list[tuple[*Columns]], rows)

    def _compile(self, dialect: Dialect) -> _Compiled:
        ways_out = (
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in self._columns
        )
        return _compiled(self._statement, dialect, ways_out=tuple(ways_out))


class Change(_Prepared):
    """An INSERT of every column but a number that the database gives, or an UPDATE, or a DELETE."""

    def __init__(self, statement: sa.Insert | sa.Update | sa.Delete) -> None:
        super().__init__(statement)
        self._keys = None
        if isinstance(statement, sa.Insert):
            self._keys = [column.key for column in statement.table.c if column.key != "id"]

    def apply(self, db: Session, values: Mapping[str, object]) -> int:
        """How many rows it touched."""
        _, cursor = self._say(db, values)
        touched = cursor.rowcount
        cursor.close()
        return touched

    def apply_all(self, db: Session, rows: Sequence[Mapping[str, object]]) -> int:
        """The same for many rows at once; how many it touched of all of them."""
        if not rows:
            return 0
        _, cursor = self._say(db, rows)
        touched = cursor.rowcount
        cursor.close()
        return touched

    def _compile(self, dialect: Dialect) -> _Compiled:
        return _compiled(self._statement, dialect, keys=self._keys)


class Spread(_Prepared):
    """A change of many rows in one statement, which each column goes to as an array (PostgreSQL's ``unnest``).

    For what is claimed a thousand rows at a time: said once for each row, the database spends most of its time on
    listening. Its statement takes its rows from :func:`spread`.
    """

    def __init__(self, statement: sa.Insert | sa.Delete) -> None:
        super().__init__(statement)

    def apply_all(self, db: Session, rows: Sequence[Mapping[str, object]]) -> int:
        """How many rows it touched. Every row has the same names."""
        if not rows:
            return 0
        _, cursor = self._say(db, {name: [row[name] for row in rows] for name in rows[0]})
        touched = cursor.rowcount
        cursor.close()
        return touched

    def _compile(self, dialect: Dialect) -> _Compiled:
        return _compiled(self._statement, dialect)


def spread(columns: Mapping[str, sa.types.TypeEngine[Any]]) -> sa.TableValuedAlias:  # type: ignore[explicit-any]
    """The rows of a :class:`Spread`, under these names."""
    arrays = (sa.bindparam(name, type_=postgresql.ARRAY(of)) for name, of in columns.items())
    named = (sa.column(name, of) for name, of in columns.items())
    return sa.func.unnest(*arrays).table_valued(*named, name="spread").render_derived()


class Among(Generic[*Columns]):
    """A SELECT over the rows of as many numbers or texts as there are: compiled once, however many they are.

    ``statement`` gets the condition that a column is one of them. They go to the database as one value: an array
    ``of`` their type, or JSON where there are none (SQLite).
    """

    def __init__(
        self,
        column: sa.SQLColumnExpression[int] | sa.SQLColumnExpression[str],
        statement: Callable[[sa.ColumnElement[bool]], sa.Select[*Columns]],
        of: type[sa.Integer] | type[sa.String] = sa.Integer,
    ) -> None:
        listed = sa.func.json_each(sa.bindparam("among", type_=sa.Text())).table_valued("value")
        array = sa.bindparam("among", type_=postgresql.ARRAY(of))
        self._sqlite = Question(statement(column.in_(sa.select(listed.c.value))))
        self._postgresql = Question(statement(column == sa.func.any(array)))

    def rows(
        self, db: Session, these: Collection[int] | Collection[str], values: Mapping[str, object]
    ) -> list[tuple[*Columns]]:
        """The rows it finds for ``these``, as plain tuples."""
        if db.get_bind().dialect.name == "sqlite":
            return self._sqlite.rows(db, {**values, "among": json.dumps([*these])})
        return self._postgresql.rows(db, {**values, "among": [*these]})


def _converted(way: _Convert, values: Sequence[object]) -> Sequence[object]:
    if way is None:
        return values
    try:
        once = {value: way(value) for value in set(values)}
    except TypeError:  # lists and objects, which cannot be told apart so quickly
        return [way(value) for value in values]
    return [once[value] for value in values]


def _as_sqlalchemys(fault: Exception, sql: str, dialect: Dialect) -> BaseException:
    # Without the parameters: an exception's text ends up in places where nobody's words belong.
    return sa.exc.DBAPIError.instance(sql, None, fault, dialect.loaded_dbapi.Error, dialect=dialect)


def _compiled(
    statement: sa.ClauseElement,
    dialect: Dialect,
    *,
    keys: list[str] | None = None,
    ways_out: tuple[_Convert, ...] = (),
) -> _Compiled:
    text = statement.compile(dialect=dialect, column_keys=keys)
    order: list[str] | None = getattr(text, "positiontup", None)
    binds: Mapping[str, sa.BindParameter[object]] = text.binds  # type: ignore[attr-defined]
    fixed = {name: bind.value for name, bind in binds.items() if not bind.required and bind.value is not None}
    ways_in = (
        (name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in (order or binds)
    )
    return _Compiled(
        sql=str(text), takes_names=order is None, ways_in=tuple(ways_in), fixed=fixed, ways_out=ways_out
    )
