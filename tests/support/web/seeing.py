"""Parses the HTML of a page, and returns what a browser without JavaScript shows, and what its forms send."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

INLINE = ("a", "strong", "small", "span", "b")
"""Elements within a line. All others begin a line of their own."""

VOID = ("br", "img", "input", "link", "meta")
BOXES = ("radio", "checkbox")
ITEM = re.compile(r"Item (\d+) of (\d+)")


@dataclass(slots=True, eq=False)
class Node:
    """An element of a page, with what is in it."""

    name: str
    attributes: dict[str, str]
    above: "Node | None" = None
    inside: list["Node | str"] = field(default_factory=list)

    def within(self) -> Iterator["Node"]:
        """Yield this element and those in it, in the order of the page."""
        yield self
        for each in self.inside:
            if isinstance(each, Node):
                yield from each.within()

    def around(self) -> Iterator["Node"]:
        """Yield this element and those that it is in, from the inside."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.above

    def is_in(self, *names: str) -> bool:
        return any(each.name in names for each in self.around())

    def has_class(self, name: str) -> bool:
        return name in self.attributes.get("class", "").split()

    def heard(self) -> str:
        """The text as a screen reader has it: hidden labels and the contents of fields too."""
        label = self.attributes.get("aria-label", "")
        typed = self.attributes.get("value", "") if is_text_field(self) else ""
        parts = [each if isinstance(each, str) else each.heard() for each in self.inside]
        text = "".join((label and f"{label}\n", typed, *parts))
        return text if self.name in INLINE else f"\n{text}\n"

    def words(self, *without: str) -> str:
        """The text that is seen, without that of the elements with these names."""
        parts = [
            each if isinstance(each, str) else "" if each.name in without else each.words(*without)
            for each in self.inside
            if isinstance(each, str) or not (each.has_class("v") or "hidden" in each.attributes)
        ]
        text = "".join(parts)
        return text if self.name in INLINE or not text.strip() else f"{text.strip()}\n"


def is_text_field(node: Node) -> bool:
    """Return True if something can be typed into this element."""
    return node.name == "textarea" or (node.name == "input" and node.attributes.get("type", "text") == "text")


@dataclass(slots=True)
class Widget:
    """A button, a box, a form field or a link: its element, attributes, label, and where it stands."""

    element: str
    attributes: dict[str, str]
    words: str
    node: Node

    @property
    def is_box(self) -> bool:
        return self.attributes.get("type") in BOXES

    @property
    def is_pressed(self) -> bool:
        """True if the button is marked as chosen."""
        return self.attributes.get("aria-pressed") == "true"


