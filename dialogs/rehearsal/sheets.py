"""Answers on paper typed in by a trainer, and what they come to."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from dialogs.core.script import Script, Wording
from dialogs.core.session import fresh
from dialogs.form.item_cards import asked_in_words
from dialogs.phrases.number import as_cell
from dialogs.rehearsal.alone.debrief_cards import report_pages
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rooms import Room, Seat
from dialogs.rehearsal.kit.key_paper import CALL, AnswerLine, AnswerPart, answer_parts
from dialogs.rehearsal.together.room_report import Report, ReportRow, report
from dialogs.rehearsal.together.room_turn import ended
from seraf.cases.vignette import FirstCall, Vignette
from seraf.form.responses import Responses
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Mode
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage, Together

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


BACK = "back"
"""What is typed to do the last line again."""


@dataclass(frozen=True, slots=True)
class TypingIn:
    """The sheets so far, the last of which may be half typed; `is_over` says that there are no more."""

    sheets: tuple[TypedSheet, ...] = ()
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class AfterLine:
    """What a line came to, and what is said of it; empty where there is nothing to say."""

    typing: TypingIn
    said: str = ""


def asked_next(typing: TypingIn, script: Script) -> str:
    """What is to be typed next: which sheet, which lines, and the letters that each may have."""
    sheet, part = _next(typing, script)
    numbers = [line.number for line in part.lines if line.number]
    key = "enter.items" if numbers else "enter.questions"
    places = {"first": numbers[0], "last": numbers[-1]} if numbers else {}
    head = script.wording.say(key, sheet=sheet.number, title=part.title, count=len(part.lines), **places)
    return "\n  ".join((head, *_letters(part, script)))


def sheet_next(typing: TypingIn, script: Script) -> int:
    """The number of the sheet that is typed next: the first that is not whole, else a new one."""
    return _next(typing, script)[0].number


def after_line(typing: TypingIn, text: str, script: Script) -> AfterLine:
    """What a typed line does: a part of a sheet, `back` for the line before, nothing at all where there are no more sheets."""
    say, (sheet, part) = script.wording.say, _next(typing, script)
    words = text.strip()
    if words.casefold() == BACK:
        return _back(typing, script)
    if not words and not sheet.typed:
        return AfterLine(replace(typing, is_over=True))
    read = read_line(part, words, script.wording)
    if read.fault:
        return AfterLine(typing, read.fault)
    now = with_typed(sheet, read.typed)
    after = replace(typing, sheets=_with(typing.sheets, now))
    if part_left(now, answer_parts(script)) is not None:
        return AfterLine(after)
    left = sum(answer == OPEN for answer in now.typed.values())
    return AfterLine(after, say("enter.whole", sheet=now.number, left=left))


def _next(typing: TypingIn, script: Script) -> tuple[TypedSheet, AnswerPart]:
    """The sheet and the part that are to be typed next."""
    parts = answer_parts(script)
    for sheet in typing.sheets:
        part = part_left(sheet, parts)
        if part is not None:
            return sheet, part
    return TypedSheet(len(typing.sheets) + 1, {}), parts[0]


def _with(sheets: tuple[TypedSheet, ...], now: TypedSheet) -> tuple[TypedSheet, ...]:
    """The sheets with this one in its place, or after them where it is new."""
    if now.number > len(sheets):
        return (*sheets, now)
    return tuple(now if each.number == now.number else each for each in sheets)


def _back(typing: TypingIn, script: Script) -> AfterLine:
    """The last part that was typed, taken back."""
    parts, say = answer_parts(script), script.wording.say
    if not typing.sheets:
        return AfterLine(typing, say("enter.at-start"))
    *before, last = typing.sheets
    part = [each for each in parts if any(line.place in last.typed for line in each.lines)][-1]
    shorter = without_part(last, part)
    sheets = (*before, shorter) if shorter.typed else tuple(before)
    return AfterLine(replace(typing, sheets=sheets), say("enter.again", sheet=last.number, title=part.title))


def _letters(part: AnswerPart, script: Script) -> tuple[str, ...]:
    """The letters of a part: once where all its lines have the same, else line by line."""
    first, *others = part.lines
    if all(line.answers == first.answers for line in others):
        return (_meanings(first),)
    say = script.wording.say
    return tuple(say("enter.line", about=_about(line, script), letters=_meanings(line)) for line in part.lines)


def _meanings(line: AnswerLine) -> str:
    return " · ".join(f"{each.letter} {each.label}" for each in line.answers)


def _about(line: AnswerLine, script: Script) -> str:
    is_call = line.place == CALL
    return script.wording.say("critical.first-call") if is_call else asked_in_words(line.place, script)


HEAD = ("asked", "answer", "people", "of", "model_answer")
"""The columns of a report as CSV."""


def sheet_lines(sheet: TypedSheet, vignette: Vignette, script: Script) -> tuple[str, ...]:
    """The debrief of one sheet, as its person would see it in the chat, a paragraph each; headings are not said again."""
    pages = report_pages(_finished(sheet, vignette, script), script)
    lines = dict.fromkeys(each.text for page in pages for each in page)
    return (*lines, *_by_role(vignette, script))


def report_of_sheets(sheets: Iterable[TypedSheet], vignette: Vignette, script: Script, *, today: date) -> Report:
    """The comparison of a room, of people who answered on paper; of fewer than five it shows no answers."""
    instrument = script.pack.instrument
    seats = tuple(Seat(str(each.number), row=Responses.of(each.given)) for each in sheets)
    room = Room("", Together.ROOM, vignette.id, instrument.fingerprint, seats)
    seen = ended(room, script.pack, key=vignette.key, today=today)
    told = report(vignette, seen, pack=script.pack, wording=script.wording)
    return replace(told, notes=(*told.notes, *_by_role(vignette, script)))


def _by_role(vignette: Vignette, script: Script) -> tuple[str, ...]:
    """That a sheet does not say whose it is, where the first call hangs on the role: not where the key says 999."""
    say = script.wording.say
    if vignette.key.first_call is FirstCall.EMERGENCY:
        return ()
    return (say("rehearsal-report.sheets-by-role", by_role=say("rehearsal-report.by-role")),)


def report_csv(told: Report) -> str:
    """What may be shown of a group as CSV: a row for each answer at each place of the report, and nobody's row.

    Where the answers may not be shown, the row says in words what may: that all missed a sign alike, above all.
    """
    rows = (cells for _, part in told.parts for row in part for cells in _csv_rows(row))
    return "".join(f"{','.join(map(_quoted, row))}\r\n" for row in (HEAD, *rows))


def _csv_rows(row: ReportRow) -> tuple[tuple[str, ...], ...]:
    if not row.cells:
        return ((row.title, row.words, str(row.people), str(row.people), ""),)
    return tuple((row.title, cell.label, str(cell.people), str(row.people), str(cell.mark)) for cell in row.cells)


def _quoted(text: str) -> str:
    return '"' + as_cell(text).replace('"', '""') + '"'


def _finished(sheet: TypedSheet, vignette: Vignette, script: Script) -> Practice:
    """The sheet as a rehearsal that somebody finished by themselves."""
    given, instrument = dict(sheet.given), script.pack.instrument
    call = given.pop(Critical.FIRST_CALL, "")
    items = Responses.of({place: answer for place, answer in given.items() if place in instrument})
    answers = Responses.of({place: answer for place, answer in given.items() if place not in instrument})
    session = replace(
        fresh(0, answers),
        fingerprint=instrument.fingerprint,
        phase=Phase.RESULT,
        answers=replace(fresh(0, answers).answers, items=items),
    )
    first = FirstCall(call) if call else None
    return Practice(stage=Stage.REPORT, mode=Mode.TEST, case=vignette.id, session=session, first_call=first)
