"""Rules of a pack that could never hold, never be reached or never add anything, and what nothing tells apart."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from seraf.advice.guidance import Guidance
from seraf.form.circumstances import EVIDENCE, Circumstance, Condition
from seraf.form.instrument import Instrument, Section
from seraf.form.vocabulary import FACT_WORDS, NOT_KNOWN, Meaning
from seraf.pack import Pack

Placed = tuple[str, Condition]
"""The path of a condition, and the condition."""


def placed(pack: Pack) -> Iterator[Placed]:
    """All of them, those that ask for nothing included."""
    yield from _of_instrument(pack.instrument)
    yield from _of_guidance(pack.guidance)
    yield from _each("calling.toml.say", "if", conditions=(line.condition for line in pack.calling.lines))
    yield from _each("calling.toml.asked", "if", conditions=(prompt.condition for prompt in pack.calling.prompts))


def _of_instrument(instrument: Instrument) -> Iterator[Placed]:
    yield from _each("instrument.toml.additions", "when", conditions=(each.when for each in instrument.additions))


def _of_guidance(guidance: Guidance) -> Iterator[Placed]:
    for at, asked in enumerate(guidance.circumstances):
        for key, conditions in (("if", asked.matters), ("yes_when", asked.implied)):
            yield from _any(f"guidance.toml.circumstances[{at}].{key}", conditions)
    yield from _each("guidance.toml.evidence", "if", conditions=guidance.evidence)
    plan = guidance.plan
    for kind, rules in (
        ("leads", [each.conditions for each in guidance.leads]),
        ("steps", [each.conditions for each in guidance.steps]),
        ("whom", [each.conditions for each in plan.whom]),
        ("actions", [each.conditions for each in plan.actions]),
        ("details", [each.conditions for each in plan.details]),
    ):
        for at, conditions in enumerate(rules):
            yield from _any(f"guidance.toml.{kind}[{at}].if", conditions)
    yield from _each("guidance.toml.mixes", "if", conditions=(each.condition for each in guidance.mixes))
    yield from _each("guidance.toml.notes", "if", conditions=(each.condition for each in guidance.notes))


def _any(path: str, conditions: Sequence[Condition]) -> Iterator[Placed]:
    """One alone stands without a number, as a table may."""
    return ((f"{path}[{n}]" if len(conditions) > 1 else path, each) for n, each in enumerate(conditions))


def _each(path: str, key: str, *, conditions: Iterable[Condition]) -> Iterator[Placed]:
    return ((f"{path}[{at}].{key}", each) for at, each in enumerate(conditions))


Fault = tuple[str, str]
"""The path of a fault, and what is wrong there."""


def alike_faults(pack: Pack) -> Iterator[Fault]:
    """Options that say the same, windows that do not fit their options, and answers that no rule tells apart."""
    for at, section in enumerate(pack.instrument.sections):
        yield from _options(f"instrument.toml.sections[{at}]", section)
    yield from _labels(pack.instrument)
    conditions = tuple(condition for _, condition in placed(pack))
    for at, question in enumerate(pack.instrument.questions):
        if _reads_alike(conditions, question.id, one="yes", other="no"):
            path = f"instrument.toml.questions[{at}].id"
            yield (
                path,
                f"no rule tells a yes to {question.id!r} from a no; write a rule that asks for it, or leave it out",
            )
    for at, each in enumerate(pack.guidance.circumstances):
        yield from _short_question(f"guidance.toml.circumstances[{at}]", each, conditions=conditions)


def _short_question(path: str, question: Circumstance, *, conditions: Sequence[Condition]) -> Iterator[Fault]:
    """A tick differs from what the rest gets; of a question that is asked alone no two answers are one."""
    answers = [tick.answer for tick in question.ticks]
    others = [question.rest] if question.card else [*answers, NOT_KNOWN]
    for index, answer in enumerate(answers):
        if all(_reads_alike(conditions, question.id, one=answer, other=other) for other in others):
            yield (
                f"{path}.ticks[{index}].answer",
                f"no rule tells {answer!r} from {' or '.join(map(repr, others))}; write a rule that asks for it, or leave it out",
            )


def _reads_alike(conditions: Iterable[Condition], key: str, *, one: str, other: str) -> bool:
    return all((one in words) == (other in words) for each in conditions for name, words in each.asks if name == key)


def _options(path: str, section: Section) -> Iterator[Fault]:
    for (at, one), (index, other) in combinations(enumerate(section.options), 2):
        if (one.points, one.means) == (other.points, other.means):
            yield (
                f"{path}.options[{index}]",
                f"{other.id!r} has the points and the meaning of options[{at}]; leave one out",
            )
    yield from _exchanged(path, section)
    if section.windows is not None:
        yield from _windows(path, section, windows=section.windows)


def _windows(path: str, section: Section, *, windows: Sequence[int]) -> Iterator[Fault]:
    earlier = [at for at, option in enumerate(section.options) if option.means is Meaning.EARLIER]
    if earlier and len(windows) < 2:
        yield (
            f"{path}.windows",
            "needs two numbers of months, since an option means earlier: the second is how far that reaches",
        )
    if not earlier and len(windows) > 1:
        yield (
            f"{path}.windows",
            "has a second window, and no option means earlier; write that option, or one number alone",
        )
    for at in earlier[1:]:
        yield (
            f"{path}.options[{at}].means",
            f"options[{earlier[0]}] means earlier too, and there is one such window; leave one out",
        )


def _exchanged(path: str, section: Section) -> Iterator[Fault]:
    """What was earlier never weighs more than all that may be said of now."""
    most = max((option.points for option in section.options if option.means is Meaning.CURRENT), default=0)
    for at, option in enumerate(section.options):
        if option.means is Meaning.EARLIER and option.points > most:
            yield (
                f"{path}.options[{at}].points",
                f"{option.points} for what was earlier, and at most {most} for now; exchanged?",
            )


def _labels(instrument: Instrument) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for at, item in enumerate(instrument.items):
        line = (item.section.id, " ".join(item.label.casefold().split()))
        if line in seen:
            yield (
                f"instrument.toml.items[{at}].label",
                "stands twice in its section, and would be counted twice; leave one out",
            )
        seen.add(line)


ONE_WORD = frozenset(FACT_WORDS) - {"unknown"}
"""Facts of which a case has one word at a time."""


def idle_faults(pack: Pack) -> Iterator[Fault]:
    """Everything of the kind, each with its path."""
    yield from _scoring(pack.instrument)
    for path, condition in placed(pack):
        if reason := _never(pack, condition):
            yield path, f"can never hold: {reason}"
    for at, lead in enumerate(pack.guidance.leads[:-1]):
        if not lead.conditions:
            yield (
                f"guidance.toml.leads[{at}]",
                "has no `if`, so that none below it could ever lead; only the last may be so",
            )
    yield from _sentences(pack)


def _scoring(instrument: Instrument) -> Iterator[Fault]:
    for at, addition in enumerate(instrument.additions):
        if addition.points == 0:
            yield f"instrument.toml.additions[{at}].points", "0 adds nothing; write its points, or leave it out"
    most = sum(max(option.points for option in item.section.options) for item in instrument.items)
    most += sum(addition.points for addition in instrument.additions)
    for at, band in enumerate(instrument.bands):
        if band.lowest > most:
            yield f"instrument.toml.bands[{at}].from", f"no case can come to it: all points together are {most}"


def _never(pack: Pack, condition: Condition) -> str:
    """Why no case could meet it; empty where one could."""
    asks: dict[str, frozenset[str]] = {}
    for key, words in condition.asks:
        asks[key] = asks.get(key, words) & words
        if not asks[key] and key in (*ONE_WORD, *(each.id for each in pack.guidance.circumstances)):
            return f"a case has one word for `{key}`, and no word stands in each of its lists"
    if not pack.guidance.evidence and asks.get(EVIDENCE) == frozenset({"yes"}):
        return "it asks for evidence, and the pack has no [[evidence]]"
    # One figure each, so that the words compare as the numbers would.
    if {"category", "highest"} <= set(asks) and max(asks["highest"]) < min(asks["category"]):
        return "`highest` is never below `category`"
    if asks.get("unknown") == frozenset({"none"}) and "not_known" in asks:
        return "it asks for something not known where nothing is unknown"
    return ""


def _sentences(pack: Pack) -> Iterator[Fault]:
    """Of each part of the call the first sentence that holds is said; one that lists items is left out where there are none."""
    lines = pack.calling.lines
    for at, line in enumerate(lines):
        path = f"calling.toml.say[{at}]"
        for earlier, other in enumerate(lines[:at]):
            if other.part == line.part and other.listing is None and _covers(other.condition, line.condition):
                yield path, f"is never said: say[{earlier}] of the same part holds whenever it does"
        if line.listing is not None:
            if not line.listing.sections:
                yield f"{path}.list.sections", "names no section, so that it is never said; name one"
            elif line.listing.shows == "earlier" and not _has_earlier(pack.instrument, line.listing.sections):
                yield f"{path}.list.shows", "is never said: no option of these sections means earlier"
            if line.listing.names == 0:
                yield f"{path}.list.names", "must be 1 or more; with 0 it would name nothing"


def _has_earlier(instrument: Instrument, sections: frozenset[str]) -> bool:
    wanted = [section for section in instrument.sections if section.id in sections]
    return any(option.means is Meaning.EARLIER for section in wanted for option in section.options)


def _covers(one: Condition, other: Condition) -> bool:
    """Whether one holds wherever the other does: it asks for no other key, and takes all words of each."""
    return all(any(key == asked and those <= words for asked, those in other.asks) for key, words in one.asks)
