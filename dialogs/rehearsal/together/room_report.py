"""Where the people of a closed room differ: rows, figures and what to talk about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from dialogs.core.script import Wording
from dialogs.phrases.number import in_words, quotable
from dialogs.rehearsal.core.rooms import Ended
from seraf.cases.vignette import AgreedKey, Keyed, Vignette
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Meaning
from seraf.pack import Pack
from seraf.rehearsal.agreement import (
    Coefficient,
    Compared,
    ComparedAction,
    ComparedPlace,
    Hidden,
    Numbers,
    PlaceOutcome,
    ScaleNumbers,
    Spread,
    TooFew,
    Unanimous,
    Undefined,
    differing,
    fewest_answers,
    most_missed,
)
from seraf.rehearsal.critical_actions import Critical, CriticalAction, critical_actions


class Mark(StrEnum):
    """What an option is to the key."""

    KEY = "key"
    """The agreed answer."""
    OTHER = "other"
    """The other reading of a contested item."""
    ALLOWED = "allowed"
    """A first call that the key allows as well."""
    NONE = ""
    """Neither."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One option of an item: its label, how many people gave it, and their share of those who answered (0 to 1)."""

    label: str
    people: int
    share: Fraction
    mark: Mark


@dataclass(frozen=True, slots=True)
class Reading:
    """What the key has at a place and why, the sentence of the case, and the other reading; each may be empty."""

    key: str
    cites: str
    other: str


NO_READING = Reading("", "", "")
"""Where the key says nothing."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A critical action or an item. `cells` are empty where what was answered may not be shown.

    `words` say how the answers compare with the key, or why they are not shown. `prompt` is empty where it was asked before.
    """

    title: str
    label: str
    cells: tuple[Cell, ...]
    people: int
    words: str
    reading: Reading
    prompt: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number over all items as it is written, and what it means; empty where that was said before."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything of a room in words: the title of its case, the day of the session, how many finished, and in `lead`
    which critical actions and which items were missed.

    The critical actions lead, then the items that most missed, then the others, most different first. For a group that
    is too small there are none of them and no figures, and `notes` says so. `closing` is what can be talked about all the same.
    """

    vignette: str
    day: str
    finished: str
    notes: tuple[str, ...]
    closing: tuple[str, ...]
    lead: tuple[str, ...] = ()
    actions: tuple[ReportRow, ...] = ()
    missed: tuple[ReportRow, ...] = ()
    rows: tuple[ReportRow, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, tuple[ReportRow, ...]], ...]:
        """The rows in their order, each part with its name."""
        return ("actions", self.actions), ("missed", self.missed), ("items", self.rows)


def mapped(report: Report) -> tuple[ReportRow, ...]:
    """The rows of the heat map: all of which answers are shown."""
    return tuple(row for _, rows in report.parts for row in rows if row.cells)


def report_legend(report: Report, wording: Wording) -> str:
    """What the outlines in the pictures stand for, as far as they are there; empty where there are no rows."""
    marks = {cell.mark for row in mapped(report) for cell in row.cells}
    keys = {Mark.KEY: "outlined", Mark.OTHER: "dashed", Mark.ALLOWED: "dashed-allowed"}
    return " ".join(wording.say(f"rehearsal-report.{key}") for mark, key in keys.items() if mark in marks)


def map_lines(report: Report, wording: Wording) -> tuple[str, ...]:
    """The heat map as lines of text: a line a row, and the numbers over all items; every number that is in the picture."""
    return (*(map_line(row, wording) for row in mapped(report)), *(f"{figure.title}." for figure in report.figures))


def map_line(row: ReportRow, wording: Wording) -> str:
    """One row: how many gave each response; where that may not be shown, its title alone."""
    if not row.cells:
        return row.title
    cells = ", ".join(cell_words(cell, wording) for cell in row.cells)
    return wording.say("rehearsal-report.map-row", title=row.title, cells=cells, people=row.people)


def cell_words(cell: Cell, wording: Wording) -> str:
    """One option with its count, and whether the key has it."""
    keys = {Mark.KEY: "cell-key", Mark.OTHER: "cell-other", Mark.ALLOWED: "cell-allowed", Mark.NONE: "cell"}
    return wording.say(f"rehearsal-report.{keys[cell.mark]}", label=cell.label, people=cell.people)


def map_alt(report: Report, wording: Wording) -> str:
    """The whole of the heat map as one text, for those who hear it; where there are no rows, why there are none."""
    if not report.figures:
        return " ".join(report.notes)
    return wording.say("rehearsal-report.map-alt", rows=" ".join(map_lines(report, wording)))


def report_lines(report: Report, wording: Wording) -> tuple[str, ...]:
    """The whole report as lines of text, in the order of the paper."""
    say = wording.say
    rows = [row_text(row, wording) for _, part in report.parts for row in part]
    figures = [line for figure in report.figures for line in (figure.title, figure.words)]
    lines = (
        say("rehearsal-report.head"),
        report.vignette,
        report.day,
        report.finished,
        *report.lead,
        *report.notes,
        *rows,
        *figures,
        *report.closing,
    )
    return tuple(line for text in lines for line in text.split("\n") if line)


def row_text(row: ReportRow, wording: Wording) -> str:
    """A row in lines: its counts, how they compare with the key, the key's reading, and what to talk about."""
    reading = row.reading
    lines = (map_line(row, wording), row.words, reading.key, reading.cites, reading.other, row.prompt)
    return "\n".join(line for line in lines if line)


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


