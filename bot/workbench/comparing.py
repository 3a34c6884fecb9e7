"""Comparison of two packs: the texts that they show, and the results that they give for the same cases."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from itertools import combinations, groupby
from operator import attrgetter, itemgetter

from seraf.advice.action_plan import Action, Urgency
from seraf.case_view import CaseView
from seraf.errors import RequestFault
from seraf.form.circumstances import Condition
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age, Meaning
from seraf.pack import Pack
from seraf.reading.form.request import fact_words, read_request

CARDS = {
    "instrument": "Form",
    "guidance": "Guidance",
    "contacts": "Contacts",
    "glossary": "Glossary",
    "recording": "Record",
    "guide": "Guide",
    "calling": "Call",
}
"""The parts of a pack that people see, each with its name. Made-up cases are omitted, since `vignette preview` prints them."""

UNSEEN = frozenset({"places", "id", "section", "is_signed", "signatures", "digest"})
NAMED_BY = ("id", "category", "title", "part", "line", "name")
SHOWN = 300  # maximum number of characters of a changed text that are shown
LISTED = 50  # maximum number of changes that are listed one by one

Named = tuple[str, Case, Case]  # a case's name, then the case as the first and as the second pack reads it


def _keyed(*paths: str) -> dict[str, str]:
    """Return each attribute path by its last part, which is the name of the value in a pack's file."""
    return {path.rpartition(".")[2]: path for path in paths}


AS_WRITTEN: dict[type, Mapping[str, str]] = {
    Instrument: {
        **_keyed("edition.name", "edition.board"),
        "edition": "edition.label",
        **_keyed("edition.review_due", "edition.notes", "sections", "items", "additions", "bands"),
        **_keyed("manager_discussion", "other_harm", "missing", "questions", "asking", "edition.review_months"),
    },
    Item: _keyed(
        *("id", "section", "label", "short", "gloss", "consider", "explanation", "counts", "excludes"),
        *("source", "verified", "inquiry.ask", "inquiry.why", "inquiry.spoken"),
    ),
    Action: _keyed(
        *("id", "line", "wording.title", "wording.short", "by", "why", "basis", "calls", "refers"),
        *("wording.folded", "asks", "covers", "conditions", "leaves", "wording.referred"),
    ),
}
"""For types whose attributes are grouped otherwise than in a pack's file: each name in the file, with its attribute path."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One text of a pack, with the card on which it is shown (its kind and id) and the part of that card."""

    card: str
    part: str
    text: str


def pack_statements(pack: Pack) -> Iterator[Statement]:
    """Yield a statement for every text, number, date and condition that people can be shown, in the order of the pack."""
    for key, name in pack.names.items():
        if not key.endswith("_name") and key[:1].islower():
            yield Statement("Names", key.replace("_", " "), name)
    for file, word in CARDS.items():
        yield from _of(getattr(pack, file), word, "")


def _of(value: object, card: str, part: str) -> Iterator[Statement]:
    """Yield the statements about a value and everything in it. A table in a list becomes a card of its own."""
    match value:
        case Condition():
            if value.asks:
                words = "; ".join(f"{key}: {', '.join(sorted(words))}" for key, words in value.asks)
                yield Statement(card, part if "when" in part else _when(part), words)
        case _ if is_dataclass(value):
            # Without computed values, which repeat the others.
            paths = AS_WRITTEN.get(type(value)) or _keyed(*(one.name for one in fields(value) if one.init))
            for name, path in paths.items():
                if name not in UNSEEN:
                    yield from _of(attrgetter(path)(value), card, f"{part} {name}".strip().replace("_", " "))
        case Mapping():
            for key, member in value.items():
                yield from _of(member, card, f"{part} {key}".strip())
        case tuple() | frozenset() | list():
            if value and not any(is_dataclass(row) for row in value):
                ordered = value if isinstance(value, tuple | list) else sorted(map(str, value))
                yield Statement(card, part, " · ".join(map(_in_words, ordered)))
                return
            counts = Counter[str]()
            for at, row in enumerate(value, 1):
                if isinstance(row, Condition):
                    yield from _of(row, card, f"{_when(part)}, or {at}" if at > 1 else _when(part))
                    continue
                name = next((str(named) for key in NAMED_BY if (named := getattr(row, key, ""))), "")
                counts[name] += 1
                number = f" {at}" if not name else f" ({counts[name]})" if counts[name] > 1 else ""
                yield from _of(row, f"{card}: {part} {name}{number}".strip(), "")
        case Urgency():
            yield Statement(card, part, value.word)
        case None | "" | False:
            return
        case _:
            yield Statement(card, part, _in_words(value))


def _when(part: str) -> str:
    """Return the label of a condition: “<part> when” for the part of a card that it decides, or “when” for the whole card."""
    return f"{re.sub(r'(conditions?|when)$', '', part).strip()} when".strip()


