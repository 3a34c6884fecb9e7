"""Addresses of a PostgreSQL server in the settings: with a password, without a database, or without TLS they are refused."""

import pytest

from bot.runtime.errors import SettingsFault
from bot.runtime.settings import load_local_settings

NAMES = ("SERAF_STORE", "SERAF_STORE_OWNER")
GOOD = (
    "postgresql://seraf@db1,db2:5433/seraf?sslmode=verify-full",
    "postgresql:///seraf?host=/run/postgresql",
    "postgresql://seraf@127.0.0.1/seraf",
    "postgresql:///?service=seraf&sslmode=verify-full",
)
BAD = (
    ("postgresql://seraf:secret@db1/seraf?sslmode=verify-full", "no password"),
    ("postgresql://seraf@db1/?sslmode=verify-full", "name the database"),
    ("postgresql://seraf@db1/seraf", "verify-full"),
    ("postgresql://seraf@127.0.0.1,db2/seraf?sslmode=require", "verify-full"),
    ("postgresql:///?service=seraf", "verify-full"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("address", "why"), BAD)
def test_an_address_that_could_be_read_or_answered_by_others_is_refused_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str, why: str
) -> None:
    monkeypatch.setenv(name, address)

    with pytest.raises(SettingsFault) as refused:
        load_local_settings()

    assert str(refused.value).startswith(f"{name}: must ")
    assert (why in str(refused.value), "secret" in str(refused.value)) == (True, False)


@pytest.mark.parametrize("address", GOOD)
def test_an_address_of_libpq_s_own_form_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, address)

    settings = load_local_settings()

    assert (settings.store.address, settings.store.owner) == (address, address)
