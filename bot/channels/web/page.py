"""Pages as HTML, built of values, so that no text can become markup. It knows no request and no store."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from dialogs.cards.show import landmarked
from dialogs.core.acts import Copy, Kind, Open, Say, Tick
from dialogs.core.replies import Button, Card, Paragraph
from dialogs.core.script import Script, Wording
from dialogs.phrases.whom_to_call import urgent_line
from seraf.advice.contacts import LocalTime

Attribute = str | int | bool | None
"""An attribute's value; True is one without a value, and False and None are none at all."""

VOID = ("img", "input", "link", "meta")
"""Elements without an end."""


class Markup(str):
    """Text that is HTML already. Only this module makes any."""

    __slots__ = ()


Content = str
"""What stands in an element; whatever is no `Markup` is escaped."""


def element(name: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """Return an element. In attributes' names `_` stands for `-`, and one at the end keeps Python's own words apart."""
    # One loop and no helper: a page has some forty elements, and this is most of what drawing one costs.
    parts = ["<", name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        parts += (" ", key.rstrip("_").replace("_", "-"))
        if value is not True:
            parts += ('="', escape(str(value)), '"')
    parts.append(">")
    if name not in VOID:
        for each in content:
            parts.append(each if type(each) is Markup else escape(each))
        parts += ("</", name, ">")
    return Markup("".join(parts))


def together(*content: Markup) -> Markup:
    """Return one after another."""
    return Markup("".join(content))


def whole_page(head: Markup, body: Markup) -> str:
    """Return a whole page."""
    return f"<!doctype html>\n{element('html', head, body, lang='en-GB')}\n"


SAID = "said"
"""The id of what was said in passing, which describes the heading and so is read out with it."""

CALLING = {Kind.URGENT: "urgent", Kind.CALL: "call"}
"""Buttons that stand out, by what they open: where to ring in danger, and what to say."""


def card_words(card: Card, *, toast: str = "") -> Markup:
    """The words of a card. Its heading takes the focus, and what was said in passing is read out with it."""
    said = [element("p", toast, id=SAID, class_="said", role="status")] if toast else []
    return together(*said, *[_paragraph(each, is_described=bool(toast)) for each in card.paragraphs])


def card_buttons(card: Card) -> Markup:
    """The buttons of a card, row by row."""
    return together(*[element("p", *[_button(each, card.token) for each in row], class_="row") for row in card.rows])


def _paragraph(paragraph: Paragraph, *, is_described: bool) -> Markup:
    """Return a paragraph, with each number as a link that rings it."""
    text, at = paragraph.text, 0
    words: list[Content] = []
    for number in paragraph.numbers:
        link = element("a", text[number.start : number.end], href=f"tel:{number.dial}")
        words += (text[at : number.start], link)
        at = number.end
    words.append(text[at:])
    close = "close" if paragraph.is_close else None
    if paragraph.is_heading:
        look = " ".join(filter(None, (close, None if paragraph.is_strong else "plain"))) or None
        described = SAID if is_described else None
        return element("h1", *words, class_=look, tabindex=-1, autofocus=True, aria_describedby=described)
    return (
        element("p", element("strong", *words), class_=close)
        if paragraph.is_strong
        else element("p", *words, class_=close)
    )


def _button(button: Button, token: int) -> Markup:
    act = button.act
    if isinstance(act, Copy):  # nothing can be copied without a script, which shows the button
        return element("button", button.label, type="button", data_copy=act.text, hidden=True)
    is_choice = isinstance(act, Say | Tick)
    return element(
        "button",
        button.label,
        name="press",
        value=f"{token}:{button.code}",
        class_=CALLING.get(act.overlay.kind) if isinstance(act, Open) else None,
        aria_pressed=("true" if button.is_chosen else "false") if is_choice else None,
    )


LONGEST_WORD, LONGEST_NOTE = 400, 6_000
"""Characters of a typed word or code, and of a note."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Commands of the menu, those that take a word or a code, and those that close the page: lock it, or clear it."""

    commands: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


NOTHING_OFFERED = Offers()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a card: where its forms go, with which nonce, and what is offered beside its buttons.

    `documents` are links with what each is called. `shown` names what is shown, so that a script sees when something else
    is; without a script the page asks again after so many seconds (`again`).
    """

    words: Wording
    home: str
    nonce: str
    shown: str = ""
    toast: str = ""
    offers: Offers = NOTHING_OFFERED
    documents: tuple[tuple[str, str], ...] = ()
    again: int | None = None
    extra: tuple[Markup, ...] = field(default=())
    """What the way in puts under the card, such as signing out."""


def card_page(card: Card, frame: Frame) -> str:
    """The page of a card."""
    say = frame.words.say
    closing = [_command(each, frame, class_=each) for each in frame.offers.closing]
    bar = (element("header", form(frame, element("p", *closing, class_="bar"))),) if closing else ()
    typed = (form(frame, *_field(frame, (card.asks_for,))),) if card.asks_for in frame.offers.looked_up else ()
    noted = (form(frame, *_note(frame)),) if card.takes_words else ()
    files = [
        element("p", element("a", about, href=href, download=True), class_="file") for about, href in frame.documents
    ]
    menu = (element("footer", element("details", element("summary", say("browser.menu")), *_menu(frame))),)
    main = element(
        "main",
        card_words(card, toast=frame.toast),
        *noted,
        form(frame, card_buttons(card)),
        *typed,
        *files,
        *frame.extra,
        id="card",
        data_shown=frame.shown or None,
        data_home=frame.home,
    )
    return page(
        frame.words, *bar, main, *(menu if frame.offers.commands or frame.offers.looked_up else ()), again=frame.again
    )


def plain_page(words: Wording, *content: Content, heading: str, toast: str = "") -> str:
    """A page of words without a card."""
    said = (element("p", toast, id="said", class_="said", role="status"),) if toast else ()
    described = "said" if toast else None
    title = element("h1", heading, tabindex=-1, autofocus=True, aria_describedby=described)
    return page(words, element("main", *said, title, *content, id="card"))


def blank_page(frame: Frame) -> str:
    """A page with nothing on it but the way on, which is its heading too."""
    on = element("button", frame.words.say("browser.go-on"), name="command", value="start", autofocus=True)
    main = element("main", form(frame, element("h1", on, class_="row")), id="card", data_shown=frame.shown or None)
    return page(frame.words, main)


WHATEVER_IT_IS = together(
    element("meta", charset="utf-8"),
    element("meta", name="viewport", content="width=device-width, initial-scale=1"),
    element("meta", name="color-scheme", content="light dark"),
    element("meta", name="robots", content="noindex"),
)
OUR_FILES = together(element("link", rel="stylesheet", href="/s.css"), element("script", src="/s.js", defer=True))
"""What stands in every head, around its title."""


def page(words: Wording, *content: Content, again: int | None = None, onto: str = "") -> str:
    """A page of these parts, which leads by itself `onto` another one, if any.

    Its title says nothing of a case, since it stands in the history and on the task bar.
    """
    refresh = (
        (element("noscript", element("meta", http_equiv="refresh", content=str(again))),) if again is not None else ()
    )
    head = element(
        "head",
        WHATEVER_IT_IS,
        element("title", words.say("browser.title")),
        OUR_FILES,
        *refresh,
        *((element("meta", http_equiv="refresh", content=f"0; url={onto}"),) if onto else ()),
    )
    return whole_page(head, element("body", *content))


def form(frame: Frame, *content: Content) -> Markup:
    """A form that makes a turn."""
    nonce = element("input", type="hidden", name="nonce", value=frame.nonce)
    return element("form", nonce, *content, method="post", action=frame.home, autocomplete="off")


def _command(name: str, frame: Frame, *, class_: str | None = None) -> Markup:
    return element("button", frame.words.say(f"browser.command.{name}"), name="command", value=name, class_=class_)


def _field(frame: Frame, commands: Iterable[str], name: str = "words") -> tuple[Markup, ...]:
    """A field for a word or a code, and a button for each command that takes it."""
    asked = tuple(commands)
    only = asked[0] if len(asked) == 1 else "words"
    label = element("label", frame.words.say(f"browser.field.{only}"), for_=f"{name}-{only}")
    typed = element(
        "input",
        id=f"{name}-{only}",
        name="words",
        maxlength=LONGEST_WORD,
        autocapitalize="off",
        spellcheck="false",
    )
    buttons = [
        element("button", frame.words.say(f"browser.look-up.{each}"), name="command", value=each) for each in asked
    ]
    return (element("p", label, typed, class_="field"), element("p", *buttons, class_="row"))


def _note(frame: Frame) -> tuple[Markup, ...]:
    say = frame.words.say
    label = element("label", say("browser.field.note"), for_="note")
    typed = element("textarea", id="note", name="typed", maxlength=LONGEST_NOTE, rows=4)
    return (
        element("p", label, typed, class_="field"),
        element("p", element("button", say("browser.note")), class_="row"),
    )


def _menu(frame: Frame) -> tuple[Markup, ...]:
    commands = element("p", *[_command(each, frame) for each in frame.offers.commands], class_="row")
    looking = (form(frame, *_field(frame, frame.offers.looked_up, "menu")),) if frame.offers.looked_up else ()
    return (form(frame, commands), *looking)


def stranger_page(frame: Frame, script: Script, now: LocalTime) -> str:
    """What somebody sees who was not admitted: whom to ring in danger, and where to put the code of an invitation."""
    say = frame.words.say
    label = element("label", say("browser.field.invitation"), for_="code")
    typed = element("input", id="code", name="words", maxlength=LONGEST_WORD, autocapitalize="characters")
    button = element("button", say("browser.come-in"), name="command", value="start")
    coming = form(frame, element("p", label, typed, class_="field"), element("p", button, class_="row"))
    about = element("p", say("toast.stranger"))
    urgent = urgent_words(script, now)
    return plain_page(
        frame.words, about, urgent, coming, *frame.extra, heading=say("browser.stranger"), toast=frame.toast
    )


def urgent_words(script: Script, now: LocalTime) -> Markup:
    """Whom to ring in danger, whoever they are: each number is a link that rings it."""
    line = (Paragraph(urgent_line(script, now)),)
    return card_words(Card(0, landmarked(line, script, above=len(line)), ()))
