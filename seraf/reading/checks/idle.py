"""Checks for rules of a pack that can never apply or change anything, and for answers that no rule distinguishes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from seraf.form.circumstances import EVIDENCE, Condition
from seraf.form.instrument import Section
from seraf.form.vocabulary import FACT_WORDS, NOT_KNOWN, Meaning
from seraf.pack import Pack

Placed = tuple[str, Condition]
"""A condition, preceded by its path."""

Fault = tuple[str, str]
"""The path of a fault, and its description."""


def placed(pack: Pack) -> Iterator[Placed]:
    """Yield the path and the condition of every rule of a pack, including conditions that always hold."""
    guidance, plan, calling = pack.guidance, pack.guidance.plan, pack.calling
    yield from _each("instrument.toml.additions", "when", [addition.when for addition in pack.instrument.additions])
    for at, circumstance in enumerate(guidance.circumstances):
        for key, conditions in (("if", circumstance.matters), ("yes_when", circumstance.implied)):
            yield from _any(f"guidance.toml.circumstances[{at}].{key}", conditions)
    yield from _each("guidance.toml.evidence", "if", guidance.evidence)
    for kind, rules in (
        ("leads", [lead.conditions for lead in guidance.leads]),
        ("steps", [step.conditions for step in guidance.steps]),
        ("whom", [whom.conditions for whom in plan.whom]),
        ("actions", [action.conditions for action in plan.actions]),
        ("details", [detail.conditions for detail in plan.details]),
    ):
        for at, conditions in enumerate(rules):
            yield from _any(f"guidance.toml.{kind}[{at}].if", conditions)
    yield from _each("guidance.toml.mixes", "if", [note.condition for note in guidance.mixes])
    yield from _each("guidance.toml.notes", "if", [note.condition for note in guidance.notes])
    yield from _each("calling.toml.say", "if", [line.condition for line in calling.lines])
    yield from _each("calling.toml.asked", "if", [prompt.condition for prompt in calling.prompts])


def _any(path: str, conditions: Sequence[Condition]) -> Iterator[Placed]:
    # A single condition may be a table of its own, without a position.
    return ((f"{path}[{n}]" if len(conditions) > 1 else path, condition) for n, condition in enumerate(conditions))


def _each(path: str, key: str, conditions: Iterable[Condition]) -> Iterator[Placed]:
    return ((f"{path}[{at}].{key}", condition) for at, condition in enumerate(conditions))


def alike_faults(pack: Pack) -> Iterator[Fault]:
    """Yield faults: options of equal effect, unfitting windows, repeated items, answers that no rule distinguishes."""
    for at, section in enumerate(pack.instrument.sections):
        yield from _options(f"instrument.toml.sections[{at}]", section)
    lines: set[tuple[str, str]] = set()
    for at, item in enumerate(pack.instrument.items):
        line = (item.section.id, " ".join(item.label.casefold().split()))
        if line in lines:
            path = f"instrument.toml.items[{at}].label"
            yield path, "stands twice in its section, and would be counted twice; leave one out"
        lines.add(line)
    conditions = tuple(condition for _, condition in placed(pack))
    for at, question in enumerate(pack.instrument.questions):
        if _reads_alike(conditions, question.id, one="yes", other="no"):
            what = f"no rule tells a yes to {question.id!r} from a no; write a rule that asks for it, or leave it out"
            yield f"instrument.toml.questions[{at}].id", what
    for at, circumstance in enumerate(pack.guidance.circumstances):
        # A tick on a card must differ from the rest. If a question is asked alone, no two of its answers may be alike.
        answers = [tick.answer for tick in circumstance.ticks]
        others = [circumstance.rest] if circumstance.card else [*answers, NOT_KNOWN]
        for index, answer in enumerate(answers):
            if all(_reads_alike(conditions, circumstance.id, one=answer, other=other) for other in others):
                named = " or ".join(map(repr, others))
                what = f"no rule tells {answer!r} from {named}; write a rule that asks for it, or leave it out"
                yield f"guidance.toml.circumstances[{at}].ticks[{index}].answer", what


def _reads_alike(conditions: Iterable[Condition], key: str, *, one: str, other: str) -> bool:
    return all(
        (one in words) == (other in words) for condition in conditions for name, words in condition.asks if name == key
    )


def _options(path: str, section: Section) -> Iterator[Fault]:
    for (at, one), (index, other) in combinations(enumerate(section.options), 2):
        if (one.points, one.means) == (other.points, other.means):
            what = f"{other.id!r} has the points and the meaning of options[{at}]; leave one out"
            yield f"{path}.options[{index}]", what
    # An earlier sign never weighs more than a current one.
    most = max((option.points for option in section.options if option.means is Meaning.CURRENT), default=0)
    earlier = [at for at, option in enumerate(section.options) if option.means is Meaning.EARLIER]
    for at in earlier:
        if (points := section.options[at].points) > most:
            yield (
                f"{path}.options[{at}].points",
                f"{points} for what was earlier, and at most {most} for now; exchanged?",
            )
    if section.windows is None:
        return
    if earlier and len(section.windows) < 2:
        what = "needs two numbers of months, since an option means earlier: the second is how far that reaches"
        yield f"{path}.windows", what
    if not earlier and len(section.windows) > 1:
        what = "has a second window, and no option means earlier; write that option, or one number alone"
        yield f"{path}.windows", what
    for at in earlier[1:]:
        what = f"options[{earlier[0]}] means earlier too, and there is one such window; leave one out"
        yield f"{path}.options[{at}].means", what


def idle_faults(pack: Pack) -> Iterator[Fault]:
    """Yield the path and the fault of each rule or number without effect."""
    instrument, leads = pack.instrument, pack.guidance.leads
    for at, addition in enumerate(instrument.additions):
        if addition.points == 0:
            yield f"instrument.toml.additions[{at}].points", "0 adds nothing; write its points, or leave it out"
    most = sum(max(option.points for option in item.section.options) for item in instrument.items)
    most += sum(addition.points for addition in instrument.additions)
    for at, band in enumerate(instrument.bands):
        if band.lowest > most:
            yield f"instrument.toml.bands[{at}].from", f"no case can come to it: all points together are {most}"
    for path, condition in placed(pack):
        if reason := _never(pack, condition):
            yield path, f"can never hold: {reason}"
    for at, lead in enumerate(leads[:-1]):
        if not lead.conditions:
            what = "has no `if`, so that none below it could ever lead; only the last may be so"
            yield f"guidance.toml.leads[{at}]", what
    yield from _sentences(pack)


def _never(pack: Pack, condition: Condition) -> str:
    """Return the reason why no case can meet the condition; an empty string if a case can."""
    # A case has exactly one value for each of these facts.
    asked = {*(each.id for each in pack.instrument.questions), *(each.id for each in pack.guidance.circumstances)}
    single = {*FACT_WORDS, *asked, "mix", "urgency", EVIDENCE} - {"unknown"}
    asks: dict[str, frozenset[str]] = {}
    for key, words in condition.asks:
        asks[key] = asks.get(key, words) & words
        if not asks[key] and key in single:
            return f"a case has one word for `{key}`, and no word stands in each of its lists"
    if not pack.guidance.evidence and asks.get(EVIDENCE) == frozenset({"yes"}):
        return "it asks for evidence, and the pack has no [[evidence]]"
    # Values of one digit, so that they compare like numbers.
    if {"category", "highest"} <= set(asks) and max(asks["highest"]) < min(asks["category"]):
        return "`highest` is never below `category`"
    if asks.get("unknown") == frozenset({"none"}) and "not_known" in asks:
        return "it asks for something not known where nothing is unknown"
    return ""


def _sentences(pack: Pack) -> Iterator[Fault]:
    """Yield faults of call script sentences that are never spoken: they list nothing, or an earlier one applies."""
    lines = pack.calling.lines
    for at, line in enumerate(lines):
        path = f"calling.toml.say[{at}]"
        for earlier, other in enumerate(lines[:at]):
            if other.part == line.part and other.listing is None and _covers(other.condition, line.condition):
                yield path, f"is never said: say[{earlier}] of the same part holds whenever it does"
        if line.listing is not None:
            options = [section.options for section in pack.instrument.sections if section.id in line.listing.sections]
            has_earlier = any(option.means is Meaning.EARLIER for some in options for option in some)
            if not line.listing.sections:
                yield f"{path}.list.sections", "names no section, so that it is never said; name one"
            elif line.listing.shows == "earlier" and not has_earlier:
                yield f"{path}.list.shows", "is never said: no option of these sections means earlier"
            if line.listing.names == 0:
                yield f"{path}.list.names", "must be 1 or more; with 0 it would name nothing"


def _covers(one: Condition, other: Condition) -> bool:
    """Return True if `one` always holds when `other` does: it tests no further fact and allows all its values."""
    return all(any(key == asked and those <= words for asked, those in other.asks) for key, words in one.asks)
