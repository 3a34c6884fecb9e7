"""Checks of a vignette: its sentences, its agreed answers, and how both fit its pack."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from seraf.advice.contacts import NO_CONTACTS, Contacts
from seraf.advice.guidance import Guidance
from seraf.case_view import CaseView
from seraf.cases.vignette import Keyed, StageChoice, Vignette
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import ANSWERS, FACT_WORDS, NOT_KNOWN
from seraf.rehearsal.first_call import key_faults
from seraf.rehearsal.progress import is_practised
from seraf.rehearsal.stage_checks import stage_faults

MEN = "father|stepfather|dad|brother|stepbrother|uncle|grandfather|man|boy|boyfriend|son"
WOMEN = "mother|stepmother|mum|sister|aunt|grandmother|woman|girl|girlfriend|daughter"
EITHER = (
    "parent|cousin|friend|relative|adult|teenager|youth|pupil|neighbour|stranger|driver|teacher|tutor|coach|nurse|doctor"
    "|carer|worker|officer|shopkeeper|counsellor|lodger|player|somebody|someone|visitor|mentor"
)
KIN = "mother|father|mum|dad|sister|brother|aunt|uncle|grandmother|grandfather|parents"
"""Patterns of nouns: for a man, a woman, a person of either sex, and a relative (`KIN`)."""

QUOTED = re.compile(r"“[^”]*”")
CLAUSE = re.compile(r"[,;:.?!–]")


WHOSE = (("his", "he", f"{MEN}|{EITHER}"), ("her", "she", f"{WOMEN}|{EITHER}"), ("their", "they", f"{MEN}|{WOMEN}"))
"""For each possessive: the pronoun of the same person, and a pattern of nouns for people whom it could mean instead."""


def unclear_kin(text: str) -> str:
    """Return words that could mean the relative of either of two people, such as “his mother” after “the uncle”, or “”.

    They are unclear if another person whom the possessive could mean comes first in the clause, and no pronoun between
    the two settles it.
    """
    for clause in CLAUSE.split(QUOTED.sub("", text)):
        for word, same, people in WHOSE:
            other = rf"\b(?:{people})\b(?!['’]s)"
            if match := re.search(rf"{other}(?:(?!\b{same}\b).)*\b({word} (?:{KIN}))\b", clause):
                return match[1]
    return ""


WORDS = (120, 250)
"""The minimum and maximum number of words of a vignette, which can then be read in two minutes."""

PARTS = (3, 5)
"""The minimum and maximum number of parts. The first is a concern; others have information from other people."""

ASKED = ("danger", "told_or_seen", "allocated", "stage", "known", "judgement")
"""The facts that agreed answers may cover. The profession is the reader's, and the age is a field of its own."""

NEEDED = ("danger", "told_or_seen", "allocated", "stage", "judgement")
"""The facts for which there must be agreed answers: next steps and the first call depend on them."""

RESTS_ON_NOTHING = ("no", "first", NOT_KNOWN)
"""Answers to questions that need no supporting sentence: no disclosure, no worker, no earlier SERAF, not known."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a vignette: its dotted path, and what is wrong."""

    place: str
    what: str


def mistakes(
    vignette: Vignette, instrument: Instrument, *, guidance: Guidance, contacts: Contacts = NO_CONTACTS
) -> tuple[Mistake, ...]:
    """Return all mistakes in a vignette. What follows from its answers is checked only if all answers are valid."""
    sizes = (("words", len(vignette.text.split()), WORDS), ("parts", len(vignette.parts), PARTS))
    length = (
        Mistake("parts", f"{number} {what}; a vignette has {least} to {most}")
        for what, number, (least, most) in sizes
        if not vignette.stages and not least <= number <= most
    )
    told = (*length, *_plain(vignette, instrument))
    answered = tuple(_answered(vignette, instrument, guidance=guidance))
    follows = () if answered else tuple(_follows(vignette, instrument, guidance=guidance))
    if vignette.stages and not answered:
        staged = stage_faults(vignette, instrument, guidance=guidance, contacts=contacts)
        follows = (*follows, *(Mistake(place, what) for place, what in staged))
    return (*told, *answered, *_cited(vignette, instrument), *follows)


