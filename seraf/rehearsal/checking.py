"""What is wrong with a vignette: its sentences, its key, and what does not fit its pack."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.cases.vignette import Keyed, Vignette
from seraf.form.circumstances import Facts
from seraf.form.instrument import Instrument, Item
from seraf.form.vocabulary import ANSWERS, FACT_WORDS, NOT_KNOWN
from seraf.rehearsal.first_call import first_calls, low_keys
from seraf.rehearsal.progress import is_practised

MEN = (
    "father",
    "stepfather",
    "dad",
    "brother",
    "stepbrother",
    "uncle",
    "grandfather",
    "man",
    "boy",
    "boyfriend",
    "son",
)
WOMEN = ("mother", "stepmother", "mum", "sister", "aunt", "grandmother", "woman", "girl", "girlfriend", "daughter")
EITHER = (
    *(
        "parent",
        "cousin",
        "friend",
        "relative",
        "adult",
        "teenager",
        "youth",
        "pupil",
        "neighbour",
        "stranger",
        "driver",
    ),
    *("teacher", "tutor", "coach", "nurse", "doctor", "carer", "worker", "officer", "shopkeeper", "counsellor"),
    *("lodger", "player", "somebody", "someone", "visitor", "mentor"),
)
MANY = (
    "men",
    "women",
    "people",
    "children",
    "adults",
    "friends",
    "parents",
    "pupils",
    "staff",
    "carers",
    "police",
    "family",
)
KIN = ("mother", "father", "mum", "dad", "sister", "brother", "aunt", "uncle", "grandmother", "grandfather", "parents")
"""People of whom a case may speak, by what they are called; and those whom a child calls their own."""

LITERAL = re.compile(r"\b(he|him|his|himself|she|her|hers|herself|they|them|their|themselves)\b", re.IGNORECASE)
CHILD = re.compile(r"\{(they|them|their|themself|They|Their)\}")
PERSON = re.compile(rf"\b({'|'.join((*MEN, *WOMEN, *EITHER, *MANY))})s?\b", re.IGNORECASE)
QUOTED = re.compile(r"“[^”]*”")
CLAUSE = re.compile(r"[,;:.?!–]")


def unclear_place(text: str) -> str:
    """The word of a text with places that could mean somebody else than the child; empty where there is none.

    A pronoun in plain letters means another person. One in a place means the child, who must be named before it, and be
    the only one there. What somebody says between quotation marks is their own.
    """
    said = QUOTED.sub("“”", text)
    if found := LITERAL.search(CHILD.sub("", said)):
        return found[0]
    place = CHILD.search(said)
    is_clear = place is None or ("{name}" in said[: place.start()] and not PERSON.search(said))
    return "" if is_clear or place is None else place[0]


WHOSE = (("his", "he", (*MEN, *EITHER)), ("her", "she", (*WOMEN, *EITHER)), ("their", "they", (*MEN, *WOMEN)))
"""For each word that says whose a relative is: what means the same person, and who else it could be."""


def unclear_kin(text: str) -> str:
    """The words of a told text that could be of two people's relatives, as “his mother” after “the uncle”; empty where none is.

    Within one clause somebody else whom the word could mean stands before it, and nothing between says who is meant.
    """
    for clause in CLAUSE.split(QUOTED.sub("", text)):
        for word, same, people in WHOSE:
            other = rf"\b(?:{'|'.join(people)})\b(?!['’]s)"
            if found := re.search(rf"{other}(?:(?!\b{same}\b).)*\b({word} (?:{'|'.join(KIN)}))\b", clause):
                return found[1]
    return ""


WORDS = (120, 250)
"""The fewest and the most words of a whole vignette, so that it takes two minutes to read."""

PARTS = (3, 5)
"""The fewest and the most parts: a first concern, then what others know."""

ASKED = ("danger", "told_or_seen", "allocated", "stage", "known", "judgement")
"""Questions that a key may answer. The profession is the reader's own, and the age is no answer."""

