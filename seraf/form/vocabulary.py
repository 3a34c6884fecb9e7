"""The closed words that packs, conditions and requests may use. It knows no instrument and no wording."""

from enum import StrEnum


class Meaning(StrEnum):
    """What an option says about an indicator, whatever its label or points (“Significant risk indicators”)."""

    CURRENT = "current"
    """Present now, or within the section's current window."""
    EARLIER = "earlier"
    """Present only before the current window, and not since."""
    ABSENT = "absent"
    """Not present within any window that scores."""
    UNKNOWN = "unknown"
    """Nobody has looked into it: it adds nothing and it is never zero."""


PRESENT = (Meaning.CURRENT, Meaning.EARLIER)
"""What says that an indicator is ticked, in either window."""


class Age(StrEnum):
    """Age on the day of completion, as a band. There is never a date of birth."""

    UNDER_13 = "under-13"
    FROM_13_TO_15 = "13-15"
    FROM_16_TO_17 = "16-17"
    FROM_18_TO_25 = "18-25"
    NOT_KNOWN = "not-known"


class Informant(StrEnum):
    """Who may know what nobody has looked into yet. The agencies are words of the fact `profession` too."""

    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    PREVENTATIVE = "preventative"
    SOCIAL_CARE = "social-care"
    PARENT = "parent"
    """A parent or carer: only where it is safe, and nobody in the family may be involved."""
    CHILD = "child"
    """The child: open questions alone, and never about an assault."""


SCHOOL, DECIDER = "school", "social-care"
"""Professions: who must discuss any concern with ART, and who decides on the child's file and calls no front door of their own."""

NOT_KNOWN = "not-known"
"""The answer for what nobody has looked into, the same word for every question."""

NOT_ASKED = "not-asked"
"""What stands for a question that was never put: neither No nor “not known”."""

ANSWERS = ("yes", "no", NOT_KNOWN)
"""What a plain question may be answered with."""

CATEGORIES = ("1", "2", "3", "4")
"""The four categories of risk, as words of a condition (“SERAF categories of risk framework”)."""

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
"""Each fact that a condition may ask about, with every word that it may compare to."""

EARLIER_CATEGORY, STILL_COUNTS = "earlier_category", "still_counts"
"""What earlier SERAFs leave standing: the highest category that one came to, and what was so then and must be so still."""

LASTING = ("told_or_seen", "moved")
"""Facts that stay so, whatever is answered later: what was told or seen once, and that a child was moved to be exploited."""

ANSWERED_FACTS = ("danger", "told_or_seen", "allocated", "known", "stage", "judgement", "profession")
"""The facts that a person answers outright; all others are worked out."""
