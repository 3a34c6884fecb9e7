"""What is handed over of a held case: what its person would have of it, what the audit has of it, and what is not held.

Of one that is not finished there is no result, and none is made: its person saw none. It refuses to know who asks, and why.
"""

import csv
import io
from dataclasses import dataclass
from datetime import UTC
from importlib.metadata import version

from bot.conversation.documents import document
from bot.conversation.records import session_of
from bot.conversation.talk import Talk, finished
from bot.operations.answers_so_far import AnswersSoFar
from bot.storage.values import OwedDocument, Record
from bot.summaries.file import File
from bot.summaries.forms import made
from bot.trail.audit import Head, Trail, head_of
from dialogs.core.session import Session
from dialogs.summary.summarise import summarise
from dialogs.summary.summary_offer import PDF, at_result
from seraf.advice.contacts import LocalTime

FINISHED = "It is finished: summary.pdf and summary.json are what its person can have in the chat today."
UNFINISHED = (
    "It is NOT finished, and no result was made for this paper. answers.txt and answers.json are what was answered so far, and how"
    " urgent the bot had said that it was."
)
CHANGED = "It had been finished on {day}, and was opened again since. The result that was shown then is not kept."
NOT_HELD = """What is not held, and so is not here:
- A name, a day of birth, an address or a picture of the child. The reference stands in the child's case record.
- Who its person is: the audit has a random id of them. The organisation knows whose it is.
- Earlier answers: of each question the last answer alone is kept, without the time at which it was given.
- What stood there before the hold, or before the last change. A backup that was taken on a day has it as it was on that day.
- Whether a call was made and what was said: a line of the log is a tap, at the time of the tap.
- The messages of the chat. Telegram may have them, and the phone.
- What was typed, but for notes that the organisation takes and that are in the paper.
- What is in the child's case record. That is the record; this is not."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A held case to be handed over: the record, when, and the conversation that it is read by."""

    record: Record
    conversation: Talk
    now: LocalTime

    @property
    def session(self) -> Session:
        """What is kept of it."""
        return session_of(self.record)

    def papers(self) -> tuple[File, ...]:
        """The case itself. `DocumentFault` where the paper of a finished one cannot be made."""
        asked = OwedDocument(self.record.person, self.session.reference, PDF, self.now.at.astimezone(UTC))
        session, script = finished(self.record, asked), self.conversation.script_for(self.session)
        if session is None:
            return AnswersSoFar(self.session, script, self.now).files()
        paper = document(session, script, kind=PDF, now=self.now)
        assert paper is not None, "it is finished"
        told = made("json", summarise(session, script, now=self.now), wording=script.wording)
        return (File("summary.pdf", paper.content), File("summary.json", told.content))

    def about(self, trail: Trail, faults: tuple[str, ...]) -> File:
        """What this is, whether the audit was whole, and what is not held."""
        lines = (
            f"Assessment {self.session.reference}, as it was kept on {self.now.at:%Y-%m-%d at %H:%M} (local time).",
            f"Made by seraf-bot {version('seraf-bot')}, with the form of fingerprint {self.session.fingerprint}.",
            "",
            *self._how_far(),
            "audit.csv has every entry of the audit that names this reference, oldest first. By chance an earlier case can have"
            " borne the same reference: a case begins with the word “begun”.",
            *_dropped(trail),
            _whole(head_of(trail), faults),
            "",
            NOT_HELD,
        )
        return File("about.txt", "".join(f"{line}\n" for line in lines).encode())

    def _how_far(self) -> tuple[str, ...]:
        """Whether there is a result, and whether there was one."""
        if at_result(self.session) is not None:
            return (FINISHED,)
        return (
            UNFINISHED,
            *([CHANGED.format(day=self.session.result.finished)] if self.session.result.finished else []),
        )


def entries_of(reference: str, trail: Trail) -> File:
    """What the audit has of a reference, as a table."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow(("number", "when (UTC)", "who", "what", "reference", "link"))
    for line in trail.lines:
        if line.entry is not None and line.entry.reference == reference:
            at = line.entry.at.astimezone(UTC).isoformat(timespec="seconds")
            table.writerow((line.number, at, line.entry.who, line.entry.what, reference, line.link.hex()))
    return File("audit.csv", made.getvalue().encode())


def _dropped(trail: Trail) -> tuple[str, ...]:
    """The months that are not there any more."""
    gone = [each.month for each in trail.segments if each.dropped is not None]
    return (f"Entries of these months were dropped, by the term of the audit: {', '.join(gone)}.",) if gone else ()


def _whole(head: Head, faults: tuple[str, ...]) -> str:
    if not faults:
        return f"The audit was looked through and found whole. Its head, with the entry of this export: {head}"
    return "\n".join(("THE AUDIT WAS NOT WHOLE when this was made:", *faults))
