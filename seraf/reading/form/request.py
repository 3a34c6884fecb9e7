"""The parser of scoring requests in JSON, which returns a case or all faults. It can also write a case as a request."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from seraf.errors import RequestFault
from seraf.form.instrument import Instrument
from seraf.form.responses import Case, Responses
from seraf.form.second_view import GROUNDS, Says, SecondView
from seraf.form.vocabulary import ANSWERED_FACTS, ANSWERS, FACT_WORDS, HEIGHTS, Age
from seraf.pack import Pack

KEYS = ("age", "responses", "judgement", "told_or_seen", "facts", "views")
"""The keys of a request."""

VIEW_KEYS = ("says", "level", "grounds", "why", "role")
"""The keys of a second person's view in a request."""

MOST_VIEWS = 20

_UNREADABLE = object()
"""The value of a request that is not JSON. It is not None, which is the JSON value `null`."""


def read_request(content: bytes, pack: Pack) -> Case:
    """Return the case in a request. Raise `RequestFault` with all faults."""
    faults: list[str] = []
    repeats = _Repeats()
    raw: object = _UNREADABLE
    try:
        # `utf-8-sig`, since some editors write a byte order mark, which the parser would refuse. The hook, since Python
        # silently takes the last of a repeated name: one response would hide another.
        raw = json.loads(content.decode("utf-8-sig"), object_pairs_hook=repeats.notice)
    except UnicodeDecodeError as error:
        faults.append(f"the request is not UTF-8 text (byte {error.start}); save it as UTF-8")
    except ValueError as error:
        faults.append(f"the request is not JSON: {error}")
    except RecursionError:
        faults.append("the request is not a case: it is nested too deeply")
    if isinstance(raw, dict):
        faults.extend(repeats.faults(raw))
    if raw is not _UNREADABLE and not isinstance(raw, dict):
        faults.append('the request must be an object such as {"age": "13-15", "responses": {"V1": "yes"}}')
    case = _case(raw, pack, faults=faults) if isinstance(raw, dict) else Case()
    if faults:
        raise RequestFault(tuple(faults))
    return case


def as_request(case: Case) -> dict[str, object]:
    """Return the request for a case as plain values. As JSON, `read_request` accepts it."""
    views = {"views": views_as_values(case.views)} if case.views else {}
    return {"age": str(case.age), "responses": dict(case.responses), "facts": dict(case.answers), **views}


def views_as_values(views: Iterable[SecondView]) -> list[dict[str, object]]:
    """Return how others see a case as plain values, without what is empty and without anybody's id, name or words."""
    values = (
        {"says": str(view.says), "level": view.level, "grounds": view.grounds, "why": list(view.why), "role": view.role}
        for view in views
    )
    return [{key: value for key, value in each.items() if value} for each in values]


