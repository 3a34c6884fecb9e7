"""The report of a closed room: how people answered, how far they agreed, and what to discuss."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from dialogs.core.script import Wording
from dialogs.phrases.number import as_cell, in_words, quotable
from dialogs.rehearsal.core.rooms import Ended
from dialogs.rehearsal.core.stage_card import role_calls
from seraf.cases.vignette import AgreedKey, Keyed, Vignette
from seraf.form.instrument import Instrument
from seraf.form.vocabulary import Meaning
from seraf.pack import Pack
from seraf.rehearsal import agreement
from seraf.rehearsal.agreement import Compared, Hidden, PlaceOutcome, Spread, Unanimous, Undefined
from seraf.rehearsal.critical_actions import Critical, CriticalAction, critical_actions


class Mark(StrEnum):
    """How an option relates to the agreed answers."""

    KEY = "key"  # the agreed answer
    OTHER = "other"  # the answer of the other reading of a contested item
    ALLOWED = "allowed"  # a first call that is also accepted
    NONE = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """An option in a row of the report: its label, how many people chose it, and their share of all answers (0 to 1)."""

    label: str
    people: int
    share: Fraction
    mark: Mark


@dataclass(frozen=True, slots=True)
class Reading:
    """What is agreed about an item or action: the answer with its reason, the sentence cited, and the other reading. Each may be empty."""

    key: str
    cites: str
    other: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of the report, about a critical action or an item. If the answers must not be shown, `cells` is empty.

    `label` is what people were asked. `place` is the id of the item or critical action.

    `words` compares the answers with the agreed ones, or says why they are hidden. `prompt` is empty if an earlier row has it.
    `unspread` says without the agreed answer why there is no spread: all gave one answer, or too few answered.
    """

    title: str
    label: str
    cells: tuple[Cell, ...]
    people: int
    words: str
    reading: Reading
    prompt: str
    place: str = ""
    unspread: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of agreement over all items, and what it means in words, which are empty if an earlier figure says it.

    `is_for_paper`: it takes a statistician to read, so that only the paper has it, and no card and no slide.
    """

    title: str
    words: str
    is_for_paper: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The results of a room in words: its case, the day of the session, and how many people finished.

    `lead` says what was missed. Critical actions come first, then the items that most people missed, then the others,
    those with least agreement first. A group that is too small has no rows and no figures, and `notes` says so.
    `closing` is what any group can discuss.
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
    def plain_figures(self) -> tuple[Figure, ...]:
        """Return the figures that anybody can read: how far people agree, without alpha, AC1 and their intervals."""
        return tuple(figure for figure in self.figures if not figure.is_for_paper)

    @property
    def parts(self) -> tuple[tuple[str, tuple[ReportRow, ...]], ...]:
        """Return the parts of the report in order, each with its name and rows."""
        return ("actions", self.actions), ("missed", self.missed), ("items", self.rows)


def mapped(report: Report) -> tuple[ReportRow, ...]:
    """Return the rows of the heat map: those of the report whose answers are not hidden."""
    return tuple(row for _, rows in report.parts for row in rows if row.cells)


def report_legend(report: Report, wording: Wording) -> str:
    """Return the legend of the outlines that the pictures have, or an empty text if they have no rows."""
    marks = {cell.mark for row in mapped(report) for cell in row.cells}
    keys = {Mark.KEY: "outlined", Mark.OTHER: "dashed", Mark.ALLOWED: "dashed-allowed"}
    return " ".join(wording.say(f"rehearsal-report.{key}") for mark, key in keys.items() if mark in marks)


def map_lines(report: Report, wording: Wording) -> tuple[str, ...]:
    """Return the heat map in words: a line for each row and each figure, with all values of the picture."""
    return (
        *(map_line(row, wording) for row in mapped(report)),
        *(f"{figure.title}." for figure in report.plain_figures),
    )


def map_line(row: ReportRow, wording: Wording) -> str:
    """Return a row of the heat map in words: how many people gave each answer, or only the title if answers are hidden."""
    if not row.cells:
        return row.title
    cells = ", ".join(cell_words(cell, wording) for cell in row.cells)
    return wording.say("rehearsal-report.map-row", title=row.title, cells=cells, people=row.people)


def cell_words(cell: Cell, wording: Wording) -> str:
    """Return an option in words: its label, how many people chose it, and how it relates to the agreed answers."""
    keys = {Mark.KEY: "cell-key", Mark.OTHER: "cell-other", Mark.ALLOWED: "cell-allowed", Mark.NONE: "cell"}
    return wording.say(f"rehearsal-report.{keys[cell.mark]}", label=cell.label, people=cell.people)


def map_alt(report: Report, wording: Wording) -> str:
    """Return the heat map as one text for screen readers, or, if there is no map, why there is none."""
    if not report.figures:
        return " ".join(report.notes)
    return wording.say("rehearsal-report.map-alt", rows=" ".join(map_lines(report, wording)))


def row_text(row: ReportRow, wording: Wording) -> str:
    """Return a row as lines of text: the counts, the comparison, the agreed answer with its reason, and what to discuss."""
    reading = row.reading
    lines = (map_line(row, wording), row.words, reading.key, reading.cites, reading.other, row.prompt)
    return "\n".join(line for line in lines if line)


def figures(numbers: agreement.Numbers, wording: Wording) -> Iterator[Figure]:
    """Yield the percent agreement among people, that with the agreed answers, and alpha and AC1 for each scale of options."""
    say = wording.say
    for name, share in (("percent", numbers.percent), ("keyed", numbers.keyed)):
        if share is None:
            value, words = say("rehearsal-report.number.none"), say("rehearsal-report.why.nobody-to-compare")
        else:
            value = say("rehearsal-report.number.share", hundredths=round(share * 100))
            words = say(f"rehearsal-report.means.{name}")
        yield Figure(say(f"rehearsal-report.number.{name}", value=value), words)
    for scale in numbers.scales:
        named = (("alpha", scale.alpha), ("ac1", scale.ac1))
        both = (say(f"rehearsal-report.number.{name}", value=_written(number, wording)) for name, number in named)
        kind = say("rehearsal-report.number.kind", items=scale.items, options=scale.options, both=", ".join(both))
        chance = [say("rehearsal-report.means.chance")] if scale is numbers.scales[0] else []
        why = (say(f"rehearsal-report.why.{number.why}") for _, number in named if isinstance(number, Undefined))
        yield Figure(kind, " ".join((*chance, *why)), is_for_paper=True)


def _written(number: agreement.Coefficient, wording: Wording) -> str:
    def signed(value: Fraction) -> str:
        return f"{float(value):.2f}".replace("-", "\N{MINUS SIGN}")

    if isinstance(number, Undefined):
        return wording.say("rehearsal-report.number.none")
    if number.interval is None:
        return signed(number.value)
    low, high = signed(number.interval.low), signed(number.interval.high)
    return wording.say("rehearsal-report.number.around", value=signed(number.value), low=low, high=high)


CLOSING = ("unknown", "team", "tomorrow")  # the topics that every group discusses at the end of a session


def asked_of(instrument: Instrument, key: AgreedKey) -> tuple[agreement.ComparedPlace, ...]:
    """Return the items in the type by which the answers of a room are compared. Both readings of a contested item count as agreed."""
    return tuple(
        agreement.ComparedPlace(
            item.id,
            options := tuple(option.id for option in item.section.options),
            frozenset(option for option in options if (keyed := key.of(item.id)) and keyed.agrees(option)),
        )
        for item in instrument.items
    )


def report(vignette: Vignette, ended: Ended, *, pack: Pack, wording: Wording) -> Report:
    """Return the report of a closed room."""
    told = Report(
        vignette=vignette.title,
        day=wording.say("rehearsal-report.made", date=in_words(ended.day)),
        finished=wording.say("rehearsal-report.finished", finished=ended.outcome.people, joined=ended.joined),
        notes=(wording.say("rehearsal-report.few", fewest=wording.say(f"in-words.{ended.outcome.fewest}")),),
        closing=tuple(wording.say(f"rehearsal-report.closing.{topic}") for topic in CLOSING),
    )
    if isinstance(ended.outcome, agreement.TooFew):
        return told
    return _Reporting(vignette, pack, wording).filled(told, ended.outcome)


def unanswered(vignette: Vignette, pack: Pack, wording: Wording) -> tuple[ReportRow, ...]:
    """Return the rows of the critical actions without anybody's answer, for a group that is too small to be shown any."""
    reporting = _Reporting(vignette, pack, wording)
    return tuple(
        reporting.action(agreement.ComparedAction(keyed.critical, Hidden(keyed.critical, 0)), keyed)
        for keyed in critical_actions(pack, vignette.key, given={})
    )


