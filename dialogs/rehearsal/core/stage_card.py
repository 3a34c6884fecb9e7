"""How the card of a rehearsal's stage is drawn, and how the assessment of a rehearsal differs from a real one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never, cast

from dialogs.core import keys
from dialogs.core.acts import Kind, Rehearse
from dialogs.core.keys import Key, Paragraphs, Rows
from dialogs.core.page import Button, PageKind, QuestionPart, Text, TextLook, Ways, WholePage
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script, Wording
from dialogs.form.item_cards import answer_in_words
from dialogs.form.reasons import is_stopped
from dialogs.rehearsal.core.practice import Practice, case_of
from seraf.advice.contacts import Contacts
from seraf.cases.vignette import AgreedKey
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import Critical, calls_by_role
from seraf.rehearsal.progress import Mode
from state_machines.rehearsal import Turn

REAL = frozenset({Kind.URGENT, Kind.CONTACTS})  # overlays that are about a real child and show real telephone numbers
SHORT = 3  # maximum number of digits of a telephone number that rehearsals show unchanged, such as 999


def shows_numbers(practice: Practice) -> bool:
    """Return True if the open overlay is about a real child and so shows real telephone numbers."""
    session = practice.session
    return session is not None and session.overlay is not None and session.overlay.kind in REAL


def is_silent(practice: Practice) -> bool:
    """Return True if advice is hidden. Outside practice mode, people choose the first call before they see any advice."""
    return practice.mode is not Mode.PRACTICE and practice.result.first_call is None


def rehearsed_script(practice: Practice, script: Script) -> Script:
    """Return the script for a rehearsal: without notes, and with review codes and telephone numbers that are not real."""
    pack = script.pack
    if not shows_numbers(practice):
        number = script.wording.say("rehearsal.number")
        contacts = (
            contact if sum(map(str.isdigit, contact.value)) <= SHORT else replace(contact, value=number, dial="")
            for contact in pack.contacts.all
        )
        pack = replace(pack, contacts=Contacts(tuple(contacts), can_dial=False))
    quiet = replace(script, codes=script.rehearsal_codes, notes=None, is_rehearsal=True)
    return replace(quiet, pack=pack, is_silent=is_silent(practice))


def without_hints(practice: Practice) -> Practice:
    """Return the rehearsal without its stop card while advice is hidden, because the card would give the answer away."""
    session = practice.session
    if session is None or not is_silent(practice) or not is_stopped(session):
        return practice
    return replace(practice, session=session.beneath(None))


BACK = Key(Rehearse(Turn.BACK), "back")
LEAVE = Key(Rehearse(Turn.LEAVE), "leave-rehearsal")
STORY = Key(Rehearse(Turn.TELL), "story")
REPORT = Key(Rehearse(Turn.REPORT), "report")
NEXT = Key(Rehearse(Turn.PICK), "next-case")
GO_ON = Key(Rehearse(Turn.GO_ON), "go-on")


@dataclass(frozen=True, slots=True)
class StageCard:
    """The functions that draw the card of a stage: its paragraphs, and its own buttons, which are above those of all stages.

    `page` makes more of the page that these make, on channels that draw pages.
    """

    words: Callable[[Practice, Script], Paragraphs]
    rows: Callable[[Practice, Script], Rows] = lambda _practice, _script: ()
    page: Callable[[Practice, Script, WholePage], WholePage] = lambda _practice, _script, plain: led(plain)


def led(page: WholePage) -> WholePage:
    """Return the page with the first of its buttons as the main one."""
    at = next((at for at, each in enumerate(page.parts) if isinstance(each, Ways)), None)
    if at is None:
        return page
    first = cast(Ways, page.parts[at])._replace(is_main=True)
    return replace(page, parts=(*page.parts[:at], first, *page.parts[at + 1 :]))


def stage_question(page: WholePage, *, but: tuple[Turn, ...] = ()) -> WholePage:
    """Return the page as a question: its texts lead, and its buttons, except those of the triggers in `but`, are the answers."""
    lead = tuple(each.text for each in page.parts if isinstance(each, Text))
    others = ways_to(page, *but)
    choices = tuple(each for each in _buttons(page) if not any(each in way.buttons for way in others))
    return replace(page, shape=PageKind.QUESTION, parts=(QuestionPart(choices, lead), *others))


def ways_to(page: WholePage, *turns: Turn, is_main: bool = False) -> tuple[Ways, ...]:
    """Return the buttons of the page that fire these triggers as one row, in the order of `turns`, or nothing if there is none."""
    found = tuple(each for turn in turns for each in _buttons(page) if getattr(each.act, "turn", None) is turn)
    return (Ways(found, is_main),) if found else ()


def _buttons(page: WholePage) -> list[Button]:
    return [button for each in page.parts if isinstance(each, Ways) for button in each.buttons]


def case_page(_practice: Practice, _script: Script, plain: WholePage) -> WholePage:
    """Return the page of the card that `about_case` makes: its warning stands out, and the support comes last."""
    about, warning, *how, support = (each for each in plain.parts if isinstance(each, Text))
    ways = (each for each in led(plain).parts if isinstance(each, Ways))
    warned = warning._replace(look=TextLook.WARNING)
    return replace(plain, parts=(about, warned, *how, *ways, support._replace(look=TextLook.HINT)))


def titled(key: str, script: Script) -> Paragraphs:
    """Return a card's paragraphs from the wording: the title and the text under `rehearsal.<key>`."""
    title = Paragraph(script.wording.say(f"rehearsal.{key}.title"), is_strong=True)
    return (title, *map(Paragraph, script.wording.say(f"rehearsal.{key}.text").split("\n\n")))


