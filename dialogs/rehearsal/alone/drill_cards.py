"""The cards of drills: a question on one rule, then the answer with its reason and where the rule comes from."""

from dataclasses import replace

from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Paragraphs, Rows, in_rows
from dialogs.core.page import PageKind, PagePart, Text, TextLook, WholePage
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.phrases.number import basis_lines, in_words
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.core.drilling import drill_set
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import BACK, GO_ON, StageCard, stage_question, ways_to
from seraf.form.vocabulary import NOT_KNOWN
from seraf.rehearsal.drills import AnswerKind, Drill
from state_machines.rehearsal import Turn

BEGIN = Key(Rehearse(Turn.DRILL), "drills")
AGAIN = Key(Rehearse(Turn.DRILL), "more-drills")


def _answer(each: Drill, answer: str, *, script: Script) -> str:
    """Return an answer as its button says it."""
    say = script.wording.say
    match each.asked:
        case AnswerKind.BUTTON:
            assert each.item is not None, "a drill on a button is about an item"
            option, _, points = answer.partition("/")
            return say("drill.button", label=each.item.option(option).label, points=points)
        case AnswerKind.TOTAL:
            return say("drill.points", points=answer)
        case AnswerKind.CATEGORY:
            low, _, high = answer.partition("-")
            return say("drill.between" if high else "drill.category", low=low, high=high)
        case AnswerKind.CALL:
            return say(f"first-call.{answer}")


def _places(each: Drill, script: Script) -> dict[str, object]:
    dates = dict(zip(("first", "second"), map(in_words, each.dates), strict=False))
    item = {"item": each.item.label} if each.item else {}
    return {**each.numbers, **dates, **item, "today": in_words(each.today), "lead": each.lead}


def _question(each: Drill, script: Script) -> tuple[str, str]:
    """Return the facts of a drill, and what it asks."""
    say = script.wording.say
    role = each.case.answers.get("profession", NOT_KNOWN)
    named = say(f"answer.profession.{role if role in ROLES else 'other'}")
    return say(f"drill.{each.kind}.text", **_places(each, script)), say(f"drill.ask-{each.asked}", role=named)


ROLES = ("school", "health", "preventative", "residential", "police", "social-care", "leaving-care", "other")


def _drill_words(practice: Practice, script: Script) -> Paragraphs:
    found, say = drill_set(practice, script.pack), script.wording.say
    text, asks = _question(found.drills[-1], script)
    head = say("drill.head", number=len(found.given) + 1, of=found.count)
    return (Paragraph(head), Paragraph(text), Paragraph(asks, is_strong=True))


def _drill_rows(practice: Practice, script: Script) -> Rows:
    each = drill_set(practice, script.pack).drills[-1]
    answers = [
        Key(Rehearse(Turn.ANSWER, str(at)), text=_answer(each, answer, script=script))
        for at, answer in enumerate(each.answers)
    ]
    return (*in_rows(answers, 2), (BACK,))


def _drilled_words(practice: Practice, script: Script) -> Paragraphs:
    found, say = drill_set(practice, script.pack), script.wording.say
    at = len(found.given) - 1
    each, given = found.drills[at], found.given[at]
    best, own = (_answer(each, answer, script=script) for answer in (each.right[0], given))
    key = "wrong" if given not in each.right else "right" if given == each.right[0] else "fits"
    why = say(f"drill.{each.kind}.why", **_places(each, script))
    source = tuple(Paragraph(line, is_close=True) for line in basis_lines(each.basis, script, is_judged=True))
    end = (
        (Paragraph(say("drill.end", right=found.right, of=found.count), is_strong=True),) if _is_over(practice) else ()
    )
    head = say("drill.head", number=at + 1, of=found.count)
    text, _ = _question(each, script)
    verdict = Paragraph(say(f"drill.{key}", given=own, right=best), is_strong=True)
    return (Paragraph(head), Paragraph(text), verdict, Paragraph(why), *source, *end)


def _is_over(practice: Practice) -> bool:
    return len(practice.asked) >= len(practice.case.split("/")) - 3


def _drilled_rows(practice: Practice, _script: Script) -> Rows:
    return ((AGAIN, COURSE), (BACK,)) if _is_over(practice) else ((GO_ON, BACK),)


def _drilled_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page of an answer, with the facts that were given as smaller text."""
    text, *rest = (each for each in plain.parts if isinstance(each, Text))
    on = ways_to(plain, Turn.GO_ON, is_main=True) or ways_to(plain, Turn.DRILL, Turn.COURSE, is_main=True)
    parts: tuple[PagePart, ...] = (
        text._replace(look=TextLook.HINT),
        *rest,
        *on,
        *ways_to(plain, Turn.BACK, Turn.LEAVE),
    )
    return replace(plain, shape=PageKind.QUESTION, parts=parts)


DRILL_CARD = StageCard(
    _drill_words, _drill_rows, lambda _practice, _script, plain: stage_question(plain, but=(Turn.BACK, Turn.LEAVE))
)
DRILLED_CARD = StageCard(_drilled_words, _drilled_rows, _drilled_page)