NAMED = 3  # maximum number of missed items that the report's beginning names; the others are counted


@dataclass(frozen=True, slots=True)
class _Place:
    """The texts about a critical action or item in the report, without its counts."""

    title: str
    label: str
    options: Mapping[str, str]
    marks: Mapping[str, Mark]
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Reporting:
    """The case, pack and wording from which the texts of a report are made."""

    vignette: Vignette
    pack: Pack
    wording: Wording

    def filled(self, told: Report, compared: Compared) -> Report:
        """Return the report with the results of a group that is large enough to be shown them."""
        asked = {""}
        keyed = {action.critical: action for action in critical_actions(self.pack, self.vignette.key, given={})}
        return replace(
            told,
            lead=tuple(self._lead(compared)),
            notes=tuple(self._notes(compared)),
            actions=tuple(self.action(action, keyed[action.critical]) for action in compared.actions),
            missed=tuple(self._missed(item, asked) for item in self._most_missed(compared)),
            rows=tuple(self._item(item, asked) for item in agreement.differing(compared)),
            figures=tuple(figures(compared.numbers, self.wording)),
        )

    def _lead(self, compared: Compared) -> Iterator[str]:
        say, actions = self.wording.say, compared.actions
        missed = []
        for action in (action for action in actions if action.missed):
            name, of = say(f"critical.{action.critical}"), action.done.people
            missed.append(say("rehearsal-report.lead.action", name=name, count=action.missed, of=of))
        if missed:
            yield say("rehearsal-report.lead.missed", missed="; ".join(missed))
        # While an action is hidden, the report must not claim that nothing was missed.
        elif not any(isinstance(action.done, Hidden) for action in actions):
            yield say("rehearsal-report.lead.none")
        titles = [self._title(item.place) for item in self._most_missed(compared)]
        if titles:
            more = "items-more" if len(titles) > NAMED else "items"
            yield say(f"rehearsal-report.lead.{more}", items="; ".join(titles[:NAMED]), count=len(titles) - NAMED)

    def _notes(self, compared: Compared) -> Iterator[str]:
        alike = sum(isinstance(item, Unanimous) and not item.is_missed for item in compared.items)
        hidden = sum(isinstance(item, Hidden) for item in compared.items)
        fewest = self.wording.say(f"in-words.{agreement.fewest_answers(compared.fewest)}")
        for name, count in (("alike", alike), ("hidden", hidden)):
            if count:
                yield self.wording.say(f"rehearsal-report.{name}", count=count, of=len(compared.items), fewest=fewest)
        yield self.wording.say("rehearsal-report.nobody")

    def action(self, compared: agreement.ComparedAction, keyed: CriticalAction) -> ReportRow:
        """Return the row of a critical action: its answers, and how many people did as agreed, did less, or did more."""
        counts = {"agreed": compared.agreed, "less": compared.missed, "more": compared.over}
        of = sum(counts.values())
        said = [self.wording.say(f"rehearsal-report.did.{each}", count=n, of=of) for each, n in counts.items() if n]
        return self._row(compared.done, self._of_action(keyed, compared.done), words=" ".join(said))

    def _most_missed(self, compared: Compared) -> list[Spread | Unanimous]:
        """Return the items that most people missed, the most important first: signs, then items not known.

        Items of which the sign is agreed to be absent come last, since any other answer is only too cautious.
        """

        def weight(item: Spread | Unanimous) -> tuple[bool, int]:
            keyed = self.vignette.key.of(item.place)
            answer = keyed and self.pack.instrument.item(item.place).option(keyed.answer)
            return (answer.means is not Meaning.ABSENT, answer.points) if answer else (False, 0)

        return sorted(agreement.most_missed(compared), key=weight, reverse=True)

    def _missed(self, outcome: Spread | Unanimous, asked: set[str]) -> ReportRow:
        """Return the row of an item that most people missed. If its counts are hidden, say in words how many missed it."""
        row = self._item(outcome, asked)
        missed = self.wording.say("rehearsal-report.missed", count=outcome.missed, of=outcome.people)
        return row if row.cells else replace(row, words=f"{row.words} {missed}")

    def _item(self, outcome: Spread | Unanimous, asked: set[str]) -> ReportRow:
        """Return the row of an item, with the most useful topic for discussion that is not in `asked`, and add the topic to `asked`."""
        keyed = self.vignette.key.of(outcome.place)
        contested = ("contested",) if keyed and keyed.is_contested else ()
        prompts = (*contested, *(keyed.rules if keyed else ()), "any")
        prompt = next((prompt for prompt in prompts if prompt not in asked), "")
        asked.add(prompt)
        item = self.pack.instrument.item(outcome.place)
        marks = {keyed.other: Mark.OTHER, keyed.answer: Mark.KEY} if keyed else {}
        options = {option.id: option.label for option in item.section.options}
        place = _Place(self._title(outcome.place), item.label, options, marks, self._reading(keyed, options))
        text = prompt and self.wording.say(f"rehearsal-report.prompt.{prompt}")
        talk = text and self.wording.say("rehearsal-report.talk", text=text)
        return replace(self._row(outcome, place, words=""), prompt=talk)

    def _row(self, outcome: PlaceOutcome, place: _Place, *, words: str) -> ReportRow:
        cells: tuple[Cell, ...] = ()
        unspread = ""
        match outcome:
            case Spread(_, counts):
                cells = tuple(_cells(dict(counts), place))
            case Unanimous(_, people, _, given):
                unspread = self.wording.say("screen.same")
                cells = tuple(_cells({given: people}, place)) if given else ()
                words = words if given else f"{self.wording.say('rehearsal-report.same')} {words}".strip()
            case Hidden():
                words = unspread = self.wording.say("rehearsal-report.hidden-here")
            case _:
                assert_never(outcome)
        row = ReportRow(place.title, place.label, cells, outcome.people, words, place.reading, "")
        return replace(row, place=outcome.place, unspread=unspread)

    def _title(self, place: str) -> str:
        return f"{self.pack.instrument.number(place)}. {self.pack.instrument.item(place).short}"

    def _of_action(self, keyed: CriticalAction, done: PlaceOutcome) -> _Place:
        """Return the texts about a critical action. For the first call, several answers may count as agreed."""
        critical, say, key = keyed.critical, self.wording.say, self.vignette.key
        also = Mark.ALLOWED if critical is Critical.FIRST_CALL else Mark.OTHER
        marks = {answer: Mark.KEY if answer == keyed.keys[0] else also for answer in keyed.keys}
        match critical:
            case Critical.FIRST_CALL:
                roles = role_calls(key, self.pack, wording=self.wording)
                answer: Keyed | None = Keyed(critical, key.first_call, " ".join((key.first_call_because, *roles)))
            case Critical.CATEGORY:
                answer = Keyed(critical, keyed.keys[0], "")
            case Critical.DANGER | Critical.TOLD_OR_SEEN | Critical.JUDGEMENT:
                answer = key.of(critical)
            case _:
                assert_never(critical)
        given: tuple[str, ...] = ()
        if isinstance(done, Spread):
            given = tuple(option for option, _ in done.counts)
        elif isinstance(done, Unanimous) and done.given:
            given = (done.given,)
        shown = (*given, *keyed.keys, *((answer.answer,) if answer else ()))
        options = {option: self._label(critical, option) for option in shown}
        return _Place(
            say(f"critical.{critical}"), self._question(critical), options, marks, self._reading(answer, options)
        )

    def _question(self, critical: Critical) -> str:
        if critical in (Critical.FIRST_CALL, Critical.CATEGORY):
            return self.wording.say(f"rehearsal-report.ask.{critical}")
        own = (question.ask for question in self.pack.instrument.questions if question.id == critical)
        return next(own, "") or self.wording.say(f"ask.{critical}")

    def _label(self, critical: Critical, option: str) -> str:
        match critical:
            case Critical.FIRST_CALL:
                return self.wording.say(f"first-call.{option}")
            case Critical.CATEGORY:
                return self.wording.say("rehearsal-report.category", span=option.replace("-", "–"))
            case Critical.DANGER | Critical.TOLD_OR_SEEN | Critical.JUDGEMENT:
                return self.wording.say_first(f"answer.{critical}.{option}", f"answer.{option}")
        assert_never(critical)

    def _reading(self, keyed: Keyed | None, options: Mapping[str, str]) -> Reading:
        if keyed is None:
            return Reading("", "", "")
        say, other = self.wording.say, ""
        if keyed.other:
            other = say("rehearsal-report.other", answer=options[keyed.other], because=keyed.other_because)
        return Reading(
            key=say("rehearsal-report.key", answer=options[keyed.answer], because=keyed.because).strip(),
            cites=say("rehearsal-report.cites", cites=quotable(keyed.cites)) if keyed.cites else "",
            other=other,
        )


