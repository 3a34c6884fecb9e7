"""What a person is told of their rehearsal: of one answer, and at the end. It teaches, and never scolds."""

from dialogs.core.paging import paged
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.phrases.number import categories
from dialogs.phrases.quoting import quotable
from dialogs.rehearsal.core.made_up import case_of
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stages import debriefed
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed
from seraf.rehearsal.debrief import Debrief, Difference, missed_at
from seraf.score.scoring import Score

Page = tuple[Paragraph, ...]


def feedback_paragraphs(practice: Practice, script: Script) -> Page:
    """What the key says of the answer just given."""
    keyed = case_of(practice, script.pack).key.of(practice.asked)
    assert keyed is not None, "only an answer that the key speaks of has feedback"
    assert practice.session is not None, "only what is rehearsed has feedback"
    given = practice.session.given.get(keyed.place)
    verdict, *why = _beside_the_key(keyed, given, script=script)
    return (
        Paragraph(asked_in_words(keyed.place, script)),
        Paragraph(verdict, is_strong=True),
        *map(Paragraph, why),
        *map(Paragraph, _rules(keyed, given, script=script)),
    )


def report_pages(practice: Practice, script: Script) -> tuple[Page, ...]:
    """The answers beside the key: what they came to, then every difference, those that moved the category first."""
    vignette, found = case_of(practice, script.pack), debriefed(practice, script.pack)
    assert practice.session is not None, "only a finished rehearsal has a report"
    judged = practice.session.answers.get("judgement")
    first = _came_to(found, vignette.key, judged=judged, script=script)
    is_school = practice.session.answers.get("profession") == "school"
    call = _first_call(
        practice.first_call, vignette.key, script=script, is_right=found.is_first_call_right, is_school=is_school
    )
    return ((*first, call, *_kept(found, script)), *_differences(found, script))


def _came_to(found: Debrief, key: AgreedKey, *, judged: str | None, script: Script) -> Page:
    say = script.wording.say
    yours, keys = (_categories(each, script) for each in (found.reached, found.keyed))
    if found.is_category_right:
        category = say("rehearsal.report.category-right", categories=yours)
    else:
        category = say("rehearsal.report.category-differs", yours=yours, keys=keys)
    keyed = key.of("judgement")
    told = judged and answer_in_words("judgement", judged, script=script)
    judgement = say(
        "rehearsal.report.judgement",
        yours=told or say("rehearsal.report.not-asked"),
        keys=answer_in_words("judgement", keyed.answer, script=script) if keyed else "",
    )
    agreed = say("rehearsal.report.agreed", agreed=found.agreed, of=found.of)
    return (Paragraph(agreed, is_strong=True), Paragraph(category), Paragraph(judgement))


def _categories(score: Score, script: Script) -> str:
    """The category in words, or between which ones it lies."""
    words = categories(score, script)
    return script.wording.say("rehearsal.report.between", categories=words) if score.is_range else words


def _first_call(
    called: FirstCall | None, key: AgreedKey, *, script: Script, is_right: bool, is_school: bool
) -> Paragraph:
    """Whom the person rang first beside the key's; where theirs fits too, or their role has a duty of its own, that as well."""
    say = script.wording.say
    yours = say(f"first-call.{called}") if called else say("rehearsal.report.not-asked")
    keys = say(f"first-call.{key.first_call}")
    text = say("rehearsal.report.first-call", yours=yours, keys=keys, because=key.first_call_because)
    is_owed = is_school and key.first_call in (FirstCall.LEAD, FirstCall.NOBODY)
    is_other = called is not key.first_call and (called is FirstCall.ART or not is_owed)
    fits = (say("rehearsal.report.first-call-fits"),) if is_right and is_other else ()
    school = (say("rehearsal.report.first-call-school"),) if is_owed else ()
    return Paragraph(" ".join((text, *fits, *school)))


def _kept(found: Debrief, script: Script) -> Page:
    say = script.wording.say
    lines = [
        say(f"rehearsal.report.{name}", rules="; ".join(say(f"rule.{rule}.name") for rule in rules))
        for name, rules in (("met", found.met), ("missed", found.missed))
        if rules
    ]
    return (*((Paragraph("\n".join(lines)),) if lines else ()), Paragraph(say("rehearsal.report.meaning")))


def _differences(found: Debrief, script: Script) -> tuple[Page, ...]:
    """Every difference on as many pages as they need; none where there is none."""
    say = script.wording.say
    groups = (
        ("moved", [each for each in found.differences if each.moves]),
        ("others", [each for each in found.differences if not each.moves]),
        ("contested", list(found.talked_over)),
    )
    paragraphs: list[Paragraph] = []
    for name, group in groups:
        heading = [Paragraph(say(f"rehearsal.report.{name}"), is_strong=True)] if group else []
        paragraphs += [*heading, *(_difference(each, script) for each in group)]
    return paged(tuple(paragraphs)) if paragraphs else ()


def _difference(difference: Difference, script: Script) -> Paragraph:
    keyed = difference.keyed
    lines = (*_beside_the_key(keyed, difference.given, script=script), *_rules(keyed, difference.given, script=script))
    about = asked_in_words(keyed.place, script)
    return Paragraph(script.wording.say("rehearsal.report.item", about=about, text="\n".join(lines)))


def _beside_the_key(keyed: Keyed, given: str | None, *, script: Script) -> tuple[str, ...]:
    """What was answered beside the key, why the key says so, and the sentence that it rests on."""
    say = script.wording.say
    key = answer_in_words(keyed.place, keyed.answer, script=script)
    yours = answer_in_words(keyed.place, given, script=script) if given else ""
    other = answer_in_words(keyed.place, keyed.other, script=script) if keyed.other else ""
    is_contested = keyed.is_contested and keyed.agrees(given)
    name = "contested" if is_contested else "agreed" if keyed.agrees(given) else "differs" if given else "open"
    verdict = say(f"rehearsal.feedback.{name}", given=yours, keyed=key, other=other)
    also = (say("rehearsal.feedback.other", other=other, because=keyed.other_because),) if is_contested else ()
    cites = (say("rehearsal.feedback.cites", cites=quotable(keyed.cites)),) if keyed.cites else ()
    because = keyed.because or say(f"rehearsal.feedback.{keyed.place}")
    return (verdict, because, *also, *cites)


def _rules(keyed: Keyed, given: str | None, *, script: Script) -> tuple[str, ...]:
    """The rules that an answer that is not the key's has missed."""
    say, missed = script.wording.say, missed_at(keyed, given, instrument=script.pack.instrument)
    return tuple(say("rehearsal.feedback.missed", rule=say(f"rule.{rule}.text")) for rule in missed)
