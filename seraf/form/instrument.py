"""The instrument: sections, items, options, and their rules. All of it comes from a pack; no item is in the code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from seraf.form.circumstances import Condition
from seraf.form.signing import Signature
from seraf.form.vocabulary import PRESENT, Informant, Meaning


@dataclass(frozen=True, slots=True)
class Addition:
    """Points added to a case once if a condition holds, such as five for a child under 13."""

    id: str
    label: str
    points: int
    when: Condition
    source: str


@dataclass(frozen=True, slots=True)
class Band:
    """A category of risk: the lowest total that reaches it, its name, and its meaning in our words."""

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
    """A yes / no / not known question that a board also scores by, such as whether the child is disabled."""

    id: str
    ask: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom not to ask: a parent while an item of `family_harm` may apply, the child about an item of `assault`."""

    family_harm: frozenset[str] = frozenset()
    assault: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ManagerDiscussion:
    """The rule for low categories: the categories it covers, and the sections or items that call for the talk."""

    categories: frozenset[int]
    present: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """One possible response to an item: its points (a whole number, never negative) and its meaning."""

    id: str
    label: str
    points: int
    means: Meaning

    @property
    def is_known(self) -> bool:
        """True unless it means “not known”."""
        return self.means is not Meaning.UNKNOWN

    @property
    def is_present(self) -> bool:
        """True if it ticks the indicator, in either window."""
        return self.means in PRESENT


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: its name, look-back question, the texts on its cards, and its options.

    `windows` are the months that its windows reach back, the current one first: empty if it counts at any time, None if
    the pack does not say. No points depend on them; they explain changes since an earlier SERAF. `ask` and `note` stand
    on its first card; the others have `within`, a short form of the look-back, and `reminder`.
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

    # Not a field: people sign an item with all its fields, so that a new field would break every signature.
    @property
    def tick(self) -> Option | None:
        """The one option that ticks an item, or None if items of the section need more than a tick."""
        ticks = [option for option in self.options if option.is_present]
        return ticks[0] if len(ticks) == 1 else None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How to find out about an item: who may know (`ask`), the likeliest first, why it helps, and its name on the telephone."""

    ask: tuple[Informant, ...] = ()
    why: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the form with our explanation of it. `label` is the official wording; every other text is ours."""

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
    inquiry: Inquiry = Inquiry()

    def option(self, option_id: str) -> Option:
        """Return the option of that id. Raise `KeyError` if there is none."""
        for option in self.section.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)


@dataclass(frozen=True, slots=True)
class Edition:
    """The instrument as a publication: whose it is, its edition, and how it is described.

    It is due for revision on `review_due`; a child is assessed again after `review_months` at the latest. `places` are the
    values for placeholders in sentences: the board's names, windows, points and bands.
    """

    name: str
    board: str
    label: str
    review_due: date
    notes: tuple[str, ...]
    review_months: int = 3
    places: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Instrument:
    """A whole instrument. What follows from its fields is computed once."""

    edition: Edition
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    additions: tuple[Addition, ...]
    bands: tuple[Band, ...]
    manager_discussion: ManagerDiscussion
    other_harm: tuple[str, ...]
    missing: tuple[Missing, ...]
    questions: tuple[Question, ...]
    asking: Asking
    signatures: tuple[Signature, ...] = ()
    is_signed: bool = True

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 (hex) of everything that decides what is asked and scored."""
        return fingerprint(self)

    @cached_property
    def is_verified(self) -> bool:
        """True if every item was checked against the board's own form and two people signed."""
        # `verified` is a claim of the author of the list: one find-and-replace can set it everywhere (ADR 0010).
        return self.is_signed and all(item.verified for item in self.items)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The ids of its items in form order."""
        return tuple(item.id for item in self.items)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of its items."""
        return frozenset(self.order)

    @cached_property
    def known(self) -> tuple[Mapping[str | None, Option | None], ...]:
        """For each item its options by id; None for “not known” and for a missing response."""
        return tuple(
            {None: None, **{option.id: option if option.is_known else None for option in item.section.options}}
            for item in self.items
        )

    @cached_property
    def signs(self) -> tuple[Item, ...]:
        """The items that call for a talk with the manager in a low category."""
        named = self.manager_discussion.present
        return tuple(item for item in self.items if named & {item.id, item.section.id})

    @cached_property
    def _by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _by_section(self) -> Mapping[str, tuple[Item, ...]]:
        return {
            section.id: tuple(item for item in self.items if item.section.id == section.id) for section in self.sections
        }

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {item_id: number for number, item_id in enumerate(self.order, 1)}

    def item(self, item_id: str) -> Item:
        """Return the item of that id. Raise `KeyError` if there is none."""
        return self._by_id[item_id]

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._by_id

    def of_section(self, section_id: str) -> tuple[Item, ...]:
        """Return the section's items in form order."""
        return self._by_section.get(section_id, ())

    def number(self, item_id: str) -> int:
        """Return the item's number on the form, counted from 1."""
        return self._numbers[item_id]


def fingerprint(instrument: Instrument) -> str:
    """Return the SHA-256 (hex) of the scored fields as canonical JSON. Labels count: a changed label is a changed question."""
    # It is part of every review code, on paper in children's files (ADR 0027): with one more field in here, even an empty
    # one, no code that was given out would open any more.
    rule = instrument.manager_discussion
    # Words are a set, whose order differs in each process: unsorted, a restart would change the fingerprint.
    additions = [
        [addition.id, addition.points, [[key, sorted(words)] for key, words in addition.when.asks]]
        for addition in instrument.additions
    ]
    items = [
        [
            *(item.id, item.section.id, item.section.ask, item.label),
            [[option.id, option.label, option.points, option.means] for option in item.section.options],
        ]
        for item in instrument.items
    ]
    rules = {
        "additions": additions,
        "bands": [[band.category, band.lowest, band.name] for band in instrument.bands],
        "manager_discussion": [sorted(rule.categories), sorted(rule.present)],
        "other_harm": list(instrument.other_harm),
        "missing": [[missing.section, missing.points] for missing in instrument.missing],
        "questions": [[question.id, question.ask] for question in instrument.questions],
    }
    scored = {"items": items, "rules": rules}
    text = json.dumps(scored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
