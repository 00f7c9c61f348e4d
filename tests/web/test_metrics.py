from __future__ import annotations

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from journal.services.watching import Alarm, Pulse, Queue, Standing
from journal.storage.audit import Head
from journal.storage.watching import Outcome
from journal.web.metrics import exposition
from tests.cast import NOW
from tests.house.source import ROOT

WELL = Standing(
    pulse=Pulse(
        queues=(Queue("email", timedelta(seconds=7.5), 3), Queue("sms", timedelta(0), 0)),
        workers=((timedelta(seconds=4), "1.2"),),
    ),
    outcomes=(Outcome("email", "sent", None, 12), Outcome("email", "failed", "gave_up", 2)),
    zone_data="2026.1",
    audit_head=Head(99, NOW),
)
DEAD = Standing(
    pulse=Pulse(queues=(Queue("email", timedelta(minutes=6), 1),), workers=()),
    outcomes=(),
    zone_data="2026.1",
    audit_head=None,
)


def read(standing: Standing) -> dict[str, float]:
    """Every figure by its name and labels, as Prometheus itself reads it."""
    text = exposition(standing, version="1.2", free_disk=1024).decode()
    return {
        "{}{}".format(one.name, one.labels or ""): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_every_figure_has_its_name() -> None:
    assert read(WELL) == {
        "journal_reminders_oldest_due_age_seconds{'channel': 'email'}": 7.5,
        "journal_reminders_oldest_due_age_seconds{'channel': 'sms'}": 0,
        "journal_reminders_queue_depth{'channel': 'email'}": 3,
        "journal_reminders_queue_depth{'channel': 'sms'}": 0,
        "journal_deliveries{'channel': 'email', 'reason': '', 'state': 'sent'}": 12,
        "journal_deliveries{'channel': 'email', 'reason': 'gave_up', 'state': 'failed'}": 2,
        "journal_deliveries_quarantined": 2,
        "journal_alarm{'alarm': 'no_worker'}": 0,
        "journal_alarm{'alarm': 'reminders_wait'}": 0,
        "journal_worker_last_seen_age_seconds": 4,
        "journal_free_disk_bytes": 1024,
        "journal_audit_head": 99,
        "journal_info{'version': '1.2', 'zone_data': '2026.1'}": 1,
    }


def test_a_worker_that_nobody_saw_was_seen_endlessly_long_ago() -> None:
    figures = read(DEAD)
    assert figures["journal_worker_last_seen_age_seconds"] == float("inf")
    assert figures["journal_alarm{'alarm': 'no_worker'}"] == 1
    assert figures["journal_alarm{'alarm': 'reminders_wait'}"] == 1
    assert "journal_audit_head" not in figures


def test_every_figure_stands_in_the_documentation() -> None:
    written = (ROOT / "docs" / "watching.md").read_text()
    names = {name.partition("{")[0] for name in read(WELL)}
    assert {name for name in names if name not in written} == set()
    assert [alarm.value for alarm in Alarm if f"`{alarm.value}`" not in written] == []
