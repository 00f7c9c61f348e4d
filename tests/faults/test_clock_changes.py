"""Clocks that change while somebody waits for a message: each slot comes once per local date, and the log says when.

In each run with a worker's clock moved across the night; at night with a worker process whose own clock is moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from journal.app import create_app
from journal.config import Config
from journal.jobs.timetable import TIMETABLE
from journal.jobs.worker import Worker
from journal.services.mail import Post
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from tests.conftest import Clock, Site
from tests.faults.clock_changes import NIGHTS, Night, read_log, save
from tests.faults.moved_worker import MovedWorker
from tests.faults.serving import Server
from tests.mail_server import MailServer
from tests.reminding import ask_no_questionnaires, utc

QUARTER = timedelta(minutes=15)
BY_MAIL = [entry for entry in TIMETABLE if entry.name.endswith("-by-email")]
every_night = pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.name)


def entered(database: Database) -> list[tuple[str, str, datetime]]:
    """(local date, state, instant) of all that is in the ledger, by when it was due."""
    with database.look() as db:
        rows = db.execute(
            sa.select(Delivery.local_date, Delivery.state, Delivery.due_at).order_by(Delivery.due_at)
        )
        return [(row.local_date.isoformat(), row.state, row.due_at) for row in rows]


def hold_the_promise(site: Site, night: Night) -> None:
    """The ledger has each slot of each date once, sent when it was due, and the page says so."""
    assert entered(site.database) == [(day, "sent", at) for day, _, at in night.due]
    site.clock.moment = night.due[-1][2] + QUARTER
    log = read_log(site.as_(site.cast.alice))
    print(f"\n{night.name}: {night.first} and {night.second} in {night.zone}", *log, sep="\n  ")
    assert [line.split(" | ")[1:] for line in log] == [
        ["Sent", f"{wall}, by email"] for _, wall, _ in night.due
    ]


def carry(site: Site, night: Night) -> None:
    """A worker's ticks from the beginning to the end of a night: dense around each due time, else every three hours."""
    config = site.app.extensions["journal"].config
    worker = Worker(name="w1", config=config, database=site.database, post=Post(config), clock=site.clock)
    around = {at + number * QUARTER for *_, at in night.due for number in range(-4, 7)}
    between = {night.begins + number * timedelta(hours=3) for number in range(24)}
    for moment in sorted(around | between):
        if moment >= night.begins:
            site.clock.moment = moment
            for entry in BY_MAIL:
                entry.run(worker)


@every_night
def test_each_slot_comes_once_on_each_date_around_a_change_of_clocks(site: Site, night: Night) -> None:
    site.clock.moment = night.begins
    ask_no_questionnaires(site.database, site.cast.alice)
    save(site.as_(site.cast.alice), night)
    carry(site, night)
    hold_the_promise(site, night)


def test_a_message_in_the_hour_that_comes_again_would_be_noticed(site: Site) -> None:
    (night,) = (one for one in NIGHTS if one.name == "New York, back")
    site.clock.moment = night.begins
    ask_no_questionnaires(site.database, site.cast.alice)
    save(site.as_(site.cast.alice), night)
    carry(site, night)
    with site.database.unit_of_work() as db:
        first = sa.select(Delivery).where(Delivery.due_at == utc("2026-11-01 05:30"))
        came = db.scalars(first).one()
        columns = {column.key: getattr(came, column.key) for column in Delivery.__table__.columns}
        unique = dict.fromkeys(("public_id", "message_key", "link_hash", "stop_hash", "slot"), "again")
        db.add(Delivery(**columns | unique | {"id": None, "due_at": came.due_at + night.again}))
    with pytest.raises(AssertionError):
        hold_the_promise(site, night)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def patient_of(server: Server, night: Night) -> Site:
    """The installation's pages, with Alice, at the beginning of a night."""
    cast = server.found()
    clock = Clock(night.begins)
    config = Config(
        data_dir=server.folder / "data",
        database_url=server.database_url,
        base_url="https://journal.example.org",
        secret_key="s" * 40,
        master_key_file=server.folder / "keys" / "master.json",
        smtp_url=None,
        mail_from="hello@journal.example.org",
        trusted_proxies=0,
        registration="invite",
        demo=False,
    )
    database = server.open()
    app = create_app(config, database=database, now=clock)
    app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    return Site(app, database, cast, clock)


@pytest.mark.night
@pytest.mark.timeout(300)
@every_night
def test_a_living_worker_is_carried_across_a_change_of_clocks(
    tmp_path: Path, server: MailServer, night: Night
) -> None:
    installation = Server(tmp_path)
    site = patient_of(installation, night)
    ask_no_questionnaires(site.database, site.cast.alice)
    save(site.as_(site.cast.alice), night)
    worker = MovedWorker(installation, smtp_url=server.url, begins=night.begins)
    try:
        worker.wait_for_sign(night.begins)
        for moment in night.moments:
            worker.move_to(moment)
            due = len([at for *_, at in night.due if at <= moment])
            worker.wait_until(lambda due=due: len(server.messages) >= due)
            assert len(server.messages) == due
    finally:
        worker.stop()
    assert worker.process.returncode == 0
    assert len(server.messages) == len(night.due)
    hold_the_promise(site, night)
    site.database.close()


@pytest.mark.night
@pytest.mark.timeout(120)
def test_a_living_worker_whose_clock_is_set_back_works_on_at_once(tmp_path: Path, server: MailServer) -> None:
    installation, begins = Server(tmp_path), utc("2026-06-01 12:00")
    installation.found()
    worker = MovedWorker(installation, smtp_url=server.url, begins=begins)
    try:
        worker.wait_for_sign(begins)
        worker.set_back_to(begins - timedelta(hours=2))
    finally:
        worker.stop()
