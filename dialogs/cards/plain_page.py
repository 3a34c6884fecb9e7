"""The page of a card that says no more as a page than in a chat: its paragraphs, with lists as lists, and its buttons."""

from collections.abc import Callable, Iterator

from dialogs.core.acts import Act, Close, GateAct, Go, Kind, Open, Rehearse
from dialogs.core.page import Listed, Look, Page, Part, Section, Shape, Text, Ways
from dialogs.core.replies import Button, Card, Number, Paragraph
from dialogs.core.script import Script
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn

BULLET = "• "
IN_THE_FRAME = frozenset({Kind.URGENT, Kind.MORE})
"""The overlays whose buttons every page has in its frame, so that no card needs them."""


def plain_page(
    card: Card, script: Script, *, notice: str = "", reference: str = "", more: tuple[Button, ...] = ()
) -> Page:
    """Return the page of a card. `more` are the buttons that its More opens, and `notice` the text at its top."""
    texts = card.paragraphs[bool(notice) :]
    at = next((at for at, each in enumerate(texts) if each.is_heading), 0)
    caption = " ".join(each.text for each in texts[:at]).removeprefix(reference).removeprefix(" · ")
    return Page(
        Shape.MESSAGE,
        script.wording.say("leaf.title"),
        texts[at].text,
        (*(part for each in texts[at + 1 :] for part in parts_of(each)), *ways_of(card)),
        caption=caption,
        reference=reference,
        back=next((each for each in card.buttons if is_back(each.act)), None),
        more=more,
        notice=notice,
    )


def is_back(act: Act | GateAct) -> bool:
    """Return True if a button with this act stands at the top of a page."""
    return act in (Go(Trigger.BACK), Close(), Rehearse(Turn.BACK))


def ways_of(card: Card, is_elsewhere: Callable[[Button], bool] = lambda _: False) -> Iterator[Ways]:
    """Yield the rows of a card's buttons, without those that every page has and those that `is_elsewhere` on this one."""
    for row in card.rows:
        left = tuple(each for each in row if not _is_in_the_frame(each.act) and not is_elsewhere(each))
        if left:
            yield Ways(left)


def ways_left(plain: Page, is_elsewhere: Callable[[Button], bool] = lambda _: False) -> Iterator[Ways]:
    """Yield the rows of buttons of a plain page, without those that are elsewhere on the page made of it."""
    for part in plain.parts:
        if isinstance(part, Ways) and (left := tuple(each for each in part.buttons if not is_elsewhere(each))):
            yield Ways(left)


def sectioned(paragraphs: tuple[Paragraph, ...]) -> Iterator[Part]:
    """Yield paragraphs as texts and lists, with everything below a strong one in a section with that heading."""
    title, below = "", list[Part]()
    for each in paragraphs:
        if each.is_strong:
            yield from _closed(title, below)
            title, below = each.text, []
        else:
            below += parts_of(each)
    yield from _closed(title, below)


def _closed(title: str, parts: list[Part]) -> tuple[Part, ...]:
    return (Section(title, tuple(parts)),) if title else tuple(parts)


def _is_in_the_frame(act: Act | GateAct) -> bool:
    return is_back(act) or (isinstance(act, Open) and act.overlay.kind in IN_THE_FRAME)


def parts_of(paragraph: Paragraph) -> Iterator[Part]:
    """Yield a paragraph as texts and lists."""
    items: list[str] = []
    start, look = 0, Look.STRONG if paragraph.is_strong else Look.PLAIN
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
