"""Whole pages as HTML: what stands around the parts of a card, and pages without one. Nothing here uses a request or the store."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.channels.web.drawing import LONGEST_WORD, Pen
from bot.channels.web.markup import Content, Markup, element, together, whole_page
from bot.channels.web.static_files import STATIC
from dialogs.cards.look_up_pages import look_up
from dialogs.cards.plain_page import simple_page
from dialogs.core.acts import Kind, Open, Overlay
from dialogs.core.page import (
    Banner,
    Button,
    Call,
    Calls,
    Field,
    More,
    PageKind,
    QuestionPart,
    SectionPart,
    Ticks,
    WholePage,
    altered,
    every,
)
from dialogs.core.replies import Card
from dialogs.core.script import Script, Wording
from dialogs.phrases.whom_to_call import call_of, urgent_calls
from seraf.advice.contacts import LocalTime

HIDE = "panic"
CONSOLE = "/trainer"  # the address of a trainer's console, where “Open a room” leads
ASKS = 120  # how many seconds before the page locks it asks whether somebody is there, or half the time if that is less
URGENT = Open(Overlay(Kind.URGENT))
ONE_FORM = (PageKind.PLAN, PageKind.ANSWERS)  # pages with many buttons, as one that begins with its only field has them


@dataclass(frozen=True, slots=True)
class Offers:
    """The commands on a page: those in the menu, those that take a code or a name, and those that lock or clear the page.

    `asks` is True if a question can be asked there.
    """

    commands: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The numbers at the foot of every page: 999, who answers now, and everybody. It is empty in a rehearsal."""

    first: tuple[Call, ...] = ()
    everybody: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page has besides its card, such as the address (`home`) and nonce of its forms, and its commands."""

    script: Script
    home: str
    nonce: str
    shown: str = ""  # a hash of what the page shows, by which the script notices a change
    toast: str = ""
    offers: Offers = Offers()
    documents: tuple[tuple[str, str], ...] = ()  # labels and links
    again: int | None = None  # seconds after which the page reloads if scripts are off
    locks: int | None = None  # seconds until the page locks if nobody acts
    lock: int = 0  # seconds without an act after which it locks
    extra: tuple[Markup, ...] = ()  # buttons of the sign-in in the head, such as signing out
    bar: Bar = Bar()
    files: Markup | None = None  # instead of the stylesheet and the script of every page


NO_BAR = Bar()


def bar_of(script: Script, now: LocalTime) -> Bar:
    """Return the numbers of every page at this hour, the likeliest to answer first."""
    contacts = script.pack.contacts
    first = (contacts["emergency"], *contacts.answering(now)[:1])
    return Bar(tuple([call_of(each, script, now=now) for each in first]), urgent_calls(script, now))


def page_of_card(card: Card, script: Script) -> WholePage:
    """Return the page of a card."""
    return card.page or simple_page(card, script)


def card_page(card: Card, frame: Frame, *also: Markup) -> str:
    """Return the page that shows a card, and below it `also`."""
    drawn = page_of_card(card, frame.script)
    frame = frame if drawn.has_numbers else replace(frame, bar=NO_BAR)
    described = " ".join(["stripe"] * bool(drawn.stripe) + ["said"] * bool(frame.toast)) or None
    pen = Pen(card.token, frame.home, frame.nonce, drawn.heading, described=described, is_refused=drawn.is_refused)
    pen = replace(pen, about=drawn.reference)
    holds_heading = isinstance(next(iter(drawn.parts), None), QuestionPart | Ticks | Banner)
    parts: list[Content] = [*_said(frame.toast), *((element("p", drawn.notice, class_="say"),) if drawn.notice else ())]
    if drawn.caption:
        parts.append(element("p", drawn.caption, class_="cap"))
    if drawn.of:
        parts.append(element("progress", value=drawn.step, max=drawn.of, aria_hidden="true"))
    if not holds_heading:
        parts.append(pen.h1())
    if drawn.shape in ONE_FORM or isinstance(next(iter(drawn.parts), None), Field):
        parts.append(pen.form(replace(pen, is_in_form=True).parts(drawn.parts)))
    else:
        parts.append(pen.parts(drawn.parts))
    parts += also
    for about, href in frame.documents:
        parts.append(element("p", element("a", about, href=href, download=True), class_="file"))
    if frame.locks is not None:  # shown if scripts are off
        parts.append(
            element("p", frame.script.wording.say("leaf.locks", minutes=frame.lock // 60), class_="hint unscripted")
        )
    main = element(
        "main",
        *parts,
        id="card",
        data_shown=frame.shown or None,
        data_home=frame.home,
        data_locks=frame.locks,
        data_asks=min(ASKS, frame.lock // 2) if frame.locks is not None else None,
    )
    urgent = Button(frame.script.wording.say("leaf.urgent" if frame.bar.first else "leaf.real-child"), URGENT)
    asked = (pen.form(pen.button(urgent, class_="link")),) if frame.nonce else ()
    bar = _bar(frame.bar, frame.script.wording, *asked)
    body = (_top(drawn, frame, pen), main, *_more(drawn, card, frame, pen), bar)
    title = frame.script.wording.say("leaf.refused", title=drawn.title) if drawn.is_refused else drawn.title
    skip = "leaf.skip" if frame.bar.first else "leaf.real-child"
    words, shape, files = frame.script.wording, drawn.shape, frame.files
    return page(words, *body, again=frame.again, title=title, shape=shape, skip=skip, files=files)


def given_back(card: Card, form: Mapping[str, str], *, fault: str) -> WholePage | None:
    """Return the page with what was typed or ticked in it again, and the fault beside it, or None if it has no place for that."""

    def refill(part: object) -> object | None:
        match part:
            case Field(name="typed") if "typed" in form:
                return part._replace(text=form["typed"], fault=fault)
            case Field(name="words", command=command) if command and form.get("command") == command:
                return part._replace(text=form.get("words", ""), fault=fault)
            case Ticks(boxes) if form.get("ticks") == str(card.token):
                ticked = tuple(box._replace(is_ticked=f"tick-{at}" in form) for at, box in enumerate(boxes))
                return part._replace(boxes=ticked, fault=fault)
            case QuestionPart(is_radio=True) if form.get("choice") == str(card.token):
                return part._replace(fault=fault)
            case More(parts=inside) if (filled := altered(inside, refill)) != inside:
                return part._replace(parts=filled, is_open=True)
        return None

    parts = altered(card.page.parts, refill) if card.page else ()
    if card.page is None or parts == card.page.parts:
        return None
    return replace(card.page, parts=parts, is_refused=True)


def striped(text: str) -> Markup:
    """Return the stripe that says that this is a rehearsal. Its id describes the heading, so that it is heard with that."""
    return element("p", text, id="stripe", class_="stripe")


def _said(toast: str) -> tuple[Markup, ...]:
    # The id describes the heading, so that a screen reader reads the toast with it.
    return (element("p", toast, id="said", class_="say", role="status"),) if toast else ()


def _top(drawn: WholePage, frame: Frame, pen: Pen) -> Markup:
    """Return the head of a page: back, the reference, and the buttons that lock or hide the page."""
    say, content = frame.script.wording.say, []
    stripe = (striped(drawn.stripe),) if drawn.stripe else ()
    if drawn.back:
        content.append(pen.button(drawn.back._replace(label=say("leaf.back")), class_="link back"))
    content.append(element("span", drawn.reference, class_="cap"))
    for name in frame.offers.closing:
        if name == HIDE:
            label: tuple[Content, ...] = (say("leaf.hide"), element("span", say("leaf.hide-too"), class_="v"))
            look = "link panic"
        else:
            label, look = (say(f"browser.command.{name}"),), "link"
        content.append(element("button", *label, name="command", value=name, class_=look))
    low = _low(frame.bar.first[-1]) if frame.bar.first else ""
    return element("header", low, *stripe, pen.form(*content, *frame.extra, class_="top"))


def _low(call: Call) -> Markup:
    """Return the number that answers now, for a low window. There it stays at the top, and the bar is far below."""
    return element("a", call.value, " ", element("small", call.name), class_="low", href=f"tel:{call.dial}")


def _more(drawn: WholePage, card: Card, frame: Frame, pen: Pen) -> tuple[Markup, ...]:
    """Return the field for questions, and the buttons and fields behind “More”."""
    say, offers = frame.script.wording.say, frame.offers
    buttons, labels = [pen.button(each) for each in drawn.more], {each.label for each in drawn.more}
    # In the middle of a case there is nothing to start, and the guide and help are its own.
    for each in offers.commands:
        if (label := say(f"browser.command.{each}")) not in labels and not (labels and each == "start"):
            leads = CONSOLE if each == "room" else None
            buttons.append(element("button", label, name="command", value=each, formaction=leads))
    inner: list[Markup] = [pen.form(*buttons, class_="row")] if buttons else []
    if offers.looked_up:
        ways = [(say(f"browser.look-up.{each}"), each) for each in offers.looked_up]
        label = element("label", say("browser.field.words"), for_="sought")
        typed = element("input", id="sought", name="words", maxlength=LONGEST_WORD)
        looks = [element("button", each, name="command", value=command) for each, command in ways]
        inner.append(pen.form(element("p", label, typed), element("p", *looks, class_="row")))
    asking = pen.part(look_up("ask", frame.script)) if offers.asks else ""
    if not inner:
        return ()
    is_asked = card.asks_for in offers.looked_up and all(
        each.command != card.asks_for for each in every(drawn.parts, Field)
    )
    asked = (pen.part(look_up(card.asks_for, frame.script)),) if is_asked else ()
    return (
        *asked,
        element("footer", asking, element("details", element("summary", say("leaf.more")), *inner), class_="more"),
    )


def _bar(bar: Bar, words: Wording, *asked: Markup) -> Markup:
    """Return the numbers at the foot, which need no network, and `asked`: the button to ask whom to call about this child."""
    say = words.say
    if not bar.first:
        return element("nav", *asked, class_="bar", id="numbers", aria_label=say("leaf.numbers"))
    links = []
    for at, call in enumerate(bar.first):
        look, name = ("button red", say("leaf.in-danger")) if at == 0 else ("button", call.name)
        number = element("a", call.value, element("small", name), class_=look, href=f"tel:{call.dial}")
        links.append(element("li", number))
    everybody = element(
        "details",
        element("summary", say("leaf.all"), element("small", say("leaf.all-numbers"))),
        element("div", Pen(0, "", "", "").part(Calls(bar.everybody)), *asked),
    )
    return element(
        "nav",
        element("ul", *links, element("li", everybody)),
        class_="bar",
        id="numbers",
        aria_label=say("leaf.numbers"),
    )


def plain_page(
    words: Wording,
    *content: Content,
    heading: str,
    toast: str = "",
    bar: Bar = NO_BAR,
    title: str = "",
    head: Content = "",
) -> str:
    """Return a page that has text but no card, with `head` above it and, unless the bar is empty, the numbers at its foot."""
    h1 = element("h1", heading, tabindex=-1, autofocus=True, aria_describedby="said" if toast else None)
    main = element("main", *_said(toast), h1, *content, id="card")
    numbers = (_bar(bar, words),) if bar.first else ()
    return page(words, head, main, *numbers, title=title, shape=PageKind.LOCKED if numbers else "")


def blank_page(frame: Frame) -> str:
    """Return a page with nothing but a button to continue, which is also its heading."""
    on = element("button", frame.script.wording.say("browser.go-on"), name="command", value="start", autofocus=True)
    form_ = Pen(0, frame.home, frame.nonce, "").form(element("h1", on))
    return page(frame.script.wording, element("main", form_, id="card", data_shown=frame.shown or None))


META = together(
    element("meta", charset="utf-8"),
    element("meta", name="viewport", content="width=device-width, initial-scale=1"),
)


def linked(name: str) -> Markup:
    """Return the element by which a page loads a stylesheet or a script, whose address changes with its content."""
    address = f"/{name}?{STATIC[name].mark}"
    if name.endswith(".css"):
        return element("link", rel="stylesheet", href=address)
    return element("script", src=address, defer=True)


FILES, UNSCRIPTED = together(linked("s.css"), linked("s.js")), linked("s.css")


def page(
    words: Wording,
    *content: Content,
    again: int | None = None,
    onto: str = "",
    title: str = "",
    shape: str = "",
    skip: str = "leaf.skip",
    files: Markup | None = None,
) -> str:
    """Return a page with this content, and above it, if it has a `shape`, the link to the numbers.

    It redirects to `onto` if given. If scripts are off, it reloads after `again` seconds.
    """
    # The title says nothing of a case, since it is seen in the history and on the task bar.
    head = [META, element("title", title or words.say("browser.title")), files or FILES]
    if again is not None:
        head.append(element("noscript", element("meta", http_equiv="refresh", content=str(again))))
    if onto:
        head.append(element("meta", http_equiv="refresh", content=f"0; url={onto}"))
    to_numbers = element("a", words.say(skip), class_="skip", href="#numbers") if shape else ""
    live = element("div", id="live", class_="say", role="status")
    return whole_page(element("head", *head), element("body", to_numbers, *content, live, class_=shape or None))


def stranger_page(frame: Frame, now: LocalTime) -> str:
    """Return the page of a person without an account: whom to ring in danger, and a field for an invitation code."""
    say = frame.script.wording.say
    label = element("label", say("browser.field.invitation"), for_="code")
    typed = element("input", id="code", name="words", maxlength=LONGEST_WORD, autocapitalize="characters")
    button = element("button", say("browser.come-in"), name="command", value="start", class_="main")
    pen = Pen(0, frame.home, frame.nonce, "")
    head = element("header", pen.form(element("span", class_="cap"), *frame.extra, class_="top")) if frame.extra else ""
    coming = pen.form(element("p", label), typed, element("p", button, class_="row"))
    parts = (element("p", say("browser.stranger-text")), coming, whom_to_call(frame.script, now))
    return plain_page(
        frame.script.wording, *parts, heading=say("browser.stranger"), toast=frame.toast, bar=frame.bar, head=head
    )


def whom_to_call(script: Script, now: LocalTime) -> Markup:
    """Return whom to call, under a heading, each with a link that dials."""
    return Pen(0, "", "", "").part(SectionPart(script.wording.say("leaf.to-call"), (Calls(urgent_calls(script, now)),)))
