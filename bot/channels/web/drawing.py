"""Draws the parts of a page as HTML. A kind of part looks the same wherever it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.channels.web.markup import Attribute, Content, Markup, element, together
from dialogs.core.acts import Copy, code_of
from dialogs.core.page import (
    AnswerRows,
    Banner,
    Button,
    Call,
    Calls,
    Doing,
    Doings,
    Field,
    Listed,
    More,
    Number,
    PagePart,
    PinField,
    QuestionPart,
    Saved,
    SectionPart,
    TablePart,
    TallyPart,
    Text,
    TextLook,
    Ticks,
    Ways,
)

LONGEST_WORD, LONGEST_NOTE = 400, 6_000  # the maximum number of characters of a word or code, and of a note
SHORT = 3  # the most columns of a table that a phone shows side by side
FEW = 4  # the most answers that stand in a row where the window is low


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws the parts of one page. `token` is its card's, and `home` and `nonce` those of its forms.

    `heading` is the page's heading. It is drawn inside the first part that has a place for it. `about` is the reference of the page's
    case: what was typed or ticked for one, and not sent, is never filled in for another.
    """

    token: int
    home: str
    nonce: str
    heading: str
    level: int = 2  # of the headings of sections
    is_in_form: bool = False  # True if a form stands around what is drawn
    described: str | None = None  # the id of a text that a screen reader reads with the heading
    below: str | None = None  # the id of the heading that buttons stand under, which is read with each of them
    is_refused: bool = False  # True if the focus is at the fault of what was sent, not at the heading
    about: str = ""

    def draft(self, kind: str, name: str = "") -> str:
        """Return the name under which the page keeps what is typed or ticked until it is sent."""
        return f"{kind}:{self.about}:{name or self.heading}"

    def form(self, *content: Content, class_: str | None = None, draft: str | None = None) -> Markup:
        """Return a form that posts an act, or only its content if that is in a form already."""
        if self.is_in_form:
            return together(*content)
        nonce = element("input", type="hidden", name="nonce", value=self.nonce)
        return element(
            "form",
            nonce,
            *content,
            method="post",
            action=self.home,
            autocomplete="off",
            class_=class_,
            data_draft=draft,
        )

    def button(self, button: Button, *, class_: str | None = None, is_pressed: bool | None = None) -> Markup:
        """Return a button. What it is about is only heard. `is_pressed` says, of several answers, whether it is given."""
        act, heard = button.act, f"{button.label}: {button.about}" if button.about and not self.below else None
        if isinstance(act, Copy):  # hidden, since copying needs the script, which shows the button
            return element("button", button.label, type="button", data_copy=act.text, hidden=True)
        look = " ".join(filter(None, (class_, "was" if is_pressed else None))) or None
        value = f"{self.token}:{code_of(act)}"
        attributes: dict[str, Attribute] = {"class_": look, "aria_label": heard}
        attributes["aria_pressed"] = None if is_pressed is None else str(is_pressed).lower()
        attributes["aria_describedby"] = self.below if button.about else None
        return element("button", button.label, name="press", value=value, **attributes)

    def h1(self) -> Markup:
        """Return the page's heading, which takes the focus, so that it is read first."""
        is_first = not self.is_refused
        return element("h1", self.heading, id="h", tabindex=-1, autofocus=is_first, aria_describedby=self.described)

    def parts(self, parts: Iterable[PagePart]) -> Markup:
        """Return these parts, one after the other."""
        return together(*map(self.part, parts))

    def part(self, part: PagePart) -> Markup:  # one case a kind
        """Return one part."""
        match part:
            case Text():
                return _text(part)
            case Listed(items, is_ordered):
                return element("ol" if is_ordered else "ul", *[element("li", each) for each in items])
            case Calls(calls):
                return element("ol", *[element("li", _call(each)) for each in calls], class_="calls")
            case Ways(buttons, is_main, is_quiet):
                first = [self.button(each, class_="main") for each in buttons[:1] if is_main]
                look = "link" if is_quiet else None
                others = [self.button(each, class_=look) for each in buttons[len(first) :]]
                return self.form(element("p", *first, *others, class_="row"))
            case QuestionPart():
                return self._question(part)
            case Ticks():
                return self._ticks(part)
            case AnswerRows(rows):
                return self.form(
                    element("dl", *[self._row(each.about, each.answer, each.way) for each in rows], class_="rows")
                )
            case TablePart():
                return self._table(part)
            case TallyPart(about, counts):
                return together(element("p", about, class_="label"), tally(about, counts))
            case Doings(about, doings):
                lines = [self._doing(at, each) for at, each in enumerate(doings, 1)]
                return self.form(element("ol", *lines, class_="plan", aria_label=about))
            case More(summary, parts, is_open):
                more = element("summary", summary, aria_describedby=self.below)
                return element("details", more, self.parts(parts), open=is_open)
            case SectionPart(title, parts):
                deeper = replace(self, level=self.level + 1)
                return element("section", element(f"h{self.level}", title), deeper.parts(parts))
            case Banner(texts, calls):
                look = "lead-on danger" if calls else "lead-on"
                links = [_call(each, is_on_red=True) for each in calls if each.dial]
                return element("div", self.h1(), *links, *[element("p", each) for each in texts], class_=look)
            case Field():
                return self._field(part)
            case PinField():
                return self._pin(part)
            case Saved(text, way):
                return self.form(
                    element("p", element("span", text), " ", self.button(way, class_="link"), class_="said")
                )
        assert_never(part)

    def _question(self, part: QuestionPart) -> Markup:
        about = [(each, None) for each in part.lead] + [(each, "hint") for each in part.hints]
        lead = [element("p", each, id=f"about-{at}", class_=look) for at, (each, look) in enumerate(about)]
        named = " ".join([f"about-{at}" for at in range(len(about))]) or None
        legend = element("legend", part.asked, class_="label") if part.asked else element("legend", self.h1())
        if part.is_radio:
            values = [(each.label, f"{self.token}:{code_of(each.act)}", each.is_chosen) for each in part.choices]
            fault, options = self._radios("press", values, part.fault, is_required=True)
            group = element(
                "fieldset",
                *(legend, *fault, *lead, *options),
                role="radiogroup" if fault else None,
                aria_invalid="true" if fault else None,
                aria_describedby=f"fault {named or ''}".rstrip() if fault else named,
            )
            token = element("input", type="hidden", name="choice", value=self.token)
            return self.form(token, group, _sending(part.send), draft=self.draft("choice"))
        look = "opts few" if len(part.choices) <= FEW else "opts many"
        is_given = any(each.is_chosen for each in part.choices)
        options = [self.button(each, is_pressed=each.is_chosen if is_given else None) for each in part.choices]
        return self.form(
            element("fieldset", legend, *lead, element("div", *options, class_=look), aria_describedby=named)
        )

    def _radios(
        self, name: str, choices: Iterable[tuple[str, str, bool]], said: str, *, is_required: bool = False
    ) -> tuple[tuple[Markup, ...], list[Markup]]:
        """Return the fault that is `said` of choices, each a label, a value, and whether it is made; and the choices.

        If there is a fault, the first choice takes the focus.
        """
        fault, options = (element("p", said, id="fault", class_="say"),) if said else (), list[Markup]()
        for label, value, is_chosen in choices:
            is_first = bool(fault) and not options
            option = element(
                "input",
                type="radio",
                name=name,
                value=value,
                required=is_required,
                checked=is_chosen,
                autofocus=is_first,
            )
            options.append(element("label", option, label, class_="pick"))
        return fault, options

    def _ticks(self, part: Ticks) -> Markup:
        lead = [element("p", each, class_="hint") for each in part.lead]
        boxes: list[Markup] = []
        for at, box in enumerate(part.boxes):
            mark = element("input", type="checkbox", name=f"tick-{at}", value="1", checked=box.is_ticked)
            hint = (element("small", box.hint),) if box.hint else ()
            boxes.append(element("label", mark, element("span", box.label, *hint), class_="pick"))
        fault, options = self._radios("rest", [(label, value, False) for label, value in part.rest], part.fault)
        others = element(
            "fieldset",
            element("legend", part.rest_asked, class_="label"),
            *fault,
            element("p", part.rest_hint, id="rest-hint", class_="hint"),
            *options,
            role="radiogroup",
            aria_required="true",
            aria_invalid="true" if fault else None,
            aria_describedby="fault rest-hint" if fault else "rest-hint",
        )
        asked = element("fieldset", element("legend", self.h1()), *lead, *boxes)
        token = element("input", type="hidden", name="ticks", value=self.token)
        return self.form(token, asked, others, _sending(part.send), draft=self.draft("ticks"))

    def _row(self, about: str, answer: str, way: Button | None) -> Markup:
        change = (element("dd", self.button(way)),) if way else ()
        return element("div", element("dt", about), element("dd", answer), *change)

    def _table(self, part: TablePart) -> Markup:
        head = element("tr", *[element("th", each) for each in part.columns])
        rows = []
        for first, *others in part.rows:
            name = element("th", self._cell(first), scope="row")
            rows.append(element("tr", name, *[element("td", self._cell(each)) for each in others]))
        look = "long" if len(part.columns) > SHORT else None
        return self.form(element("table", element("caption", part.caption), head, *rows, class_=look))

    def _cell(self, cell: str | Button) -> Content:
        return self.button(cell, class_="link") if isinstance(cell, Button) else cell

    def _doing(self, number: int, doing: Doing) -> Markup:
        by = (element("span", doing.by, class_="by late" if doing.is_late else "by"),) if doing.by else ()
        id_ = f"d{number}"
        head = element(f"h{self.level}", doing.title, *((" ", *by) if by else ()), id=id_)
        deeper = replace(self, level=self.level + 1, is_in_form=True, below=id_)
        return element("li", head, deeper.parts(doing.parts), class_="done" if doing.is_closed else None)

    def _field(self, part: Field) -> Markup:
        id_ = f"{part.name}-{part.command or 'note'}"
        fault = (element("p", part.fault, id=f"{id_}-fault", class_="say"),) if part.fault else ()
        hint = (element("p", part.hint, id=f"{id_}-hint", class_="hint"),) if part.hint else ()
        about = " ".join([f"{id_}-fault"] * bool(fault) + [f"{id_}-hint"] * bool(hint)) or None
        shared: dict[str, Attribute] = {
            "aria_describedby": about,
            "aria_invalid": "true" if fault else None,
            "autofocus": bool(fault),
        }
        if part.name == "typed":
            kept: dict[str, Attribute] = {"data_most": part.most or None, "data_draft": self.draft("note", part.draft)}
            typed = element("textarea", part.text, id=id_, name="typed", rows=4, **kept, **shared)
        else:
            shared |= {"value": part.text or None, "maxlength": LONGEST_WORD}
            typed = element("input", id=id_, name="words", autocapitalize="off", spellcheck="false", **shared)
        command = {"name": "command", "value": part.command} if part.command else {}
        send = element("p", element("button", part.send, **command), class_="row")
        # The card of a note, so that none is stored about something else.
        token = () if part.command else (element("input", type="hidden", name="token", value=self.token),)
        return self.form(*token, element("p", element("label", part.label, for_=id_)), *hint, *fault, typed, send)

    def _pin(self, part: PinField) -> Markup:
        fields: list[Markup] = []
        for name, label in (("pin", part.label), ("again", part.again)):
            if not label:
                continue
            digits = element(
                "input",
                id=name,
                name=name,
                type="password",
                inputmode="numeric",
                autocomplete="new-password" if part.again else "current-password",
                class_="pin",
                required=True,
                aria_describedby="pin-hint" if part.hint else None,
            )
            hint = (element("p", part.hint, id="pin-hint", class_="hint"),) if part.hint and not fields else ()
            fields += (element("p", element("label", label, for_=name)), *hint, digits)
        token = element("input", type="hidden", name="token", value=self.token)
        return self.form(token, *fields, _sending(part.send))


