"""A finished SERAF as it is carried in the child's file from one review to the next: no child, no text, no day."""

from dataclasses import dataclass

from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import Age

NEWEST = 3
"""The format of the codes that are written of a SERAF that is finished today."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was answered, how old the child was, what the professional judged, and in which month it was finished.

    `year` is of the common era, `month` 1 to 12, local time. `judgement` is a word of the fact of that name.
    `fingerprint` names the instrument whose items were answered. An item that is not in `responses` was not known, nor
    is a question of the instrument's own that is not in `answers`. `code_format` is the format of the code that it was
    read from, and so of the code that it is written in again. `facts` holds what was answered around the items and can
    change what leads, as far as a code of that format says it (`carry_over.TABLES`): of a fact that is not in it nothing
    was said. The first format has no facts, and nobody can tell from it what was answered.
    """

    year: int
    month: int
    age: Age
    judgement: str
    responses: Responses
    fingerprint: str
    answers: Responses = NOTHING
    facts: Responses = NOTHING
    code_format: int = NEWEST

    def case(self) -> Case:
        """The case as the scoring rules take it."""
        answers = {**dict(self.facts), **dict(self.answers), "judgement": self.judgement}
        return Case(age=self.age, responses=self.responses, answers=answers)