@dataclass(slots=True)
class Page:
    """A page as it was parsed. What a person ticks or opens on it is remembered in it."""

    root: Node = field(default_factory=lambda: Node("", {}))
    nodes: list[Node] = field(default_factory=list)
    is_more_open: bool = False

    @property
    def elements(self) -> list[tuple[str, dict[str, str]]]:
        return [(each.name, each.attributes) for each in self.nodes]

    @property
    def main(self) -> Node:
        return next((each for each in self.nodes if each.name == "main"), self.root)

    @property
    def title(self) -> str:
        return "".join(each.words() for each in self.nodes if each.name == "title").strip()

    @property
    def shape(self) -> str:
        """The kind of the page."""
        return next((each.attributes.get("class", "") for each in self.nodes if each.name == "body"), "").split(" ")[0]

    @property
    def nonce(self) -> str:
        return next((each.attributes["value"] for each in self.fields if each.attributes.get("name") == "nonce"), "")

    @property
    def shown(self) -> str:
        """The hash of what the page shows."""
        return self.main.attributes.get("data-shown", "")

    @property
    def said(self) -> str:
        """The toast that the page shows, or an empty text."""
        return next((each.words().strip() for each in self.nodes if each.attributes.get("id") == "said"), "")

    @property
    def heading(self) -> str:
        return next(each.words().strip() for each in self.nodes if each.name == "h1")

    @property
    def text(self) -> str:
        """What the page says, with the place in the form as a chat writes it. The labels of buttons are not in it."""
        at = ITEM.search(self.title)
        place = f" · item {at[1]} of {at[2]}\n" if at else ""
        head = [each.words() for each in self.nodes if each.has_class("stripe") or _is_reference(each)]
        return "".join(head).rstrip("\n") + (place or "\n") + self.main.words("button")

    @property
    def fields(self) -> list[Widget]:
        return [self._widget(each) for each in self.nodes if each.name in ("input", "textarea")]

    @property
    def buttons(self) -> list[Widget]:
        return [self._widget(each) for each in self.nodes if each.name == "button"]

    @property
    def links(self) -> list[Widget]:
        return [self._widget(each) for each in self.nodes if each.name == "a"]

    @property
    def numbers(self) -> list[str]:
        """The numbers that a tap in the main part dials."""
        found = [each.attributes["href"] for each in self.main.within() if each.name == "a"]
        return [each.removeprefix("tel:") for each in found if each.startswith("tel:")]

    @property
    def boxes(self) -> list[Widget]:
        """The radio buttons and check boxes."""
        return [each for each in self.fields if each.is_box]

    @property
    def pressable(self) -> list[Widget]:
        """The buttons and boxes of the card: those in the main part, Back, and those behind More once that is open."""
        return [self._widget(each) for each in self.nodes if _is_pressable(each) and self._is_at_hand(each)]

    @property
    def labels(self) -> list[str]:
        """The labels of what can be pressed, with More if something is behind it."""
        has_more = any(each.has_class("more") for each in self.nodes)
        return [each.words for each in self.pressable] + ["More"] * (has_more and not self.is_more_open)

    @property
    def presses(self) -> tuple[str, ...]:
        """The values that the buttons of the card send, wherever they stand on the page, except whom to call."""
        return tuple(each.attributes["value"] for each in self.buttons + self.boxes if _is_press(each.node))

    @property
    def token(self) -> str:
        """The token of the card, or an empty text if nothing can be pressed."""
        named = [each.attributes["value"] for each in self.fields if each.attributes.get("name") in ("ticks", "token")]
        return next((each.partition(":")[0] for each in (*self.presses, *named)), "")

    def widget(self, label: str) -> Widget:
        """Return the button or box with this label, which must occur once in the main part, or else on the page."""
        pressable = [self._widget(each) for each in self.nodes if _is_pressable(each)]
        found = [each for each in pressable if each.words == label]
        own = [each for each in found if each.node.is_in("main")]
        shown = " ".join(f"[{each.words}]" for each in pressable)
        sends = {each.attributes.get("value") for each in own or found}  # a long page has its main button twice
        assert len(sends) == 1, f"[{label}] is not one button of this page: {shown}"
        return (own or found)[0]

    def sent_by(self, widget: Widget) -> dict[str, str]:
        """Return what the form of a button or radio button sends if that is pressed."""
        form = next(each for each in widget.node.around() if each.name == "form")
        fields = [self._widget(each) for each in form.within() if each.name in ("input", "textarea")]
        sent = {}
        for each in fields:
            named, kind = each.attributes.get("name"), each.attributes.get("type")
            if named and (kind not in BOXES or "checked" in each.attributes):
                sent[named] = each.node.words().strip() or each.attributes.get("value", "on" if kind in BOXES else "")
        if "name" in widget.attributes:
            sent[widget.attributes["name"]] = widget.attributes.get("value", "")
        return sent

    def _is_at_hand(self, node: Node) -> bool:
        is_behind = any(each.has_class("more") for each in node.around()) and not self.is_more_open
        is_command = node.attributes.get("name") == "command"
        is_own = node.is_in("main") or any(each.has_class("more") for each in node.around()) or node.has_class("back")
        return (
            is_own and not is_behind and "hidden" not in node.attributes and not (is_command and node.is_in("footer"))
        )

    def _widget(self, node: Node) -> Widget:
        if node.name in ("input", "textarea"):
            return Widget(node.name, node.attributes, self._label(node), node)
        return Widget(node.name, node.attributes, node.words("small").strip().removeprefix("‹ "), node)

    def _label(self, node: Node) -> str:
        """Return the text of the label around a field, or of the one that names its id."""
        named = node.attributes.get("id")
        around = [each for each in node.around() if each.name == "label"]
        other = [each for each in self.nodes if named and each.attributes.get("for") == named]
        return (around or other)[0].words("small").strip() if around or other else ""


def _is_reference(node: Node) -> bool:
    return node.has_class("cap") and node.is_in("header")


def _is_pressable(node: Node) -> bool:
    return node.name == "button" or node.attributes.get("type") in BOXES


def _is_press(node: Node) -> bool:
    return node.attributes.get("name") == "press" and not node.is_in("nav")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open = self.page.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.inside.append(node)
        self.page.nodes.append(node)
        if tag not in VOID:
            self._open = node

    def handle_endtag(self, tag: str) -> None:
        if self._open.above is not None and self._open.name == tag:
            self._open = self._open.above

    def handle_data(self, data: str) -> None:
        self._open.inside.append(data)


def seen(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
