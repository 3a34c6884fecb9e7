"""The pages that say whom to call and what to say, and those that say on one page what a chat divides into several cards."""

from dataclasses import replace

from dialogs.call import UNTIL_HELP_COMES, asked_back, spoken_lines
from dialogs.cards.plain_page import opens, question_of, sectioned, ways_left
from dialogs.cards.plan_page import log_button
from dialogs.core import acts
from dialogs.core.acts import Kind
from dialogs.core.codes import carry_over_code
from dialogs.core.keys import Paragraphs, View
from dialogs.core.page import (
    Banner,
    Button,
    Calls,
    Listed,
    PageKind,
    PagePart,
    SectionPart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.phrases.whom_to_call import asks_first, contact_calls, contact_sections, doubt_line, urgent_calls
from dialogs.result.action_line import log_entries
from dialogs.result.actions import line_of
from dialogs.review.changes import changed_paragraphs
from dialogs.what_if import find_paragraphs, raise_paragraphs
from seraf.advice.action_log import FIRST_ON_A_PAGE
from seraf.advice.action_plan import CardLine
from state_machines.assessment import Phase


def urgent_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of whom to ring about any child, and what to do until help comes."""
    script, say = view.script, view.script.wording.say
    texts = (*doubt_line(script, view.now), say("welcome.no-need"))
    keep = SectionPart(say("leaf.until-help"), (Listed(tuple(map(say, UNTIL_HELP_COMES))),))
    first, *others = urgent_calls(script, view.now)
    parts: tuple[PagePart, ...] = (
        Banner(calls=(first,)),
        Calls(tuple(others)),
        *map(Text, texts),
        *ways_left(plain),
        keep,
    )
    return replace(plain, shape=PageKind.NUMBERS, parts=parts)


def call_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of what to say in a call about a child without answers yet."""
    say = view.script.wording.say
    read = tuple(Text(each, TextLook.READ) for each in say("call.script").split("\n"))
    parts = (*_whom(view), *read, Text(say("call.asked")), *ways_left(plain))
    return replace(plain, shape=PageKind.SCRIPT, heading=say("leaf.to-say"), parts=parts)


def contacts_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of all contacts, each under a heading."""
    return replace(plain, shape=PageKind.NUMBERS, parts=(*contact_sections(view.script, view.now), *ways_left(plain)))


def calling_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of the call script: whom to ring, what to read aloud, what they will ask, and what came of it."""
    session, script, now = view.session, view.script, view.now
    say, (first, said) = script.wording.say, spoken_lines(session, script, now=now)
    line = line_of(CardLine.CARE, session, script=script, now=now) if session.phase is Phase.RESULT else None
    entries = log_entries(line, session, script, first=FIRST_ON_A_PAGE)[0] if line else ()
    logs = tuple(log_button(line, each, script) for each in entries) if line else ()
    asked = SectionPart(say("calling.asked-title"), (Listed(asked_back(session, script, now=now)),))
    return replace(
        plain,
        shape=PageKind.SCRIPT,
        heading=say("calling.title"),
        caption=say("leaf.to-say"),
        parts=(
            *_whom(view, is_asked=True),
            *(Text(each, TextLook.STRONG) for each in first),
            *(Text(each, TextLook.READ) for each in said),
            asked,
            *((SectionPart(say("leaf.how-went"), (Ways(logs),)),) if logs else ()),
            *ways_left(plain, _turns),
        ),
    )


def _whom(view: View, *, is_asked: bool = False) -> tuple[PagePart, ...]:
    """Return whom to ring about the case. About a young adult, it says to ask them first, unless the person has (`is_asked`)."""
    answers, script = view.session.answers.around, view.script
    first = (
        (Text(script.wording.say("leaf.ask-first"), TextLook.STRONG),) if asks_first(answers) and not is_asked else ()
    )
    return (*first, Calls(contact_calls(script, view.now, answers=answers)))


def _turns(button: Button) -> bool:
    """Return True if a button only turns to another part of what one page shows."""
    whole = (Kind.CALLING, Kind.FIND, Kind.RAISE, Kind.CHANGED)
    return isinstance(button.act, acts.Page) or opens(button, whole)


def news_page(view: View, plain: WholePage) -> WholePage:
    """Return the page that asks what has changed since the result."""
    return question_of(replace(plain, caption=view.script.wording.say("leaf.plan")))


def find_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of what to find out, all of it, with each person to ask under a heading."""
    return _whole(view, plain, find_paragraphs(view), heading="button.find")


def raise_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of what could raise the result, all of it."""
    return _whole(view, plain, raise_paragraphs(view), heading="button.raise")


def changed_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of what has changed since the last assessment, all of it."""
    first, *rest = changed_paragraphs(view.session, view.script, now=view.now) or (None,)
    return _whole(view, plain, tuple(rest)) if first else plain


def code_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of the review code, whose heading says what it is."""
    if not carry_over_code(view.session, view.script):
        return plain
    return replace(plain, heading=plain.caption, caption="", parts=(Text(plain.heading, TextLook.STRONG), *plain.parts))


def _whole(view: View, plain: WholePage, paragraphs: Paragraphs, *, heading: str = "") -> WholePage:
    title = view.script.wording.say(heading) if heading else plain.heading
    parts = (*sectioned(paragraphs), *ways_left(plain, _turns))
    return replace(plain, shape=PageKind.REFERENCE, heading=title, caption="", parts=parts)
