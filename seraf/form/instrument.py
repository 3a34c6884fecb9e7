"""The instrument: its sections, items, options and rules for points. All come from a pack, and none is in the code."""

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
    """Points that are added to a case once if a condition holds, such as five for a child under 13."""

    id: str
    label: str
    points: int
    when: Condition
    source: str


@dataclass(frozen=True, slots=True)
class Band:
    """A category of risk: the lowest total (points) that reaches it, its name, and our description of it."""

    category: int
    lowest: int
    name: str
    description: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An item that the board's own paper questionnaire has and this pack lacks."""

    section: str
    begins: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer (yes, no or not known) can affect a score, such as whether the child is disabled."""

    id: str
    ask: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom not to ask: a parent while any item of `family_harm` may apply, and the child about items of `assault`."""

    family_harm: frozenset[str] = frozenset()
    assault: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ManagerDiscussion:
    """When to talk with the manager: in which low categories, and because of which sections or items."""

    categories: frozenset[int]
    present: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """A possible response to an item, with its points (a whole number, never negative) and its meaning."""

    id: str
    label: str
    points: int
    means: Meaning

    @property
    def is_known(self) -> bool:
        """True unless the option means “not known”."""
        return self.means is not Meaning.UNKNOWN

    @property
    def is_present(self) -> bool:
        """True if the option says that the indicator is present, now or earlier."""
        return self.means in PRESENT


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the questionnaire: its name, look-back question, the texts on its cards, and its options.

    `windows` are how many months its look-back windows reach, the current one first; empty means any time, None that
    the pack does not say. They affect no points, but explain changes since an earlier SERAF. `ask` and `note` are on
    its first card; its other cards have `within`, a short look-back question, and `reminder`.
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
        """The option that ticks an item, or None if the section has several such options."""
        ticks = [option for option in self.options if option.is_present]
        return ticks[0] if len(ticks) == 1 else None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How to find out about an item: whom to `ask` (the likeliest first), `why` it helps, and its `spoken` name."""

    ask: tuple[Informant, ...] = ()
    why: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the questionnaire and our explanation. `label` is the official wording; all other texts are ours."""

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
        """Return the option with this id. Raise `KeyError` if there is none."""
        for option in self.section.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)


@dataclass(frozen=True, slots=True)
class Edition:
    """The publication details of an instrument: name, board, edition and notes.

    The instrument is due for revision on `review_due`. A child is assessed again after at most `review_months`.
    `places` are the values of placeholders in sentences: the board's names, look-back windows, points and categories.
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
    """A whole instrument. Each derived property is computed once and cached."""

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
        """The SHA-256 (hex) of everything that decides what is asked and how it is scored."""
        return fingerprint(self)

    @cached_property
    def is_verified(self) -> bool:
        """True if every item was checked against the board's own questionnaire and the signatures are complete."""
        # `verified` is a claim of the author of the list: one find-and-replace can set it everywhere (ADR 0010).
        return self.is_signed and all(item.verified for item in self.items)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The ids of all items, in the order of the questionnaire."""
        return tuple(item.id for item in self.items)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all items, as a set."""
        return frozenset(self.order)

    @cached_property
    def known(self) -> tuple[Mapping[str | None, Option | None], ...]:
        """For each item, a mapping from option id to option. “Not known” and the key None (no response) map to None."""
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
        """Return the item with this id. Raise `KeyError` if there is none."""
        return self._by_id[item_id]

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._by_id

    def of_section(self, section_id: str) -> tuple[Item, ...]:
        """Return the items of the section with this id, in the order of the questionnaire."""
        return self._by_section.get(section_id, ())

    def number(self, item_id: str) -> int:
        """Return the item's position in the questionnaire, counted from 1."""
        return self._numbers[item_id]


def fingerprint(instrument: Instrument) -> str:
    """Return the SHA-256 (hex) of what is asked and scored, as canonical JSON. A changed label is another question."""
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
