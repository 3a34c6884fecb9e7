"""Third-party libraries that compute the same as our code, so that tests can compare the results."""

from typing import Any

import pytest


def oracle(name: str) -> Any:
    """Import a library of the extra `oracle`, or skip the test if it is not installed."""
    reason = f"{name.partition('.')[0]} is not installed: it is in the extra `oracle`, which `make check` installs"
    return pytest.importorskip(name, reason=reason)
