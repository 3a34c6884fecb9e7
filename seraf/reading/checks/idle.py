"""Rules of a pack that could never hold, never be reached, or never add anything: nobody would miss them until it mattered."""

from collections.abc import Iterator

from seraf.form.circumstances import EVIDENCE, Condition
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import FACT_WORDS, Meaning
from seraf.pack import Pack
from seraf.reading.checks.alike import Fault
from seraf.reading.checks.placed import placed

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
