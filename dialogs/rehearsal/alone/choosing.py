"""The cards on which a person chooses a made-up case, reads its story, and chooses the first call."""

from dataclasses import replace
from itertools import groupby

from dialogs.call import has_words
from dialogs.cards.show import button
from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Paragraphs, Rows, in_rows
from dialogs.core.page import (
    Button,
    Field,
    More,
    PageKind,
    PagePart,
    QuestionPart,
    SectionPart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.alone.course_cards import COURSE
from dialogs.rehearsal.alone.drill_cards import BEGIN
from dialogs.rehearsal.core.practice import (
    Practice,
    awaits_trainer,
    case_of,
    is_unfolding,
    options_open,
    steps_open,
)
from dialogs.rehearsal.core.stage_card import (
    BACK,
    NEXT,
    STORY,
    StageCard,
    about_case,
    case_page,
    led,
    stage_question,
    titled,
    turning,
    ways_to,
)
from seraf.advice.guidance import OF_THE_NUMBER
from seraf.cases.vignette import FirstCall, Vignette
from seraf.form.responses import reason_facts
from seraf.pack import Pack
from seraf.rehearsal.drills import sections_of
from seraf.rehearsal.progress import Mode
from seraf.rehearsal.unfolding import options_made
from state_machines.rehearsal import Together, Turn

CASES_A_PAGE = 5


def _menu_rows(_practice: Practice, script: Script) -> Rows:
    """Return the buttons of the first card: cases, whole and in stages, drills, past rehearsals, and, if possible, a partner."""
    drills = (BEGIN,) if sections_of(script.pack.instrument) else ()
    pair = (Key(Rehearse(Turn.TOGETHER, Together.PAIR), "pair"),) if script.link else ()
    first = next((page for page, (name, _) in enumerate(_list_pages(script.pack), 1) if name == "staged"), 0)
    staged = (Key(Rehearse(Turn.LIST, str(first)), "staged"),) if first else ()
    return ((NEXT, Key(Rehearse(Turn.LIST), "choose-case")), *in_rows((*staged, *drills, *pair, COURSE), 2))


def _menu_page(_practice: Practice, script: Script, plain: WholePage) -> WholePage:
    say, shown = script.wording.say, led(plain)
    label, send = say("browser.field.join"), say("browser.look-up.join")
    joining = (
        (SectionPart(say("leaf.with-others"), (Field("words", label, send, command="join"),)),) if script.link else ()
    )
    return replace(shown, parts=(*shown.parts, *joining))


def _case_line(number: int, case: Vignette, script: Script) -> str:
    return script.wording.say("rehearsal.list.line", number=number, title=case.title, about=case.about)


def _list_pages(pack: Pack) -> list[tuple[str, tuple[tuple[int, Vignette], ...]]]:
    """Return the pages of the list: the name of each one's heading, and its cases with their numbers. Those in stages come last."""
    ordered = sorted(pack.vignettes, key=lambda case: bool(case.stages))
    pages = []
    for name, group in groupby(enumerate(ordered, 1), key=lambda row: "staged" if row[1].stages else "title"):
        rows = tuple(group)
        pages += [(name, rows[at : at + CASES_A_PAGE]) for at in range(0, len(rows), CASES_A_PAGE)]
    return pages


def _list_words(practice: Practice, script: Script) -> Paragraphs:
    pages = _list_pages(script.pack)
    name, shown = pages[practice.page - 1]
    head = script.wording.say(f"rehearsal.list.{name}", page=practice.page, pages=len(pages))
    lines = [_case_line(number, case, script) for number, case in shown]
    return (Paragraph(head, is_strong=True), Paragraph("\n".join(lines)))


def _list_rows(practice: Practice, script: Script) -> Rows:
    pages = _list_pages(script.pack)
    _, shown = pages[practice.page - 1]
    picks = [Key(Rehearse(Turn.PICK, case.id), "case", number=str(number)) for number, case in shown]
    return (*in_rows(picks), (*turning(practice.page, len(pages)), BACK))


def _list_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page with every case, each of which one press chooses: first those like the ones that were asked for."""
    say, pages = script.wording.say, _list_pages(script.pack)
    first = pages[practice.page - 1][0]
    parts: list[PagePart] = []
    for name, group in groupby(sorted(pages, key=lambda page: page[0] != first), key=lambda page: page[0]):
        cases = tuple(
            Button(_case_line(number, case, script), Rehearse(Turn.PICK, case.id))
            for _, shown in group
            for number, case in shown
        )
        # The first group has the page's own heading.
        other = say("leaf.staged" if name == "staged" else "leaf.whole")
        parts.append(QuestionPart(cases, asked=other if name != first else ""))
    heading = say("leaf.staged" if first == "staged" else "leaf.cases")
    return replace(plain, shape=PageKind.QUESTION, heading=heading, parts=(*parts, *ways_to(plain, Turn.LEAVE)))


MENU_CARD = StageCard(lambda practice, script: titled(practice.stage, script), _menu_rows, _menu_page)
LIST_CARD = StageCard(_list_words, _list_rows, _list_page)
MODES = tuple(Key(Rehearse(Turn.TELL, mode), f"mode.{mode}") for mode in (Mode.PRACTICE, Mode.TEST))
UNFOLD = Key(Rehearse(Turn.TELL, Mode.TEST), "begin-stages")


def _chosen_words(practice: Practice, script: Script) -> Paragraphs:
    how = "unfolds" if case_of(practice, script.pack).stages else "modes"
    return about_case(practice, script, how=(Paragraph(script.wording.say(f"rehearsal.{how}")),))


CHOSEN_CARD = StageCard(
    _chosen_words,
    # What can be known changes from stage to stage, so that no model answer is shown before the end.
    lambda practice, script: ((*((UNFOLD,) if case_of(practice, script.pack).stages else MODES), BACK),),
    case_page,
)


def _story_words(practice: Practice, script: Script) -> Paragraphs:
    vignette = case_of(practice, script.pack)
    pages, page = len(vignette.parts), practice.page
    kind = "so-far" if is_unfolding(practice, script.pack) else "part"
    place = script.wording.say(f"rehearsal.{kind}", title=vignette.title, page=page, pages=pages)
    title, texts = _told(practice, script, page=page)
    last = (Paragraph(_now(practice, script)),) if page == pages else ()
    return (Paragraph(place), Paragraph(title, is_strong=True), *map(Paragraph, texts), *last)


def _told(practice: Practice, script: Script, *, page: int) -> tuple[str, tuple[str, ...]]:
    """Return the title and the texts of a part. Of a case in stages, it may be what follows a choice, such as a call."""
    say, vignette = script.wording.say, case_of(practice, script.pack)
    part = vignette.parts[page - 1]
    made = options_made(steps_open(practice, vignette)) if vignette.stages else ()
    option, texts = made[page - 1] if page <= len(made) else None, tuple(part.text.split("\n\n"))
    if option is not None:
        said = (_said(practice, script, room=SAID - len(part.text)),) if option.rings in SOCIAL_CARE else ()
        return say("rehearsal.you-chose", label=part.title), (*said, *texts)
    return part.title or say("rehearsal.others-learned"), texts


def _now(practice: Practice, script: Script) -> str:
    """Return what the reader is asked to do after the last part."""
    pack, say = script.pack, script.wording.say
    if awaits_trainer(practice, pack):
        return say("rehearsal.awaits-trainer")
    if options_open(practice, pack):
        is_asked = steps_open(practice, case_of(practice, pack))[-1].choice is not None
        return say("rehearsal.answer-now" if is_asked else "rehearsal.do-now")
    return say("rehearsal.go-over" if case_of(practice, pack).stages and _has_begun(practice) else "rehearsal.now-you")


SAID = 760  # maximum number of characters of what is said in a call and what the other end answers, on one card


def _said(practice: Practice, script: Script, *, room: int) -> str:
    """Return what the bot's own script says in a call, from the reader's SERAF so far: in brief if the rest is over `room` characters."""
    session = practice.session
    if session is None or not has_words(session):
        return script.wording.say("rehearsal.no-script")
    # Without what rests on the number: nobody sees points before the end.
    pack, view = script.pack, session.view(script.pack.instrument)
    known = {key: words for key, words in view.facts.items() if key not in OF_THE_NUMBER}
    facts = {**pack.guidance.advise(known).settled, **reason_facts(session.answers.says, session.answers.known)}
    case = session.answers.case()
    said = " ".join(pack.calling.spoken(pack.instrument, case, facts=facts))
    if len(said) > room:
        said = " ".join(pack.calling.in_brief(pack.instrument, case, facts=facts))
    return script.wording.say("rehearsal.you-say", script=said)


SOCIAL_CARE = ("art", "edt", "allocated", "elsewhere")  # whom the bot's script is for


def _story_rows(practice: Practice, script: Script) -> Rows:
    parts = len(case_of(practice, script.pack).parts)
    asks, later = (_asking(practice),), turning(practice.page, parts)[-1:] if practice.page < parts else ()
    options = () if later else options_open(practice, script.pack)
    if awaits_trainer(practice, script.pack) and not later:
        later = (Key(Rehearse(Turn.PAGE, str(parts + 1)), "go-on"),)
    keys = (Key(Rehearse(Turn.ANSWER, str(at)), text=option.label) for at, option in enumerate(options))
    return (*((key,) for key in keys), (*later, *(asks if _has_begun(practice) or not later else ()), BACK))


def _asking(practice: Practice) -> Key:
    return Key(Rehearse(Turn.ASK), "back-to-seraf" if _has_begun(practice) else "begin-seraf")


def _has_begun(practice: Practice) -> bool:
    return practice.session is not None and practice.session.has_case


def _story_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page with the whole story, or of a case in stages with what is new, and what can be done now."""
    vignette, say = case_of(practice, script.pack), script.wording.say
    told = [_told(practice, script, page=page) for page, _ in enumerate(vignette.parts, 1)]
    sections = tuple(SectionPart(title, tuple(map(Text, texts))) for title, texts in told)
    # What is new stands first on a phone: what was read before is folded.
    new = practice.page - 1 if vignette.stages else 0
    warning = Text(say("rehearsal.warning", warning=vignette.warning), TextLook.HINT)
    before: PagePart = More(say("leaf.so-far"), sections[:new]) if new else warning
    story = (before, *sections[new:])
    options = tuple(
        Button(option.label, Rehearse(Turn.ANSWER, str(at)))
        for at, option in enumerate(options_open(practice, script.pack))
    )
    now = _now(practice, script)
    leaves = (each for way in ways_to(plain, Turn.LEAVE) for each in way.buttons)
    waits = ways_to(plain, Turn.PAGE, is_main=True) if awaits_trainer(practice, script.pack) else ()
    asks = Ways((button(_asking(practice), script), *leaves), not options and not waits)
    do_now: PagePart = QuestionPart(options, asked=now) if options else Text(now)
    parts: tuple[PagePart, ...] = (*story, do_now, *waits, asks)
    return replace(plain, shape=PageKind.STORY, caption="", heading=vignette.title, parts=parts)


STORY_CARD = StageCard(_story_words, _story_rows, _story_page)
CALLS = in_rows([Key(Rehearse(Turn.CALL, call), f"first-call.{call}") for call in FirstCall], 2)
FIRST_CALL_CARD = StageCard(
    lambda practice, script: titled(practice.stage, script),
    lambda _practice, _script: (*CALLS, (STORY,)),
    lambda _practice, _script, plain: stage_question(plain, but=(Turn.TELL, Turn.LEAVE)),
)
