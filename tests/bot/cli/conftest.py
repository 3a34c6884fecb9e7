"""What the tests of the command line share: a folder of their own, and one in which somebody has begun."""

from pathlib import Path

import pytest

from tests.support.command_line.desk import Folder, made


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with a key file, and nobody."""
    return made(tmp_path)


@pytest.fixture
def kept(folder: Folder) -> Folder:
    """A folder in which somebody has begun."""
    folder.admit()
    return folder
