"""The rule that puts whom to call first. It errs towards calling: a list of urgent words alone misses too much.

It takes a statement about somebody for an account of what happens to them, whatever its words are, unless it tells what they
do over time, or what the pack has a sign for and nothing that happened. A “no” undoes nothing.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA

from seraf.reference import fold
from seraf.search.english import (
    ASKING,
    ASKING_OF,
    DOES,
    HARM,
    PEOPLE,
    PRONOUNS,
    SIGN,
    SUBJECT,
    SUBJECTS,
    TOLD_OF,
    URGENT,
)
from seraf.search.words import PART, stem_of

ACCOUNT = 4
"""The minimum number of words of a statement that tells of somebody and does not begin with them."""

ARTICLES = frozenset(("a", "an", "the", "my", "our", "this", "that", "another", "one", "of"))

TOLD = 3
"""The minimum number of words of a statement of harm in which nobody is named: “threatened with a bottle”."""

UNNAMED, NAMED = 5, 3
"""The minimum number of words of a statement that may tell something, such as “drug dealers at the flat”, and of one about a child."""

LONG_ENOUGH, LONGEST, LONGER = 6, 30, 2
"""The minimum and maximum letters of a word that may be a misspelt urgent one, and how many more letters than that it may have."""

ASKS_WHAT_TO_DO = re.compile(
    r"\b(?:what (?:do|should|can|shall|must|would|could) (?:i|we) do|what now|what next|who (?:do|should|can|must) (?:i|we) \w+|"
    r"(?:should|do|must|can|shall|could) (?:i|we)(?: need to| have to)? (?:call|ring|phone|dial|report))\b"
)
"""Matches how somebody asks what to do about what they then tell."""

HER = re.compile(
    r"\bher (?!(?:to|and|or|in|on|at|from|with|for|by|is|was|a|the|again|when|while|if|because|down|up|into|out|off|over|"
    r"as|that|he|she|so)\b)(?=\w)"
)
"""Matches “her” before a noun, which tells of nobody by itself."""

SUFFERED = re.compile(
    r"\b(?<!well )being (?!in\b|with\b|late\b)\w+(?:ed|en|t)\b|"
    r"\w{2,}(?:ed|en|t|ld) by (?:an?|the|two|three|some|his|her|their|m[ae]n|adults?|lads|boys|older|unknown|strangers?)\b"
)
"""Matches what is done to somebody: “being threatened”, “bitten by an adult”."""

REQUEST = re.compile(r"\b(?:remind|show|give) me\b")
"""Matches what is asked of the bot, in which “me” is nobody of whom an account tells."""

ROLE = re.compile(
    r"^(?:i am|im|we are|were|as)(?: very| really| still| only| just)? (?:(?:an?|the) \w+|new|worried|concerned|unsure|not sure)\b|"
    r"^(?:i|we) (?:think|believe|suspect|wonder|do not know|dont know|want to know|need to know)\b"
)
"""Matches how somebody says who they are or what they think: “I am a teacher”. What they tell follows."""

LONG_AGO = re.compile(
    r"\b(?:years? ago|last year|in the past|as (?:an?|his|her) (?:small |young |little )?(?:baby|toddler|infant|child)|used to|"
    r"when (?:he|she|they) (?:was|were)|when (?:small|little|young|younger)|historic\w*|previous\w*|once a (?:week|month|year))\b"
)
"""Matches what sets an account in the past."""


OVER_TIME = re.compile(
    r"\b(?:always|often|usually|regularly|sometimes|constant(?:ly)?|repeated(?:ly)?|never|no longer|all the time|keeps|weekends|"
    r"(?:every|most|each|some) (?:single )?(?:day|night|morning|evening|week|weekend|month|time|lesson)s?)\b"
)
"""Matches what tells of a sign over time: “every week”."""

_UNDER_13 = (
    r"\b(?:is|shes|hes|only|aged?) (?:[3-9]|1[0-2]|five|six|seven|eight|nine|ten|eleven|twelve)\b|"
    r"\b(?:[3-9]|1[0-2]|five|six|seven|eight|nine|ten|eleven|twelve) ?(?:yo|(?:yrs?|years?) old)\b"
)

YOUNG_AND_SEX = re.compile(rf"^(?=.*(?:{_UNDER_13})).*\b(?:pregnan|expecting|sex|abort|miscarr|naked|nude)")
"""Matches a child under 13 and what tells of sex: “11 year old pregnant”."""

OCCURS = re.compile(
    r"\b(?:says|said|say|saying|sent|came|did|saw|heard|turned|tried|trying|will|theyll|hell|shell|theyd|since|soon|"
    r"needs?|wants? to|wanted|going to|going with|about to|been away|been gone|here|midnight|right now)\b|"
    r"\b(?:at|by) \d|\bin (?:an?|\w+) (?:hour|minute)s?\b|\b(?:meets|meet|picks|gets) (?:him|her|them)\b|" + _UNDER_13
)
"""Matches what occurs now or has just been told, or a child under 13, in a statement whose words are all those of signs."""

HAPPENED = re.compile(
    r"\b(?:is|are|was|were|has|have|just) (?:\w+ )?\w{2,}(?:ing|ed|en)\b|"
    r"\b(?:found|seen|left|took|went|gave|put|broke|unaccounted|unable|been|open|empty|later|now)\b"
)
"""Matches what more may have happened, in a statement with nobody in it."""

DEFINES = re.compile(
    r"^(?:what(?:s| is| are) (?!.*\b(?:number|now|wrong|happening|going)\b)|what (?:does|do) .*\bmean|what counts|define|definition|"
    r"meaning|explain|difference|examples|signs of|how many|do(?:es)? .*\bcount)"
)
"""Matches a question about a word or a rule, which tells of nobody unless somebody is in it."""


def _by_first_word() -> dict[str, list[tuple[str, ...]]]:
    phrases = dict[str, list[tuple[str, ...]]]()
    for phrase in URGENT:
        first, *rest = phrase.split()
        phrases.setdefault(first, []).append(tuple(rest))
    return phrases


_PHRASES = _by_first_word()
"""The words that follow the first one in urgent phrases, by that first word."""

_ALONE = tuple(word for word, rests in _PHRASES.items() if () in rests and len(word.rstrip("*")) >= LONG_ENOUGH - 1)
"""The words that are urgent by themselves and long enough to be known when they are misspelt."""


def is_question(text: str) -> bool:
    """Return True if the text asks something: it ends with a question mark, or begins as questions do."""
    return text.rstrip().endswith("?") or _asks(fold(text).split())


def _asks(words: Sequence[str]) -> bool:
    first, second, *_ = *words, "", ""
    return first in ASKING or (first in ASKING_OF and second in SUBJECT)


def is_urgent(text: str, known: Container[str] = ()) -> bool:
    """Return True if whom to call comes first whatever the pack has: for an urgent phrase, or harm to somebody.

    A word whose stem the pack has (`known`) is not misspelt.
    """
    folded = fold(text)
    words = folded.split()
    is_about_somebody = not PEOPLE.isdisjoint(words)
    if not is_about_somebody and (SIGN.issuperset(words) or DEFINES.match(folded)):
        return False
    is_child_harmed = not is_question(text) and YOUNG_AND_SEX.search(folded)
    if _has_phrase(words, known) or SUFFERED.search(folded) or is_child_harmed:
        return True
    asks = ASKS_WHAT_TO_DO.search(folded)
    if asks and not PEOPLE.isdisjoint(folded[asks.end() :].split()):
        return True
    is_told = len(words) >= TOLD and not is_question(text)
    return (
        (is_told or is_about_somebody)
        and not LONG_AGO.search(folded)
        and any(_is(word, harm) for word in words for harm in HARM)
    )


def _tells(part: Sequence[str]) -> bool:
    """Return True if the words tell of somebody: they begin with them, or name them within enough words."""
    first, second, *_ = *(word for word in part if word not in ARTICLES), "", ""
    is_begun = (first in SUBJECTS and second != "") or (first in TOLD_OF and second in DOES)
    return is_begun or (len(part) >= ACCOUNT and not PRONOUNS.isdisjoint(part))


def may_tell(text: str, *, is_explained: bool) -> bool:
    """Return True for a statement that may tell what happens now to somebody.

    Where phrases of the pack account for all of it (`is_explained`), it does so only if it says that something happened.
    """
    folded = fold(text)
    if LONG_AGO.search(folded):
        return False
    occurs = bool(OCCURS.search(folded)) and not OVER_TIME.search(folded)
    if any(_tells(part) for part in _statements(text)):
        return occurs or not is_explained
    if is_explained or is_question(text):
        return False
    happened = occurs or (bool(HAPPENED.search(folded)) and not OVER_TIME.search(folded))
    return any(_may(part, happened=happened) for part in _statements(text))


def _may(part: Sequence[str], *, happened: bool) -> bool:
    is_of_child = not TOLD_OF.isdisjoint(part)
    return len(part) >= UNNAMED - is_of_child and (happened or is_of_child)


def _statements(text: str) -> Iterator[list[str]]:
    """Yield the words of each part of a text that is not a question."""
    for part in PART.split(text.lower()):
        words = HER.sub("", REQUEST.sub("", ROLE.sub("", fold(part)))).split()
        if words and not _asks(words):
            yield words


def _has_phrase(words: Sequence[str], known: Container[str]) -> bool:
    return any(
        _follows(words[at + 1 :], rest)
        for at, word in enumerate(words)
        for first in _forms(word, known)
        for rest in _PHRASES.get(first, ())
    )


def _forms(word: str, known: Container[str]) -> Iterator[str]:
    """Yield a word, each beginning of it with a star, and the urgent words of which it may be a misspelling."""
    yield word
    for size in range(3, min(len(word), LONGEST) + 1):
        yield f"{word[:size]}*"
    if LONGEST >= len(word) >= LONG_ENOUGH and stem_of(word) not in known:
        yield from (urgent for urgent in _ALONE if urgent[0] == word[0] and _is_misspelt(word, urgent))


def _is_misspelt(word: str, urgent: str) -> bool:
    letters = urgent.rstrip("*")
    if len(word) - len(letters) > LONGER:
        return False
    sizes = (len(word),) if letters == urgent else range(len(letters) - 1, len(letters) + 2)
    return any(OSA.distance(word[:size], letters, score_cutoff=1) <= 1 for size in sizes)


def _follows(words: Sequence[str], rest: Iterable[str]) -> bool:
    """Return True if the rest of a phrase follows, with at most one other word before each of its words."""
    at = 0
    for wanted in rest:
        step = next((step for step, word in enumerate(words[at : at + 2], 1) if _is(word, wanted)), 0)
        if not step:
            return False
        at += step
    return True


def _is(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
