"""The mail that says that there is something to read: to whom, once, and with nothing in it."""

from __future__ import annotations

import pytest

from journal.config import Config
from journal.jobs.flags import tell_of_flags
from journal.jobs.worker import Worker
from journal.languages import Language
from journal.services import flag_reviews
from journal.services.flag_reviews import Said
from journal.services.mail import Post
from journal.storage.clinics import Clinic
from journal.storage.database import Database
from tests.cast import NOW, Cast
from tests.conftest import Clock
from tests.flagging import EIGHT, answer
from tests.private_words import HEALTH

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def letters(config: Config) -> list[str]:
    return [path.read_text() for path in sorted(config.outbox.glob("*.eml"))]


def want_mails(database: Database, cast: Cast) -> None:
    week = dict.fromkeys(range(1, 6), cast.bob.public_id)
    said = Said(reviewer=cast.bob.public_id, rota=week, sends_notes=True)
    with database.unit_of_work() as db:
        flag_reviews.change(db, db.get_one(Clinic, cast.clinic_id), said, actor_account_id=None, now=NOW)


@only_sqlite
def test_a_flag_is_told_of_once_and_without_a_word_of_what_it_is(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    want_mails(database, cast)
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 3})
    worker = Worker(name="w", config=config, database=database, post=Post(config), clock=clock)
    for _ in range(2):
        tell_of_flags(worker)
    (letter,) = letters(config)
    assert "To: bob@example.org" in letter
    assert "Subject: There is something to read." in letter
    assert "https://journal.example.org/\n" in letter
    assert [word for word in ("Alice", "PHQ", "flag", "Riverside") if word in letter] == []
    assert HEALTH[Language.ENGLISH].findall(letter[letter.index("Subject") :]) == []


@only_sqlite
def test_nothing_leaves_where_no_clinic_wants_it(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 3})
    tell_of_flags(Worker(name="w", config=config, database=database, post=Post(config), clock=clock))
    assert letters(config) == []
