"""How a closed room becomes its report: counts get their labels, the key and its sentence, and something to talk about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

from dialogs.core.wording import Wording
from dialogs.phrases.number import in_words
from dialogs.phrases.quoting import quotable
from dialogs.rehearsal.core.room_views import Ended
from dialogs.rehearsal.together.report import NO_READING, Aside, Cell, Figure, Mark, Reading, Report, ReportRow
from seraf.cases.vignette import FirstCall, Keyed, Vignette
from seraf.form.instrument import Instrument
from seraf.rehearsal.agreement import Compared, ComparedPlace, Hidden, Outcome, Spread, TooFew, Unanimous, differing
from seraf.rehearsal.coefficients import Coefficient, Numbers, Undefined

JUDGEMENT = ComparedPlace("judgement", ("yes", "not-sure", "no"))
"""The judgement as a question of a room."""

FIRST_CALL = ComparedPlace("first-call", tuple(FirstCall))
"""The first call as a question of a room."""

BESIDE = (JUDGEMENT, FIRST_CALL)
"""What a room compares beside the items."""

CLOSING = ("unknown", "team", "tomorrow")
"""What is talked about at the end of every session."""


def asked_of(instrument: Instrument) -> tuple[ComparedPlace, ...]:
    """The items of an instrument, as a room compares them."""
    return tuple(
        ComparedPlace(item.id, tuple(option.id for option in item.section.options)) for item in instrument.items
    )


def report(vignette: Vignette, ended: Ended, *, instrument: Instrument, wording: Wording) -> Report:
    """The report of a closed room, in which `BESIDE` was compared beside the items."""
    told = Report(
        vignette=vignette.title,
        day=wording.say("rehearsal-report.made", date=in_words(ended.day)),
        finished=wording.say("rehearsal-report.finished", finished=ended.outcome.people, joined=ended.joined),
        notes=(wording.say("rehearsal-report.few"),),
        closing=tuple(wording.say(f"rehearsal-report.closing.{each}") for each in CLOSING),
    )
    match ended.outcome:
        case TooFew():
            return told
        case Compared() as compared:
            return _Reporting(vignette, instrument, wording).filled(told, compared)
    assert_never(ended.outcome)


@dataclass(frozen=True, slots=True)
class _Place:
    """What is said of a place beside its counts."""

    title: str
    label: str
    options: Mapping[str, str]
    keyed: Keyed | None
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class _Reporting:
    """What the words of a report are taken from."""

    vignette: Vignette
    instrument: Instrument
    wording: Wording

    def filled(self, told: Report, compared: Compared) -> Report:
        """The report with all that may be shown of a group of enough people."""
        return replace(
            told,
            notes=tuple(self._notes(compared)),
            rows=tuple(self._rows(differing(compared))),
            figures=tuple(figures(compared.numbers, self.wording)),
            asides=tuple(map(self._aside, BESIDE, compared.beside)),
        )

    def _notes(self, compared: Compared) -> Iterator[str]:
        alike, hidden = (sum(isinstance(each, kind) for each in compared.items) for kind in (Unanimous, Hidden))
        if alike:
            key = "alike" if differing(compared) else "all-alike"
            yield self.wording.say(f"rehearsal-report.{key}", count=alike, of=len(compared.items))
        if hidden:
            yield self.wording.say("rehearsal-report.hidden", count=hidden, of=len(compared.items))
        yield self.wording.say("rehearsal-report.nobody")

    def _rows(self, spreads: tuple[Spread, ...]) -> Iterator[ReportRow]:
        asked = {""}
        for spread in spreads:
            item = self.instrument.item(spread.place)
            keyed = self.vignette.key.of(spread.place)
            prompt = next((each for each in _prompts(keyed) if each not in asked), "")
            asked.add(prompt)
            options = {option.id: option.label for option in item.section.options}
            title = f"{self.instrument.number(item.id)}. {item.short}"
            yield self._row(spread, _Place(title, item.label, options, keyed, prompt))

    def _row(self, spread: Spread, place: _Place) -> ReportRow:
        cells = (
            Cell(place.options[option], count, Fraction(count, spread.people), _mark(option, place.keyed))
            for option, count in spread.counts
        )
        return ReportRow(
            title=place.title,
            label=place.label,
            cells=tuple(cells),
            people=spread.people,
            pairs=min(round(spread.agreed * 100), 99),
            reading=self._reading(place),
            prompt=self.wording.say(
                "rehearsal-report.talk", text=self.wording.say(f"rehearsal-report.prompt.{place.prompt}")
            )
            if place.prompt
            else "",
        )

    def _reading(self, place: _Place) -> Reading:
        keyed, options = place.keyed, place.options
        if keyed is None:
            return NO_READING
        return Reading(
            key=self.wording.say("rehearsal-report.key", answer=options[keyed.answer], because=keyed.because),
            cites=self.wording.say("rehearsal-report.cites", cites=quotable(keyed.cites)) if keyed.cites else "",
            other=self.wording.say("rehearsal-report.other", answer=options[keyed.other], because=keyed.other_because)
            if keyed.other
            else "",
        )

    def _aside(self, asked: ComparedPlace, outcome: Outcome) -> Aside:
        title = self.wording.say(f"rehearsal-report.part.{asked.place}")
        place = _Place(title, "", self._options(asked), self._keyed(asked))
        match outcome:
            case Spread():
                return Aside(title, self._row(outcome, place), "", self._reading(place))
            case Unanimous():
                return Aside(title, None, self.wording.say("rehearsal-report.same"), self._reading(place))
            case Hidden():
                return Aside(title, None, self.wording.say("rehearsal-report.hidden-here"), self._reading(place))
        assert_never(outcome)

    def _keyed(self, asked: ComparedPlace) -> Keyed | None:
        key = self.vignette.key
        return (
            Keyed(asked.place, key.first_call, key.first_call_because) if asked is FIRST_CALL else key.of(asked.place)
        )

    def _options(self, asked: ComparedPlace) -> Mapping[str, str]:
        if asked is FIRST_CALL:
            return {each: self.wording.say(f"first-call.{each}") for each in asked.options}
        return {
            each: self.wording.say_first(f"answer.{asked.place}.{each}", f"answer.{each}") for each in asked.options
        }


def _mark(option: str, keyed: Keyed | None) -> Mark:
    if keyed is None:
        return Mark.NONE
    return {keyed.other: Mark.OTHER, keyed.answer: Mark.KEY}.get(option, Mark.NONE)


def _prompts(keyed: Keyed | None) -> tuple[str, ...]:
    """What could be talked about at an item, the most telling first."""
    contested = ("contested",) if keyed and keyed.is_contested else ()
    return (*contested, *(keyed.rules if keyed else ()), "any")


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
