"""Counters for rate limits that hold across processes and machines: fixed windows in the database itself.

A storage for the ``limits`` library (which Flask-Limiter uses); it registers under the scheme ``journal://``. Beside it
a brake for work that may go on only so fast, over all processes, inside the caller's own transaction; a cap on what a
day may cost; and which messages came before.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import limits.storage
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from journal.storage.base import Base


class RateLimit(Base):
    """How often something happened in the present window. ``ends_at`` is seconds since 1970."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[float] = mapped_column(sa.Float, index=True)


class DatabaseCounters(limits.storage.Storage):
    """The counters of one database. The machines' clocks need to agree to within a window's length."""

    STORAGE_SCHEME = ["journal"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: object) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        engine = options["engine"]
        if not isinstance(engine, sa.Engine):
            raise TypeError("the counters need an engine")
        self.engine = engine
        upsert = sqlite.insert if self.engine.dialect.name == "sqlite" else postgresql.insert
        table = RateLimit.__table__
        now = sa.bindparam("now", type_=sa.Float)
        over = table.c.ends_at <= now
        statement = upsert(RateLimit).values(
            key=sa.bindparam("k"), count=sa.bindparam("amount"), ends_at=sa.bindparam("ends")
        )
        self._count_up = statement.on_conflict_do_update(
            index_elements=[table.c.key],
            set_={
                "count": sa.case(
                    (over, statement.excluded.count), else_=table.c.count + statement.excluded.count
                ),
                "ends_at": sa.case((over, statement.excluded.ends_at), else_=table.c.ends_at),
            },
        ).returning(RateLimit.count)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more; a window that is over begins anew, ``expiry`` seconds long."""
        now = time.time()
        values = {"k": key, "amount": amount, "ends": now + expiry, "now": now}
        with self.engine.begin() as connection:
            return int(connection.execute(self._count_up, values).scalar_one())

    def get(self, key: str) -> int:
        """How often in the present window."""
        query = sa.select(RateLimit.count).where(RateLimit.key == key, RateLimit.ends_at > time.time())
        with self.engine.execution_options(only_reads=True).connect() as connection:
            return int(connection.scalar(query) or 0)

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds since 1970; now, if there is none."""
        query = sa.select(RateLimit.ends_at).where(RateLimit.key == key)
        with self.engine.execution_options(only_reads=True).connect() as connection:
            return float(connection.scalar(query) or time.time())

    def check(self) -> bool:
        """Whether the database answers."""
        with self.engine.execution_options(only_reads=True).connect() as connection:
            return bool(connection.scalar(sa.select(sa.literal(1))))

    def reset(self) -> int | None:
        """Forget every counter; how many there were."""
        with self.engine.begin() as connection:
            return connection.execute(sa.delete(RateLimit)).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self.engine.begin() as connection:
            connection.execute(sa.delete(RateLimit).where(RateLimit.key == key))


@dataclass(frozen=True, slots=True)
class Brake:
    """How many more of something may happen in the present second."""

    key: str
    left: int


def brake_on(db: sa.orm.Session, key: str, *, most: int, now: datetime) -> Brake:
    """How many of ``most`` a second are left at ``now``. Nobody else gets an answer until the transaction ends.

    A clock that was set back does not hold the brake: a second that ends more than a second from now is not believed.
    """
    moment = now.astimezone(UTC).timestamp()
    begin = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    db.execute(begin(RateLimit).values(key=key, count=0, ends_at=moment).on_conflict_do_nothing())
    asked = (
        sa.select(RateLimit.count.label("used"), RateLimit.ends_at)
        .where(RateLimit.key == key)
        .with_for_update()
    )
    row = db.execute(asked).one()
    if moment < row.ends_at <= moment + 1:
        return Brake(key, max(0, most - row.used))
    db.execute(sa.update(RateLimit).where(RateLimit.key == key).values(count=0, ends_at=moment + 1))
    return Brake(key, most)


def count_on(db: sa.orm.Session, brake: Brake, amount: int) -> None:
    """Count ``amount`` against a brake."""
    counted = sa.update(RateLimit).where(RateLimit.key == brake.key)
    db.execute(counted.values(count=RateLimit.count + amount))


def may_spend(engine: sa.Engine, key: str, *, most: int, now: datetime) -> bool:
    """Count one more of ``key`` in the present day (UTC), unless ``most`` were counted; whether it was counted.

    One statement, which commits by itself: what was counted stays so whatever becomes of the work, and no number of
    processes and machines gets past ``most``. A clock set back over midnight finds yesterday's count still there.
    """
    if most < 1:
        return False
    day = now.astimezone(UTC).date()
    kept_until = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=2)
    begin = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
    counting = begin(RateLimit).values(key=f"{key} {day}", count=1, ends_at=kept_until.timestamp())
    counting = counting.on_conflict_do_update(
        index_elements=[RateLimit.key], set_={"count": RateLimit.count + 1}, where=RateLimit.count < most
    )
    with engine.begin() as connection:
        return connection.scalar(counting.returning(RateLimit.count)) is not None


def is_first(db: sa.orm.Session, key: str, *, kept_for: timedelta, now: datetime) -> bool:
    """Whether ``key`` is seen for the first time in ``kept_for``. Remembered if the caller's transaction ends well."""
    ends_at = (now.astimezone(UTC) + kept_for).timestamp()
    begin = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    noting = begin(RateLimit).values(key=key, count=1, ends_at=ends_at).on_conflict_do_nothing()
    return db.scalar(noting.returning(RateLimit.key)) is not None


def forget_old(db: sa.orm.Session, *, now: datetime) -> int:
    """Remove counters whose window is over; how many."""
    done = db.execute(sa.delete(RateLimit).where(RateLimit.ends_at < now.astimezone(UTC).timestamp()))
    return int(done.rowcount)  # type: ignore[attr-defined]