CLOSING = ("unknown", "team", "tomorrow")
"""What is talked about at the end of every session."""


def asked_of(instrument: Instrument, key: AgreedKey) -> tuple[ComparedPlace, ...]:
    """The items of an instrument, as a room compares them; at a contested one both readings are the key's."""
    return tuple(
        ComparedPlace(
            item.id,
            options := tuple(option.id for option in item.section.options),
            frozenset(option for option in options if (keyed := key.of(item.id)) and keyed.agrees(option)),
        )
        for item in instrument.items
    )


def report(vignette: Vignette, ended: Ended, *, pack: Pack, wording: Wording) -> Report:
    """The report of a closed room."""
    told = Report(
        vignette=vignette.title,
        day=wording.say("rehearsal-report.made", date=in_words(ended.day)),
        finished=wording.say("rehearsal-report.finished", finished=ended.outcome.people, joined=ended.joined),
        notes=(wording.say("rehearsal-report.few", fewest=wording.say(f"in-words.{ended.outcome.fewest}")),),
        closing=tuple(wording.say(f"rehearsal-report.closing.{each}") for each in CLOSING),
    )
    match ended.outcome:
        case TooFew():
            return told
        case Compared() as compared:
            return _Reporting(vignette, pack, wording).filled(told, compared)
    assert_never(ended.outcome)


