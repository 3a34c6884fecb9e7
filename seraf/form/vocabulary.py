"""The fixed values of facts in packs, conditions and requests. They depend on no instrument and no wording."""

from enum import StrEnum


class Meaning(StrEnum):
    """What an option says about an item, whatever its label or points (“Significant risk indicators”)."""

    CURRENT = "current"  # present now, or within the section's current window
    EARLIER = "earlier"  # present only before the current window
    ABSENT = "absent"  # not present within any window that scores
    UNKNOWN = "unknown"  # not looked into: it adds nothing, and is never zero


PRESENT = (Meaning.CURRENT, Meaning.EARLIER)
"""The meanings that say that an indicator is present, now or earlier."""


class Age(StrEnum):
    """The age band on the day of completion. A date of birth is never asked for."""

    UNDER_13 = "under-13"
    FROM_13_TO_15 = "13-15"
    FROM_16_TO_17 = "16-17"
    FROM_18_TO_25 = "18-25"
    NOT_KNOWN = "not-known"


class Informant(StrEnum):
    """A person or agency who may know about an unknown item. Agencies are also values of the fact `profession`."""

    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    PREVENTATIVE = "preventative"
    SOCIAL_CARE = "social-care"
    PARENT = "parent"  # a parent or carer: only if it is safe and nobody in the family may be involved
    CHILD = "child"  # the child: only open questions, and never about an assault


SCHOOL, DECIDER = "school", "social-care"
"""Two professions: a school must discuss any concern with ART; social care decides about the child's file."""

NOT_KNOWN = "not-known"
"""The answer “not known” to any question."""

NOT_ASKED = "not-asked"
"""The value of a question that was never asked. It is neither “no” nor “not known”."""

ANSWERS = ("yes", "no", NOT_KNOWN)
"""The possible answers to a plain question."""

CATEGORIES = ("1", "2", "3", "4")
"""The four categories of risk as values of a fact (“SERAF categories of risk framework”)."""

FACT_WORDS: dict[str, tuple[str, ...]] = {
    "age": tuple(Age),
    "danger": ("yes", "missing", "no", NOT_KNOWN, NOT_ASKED),
    "told_or_seen": (*ANSWERS, NOT_ASKED),
    "allocated": ANSWERS,
    "known": ANSWERS,
    "stage": ("first", "review", NOT_KNOWN),
    "judgement": ("yes", "not-sure", "no", NOT_ASKED),
    "profession": (
        *("school", "health", "preventative", "residential", "police", "social-care", "leaving-care", "other"),
        NOT_KNOWN,
    ),
    "hours": ("open", "closed"),
    "home": ("leaving", "home"),
    "category": CATEGORIES,
    "highest": CATEGORIES,
    "manager_discussion": ("yes", "no", "possible"),
    "other_harm": ("yes", "no"),
    "unknown": ("most", "some", "none"),
}
"""The possible values of each fact that a condition can test."""

EARLIER_CATEGORY, STILL_COUNTS = "earlier_category", "still_counts"
"""The facts about earlier SERAFs: the highest category reached, and what was present or disclosed and still counts."""

SECOND_VIEW, FLOOR = "second_view", "floor"
"""The facts about others' part in a case: what they raise it to, and the height below which what leads never falls."""

HEIGHTS = ("today", "manager", "call", "emergency")
"""The urgencies above a plan, least urgent first: the values of `FLOOR`, and what a second person can raise a case to."""

REASONABLE = "grounds"
"""The value of `SECOND_VIEW` that says that a second person sees reasonable grounds to suspect significant harm."""

LASTING = ("told_or_seen", "moved", SECOND_VIEW)
"""Facts that no later answer undoes: a disclosure, a child who was moved to be exploited, and a case that was raised."""

ANSWERED_FACTS = ("danger", "told_or_seen", "allocated", "known", "stage", "judgement", "profession")
"""The facts that a person answers directly. All other facts are derived."""
