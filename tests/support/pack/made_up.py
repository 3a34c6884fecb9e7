"""A small made-up case with its agreed answers, and a pack that contains only this case."""

from dataclasses import replace

from seraf.cases.vignette import AgreedKey, FirstCall, Keyed, Part, Rule, Vignette
from seraf.form.vocabulary import Age
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Mode, Rehearsed
from tests.support.shipped import INSTRUMENT, PACK, SCRIPT

GONE = "Robin was away over night twice in the last month."
OLDER = "A grown-up in a car was seen with Robin eight months ago, and not since."
QUARREL = "Robin no longer speaks with anyone at home."
SPOKEN = {
    "V4": Keyed(
        "V4",
        "yes",
        "A break in the family counts, whoever began it.",
        QUARREL,
        other="no",
        other_because="One quarrel may not be a breakdown.",
    ),
    "S1": Keyed("S1", "current", "Nights away count.", GONE, (Rule.SUSPICION,)),
    "S4": Keyed("S4", "recent", "Eight months ago lies in the earlier column.", OLDER, (Rule.LOOK_BACK,)),
}


def _keyed() -> tuple[Keyed, ...]:
    absent = [item for item in INSTRUMENT.items if item.id not in SPOKEN]
    quiet = tuple(Keyed(item.id, _absent(item.id), "Nothing was seen.", QUARREL) for item in absent)
    items = {each.place: each for each in (*quiet, *SPOKEN.values())}
    asked = (
        Keyed("danger", "no", "Robin is at school today."),
        Keyed("told_or_seen", "no", "Nobody saw it, and Robin told nobody."),
        Keyed("judgement", "yes", "Two things together.", GONE, (Rule.JUDGEMENT,)),
    )
    return (*(items[item.id] for item in INSTRUMENT.items), *asked)


def _absent(item_id: str) -> str:
    section = INSTRUMENT.item(item_id).section
    return next(option.id for option in section.options if option.means == "absent")


ROBIN = Vignette(
    id="robin",
    title="Robin, 14",
    about="A pupil who is away at night.",
    warning="Somebody takes a child along.",
    parts=(Part("From school", f"{GONE} {QUARREL}"), Part("From the police", OLDER)),
    key=AgreedKey(
        keyed=_keyed(),
        age=Age.FROM_13_TO_15,
        total=7,
        category=2,
        first_call=FirstCall.ART,
        first_call_because="There is reason to suspect significant harm.",
        rules=(Rule.SUSPICION, Rule.LOOK_BACK, Rule.JUDGEMENT),
    ),
)
"""A made-up case with a total of 7 points: V4 one, S1 five, S4 one."""

REHEARSING = replace(PACK, vignettes=(ROBIN,))
REHEARSAL_SCRIPT = replace(SCRIPT, pack=REHEARSING)

WENT = (
    Rehearsed("2026-02-20", "robin", Mode.PRACTICE, (Critical.JUDGEMENT,), 5, 20, 30, (Rule.LOOK_BACK,), ()),
    Rehearsed("2026-03-01", "robin", Mode.TEST, (), 5, 28, 30, (), (Rule.LOOK_BACK,)),
)
"""The results of two rehearsals."""
