"""Rooms of made-up people who rehearsed a made-up case, random or set by hand."""

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
"""A sentence of the case that some items rest on."""

MARKED = {
    "S1": Keyed("S1", "both", "Twice this spring, and once last autumn.", CITED, (Rule.BOTH_COLUMNS,)),
    "S2": Keyed("S2", "current", "An adult decides where she goes.", CITED, (Rule.FAMILY, Rule.SUSPICION)),
    "S5": Keyed("S5", "not-known", "Nobody asked.", "", (Rule.NOT_KNOWN,), "no", "Her aunt saw nothing new."),
    "M3": Keyed("M3", "yes", "She hides the phone, and there are two of them.", CITED, (Rule.SUSPICION,)),
}
"""Items with rules, one of them contested."""


def key_of(item_id: str) -> Keyed:
    """Return the agreed answer at an item: as marked, else no evidence."""
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
"""A case for tests alone."""


def keyed_row() -> dict[str, str]:
    """Return the answers of a person who reads it as the key does."""
    items = {item.id: key_of(item.id).answer for item in INSTRUMENT.items}
    result = {"age": "13-15", "danger": "no", "told_or_seen": "yes", "judgement": "yes", "first-call": "art"}
    return {**items, **result}


def drawn_rows(people: int, seed: int) -> tuple[Row, ...]:
    """Return random people who answer some items differently and leave a few out."""
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
    """Return people who follow the key, except one, who answers these places differently."""
    return (*(keyed_row() for _ in range(people - 1)), {**keyed_row(), **answers})


def compared(rows: tuple[Row, ...], vignette: Vignette = VIGNETTE) -> TooFew | Compared:
    """Return what may be shown of these people."""
    actions = tuple(critical_actions(PACK, vignette.key, given=row) for row in rows)
    return compare_group(rows, asked_of(INSTRUMENT, vignette.key), actions=actions, fewest=SMALLEST_GROUP)


def room_of(rows: tuple[Row, ...], joined: int | None = None, *, vignette: Vignette = VIGNETTE) -> Ended:
    """Return the closed room of these people."""
    return Ended(len(rows) if joined is None else joined, DAY, compared(rows, vignette))


def report_of(rows: tuple[Row, ...], joined: int | None = None) -> Report:
    """Return the report of a room of these people."""
    return report(VIGNETTE, room_of(rows, joined), pack=PACK, wording=WORDING)
