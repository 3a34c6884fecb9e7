"""The cards of a debrief, which compare a person's answers with the agreed ones: critical actions first, then items."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from dialogs.core import keys
from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Paragraphs
from dialogs.core.page import (
    AnswerRow,
    AnswerRows,
    Listed,
    More,
    PageKind,
    PagePart,
    SectionPart,
    Text,
    TextLook,
    WholePage,
)
from dialogs.core.replies import Paragraph, paged
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.phrases.number import quotable
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.alone.stage_debrief import stage_paragraphs, stage_section
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.stage_card import (
    BACK,
    GO_ON,
    NEXT,
    StageCard,
    critical_names,
    done_in_words,
    ways_to,
)
from dialogs.rehearsal.core.stages import debriefed
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction
from seraf.rehearsal.debrief import Debrief, Difference, missed_at
from seraf.rehearsal.first_call import REACHES
from state_machines.rehearsal import Turn


def critical_paragraphs(practice: Practice, result: Debrief, *, script: Script) -> tuple[Paragraph, ...]:
    """Return the missed actions with their reasons, then the other ones, so that nothing is praised before a missed action."""
    say, key, of = script.wording.say, case_of(practice, script.pack).key, _by_outcome(result)
    missed, further = of[ActionOutcome.MISSED], of[ActionOutcome.OVER_PROTECTIVE]
    told = [Paragraph(_critical_head(result, script), is_strong=True)]
    told += [_compared(action, key, script=script) for action in missed]
    if result.pressing:
        told += [Paragraph(say("rehearsal.critical.pressing", lead=result.pressing), is_strong=True)]
    if same := of[ActionOutcome.AGREED]:
        lines = (_same(action, key, script=script) for action in same)
        told += [Paragraph("\n".join((say("rehearsal.critical.same"), *lines)))]
    told += map(Paragraph, _about_silence(practice, result, script=script))
    if further:
        told += [Paragraph(say("rehearsal.critical.further"), is_strong=True)]
        told += [_compared(action, key, script=script) for action in further]
    return tuple(told)


def _by_outcome(result: Debrief) -> Mapping[ActionOutcome, list[CriticalAction]]:
    return {outcome: [action for action in result.critical if action.outcome is outcome] for outcome in ActionOutcome}


def _critical_head(result: Debrief, script: Script) -> str:
    missed = len(_by_outcome(result)[ActionOutcome.MISSED])
    names, kind = critical_names(result.slips, script), "missed" if missed else "none"
    head = script.wording.say(f"rehearsal.critical.{kind}", missed=missed, of=result.asked, names=names)
    further = tuple(action.critical for action in _by_outcome(result)[ActionOutcome.OVER_PROTECTIVE])
    if not further:
        return head
    names = critical_names(further, script)
    return script.wording.say("rehearsal.critical.and-further", head=head, further=len(further), names=names)


def _about_silence(practice: Practice, result: Debrief, *, script: Script) -> Iterator[str]:
    """Yield which critical actions were not asked in full, and what a school does although the agreed answers call nobody."""
    say = script.wording.say
    if silent := _by_outcome(result)[ActionOutcome.NOT_ASKED]:
        names = critical_names(tuple(action.critical for action in silent), script)
        yield say("rehearsal.critical.not-asked", names=names)
    # A school has a duty of its own, even if the key does not call social care.
    is_school = practice.session is not None and practice.session.answers.get("profession") == "school"
    (allowed,) = (action.keys for action in result.critical if action.critical is Critical.FIRST_CALL)
    if is_school and {FirstCall.LEAD, FirstCall.NOBODY} & {*allowed}:
        yield say("rehearsal.critical.school")


def _compared(action: CriticalAction, key: AgreedKey, *, script: Script) -> Paragraph:
    say, critical = script.wording.say, action.critical
    line = say(
        "rehearsal.critical.beside",
        name=say(f"critical.{critical}"),
        yours=done_in_words(critical, action.done, script=script),
        keys=done_in_words(critical, action.keys[0], script=script),
    )
    return Paragraph("\n".join((line, *_why(action, key, script=script), *_cited(key.of(critical), script))))


def _same(action: CriticalAction, key: AgreedKey, *, script: Script) -> str:
    """Return a line about an action done as agreed. For the first call, add the reason, and the agreed call if it is another one."""
    say, critical = script.wording.say, action.critical
    done = done_in_words(critical, action.done, script=script)
    line = say("rehearsal.critical.line", name=say(f"critical.{critical}"), done=done)
    if critical is not Critical.FIRST_CALL:
        return line
    keys = done_in_words(critical, action.keys[0], script=script)
    other = (say("rehearsal.critical.fits", keys=keys),) if action.done != action.keys[0] else ()
    return " ".join((line, *other, *_why(action, key, script=script)))


def _why(action: CriticalAction, key: AgreedKey, *, script: Script) -> tuple[str, ...]:
    say = script.wording.say
    if action.critical is Critical.CATEGORY:
        return (say("rehearsal.critical.category"),)
    if action.critical is Critical.FIRST_CALL:
        if action.keys[0] == FirstCall.EMERGENCY != key.first_call:
            return (say("rehearsal.critical.danger-first"),)
        if action.keys[0] == FirstCall.LEAD and REACHES[key.first_call] > REACHES[FirstCall.LEAD]:
            return (say("rehearsal.critical.decider"),)
        # If nobody has to act today, the key itself says what a school does nevertheless.
        is_keys = key.first_call in (*action.keys, FirstCall.NOBODY)
        return (key.first_call_because if is_keys else say("rehearsal.critical.call-first"),)
    keyed = key.of(action.critical)
    assert keyed is not None, "an action without a key is not compared"
    return (keyed.because or say("rehearsal.feedback.unread"),)


def _cited(keyed: Keyed | None, script: Script) -> tuple[str, ...]:
    """Return the sentence of the case that supports an agreed answer, if there is one."""
    cites = keyed.cites if keyed is not None else ""
    return (script.wording.say("rehearsal.feedback.cites", cites=quotable(cites)),) if cites else ()


def _feedback_words(practice: Practice, script: Script) -> Paragraphs:
    keyed = case_of(practice, script.pack).key.of(practice.asked)
    assert keyed is not None, "only an answer with a key has feedback"
    assert practice.session is not None, "only a rehearsal has feedback"
    given = practice.session.answers.by_place.get(keyed.place)
    verdict, *why = _beside_the_key(keyed, given, script=script)
    return (
        Paragraph(asked_in_words(keyed.place, script)),
        Paragraph(verdict, is_strong=True),
        *map(Paragraph, (*why, *_rules(keyed, given, script=script))),
    )


MOST_PAGES = 3  # maximum number of pages of a debrief before those behind “All items”
MOST_MOVED = 6  # maximum number of items that are named as having moved the category; the others are counted


class ReportPages(NamedTuple):
    """The pages of a debrief: those shown first, and those behind “All items” with every difference and its reason."""

    first: tuple[Paragraphs, ...]
    rest: tuple[Paragraphs, ...]


def report_pages(practice: Practice, script: Script) -> ReportPages:
    """Return the debrief: critical actions, what moved the category, how many items agreed, and where to find support."""
    result = debriefed(practice, script.pack)
    assert practice.session is not None, "only a finished rehearsal has a report"
    say = script.wording.say
    since = (Paragraph(say("rehearsal.report.since")),) if practice.is_changed_since else ()
    critical = (*critical_paragraphs(practice, result, script=script), *since)
    moved = tuple(difference for difference in result.differences if difference.moves)
    named = (Paragraph(say("rehearsal.report.moved"), is_strong=True), Paragraph("\n".join(_moved(moved, script))))
    about = Paragraph(say("rehearsal.report.items"), is_strong=True)
    items = (about, *map(Paragraph, _items(result, script)))
    support = (Paragraph(say("rehearsal.report.afterwards"), is_strong=True), Paragraph(say("rehearsal.support")))
    pages = (*paged(critical), *paged((*(named if moved else ()), *items, *support)))
    every = (*pages[MOST_PAGES:], *paged(_differences(result, script)))
    stages = paged(told) if (told := stage_paragraphs(practice, script)) else ()
    return ReportPages((*stages, *pages[:MOST_PAGES]), tuple(filter(None, every)))


def _moved(moved: tuple[Difference, ...], script: Script) -> Iterator[str]:
    """Yield a line for each difference that moved the category, those worth most first, and how many more there are."""
    say, instrument = script.wording.say, script.pack.instrument
    for keyed, given, worth in ((each.keyed, each.given, abs(each.worth)) for each in moved[:MOST_MOVED]):
        place = keyed.place
        about = f"{instrument.number(place)}. {instrument.item(place).short}" if place in instrument else ""
        yield say(
            f"rehearsal.report.moved-{'points' if worth > 1 else 'point' if worth else 'line'}",
            about=about or asked_in_words(place, script),
            given=answer_in_words(place, given, script=script),
            keyed=answer_in_words(place, keyed.answer, script=script),
            points=worth,
        )
    if len(moved) > MOST_MOVED:
        yield say("rehearsal.report.moved-more", count=len(moved) - MOST_MOVED)


def _items(result: Debrief, script: Script) -> tuple[str, ...]:
    """Return how many items were answered as agreed, and the rules. After a missed critical action, mastered rules are left out, since
    they would be praise.
    """
    say = script.wording.say
    left_out = (say("rehearsal.report.left-out", count=result.left_out),) if result.left_out and result.of else ()
    kind = "agreed" if result.of else "agreed-none"
    agreed = say(f"rehearsal.report.{kind}", agreed=result.agreed, of=result.of)
    met = () if result.slips or result.pressing else result.met
    rules = [
        say(f"rehearsal.report.{name}", rules="; ".join(say(f"rule.{rule}.name") for rule in rules))
        for name, rules in (("met", met), ("missed", result.missed))
        if rules
    ]
    return (" ".join((agreed, *left_out)), *(("\n".join(rules),) if rules else ()), say("rehearsal.report.meaning"))


def _groups(result: Debrief, script: Script) -> Iterator[tuple[str, list[Difference]]]:
    """Yield every difference: first those that changed the category, then other items, questions, and contested answers."""
    instrument = script.pack.instrument
    still = [difference for difference in result.differences if not difference.moves]
    groups = (
        ("moved", [difference for difference in result.differences if difference.moves]),
        ("others", [difference for difference in still if difference.keyed.place in instrument]),
        ("around", [difference for difference in still if difference.keyed.place not in instrument]),
        ("contested", list(result.talked_over)),
    )
    for name, group in groups:
        if group:
            yield script.wording.say(f"rehearsal.report.{name}"), group


def _differences(result: Debrief, script: Script) -> Paragraphs:
    say = script.wording.say
    paragraphs: list[Paragraph] = []
    for title, group in _groups(result, script):
        paragraphs.append(Paragraph(title, is_strong=True))
        for keyed, given in ((difference.keyed, difference.given) for difference in group):
            lines = (*_beside_the_key(keyed, given, script=script), *_rules(keyed, given, script=script))
            about = asked_in_words(keyed.place, script)
            paragraphs.append(Paragraph(say("rehearsal.report.item", about=about, text="\n".join(lines))))
    return tuple(paragraphs)


def _beside_the_key(keyed: Keyed, given: str | None, *, script: Script) -> tuple[str, ...]:
    say = script.wording.say
    key = answer_in_words(keyed.place, keyed.answer, script=script)
    yours = answer_in_words(keyed.place, given, script=script) if given else ""
    other = answer_in_words(keyed.place, keyed.other, script=script) if keyed.other else ""
    is_contested = keyed.is_contested and keyed.agrees(given)
    name = "contested" if is_contested else "agreed" if keyed.agrees(given) else "differs"
    verdict = say(f"rehearsal.feedback.{name}", given=yours, keyed=key, other=other)
    also = (say("rehearsal.feedback.other", other=other, because=keyed.other_because),) if is_contested else ()
    # The age needs no reason. Any other answer without one is not known, since nothing that was read settles it.
    because = keyed.because or say(f"rehearsal.feedback.{'age' if keyed.place == 'age' else 'unread'}")
    return (verdict, because, *also, *_cited(keyed, script))


def _rules(keyed: Keyed, given: str | None, *, script: Script) -> tuple[str, ...]:
    say, missed = script.wording.say, missed_at(keyed, given, instrument=script.pack.instrument)
    return tuple(say("rehearsal.feedback.missed", rule=say(f"rule.{rule}.text")) for rule in missed)


def _report_words(practice: Practice, script: Script) -> Paragraphs:
    first, rest = report_pages(practice, script)
    page = min(practice.page, len(first) + len(rest))
    key, pages, before = ("all", rest, len(first)) if page > len(first) else ("head", first, 0)
    head = script.wording.say(f"rehearsal.report.{key}", page=page - before, pages=len(pages))
    return (Paragraph(head), *pages[page - before - 1])


def _report_rows(practice: Practice, script: Script) -> keys.Rows:
    first, rest = report_pages(practice, script)
    before = len(first) if practice.page > len(first) else 0
    pages = len(rest) if before else len(first)
    turns = keys.turning(practice.page - before, pages, lambda number: Rehearse(Turn.PAGE, str(before + int(number))))
    every = (Key(Rehearse(Turn.PAGE, str(len(first) + 1)), "all-items"),) if rest and not before else ()
    return ((*turns, BACK), (*every, NEXT, COURSE))


def _feedback_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    keyed = case_of(practice, script.pack).key.of(practice.asked)
    assert keyed is not None, "only an answer with a key has feedback"
    given = practice.session.answers.by_place.get(keyed.place) if practice.session is not None else None
    on = (*ways_to(plain, Turn.GO_ON, is_main=True), *ways_to(plain, Turn.LEAVE))
    return replace(plain, shape=PageKind.QUESTION, parts=(*_explained(keyed, given, script), *on))


def _explained(keyed: Keyed, given: str | None, script: Script) -> Iterator[PagePart]:
    """Yield why the agreed answer is agreed, the sentence of the case that supports it, and the rules that were missed."""
    _, *why = _beside_the_key(keyed, given, script=script)
    cited = _cited(keyed, script)
    yield from (Text(each, TextLook.READ if each in cited else TextLook.PLAIN) for each in why)
    yield from (Text(each, TextLook.HINT) for each in _rules(keyed, given, script=script))


def _report_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the whole debrief as one page: critical actions first, then items, every difference, and support."""
    result, say, key = debriefed(practice, script.pack), script.wording.say, case_of(practice, script.pack).key
    of = _by_outcome(result)
    missed = (_action_section(action, key, script=script) for action in of[ActionOutcome.MISSED])
    further = tuple(_action_section(action, key, script=script) for action in of[ActionOutcome.OVER_PROTECTIVE])
    pressing = (
        [Text(say("rehearsal.critical.pressing", lead=result.pressing), TextLook.WARNING)] if result.pressing else []
    )
    same = tuple(_same(action, key, script=script) for action in of[ActionOutcome.AGREED])
    since = (Text(say("rehearsal.report.since"), TextLook.HINT),) if practice.is_changed_since else ()
    critical: tuple[PagePart, ...] = (
        *missed,
        *pressing,
        *((Text(say("rehearsal.critical.same")), Listed(same)) if same else ()),
        *map(Text, _about_silence(practice, result, script=script)),
        *((SectionPart(say("rehearsal.critical.further"), further),) if further else ()),
        *since,
    )
    items = tuple(map(Text, _items(result, script)))
    moved = tuple(difference for difference in result.differences if difference.moves)
    named = (SectionPart(say("rehearsal.report.moved"), (Listed(tuple(_moved(moved, script))),)),) if moved else ()
    groups = tuple(
        SectionPart(title, tuple(_difference(each, script) for each in group))
        for title, group in _groups(result, script)
    )
    parts: tuple[PagePart, ...] = (
        *stage_section(practice, script),
        SectionPart(say("leaf.critical"), critical),
        *named,
        SectionPart(say("rehearsal.report.items"), items),
        *((More(say("rehearsal.report.every"), groups),) if groups else ()),
        SectionPart(say("rehearsal.report.afterwards"), (Text(say("rehearsal.support")),)),
        *ways_to(plain, Turn.PICK, is_main=True),
        *ways_to(plain, Turn.COURSE, Turn.LEAVE),
    )
    head = _critical_head(result, script)
    return replace(plain, shape=PageKind.DEBRIEF, caption=say("leaf.your-answers"), heading=head, parts=parts)


