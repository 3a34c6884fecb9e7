"""Fixtures and settings of every run: shared packs, and the counts that the tests of docs/promises.md record."""

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
from tests.support.cheap_pins import use_cheap_pins, watched_pins
from tests.support.counts import IS_FULL, SHOWS_TABLE
from tests.support.memory_disk import use_memory
from tests.support.pack.read_once import read_packs_once
from tests.support.promising import Promise, runs, table
from tests.support.proving.named import tries_of

pytest_plugins = [
    "tests.support.store.server",
    "tests.support.store.stores",
    "tests.support.telegram.fixtures",
    "tests.support.web.fixtures",
]


def pytest_collection_finish() -> None:
    """Exempt the collected objects from garbage collection, as a running bot does with its own."""
    keep_for_good()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `python -m tests.support.proving`: to run one promise's tests and write their counts."""
    parser.addoption("--promise", help="only the tests of this promise, such as P1; `rest` is those that name none")
    parser.addoption("--promise-to", type=Path, help="a file for what was tried, as JSON")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if wanted := config.getoption("--promise"):
        known = {item: tries_of(item.path)[item.originalname] for item in items if isinstance(item, pytest.Function)}
        others = [item for item, tries in known.items() if wanted not in tries.promises]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_configure() -> None:
    """Put test files in memory and make PINs cheap to hash, except in a full proof. Hypothesis times no test."""
    gc.set_threshold(COLLECT_AFTER)
    os.environ.pop("SSL_CERT_FILE", None)  # nothing here leaves this machine, and each bot would read it three times
    settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")
    read_packs_once()
    if not IS_FULL:
        use_memory()
        use_cheap_pins()


@pytest.fixture(autouse=True, scope="session")
def _patient() -> Iterator[None]:
    """Let the web pages of this process wait longer for the store, since the machine may be busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PATIENCE", 60.0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _watched_pins() -> Iterator[None]:
    with watched_pins():
        yield


@pytest.fixture(autouse=True, scope="session")
def _kept_soon() -> Iterator[None]:
    """Write deferred values within 0.05 s. In production the next transaction carries them, but few tests have one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polling, "MARKED_WITHIN", 0.05)
        yield


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promise:
    return Promise(request.node.user_properties)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the results of the promise tests to the file of `--promise-to`; print their table if `SHOWS_TABLE`."""
    if result := terminalreporter.config.getoption("--promise-to"):
        result.write_text(json.dumps([asdict(run) for run in runs(terminalreporter.stats)]), encoding="utf-8")
    if not SHOWS_TABLE:
        return
    terminalreporter.section(f"promises, tried with their {'full' if IS_FULL else 'bounded'} counts")
    for line in table(runs(terminalreporter.stats)):
        terminalreporter.write_line(line)
