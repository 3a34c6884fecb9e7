"""What every test run shares: after `make prove`, a table of the promises that were tried with their full counts."""

import pytest

from tests.support.counts import IS_FULL


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each test of a promise, and whether it was kept."""
    if not IS_FULL:
        return
    terminalreporter.section("promises, tried with their full counts")
    for outcome, reached in (("passed", "kept"), ("failed", "BROKEN"), ("error", "BROKEN")):
        for report in terminalreporter.stats.get(outcome, []):
            terminalreporter.write_line(f"{reached:7} {report.nodeid}")
