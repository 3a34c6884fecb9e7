"""What people are given at a session: the case to read and the sheet to answer on. Nothing of the key is in either."""

from itertools import groupby

from dialogs.core.script import Script
from dialogs.rehearsal.kit.answer_lines import AnswerLine, AnswerPart, answer_parts
from dialogs.rehearsal.kit.paper import Blank, Block, Boxed, Circles, Leaf, Prose, TrainingPaper
from seraf.cases.vignette import Vignette


def handout(vignette: Vignette, script: Script) -> TrainingPaper:
    """The case as it is told. Support is named before it and after."""
    say = script.wording.say
    return TrainingPaper(
        name="handout",
        title=say("rehearsal.head"),
        about=vignette.title,
        leaves=(Leaf("", before_reading(vignette, script)), *story(vignette), after_reading(script)),
        footer=say("kit.footer.handout", title=vignette.title),
    )


def answer_sheet(script: Script) -> TrainingPaper:
    """The sheet on which one person answers by hand, without a name. It is the same for every case."""
    say = script.wording.say
    how = (Boxed(tuple(say("kit.sheet.how").split("\n"))), Blank(say("kit.sheet.number")))
    return TrainingPaper(
        name="answer-sheet",
        title=say("rehearsal.head"),
        about=say("kit.sheet.title"),
        leaves=(Leaf("", how), *(_leaf(part) for part in answer_parts(script))),
        footer=say("kit.footer.sheet"),
    )


def before_reading(vignette: Vignette, script: Script) -> tuple[Block, ...]:
    """What is hard to read, that anyone may leave, and who is there for support."""
    say = script.wording.say
    warned = (vignette.warning, *say("kit.handout.before").split("\n"))
    return (Boxed(warned), Blank(say("kit.support.today")))


def story(vignette: Vignette) -> tuple[Leaf, ...]:
    """The parts of what is told."""
    return tuple(Leaf(part.title, (Prose(part.text),), is_whole=True) for part in vignette.parts)


def after_reading(script: Script) -> Leaf:
    """What to do next, and whom to turn to."""
    say = script.wording.say
    lines = tuple(Prose(line) for line in say("kit.handout.after").split("\n"))
    return Leaf(say("kit.handout.next"), lines, is_whole=True)


def _leaf(part: AnswerPart) -> Leaf:
    """A part of the sheet: lines that share their letters stand under one head."""
    groups = groupby(part.lines, key=lambda line: line.answers)
    return Leaf(part.title, (Prose(part.ask), *(_circles(tuple(lines)) for _, lines in groups)))


def _circles(lines: tuple[AnswerLine, ...]) -> Circles:
    letters = tuple((each.letter, each.label) for each in lines[0].answers)
    return Circles(letters, tuple((line.number, line.about) for line in lines))
