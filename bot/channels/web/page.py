"""Pages as HTML. Values are escaped, so that no text can become markup. Nothing here uses a request or the store."""

from dataclasses import dataclass
from html import escape

from dialogs.cards.show import landmarked
from dialogs.core.acts import Copy, Kind, Open, Say, Tick
from dialogs.core.replies import Button, Card, Paragraph
from dialogs.core.script import Script, Wording
from dialogs.phrases.whom_to_call import urgent_line
from seraf.advice.contacts import LocalTime

Attribute = str | int | bool | None  # True writes the name alone; False and None omit the attribute
VOID = ("img", "input", "link", "meta")  # elements without an end tag
LONGEST_WORD, LONGEST_NOTE = 400, 6_000  # the maximum number of characters of a word or code, and of a note
CALLING = {Kind.URGENT: "urgent", Kind.CALL: "call"}  # the CSS classes of buttons that stand out


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
            parts += ('="', escape(str(value)), '"')
    parts.append(">")
    if name not in VOID:
        for part in content:
            parts.append(part if type(part) is Markup else escape(part))
        parts += ("</", name, ">")
    return Markup("".join(parts))


def together(*content: Markup) -> Markup:
    """Return these elements as one piece of markup."""
    return Markup("".join(content))


def whole_page(head: Markup, body: Markup) -> str:
    """Return an HTML document with this head and body."""
    return f"<!doctype html>\n{element('html', head, body, lang='en-GB')}\n"


def _toasted(toast: str) -> tuple[Markup, ...]:
    # The id describes the heading, so that a screen reader reads the toast with it.
    return (element("p", toast, id="said", class_="said", role="status"),) if toast else ()


def _heading(*words: Content, toast: str, class_: str | None = None) -> Markup:
    described = "said" if toast else None
    return element("h1", *words, class_=class_, tabindex=-1, autofocus=True, aria_describedby=described)


def card_words(card: Card, *, toast: str = "") -> Markup:
    """Return the paragraphs of a card. The browser focuses the heading, with which a screen reader reads the toast."""
    return together(*_toasted(toast), *[_paragraph(paragraph, toast) for paragraph in card.paragraphs])


def _paragraph(paragraph: Paragraph, toast: str) -> Markup:
    """Return a paragraph in which every telephone number is a link."""
    text, start = paragraph.text, 0
    words: list[Content] = []
    for number in paragraph.numbers:
        link = element("a", text[number.start : number.end], href=f"tel:{number.dial}")
        words += (text[start : number.start], link)
        start = number.end
    words.append(text[start:])
    close = "close" if paragraph.is_close else None
    if paragraph.is_heading:
        look = " ".join(filter(None, (close, None if paragraph.is_strong else "plain"))) or None
        return _heading(*words, toast=toast, class_=look)
    if paragraph.is_strong:
        return element("p", element("strong", *words), class_=close)
    return element("p", *words, class_=close)


def _button(button: Button, token: int) -> Markup:
    act = button.act
    if isinstance(act, Copy):  # hidden, since copying needs the script, which shows the button
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


