"""Tests of moving a session to another place, of changed copies of a value, and of the cache of decoded sessions."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.access.account import Account
from bot.storage.values import Record, first_record
from dialogs.core.acts import Kind, Overlay
from dialogs.core.codec import MOST_TEXTS, ReadTexts, forget_all
from dialogs.core.role import Role
from dialogs.core.session import Session, Told, altering, fresh
from seraf.form.responses import NOTHING, Responses
from state_machines.assessment import Phase
from tests.support.people.accounts import account_with
from tests.support.shipped import INSTRUMENT


def test_a_session_that_moves_keeps_all_else() -> None:
    session = Session(**cast(Any, {each.name: f"what is in {each.name}" for each in fields(Session)}))
    session = replace(session, card=7, phase=Phase.ITEMS, overlay=Overlay(Kind.MORE))

    assert session.moved(Phase.CHECK, "2") == replace(session, phase=Phase.CHECK, place="2", overlay=None)
    assert session.at("V1") == replace(session, place="V1", overlay=None)
    assert session.next_card(7) == replace(session, card=8)


def test_sessions_with_the_same_answers_share_what_follows_from_them() -> None:
    session = fresh(1, NOTHING).giving("danger", "yes")
    view = session.view(INSTRUMENT)

    assert session.moved(Phase.CHECK, "1").beneath(Overlay(Kind.MORE)).view(INSTRUMENT) is view
    assert replace(session, told=Told(3)).logged(()).view(INSTRUMENT) is view


def test_implied_answers_are_recomputed() -> None:
    session = fresh(1, NOTHING).giving("danger", "yes")
    before = session.view(INSTRUMENT).facts

    assert session.giving("danger", "no").view(INSTRUMENT).facts["danger"] == {"no"}
    assert session.responding(Responses.of({"V1": "yes"})).view(INSTRUMENT).facts["present"] > before["present"]
    assert session.answered(NOTHING).view(INSTRUMENT).facts["danger"] == {"not-asked"}
    assert session.view(INSTRUMENT).facts == before


def test_another_instrument_sees_the_same_answers_for_itself() -> None:
    session = fresh(1, NOTHING).responding(Responses.of({"V1": "yes"}))
    without = replace(INSTRUMENT, items=INSTRUMENT.items[1:])

    assert "V1" in session.view(INSTRUMENT).facts["present"]
    assert "V1" not in session.view(without).facts["present"]


SESSION = fresh(3, NOTHING)
MOMENT = datetime(2026, 3, 4, 12, tzinfo=UTC)
ACCESS = account_with("ab12cd34", Role.ADMIN, MOMENT)


@pytest.mark.parametrize("value", [SESSION, ACCESS])
def test_every_field_can_be_another(value: Session | Account) -> None:
    altered: Any = altering(type(value))
    every: dict[str, Any] = {each.name: object() for each in fields(value)}
    for new in ({}, every, *[{name: one} for name, one in every.items()]):
        before = replace(value)
        assert altered(value, new) == replace(value, **new)
        assert value == before


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(AttributeError):
        altering(Session)(SESSION, {"nothing": 1})


def test_a_value_that_checks_itself_checks_its_copies() -> None:
    """Without the check, a changed copy could have a time without a time zone."""
    record = first_record("telegram:1")

    assert altering(Record)(record, {"due": MOMENT}) == replace(record, due=MOMENT)
    with pytest.raises(ValueError, match="without a time zone"):
        altering(Record)(record, {"due": MOMENT.replace(tzinfo=None)})


def test_a_text_is_read_once_until_it_is_forgotten() -> None:
    read: list[str] = []

    def reading(text: str) -> str:
        read.append(text)
        return f"what {text} says"

    texts = ReadTexts(reading)

    assert texts.of("a") == texts.of("a") == "what a says"
    texts.know("b", "what b says")
    assert texts.of("b") == "what b says"
    assert read == ["a"]

    forget_all()
    assert [texts.of("a"), texts.of("b")] == ["what a says", "what b says"]
    assert read == ["a", "a", "b"]


def test_few_texts_are_remembered_at_a_time() -> None:
    texts = ReadTexts(str.upper)
    for number in range(10 * MOST_TEXTS):
        texts.of(f"text {number}")
        assert len(texts) <= MOST_TEXTS


def test_an_unreadable_text_is_not_cached() -> None:
    texts = ReadTexts(int)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            texts.of("no number")

    assert len(texts) == 0