def _sending(label: str) -> Markup:
    return element("p", element("button", label, class_="main"), class_="row")


def tally(about: str, counts: Iterable[tuple[str, int]]) -> Markup:
    """Return counts as a list, each below the number that it is about."""
    items = [
        element("li", element("small", number), " ", element("b", str(count), data_live=f"item-{number}"))
        for number, count in counts
    ]
    return element("ol", *items, class_="counts", aria_label=about)


def _text(part: Text) -> Markup:
    words = _with_links(part.text, part.numbers) if part.numbers else (part.text,)
    if part.look is TextLook.STRONG:
        return element("p", element("strong", *words))
    return element("p", *words, class_=str(part.look) or None)


def _with_links(text: str, numbers: Sequence[Number]) -> Sequence[Content]:
    words: list[Content] = []
    start = 0
    for number in numbers:
        link = element("a", text[number.start : number.end], href=f"tel:{number.dial}")
        words += (text[start : number.start], link)
        start = number.end
    return [*words, text[start:]]


def _call(call: Call, *, is_on_red: bool = False) -> Markup:
    about = f"{call.name}: {call.note}" if call.note else call.name
    if not call.dial:  # in a rehearsal, or if the number is only in the person's own records
        value, about = (call.value, about) if call.value else (call.name, call.note)
        small = (element("small", about),) if about else ()
        return element("div", element("strong", value), *small, class_="tel")
    look = "tel red" if call.value == "999" and not is_on_red else "tel"
    return element("a", call.value, element("small", about), class_=look, href=f"tel:{call.dial}")
