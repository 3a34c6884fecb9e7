"""Parses the HTML of a page, and returns what a browser without JavaScript shows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = ("p", "h1")
"""Elements that are shown as a block of their own."""


@dataclass(slots=True)
class Widget:
    """A button, a form field or a link: its element, attributes and text."""

    element: str
    attributes: dict[str, str]
    words: str = ""

    @property
    def is_pressed(self) -> bool:
        """True if the button is marked as chosen."""
        return self.attributes.get("aria-pressed") == "true"


@dataclass(slots=True)
class Block:
    """A paragraph, a heading or a row of buttons."""

    element: str
    attributes: dict[str, str]
    words: str = ""
    is_strong: bool = False
    widgets: list[Widget] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The value of the block's class attribute."""
        return self.attributes.get("class", "")


@dataclass(slots=True)
class Page:
    blocks: list[Block] = field(default_factory=list)
    fields: list[Widget] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    title: str = ""

    @property
    def nonce(self) -> str:
        return next((each.attributes["value"] for each in self.fields if each.attributes.get("name") == "nonce"), "")

    @property
    def said(self) -> str:
        """The toast that the page shows, or an empty text."""
        return next((each.words for each in self.blocks if each.attributes.get("id") == "said"), "")

    @property
    def heading(self) -> str:
        return next(each.words for each in self.blocks if each.element == "h1")

    @property
    def rows(self) -> list[Block]:
        return [each for each in self.blocks if any(_is_of_card(widget) for widget in each.widgets)]

    @property
    def buttons(self) -> list[Widget]:
        return [each for block in self.blocks for each in block.widgets if each.element == "button"]

    @property
    def links(self) -> list[Widget]:
        return [each for block in self.blocks for each in block.widgets if each.element == "a"]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(widget.words for row in self.rows for widget in row.widgets)

    @property
    def text(self) -> str:
        return "".join(f"{each.words}\n" for each in self.blocks if not each.widgets)

    @property
    def presses(self) -> tuple[str, ...]:
        """The values that the buttons of the card send."""
        return tuple(
            each.attributes["value"] for row in self.rows for each in row.widgets if "value" in each.attributes
        )

    @property
    def sight(self) -> tuple[str, ...]:
        """What the card shows, as a recorded conversation (a walk) writes it."""
        paragraphs: list[str] = []
        for each in self.blocks:
            kinds = each.kind.split()
            if not {*kinds} <= {"close", "plain"} or (each.widgets and each.element == "p" and not each.words):
                continue
            is_strong = each.is_strong or (each.element == "h1" and "plain" not in kinds)
            text = f"**{each.words}**" if is_strong else each.words
            if "close" in kinds and paragraphs:
                paragraphs[-1] += f"\n{text}"
            else:
                paragraphs.append(text)
        rows = "\n".join(" ".join(f"[{widget.words}]" for widget in row.widgets) for row in self.rows)
        return (*((f"({self.said})",) if self.said else ()), *paragraphs, rows)


def _is_of_card(widget: Widget) -> bool:
    return widget.attributes.get("name") == "press" or "data-copy" in widget.attributes


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._block: Block | None = None
        self._widget: Widget | None = None
        self._is_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.page.elements.append((tag, given))
        self._is_title = tag == "title"
        if tag in BLOCKS:
            self._block = Block(tag, given)
            self.page.blocks.append(self._block)
        if tag == "strong" and self._block is not None:
            self._block.is_strong = True
        if tag in ("input", "textarea"):
            self.page.fields.append(Widget(tag, given))
        if tag in ("button", "a"):
            self._widget = Widget(tag, given)
            if self._block is not None:
                self._block.widgets.append(self._widget)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._block = None
        if tag in ("button", "a"):
            self._widget = None
        if tag == "title":
            self._is_title = False

    def handle_data(self, data: str) -> None:
        if self._is_title:
            self.page.title += data
        if self._widget is not None:
            self._widget.words += data
        if self._block is not None and (self._widget is None or self._widget.element == "a"):
            self._block.words += data


def seen(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
