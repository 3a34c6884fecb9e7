"""What a key says of the answers of somebody who rehearses: critical actions first, then the items."""

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
from seraf.rehearsal.debrief import Debrief, Difference, missed_at


def critical_paragraphs(practice: Practice, found: Debrief, *, script: Script) -> tuple[Paragraph, ...]:
    """How many were missed and each of those with its reason, then the others; nothing good is said above a miss."""
    say, key = script.wording.say, case_of(practice, script.pack).key
    of = {outcome: [each for each in found.critical if each.outcome is outcome] for outcome in ActionOutcome}
    missed, further = of[ActionOutcome.MISSED], of[ActionOutcome.OVER_PROTECTIVE]
    names = critical_names(found.slips, script)
    kind = "missed" if missed else "none"
    head = say(f"rehearsal.critical.{kind}", missed=len(missed), of=found.asked, names=names)
    told = [Paragraph(head, is_strong=True), *(_beside(each, key, script=script) for each in missed)]
    if found.pressing:
        told += [Paragraph(say("rehearsal.critical.pressing", lead=found.pressing), is_strong=True)]
    if same := of[ActionOutcome.AGREED]:
        lines = (_same(each, key, script=script) for each in same)
        told += [Paragraph("\n".join((say("rehearsal.critical.same"), *lines)))]
    if silent := of[ActionOutcome.NOT_ASKED]:
        names = critical_names(tuple(each.critical for each in silent), script)
        told += [Paragraph(say("rehearsal.critical.not-asked", names=names))]
    told += _duty(practice, found, script=script)
    if further:
        told += [Paragraph(say("rehearsal.critical.further"), is_strong=True)]
        told += [_beside(each, key, script=script) for each in further]
    return tuple(told)


def _beside(action: CriticalAction, key: AgreedKey, *, script: Script) -> Paragraph:
    """What was done, what the key says, why, and the sentence that it rests on."""
    say, critical = script.wording.say, action.critical
    line = say(
        "rehearsal.critical.beside",
        name=say(f"critical.{critical}"),
        yours=done_in_words(critical, action.done, script=script),
        keys=done_in_words(critical, action.keys[0], script=script),
    )
    return Paragraph("\n".join((line, *_why(action, key, script=script))))


def _same(action: CriticalAction, key: AgreedKey, *, script: Script) -> str:
    """What was done, in a line; of the first call also why, and the key's where it allows another as well."""
    say, critical = script.wording.say, action.critical
    done = done_in_words(critical, action.done, script=script)
    line = say("rehearsal.critical.line", name=say(f"critical.{critical}"), done=done)
    if critical is not Critical.FIRST_CALL:
        return line
    is_other = action.done != action.keys[0]
    keys = done_in_words(critical, action.keys[0], script=script)
    other = (say("rehearsal.critical.fits", keys=keys),) if is_other else ()
    return " ".join((line, *other, *_why(action, key, script=script)))


def _why(action: CriticalAction, key: AgreedKey, *, script: Script) -> tuple[str, ...]:
    say = script.wording.say
    if action.critical is Critical.CATEGORY:
        return (say("rehearsal.critical.category"),)
    if action.critical is Critical.FIRST_CALL:
        if action.keys[0] == FirstCall.EMERGENCY != key.first_call:
            return (say("rehearsal.critical.danger-first"),)
        # Where the key has nobody act today, it says itself what a school does all the same.
        is_keys = key.first_call in (*action.keys, FirstCall.NOBODY)
        return (key.first_call_because if is_keys else say("rehearsal.critical.call-first"),)
    keyed = key.of(action.critical)
    assert keyed is not None, "what the key says nothing of has no difference"
    cites = (say("rehearsal.feedback.cites", cites=quotable(keyed.cites)),) if keyed.cites else ()
    return (keyed.because, *cites)


def _duty(practice: Practice, found: Debrief, *, script: Script) -> tuple[Paragraph, ...]:
    """The duty that a school has of its own, where the key would do with nobody of social care."""
    is_school = practice.session is not None and practice.session.answers.get("profession") == "school"
    (allowed,) = (each.keys for each in found.critical if each.critical is Critical.FIRST_CALL)
    is_owed = is_school and bool({FirstCall.LEAD, FirstCall.NOBODY} & {*allowed})
    return (Paragraph(script.wording.say("rehearsal.critical.school")),) if is_owed else ()


