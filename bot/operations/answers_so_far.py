"""What was answered of a case that is not finished, to be read and for a program. It counts no points and draws no result."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bot.summaries.file import File
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.summary.actions import log_of
from dialogs.summary.lines import facts, parts
from dialogs.summary.summary import Did, Fact, SummaryLine, SummaryPart
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from seraf.score.scoring import Findings

COUNTED = ("points", "most", "choices")
"""What of a section and of its lines is about a result."""


@dataclass(frozen=True, slots=True)
class AnswersSoFar:
    """A session that is under way, with the script that it is read by, and when."""

    session: Session
    script: Script
    now: LocalTime

    def files(self) -> tuple[File, ...]:
        """The same twice."""
        text = "".join(f"{line}\n" for line in self._lines())
        values = json.dumps(self._values(), ensure_ascii=False, indent=2)
        return File("answers.txt", text.encode()), File("answers.json", f"{values}\n".encode())

    def _lines(self) -> Iterator[str]:
        yield f"{self.session.reference}: answers so far. It is not finished, and there is no result."
        yield f"How urgent the bot had said that it was: {self._said() or 'nothing was said yet'}"
        yield ""
        for fact in self._facts():
            yield f"{fact.label}: {fact.words}"
        for part in self._parts():
            yield from ("", part.title, *(text for line in part.lines for text in _read(line)))
        yield ""
        yield from (f"{title}: {note}" for title, note in self._notes().items())
        yield from (each.words for each in self._log())

    def _values(self) -> dict[str, Any]:
        return {
            "reference": self.session.reference,
            "is_finished": False,
            "was_finished": self.session.result.finished,
            "said": self._said(),
            "fingerprint": self.session.fingerprint,
            "facts": [_uncounted(asdict(each)) for each in self._facts()],
            "parts": [_uncounted(asdict(each)) for each in self._parts()],
            "notes": self._notes(),
            "log": [asdict(each) for each in self._log()],
        }

    def _said(self) -> str:
        """The word for how urgent it was said to be on the way; empty before anything was."""
        return Urgency(self.session.told.urgency).word if self.session.told.urgency else ""

    def _found(self) -> Findings:
        return self.session.view(self.script.pack.instrument).find(today=self.now.today)

    def _facts(self) -> tuple[Fact, ...]:
        return facts(self.session, self._found(), script=self.script)

    def _parts(self) -> tuple[SummaryPart, ...]:
        return parts(self.session, self._found(), script=self.script)

    def _notes(self) -> dict[str, str]:
        headings = (
            (each.title, self.session.answers.notes.get(each.id)) for each in self.script.pack.recording.headings
        )
        return {title: note for title, note in headings if note}

    def _log(self) -> tuple[Did, ...]:
        return log_of(self.session, self.script, now=self.now)


def _read(line: SummaryLine) -> Iterator[str]:
    """An item as somebody reads it."""
    said = "; ".join(filter(None, (line.answer, line.says_words, line.known_words)))
    yield f"{line.number}. {line.label}: {said}"
    if line.note:
        yield f"   Note: {line.note}"


def _uncounted(values: dict[str, Any]) -> dict[str, Any]:
    """The same without points, those of its lines too."""
    kept = {name: value for name, value in values.items() if name not in COUNTED}
    return kept | ({"lines": [_uncounted(each) for each in kept["lines"]]} if "lines" in kept else {})
