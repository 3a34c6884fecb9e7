"""The critical actions of a rehearsal on their card: what was missed leads, and what goes further than the key is talked over."""

from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.phrases.quoting import quotable
from dialogs.rehearsal.core.critical_words import critical_names, done_in_words
from dialogs.rehearsal.core.made_up import case_of
from dialogs.rehearsal.core.practice import Practice
from seraf.cases.vignette import AgreedKey, FirstCall
from seraf.rehearsal.critical_actions import ActionOutcome, Critical, CriticalAction
from seraf.rehearsal.debrief import Debrief


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
