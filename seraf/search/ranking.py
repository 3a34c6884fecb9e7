"""The ranking: which entries of a pack fit a question, how well, and why. `docs/search.md` explains it on one page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations, pairwise

from rapidfuzz.distance import OSA

from seraf.reference import fold
from seraf.search.index import Findable, FindableKind, FoundIn, Index, Phrase
from seraf.search.urgency import is_question, is_urgent, may_tell
from seraf.search.words import BESIDE_STEMS, NO, WEAK_STEMS, Word, words_in

LONGEST, MOST_WORDS = 300, 40
"""The maximum number of characters and of words of a question that is looked up."""

MOST = 5
"""The maximum number of entries that are shown."""

WHOLE, COMMON_WORD, WEAK_WORD = 3.0, 1.0, 1.2
"""Points of a word within a phrase that the question has whole: times its rarity, of a common word, and of a weak one alone."""

BY_SOURCE: Mapping[FoundIn, float] = {FoundIn.NAME: 1.5, FoundIn.WORDS: 0.8, FoundIn.TEXT: 0.35}
"""Points of a word outside such a phrase, times its rarity."""

FURTHER, NAMED, ALL_OF_IT, IN_NAME = 1.2, 0.5, 2.5, 0.3
"""Added points: each further word of the best phrase; a phrase that is a name, or the whole question; a word in a name."""

MISSPELT = 0.75
"""A misspelt word has this share of its points."""

BETWEEN = 3
"""The maximum number of other words between those of a phrase."""

SHARE_OF_BEST, LOWEST, LOWEST_FAINT = 0.34, 3.0, 1.6
"""An entry is shown if it has this share of the best score, and at least this score; without a whole phrase, the last one."""

SEVERAL = 3
"""The minimum number of items of the form in one sentence that put whom to call first."""

CLEAR = 1.45
"""The best entry is clear if its score is at least this many times the second one's."""

ONE_SLIP, TWO_SLIPS, SHORT = 5, 9, 6
"""The minimum lengths for one and for two slips. In words of up to `SHORT` letters, only vowels are mistaken for others."""

VOWELS = frozenset("aeiouy")


class Fit(StrEnum):
    """How well something fits: one thing is clearly best, several fit, several items of the form, faintly, not, or too long."""

    CLEAR = "clear"
    SEVERAL = "several"
    ITEMS = "items"
    FAINT = "faint"
    NOTHING = "nothing"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that fits, its score, and the points that make it up, each with what they are for.

    `words` is how many words of the question it has. `is_whole` is True if the question has one of its phrases whole.
    """

    entry: Findable
    score: float
    points: tuple[tuple[str, float], ...]
    words: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What fits a question, the best first, and whether whom to call comes before it. It holds none of the question's words.

    `items` are the items of the form that fit different words of the question, in its order, if there are at least two.
    """

    fit: Fit
    found: tuple[Found, ...] = ()
    items: tuple[Findable, ...] = ()
    calls_first: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    """A phrase that a question has whole, and the words of the question that it consists of."""

    phrase: Phrase
    words: tuple[Word, ...] = field(repr=False)

    @property
    def places(self) -> frozenset[int]:
        """The places of its words in the question."""
        return frozenset(word.at for word in self.words)


def search(index: Index, question: str, *, stem: Callable[[str], str] | None = None) -> SearchResult:
    """Return what fits a question. It depends on the pack and the question alone; `stem` is as in `words_in`."""
    if len(question) > LONGEST or len(fold(question).split()) > MOST_WORDS:
        return SearchResult(Fit.LONG, calls_first=True)
    words = _corrected(words_in(question, index.places, stem=stem), index)
    matches = _allowed(_matches(index, words), index, is_question=is_question(question))
    found = _scored(index, [word for word in words if not word.is_denied], matches=matches)
    return _answer(
        index,
        found,
        words=words,
        matches=matches,
        question=question,
    )


