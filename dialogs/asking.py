"""Questions in somebody's own words: what is found for one, and the card that shows it.

The words are looked up before the turn, and go no further: what is kept while the card is open is what was found.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from dialogs.core.acts import Go, Kind, Open, Overlay, PutFirst
from dialogs.core.events import Commanded, Event, LookedUp, Occasion, Typed
from dialogs.core.keys import (
    CLOSE,
    CONTACTS,
    GUIDE,
    IN_A_ROW,
    TERMS,
    URGENT,
    Key,
    OverlayCard,
    Paragraphs,
    Rows,
    View,
    in_rows,
)
from dialogs.core.replies import Paragraph
from dialogs.core.script import Questioning, Script
from dialogs.core.session import Session
from dialogs.form.item_cards import WHAT_CARD
from dialogs.form.path import change, move, put_ahead
from dialogs.phrases.whom_to_call import contact_entry, urgent_line
from dialogs.reference import EXPLAIN_CARD, GUIDE_CARD
from seraf.reference import fold
from seraf.search.english import COMMON
from seraf.search.index import Findable, FindableKind
from seraf.search.ranking import MOST, Fit, SearchResult, search
from seraf.search.urgency import is_urgent
from state_machines.assessment import BEGUN, Phase, Trigger

ASK = "ask"
CALLED_BY: Mapping[str, FindableKind | None] = {
    ASK: None,
    "guide": FindableKind.TOPIC,
    "explain": FindableKind.TERM,
}
"""The commands that take a question, and of which kind an entry is that opens at once if it is called just so."""

REFUSED = "refused"
"""In place of a `Fit`: the question was not looked up, since it may point to a person."""

LABEL = 20
"""The maximum number of characters of a label."""

REVIEW_CODE = re.compile(r"(?=.*\d)(?=(?:[\s-]*[0-9A-Z]){20})[0-9A-Z\s-]+")
ROOM_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
"""Match a line that has the form of a code, and is taken as the command that it is for, unless it is a sentence in capitals."""


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """What was found for a question: how well it fits, and the positions of the entries in the index, best first.

    `opened` is the number of the entry that is shown, from 1, or 0 for the list. `mirror` is the number of the group of
    blaming phrases that the question has, from 1, or 0. `kinds` are the kinds of identifier for which it was refused.
    """

    fit: str = ""
    opened: int = 0
    calls_first: bool = False
    mirror: int = 0
    found: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """Return the finding as the `about` of an overlay. At most 30 characters, unless the question was refused."""
        found = "".join([f"{each:03x}" for each in self.found])
        return ".".join((self.fit, str(self.opened), f"{self.calls_first:d}", str(self.mirror), found, *self.kinds))

    @property
    def is_shown_at_once(self) -> bool:
        """True if the best entry is open, since it is clearly the best."""
        return self.fit == Fit.CLEAR and self.opened == 1


def read_found(about: str) -> FoundEntries:
    """Return the finding that `about` writes. An empty text is that nothing was asked yet."""
    if not about:
        return FoundEntries()
    fit, opened, calls_first, mirror, found, *kinds = about.split(".")
    places = tuple(int(found[at : at + 3], 16) for at in range(0, len(found), 3))
    return FoundEntries(fit, int(opened), calls_first == "1", int(mirror), places, tuple(kinds))


# What is found.


def as_question(event: Event, words: str, *, script: Script, is_several: bool = True) -> Event:
    """Return `LookedUp` if the event is a question, whose words are typed, or follow a command; otherwise the event itself.

    Unless `is_several`, several items of the form in one question are no list of their own that can be put first.
    """
    kind = None
    if isinstance(event, Commanded):
        if event.name not in CALLED_BY:
            return event
        kind, words = CALLED_BY[event.name], event.words
    elif not isinstance(event, Typed):
        return event
    elif REVIEW_CODE.fullmatch(words.strip()) and COMMON.isdisjoint(fold(words).split()) and not is_urgent(words):
        return Commanded(event.occasion, "review", words)
    elif ROOM_CODE.fullmatch(words.strip()):
        return Commanded(event.occasion, "join", words)
    if script.asking is None or not words.strip():
        return event
    finding = find(words.strip(), kind, asking=script.asking, is_several=is_several)
    mirrored = script.pack.recording.mirrored(words)
    if mirrored and finding.fit != REFUSED:
        finding = replace(finding, mirror=script.pack.recording.mirror.index(mirrored[0][1]) + 1)
    return LookedUp(event.occasion, finding.about)


def find(words: str, kind: FindableKind | None, *, asking: Questioning, is_several: bool) -> FoundEntries:
    """Return what fits a question. An entry of this kind that is called just so is shown at once."""
    index, asked = asking.index, fold(words)
    answer = search(index, words)
    listed, fit = _listed(answer, is_several=is_several)
    is_called_so = any(asked in map(fold, (*entry.names, *entry.words)) for entry in listed)
    if not is_called_so and fit is not Fit.LONG:  # which would take seconds to screen
        # In capitals alone, no name stands out.
        kinds = asking.screening.could_be(words.lower() if words.isupper() else words)
        if kinds:
            return FoundEntries(REFUSED, calls_first=answer.calls_first, kinds=kinds)
    places = [next(at for at, each in enumerate(index.entries) if each is entry) for entry in listed]
    of_kind = ((at, each) for at, each in enumerate(index.entries) if each.kind is kind)
    own = next((at for at, each in of_kind if asked in map(fold, each.names)), None) if kind else None
    if own is not None:
        places, fit = [own, *(at for at in places if at != own)][:MOST], Fit.CLEAR
    return FoundEntries(fit, int(fit is Fit.CLEAR), answer.calls_first, found=tuple(places))


def _listed(answer: SearchResult, *, is_several: bool) -> tuple[tuple[Findable, ...], Fit]:
    """Return the entries that are listed, best first or in the order of the question, and how well they fit."""
    found = tuple(each.entry for each in answer.found)
    if answer.fit is not Fit.ITEMS:
        return found, answer.fit
    if is_several and found[0].kind is FindableKind.ITEM:
        return answer.items, Fit.ITEMS
    return found, Fit.SEVERAL


def is_nothing(event: Event) -> bool:
    """Return True if the event is a question for which nothing was found."""
    return isinstance(event, LookedUp) and read_found(event.about).fit == Fit.NOTHING


def found_in(finding: FoundEntries, script: Script) -> dict[int, Findable]:
    """Return the entries found, by their numbers from 1, without those that the pack no longer has."""
    entries = script.asking.index.entries if script.asking else ()
    numbered = [(number, entries[at]) for number, at in enumerate(finding.found, 1) if at < len(entries)]
    return {number: entry for number, entry in numbered if _is_there(entry, script)}


def _is_there(entry: Findable, script: Script) -> bool:
    match entry.kind:
        case FindableKind.ITEM:  # of the instrument that the case began with
            return entry.id in script.pack.instrument
        case FindableKind.TOPIC | FindableKind.TERM | FindableKind.CONTACT | FindableKind.COMMAND:
            return True
    assert_never(entry.kind)


def entry_at(about: str, script: Script) -> Findable | None:
    """Return the entry that is open on the card, or None if it lists what was found."""
    finding = read_found(about)
    return found_in(finding, script).get(finding.opened)


# Putting items first.

WORDS_OF_ONE = {Phase.OPENING: "ask-first", Phase.ITEMS: "go-to-it", Phase.CHECK: "go-to-it"}
WORDS_OF_SEVERAL = {
    Phase.WELCOME: "start-with-these",
    Phase.OPENING: "ask-first",
    Phase.ITEMS: "ask-first",
    Phase.CHECK: "go-to-first",
}
"""The label of the button that leads to one item, or to several, by phase. In any other phase there is no way to them."""


def put_first(session: Session, *, occasion: Occasion, script: Script) -> Session:
    """Return the session in which the items on the card come first, begun if there is no case. It answers none of them."""
    overlay, pack = session.overlay, script.pack
    finding = read_found(overlay.about if overlay else "")
    items = tuple(
        entry.id
        for number, entry in found_in(finding, script).items()
        if entry.kind is FindableKind.ITEM and finding.opened in (0, number)
    )
    if session.phase is Phase.CHECK:
        return change(session, items[0], pack=pack)
    if session.phase is Phase.ITEMS:
        return put_ahead(session, items, pack=pack)
    if not session.has_case:
        session = move(session, Trigger.START, occasion=occasion, pack=pack).session
    first = tuple(dict.fromkeys((*items, *session.detour.first)))
    return replace(session.beneath(None), detour=replace(session.detour, first=first))


def _way_to(session: Session, script: Script, *, is_one: bool) -> tuple[Key, ...]:
    """Return the button that leads to the items on the card, if there is a way to them now."""
    if script.is_rehearsal or session.detour.is_changing or session.detour.reopened:
        return ()
    word = (WORDS_OF_ONE if is_one else WORDS_OF_SEVERAL).get(session.phase)
    return (Key(PutFirst(), word),) if word else ()


# The card.


def _words(view: View) -> Paragraphs:
    script, say = view.script, view.script.wording.say
    finding = read_found(view.about)
    entries = found_in(finding, script)
    if entry := entries.get(finding.opened):
        return _words_of(entry, view)
    fit = finding.fit or "asked"
    if finding.found:
        fit = Fit.SEVERAL if fit == Fit.CLEAR else fit
        fit = fit if entries else "asked"  # the pack has none of them any more
    texts = [Paragraph(say(f"found.{fit}.text"))] if f"found.{fit}.text" in script.wording else []
    if fit == Fit.ITEMS and not _way_to(view.session, script, is_one=False):
        texts = []
    title = say(f"found.{fit}.title", kinds=", ".join(say(f"identifier.{kind}") for kind in finding.kinds))
    listed = "\n".join(f"• {_line(entry, script)}" for entry in entries.values())
    return (Paragraph(title, is_strong=True), *texts, *((Paragraph(listed),) if listed else ()))


def _line(entry: Findable, script: Script) -> str:
    """Return what a list says of an entry: what it is, and what it is called."""
    instrument, name, number = script.pack.instrument, entry.names[-1], ""
    match entry.kind:
        case FindableKind.ITEM:
            name, number = instrument.item(entry.id).label, str(instrument.number(entry.id))
        case FindableKind.COMMAND:
            name = script.wording.say(f"command.{entry.id}")
        case FindableKind.TERM:
            name = entry.title
        case FindableKind.TOPIC | FindableKind.CONTACT:
            pass
        case _:
            assert_never(entry.kind)
    return script.wording.say(f"found.line.{entry.kind}", name=name, number=number)


def _words_of(entry: Findable, view: View) -> Paragraphs:
    script, say, about = view.script, view.script.wording.say, replace(view, about=entry.id)
    match entry.kind:
        case FindableKind.ITEM:
            number, of = script.pack.instrument.number(entry.id), len(script.pack.instrument.items)
            _, *shown, _section, source = WHAT_CARD.words(about)  # what holds for its section is said where it is asked
            return (Paragraph(say("found.item", number=number, of=of)), *shown, source)
        case FindableKind.TOPIC:
            return GUIDE_CARD.words(about)
        case FindableKind.TERM:
            return EXPLAIN_CARD.words(about)
        case FindableKind.CONTACT:
            own = contact_entry(script.pack.contacts[entry.id], script, now=view.now)
            texts = (own.removeprefix(f"{entry.title}: "), urgent_line(script, view.now))
            return (Paragraph(entry.title, is_strong=True), *map(Paragraph, texts))
        case FindableKind.COMMAND:
            title = Paragraph(say(f"command.{entry.id}"), is_strong=True)
            return (title, Paragraph(say("found.command", name=entry.id)))
    assert_never(entry.kind)


def _rows(view: View) -> Rows:
    script, session = view.script, view.session
    finding = read_found(view.about)
    entries = found_in(finding, script)
    call = (Key(URGENT.act, "call-now"),) if finding.calls_first else ()
    urgent = () if finding.calls_first else (URGENT,)
    blaming = script.pack.recording.mirror[finding.mirror - 1 :][:1] if finding.mirror else ()
    words = tuple(Key(Open(Overlay(Kind.WORDS, each.id)), "words-to-avoid") for each in blaming)
    entry = entries.get(finding.opened)
    if entry is None:
        keys, labels = list[Key](), set[str]()
        for number, each in entries.items():
            label = _short(each)
            label = _shortened(_line(each, script)) if label in labels else label
            labels.add(label)
            keys.append(Key(Open(Overlay(Kind.ASK, replace(finding, opened=number).about)), text=label))
        way = _way_to(session, script, is_one=False) if finding.fit == Fit.ITEMS else ()
        else_ = () if keys else (CONTACTS, GUIDE, TERMS)
        rows = (call, *in_rows(keys, 2), (*way, *words), else_, (CLOSE, *urgent))
        return tuple(row for row in rows if row)
    listed = Open(Overlay(Kind.ASK, replace(finding, opened=0).about))
    others = (Key(listed, "others"),) if len(entries) > 1 else ()
    back = (*others, CLOSE) if finding.is_shown_at_once else (Key(listed, "back"),)
    return in_rows((*call, *_way_of(entry, view), *words, *back, *urgent), 2 if words else IN_A_ROW)


def _short(entry: Findable) -> str:
    """Return the label of the button that opens an entry."""
    name = f"/{entry.id}" if entry.kind is FindableKind.COMMAND else entry.title
    return _shortened(name)


def _shortened(label: str) -> str:
    return textwrap.shorten(label, LABEL, placeholder="…")


def _way_of(entry: Findable, view: View) -> tuple[Key, ...]:
    """Return the buttons that do what an entry is about."""
    match entry.kind:
        case FindableKind.ITEM:
            return _way_to(view.session, view.script, is_one=True)
        case FindableKind.CONTACT:
            return (CONTACTS,)
        case FindableKind.COMMAND:
            return tuple(key for key in (_command(entry.id, view),) if key)
        case FindableKind.TOPIC | FindableKind.TERM:
            return ()
    assert_never(entry.kind)


OPENED_BY = {
    **{each.value: each for each in (Kind.CALL, Kind.CONTACTS, Kind.GUIDE, Kind.HELP)},
    "explain": Kind.TERMS,
}
"""The commands that open an overlay of general information, but for `urgent`, whose button is on every card."""


def _command(name: str, view: View) -> Key | None:
    """Return the button that does what a command does, or None if it has to be typed, or is not possible now."""
    session = view.session
    if name in OPENED_BY:
        about = "1" if name == "explain" else ""
        return Key(Open(Overlay(OPENED_BY[name], about)), TERMS.word if name == "explain" else name)
    if name == "start" and session.phase is Phase.WELCOME:
        return Key(Go(Trigger.START), "start")
    if name == "pause" and session.phase in BEGUN:
        return Key(Go(Trigger.PAUSE), "pause")
    if name == "resume" and session.phase is Phase.PAUSED:
        return Key(Go(Trigger.RESUME), "resume")
    if name in ("erase", "cancel") and session.has_case and not view.script.is_rehearsal:
        return Key(Open(Overlay(Kind.ERASE)), "erase")
    if name == "review" and view.script.codes and not session.has_case:
        return Key(Open(Overlay(Kind.REVIEW)), "review")
    return None


ASK_CARD = OverlayCard(_words, _rows)
