"""Answer sheets in a private file, written in full after every typed line, so that no answer is lost."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from bot.runtime.errors import SettingsFault
from bot.runtime.files import read_at_most, replace_private, write_private
from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import answer_parts
from dialogs.rehearsal.sheets import (
    SheetFile,
    TypedSheet,
    TypingIn,
    after_line,
    asked_next,
    read_sheets,
    report_of_sheets,
    sheet_lines,
    sheet_next,
    sheets_csv,
    whole_sheets,
)
from dialogs.rehearsal.together.room_report import Report, report_lines
from seraf.cases.vignette import Vignette

MAX_BYTES = 1_000_000
"""The largest file of sheets, in bytes: thousands of sheets."""


def read_sheet_file(path: Path, script: Script) -> SheetFile:
    """Return the sheets in a file; none if there is no file yet. Raise SettingsFault if it holds something else."""
    try:
        content = read_at_most(path, MAX_BYTES + 1) if path.exists() else b""
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SettingsFault(f"{path} cannot be read as text. Name the file that the sheets were typed into.") from None
    if len(content) > MAX_BYTES:
        raise SettingsFault(f"{path}: over {MAX_BYTES:,} bytes; a file of answer sheets is never that large")
    if not text.strip():
        return SheetFile()
    found = read_sheets(text, answer_parts(script), script.wording)
    if found.fault:
        raise SettingsFault(f"{path}: {found.fault}")
    return found


def type_in(
    path: Path, vignette: Vignette, script: Script, *, lines: Iterable[str], say: Callable[[str], None]
) -> tuple[TypedSheet, ...]:
    """Read lines until they end, store each at once, and return the complete sheets."""
    kept = read_sheet_file(path, script)
    if kept.case not in ("", vignette.id):
        raise SettingsFault(f"{path} holds sheets of the case {kept.case!r}. Name another file for {vignette.id!r}.")
    typing = TypingIn(kept.sheets)
    say(script.wording.say("enter.how", file=path))
    if kept.sheets:
        say(script.wording.say("enter.goes-on", sheet=sheet_next(typing, script)))
    say(asked_next(typing, script))
    for line in lines:
        after = after_line(typing, line, script)
        if after.typing.sheets != typing.sheets:
            _keep(path, sheets_csv(vignette.id, after.typing.sheets, answer_parts(script)))
        typing = after.typing
        if after.said:
            say(after.said)
        if typing.is_over:
            break
        say(asked_next(typing, script))
    return whole_sheets(typing.sheets, answer_parts(script))


def whole_in(kept: SheetFile, script: Script) -> tuple[TypedSheet, ...]:
    """Return the complete sheets of a file."""
    return whole_sheets(kept.sheets, answer_parts(script))


def group_report(sheets: tuple[TypedSheet, ...], vignette: Vignette, script: Script, *, today: date) -> Report:
    """Return the report of all sheets."""
    return report_of_sheets(sheets, vignette, script, today=today)


def group_lines(told: Report, script: Script) -> tuple[str, ...]:
    """Return a report in words."""
    return report_lines(told, script.wording)


def one_sheet_lines(sheet: TypedSheet, vignette: Vignette, script: Script) -> tuple[str, ...]:
    """Return the debrief of one sheet, in words."""
    return (script.wording.say("enter.sheet", sheet=sheet.number), *sheet_lines(sheet, vignette, script))


def _keep(path: Path, text: str) -> None:
    try:
        if path.exists():
            replace_private(path, text.encode())
        else:
            write_private(path, text.encode())
    except OSError as error:
        raise SettingsFault(
            f"{path} could not be written ({error.strerror}). What was typed before this line is kept in it."
        ) from None
