"""The page of a card that says no more as a page than in a chat: its paragraphs, with lists as lists, and its buttons."""

from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from dialogs.core.acts import Kind, Open, Say
from dialogs.core.page import (
    Button,
    Listed,
    Number,
    PageKind,
    PagePart,
    QuestionPart,
    SectionPart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script

BULLET = "• "
NAMES = {"leaf.to-say": (Kind.CALL, Kind.CALLING), "leaf.numbers": (Kind.CONTACTS,)}
IN_THE_FRAME = frozenset({Kind.URGENT, Kind.MORE})
"""The overlays whose buttons every page has in its frame, so that no card needs them."""


def simple_page(
    card: Card,
    script: Script,
    *,
    notice: str = "",
    reference: str = "",
    more: tuple[Button, ...] = (),
    is_replaced: bool = False,
) -> WholePage:
    """Return the page of a card, without parts if these are to be replaced.

    `more` are the buttons that its More opens, and `notice` the text at its top.
    """
    texts = card.paragraphs[bool(notice) :]
    at = next((at for at, each in enumerate(texts) if each.is_heading), 0)
    # The reference stands at the top of a page.
    caption = " ".join([each.text for each in texts[:at]]).removeprefix(reference).removeprefix(" · ")
    # The button that leads back stands at the top too, but not one that closes for another reason.
    label = script.wording.say("button.back")
    return WholePage(
        PageKind.MESSAGE,
        script.wording.say("leaf.title"),
        texts[at].text,
        () if is_replaced else (*[part for each in texts[at + 1 :] for part in parts_of(each)], *ways_of(card, script)),
        caption=caption[:1].upper() + caption[1:],
        reference=reference,
        back=next(iter([each for each in card.buttons if each.label == label]), None),
        more=more,
        notice=notice,
    )


def ways_of(card: Card, script: Script, is_elsewhere: Callable[[Button], bool] = lambda _: False) -> Iterator[Ways]:
    """Yield the rows of a card's buttons, without those that every page has and those that `is_elsewhere` on this one.

    What opens the same has the same name on all pages, and none that could be taken for a call.
    """
    back = script.wording.say("button.back")
    for row in card.rows:
        left = [each for each in row if each.label != back and not opens(each, IN_THE_FRAME) and not is_elsewhere(each)]
        if left:
            yield Ways(tuple(_named(each, script) for each in left))


def _named(button: Button, script: Script) -> Button:
    key = next((key for key, kinds in NAMES.items() if opens(button, kinds)), "")
    is_own = not key or button.label == script.wording.say("button.this-case")
    return button if is_own else button._replace(label=script.wording.say(key))


def ways_left(plain: WholePage, is_elsewhere: Callable[[Button], bool] = lambda _: False) -> Iterator[Ways]:
    """Yield the rows of buttons of a plain page, without those that are elsewhere on the page made of it."""
    for part in plain.parts:
        if isinstance(part, Ways) and (left := tuple(each for each in part.buttons if not is_elsewhere(each))):
            yield Ways(left)


def sectioned(paragraphs: tuple[Paragraph, ...]) -> Iterator[PagePart]:
    """Yield paragraphs as texts and lists, with everything below a strong one in a section with that heading."""
    title, below = "", list[PagePart]()
    for each in paragraphs:
        if each.is_strong:
            yield from _closed(title, below)
            title, below = each.text, []
        else:
            below += parts_of(each)
    yield from _closed(title, below)


def _closed(title: str, parts: list[PagePart]) -> tuple[PagePart, ...]:
    return (SectionPart(title, tuple(parts)),) if title else tuple(parts)


def question_of(page: WholePage, *, lead: tuple[str, ...] = (), without: Container[Kind] = ()) -> WholePage:
    """Return a plain page as a question: its texts and answers in a group, and below it the other buttons.

    Buttons that open a kind in `without` are left out, since the page has what they open.
    """
    buttons = [each for part in page.parts if isinstance(part, Ways) for each in part.buttons]
    choices = tuple(each for each in buttons if isinstance(each.act, Say))
    ways = tuple(each for each in buttons if not isinstance(each.act, Say) and not opens(each, without))
    texts = tuple(each.text for each in page.parts if isinstance(each, Text) and each.look is TextLook.PLAIN)
    others = tuple(
        each
        for each in page.parts
        if not isinstance(each, Ways) and not (isinstance(each, Text) and each.text in texts)
    )
    asked = QuestionPart(choices, (*lead, *texts))
    parts = (*others, asked, *((Ways(ways),) if ways else ()))
    return replace(page, shape=PageKind.QUESTION, parts=parts)


def with_main(page: WholePage) -> WholePage:
    """Return a page on which the first row of buttons begins with the main one."""
    at = next((at for at, each in enumerate(page.parts) if isinstance(each, Ways)), None)
    if at is None:
        return page
    main = page.parts[at]
    assert isinstance(main, Ways), "it was looked for"
    return replace(page, parts=(*page.parts[:at], main._replace(is_main=True), *page.parts[at + 1 :]))


def opens(button: Button, kinds: Container[Kind]) -> bool:
    """Return True if a button opens an overlay of one of these kinds."""
    return isinstance(button.act, Open) and button.act.overlay.kind in kinds


def parts_of(paragraph: Paragraph) -> Iterator[PagePart]:
    """Yield a paragraph as texts and lists."""
    items: list[str] = []
    start, look = 0, TextLook.STRONG if paragraph.is_strong else TextLook.PLAIN
    for line in paragraph.text.split("\n"):
        end = start + len(line)
        if line.startswith(BULLET):
            items.append(line.removeprefix(BULLET))
        else:
            if items:
                yield Listed(tuple(items))
                items = []
            here = (each for each in paragraph.numbers if start <= each.start < end)
            yield Text(line, look, tuple(Number(each.start - start, each.end - start, each.dial) for each in here))
        start = end + 1
    if items:
        yield Listed(tuple(items))
