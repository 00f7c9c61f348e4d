"""The crash matrix is said at the end of a run, whichever process found its figures."""

from __future__ import annotations

import pytest

from tests.faults.crashes import table

CRASH = "crash"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, if any of its tests ran."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if isinstance(report, pytest.TestReport)
    ]
    found = [value for report in reports for name, value in report.user_properties if name == CRASH]
    if found:
        terminalreporter.section("workers killed while they remind")
        for line in table(tuple(one) for one in found):  # type: ignore[misc, arg-type]
            terminalreporter.write_line(line)
