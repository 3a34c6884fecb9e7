"""A whole page: a card with what stands around it, or a few words where there is no card."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.channels.web.page.card import card_buttons, card_words
from bot.channels.web.page.markup import Content, Markup, element, together, whole_page
from dialogs.core.replies import Card
from dialogs.core.wording import Wording

LONGEST_WORD, LONGEST_NOTE = 400, 6_000
"""Characters of a typed word or code, and of a note."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a card: where its forms go, with which nonce, and what is offered beside its buttons.

    `commands` are offered in the menu, `looked_up` are those of them that take a word; `documents` are links with what
    each is called; `closing` are commands that close the page: lock it, or clear it. `shown` names what is shown, so
    that a script sees when something else is; without a script the page asks again after so many seconds (`again`).
    """

    words: Wording
    home: str
    nonce: str
    shown: str = ""
    toast: str = ""
    commands: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    again: int | None = None
    extra: tuple[Markup, ...] = field(default=())
    """What the way in puts under the card, such as signing out."""


def card_page(card: Card, frame: Frame) -> str:
    """The page of a card."""
    say = frame.words.say
    closing = tuple(_command(each, frame, class_=each) for each in frame.closing)
    bar = (element("header", form(frame, element("p", *closing, class_="bar"))),) if closing else ()
    typed = (form(frame, *_field(frame, (card.asks_for,))),) if card.asks_for in frame.looked_up else ()
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
    return page(frame.words, *bar, main, *(menu if frame.commands or frame.looked_up else ()), again=frame.again)


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


def page(words: Wording, *content: Content, again: int | None = None, onto: str = "") -> str:
    """A page of these parts, which leads by itself `onto` another one, if any.

    Its title says nothing of a case, since it stands in the history and on the task bar.
    """
    refresh = (
        (element("noscript", element("meta", http_equiv="refresh", content=str(again))),) if again is not None else ()
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", words.say("browser.title")),
        element("link", rel="stylesheet", href="/s.css"),
        element("script", src="/s.js", defer=True),
        *refresh,
        *((element("meta", http_equiv="refresh", content=f"0; url={onto}"),) if onto else ()),
    )
    return whole_page(head, element("body", *content), lang="en-GB")


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
    buttons = (
        element("button", frame.words.say(f"browser.look-up.{each}"), name="command", value=each) for each in asked
    )
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
    commands = element("p", *(_command(each, frame) for each in frame.commands), class_="row")
    looking = (form(frame, *_field(frame, frame.looked_up, "menu")),) if frame.looked_up else ()
    return (form(frame, commands), together(*looking))
