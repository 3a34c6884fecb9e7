"""What an instrument is: sections, items, options, and the rules about them. All of it comes from a pack; no item is code."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from seraf.form.circumstances import Condition
from seraf.form.signing import Signature
from seraf.form.vocabulary import PRESENT, Informant, Meaning


@dataclass(frozen=True, slots=True)
class Addition:
    """Points added once to a case when a condition holds, such as the five for a child under 13."""

    id: str
    label: str
    points: int
    when: Condition
    source: str


@dataclass(frozen=True, slots=True)
class Band:
    """A category of risk: the lowest total that reaches it, its name, and what it means in our words."""

    category: int
    lowest: int
    name: str
    description: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A line of the board's own form that this pack does not have."""

    section: str
    begins: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """A further yes / no / not known question that a board scores by, such as whether the child is disabled."""

    id: str
    ask: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom not to ask: a parent or carer while an item of `family_harm` may be so, the child about an item of `assault`."""

    family_harm: frozenset[str] = frozenset()
    assault: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ManagerDiscussion:
    """The rule that stands above a low category: which categories it covers and which sections or items bring it about."""

    categories: frozenset[int]
    present: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """One response that an item may be given: its points (a whole number, never negative) and what it means."""

    id: str
    label: str
    points: int
    means: Meaning

    @property
    def is_known(self) -> bool:
        """Whether somebody has looked into it."""
        return self.means is not Meaning.UNKNOWN

    @property
    def is_present(self) -> bool:
        """Whether the indicator is ticked, in either window."""
        return self.means in PRESENT


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: its name, its look-back as a question, what is said on each of its cards, and its options.

    `windows` are the months that its windows reach back, the current one first: none where it counts at any time, and
    None where the pack does not say. They are not scored by, and explain what changed since an earlier SERAF.
    `ask` and `note` stand on the first of its cards; on the others `within`, the look-back in a few words, and `reminder`.
    """

    id: str
    title: str
    plural: str
    ask: str
    note: str
    source: str
    options: tuple[Option, ...]
    windows: tuple[int, ...] | None = None
    within: str = ""
    reminder: str = ""

    # Not a field: people sign an item with all its fields, and no signature would stand any more.
    @property
    def tick(self) -> Option | None:
        """The one option that ticks an item of the section, or None where its items need more than a tick."""
        ticks = [option for option in self.options if option.is_present]
        return ticks[0] if len(ticks) == 1 else None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the form with our explanation of it. `label` is the official wording; all the rest is written by us.

    `ask` is who may know, the likeliest first, and `why` what knowing is good for; `spoken` is what it is called on the
    telephone. A pack may leave them out.
    """

    id: str
    section: Section
    label: str
    short: str
    gloss: str
    consider: str
    explanation: str
    counts: tuple[str, ...]
    excludes: tuple[str, ...]
    source: str
    verified: bool
    ask: tuple[Informant, ...] = ()
    why: str = ""
    spoken: str = ""

    def option(self, option_id: str) -> Option:
        """The option of that id; `KeyError` where the item has none such."""
        for option in self.section.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A whole instrument. `fingerprint` is the SHA-256 (hex) of everything in it that decides what is asked and scored.

    `places` is what sentences call by name: whom the board calls what, its windows, points and bands.
    """

    name: str
    board: str
    edition: str
    review_due: date
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    additions: tuple[Addition, ...]
    bands: tuple[Band, ...]
    manager_discussion: ManagerDiscussion
    other_harm: tuple[str, ...]
    missing: tuple[Missing, ...]
    questions: tuple[Question, ...]
    asking: Asking
    review_months: int = 3
    signatures: tuple[Signature, ...] = ()
    is_signed: bool = True
    places: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    fingerprint: str = field(init=False)
    is_verified: bool = field(init=False, repr=False, compare=False)
    """Whether every item has been checked against the board's own form, and two people signed for it."""
    order: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The ids of its items, in the order of the form."""
    known: tuple[Mapping[str | None, Option | None], ...] = field(init=False, repr=False, compare=False)
    """Of each item what is known by the id that it was given: an option, and None by one that is not known, or by none."""
    signs: tuple[Item, ...] = field(init=False, repr=False, compare=False)
    """The items that bring about the talk with the manager above a low category."""
    ids: frozenset[str] = field(init=False, repr=False, compare=False)
    """The ids of its items."""
    _by_id: dict[str, Item] = field(init=False, repr=False, compare=False)
    _by_section: dict[str, tuple[Item, ...]] = field(init=False, repr=False, compare=False)
    _numbers: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fingerprint", fingerprint(self))
        # `verified` is what whoever wrote the list says of it; one find-and-replace can set it everywhere (ADR 0010).
        object.__setattr__(self, "is_verified", self.is_signed and all(item.verified for item in self.items))
        object.__setattr__(self, "order", tuple(item.id for item in self.items))
        object.__setattr__(self, "known", tuple(_known_by_option(item) for item in self.items))
        named = self.manager_discussion.present
        object.__setattr__(self, "signs", tuple(each for each in self.items if named & {each.id, each.section.id}))
        object.__setattr__(self, "ids", frozenset(self.order))
        object.__setattr__(self, "_by_id", {item.id: item for item in self.items})
        object.__setattr__(self, "_by_section", _by_section(self.items))
        object.__setattr__(self, "_numbers", {item.id: at for at, item in enumerate(self.items, 1)})

    def item(self, item_id: str) -> Item:
        """The item of that id; `KeyError` where there is none."""
        return self._by_id[item_id]

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._by_id

    def of_section(self, section_id: str) -> tuple[Item, ...]:
        """The section's items, in the order of the form."""
        return self._by_section.get(section_id, ())

    def number(self, item_id: str) -> int:
        """The item's place on the form, counted from 1."""
        return self._numbers[item_id]


def _known_by_option(item: Item) -> Mapping[str | None, Option | None]:
    return {None: None, **{option.id: option if option.is_known else None for option in item.section.options}}


def _by_section(items: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
    found: dict[str, tuple[Item, ...]] = {}
    for item in items:
        found[item.section.id] = (*found.get(item.section.id, ()), item)
    return found


def fingerprint(instrument: Instrument) -> str:
    """SHA-256 (hex) over the scored fields as canonical JSON: a changed label is a changed question, so labels count too."""
    # It is bound into every review code, on paper in children's files (ADR 0027): one field more in here, even an empty
    # one, and no code that was given out opens any more.
    scored = {"items": list(_scored_items(instrument)), "rules": _scored_rules(instrument)}
    text = json.dumps(scored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _scored_items(instrument: Instrument) -> Iterator[list[object]]:
    for item in instrument.items:
        options = [[option.id, option.label, option.points, option.means] for option in item.section.options]
        yield [item.id, item.section.id, item.section.ask, item.label, options]


def _scored_rules(instrument: Instrument) -> dict[str, object]:
    rule = instrument.manager_discussion
    return {
        "additions": [[each.id, each.points, _asks(each.when)] for each in instrument.additions],
        "bands": [[band.category, band.lowest, band.name] for band in instrument.bands],
        "manager_discussion": [sorted(rule.categories), sorted(rule.present)],
        "other_harm": list(instrument.other_harm),
        "missing": [[each.section, each.points] for each in instrument.missing],
        "questions": [[question.id, question.ask] for question in instrument.questions],
    }


def _asks(condition: Condition) -> list[list[object]]:
    # Words are a set, whose order is another in each process: unsorted, a restart would change the fingerprint.
    return [[key, sorted(words)] for key, words in condition.asks]
