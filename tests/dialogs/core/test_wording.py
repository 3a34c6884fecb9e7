"""Tests that the code and the wording file use the same keys, and that every placeholder is filled."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from dialogs.core.script import Wording, read_wording
from seraf.errors import PackFault
from tests.support.places import ROOT
from tests.support.shipped import WORDING

SAYING = {"say": "", "say_first": "", "Toast": "toast.", "_titled": ""}
"""The functions whose first argument is a key of the wording file, each with the prefix that it puts before the key."""


@cache
def code() -> list[ast.Module]:
    return [
        ast.parse(path.read_text(encoding="utf-8"))
        for room in ("dialogs", "bot")
        for path in (ROOT / room).rglob("*.py")
    ]


def calls() -> Iterator[tuple[str, ast.Call]]:
    for module in code():
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in SAYING and node.args:
                    yield name, node


def constant_keys() -> Iterator[tuple[str, set[str] | None]]:
    for name, call in calls():
        asked = call.args[0]
        for first in (asked.body, asked.orelse) if isinstance(asked, ast.IfExp) else (asked,):
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                key = f"{first.value}.title" if name == "_titled" else SAYING[name] + first.value
                given = {keyword.arg for keyword in call.keywords if keyword.arg}
                is_open = name != "say" or any(keyword.arg is None for keyword in call.keywords)
                yield key, None if is_open else given


def texts() -> tuple[set[str], list[str]]:
    scripts = (path.read_text(encoding="utf-8") for path in (ROOT / "bot/channels/web/static").glob("*.js"))
    whole = {f"script.{key}" for text in scripts for key in re.findall(r"@([a-z-]+)", text)}
    patterns = list[str]()
    for module in code():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^.]+" for part in node.values
                )
                patterns.append("".join(parts))
    return whole, [pattern for pattern in patterns if re.search("[a-z]", pattern.replace("[^.]+", ""))]


def test_every_key_that_is_written_out_in_the_code_is_in_the_wording() -> None:
    """A key without a text would raise an error while a person uses the bot."""
    assert sorted({key for key, _ in constant_keys() if key not in WORDING}) == []


def test_every_sentence_is_given_what_its_places_need() -> None:
    needing = [(key, WORDING.places(key) - given) for key, given in constant_keys() if given is not None]

    assert [(key, missing) for key, missing in needing if missing] == []


def test_every_key_of_the_wording_is_used() -> None:
    whole, patterns = texts()
    put_together = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    spoken = {key for key in WORDING.texts for form in forms(key) if form in whole or put_together.fullmatch(form)}

    assert sorted(set(WORDING.texts) - spoken) == []


def forms(key: str) -> tuple[str, ...]:
    key = key.removeprefix("web.").removeprefix(
        "guest."
    )  # what is said otherwise there is said under its own key elsewhere
    return (key, key.removeprefix("button."), key.removeprefix("toast."), key.removesuffix(".title"))


def test_labels_are_no_longer_than_a_button_even_with_the_mark() -> None:
    mark = len(WORDING.say("mark.chosen", label=""))
    labels = {key: text for key, text in WORDING.texts.items() if key.startswith(("button.", "change.", "page."))}
    answers = {key: text for key, text in WORDING.texts.items() if key.startswith("answer.")}

    assert {key for key, text in labels.items() if len(text.replace("{number}", "30")) > 20} == set()
    assert {key for key, text in answers.items() if len(text) + mark > 20} == set()


def test_toasts_fit_where_they_are_shown() -> None:
    """A toast (a short notice over the card) has at most 200 characters, including the values filled in."""
    long = [key for key, text in WORDING.texts.items() if key.startswith("toast.") and len(text) > 200]

    assert long == []


def test_a_sentence_is_given_with_its_placeholders_filled() -> None:
    wording = Wording({"a": "{x} of {y}", "b": "plain"})

    assert wording.say("a", x=1, y=2) == "1 of 2"
    assert wording.say_first("special", "b") == "plain"
    assert wording.places("a") == {"x", "y"}
    with pytest.raises(KeyError):
        wording.say("c")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff", "wording: not TOML in UTF-8"),
        (b"[", "wording: not TOML in UTF-8"),
        (b"x = " + b"9" * 5_000, "wording: not TOML in UTF-8"),
        (b"x = " + b"[" * 5_000, "wording: not TOML in UTF-8"),
        (b"[a]\nb = 1", "wording.a.b: must be a text that says something"),
        (b"[a]\nb = '  '", "wording.a.b: must be a text that says something"),
    ],
)
def test_an_invalid_wording_file_stops_the_start(content: bytes, fault: str) -> None:
    with pytest.raises(PackFault) as caught:
        read_wording(content)

    assert [each[: len(fault)] for each in caught.value.faults] == [fault]


def test_a_channel_uses_its_own_sentences_before_the_general_ones() -> None:
    wording = Wording({"a": "in a chat", "b": "everywhere", "web.a": "on a page"})

    assert (wording.on("web").say("a"), wording.on("web").say("b")) == ("on a page", "everywhere")
    assert (wording.on("telegram").say("a"), wording.say("a")) == ("in a chat", "in a chat")


def test_every_browser_text_replaces_another_with_the_same_placeholders() -> None:
    """A browser text that replaces no other is never shown, and a placeholder of its own would not be filled."""
    own = {key.removeprefix("web."): key for key in WORDING.texts if key.startswith("web.")}

    assert sorted(key for key in own if key not in WORDING) == []
    assert [key for key, web in own.items() if not WORDING.places(web) <= WORDING.places(key)] == []


NOT_ON_A_PAGE = (
    *("slip.", "staff.", "document.", "rehearsal-document.", "kit.", "new-case."),
    "paused.not-kept",
)
"""Keys that no browser page shows: texts of slips, PDFs, captions, the command line and the terminal."""

OF_A_CHAT = re.compile(r"Telegram|\bchat\b|(?<![\w/.])/[a-z]{3,}")
"""Words that are true of a chat only, not of a page: Telegram, “chat” and commands."""


def test_a_page_speaks_of_no_chat_and_asks_nobody_to_type_a_command() -> None:
    page = WORDING.on("web")
    others = ("web.", "telegram.", "terminal.")
    shown = {
        key: text
        for key, text in page.texts.items()
        if not key.startswith((*others, *NOT_ON_A_PAGE)) and not key.endswith((".telegram", ".terminal"))
    }

    assert sorted(key for key, text in shown.items() if OF_A_CHAT.search(text)) == [
        "browser.front.trainers-text",  # trainers come by Telegram where nobody signs in
        *("people.code.either", "people.codes.either"),  # an invited person may come by chat or by page
    ]
