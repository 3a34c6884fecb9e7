"""What a person is told of their rehearsal: of one answer, and at the end. It teaches, and never scolds."""

from dialogs.core.keys import Rows
from dialogs.core.paging import paged
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.form.item_cards import answer_in_words, asked_in_words
from dialogs.phrases.quoting import quotable
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.alone.critical_cards import critical_paragraphs
from dialogs.rehearsal.core.made_up import case_of
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.stage_card import BACK, GO_ON, NEXT, Page, StageCard, turning
from dialogs.rehearsal.core.stages import debriefed
from seraf.cases.vignette import Keyed
from seraf.rehearsal.debrief import Debrief, Difference, missed_at


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
