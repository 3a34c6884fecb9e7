"""Tests of a person's id, which consists of a channel and a name, and of its text, which the store encrypts."""

import pytest

from bot.channels.telegram.sender import chat_of
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings


@pytest.mark.parametrize("text", ["telegram:7", "telegram:-100", "web:a-hash:a:subject"])
def test_a_person_is_read_as_they_were_written(text: str) -> None:
    assert str(PersonId.read(text)) == text


def test_the_channel_ends_at_the_first_colon() -> None:
    assert PersonId.read("web:a-hash:a:subject") == PersonId("web", "a-hash:a:subject")


@pytest.mark.parametrize("text", ["", "7", ":7", "telegram:", "telegram"])
def test_a_text_that_names_nobody_is_refused(text: str) -> None:
    """The error does not quote the text, because it may be a person's name."""
    with pytest.raises(ValueError, match="a person is named by a channel, a colon, and a name"):
        PersonId.read(text)


def test_a_chat_is_found_of_telegrams_people_alone() -> None:
    """A person's name on another channel may be a number too, but it is not the number of a Telegram chat."""
    assert chat_of(str(PersonId.on_telegram(7))) == 7
    with pytest.raises(ValueError, match="another channel"):
        chat_of("web:7")


def test_the_channel_must_match_exactly() -> None:
    with pytest.raises(ValueError, match="another channel"):
        chat_of("telegram-business:7")


def test_the_first_administrators_are_people_of_telegram() -> None:
    settings = Settings.model_validate({"admins": frozenset({7, 8})})

    assert settings.first_administrators == {"telegram:7", "telegram:8"}
