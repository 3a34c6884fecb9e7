"""Tests that texts of a pack or invitation that look like markup, commands, names or links are shown unchanged."""

import json
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.packs import SHIPPED, load_pack
from seraf.pack import Pack
from tests.fakes.telegram import FakeTelegram, Message, Person
from tests.support.command_line.desk import Folder, made
from tests.support.pack.toml import Raw, parsed, written
from tests.support.people.accounts import altered
from tests.support.telegram.home import Home
from tests.support.telegram.walker import press_on

HOSTILE = (
    "<b>bold</b><script>x</script> &amp; &#x3C;",
    "*bold* _slanted_ ||hidden|| `code`",
    "[press](tg://user?id=7) https://example.invalid/?a=1",
    "/erase /start@fake_bot",
    "@somebody #tag $TAG",
    "שלום عربي { reference} %s \\n",
)
"""Texts with HTML, Markdown, links, commands, names, right-to-left letters, and placeholders for other texts."""

SHORT = ("<b>x</b>", "*_x_*", "/erase", "@x", "{ label}", "שלום")
YES, NO, UNKNOWN = "<i>Yes</i>", "*No* @no", "/erase { x}"
CHANGED = {"label", "gloss", "consider", "explanation", "text", "title", "note", "name", "who", "description"}
"""The fields of a pack whose texts are made hostile, in whatever table they are."""

PLAIN = tuple(each for each in HOSTILE if "{" not in each)
LABELS = {"guide.toml": {"title"}}
"""For each file, the fields that label buttons. They must stay short, so their texts are not changed."""

MOST = {"who": 80, "title": 40, "name": 40}
"""The maximum number of characters of some fields. A text that would become longer is left unchanged."""

MOST_IN = {
    "steps": {"text": 120},
    "details": {"text": 120},
    "whom": {"name": 0},
    "say": {"text": 160},
    "view_reasons": {"text": 60},
}
"""The same within some tables. A `name` in `whom` fills a whole title, so it is always left unchanged."""


def spoilt(raw: Any, endings: Iterator[str], changed: set[str], most: Mapping[str, int]) -> None:
    for key, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
        if isinstance(value, dict | list):
            spoilt(value, endings, changed, {**most, **MOST_IN.get(str(key), {})})
        elif isinstance(value, str) and value and key in changed and "means" not in raw:
            ending = next(endings)
            is_of_a_line = key == "title" and "line" in raw  # such a title may name somebody, and has no other place
            spoiled = f"{value} {PLAIN[0] if '{' in value or is_of_a_line else ending}"
            raw[key] = spoiled if len(spoiled) <= most.get(key, len(spoiled)) else value


def hostile_pack(folder: Path) -> Pack:
    files: dict[str, Raw] = parsed(SHIPPED)
    endings, shorts = cycle(HOSTILE), cycle(SHORT)
    del files["instrument.toml"]["missing"]
    for name, raw in files.items():
        ends = cycle(PLAIN) if name == "calling.toml" else endings  # the call script fills places of its own
        shown = {key: value for key, value in raw.items() if key != "instrument"}
        if name != "quotes.toml":  # what it holds is compared, and shown to nobody
            spoilt(shown, ends, CHANGED - LABELS.get(name, set()), MOST)
    for number, item in enumerate(files["instrument.toml"]["items"]):
        item["short"] = f"{next(shorts)} {number}"
        item["counts"] = [f"{each} {next(endings)}" for each in item["counts"]]
    for section in files["instrument.toml"]["sections"][:2]:
        for option, label in zip(section["options"], (YES, NO, UNKNOWN), strict=True):
            option["label"] = label
    folder.mkdir()
    for name, raw in files.items():
        (folder / name).write_bytes(written(raw))
    return load_pack(folder)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return hostile_pack(tmp_path / "pack")


@pytest.fixture
def home(server: FakeTelegram, tmp_path: Path, pack: Pack) -> Iterator[Home]:
    yield Home(tmp_path, server, pack=tmp_path / "pack")
    assert server.violations == []


def bold(message: Message) -> list[str]:
    assert {each["type"] for each in message.entities} <= {"bold", "phone_number"}
    units = message.text.encode("utf-16-le")
    cut = [
        units[2 * each["offset"] : 2 * (each["offset"] + each["length"])]
        for each in message.entities
        if each["type"] == "bold"
    ]
    return [each.decode("utf-16-le") for each in cut]


