"""The cards that say whom to call and what to say on the telephone about a case. The bot itself never calls anybody."""

from dialogs.core.acts import Kind, Open, Overlay
from dialogs.core.keys import CLOSE, CONTACTS, SCRIPT, URGENT, Key, OverlayCard, Paragraphs, Rows, View, titled
from dialogs.core.replies import Paragraph, height_of
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.phrases.earlier import category_line, reviewed
from dialogs.phrases.whom_to_call import contact_entries, contact_line, doubt_line, urgent_line
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from seraf.advice.guidance import OF_THE_NUMBER
from seraf.form.circumstances import Facts
from seraf.form.responses import reason_facts

OF_THE_CASE = Overlay(Kind.CALLING, "1")
CASE_SCRIPT = Key(Open(OF_THE_CASE), "call")  # for cards that are only shown while there is a case
PAGES = 2  # page 1: what to say; page 2: the questions that will be asked on the telephone

ROOM = 950
"""The maximum number of characters on a page of the call script. A card may have 1,000, but “the person”, which is
longer, may later replace “the child”.

The first page says whom to call if there is room for it; the second page always does.
"""

LINES = 26  # maximum number of lines that the card takes on a phone
HEAD = 60  # number of characters that a rehearsal adds at the top of every card


def spoken_lines(session: Session, script: Script, *, now: LocalTime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what comes first in a call, which is an earlier category and news since the stop card, and then what to say."""
    say, facts = script.wording.say, _facts(session, script, now=now)
    stands = category_line(session, script, now=now) if session.is_judged else ""
    news = ""
    if session.told.reasons and not session.is_judged:
        # Leads that are as urgent as the stop card and new since it was shown come first.
        leads = session.view(script.pack.instrument).advice_so_far(script.pack.guidance).leads
        new = [lead for lead in leads if lead.reason not in session.told.reasons and lead.urgency >= Urgency.CALL]
        news = "; ".join(lead.title.removesuffix(".") for lead in new if not lead.rests_on(OF_THE_NUMBER))
    first = (
        *((say("calling.stands", line=stands),) if stands else ()),
        *((say("calling.news", news=news),) if news else ()),
    )
    return first, script.pack.calling.spoken(script.pack.instrument, session.answers.case(), facts=facts)


def asked_back(session: Session, script: Script, *, now: LocalTime) -> tuple[str, ...]:
    """Return the questions that whoever takes the call is likely to ask."""
    return script.pack.calling.prompted(_facts(session, script, now=now))


def _words(view: View) -> Paragraphs:
    session, script, now = view.session, view.script, view.now
    page, say = int(view.about), script.wording.say
    head = Paragraph(say("place.calling", reference=session.reference, page=page, pages=PAGES))
    line = contact_line(script, now, answers=session.answers.around, is_asked=True)
    if page == 1:
        before, said = spoken_lines(session, script, now=now)
        first = tuple(map(Paragraph, before))
        title, words = Paragraph(say("calling.title"), is_strong=True), Paragraph("\n".join(said), is_close=True)
        room = ROOM - (HEAD if script.is_rehearsal else 0) - _length((head, title, words))
        if first and _length(first) <= room:
            room -= _length(first)
        else:
            first = ()
        # Whom to ring stands first. If it does not fit, it is on the second page, one tap away.
        whom = Paragraph(line)
        fits = len(line) <= room and sum(map(height_of, (head, whom, title, *first, words))) <= LINES
        return (head, *((whom,) if fits else ()), title, *first, words)
    asked = "\n".join(say("calling.prompt", text=text) for text in asked_back(session, script, now=now))
    return (head, Paragraph(say("calling.asked-title"), is_strong=True), Paragraph(asked), Paragraph(line))


def in_brief(session: Session, script: Script, *, now: LocalTime) -> str:
    """Return what to say on the telephone in three or four sentences, or an empty text if nothing is known about the case."""
    facts = _facts(session, script, now=now)
    return " ".join(script.pack.calling.in_brief(script.pack.instrument, session.answers.case(), facts=facts))


def _length(card: Paragraphs) -> int:
    return sum(len(each.text) + 2 for each in card)


def has_words(session: Session) -> bool:
    """Return True if the session's case has something to report: an answer to an item, or a disclosure by the child."""
    is_told = session.answers.get("told_or_seen") == "yes"
    return session.has_case and (is_told or bool(session.answers.items))


def call_key(session: Session, script: Script) -> Key:
    """Return the button that opens what to say about this case, or, if there is nothing to say yet, whom to call. In a
    rehearsal its label does not mention a call.
    """
    word = "script" if script.is_rehearsal else "call"
    return Key(Open(OF_THE_CASE if has_words(session) else Overlay(Kind.CALL)), word)


def _rows(view: View) -> Rows:
    to_say, asked_back = Key(Open(OF_THE_CASE), "to-say"), Key(Open(Overlay(Kind.CALLING, "2")), "asked-back")
    return ((asked_back if view.about == "1" else to_say, CONTACTS), (CLOSE, URGENT))


def _facts(session: Session, script: Script, *, now: LocalTime) -> Facts:
    found = reviewed(session, script, now=now).facts
    shown = found if session.is_judged else {key: words for key, words in found.items() if key not in OF_THE_NUMBER}
    return {**script.pack.guidance.advise(shown).settled, **reason_facts(session.answers.says, session.answers.known)}


CALLING_CARD = OverlayCard(_words, _rows)
UNTIL_HELP_COMES = ("urgent.keep", "urgent.images", "urgent.listen")  # keys of what to do, and not to do, meanwhile


def _urgent_words(view: View) -> Paragraphs:
    say = view.script.wording.say
    lines = (urgent_line(view.script, view.now), *doubt_line(view.script, view.now))
    return titled("urgent", view.script, *lines, say("welcome.no-need"), " ".join(map(say, UNTIL_HELP_COMES)))


def _call_words(view: View) -> Paragraphs:
    line = contact_line(view.script, view.now, answers=view.session.answers.around)
    say = view.script.wording.say
    return titled("call", view.script, line, f"{say('call.script')}\n{say('call.asked')}")


def _call_rows(view: View) -> Rows:
    own = ((Key(Open(OF_THE_CASE), "this-case"),),) if has_words(view.session) else ()
    return (*own, (URGENT, CONTACTS, CLOSE))


def _contacts_words(view: View) -> Paragraphs:
    title, first, *others = titled("contacts", view.script, *contact_entries(view.script, view.now))
    return (title, first._replace(is_close=True), *others)  # the card is full


URGENT_CARD = OverlayCard(_urgent_words, lambda _: ((SCRIPT, CONTACTS, CLOSE),))
CONTACTS_CARD = OverlayCard(_contacts_words, lambda _: ((URGENT, CLOSE),))
CALL_CARD = OverlayCard(_call_words, _call_rows)
