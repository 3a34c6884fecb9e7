"""A card as HTML: its heading, its paragraphs with numbers that ring, and its buttons, which carry token and code."""

from bot.channels.web.page.markup import Content, Markup, element, together
from dialogs.core.acts import Copy, Open, Say, Tick
from dialogs.core.overlays import Kind
from dialogs.core.replies import Button, Card, Paragraph

SAID = "said"
"""The id of what was said in passing, which describes the heading and so is read out with it."""

CALLING = {Kind.URGENT: "urgent", Kind.CALL: "call"}
"""Buttons that stand out, by what they open: where to ring in danger, and what to say."""


def card_words(card: Card, *, toast: str = "") -> Markup:
    """The words of a card. Its heading takes the focus, and what was said in passing is read out with it."""
    said = (element("p", toast, id=SAID, class_="said", role="status"),) if toast else ()
    return together(*said, *(_paragraph(each, is_described=bool(toast)) for each in card.paragraphs))


def card_buttons(card: Card) -> Markup:
    """The buttons of a card, row by row."""
    return together(*(element("p", *(_button(each, card) for each in row), class_="row") for row in card.rows))


def _paragraph(paragraph: Paragraph, *, is_described: bool) -> Markup:
    words, close = _with_numbers(paragraph), "close" if paragraph.is_close else None
    if paragraph.is_heading:
        look = " ".join(filter(None, (close, None if paragraph.is_strong else "plain"))) or None
        described = SAID if is_described else None
        return element("h1", *words, class_=look, tabindex=-1, autofocus=True, aria_describedby=described)
    if paragraph.is_strong:
        return element("p", element("strong", *words), class_=close)
    return element("p", *words, class_=close)


def _with_numbers(paragraph: Paragraph) -> tuple[Content, ...]:
    """The words, with each number as a link that rings it."""
    text, done = paragraph.text, 0
    parts: list[Content] = []
    for number in paragraph.numbers:
        parts += [text[done : number.start], element("a", text[number.start : number.end], href=f"tel:{number.dial}")]
        done = number.end
    return (*parts, text[done:])


def _button(button: Button, card: Card) -> Markup:
    act = button.act
    if isinstance(act, Copy):  # nothing can be copied without a script, which shows the button
        return element("button", button.label, type="button", data_copy=act.text, hidden=True)
    is_choice = isinstance(act, Say | Tick)
    return element(
        "button",
        button.label,
        name="press",
        value=f"{card.token}:{button.code}",
        class_=CALLING.get(act.overlay.kind) if isinstance(act, Open) else None,
        aria_pressed=("true" if button.is_chosen else "false") if is_choice else None,
    )
