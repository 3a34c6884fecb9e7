"""The numbers of a room in words: as they are written, and one plain sentence about each."""

from collections.abc import Iterator

from dialogs.core.wording import Wording
from dialogs.rehearsal.together.report import Figure
from seraf.rehearsal.coefficients import Coefficient, Numbers, Undefined


def figures(numbers: Numbers, wording: Wording) -> Iterator[Figure]:
    """Percent agreement, alpha and AC1, in this order; where one has no value, why."""
    say = wording.say
    for name, value in (("percent", numbers.percent), ("alpha", numbers.alpha), ("ac1", numbers.ac1)):
        title = say(f"rehearsal-report.number.{name}", value=_written(name, value, wording=wording))
        means = say(f"rehearsal-report.means.{name}")
        why = say(f"rehearsal-report.why.{value.why}") if isinstance(value, Undefined) else ""
        yield Figure(title, f"{means} {why}".strip())


def _written(name: str, value: Coefficient, *, wording: Wording) -> str:
    if isinstance(value, Undefined):
        return wording.say("rehearsal-report.number.none")
    if name == "percent":
        return wording.say("rehearsal-report.number.share", hundredths=round(value * 100))
    return f"{float(value):.2f}".replace("-", "\N{MINUS SIGN}")
