"""Two packs compared: what each can show somebody, piece by piece, and what each makes of a case."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from itertools import combinations
from operator import attrgetter
from typing import Any

from seraf.advice.action_plan import Action, Urgency
from seraf.case_view import CaseView
from seraf.errors import RequestFault
from seraf.form.circumstances import Condition
from seraf.form.instrument import Instrument, Item
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.pack import Pack
from seraf.reading.form.request import fact_words, read_request
from seraf.rehearsal.made.made_case import measurable, measure
from seraf.rehearsal.made.narrate import absent_of

CARDS = {
    "instrument": "Form",
    "guidance": "Guidance",
    "contacts": "Contacts",
    "glossary": "Glossary",
    "recording": "Record",
    "guide": "Guide",
    "calling": "Call",
}
"""The files of a pack that somebody sees, each with the word for it. Made-up cases have papers of their own."""

UNSEEN = frozenset({"places", "id", "section", "is_signed", "signatures", "digest"})


def _keyed(*paths: str) -> dict[str, str]:
    """Return the paths of values by the key that a pack has for each: the last name of the path."""
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
"""The values of a table that are grouped in code but not in a pack: the path of each by its key, in the order of a pack."""


NAMED_BY = ("id", "category", "title", "part", "line", "name")


@dataclass(frozen=True, slots=True)
class Statement:
    """One text: the card that it is on, by kind and id, which part of that it is, and what it says."""

    card: str
    part: str
    text: str


def pack_statements(pack: Pack) -> Iterator[Statement]:
    """Yield every text, number, date and condition, in the order of the pack."""
    for key, name in pack.names.items():
        if not key.endswith("_name") and key[:1].islower():
            yield Statement("Names", key.replace("_", " "), name)
    for file, word in CARDS.items():
        yield from _of(getattr(pack, file), word, "")


def _of(value: object, card: str, part: str) -> Iterator[Statement]:
    """Yield the statements within a value; a table with an id is a card of its own."""
    match value:
        case Condition():
            if value.asks:
                yield Statement(card, part if "when" in part else _when(part), _in_words(value))
        case _ if is_dataclass(value):
            for name, path in _paths(value).items():
                if name not in UNSEEN:
                    yield from _of(attrgetter(path)(value), card, f"{part} {name}".strip().replace("_", " "))
        case Mapping():
            for key, each in value.items():
                yield from _of(each, card, f"{part} {key}".strip())
        case tuple() | frozenset() | list():
            yield from _rows(value, card, part)
        case Urgency():
            yield Statement(card, part, value.word)
        case None | "" | False:
            return
        case _:
            yield Statement(card, part, _said(value))


def _paths(value: Any) -> Mapping[str, str]:
    """Return the paths of the values of a table by key; one that is worked out of the others says nothing of its own."""
    return AS_WRITTEN.get(type(value)) or _keyed(*(each.name for each in fields(value) if each.init))


def _rows(rows: tuple[object, ...] | frozenset[object] | list[object], card: str, part: str) -> Iterator[Statement]:
    if rows and not any(is_dataclass(each) for each in rows):
        said = rows if isinstance(rows, tuple | list) else sorted(map(str, rows))
        yield Statement(card, part, " · ".join(_said(each) for each in said))
        return
    seen: dict[str, int] = {}
    for at, each in enumerate(rows, 1):
        name = "" if isinstance(each, Condition) else _name_of(each)
        seen[name] = seen.get(name, 0) + 1
        number = f" ({seen[name]})" if name and seen[name] > 1 else "" if name else f" {at}"
        if isinstance(each, Condition):
            yield from _of(each, card, f"{_when(part)}, or {at}" if at > 1 else _when(part))
        else:
            yield from _of(each, f"{card}: {part} {name}{number}".strip(), "")


def _when(part: str) -> str:
    """Return what a condition is called: “when”, after what it decides where that is not the whole."""
    return f"{re.sub(r'(conditions?|when)$', '', part).strip()} when".strip()


def _name_of(value: object) -> str:
    """Return the name of a table, or an empty text if it has none."""
    return next((str(found) for key in NAMED_BY if (found := getattr(value, key, ""))), "")


def _in_words(condition: Condition) -> str:
    """Return a condition, as somebody reads it: each key with its words."""
    return "; ".join(f"{key}: {', '.join(sorted(words))}" for key, words in condition.asks)


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else "yes" if value is True else str(value)


SHOWN = 300
"""The most characters of a text that is shown of a change."""


@dataclass(frozen=True, slots=True)
class PackDifference:
    """One part of a card that is said otherwise; `before` or `after` is empty where the card or the part is in one pack alone."""

    card: str
    part: str
    before: str
    after: str


def differences(one: Pack, other: Pack) -> Iterator[PackDifference]:
    """Yield what is new, changed or gone, in the order of the second pack, then what only the first one has."""
    before = {(each.card, each.part): each.text for each in pack_statements(one)}
    after = {(each.card, each.part): each.text for each in pack_statements(other)}
    for (card, part), text in after.items():
        if text != before.get((card, part), ""):
            yield PackDifference(card, part, before.get((card, part), ""), text)
    for (card, part), text in before.items():
        if (card, part) not in after:
            yield PackDifference(card, part, text, "")


def as_lines(found: Iterator[PackDifference]) -> Iterator[str]:
    """Yield the differences as lines: what has gone with a minus, what has come with a plus, under the card that it is on."""
    last = ""
    for each in found:
        if each.card != last:
            yield each.card
            last = each.card
        yield from (f"  - {each.part}: {each.before[:SHOWN]}",) if each.before else ()
        yield from (f"  + {each.part}: {each.after[:SHOWN]}",) if each.after else ()


LISTED = 50
"""The most changes that are told one by one."""

SEEDS = 20
"""How many cases are made for each aim that a pack's fragments have."""