def _corrected(words: Sequence[Word], index: Index) -> tuple[Word, ...]:
    """Return the words with the misspelt ones corrected. Every word that the pack has is right."""
    return tuple(_corrected_word(word, index) if word.stem not in index.places else word for word in words)


def _corrected_word(word: Word, index: Index) -> Word:
    slips = 2 if len(word.stem) >= TWO_SLIPS else 1
    if len(word.stem) < ONE_SLIP or not word.stem.isalpha():
        return word
    near = [
        (distance, index.rarity[stem], stem)
        for stem in index.spellings.get(word.stem[0], ())
        if abs(len(stem) - len(word.stem)) <= slips
        and (distance := OSA.distance(word.stem, stem, score_cutoff=slips)) <= slips
        and (len(word.stem) > SHORT or _is_near(word.stem, stem))
    ]
    return replace(word, stem=min(near)[2], is_corrected=True) if near else word


def _is_near(short: str, other: str) -> bool:
    """Return False if a consonant stands for another: “France” is not a misspelt “fiancé”."""
    changed = [(one, two) for one, two in zip(short, other, strict=False) if one != two]
    is_changed = len(short) == len(other) and len(changed) == 1
    return not is_changed or VOWELS.issuperset(changed[0])


def _matches(index: Index, words: Sequence[Word]) -> list[_Match]:
    """Return the phrases that stand whole in a part of the question, with few other words between theirs."""
    matches, parts = list[_Match](), dict[int, dict[str, list[Word]]]()
    for word in words:
        parts.setdefault(word.part, {}).setdefault(word.stem, []).append(word)
    for part in parts.values():
        for stem, rarest in part.items():
            for phrase in index.phrases.get(stem, ()):
                if all(other in part for other in phrase.stems):
                    closest = (_nearest(part, phrase, word) for word in rarest)
                    match = next((found for found in closest if found), None)
                    if match and (len(phrase.stems) > 1 or _counts_alone(match[0], words)):
                        matches.append(_Match(phrase, match))
    return matches


def _nearest(part: Mapping[str, Sequence[Word]], phrase: Phrase, word: Word) -> tuple[Word, ...]:
    """Return the words of a phrase that are nearest to one of them, or nothing if too many others stand between.

    A “no” has to stand before what it denies in the phrase: “cash nobody gave, keeps turning up” does not turn up.
    """
    found = tuple(min(part[stem], key=lambda other: abs(other.at - word.at)) for stem in phrase.stems)
    places = [other.at for other in found]
    is_turned = any(one.stem == NO and two.at < one.at for one, two in pairwise(found))
    return found if not is_turned and max(places) - min(places) < len(phrase.stems) + BETWEEN else ()


def _counts_alone(word: Word, words: Iterable[Word]) -> bool:
    """Return True unless the word has many meanings, and its clause has another word that says more."""
    if word.stem not in WEAK_STEMS and not word.is_common:
        return True
    others = (other for other in words if other.clause == word.clause and other.at != word.at)
    return all(other.is_common or (other.stem in WEAK_STEMS and not word.is_common) for other in others)


def _allowed(matches: Sequence[_Match], index: Index, *, is_question: bool) -> list[_Match]:
    """Return the matches without those of denied words. In a question, only items are not found by such words."""
    own = {place for match in matches if NO in match.phrase.stems for place in match.places}
    return [
        match
        for match in matches
        if all(not word.is_denied or word.at in own for word in match.words)
        or (is_question and index.entries[match.phrase.entry].kind is not FindableKind.ITEM)
    ]


