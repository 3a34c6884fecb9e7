"""What an unfinished case already calls for, by the same leads as its result: so nothing that was said is taken back."""

from seraf.circumstances import Circumstance
from seraf.findings import facts_so_far
from seraf.guidance import Guidance, Lead
from seraf.instrument import Instrument
from seraf.responses import Case


def leads_so_far(instrument: Instrument, guidance: Guidance, case: Case) -> tuple[Lead, ...]:
    """The leads that already hold, the most urgent first; the last always does."""
    return guidance.leads_for(facts_so_far(instrument, case))


def to_ask_at_once(instrument: Instrument, guidance: Guidance, case: Case) -> Circumstance | None:
    """The question that cannot wait for its turn and was not answered yet, if there is one."""
    asked = guidance.asked(facts_so_far(instrument, case))
    return next((each for each in asked if each.at_once and each.id not in case.answers), None)
