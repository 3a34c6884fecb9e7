"""The answers of made-up people in a rehearsal room, random or given, and the results of their room."""

import random
from collections.abc import Mapping
from datetime import date

from dialogs.rehearsal.core.rooms import Ended
from dialogs.rehearsal.together.room_report import Report, asked_of, report
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Vignette
from seraf.form.vocabulary import Age
from seraf.rehearsal.agreement import SMALLEST_GROUP, Compared, Row, TooFew, compare_group
from seraf.rehearsal.critical_actions import PROTECTING, Critical, critical_actions
from tests.support.shipped import INSTRUMENT, PACK, WORDING

DAY = date(2026, 3, 4)

CITED = "On Friday night she did not come home, and nobody could reach her."
"""A sentence of the case on which the answers to some items rest."""

MARKED = {
    "S1": Keyed("S1", "both", "Twice this spring, and once last autumn.", CITED, (Rule.BOTH_COLUMNS,)),
    "S2": Keyed("S2", "current", "An adult decides where she goes.", CITED, (Rule.FAMILY, Rule.SUSPICION)),
    "S5": Keyed("S5", "not-known", "Nobody asked.", "", (Rule.NOT_KNOWN,), "no", "Her aunt saw nothing new."),
    "M3": Keyed("M3", "yes", "She hides the phone, and there are two of them.", CITED, (Rule.SUSPICION,)),
}
"""Items that teach a rule. For one of them, S5, a second answer is accepted."""


def key_of(item_id: str) -> Keyed:
    """Return the agreed answer to an item, which is “no” unless it is in `MARKED`."""
    return MARKED.get(item_id) or Keyed(item_id, "no", "Nothing in the case speaks of it.")


VIGNETTE = Vignette(
    id="made-up",
    title="Two telephones",
    about="A girl who is at school and tired.",
    warning="A child goes missing.",
    parts=(Part("What a teacher saw", CITED),),
    key=AgreedKey(
        keyed=(
            *(key_of(item.id) for item in INSTRUMENT.items),
            Keyed("danger", "no", "She is at school."),
            Keyed("told_or_seen", "yes", "A teacher saw it.", CITED),
            Keyed("judgement", "yes", "What is told here is enough to suspect harm.", CITED),
        ),
        age=Age.FROM_13_TO_15,
        total=12,
        category=3,
        first_call=FirstCall.ART,
        first_call_because="A significant indicator is current.",
        rules=(Rule.BOTH_COLUMNS,),
    ),
)
"""A made-up case that only tests use."""


def keyed_row() -> dict[str, str]:
    """Return the answers of a person who agrees with all agreed answers."""
    items = {item.id: key_of(item.id).answer for item in INSTRUMENT.items}
    result = {"age": "13-15", "danger": "no", "told_or_seen": "yes", "judgement": "yes", "first-call": "art"}
    return {**items, **result}


def drawn_rows(people: int, seed: int) -> tuple[Row, ...]:
    """Return the answers of this many random people, who answer some items differently and leave a few out."""
    draw = random.Random(seed)
    options = {asked.place: asked.options for asked in asked_of(INSTRUMENT, VIGNETTE.key)}
    options |= {str(each): answers for each, answers in PROTECTING.items()}
    options |= {Critical.FIRST_CALL: tuple(FirstCall)}
    hard = {place: draw.choice((0.0, 0.0, 0.2, 0.5, 0.8)) for place in options}
    return tuple(
        {
            place: str(draw.choice(options[place])) if draw.random() < hard.get(place, 0) else usual
            for place, usual in keyed_row().items()
            if draw.random() > 0.02
        }
        for _ in range(people)
    )


def differing_at(people: int, answers: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the answers of people who agree with all agreed answers, except that one gives these `answers`."""
    return (*(keyed_row() for _ in range(people - 1)), {**keyed_row(), **answers})


def compared(rows: tuple[Row, ...], vignette: Vignette = VIGNETTE) -> TooFew | Compared:
    """Return the comparison of these people's answers that may be shown, or `TooFew`."""
    actions = tuple(critical_actions(PACK, vignette.key, given=row) for row in rows)
    return compare_group(rows, asked_of(INSTRUMENT, vignette.key), actions=actions, fewest=SMALLEST_GROUP)


def room_of(rows: tuple[Row, ...], joined: int | None = None, *, vignette: Vignette = VIGNETTE) -> Ended:
    """Return the ended room of these people. `joined` is how many joined, by default as many as finished."""
    return Ended(len(rows) if joined is None else joined, DAY, compared(rows, vignette))


def report_of(rows: tuple[Row, ...], joined: int | None = None) -> Report:
    """Return the report of a room of these people."""
    return report(VIGNETTE, room_of(rows, joined), pack=PACK, wording=WORDING)