def _scored(index: Index, words: Sequence[Word], *, matches: Sequence[_Match]) -> list[Found]:
    """Return each entry with a word of the question and its score, the best first. Ties keep the order of the pack."""
    content = {word.at for word in words if not word.is_common} or {word.at for word in words}
    points, best = dict[int, dict[int, tuple[float, str]]](), dict[int, tuple[float, str]]()

    def count(entry: int, word: Word, value: float, why: str) -> None:
        value *= MISSPELT if word.is_corrected else 1
        of_entry = points.setdefault(entry, {})
        of_entry[word.at] = max(of_entry.get(word.at, (0.0, "")), (value, why))

    for match in matches:
        entry, is_alone = match.phrase.entry, len(match.phrase.stems) == 1
        for word in match.words:
            value = COMMON_WORD if word.is_common else WHOLE * index.rarity[word.stem]
            count(entry, word, WEAK_WORD if is_alone and word.stem in WEAK_STEMS else value, "a word of a phrase")
        further = FURTHER * (len(match.phrase.stems) - 1)
        bonus = further + NAMED * match.phrase.is_name + ALL_OF_IT * (content <= match.places)
        best[entry] = max(best.get(entry, (0.0, "")), (bonus, f"the phrase “{' '.join(match.phrase.stems)}”"))
    for word in words:
        if word.is_common or not _counts_alone(word, words):
            continue
        for entry, source in index.places.get(word.stem, ()):
            named = IN_NAME if source is FoundIn.NAME else 0
            count(entry, word, BY_SOURCE[source] * index.rarity[word.stem] + named, f"a word of its {source}")
    found = list[Found]()
    for entry in sorted(points):
        reasons = dict[str, float]()
        for value, why in points[entry].values():
            reasons[why] = reasons.get(why, 0) + value
        if entry in best:
            reasons[best[entry][1]] = best[entry][0]
        found.append(
            Found(
                index.entries[entry], sum(reasons.values()), tuple(reasons.items()), len(points[entry]), entry in best
            )
        )
    return sorted(found, key=lambda entry: -entry.score)


def _answer(
    index: Index,
    found: Sequence[Found],
    *,
    words: Sequence[Word],
    matches: Sequence[_Match],
    question: str,
) -> SearchResult:
    content = {word.at for word in words if not word.is_common and not word.is_denied}
    whole = any(entry.is_whole for entry in found)
    if whole:
        lowest = max(LOWEST, SHARE_OF_BEST * max(entry.score for entry in found if entry.is_whole))
        shown = [entry for entry in found if entry.score >= lowest or (entry.is_whole and entry is found[0])]
    else:
        shown = [
            entry
            for entry in found
            if entry.score >= LOWEST_FAINT
            and 2 * entry.words >= len(content)
            and (entry.words > 1 or len(content) == 1)
        ]
    items = _items(index, matches)
    explained = frozenset[int]().union(*(match.places for match in matches))
    told = {word.at for word in words if word.at in content and word.stem not in BESIDE_STEMS}
    calls_first = (
        is_urgent(question, index.places) or len(items) >= SEVERAL or may_tell(question, is_explained=told <= explained)
    )
    if not shown:
        return SearchResult(Fit.NOTHING, calls_first=calls_first)
    fitting = [entry.entry for entry in shown]
    items = tuple(item for item in items if item in fitting)
    items = items if len(items) > 1 else ()
    is_clear = len(shown) == 1 or shown[0].score >= CLEAR * shown[1].score
    fit = Fit.ITEMS if items else Fit.FAINT if not whole else Fit.CLEAR if is_clear else Fit.SEVERAL
    return SearchResult(fit, tuple(shown[:MOST]), items, calls_first)


def _items(index: Index, matches: Sequence[_Match]) -> tuple[Findable, ...]:
    """Return the items that different words of the question name, in its order; nothing if there is only one."""
    entries = index.entries
    own = [match for match in matches if entries[match.phrase.entry].kind is FindableKind.ITEM]
    longest = [match for match in own if not any(match.places < other.places for other in own)]
    if not any(
        one.places.isdisjoint(two.places) and one.phrase.entry != two.phrase.entry
        for one, two in combinations(longest, 2)
    ):
        return ()
    ordered = sorted(longest, key=lambda match: (min(match.places), -len(match.places), match.phrase.entry))
    return tuple(dict.fromkeys(entries[match.phrase.entry] for match in ordered))[:MOST]