@dataclass(frozen=True, slots=True)
class Offers:
    """The commands on a page: those in the menu, those that take a word or a code, and those that lock or clear the page."""

    commands: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page has besides its card, such as the address (`home`) and nonce of its forms, and its commands."""

    words: Wording
    home: str
    nonce: str
    shown: str = ""  # a hash of what the page shows, by which the script notices a change
    toast: str = ""
    offers: Offers = Offers()
    documents: tuple[tuple[str, str], ...] = ()  # labels and links
    again: int | None = None  # seconds after which the page reloads if scripts are off
    extra: tuple[Markup, ...] = ()  # elements of the sign-in below the card, such as signing out


def card_page(card: Card, frame: Frame) -> str:
    """Return the page that shows a card."""
    say, offers = frame.words.say, frame.offers
    parts = [card_words(card, toast=frame.toast)]
    if card.takes_words:
        label = element("label", say("browser.field.note"), for_="note")
        typed = element("textarea", id="note", name="typed", maxlength=LONGEST_NOTE, rows=4)
        field, send = element("p", label, typed, class_="field"), element("button", say("browser.note"))
        parts.append(form(frame, field, element("p", send, class_="row")))
    rows = [element("p", *[_button(button, card.token) for button in row], class_="row") for row in card.rows]
    parts.append(form(frame, *rows))
    if card.asks_for in offers.looked_up:
        parts.append(_look_up_form(frame, (card.asks_for,)))
    for about, href in frame.documents:
        parts.append(element("p", element("a", about, href=href, download=True), class_="file"))
    shown = frame.shown or None
    body = [element("main", *parts, *frame.extra, id="card", data_shown=shown, data_home=frame.home)]
    if offers.closing:
        buttons = [_command(name, frame, class_=name) for name in offers.closing]
        body.insert(0, element("header", form(frame, element("p", *buttons, class_="bar"))))
    if offers.commands or offers.looked_up:
        buttons = [_command(name, frame) for name in offers.commands]
        menu = [element("summary", say("browser.menu")), form(frame, element("p", *buttons, class_="row"))]
        if offers.looked_up:
            menu.append(_look_up_form(frame, offers.looked_up, "menu"))
        body.append(element("footer", element("details", *menu)))
    return page(frame.words, *body, again=frame.again)


def plain_page(words: Wording, *content: Content, heading: str, toast: str = "") -> str:
    """Return a page that has text but no card."""
    return page(words, element("main", *_toasted(toast), _heading(heading, toast=toast), *content, id="card"))


def blank_page(frame: Frame) -> str:
    """Return a page with nothing but a button to continue, which is also its heading."""
    on = element("button", frame.words.say("browser.go-on"), name="command", value="start", autofocus=True)
    main = element("main", form(frame, element("h1", on, class_="row")), id="card", data_shown=frame.shown or None)
    return page(frame.words, main)


META = together(
    element("meta", charset="utf-8"),
    element("meta", name="viewport", content="width=device-width, initial-scale=1"),
    element("meta", name="color-scheme", content="light dark"),
    element("meta", name="robots", content="noindex"),
)
FILES = together(element("link", rel="stylesheet", href="/s.css"), element("script", src="/s.js", defer=True))


def page(words: Wording, *content: Content, again: int | None = None, onto: str = "") -> str:
    """Return a page with this content. It redirects to `onto` if given. If scripts are off, it reloads after `again` seconds."""
    # The title says nothing of a case, since it is seen in the history and on the task bar.
    head = [META, element("title", words.say("browser.title")), FILES]
    if again is not None:
        head.append(element("noscript", element("meta", http_equiv="refresh", content=str(again))))
    if onto:
        head.append(element("meta", http_equiv="refresh", content=f"0; url={onto}"))
    return whole_page(element("head", *head), element("body", *content))


def form(frame: Frame, *content: Content) -> Markup:
    """Return a form that posts an act."""
    nonce = element("input", type="hidden", name="nonce", value=frame.nonce)
    return element("form", nonce, *content, method="post", action=frame.home, autocomplete="off")


def _command(name: str, frame: Frame, *, class_: str | None = None) -> Markup:
    return element("button", frame.words.say(f"browser.command.{name}"), name="command", value=name, class_=class_)


def _look_up_form(frame: Frame, commands: tuple[str, ...], name: str = "words") -> Markup:
    """Return a form with a field for a word or a code, and a button for each command that takes it."""
    only = commands[0] if len(commands) == 1 else "words"
    id_ = f"{name}-{only}"
    label = element("label", frame.words.say(f"browser.field.{only}"), for_=id_)
    typed = element("input", id=id_, name="words", maxlength=LONGEST_WORD, autocapitalize="off", spellcheck="false")
    buttons = [
        element("button", frame.words.say(f"browser.look-up.{command}"), name="command", value=command)
        for command in commands
    ]
    return form(frame, element("p", label, typed, class_="field"), element("p", *buttons, class_="row"))


def stranger_page(frame: Frame, script: Script, now: LocalTime) -> str:
    """Return the page of a person without an account: whom to ring in danger, and a field for an invitation code."""
    say = frame.words.say
    label = element("label", say("browser.field.invitation"), for_="code")
    typed = element("input", id="code", name="words", maxlength=LONGEST_WORD, autocapitalize="characters")
    button = element("button", say("browser.come-in"), name="command", value="start")
    coming = form(frame, element("p", label, typed, class_="field"), element("p", button, class_="row"))
    parts = (element("p", say("toast.stranger")), urgent_words(script, now), coming, *frame.extra)
    return plain_page(frame.words, *parts, heading=say("browser.stranger"), toast=frame.toast)


def urgent_words(script: Script, now: LocalTime) -> Markup:
    """Return the text that says whom to ring in danger, with each telephone number as a link."""
    line = (Paragraph(urgent_line(script, now)),)
    return card_words(Card(0, landmarked(line, script, above=len(line)), ()))
