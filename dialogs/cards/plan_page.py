"""The page of the result, which is the whole action plan, and the pages of one action and of the stop card before it."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.call import CASE_SCRIPT, in_brief
from dialogs.cards.plain_page import opens, ways_left
from dialogs.core.acts import Kind, Log, Open, Overlay, Say
from dialogs.core.keys import View
from dialogs.core.page import (
    Banner,
    Button,
    Call,
    Calls,
    Doing,
    Doings,
    Listed,
    More,
    PageKind,
    PagePart,
    QuestionPart,
    SectionPart,
    TablePart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.reasons import leading_so_far
from dialogs.phrases.earlier import reviewed
from dialogs.phrases.number import basis_lines
from dialogs.phrases.whom_to_call import call_about, care_calls, contact_calls
from dialogs.result.action_card import in_short, is_fear_said, leading
from dialogs.result.action_line import done_lines, line_calls, log_entries, outcome_asked, word_of
from dialogs.result.actions import CaseLine, due_words, line_of, lines_of, without_number
from dialogs.result.call_taps import SOMETHING_CHANGED
from dialogs.result.result_pages import ASKED, cautions_of, closing_texts, subtotals
from dialogs.result.stop_card import call_due, pressing_before
from seraf.advice.action_log import FIRST_ON_A_PAGE, WHAT, last_of
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import EMERGENCY, LocalTime
from seraf.advice.guidance import Advice
from seraf.score.scoring import Findings


def plan_page(plain: WholePage, session: Session, *, script: Script, now: LocalTime) -> WholePage:
    """Return the page of the result: what leads, every action with whom to ring and what was done, and what it rests on."""
    say, every = script.wording.say, lines_of(session, script, now=now)
    view = reviewed(session, script, now=now)
    heading, *below = [each.text for each in leading(every, session, script=script, now=now)]
    numbers, *low, judgement = in_short(view, script, before=session.result.judged_before, whole=True)
    overlay, more = session.overlay, plain.more
    asked = overlay.about if overlay and overlay.kind is Kind.OUTCOME else ""
    found, advice = view.find(today=now.today), view.advice(script.pack.guidance)
    steps = tuple(each.text for each in advice.steps)
    changed = (Button(say("button.changed"), Open(Overlay(Kind.CHANGED, "1"))),) if session.earlier else ()
    higher = _ways_to((*more, *changed), Kind.RAISE, Kind.CHANGED)
    script_key = () if any(map(_has_script, every)) else (_script_key(script),)
    parts: tuple[PagePart, ...] = (
        Banner((*below, *low, f"{numbers} {judgement}"), _first(any(map(_is_999, every)), script, now=now)),
        *(part for each in every if each.line == asked for part in _outcome(each, session, script, now=now)),
        Doings(
            say("leaf.in-order"),
            tuple(_doing(each, session, script, now=now, is_asked=each.line != asked) for each in every),
        ),
        *_in_fear(every, session, script, now=now),
        Ways((*script_key, Button(say(f"button.{SOMETHING_CHANGED.word}"), SOMETHING_CHANGED.act))),
        SectionPart(say("page.steps"), (Listed(steps) if steps else Text(say("leaf.no-steps")),)),
        SectionPart(
            say("leaf.adds-up"),
            (*_sums(found, advice, script), *higher),
        ),
        *_gaps(found, script, buttons=more),
        *_closing(found, session, script, now=now, buttons=more),
    )
    return replace(
        plain,
        shape=PageKind.PLAN,
        title=say("leaf.titles.action"),
        heading=heading,
        caption=say("leaf.plan"),
        parts=parts,
        back=None,
        more=tuple(each for each in more if not opens(each, IN_SECTIONS)),
    )


IN_SECTIONS = (Kind.RAISE, Kind.FIND, Kind.TO_RECORD, Kind.SUMMARY, Kind.CODE, Kind.REMIND)
"""What buttons of “More” open that stand in a section of the plan."""


def _ways_to(buttons: tuple[Button, ...], *kinds: Kind) -> tuple[Ways, ...]:
    """Return the buttons that open these kinds of overlays as a row, or nothing if there are none."""
    found = tuple(each for each in buttons if opens(each, kinds))
    return (Ways(found),) if found else ()


def _is_999(line: CaseLine) -> bool:
    return line.line is CardLine.EMERGENCY and line.planned.action.calls and not line.is_closed


def _first(is_999: bool, script: Script, *, now: LocalTime) -> tuple[Call, ...]:
    return (call_about(script.pack.contacts[EMERGENCY], script, now=now),) if is_999 else ()


def _has_script(line: CaseLine) -> bool:
    """Return True if the call script belongs to the action: it is a call to social care that is open."""
    return line.line is CardLine.CARE and line.planned.action.calls and not line.is_closed


def _script_key(script: Script) -> Button:
    return Button(script.wording.say("leaf.to-say"), CASE_SCRIPT.act)


def _doing(line: CaseLine, session: Session, script: Script, *, now: LocalTime, is_asked: bool = True) -> Doing:
    """Return an action with its parts. Unless `is_asked`, the question about the call is elsewhere on the page."""
    by = "" if line.is_closed else due_words(line, now, script=script)
    parts = tuple(_parts_of(line, session, script, now=now, is_asked=is_asked))
    return Doing(line.planned.title, by, line.is_late(now), line.is_closed, parts)


def _parts_of(
    line: CaseLine, session: Session, script: Script, *, now: LocalTime, is_asked: bool = True
) -> Iterator[PagePart]:
    line = without_number(line, session, script, now=now)
    say, action, last = script.wording.say, line.planned.action, last_of(session.result.log, line.line)
    *earlier, latest = [*done_lines(line, session, script=script, now=now)] or [""]
    waits = last is not None and bool(WHAT[last.what].asks) and not line.is_closed
    entries, links = log_entries(line, session, script, first=FIRST_ON_A_PAGE)
    yield from (Text(each, TextLook.HINT) for each in earlier)
    if waits and is_asked and entries:
        yield from _outcome(line, session, script, now=now)
    elif latest:
        yield Text(latest, TextLook.PLAIN if line.is_closed else TextLook.WARNING)
    if not line.is_closed and (calls := line_calls(line, session, script=script, now=now)):
        yield Calls(calls)
    entries, links = ((), ()) if waits else (entries, links)
    if entries:
        yield Ways(tuple(log_button(line, each, script) for each in entries))
    quiet = (
        *((_script_key(script),) if _has_script(line) else ()),
        *(log_button(line, each, script) for each in links),
    )
    if quiet:
        yield Ways(quiet, is_quiet=True)
    details = (Listed(line.planned.details),) if len(line.planned.details) > 1 else map(Text, line.planned.details)
    voices = basis_lines(action.basis, script, is_judged=session.is_judged)
    why = (Text(action.why), *(Text(each, TextLook.HINT) for each in voices))
    yield from () if line.is_closed else details
    yield More(say("leaf.why"), (*details, *why) if line.is_closed else why)


def _outcome(line: CaseLine, session: Session, script: Script, *, now: LocalTime) -> Iterator[PagePart]:
    """Yield the question that follows from the last entry about an action, with its answers."""
    last = last_of(session.result.log, line.line)
    if last is None:
        return
    answers, about_last = log_entries(line, session, script)
    asked = outcome_asked(last, line, script, now=now)
    yield QuestionPart(tuple(log_button(line, each, script) for each in answers), asked=asked)
    yield Ways(tuple(log_button(line, each, script) for each in about_last), is_quiet=True)


def log_button(line: CaseLine, entry: str, script: Script) -> Button:
    """Return the button that makes this entry about an action in the log."""
    label = script.wording.say_first(f"leaf.logged.{entry}", f"logged.{entry}", f"button.{word_of(entry)}")
    return Button(label, Log(line.line, entry), about=line.planned.title)


def _in_fear(lines: tuple[CaseLine, ...], session: Session, script: Script, *, now: LocalTime) -> Iterator[PagePart]:
    if is_fear_said(lines, session, script=script, now=now):
        calls = care_calls(script, now, answers=session.answers.around, has_team=False)
        yield SectionPart(script.wording.say("leaf.in-fear"), (Calls(calls),))


def _sums(found: Findings, advice: Advice, script: Script) -> Iterator[PagePart]:
    say, score = script.wording.say, found.score
    rows = [
        (name, say("leaf.ticked", ticked=ticked, items=items) if items else "", str(points))
        for name, points, ticked, items in subtotals(found, script)
    ]
    total = (
        say("leaf.total"),
        say("leaf.ticked", ticked=len(found.facts["present"]), items=score.of),
        str(score.total),
    )
    yield TablePart(
        say("leaf.points-of"), (say("leaf.section"), say("leaf.marked"), say("leaf.points")), (*rows, total)
    )
    if score.highest.total > score.total:
        yield Text(say("result.total-so-far", total=score.total, highest=score.highest.total))
    yield from (Text(each.text) for each in (*advice.mixes, *advice.notes))
    if cautions := cautions_of(found, script):
        yield from (Text(say("result.mind")), Listed(cautions))


def _gaps(found: Findings, script: Script, *, buttons: tuple[Button, ...]) -> Iterator[PagePart]:
    """Yield the items that are not known, with the way to find them out."""
    instrument, say = script.pack.instrument, script.wording.say
    items = [(instrument.number(each), instrument.item(each)) for each in found.score.unknown]
    if items:
        named: PagePart = Listed(tuple(f"{number} {item.short or item.label}" for number, item in items))
        named = Text(say("leaf.none-known", items=len(items))) if len(items) == len(instrument.items) else named
        yield SectionPart(say("leaf.gaps"), (named, *_ways_to(buttons, Kind.FIND)))


def _closing(
    found: Findings, session: Session, script: Script, *, now: LocalTime, buttons: tuple[Button, ...]
) -> Iterator[PagePart]:
    """Yield whether it is in the case record, when to do it again, and what it is not."""
    say = script.wording.say
    again, no_referral, complete, edition = closing_texts(found, session, script, now=now)
    answers = tuple(Button(say(f"answer.{key}"), Say(each)) for each, key in RECORDED.items())
    asked = () if session.answers.get(ASKED) else (Ways(answers),)
    kept = _ways_to(buttons, Kind.TO_RECORD, Kind.SUMMARY, Kind.CODE)
    title = say("recorded.ask" if asked else "leaf.record")
    yield SectionPart(title, (Text(complete), *asked, *kept))
    remind = _ways_to(buttons, Kind.REMIND)
    yield SectionPart(say("leaf.review"), (Text(again, TextLook.STRONG), *remind))
    yield from (Text(no_referral, TextLook.HINT), Text(edition, TextLook.HINT))


RECORDED = {"yes": "yes", "not-yet": "recorded.not-yet"}  # the answers to `ASKED`, each with the key of its label


def action_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of one action before the result, with the question about the call."""
    session, script, now = view.session, view.script, view.now
    line = line_of(view.about, session, script=script, now=now)
    if line is None:
        return plain
    by = Text(due_words(line, now, script=script), TextLook.STRONG)
    parts = (*(() if line.is_closed else (by,)), *_parts_of(line, session, script, now=now))
    return replace(
        plain, shape=PageKind.DOING, heading=line.planned.title, caption=script.wording.say("leaf.plan"), parts=parts
    )


