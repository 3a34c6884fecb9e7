"""The cards of a debrief, which compare a person's answers with the agreed ones: critical actions first, then items."""

from dialogs.core.keys import Rows
from dialogs.core.replies import Paragraph, paged
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.phrases.number import quotable
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.stage_card import BACK, GO_ON, NEXT, Page, StageCard, critical_names, done_in_words, turning
from dialogs.rehearsal.core.stages import debriefed
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction
from seraf.rehearsal.debrief import Debrief, missed_at


def critical_paragraphs(practice: Practice, result: Debrief, *, script: Script) -> tuple[Paragraph, ...]:
    """Return the missed actions with their reasons, then the other ones, so that nothing is praised before a missed action."""
    say, key = script.wording.say, case_of(practice, script.pack).key
    of = {outcome: [action for action in result.critical if action.outcome is outcome] for outcome in ActionOutcome}
    missed, further = of[ActionOutcome.MISSED], of[ActionOutcome.OVER_PROTECTIVE]
    names = critical_names(result.slips, script)
    kind = "missed" if missed else "none"
    head = say(f"rehearsal.critical.{kind}", missed=len(missed), of=result.asked, names=names)
    told = [Paragraph(head, is_strong=True), *(_compared(action, key, script=script) for action in missed)]
    if result.pressing:
        told += [Paragraph(say("rehearsal.critical.pressing", lead=result.pressing), is_strong=True)]
    if same := of[ActionOutcome.AGREED]:
        lines = (_same(action, key, script=script) for action in same)
        told += [Paragraph("\n".join((say("rehearsal.critical.same"), *lines)))]
    if silent := of[ActionOutcome.NOT_ASKED]:
        names = critical_names(tuple(action.critical for action in silent), script)
        told += [Paragraph(say("rehearsal.critical.not-asked", names=names))]
    # A school has a duty of its own, even if the key does not call social care.
    is_school = practice.session is not None and practice.session.answers.get("profession") == "school"
    (allowed,) = (action.keys for action in result.critical if action.critical is Critical.FIRST_CALL)
    if is_school and {FirstCall.LEAD, FirstCall.NOBODY} & {*allowed}:
        told += [Paragraph(say("rehearsal.critical.school"))]
    if further:
        told += [Paragraph(say("rehearsal.critical.further"), is_strong=True)]
        told += [_compared(action, key, script=script) for action in further]
    return tuple(told)


def _compared(action: CriticalAction, key: AgreedKey, *, script: Script) -> Paragraph:
    say, critical = script.wording.say, action.critical
    line = say(
        "rehearsal.critical.beside",
        name=say(f"critical.{critical}"),
        yours=done_in_words(critical, action.done, script=script),
        keys=done_in_words(critical, action.keys[0], script=script),
    )
    return Paragraph("\n".join((line, *_why(action, key, script=script))))


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
        # If nobody has to act today, the key itself says what a school does nevertheless.
        is_keys = key.first_call in (*action.keys, FirstCall.NOBODY)
        return (key.first_call_because if is_keys else say("rehearsal.critical.call-first"),)
    keyed = key.of(action.critical)
    assert keyed is not None, "an action without a key is not compared"
    cites = (say("rehearsal.feedback.cites", cites=quotable(keyed.cites)),) if keyed.cites else ()
    return (keyed.because, *cites)


def _feedback_words(practice: Practice, script: Script) -> Page:
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


def report_pages(practice: Practice, script: Script) -> tuple[Page, ...]:
    """Return the debrief's pages: critical actions, how many items agreed, every difference, and where to find support."""
    result = debriefed(practice, script.pack)
    assert practice.session is not None, "only a finished rehearsal has a report"
    say = script.wording.say
    since = (Paragraph(say("rehearsal.report.since")),) if practice.is_changed_since else ()
    critical = (*critical_paragraphs(practice, result, script=script), *since)
    items = (*_items(result, script), *_differences(result, script))
    support = (Paragraph(say("rehearsal.report.afterwards"), is_strong=True), Paragraph(say("rehearsal.support")))
    return (*paged(critical), *paged((*items, *support)))


def _items(result: Debrief, script: Script) -> Page:
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
    texts = (" ".join((agreed, *left_out)), *(("\n".join(rules),) if rules else ()), say("rehearsal.report.meaning"))
    return (Paragraph(say("rehearsal.report.items"), is_strong=True), *map(Paragraph, texts))


def _differences(result: Debrief, script: Script) -> Page:
    """Return every difference: first those that changed the category, then other items, questions, and contested answers."""
    say, instrument = script.wording.say, script.pack.instrument
    still = [difference for difference in result.differences if not difference.moves]
    groups = (
        ("moved", [difference for difference in result.differences if difference.moves]),
        ("others", [difference for difference in still if difference.keyed.place in instrument]),
        ("around", [difference for difference in still if difference.keyed.place not in instrument]),
        ("contested", list(result.talked_over)),
    )
    paragraphs: list[Paragraph] = []
    for name, group in groups:
        if group:
            paragraphs.append(Paragraph(say(f"rehearsal.report.{name}"), is_strong=True))
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
    cites = (say("rehearsal.feedback.cites", cites=quotable(keyed.cites)),) if keyed.cites else ()
    because = keyed.because or say(f"rehearsal.feedback.{keyed.place}")
    return (verdict, because, *also, *cites)


def _rules(keyed: Keyed, given: str | None, *, script: Script) -> tuple[str, ...]:
    say, missed = script.wording.say, missed_at(keyed, given, instrument=script.pack.instrument)
    return tuple(say("rehearsal.feedback.missed", rule=say(f"rule.{rule}.text")) for rule in missed)


def _report_words(practice: Practice, script: Script) -> Page:
    pages = report_pages(practice, script)
    page = min(practice.page, len(pages))
    head = script.wording.say("rehearsal.report.head", page=page, pages=len(pages))
    return (Paragraph(head), *pages[page - 1])


def _report_rows(practice: Practice, script: Script) -> Rows:
    return ((*turning(practice.page, len(report_pages(practice, script))), BACK), (NEXT, COURSE))


FEEDBACK_CARD = StageCard(_feedback_words, lambda _practice, _script: ((GO_ON,),))
REPORT_CARD = StageCard(_report_words, _report_rows)
