"""Third-party libraries against which ours are checked."""

from typing import Any

import pytest


def oracle(name: str) -> Any:
    """Import such a library, or skip the test with the reason."""
    reason = f"{name.partition('.')[0]} is not installed: it is in the extra `oracle`, which `make check` installs"
    return pytest.importorskip(name, reason=reason)