Named = tuple[str, Case, Case]
"""What a case is called, and the case as each of two packs reads it."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a pack makes of a case: its total and category, and what stands first on the result."""

    total: int
    category: int
    lead: str
    title: str
    urgency: str

    @property
    def leads(self) -> tuple[str, str]:
        """Which lead stands first, and how urgent that is; its words may differ."""
        return self.lead, self.urgency


@dataclass(frozen=True, slots=True)
class Changed:
    """A case of which two packs do not say the same."""

    name: str
    before: CaseResult
    after: CaseResult

    @property
    def kind(self) -> str:
        """What changes, for counting."""
        was, now = self.before.category, self.after.category
        return f"Category {was} becomes {now}" if was != now else f"Another lead, in Category {was}"

    @property
    def words(self) -> str:
        """Its totals, and what stands first in each pack."""
        was, now = self.before, self.after
        points = f"{was.total} points" if was.total == now.total else f"{was.total} points become {now.total}"
        if was.leads == now.leads:
            return f"{points}; “{was.title}” ({was.urgency}) both times"
        return f"{points}; “{was.title}” ({was.urgency}) becomes “{now.title}” ({now.urgency})"


def outcome(pack: Pack, case: Case, *, today: date) -> CaseResult:
    """Return what a pack makes of a case."""
    found = CaseView(pack.instrument, case).find(today=today)
    lead, *_ = pack.guidance.advise(found.facts).leads
    return CaseResult(found.score.total, found.score.category, lead.id, lead.title, lead.urgency.word)


def change_of(case: Named, one: Pack, other: Pack, *, today: date) -> Changed | None:
    """Return what changes for a case, where the second pack says another category or another lead; else None."""
    name, before, after = case
    was, now = outcome(one, before, today=today), outcome(other, after, today=today)
    return Changed(name, was, now) if (was.category, was.leads) != (now.category, now.leads) else None


