"""What is shared by tests in which thousands of requests come from one address."""

import pytest

from bot.channels.web import pages
from bot.channels.web.sign_in import routes
from tests.support.web.serving import UNHURRIED


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages where nobody comes too often: a request that is told to wait tries nothing."""
    rates = ((pages, "A_PERSON"), (routes, "A_STRANGER"))
    for module, rate in rates:
        monkeypatch.setattr(module, rate, UNHURRIED)
