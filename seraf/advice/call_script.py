"""What to say on the telephone about a case, built from its facts: 150 words at most, no identifier, gaps filled by voice."""

from collections.abc import Iterable
from dataclasses import dataclass

from seraf.form.conditions import Condition, Facts
from seraf.form.evidence import response_of
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case
from seraf.form.vocabulary import Meaning

WORDS = 150
"""About a minute, read aloud."""

CHARACTERS = 690
"""What fits on a card with whom to call."""

PARTS = (
    "who",
    "concern",
    "danger",
    "told",
    "moved",
    "online",
    "signs",
    "earlier",
    "others",
    "says",
    "since",
    "unknown",
    "tonight",
    "knows",
    "view",
    "unsure",
    "ask",
    "when",
)
"""What is said, in this order; of each part the first line that holds is said, and of a part with none nothing."""

OF_GAPS = "unknown"
"""The part that names what is not known."""

LEAVES_OUT = ("since", "earlier", "unknown", "others", "unsure")
"""What is left out, in this order, where a minute is too short although one item alone is named of each kind."""

IN_FULL = "signs"
"""The part of which every item is named, however short the minute: what is grave and now is never “one more”."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which items a line names: those of these sections that are so, at most `names` of them; the rest are counted."""

    sections: frozenset[str]
    shows: str
    names: int


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One sentence to say, where its condition holds; one with a listing is said only where that names something."""

    part: str
    text: str
    source: str
    condition: Condition
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something that will be asked at the other end."""

    text: str
    source: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Calling:
    """A pack's words for a call: sentences, how names are joined, numbers in words, and what will be asked.

    `both` names an item that was there in the current window and before it, `rest` counts those that are not named.
    """

    lines: tuple[ScriptLine, ...]
    prompts: tuple[Prompt, ...]
    numbers: tuple[str, ...]
    joined: str
    both: str
    rest: str

    def spoken(self, instrument: Instrument, case: Case, *, facts: Facts) -> tuple[str, ...]:
        """The sentences for a case, in order, with as many items named, and as many parts, as 150 words allow.

        Before the first response nothing is said to be unknown: nobody was asked yet.
        """
        most = max((line.listing.names for line in self.lines if line.listing), default=0)
        never = () if case.responses else (OF_GAPS,)
        said = tuple(self._said(instrument, case, facts=facts, names=most, without=never))
        # Fewer names before a whole part is left out: what is not named is still counted.
        while most > 1 and not _is_short(said):
            most -= 1
            said = tuple(self._said(instrument, case, facts=facts, names=most, without=never))
        left = 0
        while left < len(LEAVES_OUT) and not _is_short(said):
            left += 1
            said = tuple(self._said(instrument, case, facts=facts, names=most, without=(*never, *LEAVES_OUT[:left])))
        return said

    def prompted(self, facts: Facts) -> tuple[str, ...]:
        """What will be asked at the other end."""
        return tuple(prompt.text for prompt in self.prompts if prompt.condition.holds(facts))

    def _said(
        self, instrument: Instrument, case: Case, *, facts: Facts, names: int, without: tuple[str, ...] = ()
    ) -> Iterable[str]:
        for part in (each for each in PARTS if each not in without):
            lines = (line for line in self.lines if line.part == part and line.condition.holds(facts))
            said = (self._filled(line, instrument, case=case, names=names) for line in lines)
            yield from [text for text in said if text][:1]

    def _filled(self, line: ScriptLine, instrument: Instrument, *, case: Case, names: int) -> str:
        if line.listing is None:
            return line.text
        items = _listed(line.listing, instrument, case=case)
        most = line.listing.names if line.part == IN_FULL else min(line.listing.names, names)
        named = items if len(items) == most + 1 and most > 1 else items[:most]
        left = len(items) - len(named)
        words = [
            self.both.format(item=item.spoken or item.label) if _is_both(item, case) else item.spoken or item.label
            for item in named
        ]
        words += [self.rest.format(count=self._number(left))] if left else []
        return line.text.format(items=self._join(words)) if words else ""

    def _join(self, words: list[str]) -> str:
        *most, last = words
        return self.joined.format(items=", ".join(most), last=last) if most else last

    def _number(self, number: int) -> str:
        return self.numbers[number - 1] if number <= len(self.numbers) else str(number)


def _is_short(said: tuple[str, ...]) -> bool:
    text = " ".join(said)
    return len(text.split()) <= WORDS and len(text) <= CHARACTERS


SHOWS = ("current", "earlier", "present", "not-known")
"""What a listing may name: ticked in the current window, in an earlier one alone, in either, or not known."""


def _listed(listing: Listing, instrument: Instrument, *, case: Case) -> list[Item]:
    """The items of a listing; those that are harm of their own stand first, then the order of the form."""
    found = [
        item
        for item in instrument.items
        if item.section.id in listing.sections and _shows(listing.shows, item, case=case)
    ]
    return sorted(found, key=lambda item: item.id not in instrument.other_harm)


def _shows(what: str, item: Item, *, case: Case) -> bool:
    option = response_of(item, case)
    match what:
        case "not-known":
            return option is None
        case "current":
            return option is not None and option.means is Meaning.CURRENT
        case "earlier":
            return option is not None and option.means is Meaning.EARLIER
        case _:
            return option is not None and option.is_present


def _is_both(item: Item, case: Case) -> bool:
    """Whether something was there in the current window and before it, which counts for more than now alone."""
    option, now = (
        response_of(item, case),
        [each.points for each in item.section.options if each.means is Meaning.CURRENT],
    )
    return option is not None and option.means is Meaning.CURRENT and option.points > min(now)
