"""What a trainer sees of a closed room, in words, as one value: the picture, the paper and the text are drawn from it.

It holds counts by place, and nothing that could be tied to a person.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from dialogs.core.wording import Wording


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
