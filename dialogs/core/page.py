"""What a page in a browser shows, as values: each part says what it is, and a channel with pages draws it.

A chat shows a card as a few paragraphs above buttons. A page has more room, so it shows at once what a chat divides into
several cards: the whole check, the whole plan, what counts beside an item. `Card.page` is None on channels without pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar, cast

from dialogs.core.acts import Act, GateAct, code_of


class Number(NamedTuple):
    """The position of a telephone number in a paragraph, and the number to dial in international form."""

    start: int
    end: int
    dial: str


class Button(NamedTuple):
    """A button: a label of at most 20 characters, the act that it does, and whether it is the current answer (`is_chosen`).

    On a page, `about` is what the act is about, for those who hear the label without what stands around it.
    """

    label: str
    act: Act | GateAct
    is_chosen: bool = False
    about: str = ""

    @property
    def code(self) -> str:
        """Return the code of the button's act."""
        return code_of(self.act)


class PageKind(StrEnum):
    """The kinds of pages."""

    QUESTION = "question"
    TICKS = "ticks"
    ANSWERS = "answers"
    PLAN = "plan"
    DOING = "doing"
    NUMBERS = "numbers"
    SCRIPT = "script"
    REFERENCE = "reference"
    MESSAGE = "message"
    LOCKED = "locked"
    PEOPLE = "people"
    STORY = "story"
    DEBRIEF = "debrief"
    ROOM = "room"
    HOME = "home"
    CASES = "cases"
    REQUEST = "request"
    VIEWS = "views"


class TextLook(StrEnum):
    """How a text looks. No meaning depends on it."""

    PLAIN = ""
    STRONG = "strong"
    HINT = "hint"  # smaller
    READ = "read"  # to be read aloud
    CODE = "given"  # a code to copy or to read out, large
    WARNING = "say"  # on a yellow ground with a bar


class Text(NamedTuple):
    """A paragraph. `numbers` are the telephone numbers that a pack's own text has in it."""

    text: str
    look: TextLook = TextLook.PLAIN
    numbers: tuple[Number, ...] = ()


class Listed(NamedTuple):
    """A list of texts. In an ordered list, the order matters."""

    items: tuple[str, ...]
    is_ordered: bool = False


class Call(NamedTuple):
    """Somebody to ring. `value` is the number as people write it, `dial` what a tap dials; both are empty if the number is not known.

    In a rehearsal nothing is dialled, so `dial` is empty. `id` is that of the contact.
    """

    name: str
    value: str
    dial: str
    note: str = ""
    id: str = ""


class Calls(NamedTuple):
    """Whom to ring, in the order in which to try, each with a large link that dials."""

    calls: tuple[Call, ...]


class Ways(NamedTuple):
    """Buttons in a row. The first is filled in the accent colour if `is_main`; all look like links if `is_quiet`."""

    buttons: tuple[Button, ...]
    is_main: bool = False
    is_quiet: bool = False


class QuestionPart(NamedTuple):
    """A question with its answers as a group, named by the page's heading or, if `asked` is given, by that.

    One tap answers, or, if `is_radio`, a choice and a button to continue (`send`).
    """

    choices: tuple[Button, ...]
    lead: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    asked: str = ""
    is_radio: bool = False
    send: str = ""
    fault: str = ""  # why what was sent did not count


class Box(NamedTuple):
    """One thing that can be ticked. `hint` is smaller, below its label."""

    label: str
    is_ticked: bool
    hint: str = ""


class Ticks(NamedTuple):
    """Check boxes, and a question about those that are not ticked, which has to be answered: nothing counts as No by itself.

    `rest` are the answers to that question as labels with values. All of it is sent together as the act `Given`.
    """

    boxes: tuple[Box, ...]
    lead: tuple[str, ...]
    rest_asked: str
    rest_hint: str
    rest: tuple[tuple[str, str], ...]
    send: str
    fault: str = ""  # why what was sent did not count


class AnswerRow(NamedTuple):
    """A row of what was answered, with the button that changes it."""

    about: str
    answer: str
    way: Button | None = None