def _feedback_words(practice: Practice, script: Script) -> Page:
    """What the key says of the answer just given."""
    keyed = case_of(practice, script.pack).key.of(practice.asked)
    assert keyed is not None, "only an answer that the key speaks of has feedback"
    assert practice.session is not None, "only what is rehearsed has feedback"
    given = practice.session.answers.by_place.get(keyed.place)
    verdict, *why = _beside_the_key(keyed, given, script=script)
    return (
        Paragraph(asked_in_words(keyed.place, script)),
        Paragraph(verdict, is_strong=True),
        *map(Paragraph, why),
        *map(Paragraph, _rules(keyed, given, script=script)),
    )


def report_pages(practice: Practice, script: Script) -> tuple[Page, ...]:
    """The critical actions on pages of their own; then how far the items agree, and every difference; last, who supports."""
    found = debriefed(practice, script.pack)
    assert practice.session is not None, "only a finished rehearsal has a report"
    say = script.wording.say
    since = (Paragraph(say("rehearsal.report.since")),) if practice.is_changed_since else ()
    critical = (*critical_paragraphs(practice, found, script=script), *since)
    items = (*_items(found, script), *_differences(found, script))
    support = (Paragraph(say("rehearsal.report.afterwards"), is_strong=True), Paragraph(say("rehearsal.support")))
    return (*paged(critical), *paged((*items, *support)))


def _items(found: Debrief, script: Script) -> Page:
    """How far the items agree. What was kept is not said where a critical action was missed: it would read as praise."""
    say = script.wording.say
    left_out = (say("rehearsal.report.left-out", count=found.left_out),) if found.left_out and found.of else ()
    kind = "agreed" if found.of else "agreed-none"
    agreed = say(f"rehearsal.report.{kind}", agreed=found.agreed, of=found.of)
    met = () if found.slips or found.pressing else found.met
    rules = [
        say(f"rehearsal.report.{name}", rules="; ".join(say(f"rule.{rule}.name") for rule in rules))
        for name, rules in (("met", met), ("missed", found.missed))
        if rules
    ]
    texts = (" ".join((agreed, *left_out)), *(("\n".join(rules),) if rules else ()), say("rehearsal.report.meaning"))
    return (Paragraph(say("rehearsal.report.items"), is_strong=True), *map(Paragraph, texts))


def _differences(found: Debrief, script: Script) -> Page:
    """Every difference, those that moved the category first and those about the case last; then what is to be talked over."""
    say, instrument = script.wording.say, script.pack.instrument
    still = [each for each in found.differences if not each.moves]
    groups = (
        ("moved", [each for each in found.differences if each.moves]),
        ("others", [each for each in still if each.keyed.place in instrument]),
        ("around", [each for each in still if each.keyed.place not in instrument]),
        ("contested", list(found.talked_over)),
    )
    paragraphs: list[Paragraph] = []
    for name, group in groups:
        heading = [Paragraph(say(f"rehearsal.report.{name}"), is_strong=True)] if group else []
        paragraphs += [*heading, *(_difference(each, script) for each in group)]
    return tuple(paragraphs)


def _difference(difference: Difference, script: Script) -> Paragraph:
    keyed = difference.keyed
    lines = (*_beside_the_key(keyed, difference.given, script=script), *_rules(keyed, difference.given, script=script))
    about = asked_in_words(keyed.place, script)
    return Paragraph(script.wording.say("rehearsal.report.item", about=about, text="\n".join(lines)))


def _beside_the_key(keyed: Keyed, given: str | None, *, script: Script) -> tuple[str, ...]:
    """What was answered, what the key says, why it says so, and the sentence that it rests on."""
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
    """The rules that an answer that is not the key's has missed."""
    say, missed = script.wording.say, missed_at(keyed, given, instrument=script.pack.instrument)
    return tuple(say("rehearsal.feedback.missed", rule=say(f"rule.{rule}.text")) for rule in missed)


def _feedback_rows(_practice: Practice, _script: Script) -> Rows:
    return ((GO_ON,),)


def _report_words(practice: Practice, script: Script) -> Page:
    pages = report_pages(practice, script)
    page = min(practice.page, len(pages))
    head = script.wording.say("rehearsal.report.head", page=page, pages=len(pages))
    return (Paragraph(head), *pages[page - 1])


def _report_rows(practice: Practice, script: Script) -> Rows:
    return ((*turning(practice.page, len(report_pages(practice, script))), BACK), (NEXT, COURSE))


FEEDBACK_CARD = StageCard(_feedback_words, _feedback_rows)
REPORT_CARD = StageCard(_report_words, _report_rows)