def _cells(counts: Mapping[str, int], place: _Place) -> Iterator[Cell]:
    """Yield the cells of a row. The agreed answer is always among them, even if nobody gave it."""
    people = sum(counts.values())
    keyed = [option for option, mark in place.marks.items() if mark is Mark.KEY]
    for option, count in {**counts, **{each: 0 for each in keyed if each not in counts}}.items():
        yield Cell(place.options[option], count, Fraction(count, people), place.marks.get(option, Mark.NONE))


HEAD = ("asked", "answer", "people", "of", "model_answer")  # the column headings of a report as CSV


def report_csv(told: Report) -> str:
    """Return a group's report as CSV, with a row for each answer to each item or action, and no row for a person.

    Where the answers are hidden, the row says in words what can be said, such as that everybody missed a sign.
    """
    rows: list[tuple[str, ...]] = [HEAD]
    for row in (row for _, part in told.parts for row in part):
        people = str(row.people)
        rows += [(row.title, cell.label, str(cell.people), people, str(cell.mark)) for cell in row.cells]
        if not row.cells:
            rows.append((row.title, row.words, people, people, ""))
    return "".join(f"{','.join(map(_quoted, row))}\r\n" for row in rows)


def _quoted(text: str) -> str:
    return '"' + as_cell(text).replace('"', '""') + '"'