def _in_words(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else "yes" if value is True else str(value)


def differing_lines(one: Pack, other: Pack) -> Iterator[str]:
    """Yield lines that show each text that differs, under its card: the first pack's after a minus, the second's after a plus.

    New and changed texts come in the order of the second pack, followed by texts that only the first one has.
    """
    before, after = ({(row.card, row.part): row.text for row in pack_statements(pack)} for pack in (one, other))
    changed = [place for place, text in after.items() if text != before.get(place, "")]
    gone = [place for place in before if place not in after]
    for card, places in groupby((*changed, *gone), itemgetter(0)):
        yield card
        for place in places:
            if text := before.get(place):
                yield f"  - {place[1]}: {text[:SHOWN]}"
            if text := after.get(place):
                yield f"  + {place[1]}: {text[:SHOWN]}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A pack's result for a case: the total, the category, and the first piece of advice (its id, title and urgency)."""

    total: int
    category: int
    lead: str
    title: str
    urgency: str

    @property
    def leads(self) -> tuple[str, str]:
        """The id and urgency of the first piece of advice, by which two packs are compared. Its title may differ."""
        return self.lead, self.urgency


@dataclass(frozen=True, slots=True)
class Changed:
    """A case to which two packs give different results."""

    name: str
    before: CaseResult
    after: CaseResult

    @property
    def kind(self) -> str:
        """What changed, in words: the category or the first piece of advice. Changes with equal words are counted together."""
        was, now = self.before.category, self.after.category
        return f"Category {was} becomes {now}" if was != now else f"Another lead, in Category {was}"

    @property
    def words(self) -> str:
        """The totals and the first pieces of advice of both packs, in words."""
        was, now = self.before, self.after
        points = f"{was.total} points" if was.total == now.total else f"{was.total} points become {now.total}"
        if was.leads == now.leads:
            return f"{points}; “{was.title}” ({was.urgency}) both times"
        return f"{points}; “{was.title}” ({was.urgency}) becomes “{now.title}” ({now.urgency})"


def change_of(case: Named, one: Pack, other: Pack, *, today: date) -> Changed | None:
    """Return the change if the second pack gives the case another category or another first piece of advice, else None."""
    name, *read = case
    results = list[CaseResult]()
    for pack, as_read in zip((one, other), read, strict=True):
        result = CaseView(pack.instrument, as_read).find(today=today)
        lead, *_ = pack.guidance.advise(result.facts).leads
        results.append(CaseResult(result.score.total, result.score.category, lead.id, lead.title, lead.urgency.word))
    was, now = results
    return Changed(name, was, now) if (was.category, was.leads) != (now.category, now.leads) else None


def in_kinds(changes: Sequence[Changed], tried: int, *, of: int) -> Iterator[str]:
    """Yield lines with the number of changes of each kind and some examples, then how many of the `tried` cases change."""
    kinds = sorted({change.kind for change in changes})
    for kind in kinds:
        alike = [change for change in changes if change.kind == kind]
        shown = min(LISTED // len(kinds), len(alike))
        yield f"{kind}: {len(alike):,}"
        for change in (alike[at * len(alike) // shown] for at in range(shown)):
            yield f"  {change.name}: {change.words}"
        if len(alike) > shown:
            yield f"  … and {len(alike) - shown:,} more"
    yield f"{len(changes):,} of {tried:,} cases change."
    if tried < of:
        yield f"Time was up: {of - tried:,} cases were not tried."


def cases_in(content: bytes, one: Pack, other: Pack) -> Iterator[Named]:
    """Yield the cases of a file that has one request (JSON) on each line. Raise `RequestFault` if a pack cannot read a line."""
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", read_request(line, one), read_request(line, other)
        except RequestFault as fault:
            raise RequestFault(tuple(f"line {number}: {line_fault}" for line_fault in fault.faults)) from None


def all_cases(one: Pack, other: Pack) -> Iterator[Named]:
    """Yield cases in which few items are ticked, for each age of a child, then made-up cases.

    The former have the first items of the form ticked, or any one or two items. Only options that both packs have are used.
    """
    both = [item for item in one.instrument.items if item.id in other.instrument]
    ways = [
        (item.id, option.id)
        for item in both
        for option in item.section.options
        if option.is_present and option.id in {same.id for same in other.instrument.item(item.id).section.options}
    ]
    first = tuple((item.id, next(option for item_id, option in ways if item_id == item.id)) for item in both)
    runs = [first[:count] for count in range(len(first) + 1)]
    few = [*((way,) for way in ways), *(pair for pair in combinations(ways, 2) if pair[0][0] != pair[1][0])]
    for age in (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17):
        for answers in (*runs, *few):
            case = Case(age, Responses.of(dict(answers)))
            yield f"{age}, {_ticks(answers)}", case, case
    yield from made_up_cases(one, other)


def _ticks(answers: Sequence[tuple[str, str]]) -> str:
    options = dict.fromkeys(option for _, option in answers)
    parts = [f"{' '.join(item for item, given in answers if given == option)} {option}" for option in options]
    return ", ".join(parts) or "nothing ticked"


def made_up_cases(one: Pack, other: Pack) -> Iterator[Named]:
    """Yield the made-up cases of the packs with their agreed answers, as each pack reads them.

    Items that only the other pack has are answered No, so that the result does not depend on unanswered items.
    """

    def read_by(pack: Pack, case: Case) -> Case:
        given, words, responses = dict(case.responses), fact_words(pack), {}
        for item in pack.instrument.items:
            options = {option.id: option.means for option in item.section.options}
            absent = next(option for option, means in options.items() if means is Meaning.ABSENT)
            responses[item.id] = given[item.id] if given.get(item.id) in options else absent
        answers = {key: word for key, word in case.answers.items() if word in words.get(key, ())}
        return Case(case.age, Responses.of(responses), answers)

    for pack in (one, other):
        items = frozenset(item.id for item in pack.instrument.items)
        for vignette in pack.vignettes:
            case = vignette.key.case(items)
            yield f"made up, {vignette.title}", read_by(one, case), read_by(other, case)