def in_kinds(found: Sequence[Changed], tried: int, *, of: int) -> Iterator[str]:
    """Yield the changes by kind: how many, and some of them from first to last. Then how many cases change, of how many tried."""
    kinds = sorted({each.kind for each in found})
    for kind in kinds:
        alike = [each for each in found if each.kind == kind]
        shown = min(LISTED // len(kinds), len(alike))
        yield f"{kind}: {len(alike):,}"
        yield from (f"  {each.name}: {each.words}" for each in (alike[at * len(alike) // shown] for at in range(shown)))
        yield from (f"  … and {len(alike) - shown:,} more",) if len(alike) > shown else ()
    yield f"{len(found):,} of {tried:,} cases change."
    if tried < of:
        yield f"Time was up: {of - tried:,} cases were not tried."


def cases_in(content: bytes, one: Pack, other: Pack) -> Iterator[Named]:
    """Yield the cases of a file with a request (JSON) a line. Raise `RequestFault` if one of the packs cannot read a line."""
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", read_request(line, one), read_request(line, other)
        except RequestFault as fault:
            raise RequestFault(tuple(f"line {number}: {each}" for each in fault.faults)) from None


def all_cases(one: Pack, other: Pack) -> Iterator[Named]:
    """Yield every case with few signs, then cases as somebody could tell them."""
    yield from every_case(one.instrument, other.instrument)
    yield from made_up_cases(one, other)


def every_case(one: Instrument, other: Instrument) -> Iterator[Named]:
    """Yield every case with one sign or two that both forms have, and the form filled in item by item, at each age of a child."""
    both = [item for item in one.items if item.id in other]
    ways = [
        (item.id, option.id)
        for item in both
        for option in item.section.options
        if option.is_present and option.id in {each.id for each in other.item(item.id).section.options}
    ]
    each_item = tuple((item.id, next(option for item_id, option in ways if item_id == item.id)) for item in both)
    runs = [each_item[:count] for count in range(len(each_item) + 1)]
    few = [*((each,) for each in ways), *(pair for pair in combinations(ways, 2) if pair[0][0] != pair[1][0])]
    for age in (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17):
        for answers in (*runs, *few):
            case = Case(age, Responses.of(dict(answers)))
            yield f"{age}, {_ticks(answers)}", case, case


def _ticks(answers: Sequence[tuple[str, str]]) -> str:
    """Return what is ticked, each answer said once."""
    said = dict.fromkeys(option for _, option in answers)
    parts = [f"{' '.join(item for item, given in answers if given == option)} {option}" for option in said]
    return ", ".join(parts) or "nothing ticked"


def made_up_cases(one: Pack, other: Pack) -> Iterator[Named]:
    """Yield cases made from the sentences of the first pack that has any, for each of its aims, as both forms can have them.

    An item that the other form alone has was in no case: there it is answered No, so that nothing hangs on its being open.
    """
    maker = next((pack for pack in (one, other) if pack.fragments), None)
    if maker is None or maker.fragments is None:
        return
    form = maker.instrument
    for aim in measurable(maker.fragments, form):
        for seed in range(SEEDS):
            case = measure(maker.fragments, maker, aim=aim, seed=seed).key.case(
                frozenset(item.id for item in form.items)
            )
            given = [(item, option) for item, option in case.responses if form.item(item).option(option).is_present]
            yield f"made up, {case.age}, {_ticks(given)}", _read_by(one, case), _read_by(other, case)


def _read_by(pack: Pack, case: Case) -> Case:
    """Return the case as the form of this pack has it."""
    given, words = dict(case.responses), fact_words(pack)
    responses = {
        item.id: given[item.id] if given.get(item.id) in {each.id for each in item.section.options} else absent_of(item)
        for item in pack.instrument.items
    }
    answers = {key: word for key, word in case.answers.items() if word in words.get(key, ())}
    return Case(case.age, Responses.of(responses), answers)
