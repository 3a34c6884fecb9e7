"""Typing in what was answered on paper, a line of letters a part: what is asked next, and what a line changes. It keeps no file."""

from dataclasses import dataclass, replace

from dialogs.core.script import Script
from dialogs.form.item_cards import asked_in_words
from dialogs.rehearsal.kit.answer_lines import CALL, AnswerLine, AnswerPart, answer_parts
from dialogs.rehearsal.sheets.typed_sheet import (
    OPEN,
    TypedSheet,
    part_left,
    read_line,
    with_typed,
    without_part,
)

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
