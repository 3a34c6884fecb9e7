"""Why an item is ticked, by tap: who says so, and since when it is known (“How to complete a SERAF”). It holds no words."""

from seraf.form.conditions import Facts
from seraf.form.instrument import Instrument
from seraf.form.responses import Responses

SAYS = ("child", "seen", "colleague", "parent", "agency", "record")
"""Who says so: the child, oneself, a colleague, a parent or carer, another agency, or a record."""

KNOWN = ("today", "week", "month", "earlier", "not-known")
"""Since when the person who asks knows it: the latest first."""


def is_disclosure(instrument: Instrument, item_id: str) -> bool:
    """Whether a child who says so has told of abuse or exploitation."""
    names = {item_id, instrument.item(item_id).section.id}
    return bool(names & (instrument.asking.assault | instrument.manager_discussion.present))


def reason_facts(says: Responses, known: Responses) -> Facts:
    """Who says what is ticked, and since when the first and the last of it is known; nothing of what was skipped."""
    # “Not known” says nothing of when, so it is neither the first nor the last.
    since = sorted((word for _, word in known if word in KNOWN[:-1]), key=KNOWN.index)
    return {
        "says": frozenset(word for _, word in says),
        "first_known": frozenset(since[-1:]),
        "last_known": frozenset(since[:1]),
    }
