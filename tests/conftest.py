"""What every test run shares: the packs that were read, where a test of a promise writes its numbers, and their table."""

from collections.abc import Iterator, Mapping

import pytest

from bot.runtime import packs
from seraf.pack import Pack
from seraf.reading.pack import read_pack
from tests.support.counts import IS_FULL, SHOWS_TABLE
from tests.support.memory_disk import use_memory
from tests.support.promising import Promise, runs, table

pytest_plugins = ["tests.support.store.stores", "tests.support.telegram.fixtures"]


def pytest_configure() -> None:
    """Put the files of the tests in memory; the full counts are run on the disk, as the bot is."""
    if not IS_FULL:
        use_memory()


@pytest.fixture(autouse=True, scope="session")
def _read_once() -> Iterator[None]:
    """Let the same files of a pack be read once a run, not at the start of every bot: a pack is a value of its content.

    The tests of reading ask `seraf.reading` itself, and a bot in a process of its own reads for itself.
    """
    known: dict[frozenset[tuple[str, bytes]], Pack] = {}

    def remembered(files: Mapping[str, bytes]) -> Pack:
        content = frozenset(files.items())
        if content not in known:
            known[content] = read_pack(files)
        return known[content]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packs, "read_pack", remembered)
        yield


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
