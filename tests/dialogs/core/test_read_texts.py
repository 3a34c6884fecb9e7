"""Texts that were read or written are known until they are forgotten."""

import pytest

from dialogs.core.codec import MOST_TEXTS, ReadTexts, forget_all


def test_a_text_is_read_once_until_it_is_forgotten() -> None:
    """What was written is known without being read; after forgetting nothing is."""
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
    """However many people press between two times of forgetting."""
    texts = ReadTexts(str.upper)
    for number in range(10 * MOST_TEXTS):
        texts.of(f"text {number}")
        assert len(texts) <= MOST_TEXTS


def test_what_cannot_be_read_is_not_remembered() -> None:
    """The fault is raised each time."""
    texts = ReadTexts(int)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            texts.of("no number")

    assert len(texts) == 0
