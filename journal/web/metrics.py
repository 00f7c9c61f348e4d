"""The figures of ``/metrics`` in Prometheus' words, read from the database when somebody asks.

Any web process gives the same answer, so no process counts anything itself. No label ever holds an id.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from journal.services.watching import Alarm, Standing
from journal.storage.watching import MOST_OUTCOMES, MOST_WAITING


def exposition(standing: Standing, *, version: str, free_disk: int) -> bytes:
    """Everything in the text format; ``free_disk`` in bytes."""
    registry = CollectorRegistry()
    registry.register(_Figures(standing, version=version, free_disk=free_disk))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, standing: Standing, *, version: str, free_disk: int) -> None:
        self._standing, self._version, self._free_disk = standing, version, free_disk

    def collect(self) -> Iterator[Metric]:
        standing, pulse = self._standing, self._standing.pulse
        oldest = GaugeMetricFamily(
            "journal_reminders_oldest_due_age_seconds",
            f"How long the oldest due reminder has waited, of the {MOST_WAITING} that have waited longest.",
            labels=["channel"],
        )
        depth = GaugeMetricFamily(
            "journal_reminders_queue_depth",
            f"Due reminders that nobody has claimed yet; no more than {MOST_WAITING} are counted.",
            labels=["channel"],
        )
        for queue in pulse.queues:
            oldest.add_metric([queue.channel], queue.oldest.total_seconds())
            depth.add_metric([queue.channel], queue.depth)
        deliveries = GaugeMetricFamily(
            "journal_deliveries",
            f"Deliveries due in the last 24 hours by what became of them; of the latest {MOST_OUTCOMES}.",
            labels=["channel", "state", "reason"],
        )
        for one in standing.outcomes:
            deliveries.add_metric([one.channel, one.state, one.reason or ""], one.count)
        alarms = GaugeMetricFamily("journal_alarm", "1 while somebody should look at it.", labels=["alarm"])
        for alarm in Alarm:
            alarms.add_metric([alarm.value], alarm in pulse.alarms)
        seen = float("inf") if pulse.last_seen is None else pulse.last_seen.total_seconds()
        yield oldest
        yield depth
        yield deliveries
        yield alarms
        yield GaugeMetricFamily(
            "journal_deliveries_quarantined",
            "Deliveries due in the last 24 hours that were given up through a fault of the program.",
            standing.quarantined,
        )
        yield GaugeMetricFamily(
            "journal_worker_last_seen_age_seconds",
            "How long ago any worker gave a sign of life; +Inf if none did within a day.",
            seen,
        )
        yield GaugeMetricFamily(
            "journal_free_disk_bytes", "Free space of the file system with the data folder.", self._free_disk
        )
        if standing.audit_head is not None:
            yield GaugeMetricFamily(
                "journal_audit_head", "Number of the newest audit event.", standing.audit_head.number
            )
        yield InfoMetricFamily(
            "journal",
            "Versions of the program and of the zone database.",
            {"version": self._version, "zone_data": standing.zone_data},
        )