NEEDED = ("danger", "told_or_seen", "allocated", "stage", "judgement")
"""Questions that a key has to answer, since the next steps and the first call hang on them."""

RESTS_ON_NOTHING = ("no", "first", NOT_KNOWN)
"""Answers to a question that need no sentence: nobody told, nobody is there, nothing was done before."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a vignette, and where: a dotted place within it."""

    place: str
    what: str


def mistakes(vignette: Vignette, instrument: Instrument, *, guidance: Guidance) -> tuple[Mistake, ...]:
    """Everything that is wrong. What follows from the answers is judged only where all of them can be taken."""
    told = (*_told(vignette), *_plain(vignette, instrument))
    answered = tuple(_answered(vignette, instrument, guidance=guidance))
    follows = () if answered else tuple(_follows(vignette, instrument, guidance=guidance))
    return (*told, *answered, *_cited(vignette, instrument), *follows)


def _told(vignette: Vignette) -> Iterator[Mistake]:
    for what, number, (least, most) in (
        ("words", len(vignette.text.split()), WORDS),
        ("parts", len(vignette.parts), PARTS),
    ):
        if not least <= number <= most:
            yield Mistake("parts", f"{number} {what}; a vignette has {least} to {most}")


def code_fault(text: str, instrument: Instrument) -> str:
    """What is wrong with a text that names an item by its id: cards show numbers and short names, so nobody knows a code.

    An id counts as a code where it has both letters and figures: any other could be a word, or a number, of plain English.
    """
    codes = {item.id: item for item in instrument.items if _is_code(item)}
    # One search for all of them first, since nearly every text has none; which it was is looked for only then.
    if not _naming(tuple(codes)).search(text):
        return ""
    item = next(each for each in codes.values() if _naming((each.id,)).search(text))
    return f"speaks of {item.id!r}, a code that nobody sees; say it in plain words, such as {item.short!r}"