def about_case(practice: Practice, script: Script, *, how: Paragraphs) -> Paragraphs:
    """Return what the made-up case is about, its content warning, `how` it can be rehearsed, and where to find support."""
    say, vignette = script.wording.say, case_of(practice, script.pack)
    title = Paragraph(vignette.title, is_strong=True)
    warning = Paragraph(say("rehearsal.warning", warning=vignette.warning))
    return (title, Paragraph(vignette.about, is_close=True), warning, *how, Paragraph(say("rehearsal.support")))


def turning(page: int, pages: int) -> tuple[Key, ...]:
    """Return the buttons for the previous and the next page, if these exist."""
    return keys.turning(page, pages, lambda number: Rehearse(Turn.PAGE, number))


def critical_names(critical: tuple[Critical, ...], script: Script) -> str:
    """Return the names of these critical actions as one line."""
    return "; ".join(script.wording.say(f"critical.{action}") for action in critical)


def done_in_words(critical: Critical, done: str | None, *, script: Script) -> str:
    """Return what a person did about a critical action, as its button says it. A category is a figure or a range."""
    say = script.wording.say
    if done is None:
        return say("rehearsal.report.not-asked")
    match critical:
        case Critical.DANGER | Critical.TOLD_OR_SEEN | Critical.JUDGEMENT:
            return answer_in_words(critical, done, script=script)
        case Critical.FIRST_CALL:
            return say(f"first-call.{done}")
        case Critical.CATEGORY:
            low, _, high = done.partition("-")
            return say("critical.between" if high else "critical.one", low=low, high=high)
    assert_never(critical)


def role_calls(key: AgreedKey, pack: Pack, *, wording: Wording) -> tuple[str, ...]:
    """Return a sentence for each agreed first call that differs from the usual one, with the professions that make it."""
    say = wording.say
    return tuple(
        say(
            "rehearsal-report.role-call",
            roles=", ".join(say(f"answer.profession.{role}") for role in roles),
            call=say(f"first-call.{call}"),
        )
        for call, roles in calls_by_role(pack, key).items()
    )
