"""A second, independent implementation of how urgent a case is, from the guidance alone, without the pack's rules.

Each duty names its heading and sentence in the guidance. Nothing is weighed: the most urgent duty that applies decides.
The guidance names few times and no hours, so a level only says what has to happen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from tests.support.oracle import REVISION_DUE, S, scored


class Height(IntEnum):
    """What has to happen, the least urgent first."""

    PLAN = 1
    """A plan with a follow-up, and another SERAF later."""
    TODAY = 2
    """A conversation that cannot wait: with the manager, the designated lead or ART."""
    MANAGER = 3
    """The discussion with the team manager that a significant indicator with a low total requires."""
    CALL = 4
    """Social care is informed, or convenes a meeting, immediately."""
    EMERGENCY = 5
    """A call to 999."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a child: the age, the responses to items, and the answers to other questions."""

    age: str
    responses: Mapping[str, str]
    answers: Mapping[str, str]
    before: int = 0
    """The highest category of an earlier SERAF, or 0 if there was none."""
    still: frozenset[str] = frozenset()
    """The ids of items and questions whose answers in an earlier SERAF still count."""

    @property
    def category(self) -> int:
        """The category, as `tests.support.oracle` computes it."""
        return int(str(scored(self.age, self.responses, REVISION_DUE)["category"]))  # whatever the date

    @property
    def is_child(self) -> bool:
        """True if the person is, or may be, under 18."""
        return self.age != "18-25"

    def ticked(self, *items: str) -> bool:
        """Return True if any of these items is present, in the current or an earlier period."""
        return any(self.responses.get(item, "no") not in ("no", "not-known") for item in items)

    def open(self, *items: str) -> bool:
        """Return True if any of these items is unknown. An unanswered item is unknown, not absent."""
        return any(self.responses.get(item, "not-known") == "not-known" for item in items)

    def said(self, question: str, *words: str) -> bool:
        """Return True if a question was answered with one of these options."""
        return self.answers.get(question) in words

    def over(self, item: str) -> bool:
        """Return True if it is known that harm is over, for this item too."""
        given_for = self.answers.get("going_on.for")
        return self.said("going_on", "no") and (given_for is None or f"present={item}" in given_for.split())

    def lasting_harm(self, *items: str) -> bool:
        """Return True if any of these items is present and its harm is not known to be over."""
        return any(self.ticked(item) and not self.over(item) for item in items)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of the guidance: its level, the heading and sentence that it comes from, and when it applies."""

    height: Height
    heading: str
    says: str
    holds: Callable[[Known], bool]


SOCIAL_CARE = "Social care role in identifying, preventing and responding"
RESPONDING = "Responding to the SERAF"
FRAMEWORK = "SERAF categories of risk framework"
SHARING = "Information sharing"
ANALYSING = "Analysing the information within the SERAF and professional judgement"

DUTIES = (
    Duty(
        Height.EMERGENCY,
        SOCIAL_CARE,
        "in need of urgent action to secure his/her safety because of the risk to the child's life",
        lambda known: known.said("danger", "yes") or known.said("safe", "danger"),
    ),
    Duty(
        Height.EMERGENCY,
        "Missing children",
        "children who go missing may be at risk of sexual exploitation",
        lambda known: known.said("danger", "missing") or known.said("missing_now", "yes"),
    ),
    Duty(
        Height.CALL,
        "Missing children",
        "Refer to the SGSCB protocol for missing children",
        lambda known: known.said("missing_now", "not-known"),
    ),
    Duty(
        Height.CALL,
        SOCIAL_CARE,
        "urgent action to secure his/her safety because of the ... likelihood of serious harm",
        lambda known: known.said("safe", "not-tonight"),
    ),
    Duty(
        Height.CALL,
        SHARING,
        "when a young person discloses sexual exploitation to them, they will need to take action",
        lambda known: known.said("told_or_seen", "yes"),
    ),
    Duty(
        # A disclosure that was never passed on still has to be. That it was retracted does not end the duty.
        Height.CALL,
        SHARING,
        "this may include sharing information with the police and local authority children's social care",
        lambda known: known.ticked("M6") and known.said("reported", "no"),
    ),
    Duty(
        Height.CALL,
        RESPONDING,
        "If the judgement is that there are reasonable grounds to suspect significant harm a referral needs to be made "
        "immediately to ART/ allocated social work team",
        lambda known: known.said("judgement", "yes") or known.said("grounds", "yes"),
    ),
    Duty(Height.CALL, FRAMEWORK, "Refer to ART/ inform allocated social worker", lambda known: known.category >= 3),
    Duty(
        Height.CALL,
        "Trafficked children",
        "be competent to act to support and protect these children from harm",
        lambda known: known.said("moved", "yes"),
    ),
    Duty(
        Height.CALL,
        "Definition",
        "it can also occur through the use of technology",
        lambda known: known.said("online", "yes"),
    ),
    Duty(
        Height.CALL,
        "CSE network meetings",
        "More than one suspect is targeting a child/children for CSE",
        lambda known: known.said("network", "yes"),
    ),
    Duty(
        Height.CALL,
        "Peer-on-peer abuse",
        "When the perpetrator of CSE is under the age of 18, a strategy discussion must be convened",
        lambda known: known.said("young_exploiter", "yes") or known.said("draws_in", "yes"),
    ),
    Duty(
        Height.MANAGER,
        RESPONDING,
        "If any of the significant risk indicators are identified but the child is categorised as 'not at risk' or as at "
        "'mild risk' a discussion with the team manager ... should take place",
        lambda known: known.ticked(*S),
    ),
    Duty(
        Height.TODAY,
        "Schools role in identifying, preventing and responding",
        "If schools have any concerns they must discuss this with ART.",
        lambda known: known.said("profession", "school") and known.is_child,
    ),
    Duty(
        Height.TODAY,
        "The Sexual Exploitation Risk Assessment Framework (SERAF)",
        "The SERAF tool should initiate debate and discussion",
        lambda known: not known.said("judgement", "yes", "no") or known.said("danger", "not-known"),
    ),
    Duty(
        Height.TODAY,
        ANALYSING,
        "other vulnerabilities for a child may be highlighted and these will need consideration and follow up",
        lambda known: known.lasting_harm("V1", "V2", "M4") or known.ticked("V3", "M6") or known.said("family", "yes"),
    ),
    Duty(
        Height.TODAY,
        "Health professionals role in identifying, preventing and responding",
        "Whenever there is a concern about a young person and it is not clear if there is a duty to share information, "
        "they should contact their designated lead for safeguarding",
        lambda known: known.ticked("M7"),
    ),
    Duty(
        Height.TODAY,
        "How to complete a SERAF",
        "It is essential that all available information is recorded on the SERAF",
        lambda known: known.open(*S) or known.said("online", "not-known"),
    ),
    Duty(
        Height.TODAY,
        FRAMEWORK,
        "If child is known in relation to CSE concerns and this is a review SERAF consideration should be given to whether "
        "there is any new information that needs to be shared",
        lambda known: known.before >= 3 or bool(known.still & {*S, "told_or_seen", "moved"}),
    ),
)
"""Every duty of the guidance that asks somebody to act."""


def owed(known: Known) -> frozenset[Height]:
    """Return every level at which a duty applies. `PLAN` is always among them."""
    return frozenset({Height.PLAN, *(duty.height for duty in DUTIES if duty.holds(known))})


def due(known: Known) -> Duty | None:
    """Return the most urgent duty that applies, or None if only a plan is due."""
    return max((duty for duty in DUTIES if duty.holds(known)), key=lambda duty: duty.height, default=None)
