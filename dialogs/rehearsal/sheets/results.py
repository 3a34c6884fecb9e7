"""What came of a session: of sheets that were typed in, the debrief of one and the comparison of all; and any report as CSV."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from dialogs.core.script import Script
from dialogs.core.session import fresh
from dialogs.phrases.quoting import as_cell
from dialogs.rehearsal.alone.debrief_cards import report_pages
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rooms import Room, Seat
from dialogs.rehearsal.sheets.typed_sheet import TypedSheet
from dialogs.rehearsal.together.report import Report, ReportRow
from dialogs.rehearsal.together.room_report import report
from dialogs.rehearsal.together.room_turn import ended
from seraf.cases.vignette import FirstCall, Vignette
from seraf.form.responses import Responses
from seraf.rehearsal.critical_actions import Critical
from seraf.rehearsal.progress import Mode
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage, Together

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
