"""What an unfinished case already calls for, by the same leads as its result: so nothing that was said is taken back."""

from seraf.advice.guidance import Guidance, Lead
from seraf.form.circumstances import Circumstance
from seraf.form.instrument import Instrument
from seraf.form.remembered import remembered
from seraf.form.responses import Case
from seraf.score.findings import facts_so_far


@remembered()
def leads_so_far(instrument: Instrument, guidance: Guidance, *, case: Case) -> tuple[Lead, ...]:
    """The leads that already hold, the most urgent first; the last always does."""
    return guidance.leads_for(facts_so_far(instrument, case))


def to_ask_at_once(instrument: Instrument, guidance: Guidance, *, case: Case) -> Circumstance | None:
    """The question that cannot wait for its turn and was not answered yet, if there is one."""
    settled = guidance.settled(facts_so_far(instrument, case))
    # “Not known” is an answer here: a question that cannot wait is put once, and not again at every item.
    waiting = (each for each in guidance.circumstances if each.at_once and each.id not in case.answers)
    return next((each for each in waiting if each.is_asked(settled)), None)
