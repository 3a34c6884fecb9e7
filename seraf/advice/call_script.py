"""A script for a telephone call about a case: at most 150 words, composed from its facts, without any name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seraf.form.circumstances import Condition, Facts
from seraf.form.instrument import Instrument, Item, Option
from seraf.form.responses import Case, marks
from seraf.form.vocabulary import PRESENT, Meaning

WORDS = 150
"""The maximum number of words of a script, which takes about a minute to read aloud."""

CHARACTERS, LONGEST = 690, 820
"""The maximum number of characters of a script, and the maximum if its card leaves out contacts for serious signs."""

PARTS = (
    *("who", "concern", "danger", "told", "moved", "online", "signs", "earlier", "others", "says", "since", "unknown"),
    *("tonight", "knows", "view", "unsure", "ask", "when"),
)
"""The parts of a script, in order. In each part, the first sentence that applies is spoken."""

OF_GAPS = "unknown"
"""The part that lists the unknown items."""

IN_BRIEF = ("who", "concern", "danger", "told", "moved", "online", "ask")
"""The parts of the short script on the card that asks for a call while the questionnaire is unfinished."""

LEAVES_OUT = ("since", "earlier", "unknown", "others", "unsure", "view", "knows")
"""The parts to omit, one after the other, while a script is too long even if each list names only one item."""

IN_FULL = "signs"
"""The part whose items are shortened last: a serious current sign should be named and not just counted."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The items that a sentence names: at most `names` of those in `sections` selected by `shows`. More are counted."""

    sections: frozenset[str]
    shows: str
    names: int


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A sentence of a script. It applies if its condition holds and its listing, if it has one, finds an item."""

    part: str
    text: str
    source: str
    condition: Condition
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that whoever takes the call is likely to ask."""

    text: str
    source: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Calling:
    """The texts of a pack for call scripts: sentences, expected questions, number words, and three templates.

    `joined` joins the names of items, `both` marks an item present now and before, `rest` counts the items not named.
    """

    lines: tuple[ScriptLine, ...]
    prompts: tuple[Prompt, ...]
    numbers: tuple[str, ...]
    joined: str
    both: str
    rest: str
    _by_part: Mapping[str, tuple[ScriptLine, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_part = {part: tuple(line for line in self.lines if line.part == part) for part in PARTS}
        object.__setattr__(self, "_by_part", by_part)

    def spoken(self, instrument: Instrument, case: Case, *, facts: Facts) -> tuple[str, ...]:
        """Return the sentences for a case, with as many parts and named items as the limits allow.

        Before the first response no item is called unknown: no item was asked about yet.
        """
        most = max((line.listing.names for line in self.lines if line.listing), default=0)
        sentences: tuple[str, ...] = ()
        for cut in _cuts(most, never=() if case.responses else (OF_GAPS,)):
            sentences = tuple(self._said(instrument, case, facts=facts, cut=cut))
            if len(" ".join(sentences).split()) <= WORDS and len(" ".join(sentences)) <= cut.characters:
                break
        return sentences

    def in_brief(self, instrument: Instrument, case: Case, *, facts: Facts) -> tuple[str, ...]:
        """Return a short script of at most four sentences: who is calling, the concern, and the request."""
        cut = _Cut(1, 1, tuple(part for part in PARTS if part not in IN_BRIEF), tells_both=False)
        *sentences, request = self._said(instrument, case, facts=facts, cut=cut)
        return (*sentences[:3], request)

    def prompted(self, facts: Facts) -> tuple[str, ...]:
        """Return the questions that the person called is likely to ask."""
        return tuple(prompt.text for prompt in self.prompts if prompt.condition.holds(facts))

    def _said(self, instrument: Instrument, case: Case, *, facts: Facts, cut: "_Cut") -> Iterator[str]:
        for part in (part for part in PARTS if part not in cut.without):
            lines = (line for line in self._by_part[part] if line.condition.holds(facts))
            sentences = (self._filled(line, instrument, case=case, cut=cut) for line in lines)
            yield from [text for text in sentences if text][:1]

    def _filled(self, line: ScriptLine, instrument: Instrument, *, case: Case, cut: "_Cut") -> str:
        """Return the sentence of a line with its items named, or an empty string if its listing selects no item."""
        if line.listing is None:
            return line.text
        items = _listed(line.listing, instrument, case=case)
        most = min(line.listing.names, cut.signs if line.part == IN_FULL else cut.names)
        named = items if len(items) == most + 1 and most > 1 else items[:most]
        words = []
        for item, option in named:
            name = item.inquiry.spoken or item.label
            current = [choice.points for choice in item.section.options if choice.means is Meaning.CURRENT]
            # An option for now and before has more points than one for now alone.
            is_both = option and option.means is Meaning.CURRENT and option.points > min(current)
            words.append(self.both.format(item=name) if cut.tells_both and is_both else name)
        if left := len(items) - len(named):
            count = self.numbers[left - 1] if left <= len(self.numbers) else str(left)
            words.append(self.rest.format(count=count))
        if not words:
            return ""
        *first, last = words
        return line.text.format(items=self.joined.format(items=", ".join(first), last=last) if first else last)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Limits of a script: how many items and serious signs to name, which parts to omit, and how many characters."""

    names: int
    signs: int
    without: tuple[str, ...]
    tells_both: bool = True
    characters: int = CHARACTERS


def _cuts(most: int, *, never: tuple[str, ...]) -> Iterator[_Cut]:
    """Yield limits, each tighter than the one before, that cut the least serious content first."""
    yield from (_Cut(names, most, never) for names in range(most, 0, -1))
    yield from (_Cut(1, most, (*never, *LEAVES_OUT[:left])) for left in range(1, len(LEAVES_OUT) + 1))
    without = (*never, *LEAVES_OUT)
    yield from (_Cut(1, signs, without, tells_both=False, characters=LONGEST) for signs in range(most, 0, -1))


SHOWS = ("current", "earlier", "present", "not-known")
"""What a listing can select: items in the current look-back window, only in an earlier one, in either, or not known."""


def _listed(listing: Listing, instrument: Instrument, *, case: Case) -> list[tuple[Item, Option | None]]:
    """Return the items of a listing with their options: those of `other_harm` first, otherwise in instrument order."""
    meanings = {
        "not-known": (None,),
        "current": (Meaning.CURRENT,),
        "earlier": (Meaning.EARLIER,),
        "present": PRESENT,
    }[listing.shows]
    items = [
        (item, option)
        for item, option in marks(instrument, case.responses).given
        if item.section.id in listing.sections and (option.means if option else None) in meanings
    ]
    return sorted(items, key=lambda pair: pair[0].id not in instrument.other_harm)
