"""Libraries that ours is held against, and that nothing else needs."""

from typing import Any

import pytest


def oracle(name: str) -> Any:
    """The module of such a library. Where it is not installed, the test that asks for it is skipped, and says why."""
    reason = f"{name.partition('.')[0]} is not installed: it is in the extra `oracle`, which `make check` installs"
    return pytest.importorskip(name, reason=reason)
