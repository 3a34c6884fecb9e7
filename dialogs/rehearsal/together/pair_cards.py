"""Where the two people of a pair differ: the critical actions of both, then what else they answered differently."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.core.keys import Paragraphs
from dialogs.core.page import AnswerRow, AnswerRows, Listed, PageKind, PagePart, SectionPart, Text, WholePage
from dialogs.core.replies import Paragraph, paged
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rooms import Beside
from dialogs.rehearsal.core.stage_card import done_in_words, titled, ways_to
from state_machines.rehearsal import Turn


def pair_pages(practice: Practice, script: Script) -> tuple[Paragraphs, ...]:
    """Return the comparison of the two people, divided into pages, critical actions first, or a note if it is not ready."""
    seen = practice.membership.seen
    if not isinstance(seen, Beside) or not seen.is_compared:
        is_open = bool(practice.membership.room) and not (isinstance(seen, Beside) and seen.has_left)
        return (titled("pair-waits" if is_open else "pair-over", script),)
    say = script.wording.say
    page = [Paragraph(say("rehearsal.report.items"), is_strong=True), *map(Paragraph, _alike(seen, script))]
    for about, yours, theirs in _differing(seen, script):
        page.append(Paragraph(say("rehearsal.pair.line", about=about, yours=yours, theirs=theirs)))
    return (*paged(tuple(_paired_actions(seen, script))), *paged(tuple(page)))


def _differing(seen: Beside, script: Script) -> Iterator[tuple[str, str, str]]:
    """Yield what two people answered differently: items in the order of the form, then questions, with both answers."""
    items = [item.id for item in script.pack.instrument.items]
    for place, *answers in sorted(
        seen.differing, key=lambda each: items.index(each[0]) if each[0] in items else len(items)
    ):
        yours, theirs = (answer_in_words(place, answer, script=script) for answer in answers)
        yield asked_in_words(place, script), yours, theirs


def _alike(seen: Beside, script: Script) -> tuple[str, ...]:
    say, items = script.wording.say, script.pack.instrument
    alike = seen.of - sum(place in items for place, _, _ in seen.differing)
    told = say("rehearsal.pair.alike", alike=alike, of=seen.of)
    return (told, say("rehearsal.pair.talk")) if seen.differing else (told,)


def differences_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return where two people differ as one page, critical actions first."""
    seen, say = practice.membership.seen, script.wording.say
    if not isinstance(seen, Beside) or not seen.is_compared:
        return plain
    head, *actions = (each.text for each in _paired_actions(seen, script))
    rows = tuple(
        SectionPart(about, (AnswerRows((AnswerRow(say("leaf.you"), yours), AnswerRow(say("leaf.the-other"), theirs))),))
        for about, yours, theirs in _differing(seen, script)
    )
    parts: tuple[PagePart, ...] = (
        SectionPart(say("leaf.critical"), (Listed(tuple(actions)),)),
        SectionPart(say("rehearsal.report.items"), (*map(Text, _alike(seen, script)), *rows)),
        *ways_to(plain, Turn.LEAVE),
    )
    return replace(plain, shape=PageKind.DEBRIEF, caption=say("leaf.two-of-you"), heading=head, parts=parts)


def _paired_actions(seen: Beside, script: Script) -> Iterator[Paragraph]:
    """Yield how many critical actions each of the two missed, then the actions that either missed, then the other ones."""
    say = script.wording.say
    mine, theirs = (sum(both[at].is_missed for both in seen.critical) for at in (0, 1))
    key = "rehearsal.pair.missed" if mine or theirs else "rehearsal.pair.none"
    yield Paragraph(say(key, mine=mine, theirs=theirs, of=len(seen.critical)), is_strong=True)
    missed_by = {(True, True): "both", (True, False): "mine", (False, True): "theirs", (False, False): "neither"}
    for own, other in sorted(seen.critical, key=lambda both: not any(action.is_missed for action in both)):
        line = say(
            f"rehearsal.pair.{missed_by[own.is_missed, other.is_missed]}",
            name=say(f"critical.{own.critical}"),
            yours=done_in_words(own.critical, own.done, script=script),
            theirs=done_in_words(own.critical, other.done, script=script),
            keys=done_in_words(own.critical, next(iter(own.keys), None), script=script),
        )
        yield Paragraph(line)
