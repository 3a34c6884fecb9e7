"""What a pack asks or offers and nothing tells apart: an answer that changes nothing, or two options that are one."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from seraf.form.circumstances import Circumstance, Condition
from seraf.form.instrument import Instrument, Section
from seraf.form.vocabulary import NOT_KNOWN, Meaning
from seraf.pack import Pack
from seraf.reading.checks.placed import placed

Fault = tuple[str, str]
"""The path of a fault, and what is wrong there."""


def alike_faults(pack: Pack) -> Iterator[Fault]:
    """Options that say the same, windows that do not fit their options, and answers that no rule tells apart."""
    for at, section in enumerate(pack.instrument.sections):
        yield from _options(f"instrument.toml.sections[{at}]", section)
    yield from _labels(pack.instrument)
    conditions = tuple(condition for _, condition in placed(pack))
    for at, question in enumerate(pack.instrument.questions):
        if _reads_alike(conditions, question.id, one="yes", other="no"):
            path = f"instrument.toml.questions[{at}].id"
            yield (
                path,
                f"no rule tells a yes to {question.id!r} from a no; write a rule that asks for it, or leave it out",
            )
    for at, each in enumerate(pack.guidance.circumstances):
        yield from _short_question(f"guidance.toml.circumstances[{at}]", each, conditions=conditions)


def _short_question(path: str, question: Circumstance, *, conditions: Sequence[Condition]) -> Iterator[Fault]:
    """A tick differs from what the rest gets; of a question that is asked alone no two answers are one."""
    answers = [tick.answer for tick in question.ticks]
    others = [question.rest] if question.card else [*answers, NOT_KNOWN]
    for index, answer in enumerate(answers):
        if all(_reads_alike(conditions, question.id, one=answer, other=other) for other in others):
            yield (
                f"{path}.ticks[{index}].answer",
                f"no rule tells {answer!r} from {' or '.join(map(repr, others))}; write a rule that asks for it, or leave it out",
            )


def _reads_alike(conditions: Iterable[Condition], key: str, *, one: str, other: str) -> bool:
    return all((one in words) == (other in words) for each in conditions for name, words in each.asks if name == key)


def _options(path: str, section: Section) -> Iterator[Fault]:
    for (at, one), (index, other) in combinations(enumerate(section.options), 2):
        if (one.points, one.means) == (other.points, other.means):
            yield (
                f"{path}.options[{index}]",
                f"{other.id!r} has the points and the meaning of options[{at}]; leave one out",
            )
    yield from _exchanged(path, section)
    if section.windows is not None:
        yield from _windows(path, section, windows=section.windows)


def _windows(path: str, section: Section, *, windows: Sequence[int]) -> Iterator[Fault]:
    earlier = [at for at, option in enumerate(section.options) if option.means is Meaning.EARLIER]
    if earlier and len(windows) < 2:
        yield (
            f"{path}.windows",
            "needs two numbers of months, since an option means earlier: the second is how far that reaches",
        )
    if not earlier and len(windows) > 1:
        yield (
            f"{path}.windows",
            "has a second window, and no option means earlier; write that option, or one number alone",
        )
    for at in earlier[1:]:
        yield (
            f"{path}.options[{at}].means",
            f"options[{earlier[0]}] means earlier too, and there is one such window; leave one out",
        )


def _exchanged(path: str, section: Section) -> Iterator[Fault]:
    """What was earlier never weighs more than all that may be said of now."""
    most = max((option.points for option in section.options if option.means is Meaning.CURRENT), default=0)
    for at, option in enumerate(section.options):
        if option.means is Meaning.EARLIER and option.points > most:
            yield (
                f"{path}.options[{at}].points",
                f"{option.points} for what was earlier, and at most {most} for now; exchanged?",
            )


def _labels(instrument: Instrument) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for at, item in enumerate(instrument.items):
        line = (item.section.id, " ".join(item.label.casefold().split()))
        if line in seen:
            yield (
                f"instrument.toml.items[{at}].label",
                "stands twice in its section, and would be counted twice; leave one out",
            )
        seen.add(line)