def stop_page(view: View, plain: WholePage) -> WholePage:
    """Return the page of the stop card: what cannot wait, whom to ring, what to say, and that the form can wait."""
    session, script, now = view.session, view.script, view.now
    say, line = script.wording.say, call_due(session, script, now=now)
    leads = leading_so_far(session, script.pack)

    def is_elsewhere(button: Button) -> bool:
        is_script = button.act == CASE_SCRIPT.act and line is not None and _has_script(line)
        return is_script or isinstance(button.act, Log)

    calls = _first(line is not None and _is_999(line), script, now=now)
    banner = Banner((leads[0].text if leads else say("stop.number-text"),), calls)
    parts: list[PagePart] = [banner]
    if line is not None:
        first = pressing_before(line, session, script, now=now)
        before = [_doing(each, session, script, now=now)._replace(parts=()) for each in first]
        parts.append(Doings(say("leaf.in-order"), (*before, _doing(line, session, script, now=now))))
        if line.line is CardLine.EMERGENCY:
            care = tuple(
                each for each in contact_calls(script, now, answers=session.answers.around) if each.id != EMERGENCY
            )
            parts.append(SectionPart(say("leaf.then-ring"), (Calls(care),)))
        elif said := in_brief(session, script, now=now):
            parts.append(SectionPart(say("leaf.say"), (Text(said, TextLook.READ),)))
    return replace(
        plain,
        shape=PageKind.MESSAGE,
        caption=say("leaf.at-once"),
        parts=(*parts, Text(say("stop.waits")), *ways_left(plain, is_elsewhere)),
    )
