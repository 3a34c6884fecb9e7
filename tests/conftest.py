"""What every test run shares: where a test of a promise writes its numbers, and the table of them that ends `make prove`."""

import pytest

from tests.support.counts import IS_FULL, SHOWS_TABLE
from tests.support.promising import Promise, runs, table

pytest_plugins = ["tests.support.store.stores", "tests.support.telegram.fixtures"]


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promise:
    """Where a test writes how often it tried a promise, and how often it was kept."""
    return Promise(request.node.user_properties)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was promised, how often it was asked and reached, and whether it was kept."""
    if not SHOWS_TABLE:
        return
    terminalreporter.section(f"promises, tried with their {'full' if IS_FULL else 'bounded'} counts")
    for line in table(runs(terminalreporter.stats)):
        terminalreporter.write_line(line)
