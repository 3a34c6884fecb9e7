"""Tests that every wording key that the code composes is checked when the wording is loaded."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs.core.script import Wording
from dialogs.word_keys import FAMILIES, with_all_keys
from seraf.errors import PackFault
from tests.support.places import ROOT
from tests.support.shipped import WORDING

PLACES = {"say": "", "say_first": "", "Toast": "toast.", "Key": ""}
"""The functions that take a key of the wording, each with the prefix that it adds."""

ONLY_WHERE_WRITTEN = {
    "about.{}",
    "hint.{}",
    "what.{}",
    "stop.still-{}",
    "stop.number-{}",
    "erase.text-{}",
    "browser.document.{}",
    "leaf.titles.{}",
    "summary.hand.{}",
}
"""Optional sentences: without one, the code uses a general sentence."""

PASSED_ON = {
    "{}.title",
    "{}.text",
    "{}.{}",
    "toast.{}",
    "rehearsal.{}.{}",
    "people.{}.{}",
    "news.{}-{}",
}
"""Keys that a function receives complete. They are checked where they are composed."""

OF_ANSWERS = {
    "answer.{}.{}",
    "answer.age.{}",
    "answer.judgement.{}",
    "answer.recorded.{}",
    "answer.{}",
    "screen.happens.{}.{}",
}
"""Keys for an answer, which has a text of its own or a shared one: see `test_an_answer_without_words_is_named`."""

NO_KEYS = {"\n{} {}", "> {}", "{} [{}]"}
"""Texts that the terminal composes itself; they are not keys."""


def families(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = node.args[1:2] if name == "Key" else node.args if name == "say_first" else node.args[:1]
            if name in PLACES:
                for text in (each for arg in given for each in ast.walk(arg) if isinstance(each, ast.JoinedStr)):
                    key = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in text.values)
                    yield f"button.{key}" if name == "Key" and "." not in key else f"{PLACES[name]}{key}"


def unlisted(paths: Iterator[Path]) -> set[str]:
    known = {*FAMILIES, *ONLY_WHERE_WRITTEN, *PASSED_ON, *OF_ANSWERS, *NO_KEYS}
    return {key for path in paths for key in families(ast.parse(path.read_text(encoding="utf-8"))) if key not in known}


def test_every_family_of_keys_is_listed() -> None:
    assert unlisted(path for room in ("dialogs", "bot") for path in (ROOT / room).rglob("*.py")) == set()


def test_a_wording_that_lacks_some_names_all_of_them() -> None:
    lacking = {"role.trainer", "caution.not-known", "toast.ignored-voice"}

    with pytest.raises(PackFault) as fault:
        with_all_keys(Wording({key: text for key, text in WORDING.texts.items() if key not in lacking}))

    assert {each.split(": ")[0] for each in fault.value.faults} == {f"wording.{key}" for key in lacking}


def test_an_answer_without_words_is_named() -> None:
    lacking = {"answer.how.quick", "answer.not-known"}

    with pytest.raises(PackFault) as fault:
        with_all_keys(Wording({key: text for key, text in WORDING.texts.items() if key not in lacking}))

    assert "wording.answer.how.quick: missing" in str(fault.value)
    assert "wording.answer.danger.not-known: missing" in str(fault.value)


def test_a_role_that_nobody_wrote_a_word_for_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAMILIES, "role.{}", ("practitioner", "inspector"))

    with pytest.raises(PackFault, match=r"wording\.role\.inspector: missing"):
        with_all_keys(WORDING)
