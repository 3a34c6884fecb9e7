"""Clears the domain's caches before the tests. `make mutate` forks after a run, and old results would hide a change."""

import sys

import pytest


@pytest.fixture(autouse=True, scope="session")
def _nothing_remembered() -> None:
    for name in [name for name in sys.modules if name.startswith("seraf.")]:
        for each in list(vars(sys.modules[name]).values()):
            if callable(clear := getattr(each, "cache_clear", None)):
                clear()
