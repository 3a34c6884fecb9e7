"""What an unfinished case already calls for, by the same leads as its result: so nothing that was said is taken back."""

from collections.abc import Mapping

from seraf.advice.guidance import Guidance, Lead
from seraf.form.circumstances import Circumstance, given_for
from seraf.form.conditions import Facts
from seraf.form.instrument import Instrument
from seraf.form.remembered import remembered
from seraf.form.responses import Case
from seraf.score.findings import facts_so_far


@remembered()
def leads_so_far(instrument: Instrument, guidance: Guidance, *, case: Case) -> tuple[Lead, ...]:
    """The leads that already hold, the most urgent first; the last always does."""
    return guidance.leads_for(facts_so_far(instrument, case))


def to_ask_at_once(
    instrument: Instrument, guidance: Guidance, *, case: Case, is_again: bool = True
) -> Circumstance | None:
    """Return the question that cannot wait for its turn and was not answered yet, if there is one.

    With `is_again` also one whose answer another tick has made stale.
    """
    facts = facts_so_far(instrument, case)
    settled = guidance.settled(facts)
    # “Not known” is an answer here: a question that cannot wait is put once, and not again at every item.
    waiting = (
        each
        for each in guidance.circumstances
        if each.at_once and (is_again or each.id not in case.answers) and is_waiting(each, case, settled=settled)
    )
    return next((each for each in waiting if each.is_asked(settled)), None)


def no_longer_asked(guidance: Guidance, question: str, answer: str) -> frozenset[str]:
    """Return the questions that the answer to this one alone brings about, and that this answer does not: theirs fall with it."""
    return frozenset(
        each.id
        for each in guidance.circumstances
        if each.matters
        and all({name for name, _ in condition.asks} == {question} for condition in each.matters)
        and not any(answer in words for condition in each.matters for _, words in condition.asks)
    )


def is_waiting(circumstance: Circumstance, case: Case, *, settled: Facts) -> bool:
    """Return whether nobody has answered it, or another tick has made the answer stale. `settled` are the facts with all circumstances."""
    if circumstance.id not in case.answers:
        return True
    said = frozenset({case.answers[circumstance.id]})
    return bool(circumstance.again) and circumstance.is_stale({**settled, circumstance.id: said})


def noted(instrument: Instrument, guidance: Guidance, *, case: Case, question: str) -> Mapping[str, str]:
    """Return what to store beside an answer to a question that may be put again: what it was given for."""
    circumstance = guidance.circumstance(question)
    if circumstance is None or not circumstance.again:
        return {}
    brought = circumstance.brought_by(guidance.settled(facts_so_far(instrument, case)))
    return {given_for(question): " ".join(sorted(brought))}
