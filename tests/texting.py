"""A site with a gateway for text messages on loopback: what is sent to it, and what it brings in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from werkzeug.test import TestResponse

from journal.app import create_app
from journal.config import Config
from journal.services.sms_gateways import webhook_signature
from journal.storage import sms
from tests.cast import NOW, Person
from tests.conftest import Site
from tests.web_server import WebServer

NUMBER = "+4917612345678"
SECRET = "s" * 32


class Texting:
    """``site`` as one with text messages, and the gateway's side of it."""

    def __init__(self, site: Site, config: Config, server: WebServer, **settings: object) -> None:
        url = f"webhook+http://127.0.0.1:{server.port}/out"
        self.config = replace(config, **{"sms_url": url, "sms_secret": SECRET, **settings})  # type: ignore[arg-type]
        app = create_app(self.config, database=site.database, now=site.clock)
        app.config.update(site.app.config | {"SECRET_KEY": self.config.secret_key})
        self.site = Site(app, site.database, site.cast, site.clock)
        self._server = server

    def sent(self) -> list[tuple[str, str]]:
        """Every message so far, to whom and what, after what is under way has arrived."""
        way = self.site.app.extensions["journal"].texts
        way.close()
        way._soon = ThreadPoolExecutor(max_workers=2)
        said = [json.loads(asked.body) for asked in self._server.requests]
        return [(one["to"], one["text"]) for one in said]

    def code(self) -> str:
        """The code that came last."""
        found = re.search(r"\d{6}", self.sent()[-1][1])
        assert found
        return found.group()

    def prove(self, person: Person, number: str = NUMBER) -> None:
        """Let a number be proven to be somebody's."""
        with self.site.database.unit_of_work() as db:
            ends_at = NOW + timedelta(hours=1)
            sms.keep(db, person.account_id, number=number, code="1", code_ends_at=ends_at, now=NOW)
            assert sms.verify(db, person.account_id, code="1", most=5, now=NOW)

    def receive(self, text: str, *, number: str = NUMBER, key: str = "m-1") -> TestResponse:
        """What the site says to a message that the gateway brings and signs."""
        body = json.dumps({"from": number, "text": text, "id": key}).encode()
        stamp = str(int(self.site.clock().timestamp()))
        signed = {"Journal-Timestamp": stamp, "Journal-Signature": webhook_signature(SECRET, stamp, body)}
        return self.site.stranger().post(
            "/hooks/sms", data=body, headers=signed, content_type="application/json"
        )


@contextmanager
def texting(site: Site, config: Config, **settings: object) -> Iterator[Texting]:
    """A gateway that listens for the length of the block."""
    with WebServer(None) as server:
        yield Texting(site, config, server, **settings)
