"""What hangs on the other reading of a contested answer: whether it would change the category, or whom to call first."""

from dataclasses import dataclass

from seraf.case_view import CaseView
from seraf.cases.vignette import AgreedKey, FirstCall, Keyed
from seraf.form.responses import Case
from seraf.pack import Pack
from seraf.rehearsal.critical_actions import keyed_case
from seraf.rehearsal.first_call import first_calls


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A contested answer, and what the whole key comes to when it alone is read the other way.

    `total` in points and `category` (1 to 4) are those of the other reading. `calls` are the first calls that fit it,
    `moves_call` says that the key's own is not among them.
    """

    keyed: Keyed
    total: int
    category: int
    calls: tuple[FirstCall, ...]
    moves_category: bool
    moves_call: bool


def other_readings(pack: Pack, key: AgreedKey) -> tuple[OtherReading, ...]:
    """Every contested answer of a key, in its order."""
    return tuple(_read(pack, key, keyed=keyed) for keyed in key.keyed if keyed.is_contested)


def calls_for(pack: Pack, case: Case) -> tuple[FirstCall, ...]:
    """The first calls that fit a case, the likeliest first."""
    return first_calls(pack.guidance, CaseView(pack.instrument, case).facts)


def _read(pack: Pack, key: AgreedKey, *, keyed: Keyed) -> OtherReading:
    case = keyed_case(pack.instrument, key.read_as({keyed.place: keyed.other}))
    found, calls = CaseView(pack.instrument, case).score, calls_for(pack, case)
    return OtherReading(
        keyed=keyed,
        total=found.total,
        category=found.category,
        calls=calls,
        moves_category=found.category != key.category,
        moves_call=key.first_call not in calls,
    )
