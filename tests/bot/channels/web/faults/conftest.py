"""Fixture that raises the rate limits, for tests that send thousands of requests from one address."""

import pytest

from bot.channels.web import entrance, pages
from tests.support.web.serving import UNHURRIED


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = ((pages, "A_PERSON"), (entrance, "A_STRANGER"))
    for module, rate in rates:
        monkeypatch.setattr(module, rate, UNHURRIED)
