"""Answer sheets and made-up cases that are typed at a terminal. After each line, they are written to a private file."""

import json
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
from dialogs.rehearsal.writing.form import after_answer_typed, form_mistakes, next_question, written_vignette
from dialogs.rehearsal.writing.question import Given
from seraf.cases.vignette import Vignette, vignette_file

MAX_BYTES = 1_000_000  # maximum size in bytes of a file of sheets, which is enough for thousands, and of a draft


def whole_sheets_in(path: Path, script: Script) -> tuple[str, tuple[TypedSheet, ...]]:
    """Return the id of the made-up case that a file of answer sheets is about, and its complete sheets."""
    file = _read_sheets(path, script)
    return file.case, whole_sheets(file.sheets, answer_parts(script))


def _read_sheets(path: Path, script: Script) -> SheetFile:
    """Return the sheets in a file, or none if it does not exist. Raise `SettingsFault` if it has anything else."""
    try:
        content = read_at_most(path, MAX_BYTES + 1) if path.exists() else b""
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SettingsFault(f"{path} cannot be read as text. Name the file that the sheets were typed into.") from None
    if len(content) > MAX_BYTES:
        raise SettingsFault(f"{path}: over {MAX_BYTES:,} bytes; a file of answer sheets is never that large")
    if not text.strip():
        return SheetFile()
    file = read_sheets(text, answer_parts(script), script.wording)
    if file.fault:
        raise SettingsFault(f"{path}: {file.fault}")
    return file


def type_in(
    path: Path, vignette: Vignette, script: Script, *, lines: Iterable[str], say: Callable[[str], None]
) -> tuple[TypedSheet, ...]:
    """Take typed lines until they end or the trainer finishes, store each at once, and return the complete sheets."""
    file, parts = _read_sheets(path, script), answer_parts(script)
    if file.case not in ("", vignette.id):
        raise SettingsFault(f"{path} holds sheets of the case {file.case!r}. Name another file for {vignette.id!r}.")
    typing = TypingIn(file.sheets)
    say(script.wording.say("enter.how", file=path))
    if file.sheets:
        say(script.wording.say("enter.goes-on", sheet=sheet_next(typing, script)))
    say(asked_next(typing, script))
    for line in lines:
        after = after_line(typing, line, script)
        if after.typing.sheets != typing.sheets:
            _store(
                path,
                sheets_csv(vignette.id, after.typing.sheets, parts),
                "What was typed before this line is kept in it.",
            )
        typing = after.typing
        if after.said:
            say(after.said)
        if typing.is_over:
            break
        say(asked_next(typing, script))
    return whole_sheets(typing.sheets, parts)


def group_report(sheets: tuple[TypedSheet, ...], vignette: Vignette, script: Script, *, today: date) -> Report:
    """Return the report about all sheets of a group."""
    return report_of_sheets(sheets, vignette, script, today=today)


def group_lines(report: Report, script: Script) -> tuple[str, ...]:
    """Return a report as lines of text."""
    return report_lines(report, script.wording)


def one_sheet_lines(sheet: TypedSheet, vignette: Vignette, script: Script) -> tuple[str, ...]:
    """Return the debrief of one sheet as lines of text."""
    return (script.wording.say("enter.sheet", sheet=sheet.number), *sheet_lines(sheet, vignette, script))


def draft_of(path: Path) -> Path:
    """Return the path of the draft while a made-up case for the file `path` is being written."""
    return path.with_name(f"{path.name}.draft")


def write_vignette(path: Path, script: Script, *, lines: Iterable[str], say: Callable[[str], None]) -> Vignette | None:
    """Ask for a made-up case until all questions are answered without a mistake, and write it to a file.

    Each answer is stored in a draft at once. Return None if the lines end too early; the next call continues from the draft.
    """
    if path.exists():
        raise SettingsFault(f"{path} is there already, and was left alone. Name a new file, or edit that one by hand.")
    draft, typed = draft_of(path), iter(lines)
    given: Given = {}
    if draft.exists():
        try:
            given = {str(name): str(text) for name, text in json.loads(read_at_most(draft, MAX_BYTES)).items()}
        except (OSError, ValueError, AttributeError):
            raise SettingsFault(f"{draft} cannot be read as a draft. Move it away to begin a new one.") from None
    say(script.wording.say("writing.how", file=draft))
    if given:
        say(script.wording.say("writing.goes-on", title=given.get("title", draft.name), answered=len(given)))
    while True:
        if question := next_question(given, script):
            say(f"\n{script.wording.say('writing.name', name=question.name)} {question.ask}")
        elif mistakes := form_mistakes(given, script):
            say("\n".join((script.wording.say("writing.mistakes"), *mistakes, script.wording.say("writing.put-right"))))
        else:
            break
        line = next(typed, None)
        if line is None:
            return None
        after = after_answer_typed(given, line, script)
        if after.given != given:
            answers = json.dumps(after.given, ensure_ascii=False, indent=1)
            _store(draft, answers, "Answers before this one are kept in it.")
        given = after.given
        if after.said:
            say(after.said)
    vignette = written_vignette(given, script)
    try:
        write_private(path, vignette_file(vignette).encode())
    except OSError as error:
        raise SettingsFault(
            f"{path} could not be written ({error.strerror}). Every answer is in {draft}: try the command again."
        ) from None
    draft.unlink(missing_ok=True)
    return vignette


def _store(path: Path, text: str, earlier: str) -> None:
    """Write a private file, or replace it. If that fails, raise `SettingsFault`, whose text ends with `earlier`."""
    try:
        replace_private(path, text.encode())
    except OSError as error:
        raise SettingsFault(f"{path} could not be written ({error.strerror}). {earlier}") from None
