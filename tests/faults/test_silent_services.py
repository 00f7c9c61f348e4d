"""While every message service hangs, the pages answer as they did before, by the same work."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import sqlalchemy as sa

from journal.config import Config
from journal.jobs import reminders as jobs
from journal.services.mail import Post, SmtpCarrier
from journal.services.reminders import CHANNELS
from journal.storage.base import new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.deliveries import Delivery
from tests.cast import Person
from tests.conftest import Clock, Site
from tests.faults.crashes import people_to_remind
from tests.peers import peers, worker_of
from tests.web_server import WebServer, hangs

PAGES = ("/check-in", "/reminders", "/reminders/sent", "/help", "/livez")
WITHIN_S = 30


@contextmanager
def silence(site: Site, config: Config, clock: Clock) -> Iterator[None]:
    """Eight messages by each channel are handed over, or would be, and nobody answers any of them."""
    people_to_remind(site.database, *CHANNELS, people=jobs.AT_ONCE)
    threads = []
    with ExitStack() as stack:
        to = stack.enter_context(peers())
        mail = stack.enter_context(WebServer(None))
        mail.deaf = True
        for service in (to.push, to.sms):
            service.next.extend([hangs] * jobs.AT_ONCE)
        post = Post(config, SmtpCarrier(f"smtp://127.0.0.1:{mail.port}", timeout_s=60))
        worker = replace(worker_of(site.database, config, clock, to, wait_s=60), post=post)
        for channel in CHANNELS:
            threads.append(threading.Thread(target=jobs.send_due, args=(worker, channel)))
            threads[-1].start()
        deadline = time.monotonic() + WITHIN_S
        while (mail.connections, len(to.push.requests), len(to.sms.requests)) != (jobs.AT_ONCE,) * 3:
            assert time.monotonic() < deadline, "they never hung"
            time.sleep(0.02)
        yield
        # Still hanging: nothing was given up or finished while the pages were asked for.
        with site.database.look() as db:
            assert set(db.scalars(sa.select(Delivery.state))) == {"sending"}
    for thread in threads:
        thread.join()


def answers(site: Site, person: Person) -> list[tuple[str, int, int]]:
    """(page, status, statements in the database) of a tour of the pages, with a check-in at its end."""
    client, mine, counted = site.as_(person), threading.get_ident(), [0]

    def count(*_statement: object) -> None:
        counted[0] += threading.get_ident() == mine

    sa.event.listen(site.database.engine, "before_cursor_execute", count)
    found = []
    try:
        for page in PAGES:
            counted[0] = 0
            status = client.get(page).status_code
            found.append((page, status, counted[0]))
        counted[0] = 0
        saved = client.post("/check-in", data={"client_key": new_public_id(), "mood": "6"})
        found.append(("saved", saved.status_code, counted[0]))
    finally:
        sa.event.remove(site.database.engine, "before_cursor_execute", count)
    return found


def check_ins(site: Site) -> int:
    with site.database.look() as db:
        return int(db.scalar(sa.select(sa.func.count()).select_from(CheckIn)) or 0)


def test_while_every_message_service_hangs_the_pages_answer_as_before(
    site: Site, config: Config, clock: Clock
) -> None:
    before = answers(site, site.cast.alice)
    with silence(site, config, clock):
        meanwhile = answers(site, site.cast.dan)
        saved = check_ins(site)
    assert meanwhile == before
    assert [status for _, status, _ in before] == [200] * len(PAGES) + [303]
    assert saved == 2