NAMED = 3
"""Items that the lead names; the rest it counts."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What is said of a place apart from its counts."""

    title: str
    label: str
    options: Mapping[str, str]
    marks: Mapping[str, Mark]
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Reporting:
    """What the words of a report are taken from."""

    vignette: Vignette
    pack: Pack
    wording: Wording

    def filled(self, told: Report, compared: Compared) -> Report:
        """The report with all that may be shown of a group of enough people."""
        asked = {""}
        keyed = {each.critical: each for each in critical_actions(self.pack, self.vignette.key, given={})}
        return replace(
            told,
            lead=tuple(self._lead(compared)),
            notes=tuple(self._notes(compared)),
            actions=tuple(self._action(each, keyed[each.critical]) for each in compared.actions),
            missed=tuple(self._missed(each, asked) for each in self._most_missed(compared)),
            rows=tuple(self._item(each, asked) for each in differing(compared)),
            figures=tuple(figures(compared.numbers, self.wording)),
        )

    def _lead(self, compared: Compared) -> Iterator[str]:
        """What was missed, in a line for the critical actions and one for the items."""
        say, actions = self.wording.say, compared.actions
        missed = [
            say(
                "rehearsal-report.lead.action",
                name=say(f"critical.{each.critical}"),
                count=each.missed,
                of=each.done.people,
            )
            for each in actions
            if each.missed
        ]
        if missed:
            yield say("rehearsal-report.lead.missed", missed="; ".join(missed))
        # While something is hidden, nobody may say that nothing was missed.
        elif not any(isinstance(each.done, Hidden) for each in actions):
            yield say("rehearsal-report.lead.none")
        titles = [self._title(each.place) for each in self._most_missed(compared)]
        if titles:
            more = "items-more" if len(titles) > NAMED else "items"
            yield say(f"rehearsal-report.lead.{more}", items="; ".join(titles[:NAMED]), count=len(titles) - NAMED)

    def _notes(self, compared: Compared) -> Iterator[str]:
        alike = sum(isinstance(each, Unanimous) and not each.is_missed for each in compared.items)
        hidden = sum(isinstance(each, Hidden) for each in compared.items)
        fewest = self.wording.say(f"in-words.{fewest_answers(compared.fewest)}")
        for name, count in (("alike", alike), ("hidden", hidden)):
            if count:
                yield self.wording.say(f"rehearsal-report.{name}", count=count, of=len(compared.items), fewest=fewest)
        yield self.wording.say("rehearsal-report.nobody")

    def _action(self, compared: ComparedAction, keyed: CriticalAction) -> ReportRow:
        """A critical action: what was done, and how many did as the key, less or more."""
        counts = {"agreed": compared.agreed, "less": compared.missed, "more": compared.over}
        of = sum(counts.values())
        said = [self.wording.say(f"rehearsal-report.did.{each}", count=n, of=of) for each, n in counts.items() if n]
        return self._row(compared.done, self._of_action(keyed, compared.done), words=" ".join(said))

    def _most_missed(self, compared: Compared) -> list[Spread | Unanimous]:
        """The items that most missed, those first that weigh most in the key: a sign, then what is not known.

        Where it says No, another answer can only be too careful, so that those come last.
        """
        return sorted(most_missed(compared), key=lambda each: self._weight(each.place), reverse=True)

    def _weight(self, place: str) -> tuple[bool, int]:
        keyed = self.vignette.key.of(place)
        answer = keyed and self.pack.instrument.item(place).option(keyed.answer)
        return (answer.means is not Meaning.ABSENT, answer.points) if answer else (False, 0)

    def _missed(self, outcome: Spread | Unanimous, asked: set[str]) -> ReportRow:
        """An item that most missed, with how many did where the counts do not say it."""
        row = self._item(outcome, asked)
        missed = self.wording.say("rehearsal-report.missed", count=outcome.missed, of=outcome.people)
        return row if row.cells else replace(row, words=f"{row.words} {missed}")

    def _item(self, outcome: Spread | Unanimous, asked: set[str]) -> ReportRow:
        """An item, with what to talk about unless `asked` has it, where it is added."""
        keyed = self.vignette.key.of(outcome.place)
        prompt = next((each for each in _prompts(keyed) if each not in asked), "")
        asked.add(prompt)
        row = self._row(outcome, self._of_item(outcome.place, keyed), words="")
        text = prompt and self.wording.say(f"rehearsal-report.prompt.{prompt}")
        return replace(row, prompt=text and self.wording.say("rehearsal-report.talk", text=text))

    def _row(self, outcome: PlaceOutcome, place: _Place, *, words: str) -> ReportRow:
        cells: tuple[Cell, ...] = ()
        match outcome:
            case Spread(_, counts):
                cells = tuple(_cells(dict(counts), place))
            case Unanimous(_, people, _, given) if given:
                cells = tuple(_cells({given: people}, place))
            case Unanimous():
                words = f"{self.wording.say('rehearsal-report.same')} {words}".strip()
            case Hidden():
                words = self.wording.say("rehearsal-report.hidden-here")
            case _:
                assert_never(outcome)
        return ReportRow(place.title, place.label, cells, outcome.people, words, place.reading, "")

    def _of_item(self, place: str, keyed: Keyed | None) -> _Place:
        item = self.pack.instrument.item(place)
        marks = {keyed.other: Mark.OTHER, keyed.answer: Mark.KEY} if keyed else {}
        options = {option.id: option.label for option in item.section.options}
        return _Place(self._title(place), item.label, options, marks, self._reading(keyed, options))

    def _title(self, place: str) -> str:
        return f"{self.pack.instrument.number(place)}. {self.pack.instrument.item(place).short}"

    def _of_action(self, keyed: CriticalAction, done: PlaceOutcome) -> _Place:
        """What is said of a critical action; a first call may have several that are allowed."""
        critical, say = keyed.critical, self.wording.say
        also = Mark.ALLOWED if critical is Critical.FIRST_CALL else Mark.OTHER
        marks = {key: Mark.KEY if key == keyed.keys[0] else also for key in keyed.keys}
        key = self.vignette.key.of(critical)
        shown = (*_given(done), *keyed.keys, *((key.answer,) if key else ()))
        options = {each: self._label(critical, each) for each in shown}
        title = say(f"critical.{critical}")
        return _Place(title, "", options, marks, self._of_key(keyed, options))

    def _label(self, critical: Critical, option: str) -> str:
        """What was done at a critical action, in words."""
        match critical:
            case Critical.FIRST_CALL:
                return self.wording.say(f"first-call.{option}")
            case Critical.CATEGORY:
                return self.wording.say("rehearsal-report.category", span=option.replace("-", "–"))
            case Critical.DANGER | Critical.TOLD_OR_SEEN | Critical.JUDGEMENT:
                return self.wording.say_first(f"answer.{critical}.{option}", f"answer.{option}")
        assert_never(critical)

    def _of_key(self, keyed: CriticalAction, options: Mapping[str, str]) -> Reading:
        critical, key = keyed.critical, self.vignette.key
        match critical:
            case Critical.DANGER | Critical.TOLD_OR_SEEN | Critical.JUDGEMENT:
                return self._reading(key.of(critical), options)
            case Critical.FIRST_CALL:
                return self._reading(Keyed(critical, key.first_call, key.first_call_because), options)
            case Critical.CATEGORY:
                return self._reading(Keyed(critical, keyed.keys[0], ""), options)
        assert_never(critical)

    def _reading(self, keyed: Keyed | None, options: Mapping[str, str]) -> Reading:
        if keyed is None:
            return NO_READING
        say = self.wording.say
        return Reading(
            key=say("rehearsal-report.key", answer=options[keyed.answer], because=keyed.because).strip(),
            cites=say("rehearsal-report.cites", cites=quotable(keyed.cites)) if keyed.cites else "",
            other=say("rehearsal-report.other", answer=options[keyed.other], because=keyed.other_because)
            if keyed.other
            else "",
        )


def _given(outcome: PlaceOutcome) -> tuple[str, ...]:
    """The options of which something is shown."""
    if isinstance(outcome, Spread):
        return tuple(option for option, _ in outcome.counts)
    return (outcome.given,) if isinstance(outcome, Unanimous) and outcome.given else ()


def _cells(counts: Mapping[str, int], place: _Place) -> Iterator[Cell]:
    """The counts under their labels, and the key where nobody gave it, so that the two can be compared."""
    people = sum(counts.values())
    keyed = [option for option, mark in place.marks.items() if mark is Mark.KEY]
    for option, count in {**counts, **{each: 0 for each in keyed if each not in counts}}.items():
        yield Cell(place.options[option], count, Fraction(count, people), place.marks.get(option, Mark.NONE))


def _prompts(keyed: Keyed | None) -> tuple[str, ...]:
    """What could be talked about at an item, the most telling first."""
    contested = ("contested",) if keyed and keyed.is_contested else ()
    return (*contested, *(keyed.rules if keyed else ()), "any")
