"""What a typed command does, from every phase."""

from collections.abc import Mapping
from dataclasses import replace

from dialogs.core.acts import Kind, Overlay, laid_over
from dialogs.core.replies import Reply, Toast
from dialogs.core.role import ADMINISTERING, CONSULTING, EVERYBODY, RUNNING_ROOMS, Role
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.reference import MENU, at_found, at_topic, page_with
from seraf.pack import Pack
from seraf.reference import Glossary, Guide, Term
from state_machines.assessment import BEGUN, TABLE, Facts, Phase, Trigger

OVERLAYS = {"urgent": Kind.URGENT, "call": Kind.CALL, "contacts": Kind.CONTACTS, "help": Kind.HELP}
"""Commands that lay an overlay over the card, whatever the card."""

ROLES: Mapping[str, frozenset[Role]] = {
    "start": CONSULTING,
    "urgent": EVERYBODY,
    "call": EVERYBODY,
    "contacts": EVERYBODY,
    "explain": EVERYBODY,
    "guide": EVERYBODY,
    "pause": CONSULTING,
    "resume": CONSULTING,
    "help": EVERYBODY,
    "cancel": CONSULTING,
    "erase": CONSULTING,
    "review": CONSULTING,
    "rehearse": CONSULTING,
    "room": RUNNING_ROOMS,
    "join": CONSULTING,
    "pair": CONSULTING,
    "people": ADMINISTERING,
    "lock": EVERYBODY,
    "panic": EVERYBODY,
}
"""Every command, in the order in which a channel lists them, with who may use it; one that is not here is nobody's.

What a button does is counted as its command. To answer anything takes `start`, which is an event of its own.
"""

NAMES = tuple(ROLES)

LISTED = tuple(name for name in NAMES if ROLES[name] != ADMINISTERING)
"""Commands that a channel lists for everybody; what is for administrators alone is in their papers."""

ASKED_CLOSED = ("urgent", "call", "contacts", "help", "explain", "guide")
"""Commands that work while a chat is closed: they show nothing of a case."""

SUGGESTED = 4
"""How many words are suggested where several begin as typed."""


def command(session: Session, name: str, *, words: str, script: Script) -> Reply:
    """The session after a command. One that is not known changes nothing and is answered with those that are."""
    if name in OVERLAYS:
        return Reply(_open(session, Overlay(OVERLAYS[name])))
    match name:
        case "explain":
            return _explain(session, words, pack=script.pack)
        case "guide":
            return _guide(session, words, guide=script.pack.guide)
        case "pause":
            return _pause(session)
        case "resume":
            return _resume(session)
        case "cancel" | "erase" if session.has_case:
            return Reply(_open(session, Overlay(Kind.ERASE)))
        case "cancel" | "erase":
            return Reply(session, (Toast("nothing-kept"),))
        case "lock" | "panic":
            return Reply(session, (Toast("no-lock"),))
        case "people":
            return Reply(session, (Toast("no-people"),))
        case _:
            return Reply(session, (Toast("no-command"),))


def _open(session: Session, overlay: Overlay) -> Session:
    return session.beneath(laid_over(overlay, session.overlay))


def _pause(session: Session) -> Reply:
    phase = TABLE.advance(session.phase, Trigger.PAUSE, facts=Facts())
    if phase is None:
        return Reply(session.beneath(None), (Toast("cannot-pause"),))
    return Reply(
        replace(session, phase=Phase(phase), overlay=None, detour=replace(session.detour, paused_in=session.phase))
    )


def _resume(session: Session) -> Reply:
    if session.phase is Phase.PAUSED and session.detour.paused_in:
        return Reply(
            replace(
                session, phase=session.detour.paused_in, overlay=None, detour=replace(session.detour, paused_in=None)
            )
        )
    toast = Toast("resumed" if session.phase in BEGUN else "cannot-resume")
    return Reply(session.beneath(None), (toast,))


def _explain(session: Session, words: str, *, pack: Pack) -> Reply:
    """A word of the glossary, else one that is better said otherwise, else the list."""
    glossary = pack.glossary
    found = glossary.look_up(words)
    if len(found) == 1:
        return Reply(_open(session, Overlay(Kind.EXPLAIN, found[0].id)))
    mirrored = pack.recording.mirrored(words)
    if not found and mirrored:
        return Reply(_open(session, Overlay(Kind.WORDS, mirrored[0][1].id)))
    opened = _open(session, Overlay(Kind.TERMS, _page_of(found, glossary)))
    if found:
        names = ", ".join(term.term for term in found[:SUGGESTED])
        return Reply(opened, (Toast("several-terms", (("terms", names),)),))
    return Reply(opened, (Toast("no-term"),) if words else ())


def _page_of(found: tuple[Term, ...], glossary: Glossary) -> str:
    first = glossary.terms.index(found[0]) if found else 0
    return page_with(first)


def _guide(session: Session, words: str, *, guide: Guide) -> Reply:
    found = guide.look_up(words)
    if len(found) == 1:
        return Reply(_open(session, at_topic(found[0], guide)))
    if found:
        return Reply(_open(session, at_found(found, guide)))
    return Reply(_open(session, MENU), (Toast("no-topic"),) if words else ())
