"""The summary in the order of a referral on the telephone: who refers, the child, danger, signs with reasons, what is not known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dialogs.core.script import Wording
from dialogs.summary.summary import Fact, Summary, SummaryLine, SummaryView
from seraf.advice.action_log import REFERRED
from seraf.advice.action_plan import CardLine, Urgency
from seraf.form.vocabulary import NOT_KNOWN, Age

BLANK = "." * 24  # dots in place of what the person writes by hand

ABOUT = {
    "child": ("age", "allocated", "lives_elsewhere"),
    "danger": ("danger", "missing_now", "safe", "going_on", "reported", "told_or_seen", "moved", "online"),
    "signs": (),
    "behind": ("family", "young_exploiter", "draws_in", "network"),
    "home": ("parents_told", "consent"),
    "vulnerable": ("disabled", "asylum", "not_at_school"),
}
"""The parts of a call, in the order of the call script, with the questions whose answers are said there."""


@dataclass(frozen=True, slots=True)
class CallPart:
    """A part of the call: its title, what is said, and the ticked items that belong to it, with their reasons."""

    title: str
    lines: tuple[str, ...] = ()
    items: tuple[SummaryLine, ...] = ()


def title_of(summary: Summary, wording: Wording) -> str:
    """Return the title. It speaks of a referral if one is to be made, and of one that was made only if that outcome was tapped."""
    say = wording.say
    taken = next((each for each in reversed(summary.log) if each.what == REFERRED), None)
    if taken is not None:
        at = datetime.fromisoformat(taken.at)
        title = say("summary.title-taken", when=f"{at:%a} {at.day} {at:%b} {at:%H:%M}")
    else:
        title = say("summary.title-referral" if _asks(summary) else "summary.title")
    return f"{title} {summary.reference}".strip()


def _asks(summary: Summary) -> bool:
    """Return True if social care is to be called now about a child by somebody else. A review code does not say it of today."""
    said = {fact.id: fact.answer for fact in summary.answers.facts}
    is_theirs = said.get("profession") in ("social-care", "leaving-care") or said.get("age") == Age.FROM_18_TO_25
    urgency = summary.advice.leads[0].urgency if summary.advice.leads else ""
    is_call = urgency in (each.word for each in Urgency if each >= Urgency.CALL)
    return (
        is_call
        and not is_theirs
        and not summary.gaps
        and any(each.line == CardLine.CARE for each in summary.advice.actions)
    )


def who_part(summary: Summary, wording: Wording) -> CallPart:
    """Return the part that says who refers, who had the case before, and who looked at it too."""
    say, people = wording.say, summary.people
    first, *older = (people.first, *reversed(people.hands))
    looked = dict.fromkeys(f"{view.label} ({say(f'role.{view.role}')})" for view in people.views if view.role)
    lines = (
        say("summary.who", who=first.words or say("summary.who-unsaid")),
        *(each.words for each in older),
        *([say("summary.looked", who=", ".join(looked))] if looked else []),
        say("summary.hand.who", blank=BLANK),
    )
    return CallPart(say("summary.part.who"), lines)


def call_parts(summary: Summary, wording: Wording) -> Iterator[CallPart]:
    """Yield what is said after that, in the order of the call; last what is not known. A part without anything to say is left out."""
    say, answered = wording.say, {fact.id: fact for fact in summary.answers.facts if fact.answer not in ("", NOT_KNOWN)}
    signs, others = _ticked(summary)
    for name, questions in ABOUT.items():
        said = [answered[each] for each in questions if each in answered]
        lines = [_said(fact) for fact in said]
        lines += [say(f"summary.hand.{name}", blank=BLANK)] if f"summary.hand.{name}" in wording else []
        lines += [summary.result.harm_words] if name == "vulnerable" and summary.result.harm_words else []
        is_bare = name == "signs" and not signs and not others
        lines += [say("summary.ticked-none", low=summary.result.count.low).strip()] if is_bare else []
        items = {"signs": signs, "vulnerable": others}.get(name, ())
        if lines or items:
            yield CallPart(say(f"summary.part.{name}"), tuple(lines), items)
    yield CallPart(say("summary.part.unknown"), tuple(_unknown(summary, wording)))


def _said(fact: Fact) -> str:
    return f"{fact.label}{'' if fact.label.endswith('?') else ':'} {fact.words}"


def _ticked(summary: Summary) -> tuple[tuple[SummaryLine, ...], tuple[SummaryLine, ...]]:
    """Return the ticked items of the sections that weigh most, those that are there now first, and then all others."""
    weights = {part.id: max(choice.points for choice in part.choices) for part in summary.answers.parts}
    heavy = {part.id for part in summary.answers.parts if weights[part.id] == max(weights.values())}
    lines = [(part.id in heavy, line) for part in summary.answers.parts for line in part.lines if line.is_ticked]
    signs = sorted((line for is_heavy, line in lines if is_heavy), key=lambda line: -line.points)
    return tuple(signs), tuple(line for is_heavy, line in lines if not is_heavy)


def _unknown(summary: Summary, wording: Wording) -> Iterator[str]:
    """Yield what is not known, and which items have no answer: neither is a No."""
    say = wording.say
    open_items = [line for line in summary.lines if line.response in ("", NOT_KNOWN)]
    named = [f"{line.number} {line.label}" for line in open_items if line.response]
    named += [fact.label for fact in summary.answers.facts if fact.answer == NOT_KNOWN]
    unanswered = [f"{line.number} {line.label}" for line in open_items if not line.response]
    if named:
        yield say("summary.unknown", titles="; ".join(named))
    if unanswered:
        yield say("summary.unanswered", titles="; ".join(unanswered))
    if not named and not unanswered:
        yield say("summary.all-known")


def view_line(view: SummaryView, wording: Wording) -> str:
    """Return a second view, signed, with what its writer typed."""
    return f"{view.words} {wording.say('share.said.words', words=view.note)}" if view.note else view.words


def seen_part(summary: Summary, wording: Wording) -> CallPart:
    """Return the part with the judgement and everybody's view: whose each is, and that none lowers what leads."""
    say, whose = wording.say, f" ({summary.people.first.label})" if summary.people.first.label else ""
    own = [fact for fact in summary.answers.facts if fact.id in ("judgement", "grounds") and fact.answer]
    lines = [f"{_said(fact)}{whose}." for fact in own]
    lines += [view_line(view, wording) for view in summary.people.views]
    lines += [say("summary.both")] if summary.people.views else []
    return CallPart(say("summary.part.seen"), tuple(lines))
