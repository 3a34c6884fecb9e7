"""Finished sessions for summaries: with everything ticked, with nothing ticked, and random ones."""

import random
from collections.abc import Mapping
from dataclasses import replace

from dialogs.core.session import Answers, Hand, Result, Session
from dialogs.result.actions import with_due
from dialogs.summary.summarise import summarise
from dialogs.summary.summary import Summary
from seraf.advice.action_log import WHAT, Logged
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from seraf.form.responses import KNOWN, NOTHING, SAYS, Responses
from seraf.form.second_view import Says, SecondView
from state_machines.assessment import Phase
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT

ALL = {item.id: max(item.section.options, key=lambda option: option.points).id for item in INSTRUMENT.items}
"""For each item, the option with the highest points."""

NONE = {item.id: "no" for item in INSTRUMENT.items}

WORST = {
    **{"danger": "yes", "told_or_seen": "yes", "age": "under-13", "allocated": "no", "stage": "review", "known": "yes"},
    **{"profession": "school", "judgement": "not-sure"},
}
"""Answers that lead to many steps."""

HOSTILE = '#set page(width: 1cm) *bold* $x$ #panic("no") \\u{41} <tag> & "quoted" {"a": 1} @ref `raw` // not a comment \n/* */ 😀'


def finished(
    answers: Mapping[str, str], responses: Mapping[str, str], notes: Mapping[str, str] | None = None
) -> Session:
    """Return a session at its result, finished on 4 March 2026."""
    return Session(
        card=3,
        phase=Phase.RESULT,
        place="1",
        reference="BRISK OTTER 41",
        fingerprint=INSTRUMENT.fingerprint,
        answers=Answers(
            around=Responses.of(answers), items=Responses.of(responses), notes=Responses.of(notes) if notes else NOTHING
        ),
        result=Result(finished="2026-03-04"),
    )


def summary(
    answers: Mapping[str, str] = WORST, responses: Mapping[str, str] = ALL, notes: Mapping[str, str] | None = None
) -> Summary:
    """Return the summary of a finished session with these answers."""
    return summarise(finished(answers, responses, notes), SCRIPT, now=NOON)


HELD_BY = Hand("Jo Ames", "practitioner")


def handed(session: Session, *says: Says) -> Session:
    """Return the session as it stands with its second holder: its first answered all items but the last, and others saw it."""
    last = INSTRUMENT.items[-1].id
    items = Responses.of({item: answer for item, answer in session.answers.items if item != last})
    before = Hand("Sam Reid", "practitioner", "health", "2026-03-04T12:10:00+00:00", "no", items)
    views = tuple(
        SecondView(
            each,
            "call" if each is Says.MORE else "",
            label="Dana Reid",
            role="manager",
            at=f"2026-03-04T12:{at}:00+00:00",
        )
        for at, each in enumerate(says, 20)
    )
    return replace(session, result=replace(session.result, hands=(before,), views=views))


def some(words: tuple[str, ...], draw: random.Random) -> Responses:
    """Return a random one of these words for about half of the items."""
    return Responses.of({item: draw.choice(words) for item in ALL if draw.random() < 0.5})


def tapped(session: Session, *taps: tuple[str, str, str], at: LocalTime = NOON) -> Session:
    """Return the session after these taps on its result: each a line of the card, a time of day, and an outcome."""
    day = at.at.date().isoformat()
    log = tuple(Logged(str(line), f"{day}T{time}:00+00:00", what) for line, time, what in taps)
    return replace(with_due(session, SCRIPT, now=at), result=replace(with_due(session, SCRIPT, now=at).result, log=log))


def noted(text: str) -> dict[str, str]:
    """Return this text as the note at every item and under every heading."""
    return dict.fromkeys(
        (*(item.id for item in INSTRUMENT.items), *(each.id for each in PACK.recording.headings)), text
    )


def drawn(seed: int) -> Session:
    """Return a random finished session, determined by `seed`."""
    draw = random.Random(seed)
    age, responses = random_seraf(draw)
    answers = {
        "age": age,
        **{key: draw.choice(("yes", "no", "not-known")) for key in ("danger", "told_or_seen", "allocated", "known")},
        "stage": draw.choice(("first", "review", "not-known")),
        "judgement": draw.choice(("yes", "not-sure", "no")),
        "profession": draw.choice(("social-care", "school", "health", "police", "preventative", "other")),
    }
    taps = [
        (draw.choice(list(CardLine)), f"{draw.randrange(12, 18)}:{draw.randrange(10, 60)}")
        for _ in range(draw.randrange(9))
    ]
    session = replace(
        finished(answers, responses),
        answers=replace(finished(answers, responses).answers, says=some(SAYS, draw), known=some(KNOWN, draw)),
    )
    return tapped(session, *((line, time, draw.choice(list(WHAT))) for line, time in sorted(taps)))
