"""What every test run shares: the packs that were read, where a test of a promise writes its numbers, and their table."""

import gc
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.channels.telegram import polling
from bot.channels.web import pages
from bot.runtime.starting import COLLECT_AFTER, keep_for_good
from tests.support.cheap_pins import use_cheap_pins
from tests.support.counts import IS_FULL, SHOWS_TABLE
from tests.support.memory_disk import use_memory
from tests.support.pack.read_once import read_packs_once
from tests.support.promising import Promise, runs, table
from tests.support.proving.named import tries_of

pytest_plugins = ["tests.support.store.stores", "tests.support.telegram.fixtures", "tests.support.web.fixtures"]


def pytest_collection_finish() -> None:
    """What was collected stays to the end, as in a bot that is ready."""
    keep_for_good()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one promise be chosen, and let what was tried be written to a file, as `python -m tests.support.proving` does."""
    parser.addoption("--promise", help="only the tests of this promise, such as P1; `rest` is those that name none")
    parser.addoption("--promise-to", type=Path, help="a file for what was tried, as JSON")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of other promises, where one is chosen."""
    if wanted := config.getoption("--promise"):
        known = {item: tries_of(item.path)[item.originalname] for item in items if isinstance(item, pytest.Function)}
        others = [item for item, tries in known.items() if wanted not in tries.promises]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_configure() -> None:
    """Put the files of the tests in memory, and let a PIN cost little; the full counts are run as the bot is. Packs are read once.

    No test is a timed one: a busy machine makes no example too slow.
    """
    gc.set_threshold(COLLECT_AFTER)
    os.environ.pop("SSL_CERT_FILE", None)  # nothing here goes past this machine, and each bot would read it three times
    settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")
    read_packs_once()
    if not IS_FULL:
        use_memory()
        use_cheap_pins()


@pytest.fixture(autouse=True, scope="session")
def _patient() -> Iterator[None]:
    """Let pages wait for a store as long as a busy machine needs; those in a process of their own wait as they do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PATIENCE", 60.0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _kept_soon() -> Iterator[None]:
    """Let what is kept along with somebody else's transaction wait for one only briefly: in most tests nobody does anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polling, "MARKED_WITHIN", 0.05)
        yield


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promise:
    """Where a test writes how often it tried a promise, and how often it was kept."""
    return Promise(request.node.user_properties)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was promised, how often it was asked and reached, and whether it was kept."""
    if told := terminalreporter.config.getoption("--promise-to"):
        told.write_text(json.dumps([asdict(run) for run in runs(terminalreporter.stats)]), encoding="utf-8")
    if not SHOWS_TABLE:
        return
    terminalreporter.section(f"promises, tried with their {'full' if IS_FULL else 'bounded'} counts")
    for line in table(runs(terminalreporter.stats)):
        terminalreporter.write_line(line)
