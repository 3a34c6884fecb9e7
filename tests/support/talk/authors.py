"""The author of a made-up case, who answers the questions that the bot asks while the case is written."""

from dataclasses import dataclass

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import LetteredAnswer, asked_line, call_line
from dialogs.rehearsal.writing.form import after_answer_typed, askable_beside, next_question, teachable
from dialogs.rehearsal.writing.question import THEMES, Given, sentences_of
from seraf.cases.vignette import Vignette
from seraf.form.vocabulary import NOT_KNOWN
from tests.support.shipped import INSTRUMENT, SCRIPT


class Author:
    """An author who types this case again, under another id. Items without evidence are answered together."""

    def __init__(self, vignette: Vignette, name: str = "own") -> None:
        self.vignette = vignette
        self.name = name
        quiet = [each for each in vignette.key.keyed if each.answer == NOT_KNOWN and not (each.cites or each.other)]
        reasons = [each.because for each in quiet if each.place in INSTRUMENT]
        self.silence = max(reasons, key=reasons.count, default="")

    def types(self, question: str, given: Given) -> str:
        """Return the line that the author types for the question of this name."""
        made, key = self.vignette, self.vignette.key
        place, _, what = question.partition("/")
        around = {"id": self.name, "title": made.title, "about": made.about, "warning": made.warning}
        if question in around:
            return around[question]
        if place == "rule":
            return self._places(what, given)
        if what and place not in ("first-call", "silent"):
            return self._detail(place, what)
        match place.split("-"):
            case ["part", number, kind]:
                part = dict(enumerate(made.parts, 1)).get(int(number))
                return (part.title if kind == "title" else part.text) if part else ""
            case ["themes"]:
                return ", ".join(str(THEMES.index(theme) + 1) for theme in made.themes)
            case ["silent"]:
                return self.silence if what else self._silent()
            case ["beside"]:
                asked = askable_beside(given, SCRIPT)
                return ", ".join(str(number) for number, each in enumerate(asked, 1) if key.of(each.id))
            case ["first", "call"]:
                return key.first_call_because if what else _letter(call_line(SCRIPT).answers, key.first_call)
            case ["rules"]:
                found = list(teachable(given, SCRIPT))
                return ", ".join(str(found.index(rule) + 1) for rule in key.rules)
        keyed = key.of(place)
        assert keyed is not None, f"{question}: nobody was told what to type"
        return _letter(asked_line(place, SCRIPT).answers, keyed.answer)

    def _detail(self, place: str, what: str) -> str:
        keyed = self.vignette.key.of(place)
        assert keyed is not None
        if what == "cites":
            return self._sentences(keyed.cites)
        if what == "other":
            return _letter(asked_line(place, SCRIPT).answers, keyed.other) if keyed.other else ""
        return {"because": keyed.because, "other-because": keyed.other_because}[what]

    def _silent(self) -> str:
        """Return the numbers of the items without evidence, separated by commas."""
        keyed = [each for each in self.vignette.key.keyed if each.because == self.silence and each.place in INSTRUMENT]
        return ", ".join(str(INSTRUMENT.number(each.place)) for each in keyed)

    def _sentences(self, cites: str) -> str:
        """Return the range of the numbers of the quoted sentences, such as 2-3."""
        if not cites:
            return ""
        texts = [part.text for part in self.vignette.parts]
        at, begins = next((at, text.index(cites)) for at, text in enumerate(texts) if cites in text)
        ends = begins + len(cites)
        every = enumerate(sentences_of(texts), 1)
        held = [number for number, each in every if each.part == at and each.begins < ends and begins < each.ends]
        return f"{held[0]}-{held[-1]}"

    def _places(self, rule: str, given: Given) -> str:
        at = next(places for each, places in teachable(given, SCRIPT).items() if each == rule)
        taught = {each.place for each in self.vignette.key.keyed if rule in each.rules}
        return ", ".join(str(number) for number, place in enumerate(at, 1) if place in taught)


def _letter(answers: tuple[LetteredAnswer, ...], word: str) -> str:
    return next(each.letter for each in answers if each.answer == word)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question to the author: its name, the answers given before it, and the typed line."""

    name: str
    before: Given
    line: str


def answered_by(author: Author, script: Script = SCRIPT) -> tuple[tuple[Answered, ...], Given]:
    """Let the author answer every question. Return each question with its answer, and all answers at the end."""
    given: Given = {}
    steps = []
    while (question := next_question(given, script)) is not None:
        steps.append(Answered(question.name, given, author.types(question.name, given)))
        after = after_answer_typed(given, steps[-1].line, script)
        assert not after.said, f"{question.name}: {after.said}"
        given = after.given
    return tuple(steps), given
