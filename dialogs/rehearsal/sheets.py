"""Answer sheets on paper that a trainer types in, and the results that are computed from them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from dialogs.core.script import Script, Wording
from dialogs.core.session import Answers, Session
from dialogs.form.item_cards import asked_in_words
from dialogs.phrases.number import as_cell
from dialogs.rehearsal.alone.debrief_cards import report_pages
from dialogs.rehearsal.core.practice import Practice, RehearsalResult
from dialogs.rehearsal.core.rooms import Room, Seat
from dialogs.rehearsal.core.stage_card import role_calls
from dialogs.rehearsal.kit.key_paper import CALL, AnswerPart, answer_parts
from dialogs.rehearsal.together.room_report import Report, report
from dialogs.rehearsal.together.room_turn import ended
from seraf.cases.vignette import FirstCall, Vignette
from seraf.form.responses import Responses
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Mode
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage, Together

OPEN = "-"  # typed for a row without an answer on paper, which is not the same as “not known”


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """An answer sheet: its number, and the answers typed in so far, by item or question. Rows not typed in yet are missing."""

    number: int
    typed: Mapping[str, str] = field(repr=False)

    @property
    def given(self) -> Mapping[str, str]:
        """Return the answers by item or question, without rows that have no answer on paper."""
        return {place: answer for place, answer in self.typed.items() if answer != OPEN}


@dataclass(frozen=True, slots=True)
class TypedLine:
    """The answers in a line that the trainer typed, by item or question, or, instead, what is wrong with the line (`fault`)."""

    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SheetFile:
    """The content of a file of answer sheets, the id of their case and the sheets, or, instead, what is wrong with it (`fault`)."""

    case: str = ""
    sheets: tuple[TypedSheet, ...] = ()
    fault: str = ""


def read_line(part: AnswerPart, text: str, wording: Wording) -> TypedLine:
    """Return the answers that `text` gives as one letter for each row of the part. Spaces, “,” and “;” are ignored."""
    letters = [letter for letter in text.casefold() if letter not in " ,;\t"]
    if len(letters) != len(part.lines):
        fault = wording.say("enter.count", given=len(letters), wanted=len(part.lines))
        return TypedLine(fault=fault)
    typed = {}
    for letter, line in zip(letters, part.lines, strict=True):
        answers = {OPEN: OPEN, **{answer.letter: answer.answer for answer in line.answers}}
        if letter not in answers:
            about = f"{line.number} {line.about}".strip()
            return TypedLine(fault=wording.say("enter.letter", letter=letter, about=about, letters=line.letters))
        typed[line.place] = answers[letter]
    return TypedLine(typed)


def part_left(sheet: TypedSheet, parts: Sequence[AnswerPart]) -> AnswerPart | None:
    """Return the first part of the sheet that is not completely typed in, or None if all parts are."""
    return next((part for part in parts if any(line.place not in sheet.typed for line in part.lines)), None)


def whole_sheets(sheets: Iterable[TypedSheet], parts: Sequence[AnswerPart]) -> tuple[TypedSheet, ...]:
    """Return the sheets that are completely typed in."""
    return tuple(sheet for sheet in sheets if part_left(sheet, parts) is None)


def sheets_csv(case: str, sheets: Iterable[TypedSheet], parts: Sequence[AnswerPart]) -> str:
    """Return the sheets as CSV, one in each row, with the ids of the answers. What is not typed in yet is empty."""
    head = _head(parts)
    rows = ([case, str(sheet.number), *(sheet.typed.get(place, "") for place in head[2:])] for sheet in sheets)
    return "".join(f"{','.join(row)}\n" for row in (head, *rows))


def read_sheets(text: str, parts: Sequence[AnswerPart], wording: Wording) -> SheetFile:
    """Return the sheets from a CSV file that `sheets_csv` wrote. A spreadsheet may have saved it again meanwhile."""
    head, *rows = [row for row in csv.reader(text.splitlines()) if any(row)] or [[]]
    if head != _head(parts):
        return SheetFile(fault=wording.say("enter.other-file"))
    allowed = {line.place: {*(answer.answer for answer in line.answers), OPEN} for part in parts for line in part.lines}
    cases = {row[0] for row in rows}
    if len(cases) > 1:
        return SheetFile(fault=wording.say("enter.two-cases", cases=", ".join(sorted(cases))))
    sheets = []
    for number, row in enumerate(rows, 1):
        cells = dict(zip_longest(head[2:], row[2:], fillvalue=""))
        typed = {place: answer for place, answer in cells.items() if answer}
        wrong = next((place for place, answer in typed.items() if answer not in allowed.get(place, ())), None)
        if wrong is not None:
            return SheetFile(fault=wording.say("enter.cell", row=number + 1, column=wrong or "?"))
        sheets.append(TypedSheet(number, typed))
    return SheetFile(next(iter(cases), ""), tuple(sheets))


def _head(parts: Sequence[AnswerPart]) -> list[str]:
    return ["case", "sheet", *(line.place for part in parts for line in part.lines)]


BACK = "back"  # typed to remove the part of the sheet that was typed last


@dataclass(frozen=True, slots=True)
class TypingIn:
    """The sheets typed so far; the last may be incomplete. `is_over` is True once the trainer has finished."""

    sheets: tuple[TypedSheet, ...] = ()
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class AfterLine:
    """The state after the trainer typed a line, and the reply to it, which may be empty."""

    typing: TypingIn
    said: str = ""


def asked_next(typing: TypingIn, script: Script) -> str:
    """Return the text that asks for the next line: which sheet, which questions or items, and the letters for each of them."""
    say, (sheet, part) = script.wording.say, _next(typing, script)
    numbers = [line.number for line in part.lines if line.number]
    key = "enter.items" if numbers else "enter.questions"
    places = {"first": numbers[0], "last": numbers[-1]} if numbers else {}
    head = say(key, sheet=sheet.number, title=part.title, count=len(part.lines), **places)
    meanings = [" · ".join(f"{answer.letter} {answer.label}" for answer in line.answers) for line in part.lines]
    if all(line.answers == part.lines[0].answers for line in part.lines):
        return "\n  ".join((head, meanings[0]))
    lines = []
    for line, letters in zip(part.lines, meanings, strict=True):
        about = say("critical.first-call") if line.place == CALL else asked_in_words(line.place, script)
        lines.append(say("enter.line", about=about, letters=letters))
    return "\n  ".join((head, *lines))


def sheet_next(typing: TypingIn, script: Script) -> int:
    """Return the number of the sheet to type in next: the first incomplete one, or otherwise a new one."""
    return _next(typing, script)[0].number


def after_line(typing: TypingIn, text: str, script: Script) -> AfterLine:
    """Return the state after a typed line: letters for a part of a sheet, `back`, or an empty line, which ends the typing."""
    say, (sheet, part) = script.wording.say, _next(typing, script)
    words, parts = text.strip(), answer_parts(script)
    if words.casefold() == BACK:
        return _back(typing, script)
    if not words and not sheet.typed:
        return AfterLine(replace(typing, is_over=True))
    read = read_line(part, words, script.wording)
    if read.fault:
        return AfterLine(typing, read.fault)
    now = replace(sheet, typed={**sheet.typed, **read.typed})
    if now.number > len(typing.sheets):
        sheets = (*typing.sheets, now)
    else:
        sheets = tuple(now if other.number == now.number else other for other in typing.sheets)
    after = replace(typing, sheets=sheets)
    if part_left(now, parts) is not None:
        return AfterLine(after)
    left = sum(answer == OPEN for answer in now.typed.values())
    return AfterLine(after, say("enter.whole", sheet=now.number, left=left))


def _next(typing: TypingIn, script: Script) -> tuple[TypedSheet, AnswerPart]:
    parts = answer_parts(script)
    for sheet in typing.sheets:
        if (part := part_left(sheet, parts)) is not None:
            return sheet, part
    return TypedSheet(len(typing.sheets) + 1, {}), parts[0]


def _back(typing: TypingIn, script: Script) -> AfterLine:
    parts, say = answer_parts(script), script.wording.say
    if not typing.sheets:
        return AfterLine(typing, say("enter.at-start"))
    *before, last = typing.sheets
    part = [part for part in parts if any(line.place in last.typed for line in part.lines)][-1]
    gone = {line.place for line in part.lines}
    shorter = replace(last, typed={place: answer for place, answer in last.typed.items() if place not in gone})
    sheets = (*before, shorter) if shorter.typed else tuple(before)
    return AfterLine(replace(typing, sheets=sheets), say("enter.again", sheet=last.number, title=part.title))


HEAD = ("asked", "answer", "people", "of", "model_answer")  # the column headings of a report as CSV


def sheet_lines(sheet: TypedSheet, vignette: Vignette, script: Script) -> tuple[str, ...]:
    """Return the debrief of one sheet as the chat would show it, one text a paragraph. Repeated headings are left out."""
    given, instrument = dict(sheet.given), script.pack.instrument
    call = given.pop(Critical.FIRST_CALL, "")
    items = Responses.of({place: answer for place, answer in given.items() if place in instrument})
    answers = Responses.of({place: answer for place, answer in given.items() if place not in instrument})
    answered, fingerprint = Answers(around=answers, items=items), instrument.fingerprint
    session = Session(card=0, phase=Phase.RESULT, fingerprint=fingerprint, answers=answered)
    result = RehearsalResult(FirstCall(call) if call else None)
    finished = Practice(Stage.REPORT, Mode.TEST, vignette.id, session=session, result=result)
    lines = dict.fromkeys(
        paragraph.text for pages in report_pages(finished, script) for page in pages for paragraph in page
    )
    return (*lines, *_by_role(vignette, script))


def report_of_sheets(sheets: Iterable[TypedSheet], vignette: Vignette, script: Script, *, today: date) -> Report:
    """Return the report about the sheets of a group, as for a room. A group that is too small gets no results."""
    instrument = script.pack.instrument
    seats = tuple(Seat(str(each.number), row=Responses.of(each.given)) for each in sheets)
    room = Room("", Together.ROOM, vignette.id, instrument.fingerprint, seats)
    seen = ended(room, script.pack, key=vignette.key, today=today)
    told = report(vignette, seen, pack=script.pack, wording=script.wording)
    return replace(told, notes=(*told.notes, *_by_role(vignette, script)))


def _by_role(vignette: Vignette, script: Script) -> tuple[str, ...]:
    """Return a note that the first call depends on the profession, which sheets do not name, or nothing if it does not."""
    roles = role_calls(vignette.key, script.pack, wording=script.wording)
    return (script.wording.say("rehearsal-report.sheets-by-role", by_role=" ".join(roles)),) if roles else ()


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