@dataclass(frozen=True, slots=True)
class _Repeats:
    """The objects of a request in which a name occurs twice, with these names. An object does not know its own path."""

    found: list[tuple[object, list[str]]] = field(default_factory=list)

    def notice(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Return an object with these pairs. If a name occurs twice, add the object to `found`."""
        holder = dict(pairs)
        if len(holder) < len(pairs):
            self.found.append(
                (holder, [name for name, count in Counter(name for name, _ in pairs).items() if count > 1])
            )
        return holder

    def faults(self, raw: Mapping[str, object]) -> Iterator[str]:
        """Yield a fault with its path for each repeated name in the request, its `responses`, `facts` or `views`."""
        views = raw.get("views")
        viewed = [(f"views[{at}].", view) for at, view in enumerate(views if isinstance(views, list) else ())]
        for path, holder in (("", raw), ("responses.", raw.get("responses")), ("facts.", raw.get("facts")), *viewed):
            for repeated, names in self.found:
                if repeated is holder:
                    yield from (f"{path}{_shown(name)}: stands more than once" for name in names)


def fact_words(pack: Pack) -> dict[str, tuple[str, ...]]:
    """Return the possible values of each fact that a request can give: all answers except the responses to items."""
    asked = {key: tuple(word for word in FACT_WORDS[key] if word != "not-asked") for key in ANSWERED_FACTS}
    own = {question.id: ANSWERS for question in pack.instrument.questions}
    return {**asked, **own, **{circumstance.id: circumstance.words for circumstance in pack.guidance.circumstances}}


def _case(raw: Mapping[str, object], pack: Pack, *, faults: list[str]) -> Case:
    faults.extend(f"{_shown(key)}: not a known key; known: {', '.join(KEYS)}" for key in raw if key not in KEYS)
    if "age" not in raw:
        faults.append(f"age: missing; one of: {', '.join(Age)}")
    age = _word("age", raw.get("age", Age.NOT_KNOWN), allowed=tuple(Age), faults=faults)
    responses = _responses(raw.get("responses", {}), pack.instrument, faults=faults)
    answers = {}
    if "judgement" in raw:
        allowed = [word for word in FACT_WORDS["judgement"] if word != "not-asked"]
        answers["judgement"] = _word("judgement", raw["judgement"], allowed=allowed, faults=faults)
    if "told_or_seen" in raw:
        told = raw["told_or_seen"]
        if not isinstance(told, bool):
            faults.append("told_or_seen: must be true or false")
        answers["told_or_seen"] = "yes" if told is True else "no"
    given = {**answers, **_facts(raw, fact_words(pack), faults=faults)}
    return Case(Age(age), responses, given, views=_views(raw.get("views", []), pack, faults=faults))


def _views(given: object, pack: Pack, *, faults: list[str]) -> tuple[SecondView, ...]:
    if not isinstance(given, list) or len(given) > MOST_VIEWS:
        faults.append(f'views: must be a list of at most {MOST_VIEWS}, such as [{{"says": "more", "level": "call"}}]')
        return ()
    views: list[SecondView] = []
    for at, raw in enumerate(given):
        path = f"views[{at}]"
        if not isinstance(raw, dict):
            faults.append(f"{path}: must be an object with: {', '.join(VIEW_KEYS)}")
            continue
        faults.extend(
            f"{path}.{_shown(key)}: not a known key; known: {', '.join(VIEW_KEYS)}"
            for key in raw
            if key not in VIEW_KEYS
        )
        says = Says(_word(f"{path}.says", raw.get("says"), allowed=tuple(Says), faults=faults))
        level, grounds = (
            _word(f"{path}.{key}", raw[key], allowed=words, faults=faults) if key in raw else ""
            for key, words in (("level", HEIGHTS), ("grounds", GROUNDS))
        )
        if (says is Says.MORE) != bool(level):
            faults.append(f"{path}.level: stands where a view says “more”, and only there")
        why = raw.get("why", [])
        if not isinstance(why, list):
            faults.append(f"{path}.why: must be a list of reasons")
            why = []
        known = [reason.id for reason in pack.guidance.view_reasons if reason.says is says] or [""]
        reasons = tuple(_word(f"{path}.why", word, allowed=known, faults=faults) for word in why)
        role = raw.get("role", "")
        if not isinstance(role, str) or _shown(role) != role:
            faults.append(f"{path}.role: must be a text of at most 40 characters")
            role = ""
        views.append(SecondView(says, level, grounds, reasons, role=role))
    return tuple(views)


def _facts(raw: Mapping[str, object], words: Mapping[str, tuple[str, ...]], *, faults: list[str]) -> dict[str, str]:
    given = raw.get("facts", {})
    if not isinstance(given, dict):
        faults.append('facts: must be an object of facts and words, such as {"profession": "school"}')
        return {}
    taken: dict[str, str] = {}
    for key, word in given.items():
        if key not in words:
            faults.append(f"facts.{_shown(key)}: not a fact; known: {', '.join(words)}")
            continue
        if key in raw:
            faults.append(f"facts.{key}: stands beside the facts too; say it once")
        taken[key] = _word(f"facts.{key}", word, allowed=words[key], faults=faults)
    return taken


def _responses(given: object, instrument: Instrument, *, faults: list[str]) -> Responses:
    if not isinstance(given, dict):
        faults.append('responses: must be an object of item ids and options, such as {"V1": "yes"}')
        return Responses()
    taken: dict[str, str] = {}
    for item_id, option in given.items():
        if item_id not in instrument:
            faults.append(f"responses.{_shown(item_id)}: not an item; `seraf-bot items` lists them")
            continue
        allowed = [choice.id for choice in instrument.item(item_id).section.options]
        taken[item_id] = _word(f"responses.{item_id}", option, allowed=allowed, faults=faults)
    return Responses.of(taken)


def _shown(key: str) -> str:
    """Return a key as a fault shows it. A key that is long or not printable is shortened and escaped."""
    return key if key.isprintable() and len(key) <= 40 else f"{key[:40]!a}…"


def _word(path: str, given: object, *, allowed: Iterable[str], faults: list[str]) -> str:
    words = tuple(allowed)
    if isinstance(given, str) and given in words:
        return given
    shown = f"{given!r} is" if isinstance(given, str) and len(given) <= 40 else "it is"
    faults.append(f"{path}: {shown} not one of: {', '.join(words)}")
    # Any word will do: with a fault noted there is no case.
    return words[0]