class AnswerRows(NamedTuple):
    """What was answered, in rows."""

    rows: tuple[AnswerRow, ...]


class TablePart(NamedTuple):
    """A table. The first cell of each row names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Button, ...], ...]


class TallyPart(NamedTuple):
    """Counts, each with the number of the item that it is about. `about` names the list."""

    about: str
    counts: tuple[tuple[str, int], ...]


class Doing(NamedTuple):
    """Something to do: its title, by when, whether that is past, whether it is closed, and its parts."""

    title: str
    by: str
    is_late: bool
    is_closed: bool
    parts: tuple["PagePart", ...]


class Doings(NamedTuple):
    """What to do, in order. `about` names the list."""

    about: str
    doings: tuple[Doing, ...]


class More(NamedTuple):
    """Parts that a press on `summary` opens without a request."""

    summary: str
    parts: tuple["PagePart", ...]
    is_open: bool = False


class SectionPart(NamedTuple):
    """Parts under a heading."""

    title: str
    parts: tuple["PagePart", ...]


class Banner(NamedTuple):
    """What leads: the page's heading on a ground of colour, with texts below it. `calls` has 999 if that leads: then it is red."""

    texts: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()


class Field(NamedTuple):
    """A field for a note (`name` is `typed`), or for the argument of `command` (`words`).

    A page keeps what is typed into it until it is sent, under the name `draft`, or else under the page's heading.
    """

    name: str
    label: str
    send: str
    hint: str = ""
    command: str = ""
    text: str = ""
    most: int = 0
    fault: str = ""  # why what was typed is not kept
    draft: str = ""


class PinField(NamedTuple):
    """A field for a PIN, which can be typed, pasted, or filled by a password manager. It is sent as the act `Entered`.

    A new PIN is typed twice: `again` is the label of a second field, which only a new PIN has.
    """

    label: str
    send: str
    hint: str = ""
    again: str = ""


class Saved(NamedTuple):
    """What was last stored, and the button that changes it."""

    text: str
    way: Button


PagePart = (
    Text
    | Listed
    | Calls
    | Ways
    | QuestionPart
    | Ticks
    | AnswerRows
    | TablePart
    | TallyPart
    | Doings
    | More
    | SectionPart
    | Banner
    | Field
    | PinField
    | Saved
)
"""Any part of a page."""


@dataclass(frozen=True, slots=True)
class WholePage:
    """A page: its kind, title, heading and parts. The title says nothing of a case, since the browser stores it.

    `step` and `of` are the place on the form. `back` is the button at the top, and `more` are the buttons behind “More”.
    """

    shape: PageKind
    title: str
    heading: str
    parts: tuple[PagePart, ...]
    caption: str = ""
    reference: str = ""
    step: int = 0
    of: int = 0
    back: Button | None = None
    more: tuple[Button, ...] = ()
    notice: str = ""
    stripe: str = ""
    """A text over the whole width, which says that this is a rehearsal."""
    is_refused: bool = False
    """True if the page comes back since what was sent does not count. The focus is then at the fault."""
    has_numbers: bool = True
    """True if everybody's telephone numbers stand at the foot. In a rehearsal there is a way to them."""


Value = TypeVar("Value")


def every(value: object, kind: type[Value]) -> Iterator[Value]:
    """Yield the values of this kind among parts, at any depth, in order."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from every(each, kind)


def altered(value: Value, alter: Callable[[object], object | None]) -> Value:
    """Return parts with what `alter` returns in place of each value, at any depth, for which that is not None."""
    if (other := alter(value)) is not None:
        return cast(Value, other)
    if not isinstance(value, tuple):
        return value
    inner = [altered(each, alter) for each in value]
    return cast(Value, type(value)(*inner) if hasattr(value, "_fields") else tuple(inner))


def offered_acts(page: WholePage) -> Iterator[Act | GateAct]:
    """Yield the act of every button on a page, except those of ticks, which are sent together."""
    return (each.act for each in every((page.parts, page.more, page.back), Button))
