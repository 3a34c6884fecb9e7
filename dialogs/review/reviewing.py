"""How a review begins: with the carry-over codes of one or more earlier SERAFs, typed in before the first item."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations_with_replacement

from dialogs.core.events import Occasion
from dialogs.core.overlays import Kind, Overlay, laid_over
from dialogs.core.replies import Reply, Toast
from dialogs.core.script import Codes, Script
from dialogs.core.session import Session
from dialogs.form.moves import move
from seraf.review.carry_over import Carried, NewerCode, in_format
from state_machines.assessment import Phase, Trigger

MOST = 6
"""Earlier SERAFs that are looked back on at once; more could not be shown side by side."""

LENGTHS, FIFTH = (20, 24, 26), 5
"""Signs of the shortest code of each format, and by how many any is longer for a longer list."""

LONGEST = 400
"""Characters that are looked at; six codes are not as long."""

REFUSALS = frozenset({"rehearsal-code", "code-signs", "code-length", "code-unknown", "code-newer"})
"""What is said of words that are no code of a real SERAF of ours."""


def review(session: Session, words: str, *, occasion: Occasion, script: Script) -> Reply:
    """The session after `/review` and what was typed behind it. A code that does not open changes nothing of a case."""
    if script.codes is None:
        return Reply(session, (Toast("no-codes"),))
    if not words.strip():
        return Reply(_with(session, Kind.REVIEW))
    if not _may_look_back(session):
        return Reply(session.beneath(Overlay(Kind.AGAIN)))
    try:
        found = _read(words[:LONGEST], script.codes)
        fault = None if found else _fault(words[:LONGEST], script.rehearsal_codes)
    except NewerCode:
        found, fault = (), Toast("code-newer")
    if fault:
        return Reply(_with(session, Kind.REVIEW), (fault,))
    earlier = _in_order((*session.earlier, *found))
    if len(earlier) > MOST:
        return Reply(_with(session, Kind.REVIEW), (Toast("too-many-codes", (("most", str(MOST)),)),))
    if session.phase is Phase.WELCOME:
        session = move(session, Trigger.START, occasion=occasion, pack=script.pack).session
    begun = replace(session, earlier=earlier, answers=session.answers.give("stage", "review"))
    return Reply(replace(begun, overlay=Overlay(Kind.EARLIER)))


def refuses_code(effects: Iterable[object]) -> bool:
    """Whether a turn refused what was typed as a review code."""
    return any(isinstance(each, Toast) and each.key in REFUSALS for each in effects)


def _with(session: Session, kind: Kind) -> Session:
    return session.beneath(laid_over(Overlay(kind), session.overlay))


def _may_look_back(session: Session) -> bool:
    """Whether no item has been answered yet: later, the code could be another child's."""
    is_before = session.phase in (Phase.WELCOME, Phase.OPENING) and not session.detour.is_changing
    return is_before and not session.answers.items


def _read(words: str, codes: Codes) -> tuple[Carried, ...]:
    """Every SERAF in the words, which may part a code as they like; none where anything is left over."""
    found: list[Carried] = []
    rest = ""
    for word in words.split():
        rest += word
        carried = codes.read(rest)
        if carried:
            found.append(carried)
            rest = ""
    return () if rest else tuple(found)


def _in_order(carried: tuple[Carried, ...]) -> tuple[Carried, ...]:
    """Each once, oldest first. Of two codes of the same SERAF in different formats the newer one is kept, which knows more."""
    known = {in_format(each, older) for each in carried for older in range(1, each.code_format)}
    kept = dict.fromkeys(each for each in carried if each not in known)
    return tuple(sorted(kept, key=lambda each: (each.year, each.month)))


def _fault(words: str, rehearsal_codes: Codes | None) -> Toast:
    """What may be wrong with a code that does not open. It is never quoted."""
    if rehearsal_codes is not None and _read(words, rehearsal_codes):
        return Toast("rehearsal-code")
    signs = [sign for sign in words if sign.isalnum()]
    if any(not sign.isascii() or sign in "uU" for sign in signs):
        return Toast("code-signs")
    if not _may_be_codes(len(signs)):
        return Toast("code-length", (("count", str(len(signs))),))
    return Toast("code-unknown")


def _may_be_codes(signs: int) -> bool:
    """Whether so many signs can be those of codes one after another, of any format."""
    least = (sum(each) for count in range(1, MOST + 1) for each in combinations_with_replacement(LENGTHS, count))
    return any(total <= signs and (signs - total) % FIFTH == 0 for total in least)