@lru_cache(maxsize=200)
def _naming(codes: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of these codes; nothing where there is none."""
    any_of = "|".join(map(re.escape, codes))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)" if codes else r"(?!)", re.IGNORECASE)


def _is_code(item: Item) -> bool:
    return any(each.isalpha() for each in item.id) and any(each.isdigit() for each in item.id)


def _plain(vignette: Vignette, instrument: Instrument) -> Iterator[Mistake]:
    """Whether nothing that is told, and no reason, names an item by its code, or could mean two people."""
    around = {"title": vignette.title, "about": vignette.about, "warning": vignette.warning}
    parts = {
        f"parts[{at}].{key}": text
        for at, part in enumerate(vignette.parts)
        for key, text in (("title", part.title), ("text", part.text))
    }
    reasons = {
        f"key.answers.{keyed.place}.{key}": text
        for keyed in vignette.key.keyed
        for key, text in (("because", keyed.because), ("other_because", keyed.other_because))
    }
    call = {"key.first_call_because": vignette.key.first_call_because}
    for place, text in {**around, **parts, **reasons, **call}.items():
        if fault := code_fault(text, instrument):
            yield Mistake(place, fault)
        if kin := unclear_kin(text):
            yield Mistake(place, f"{kin!r} could be of two people; name whose it is")


def _answered(vignette: Vignette, instrument: Instrument, *, guidance: Guidance) -> Iterator[Mistake]:
    """Whether every item and question that has to be is answered, once, with words that there are."""
    words, seen = _words(instrument, guidance), set[str]()
    for keyed in vignette.key.keyed:
        place = f"key.answers.{keyed.place}"
        if keyed.place not in words:
            yield Mistake(place, "neither an item nor a question that a key may answer")
        elif keyed.place in seen:
            yield Mistake(place, "answered more than once")
        else:
            yield from _said(place, keyed, words=words[keyed.place])
        seen.add(keyed.place)
    for each in (*(item.id for item in instrument.items), *NEEDED):
        if each not in seen:
            yield Mistake(
                f"key.answers.{each}", "missing; a key answers every item, and every question that steps hang on"
            )


def _said(place: str, keyed: Keyed, *, words: Sequence[str]) -> Iterator[Mistake]:
    for answer in (keyed.answer, keyed.other):
        if answer and answer not in words:
            yield Mistake(place, f"{answer!r} is not one of: {', '.join(words)}")
    if keyed.other == keyed.answer:
        yield Mistake(place, "the other reading is the same as the first")
    if bool(keyed.other) != bool(keyed.other_because.strip()):
        yield Mistake(place, "another reading comes with its own reason, and no reason without it")


def _words(instrument: Instrument, guidance: Guidance) -> Mapping[str, Sequence[str]]:
    """What each place may be answered with."""
    return {
        **{item.id: tuple(option.id for option in item.section.options) for item in instrument.items},
        **{key: tuple(word for word in FACT_WORDS[key] if word != "not-asked") for key in ASKED},
        **{question.id: ANSWERS for question in instrument.questions},
        **{each.id: each.words for each in guidance.circumstances},
    }


def _cited(vignette: Vignette, instrument: Instrument) -> Iterator[Mistake]:
    """Whether each answer that rests on the text names its sentence, word for word."""
    for keyed in vignette.key.keyed:
        place = f"key.answers.{keyed.place}.cites"
        if not keyed.cites and not _rests_on_nothing(keyed, instrument):
            yield Mistake(place, "missing; name the sentence that this answer rests on")
        if not any(keyed.cites in part.text for part in vignette.parts):
            yield Mistake(place, f"not word for word in any part: {keyed.cites!r}")


def _rests_on_nothing(keyed: Keyed, instrument: Instrument) -> bool:
    if keyed.place not in instrument:
        return keyed.place != "judgement" and keyed.answer in RESTS_ON_NOTHING
    known = {option.id for option in instrument.item(keyed.place).section.options if option.is_known}
    return keyed.answer not in known


def _follows(vignette: Vignette, instrument: Instrument, *, guidance: Guidance) -> Iterator[Mistake]:
    """Whether what the key states is what its own answers come to."""
    key = vignette.key
    case = key.case(frozenset(item.id for item in instrument.items))
    found, facts = CaseView(instrument, case).score, CaseView(instrument, case).advice(guidance).settled
    for name, stated, true in (("total", key.total, found.total), ("category", key.category, found.category)):
        if stated != true:
            yield Mistake(f"key.{name}", f"{stated} is stated, but the answers come to {true}")
    yield from _settled(vignette, guidance, facts=facts)
    fitting = first_calls(guidance, CaseView(instrument, case).facts)
    if key.first_call not in fitting:
        yield Mistake("key.first_call", f"{key.first_call!s} does not follow; {' or '.join(fitting)} would")
    for place, what in low_keys(key, instrument, guidance=guidance):
        yield Mistake(f"key.{place}", what)
    yield from _practised(vignette, instrument, facts=facts)


def _settled(vignette: Vignette, guidance: Guidance, *, facts: Facts) -> Iterator[Mistake]:
    """Whether a short question that other answers decide is answered in the same way."""
    for each in guidance.circumstances:
        keyed = vignette.key.of(each.id)
        if keyed and keyed.answer not in facts[each.id]:
            yield Mistake(f"key.answers.{each.id}", f"other answers make it {', '.join(facts[each.id])}")


def _practised(vignette: Vignette, instrument: Instrument, *, facts: Facts) -> Iterator[Mistake]:
    """Whether each rule is practised somewhere, wherever it is said to be, and nothing is practised that is not named."""
    key = vignette.key
    for keyed in key.keyed:
        for rule in keyed.rules:
            if not is_practised(rule, keyed, instrument=instrument, facts=facts):
                yield Mistake(f"key.answers.{keyed.place}.rules", f"{rule!s} is not practised here")
    practised = {rule for keyed in key.keyed for rule in keyed.rules}
    for rule in sorted(practised.symmetric_difference(key.rules)):
        yield Mistake("key.rules", f"{rule!s} is named but not practised at any answer, or practised but not named")
