"""HTML built of values, so that no text can become markup: whatever is no `Markup` is escaped."""

from dataclasses import dataclass
from html import escape

Attribute = str | int | bool | None
"""An attribute's value; True is one without a value, and False and None are none at all."""

VOID = ("img", "input", "link", "meta")
"""Elements without an end."""


@dataclass(frozen=True, slots=True)
class Markup:
    """Text that is HTML already. Only this module makes any."""

    text: str


Content = Markup | str


def element(name: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """An element. In attributes' names `_` stands for `-`, and one at the end keeps Python's own words apart."""
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{together(*content).text}</{name}>")


def together(*content: Content) -> Markup:
    """One after another; what is only text is escaped."""
    return Markup("".join(each.text if isinstance(each, Markup) else escape(each) for each in content))


def whole_page(*content: Content, **attributes: Attribute) -> str:
    """A whole page."""
    return f"<!doctype html>\n{element('html', *content, **attributes).text}\n"


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
