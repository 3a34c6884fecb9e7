"""What to say on the telephone about a case, built from its facts: 150 words at most, no identifier, gaps filled by voice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from seraf.form.circumstances import Condition, Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.responses import Case, marks, option_given
from seraf.form.vocabulary import Meaning

WORDS = 150
"""About a minute, read aloud."""

CHARACTERS = 690
"""What fits on a card with whom to call."""

LONGEST = 820
"""What fits on it without, where serious signs would have to be counted instead of named: whom to call is a tap away."""

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

IN_BRIEF = ("who", "concern", "danger", "told", "moved", "online", "ask")
"""What is said on the stop card, before the form is finished."""

SENTENCES = 4
"""How many sentences that is at most."""

LEAVES_OUT = ("since", "earlier", "unknown", "others", "unsure", "view", "knows")
"""What is left out, in this order, where a minute is too short although one item alone is named of each kind."""

IN_FULL = "signs"
"""The part whose items are counted instead of named last of all: what is grave and now is not “one more”."""


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
    _by_part: Mapping[str, tuple[ScriptLine, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_part = {part: tuple(each for each in self.lines if each.part == part) for part in PARTS}
        object.__setattr__(self, "_by_part", by_part)

    def spoken(self, instrument: Instrument, case: Case, *, facts: Facts) -> tuple[str, ...]:
        """The sentences for a case, in order, with as many items named, and as many parts, as 150 words allow.

        Before the first response nothing is said to be unknown: nobody was asked yet.
        """
        most = max((line.listing.names for line in self.lines if line.listing), default=0)
        said: tuple[str, ...] = ()
        for cut in _cuts(most, never=() if case.responses else (OF_GAPS,)):
            said = tuple(self._said(instrument, case, facts=facts, cut=cut))
            if cut.is_met(said):
                break
        return said

    def in_brief(self, instrument: Instrument, case: Case, *, facts: Facts) -> tuple[str, ...]:
        """Return who calls, about what, and what is asked, in a few sentences."""
        cut = _Cut(1, 1, tuple(part for part in PARTS if part not in IN_BRIEF), tells_both=False)
        *said, asked = self._said(instrument, case, facts=facts, cut=cut)
        return (*said[: SENTENCES - 1], asked)

    def prompted(self, facts: Facts) -> tuple[str, ...]:
        """What will be asked at the other end."""
        return tuple(prompt.text for prompt in self.prompts if prompt.condition.holds(facts))

    def _said(self, instrument: Instrument, case: Case, *, facts: Facts, cut: "_Cut") -> Iterable[str]:
        for part in (each for each in PARTS if each not in cut.without):
            lines = (line for line in self._by_part[part] if line.condition.holds(facts))
            said = (self._filled(line, instrument, case=case, cut=cut) for line in lines)
            yield from [text for text in said if text][:1]

    def _filled(self, line: ScriptLine, instrument: Instrument, *, case: Case, cut: "_Cut") -> str:
        if line.listing is None:
            return line.text
        items = _listed(line.listing, instrument, case=case)
        most = min(line.listing.names, cut.signs if line.part == IN_FULL else cut.names)
        named = items if len(items) == most + 1 and most > 1 else items[:most]
        left = len(items) - len(named)
        words = [self._named(item, case, cut=cut) for item in named]
        words += [self.rest.format(count=self._number(left))] if left else []
        return line.text.format(items=self._join(words)) if words else ""

    def _named(self, item: Item, case: Case, *, cut: "_Cut") -> str:
        name = item.spoken or item.label
        return self.both.format(item=name) if cut.tells_both and _is_both(item, case) else name

    def _join(self, words: list[str]) -> str:
        *most, last = words
        return self.joined.format(items=", ".join(most), last=last) if most else last

    def _number(self, number: int) -> str:
        return self.numbers[number - 1] if number <= len(self.numbers) else str(number)


@dataclass(frozen=True, slots=True)
class _Cut:
    """How much is said: so many names a list, of the serious signs of now so many, without these parts, and whether `both` is told."""

    names: int
    signs: int
    without: tuple[str, ...]
    tells_both: bool = True
    characters: int = CHARACTERS

    def is_met(self, said: tuple[str, ...]) -> bool:
        """Whether it is short enough."""
        text = " ".join(said)
        return len(text.split()) <= WORDS and len(text) <= self.characters


def _cuts(most: int, *, never: tuple[str, ...]) -> Iterator[_Cut]:
    """What is tried until it is short enough: what is least grave goes first, and what is not named is still counted."""
    yield from (_Cut(names, most, never) for names in range(most, 0, -1))
    yield from (_Cut(1, most, (*never, *LEAVES_OUT[:left])) for left in range(1, len(LEAVES_OUT) + 1))
    without = (*never, *LEAVES_OUT)
    yield from (_Cut(1, signs, without, tells_both=False, characters=LONGEST) for signs in range(most, 0, -1))


SHOWS = ("current", "earlier", "present", "not-known")
"""What a listing may name: ticked in the current window, in an earlier one alone, in either, or not known."""


def _listed(listing: Listing, instrument: Instrument, *, case: Case) -> list[Item]:
    """The items of a listing; those that are harm of their own stand first, then the order of the form."""
    found = [
        item
        for item, option in marks(instrument, case.responses).given
        if item.section.id in listing.sections and _shows(listing.shows, option)
    ]
    return sorted(found, key=lambda item: item.id not in instrument.other_harm)


def _shows(what: str, option: Option | None) -> bool:
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
    option = option_given(item, case.responses)
    now = [each.points for each in item.section.options if each.means is Meaning.CURRENT]
    return option is not None and option.means is Meaning.CURRENT and option.points > min(now)
