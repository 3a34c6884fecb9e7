"""A made-up case in progress: stored as a draft after every answer, and finally as the file of a vignette."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.runtime.errors import SettingsFault
from bot.runtime.files import read_at_most, replace_private, write_private
from dialogs.core.script import Script
from dialogs.rehearsal.writing.form import after_answer_typed, form_mistakes, next_question, written_vignette
from dialogs.rehearsal.writing.question import Given
from seraf.cases.vignette import Vignette, vignette_file

MAX_BYTES = 1_000_000
"""The largest draft, in bytes."""


def draft_of(path: Path) -> Path:
    """Return the path of the draft of a vignette."""
    return path.with_name(f"{path.name}.draft")


def write_vignette(path: Path, script: Script, *, lines: Iterable[str], say: Callable[[str], None]) -> Vignette | None:
    """Ask until every question is answered and no mistake is left, store each answer at once, and write the file.

    Return None if the lines end before: the answers stay in the draft, from which the next call continues.
    """
    if path.exists():
        raise SettingsFault(f"{path} is there already, and was left alone. Name a new file, or edit that one by hand.")
    draft, typed = draft_of(path), iter(lines)
    given = _read(draft)
    say(script.wording.say("writing.how", file=draft))
    if given:
        say(script.wording.say("writing.goes-on", title=given.get("title", draft.name), answered=len(given)))
    while not _is_finished(given, script, say=say):
        line = next(typed, None)
        if line is None:
            return None
        after = after_answer_typed(given, line, script)
        if after.given != given:
            _keep(draft, after.given)
        given = after.given
        if after.said:
            say(after.said)
    return _finished(path, given, script)


def _is_finished(given: Given, script: Script, *, say: Callable[[str], None]) -> bool:
    """Return True if the case can be written; otherwise show the next question, or the mistakes."""
    question = next_question(given, script)
    if question is not None:
        say(f"\n{script.wording.say('writing.name', name=question.name)} {question.ask}")
        return False
    wrong = form_mistakes(given, script)
    if wrong:
        say("\n".join((script.wording.say("writing.mistakes"), *wrong, script.wording.say("writing.put-right"))))
    return not wrong


def _finished(path: Path, given: Given, script: Script) -> Vignette:
    vignette = written_vignette(given, script)
    try:
        write_private(path, vignette_file(vignette).encode())
    except OSError as error:
        raise SettingsFault(
            f"{path} could not be written ({error.strerror}). Every answer is in {draft_of(path)}: try the command again."
        ) from None
    draft_of(path).unlink(missing_ok=True)
    return vignette


def _read(draft: Path) -> Given:
    if not draft.exists():
        return {}
    try:
        raw = json.loads(read_at_most(draft, MAX_BYTES))
        return {str(name): str(text) for name, text in raw.items()}
    except (OSError, ValueError, AttributeError):
        raise SettingsFault(f"{draft} cannot be read as a draft. Move it away to begin a new one.") from None


def _keep(draft: Path, given: Given) -> None:
    content = json.dumps(given, ensure_ascii=False, indent=1).encode()
    try:
        if draft.exists():
            replace_private(draft, content)
        else:
            write_private(draft, content)
    except OSError as error:
        raise SettingsFault(
            f"{draft} could not be written ({error.strerror}). Answers before this one are kept in it."
        ) from None
