"""The closed vocabulary of packs, conditions and requests. It knows neither an instrument nor wording."""

from enum import StrEnum


class Meaning(StrEnum):
    """What an option says about an indicator, whatever its label or points (“Significant risk indicators”)."""

    CURRENT = "current"  # present now, or within the section's current window
    EARLIER = "earlier"  # present only before the current window
    ABSENT = "absent"  # not present within any window that scores
    UNKNOWN = "unknown"  # not looked into: it adds nothing, and is never zero


PRESENT = (Meaning.CURRENT, Meaning.EARLIER)
"""The meanings that tick an indicator."""


class Age(StrEnum):
    """The age on the day of completion, as a band. A date of birth is never asked for."""

    UNDER_13 = "under-13"
    FROM_13_TO_15 = "13-15"
    FROM_16_TO_17 = "16-17"
    FROM_18_TO_25 = "18-25"
    NOT_KNOWN = "not-known"


class Informant(StrEnum):
    """Who may know about an item that is not known. The agencies are also words of the fact `profession`."""

    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    PREVENTATIVE = "preventative"
    SOCIAL_CARE = "social-care"
    PARENT = "parent"  # a parent or carer: only if it is safe and nobody in the family may be involved
    CHILD = "child"  # the child: only open questions, and never about an assault


SCHOOL, DECIDER = "school", "social-care"
"""Professions: one that must discuss any concern with ART, and one that decides on the child's file and calls no front door."""

NOT_KNOWN = "not-known"
"""The answer “not known”, the same word for every question."""

NOT_ASKED = "not-asked"
"""The value of a question that was never asked: neither “no” nor “not known”."""

ANSWERS = ("yes", "no", NOT_KNOWN)
"""The answers to a plain question."""

CATEGORIES = ("1", "2", "3", "4")
"""The four categories of risk as words of a condition (“SERAF categories of risk framework”)."""

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
"""Each fact that a condition may ask for, with all of its words."""

EARLIER_CATEGORY, STILL_COUNTS = "earlier_category", "still_counts"
"""The facts about earlier SERAFs: the highest category reached, and what held then and must still hold."""

LASTING = ("told_or_seen", "moved")
"""Facts that stay true whatever is answered later: what was told or seen, and that a child was moved to be exploited."""

ANSWERED_FACTS = ("danger", "told_or_seen", "allocated", "known", "stage", "judgement", "profession")
"""The facts that a person answers directly; all others are derived."""
