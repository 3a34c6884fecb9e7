"""What a browser must show of a card: compares the HTML of a page with the page that the core computed.

It knows how a page is made of parts, and nothing of any kind of card. So a kind that gets a better page needs no change here.
"""

from collections.abc import Iterator
from enum import Enum
from typing import get_args

from dialogs.cards.plain_page import simple_page
from dialogs.core.acts import Copy, code_of
from dialogs.core.page import (
    Banner,
    Box,
    Button,
    Call,
    Field,
    PagePart,
    PinField,
    Text,
    Ticks,
    WholePage,
    every,
    offered_acts,
)
from dialogs.core.replies import Card
from dialogs.core.script import Script
from tests.support.walks.core import Scene
from tests.support.walks.model import Type
from tests.support.web.seeing import Node, is_text_field
from tests.support.web.seeing import Page as Seen

PARTS = get_args(PagePart)
SILENT = ("id", "dial", "command")
"""The fields of parts with names that nobody sees or hears, besides the name of a field."""


def faults_of(seen: Seen, card: Card, script: Script, said: str | None = None) -> list[str]:
    """Return what a browser shows otherwise than the core's page says. The toast counts if it is given."""
    page = card.page or simple_page(card, script)
    main, parts = seen.main, page.parts
    more = [each for each in seen.nodes if each.name == "footer"]
    pairs = (
        ("shape", seen.shape, page.shape),
        ("title", seen.title, page.title),
        ("heading", seen.heading, page.heading),
        ("toast", seen.said, seen.said if said is None else said),
        ("buttons", pressed(main), [_pressing(each) for each in every(parts, Button)]),
        ("more", [each for footer in more for each in pressed(footer)], [_pressing(each) for each in page.more]),
        ("back", _backs(seen), [code_of(page.back.act)] if page.back else []),
        ("acts", sorted({_code(each) for each in seen.presses}), sorted(set(_codes(page)))),
        ("boxes", boxes(main, "checkbox"), [(each.label, each.is_ticked) for each in every(parts, Box)]),
        (
            "rest",
            boxes(main, "radio", "rest"),
            [(each, False) for ticks in every(parts, Ticks) for each, _ in ticks.rest],
        ),
        ("fields", fields(seen), [(each.label, each.text) for each in every(parts, Field)]),
        (
            "pins",
            len([each for each in main.within() if each.attributes.get("id") == "pin"]),
            len([*every(parts, PinField)]),
        ),
        ("numbers", seen.numbers, [*_dialled(parts)]),
    )
    found = [f"{name}: {here!r}, not {wanted!r}" for name, here, wanted in pairs if here != wanted]
    return [*found, *_unsaid(seen, page), *_unnumbered(seen, page)]


def faults_after(seen: Seen, scene: Scene, script: Script) -> list[str]:
    """Return what a browser shows otherwise than it must after a scene. A text that is refused must stand in its field again."""
    assert scene.card is not None, "a page is never empty"
    refused = [each for each in seen.nodes if "aria-invalid" in each.attributes]
    if refused and isinstance(scene.act, Type):
        typed = refused[0].words().strip() or refused[0].attributes.get("value", "")
        return [] if typed and scene.act.line.endswith(typed) else [f"given back: {typed!r}"]
    return faults_of(seen, scene.card, script, scene.said)


def pressed(place: Node) -> list[tuple[str, str]]:
    """Return the label and code of every button and choice in a place of the page. A button that copies has its text."""
    found = []
    for each in place.within():
        if each.attributes.get("name") == "press":
            label = each if each.name == "button" else next(up for up in each.around() if up.name == "label")
            found.append((label.words().strip(), _code(each.attributes["value"])))
        elif "data-copy" in each.attributes:
            found.append((each.words().strip(), each.attributes["data-copy"]))
    return found


def boxes(place: Node, kind: str, name: str = "") -> list[tuple[str, bool]]:
    """Return the labels of boxes, and whether each is ticked."""
    found = [each for each in place.within() if each.attributes.get("type") == kind]
    return [
        (_label_of(each), "checked" in each.attributes) for each in found if not name or each.attributes["name"] == name
    ]


def fields(seen: Seen) -> list[tuple[str, str]]:
    """Return the labels and contents of the fields in the main part."""
    found = [each for each in seen.fields if each.node.is_in("main") and is_text_field(each.node)]
    return [(each.words, each.node.words().strip() or each.attributes.get("value", "")) for each in found]


def _label_of(box: Node) -> str:
    return next(each for each in box.around() if each.name == "label").words("small").strip()


def _pressing(button: Button) -> tuple[str, str]:
    return button.label, button.act.text if isinstance(button.act, Copy) else button.code


def _code(press: str) -> str:
    return press.partition(":")[2]


def _codes(page: WholePage) -> Iterator[str]:
    yield from (code_of(each) for each in offered_acts(page) if not isinstance(each, Copy))


def _backs(seen: Seen) -> list[str]:
    return [_code(each.attributes["value"]) for each in seen.nodes if each.has_class("back")]


def _dialled(value: object) -> Iterator[str]:
    if isinstance(value, Call):
        yield from (value.dial,) * bool(value.dial)
    elif isinstance(value, Text):
        yield from (each.dial for each in value.numbers)
    elif isinstance(value, tuple):
        for each in value:
            yield from _dialled(each)


def _unnumbered(seen: Seen, page: WholePage) -> Iterator[str]:
    """Yield a fault if the page has no number at its foot, or has one in a rehearsal that is not about a real child."""
    bar = [each.attributes.get("href", "") for each in seen.nodes if each.name == "a" and each.is_in("nav")]
    wanted = ["tel:999"] if page.has_numbers else []
    if bar[:1] != wanted:
        yield f"bar: {bar!r}"


def _unsaid(seen: Seen, page: WholePage) -> Iterator[str]:
    """Yield the texts of the page that are not shown, or not in the order of its parts. In a part, fields may be in any order."""
    whole = seen.root.heard()
    yield from (f"not shown: {each}" for each in (page.reference, page.stripe) if each not in whole)
    stream = seen.main.heard()
    yield from (f"not shown: {each}" for each in (page.notice, page.caption) if each not in stream)
    missing: list[str] = []
    _follow(page.parts, stream, 0, missing)
    yield from (f"not shown there: {each}" for each in missing)


def _follow(value: object, stream: str, start: int, missing: list[str]) -> int:
    """Return where the text of a value ends on the page, which must begin after `start`."""
    if isinstance(value, str):
        return _found(value, stream, start, missing) if value and not isinstance(value, Enum) else start
    if isinstance(value, Button):
        return _follow(value.label, stream, start, missing)
    if isinstance(value, Banner):  # it has no number that cannot be rung, as in a rehearsal
        value = value._replace(calls=tuple(each for each in value.calls if each.dial))
    if not isinstance(value, tuple):
        return start
    if not hasattr(value, "_fields"):
        for each in value:
            start = _follow(each, stream, start, missing)
        return start
    inner = [start]
    for name, each in zip(value._fields, value, strict=True):
        if name in SILENT or (isinstance(value, Field) and name == "name"):
            continue
        said = tuple(label for label, _ in each) if isinstance(value, Ticks) and name == "rest" else each
        inner.append(_follow(said, stream, start, missing))
    return max(inner)


def _found(text: str, stream: str, start: int, missing: list[str]) -> int:
    at = stream.find(text, start)
    if at < 0:
        missing.append(text)
        return start
    return at + len(text)
