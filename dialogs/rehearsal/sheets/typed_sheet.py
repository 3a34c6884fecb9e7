"""Answer sheets that were filled in on paper, as they are typed in: a number each, and never a name; as values and as CSV."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from dialogs.core.wording import Wording
from dialogs.rehearsal.kit.answer_lines import AnswerPart

OPEN = "-"
"""What stands for a line that was left open on paper, which is no answer, and not “not known”."""


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """One sheet: its number, and what was typed of it so far, by place. A place that is not in it was not typed yet."""

    number: int
    typed: Mapping[str, str] = field(repr=False)

    @property
    def given(self) -> Mapping[str, str]:
        """What was answered, by place; lines that were left open are not in it."""
        return {place: answer for place, answer in self.typed.items() if answer != OPEN}


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What a line of letters says, by place; or what is wrong with it, and then nothing is taken of it."""

    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SheetFile:
    """What is in a file of sheets: the id of its case and the sheets; or what is wrong with it."""

    case: str = ""
    sheets: tuple[TypedSheet, ...] = ()
    fault: str = ""


def read_line(part: AnswerPart, text: str, wording: Wording) -> TypedLine:
    """A typed line read by the letters of a part. Spaces and commas may stand anywhere."""
    letters = [letter for letter in text.casefold() if letter not in " ,;\t"]
    if len(letters) != len(part.lines):
        fault = wording.say("enter.count", given=len(letters), wanted=len(part.lines))
        return TypedLine(fault=fault)
    typed = {}
    for letter, line in zip(letters, part.lines, strict=True):
        found = OPEN if letter == OPEN else next((each.answer for each in line.answers if each.letter == letter), None)
        if found is None:
            about = f"{line.number} {line.about}".strip()
            return TypedLine(fault=wording.say("enter.letter", letter=letter, about=about, letters=line.letters))
        typed[line.place] = found
    return TypedLine(typed)


def part_left(sheet: TypedSheet, parts: Sequence[AnswerPart]) -> AnswerPart | None:
    """The first part that is not typed yet; None where the sheet is whole."""
    return next((part for part in parts if any(line.place not in sheet.typed for line in part.lines)), None)


def whole_sheets(sheets: Iterable[TypedSheet], parts: Sequence[AnswerPart]) -> tuple[TypedSheet, ...]:
    """Those of which everything is typed."""
    return tuple(sheet for sheet in sheets if part_left(sheet, parts) is None)


def with_typed(sheet: TypedSheet, typed: Mapping[str, str]) -> TypedSheet:
    """The sheet with more of it typed."""
    return replace(sheet, typed={**sheet.typed, **typed})


def without_part(sheet: TypedSheet, part: AnswerPart) -> TypedSheet:
    """The sheet as it was before that part."""
    gone = {line.place for line in part.lines}
    return replace(sheet, typed={place: answer for place, answer in sheet.typed.items() if place not in gone})


def sheets_csv(case: str, sheets: Iterable[TypedSheet], parts: Sequence[AnswerPart]) -> str:
    """The sheets as CSV, a row each: answers as the words that programs know, empty where nothing was typed yet."""
    places = _places(parts)
    rows = ([case, str(each.number), *(each.typed.get(place, "") for place in places)] for each in sheets)
    return "".join(f"{','.join(row)}\n" for row in (_head(parts), *rows))


def read_sheets(text: str, parts: Sequence[AnswerPart], wording: Wording) -> SheetFile:
    """The sheets in a CSV that was written here, by way of a spreadsheet too."""
    head, *rows = [row for row in csv.reader(text.splitlines()) if any(row)] or [[]]
    if head != _head(parts):
        return SheetFile(fault=wording.say("enter.other-file"))
    allowed = {line.place: {*(each.answer for each in line.answers), OPEN} for part in parts for line in part.lines}
    cases = {row[0] for row in rows}
    if len(cases) > 1:
        return SheetFile(fault=wording.say("enter.two-cases", cases=", ".join(sorted(cases))))
    sheets = []
    for number, row in enumerate(rows, 1):
        pairs = dict(zip_longest(_places(parts), row[2:], fillvalue=""))
        wrong = next(
            (place for place, answer in pairs.items() if answer and answer not in allowed.get(place, ())), None
        )
        if wrong is not None:
            return SheetFile(fault=wording.say("enter.cell", row=number + 1, column=wrong or "?"))
        sheets.append(TypedSheet(number, {place: answer for place, answer in pairs.items() if answer}))
    return SheetFile(next(iter(cases), ""), tuple(sheets))


def _head(parts: Sequence[AnswerPart]) -> list[str]:
    return ["case", "sheet", *_places(parts)]


def _places(parts: Sequence[AnswerPart]) -> list[str]:
    return [line.place for part in parts for line in part.lines]