def _action_section(action: CriticalAction, key: AgreedKey, *, script: Script) -> SectionPart:
    """Return what was done about a critical action, and what the agreed answer and its reason are."""
    critical = action.critical
    yours, keys = (done_in_words(critical, done, script=script) for done in (action.done, action.keys[0]))
    why = map(Text, _why(action, key, script=script))
    cited = (Text(each, TextLook.READ) for each in _cited(key.of(critical), script))
    return SectionPart(script.wording.say(f"critical.{critical}"), (_both(yours, keys, script), *why, *cited))


def _difference(difference: Difference, script: Script) -> SectionPart:
    keyed, given = difference.keyed, difference.given
    yours, keys = (answer_in_words(keyed.place, each, script=script) for each in (given, keyed.answer))
    first: PagePart = _both(yours, keys, script)
    if difference.is_contested:  # neither answer is wrong
        first = Text(_beside_the_key(keyed, given, script=script)[0])
    return SectionPart(asked_in_words(keyed.place, script), (first, *_explained(keyed, given, script)))


def _both(yours: str, keys: str, script: Script) -> AnswerRows:
    say = script.wording.say
    return AnswerRows((AnswerRow(say("leaf.yours"), yours), AnswerRow(say("leaf.model-answer"), keys)))


FEEDBACK_CARD = StageCard(_feedback_words, lambda _practice, _script: ((GO_ON,),), _feedback_page)
REPORT_CARD = StageCard(_report_words, _report_rows, _report_page)
