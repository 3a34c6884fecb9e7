"""The numbers of a room as they are written, each with a plain sentence; where there is none, why."""

from collections.abc import Iterator
from fractions import Fraction

from dialogs.core.wording import Wording
from dialogs.rehearsal.together.report import Figure
from seraf.rehearsal.agreement import Coefficient, Numbers, ScaleNumbers, Undefined


def figures(numbers: Numbers, wording: Wording) -> Iterator[Figure]:
    """Percent agreement, agreement with the key, then alpha and AC1 of each kind of items, explained once."""
    say = wording.say
    for name, share in (("percent", numbers.percent), ("keyed", numbers.keyed)):
        title = say(f"rehearsal-report.number.{name}", value=_share(share, wording))
        yield Figure(title, say("rehearsal-report.why.nobody-to-compare") if share is None else _means(name, wording))
    for scale in numbers.scales:
        names = (("alpha", scale.alpha), ("ac1", scale.ac1))
        both = (say(f"rehearsal-report.number.{name}", value=_written(each, wording)) for name, each in names)
        kind = say("rehearsal-report.number.kind", items=scale.items, options=scale.options, both=", ".join(both))
        yield Figure(kind, " ".join(_explained(scale, numbers, wording)))


def _explained(scale: ScaleNumbers, numbers: Numbers, wording: Wording) -> Iterator[str]:
    if scale is numbers.scales[0]:
        yield _means("chance", wording)
    yield from (
        wording.say(f"rehearsal-report.why.{number.why}")
        for number in (scale.alpha, scale.ac1)
        if isinstance(number, Undefined)
    )


def _means(name: str, wording: Wording) -> str:
    return wording.say(f"rehearsal-report.means.{name}")


def _share(share: Fraction | None, wording: Wording) -> str:
    if share is None:
        return wording.say("rehearsal-report.number.none")
    return wording.say("rehearsal-report.number.share", hundredths=round(share * 100))


def _written(number: Coefficient, wording: Wording) -> str:
    if isinstance(number, Undefined):
        return wording.say("rehearsal-report.number.none")
    if number.interval is None:
        return _signed(number.value)
    ends = (_signed(number.interval.low), _signed(number.interval.high))
    return wording.say("rehearsal-report.number.around", value=_signed(number.value), low=ends[0], high=ends[1])


def _signed(value: Fraction) -> str:
    return f"{float(value):.2f}".replace("-", "\N{MINUS SIGN}")
