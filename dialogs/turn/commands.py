"""The effect of a typed command in every phase."""

from collections.abc import Mapping

from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import Reply, Toast
from dialogs.core.role import ADMINISTERING, CONSULTING, EVERYBODY, LEADING, RUNNING_ROOMS, Role
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.reference import MENU, at_found, at_topic, page_with
from state_machines.assessment import BEGUN, TABLE, Facts, Phase, Trigger

OVERLAYS = {"urgent": Kind.URGENT, "call": Kind.CALL, "contacts": Kind.CONTACTS, "help": Kind.HELP}
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
    "look": CONSULTING,
    "people": ADMINISTERING,
    "team": LEADING,
    "lock": EVERYBODY,
    "panic": EVERYBODY,
}
"""All commands, in the order in which a channel lists them, each with the roles that may use it.

A button counts as the command with the same effect. To answer questions, a role needs the right to `start`.
"""

NAMES = tuple(ROLES)

# The commands that a channel offers in its list, which excludes those for administrators and managers alone.
LISTED = tuple(name for name in NAMES if ROLES[name] not in (ADMINISTERING, LEADING))
# The commands that work while a chat is locked, since they show nothing of a case.
ASKED_CLOSED = ("urgent", "call", "contacts", "help", "explain", "guide")


def command(session: Session, name: str, *, words: str, script: Script) -> Reply:
    """Return the reply to a command. For an unknown one, a toast says so, and the session stays unchanged."""
    if name in OVERLAYS:
        return Reply(session.opened(Overlay(OVERLAYS[name])))
    match name:
        case "explain":
            glossary = script.pack.glossary
            found = glossary.look_up(words)
            if len(found) == 1:
                return Reply(session.opened(Overlay(Kind.EXPLAIN, found[0].id)))
            mirrored = script.pack.recording.mirrored(words)
            if not found and mirrored:
                return Reply(session.opened(Overlay(Kind.WORDS, mirrored[0][1].id)))
            first = glossary.terms.index(found[0]) if found else 0
            opened = session.opened(Overlay(Kind.TERMS, page_with(first)))
            if found:
                names = ", ".join(term.term for term in found[:4])
                return Reply(opened, (Toast("several-terms", (("terms", names),)),))
            return Reply(opened, (Toast("no-term"),) if words else ())
        case "guide":
            guide = script.pack.guide
            topics = guide.look_up(words)
            if len(topics) == 1:
                return Reply(session.opened(at_topic(topics[0], guide)))
            if topics:
                return Reply(session.opened(at_found(topics, guide)))
            return Reply(session.opened(MENU), (Toast("no-topic"),) if words else ())
        case "pause":
            phase = TABLE.advance(session.phase, Trigger.PAUSE, facts=Facts())
            if phase is None:
                return Reply(session.beneath(None), (Toast("cannot-pause"),))
            return Reply(session.paused(Phase(phase)))
        case "resume":
            if session.phase is Phase.PAUSED and session.detour.paused_in:
                return Reply(session.resumed(session.detour.paused_in))
            toast = Toast("resumed" if session.phase in BEGUN else "cannot-resume")
            return Reply(session.beneath(None), (toast,))
        case "cancel" | "erase" if session.has_case:
            return Reply(session.opened(Overlay(Kind.ERASE)))
        case "cancel" | "erase":
            return Reply(session, (Toast("nothing-kept"),))
        case "lock" | "panic":
            return Reply(session, (Toast("no-lock"),))
        case "people" | "team" | "look":
            return Reply(session, (Toast(f"no-{name}"),))
        case _:
            return Reply(session, (Toast("no-command"),))