def code_fault(text: str, instrument: Instrument) -> str:
    """Return the fault of a text that names an item by its id, which no card shows; an empty string if it names none.

    Only an id with both letters and digits counts: any other could be a plain English word or number.
    """
    items = (item for item in instrument.items if any(map(str.isalpha, item.id)) and any(map(str.isdigit, item.id)))
    codes = {item.id: item for item in items}
    # One search for all of them first, since nearly every text has none; only then is the code looked for.
    if not _naming(tuple(codes)).search(text):
        return ""
    item = next(item for item in codes.values() if _naming((item.id,)).search(text))
    return f"speaks of {item.id!r}, a code that nobody sees; say it in plain words, such as {item.short!r}"


@lru_cache(maxsize=200)
def _naming(codes: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that matches any of these ids. If there are none, it matches nothing."""
    any_of = "|".join(map(re.escape, codes))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)" if codes else r"(?!)", re.IGNORECASE)


def _plain(vignette: Vignette, instrument: Instrument) -> Iterator[Mistake]:
    """Yield a mistake for each text that names an item by its id, or in which a word could mean two people."""
    texts = {"title": vignette.title, "about": vignette.about, "warning": vignette.warning}
    texts |= {
        f"parts[{at}].{key}": text
        for at, part in enumerate(() if vignette.stages else vignette.parts)
        for key, text in (("title", part.title), ("text", part.text))
    }
    texts |= {
        f"key.answers.{keyed.place}.{key}": text
        for keyed in vignette.key.keyed
        for key, text in (("because", keyed.because), ("other_because", keyed.other_because))
    }
    texts["key.first_call_because"] = vignette.key.first_call_because
    for at, stage in enumerate(vignette.stages):
        rows = [(f"answers.{keyed.place}", {"because": keyed.because}) for keyed in stage.answers]
        for number, choice in enumerate(stage.choices):
            rows.append((f"do[{number}]", _texts_of(choice) | {"asks": choice.asks}))
            rows += ((f"do[{number}].replies[{count}]", _texts_of(reply)) for count, reply in enumerate(choice.replies))
        own = {"text": stage.text, "missed": stage.missed, "first_call_because": stage.first_call_because}
        texts |= {f"stages[{at}].{key}": text for key, text in own.items()}
        texts |= {f"stages[{at}].{place}.{key}": text for place, row in rows for key, text in row.items()}
    for place, text in texts.items():
        if fault := code_fault(text, instrument):
            yield Mistake(place, fault)
        if kin := unclear_kin(text):
            yield Mistake(place, f"{kin!r} could be of two people; name whose it is")


def _texts_of(choice: StageChoice) -> dict[str, str]:
    return {"label": choice.label, "then": choice.then, "because": choice.because, "missed": choice.missed}


def _answered(vignette: Vignette, instrument: Instrument, *, guidance: Guidance) -> Iterator[Mistake]:
    """Yield a mistake for each item or question that is unknown, missing, answered twice, or has a wrong answer."""
    words: dict[str, Sequence[str]] = {
        **{item.id: tuple(option.id for option in item.section.options) for item in instrument.items},
        **{key: tuple(word for word in FACT_WORDS[key] if word != "not-asked") for key in ASKED},
        **{question.id: ANSWERS for question in instrument.questions},
        **{circumstance.id: circumstance.words for circumstance in guidance.circumstances},
    }
    seen = set[str]()
    for keyed in vignette.key.keyed:
        place = f"key.answers.{keyed.place}"
        if keyed.place not in words:
            yield Mistake(place, "neither an item nor a question that a key may answer; take it out, or correct it")
        elif keyed.place in seen:
            yield Mistake(place, "answered more than once; leave it in one table")
        else:
            yield from _readings(place, keyed, words=words[keyed.place])
        seen.add(keyed.place)
    for at, stage in enumerate(vignette.stages):
        for keyed in stage.answers:
            place = f"stages[{at}].answers.{keyed.place}"
            if keyed.place in words:
                yield from _readings(place, keyed, words=words[keyed.place])
            else:
                yield Mistake(place, "neither an item nor a question that a key may answer")
    missing = "missing; put it into the `places` of an answer, if only of not-known"
    for needed in (*(item.id for item in instrument.items), *NEEDED):
        if needed not in seen:
            yield Mistake(f"key.answers.{needed}", missing)


def _readings(place: str, keyed: Keyed, *, words: Sequence[str]) -> Iterator[Mistake]:
    for answer in (keyed.answer, keyed.other):
        if answer and answer not in words:
            yield Mistake(place, f"{answer!r} is not one of: {', '.join(words)}")
    if keyed.other == keyed.answer:
        yield Mistake(place, "the other reading is the same as the first; write a different one, or none")
    if bool(keyed.other) != bool(keyed.other_because.strip()):
        yield Mistake(place, "write `other` and `other_because` both, or neither")


def _cited(vignette: Vignette, instrument: Instrument) -> Iterator[Mistake]:
    """Yield a mistake for each answer that lacks a needed sentence, or has one that no part contains word for word."""
    for keyed in vignette.key.keyed:
        place = f"key.answers.{keyed.place}.cites"
        if not keyed.cites and not rests_on_nothing(keyed.place, keyed.answer, instrument):
            yield Mistake(place, "missing; name the sentence that this answer rests on")
        if not vignette.stages and not any(keyed.cites in part.text for part in vignette.parts):
            yield Mistake(place, f"not word for word in any part: {keyed.cites!r}; copy it from the story")


def rests_on_nothing(place: str, answer: str, instrument: Instrument) -> bool:
    """Return True if an answer needs no sentence: an item that is not known, or one of `RESTS_ON_NOTHING`."""
    if place not in instrument:
        return place != "judgement" and answer in RESTS_ON_NOTHING
    return answer not in {option.id for option in instrument.item(place).section.options if option.is_known}


def _follows(vignette: Vignette, instrument: Instrument, *, guidance: Guidance) -> Iterator[Mistake]:
    """Yield a mistake for each claim that the agreed answers contradict, such as the stated score or first call."""
    key = vignette.key
    view = CaseView(instrument, key.case(frozenset(item.id for item in instrument.items)))
    score, facts = view.score, view.advice(guidance).settled
    for name, stated, true in (("total", key.total, score.total), ("category", key.category, score.category)):
        if stated != true:
            yield Mistake(
                f"key.{name}",
                f"{stated} is stated, but the answers come to {true}: write that, if each answer is right",
            )
    # A short question may be decided by other answers.
    for circumstance in guidance.circumstances:
        answer = key.of(circumstance.id)
        if answer and answer.answer not in facts[circumstance.id]:
            settled = ", ".join(facts[circumstance.id])
            yield Mistake(
                f"key.answers.{circumstance.id}", f"other answers make it {settled}; write that, or change them"
            )
    for place, what in key_faults(key, instrument, guidance=guidance):
        yield Mistake(f"key.{place}", what)
    for keyed in key.keyed:
        for rule in keyed.rules:
            if not is_practised(rule, keyed, instrument=instrument, facts=facts):
                yield Mistake(f"key.answers.{keyed.place}.rules", f"{rule!s} is not practised here; take it out")
    practised = {rule for keyed in key.keyed for rule in keyed.rules}
    for rule in sorted(practised.symmetric_difference(key.rules)):
        what = (
            "practised at an answer: name it here"
            if rule in practised
            else "at no answer: put it at one, or take it out"
        )
        yield Mistake("key.rules", f"{rule!s} is {what}")
