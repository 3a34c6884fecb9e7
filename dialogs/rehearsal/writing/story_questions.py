"""Questions about the story itself: what it is called, what is hard to read in it, and its parts."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import takewhile

from dialogs.core.script import Script
from dialogs.rehearsal.writing.question import Check, FormQuestion, Given, asks_text, listed, plain_text, some_numbers
from seraf.cases.vignette import Theme
from seraf.reading.cases.vignettes import MAX_ABOUT, MAX_PART, MAX_TITLE, MAX_WARNING
from seraf.rehearsal.checking import PARTS, WORDS

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}")
"""An id, as the reader of packs takes it."""

AROUND = (("title", MAX_TITLE), ("about", MAX_ABOUT), ("warning", MAX_WARNING))
"""The texts around the story, with the most characters of each."""

THEMES = tuple(Theme)


def story_questions(given: Given, script: Script) -> Iterator[FormQuestion]:
    """From the id to the last part."""
    say = script.wording.say
    yield FormQuestion("id", say("writing.ask.id"), partial(_id_fault, script=script))
    for name, limit in AROUND:
        yield asks_text(name, say(f"writing.ask.{name}", limit=limit), limit, script=script)
    yield FormQuestion("themes", _themes(script), some_numbers(len(THEMES), script))
    for number in range(1, PARTS[1] + 1):
        title = f"part-{number}-title"
        yield FormQuestion(title, _title(number, given, script), _title_check(number, given, script))
        if not given.get(title):
            return
        yield FormQuestion(f"part-{number}-text", _text(number, given, script), _text_check(number, given, script))


def texts_of(given: Given) -> tuple[str, ...]:
    """The texts of the parts, as far as they are written; what is left of a part without a title is none."""
    titled = takewhile(lambda number: given.get(f"part-{number}-title"), range(1, PARTS[1] + 1))
    return tuple(given[name] for number in titled if (name := f"part-{number}-text") in given)


def _words(given: Given, before: int) -> int:
    """The words of the parts before this one."""
    return sum(len(given.get(f"part-{number}-text", "").split()) for number in range(1, before))


def _id_fault(text: str, script: Script) -> str:
    if not NAME.fullmatch(text):
        return script.wording.say("writing.fault.id")
    taken = text in {each.id for each in script.pack.vignettes}
    return script.wording.say("writing.fault.taken", id=text) if taken else ""


def _themes(script: Script) -> str:
    names = tuple(theme.replace("-", " ") for theme in THEMES)
    return script.wording.say("writing.ask.themes", themes=listed(names))


def _title(number: int, given: Given, script: Script) -> str:
    key = "writing.ask.more-parts" if number > PARTS[0] else "writing.ask.part-title"
    return script.wording.say(key, number=number, words=_words(given, number), least=WORDS[0], limit=MAX_TITLE)


def _text(number: int, given: Given, script: Script) -> str:
    left = WORDS[1] - _words(given, number)
    return script.wording.say("writing.ask.part-text", number=number, limit=MAX_PART, left=left)


def _title_check(number: int, given: Given, script: Script) -> Check:
    """A title; after the third part none as well, once there are words enough."""
    check, words = plain_text(MAX_TITLE, script), _words(given, number)

    def with_end(text: str) -> str:
        """What is wrong with it."""
        if text or number <= PARTS[0]:
            return check(text)
        few = words < WORDS[0]
        return script.wording.say("writing.fault.few-words", words=words, least=WORDS[0]) if few else ""

    return with_end


def _text_check(number: int, given: Given, script: Script) -> Check:
    """A text that leaves the whole within its limits of words."""
    check, before = plain_text(MAX_PART, script), _words(given, number)

    def within(text: str) -> str:
        """What is wrong with it."""
        words, say = before + len(text.split()), script.wording.say
        if words > WORDS[1]:
            return say("writing.fault.many-words", words=words, most=WORDS[1])
        if number == PARTS[1] and words < WORDS[0]:
            return say("writing.fault.few-words", words=words, least=WORDS[0])
        return check(text)

    return within
