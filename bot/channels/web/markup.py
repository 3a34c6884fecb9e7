"""HTML elements as values. Texts are escaped, so that no text can become markup."""

import re
from html import escape

Attribute = str | int | bool | None  # True writes the name alone; False and None omit the attribute
is_bare = re.compile(
    r"[\w:.+-]+"
).fullmatch  # values that need no quotation marks, such as most of a hundred on a long page
VOID = ("img", "input", "link", "meta")  # elements without an end tag


class Markup(str):
    """Text that is HTML already. Only this module creates it."""

    __slots__ = ()


Content = str  # the content of an element; text that is no `Markup` is escaped


def element(name: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """Return an HTML element. In attribute names, `_` is written as `-`, and a `_` at the end is dropped."""
    # One loop and no helper: a page has some forty elements, and this takes most of the time to draw it.
    parts = ["<", name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        parts += (" ", key.rstrip("_").replace("_", "-"))
        if value is not True:
            text = str(value)
            parts += ("=", text) if is_bare(text) else ('="', escape(text), '"')
    parts.append(">")
    if name not in VOID:
        for part in content:
            parts.append(part if type(part) is Markup else escape(part, quote=False))
        parts += ("</", name, ">")
    return Markup("".join(parts))


def together(*content: Content) -> Markup:
    """Return these elements and texts as one piece of markup."""
    return Markup("".join([part if type(part) is Markup else escape(part, quote=False) for part in content]))


def whole_page(head: Markup, body: Markup) -> str:
    """Return an HTML document with this head and body."""
    return f"<!doctype html>\n{element('html', head, body, lang='en-GB')}\n"
