"""Whether the process serves, for anybody, without the database; whether reminders go out, for the operator alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version

import pytest
from sqlalchemy import event

import journal
from journal.app import create_app
from journal.config import Config
from journal.storage import watching
from tests.cast import NOW
from tests.conftest import Site
from tests.reminding import claim, remind

TOKEN = "t" * 32
ASKED = {"Authorization": f"Bearer {TOKEN}"}
WATCHED = ("/healthz", "/metrics")


def test_it_says_ok_and_no_more_to_anybody(site: Site) -> None:
    answer = site.stranger().get("/livez")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


def test_it_asks_no_database(site: Site) -> None:
    asked: list[object] = []
    event.listen(site.database.engine, "checkout", lambda *details: asked.append(details))
    assert site.stranger().get("/livez").status_code == 200
    assert asked == []


def guarded(site: Site, config: Config) -> Site:
    """``site`` as one whose operator watches it."""
    app = create_app(replace(config, metrics_token=TOKEN), database=site.database, now=site.clock)
    return Site(app, site.database, site.cast, site.clock)


def give_sign(site: Site) -> None:
    with site.database.unit_of_work() as db:
        watching.give_sign(db, "host-123-secretname", version="7", now=site.clock())


@pytest.mark.parametrize("path", WATCHED)
@pytest.mark.parametrize(
    "said", ["", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[1:]}", f"Basic {TOKEN}", "Bearer é"]
)
def test_without_the_token_there_is_no_such_address(site: Site, config: Config, path: str, said: str) -> None:
    stranger = guarded(site, config).stranger()
    nothing = stranger.get("/nowhere")
    answer = stranger.get(path, headers={"Authorization": said.encode().decode("latin-1")} if said else {})
    assert (answer.status_code, answer.text) == (404, nothing.text)


@pytest.mark.parametrize("path", WATCHED)
@pytest.mark.parametrize("said", ["Bearer", "Bearer ", f"Bearer {TOKEN}"])
def test_without_the_setting_there_is_no_such_address(site: Site, path: str, said: str) -> None:
    assert site.stranger().get(path, headers={"Authorization": said}).status_code == 404


@pytest.mark.parametrize("path", WATCHED)
def test_being_signed_in_opens_neither(site: Site, config: Config, path: str) -> None:
    watched = guarded(site, config)
    watched.app.config.update(SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    assert watched.as_(site.cast.erin).get(path).status_code == 404


def test_all_is_well_while_a_worker_works(site: Site, config: Config) -> None:
    give_sign(site)
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    claim(site.database, NOW + timedelta(hours=12))
    site.clock.moment = NOW + timedelta(hours=12)
    give_sign(site)
    answer = guarded(site, config).stranger().get("/healthz", headers=ASKED)
    assert answer.status_code == 200
    said = answer.get_json()
    assert said.pop("free_disk_bytes") > 0
    assert said.pop("audit_head") is None
    assert said == {
        "alarms": [],
        "queues": {
            "email": {"oldest_due_age_seconds": 0, "depth": 0},
            "push": {"oldest_due_age_seconds": 0, "depth": 0},
            "sms": {"oldest_due_age_seconds": 0, "depth": 0},
        },
        "workers": [{"last_seen_age_seconds": 0, "version": "7"}],
        "deliveries_of_last_day": [{"channel": "email", "state": "skipped", "reason": "late", "count": 1}],
        "quarantined": 0,
        "counted_at_most": {"queues": 10_000, "deliveries": 50_000},
        "version": journal.__version__,
        "zone_data": version("tzdata"),
    }


def test_five_minutes_after_the_worker_died_it_is_an_alarm(site: Site, config: Config) -> None:
    give_sign(site)
    stranger = guarded(site, config).stranger()
    seen = []
    for minutes in (4, 5):
        site.clock.moment = NOW + timedelta(minutes=minutes)
        answer = stranger.get("/healthz", headers=ASKED)
        seen.append((answer.status_code, answer.get_json()["alarms"]))
    assert seen == [(200, []), (503, ["no_worker"])]


def test_a_reminder_that_waits_is_an_alarm_though_a_worker_lives(site: Site, config: Config) -> None:
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    site.clock.moment = NOW + timedelta(days=1)
    give_sign(site)
    answer = guarded(site, config).stranger().get("/healthz", headers=ASKED)
    assert (answer.status_code, answer.get_json()["alarms"]) == (503, ["reminders_wait"])


def test_figures_are_read_when_they_are_asked_for_and_name_nobody(site: Site, config: Config) -> None:
    stranger = guarded(site, config).stranger()
    answer = stranger.get("/metrics", headers=ASKED)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "journal_worker_last_seen_age_seconds +Inf" in answer.text
    give_sign(site)
    site.clock.moment += timedelta(seconds=9)
    text = stranger.get("/metrics", headers=ASKED).text
    assert "journal_worker_last_seen_age_seconds 9.0" in text
    assert set(re.findall(r"(\w+)=\"", text)) == {"channel", "alarm", "version", "zone_data"}
    assert "secretname" not in text


def test_with_the_database_gone_it_is_an_alarm_too(site: Site, config: Config) -> None:
    def refuse(*_details: object) -> None:
        raise OSError("the disk is gone")

    stranger = guarded(site, config).stranger()
    site.database.engine.dispose()
    event.listen(site.database.engine, "do_connect", refuse)
    assert stranger.get("/healthz", headers=ASKED).status_code >= 500
    assert stranger.get("/livez").status_code == 200