async def press(sam: Person, *labels: str) -> Message:
    await sam.settled()
    for label in labels:
        await press_on(sam, label)
    return sam.card


async def leaf_through(sam: Person) -> None:
    while "Next page" in sam.card.labels:
        await press(sam, "Next page")


async def test_hostile_words_of_a_pack_are_shown_letter_for_letter(
    running_bot: Home, server: FakeTelegram, sam: Person, pack: Pack
) -> None:
    await sam.send("/start")
    await sam.sees("SERAF consultation")
    item = pack.instrument.items[0]

    card = await press(sam, "Start", "School", "Neither", "No", "Yes", "13–15", "Form order")
    assert item.label in card.text
    assert item.consider in card.text
    assert item.label in bold(card)
    assert card.labels[:3] == (YES, NO, UNKNOWN)

    card = await press(sam, "What counts?")
    assert all(words in card.text for words in (item.explanation, *item.counts))

    await press(sam, "Back", YES, "It is over", UNKNOWN, NO)  # item 1 asks at once whether it is going on
    await press(sam, "More", "Finish now", "Not known", "None of the others")
    await leaf_through(sam)
    assert f"{item.label}: {YES}" in all_text(sam)

    await press(sam, "Continue", "Not sure", "The number")
    await leaf_through(sam)
    await sam.send("/contacts")
    await sam.sees(pack.contacts.all[0].name)

    assert all(contact.name in sam.card.text and contact.note in sam.card.text for contact in pack.contacts.all)
    assert sum(step.text in all_text(sam) for step in pack.guidance.steps) >= 3
    assert [words for words in HOSTILE if words not in all_text(sam)] == []
    has_only_our_entities(server, sam)


def has_only_our_entities(server: FakeTelegram, sam: Person) -> None:
    for message in every_version(sam):
        bold(message)
    calls = [*server.calls("sendMessage"), *server.calls("editMessageText")]
    assert not any("parse_mode" in call.params for call in calls)
    marked = [call.params.get("entities", []) for call in calls]
    entities = [json.loads(each) if isinstance(each, str) else each for each in marked]
    assert {each["type"] for every in entities for each in every} == {"bold"}


async def test_hostile_short_words_are_on_buttons_unchanged(running_bot: Home, sam: Person, pack: Pack) -> None:
    await sam.send("/start")
    await sam.sees("SERAF consultation")
    card = await press(sam, "Start", "School", "Neither", "No", "Yes", "13–15", "Quick")
    first = [item for item in pack.instrument.items if item.section.id == "vulnerability"]
    assert list(card.labels[: len(first)]) == [item.short for item in first]

    await press(sam, "/erase 2", "It is over")  # it asks at once whether it is going on

    assert sam.card.labels[2] == "/erase 2 ✓"
    session = await running_bot.session(sam.chat_id)
    assert len(session.answers.items) == 1


@pytest.mark.parametrize("name", ["[bold red]x[/] [link=//e.x]y[/]", "<b>x</b> & :boom: {0} %s", "שלום"])
def test_a_name_with_markup_prints_as_it_is_in_the_list(tmp_path: Path, name: str) -> None:
    folder: Folder = made(tmp_path)
    folder.said("people", "invite", "--role", "practitioner", "--name", name)
    folder.admit(standing=altered(folder.standing(), name=name))

    listed = folder.said("people", "list")

    assert name in listed
    assert "\x1b" not in listed


@pytest.mark.parametrize("name", ["\x1b[2Jx", "two\nlines", "a\u202eb", "a\u200bb", "x" * 41])
def test_a_name_that_could_move_what_is_printed_is_refused(tmp_path: Path, name: str) -> None:
    said = made(tmp_path).refused("people", "invite", "--role", "practitioner", "--name", name)

    assert "--name: 1 to 40 characters on one line" in said
    assert name not in said


def every_version(sam: Person) -> list[Message]:
    return [act.message for act in sam.acts if act.message and act.deed in ("sent", "edited") and act.message.by_bot]


def all_text(sam: Person) -> str:
    return "\n".join(message.text for message in every_version(sam))
