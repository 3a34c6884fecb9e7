"""How a second person sees a case, and what a case keeps when it changes hands. Neither ever makes it less urgent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from seraf.form.circumstances import Facts
from seraf.form.vocabulary import FLOOR, HEIGHTS, REASONABLE, SECOND_VIEW


class Says(StrEnum):
    """How urgent a second person sees a case, compared with what leads."""

    AS = "as"
    MORE = "more"
    LESS = "less"


GROUNDS = ("yes", "no", "undecided")
"""What a second person can say about reasonable grounds to suspect significant harm."""


@dataclass(frozen=True, slots=True)
class SecondView:
    """How a second person sees a case. It is added to the case, and never changed or taken away.

    `who` is their id, `label` the name that their organisation gave them, `role` what they may do, and `profession` a
    value of that fact. `at` is the local time (ISO 8601 with offset); `of` is the revision of the answers that they read.
    `level`, one of `HEIGHTS`, is given if they say “more”. `grounds` is one of `GROUNDS`, or empty if nothing was said.
    `why` are ids of the pack's reasons, `words` a reason in their own words.
    """

    says: Says
    level: str = ""
    grounds: str = ""
    why: tuple[str, ...] = ()
    words: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    label: str = field(default="", repr=False)
    role: str = ""
    profession: str = ""
    at: str = ""
    of: int = 0


@dataclass(frozen=True, slots=True)
class ViewReason:
    """A reason that a second person can tap: a pack's data. It belongs to those who say `says`."""

    id: str
    says: Says
    text: str
    short: str


@dataclass(frozen=True, slots=True)
class OwedCall:
    """A call or talk that was open when the case changed hands, and its deadline (ISO 8601, or empty).

    `action` is the id of the pack's action. It stays due even if the next holder's card, or a corrected answer, lacks it.
    """

    line: str
    due: str
    action: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What a case keeps when its holder, or the holder's profession, changes.

    `floor` is the urgency of what led, one of `HEIGHTS`, or empty if that was a plan.
    """

    floor: str = ""
    calls: tuple[OwedCall, ...] = ()


NOTHING_OWED = Owed()


def facts_of(views: Iterable[SecondView], floor: str) -> Facts:
    """Return the facts that raise a case: a “more” at its level, and reasonable grounds as a call.

    “As”, “less”, and grounds that are denied or undecided are no facts: nothing that anybody adds can lower what leads.
    """
    raised = set[str]()
    for view in views:
        if view.says is Says.MORE:
            raised.add(view.level)
        if view.grounds == "yes":
            raised |= {"call", REASONABLE}
    return {
        **({SECOND_VIEW: frozenset(raised)} if raised else {}),
        **({FLOOR: frozenset({floor})} if floor else {}),
    }


def raised_to(views: Iterable[SecondView], floor: str = "") -> str:
    """Return the highest urgency to which these views and this floor raise a case, or an empty string."""
    raised = frozenset[str]().union(*facts_of(views, floor).values())
    return next((height for height in reversed(HEIGHTS) if height in raised), "")


def raiser(views: Iterable[SecondView]) -> SecondView | None:
    """Return the first view that raises a case as high as all of them together, or None if none raises it."""
    views = tuple(views)
    height = raised_to(views)
    return next((view for view in views if height and raised_to((view,)) == height), None)


def grounds_of(views: Iterable[SecondView]) -> str:
    """Return “yes” if anybody sees reasonable grounds, else “no” if anybody denies them, or else an empty string."""
    said = {view.grounds for view in views}
    return next((word for word in ("yes", "no") if word in said), "")
