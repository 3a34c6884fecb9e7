"""A finished SERAF as it is carried in the child's file from one review to the next: no child, no text, no day."""

from dataclasses import dataclass

from seraf.form.remembered import remembered
from seraf.form.responses import NOTHING, Case, Responses
from seraf.form.vocabulary import Age


@dataclass(frozen=True, slots=True)
class Carried:
    """What was answered, how old the child was, what the professional judged, and in which month it was finished.

    `year` is of the common era, `month` 1 to 12, local time. `judgement` is a word of the fact of that name.
    `fingerprint` names the instrument whose items were answered. An item that is not in `responses` was not known, nor
    is a question of the instrument's own that is not in `answers`. `facts` holds what was answered around the items and
    can change what leads (`carry_over.FACTS`); a fact that is not in it was not known or not asked. It is None where it
    is not known what was answered: a code of the first format never said.
    """

    year: int
    month: int
    age: Age
    judgement: str
    responses: Responses
    fingerprint: str
    answers: Responses = NOTHING
    facts: Responses | None = None

    @remembered()
    def case(self) -> Case:
        """The case as the scoring rules take it."""
        answers = {**dict(self.facts or NOTHING), **dict(self.answers), "judgement": self.judgement}
        return Case(age=self.age, responses=self.responses, answers=answers)
