"""Papers that are handed over: a held case, with its answers so far where it is not finished, and what is kept about a person.

A case that is not finished has no result, and none is made: its person saw none. Nothing about a child or a colleague is in the paper about
a person. This module refuses to know who asks, and why.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, assert_never

from bot.access.account import Account, AnyAccount, Removed, Terms, Unreadable
from bot.access.due import term_of
from bot.conversation.documents import document
from bot.conversation.records import session_of
from bot.conversation.talk import Talk, finished
from bot.runtime.person_id import FORGOTTEN, WEB, PersonId
from bot.storage.values import OwedDocument, Record, Reminder, Shown
from bot.summaries.file import File
from bot.summaries.forms import made
from bot.trail.audit import BOT, is_operator
from bot.trail.chain import Entry, Head, Trail, head_of
from dialogs.core.script import Script
from dialogs.core.session import OF_THE_PERSON, Session
from dialogs.summary.actions import log_of
from dialogs.summary.carried import PDF, at_result
from dialogs.summary.summarise import facts, parts, summarise
from dialogs.summary.summary import Did, Fact, SummaryLine, SummaryPart
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from seraf.score.scoring import Findings

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
        """Return the case itself. Raise `DocumentFault` if the paper of a finished one cannot be made."""
        asked = OwedDocument(self.record.person, self.session.reference, PDF, self.now.at.astimezone(UTC))
        session, script = finished(self.record, asked), self.conversation.script_for(self.session)
        if session is None:
            return AnswersSoFar(self.session, script, self.now).files()
        paper = document(session, script, kind=PDF, now=self.now)
        assert paper is not None, "it is finished"
        told = made("json", summarise(session, script, now=self.now), wording=script.wording)
        return (File("summary.pdf", paper.content), File("summary.json", told.content))

    def about(self, trail: Trail, faults: tuple[str, ...]) -> File:
        """Return what this is, whether the audit was whole, and what is not held."""
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
        """Return whether there is a result, and whether there was one before."""
        if at_result(self.session) is not None:
            return (FINISHED,)
        finished_on = self.session.result.finished
        return (UNFINISHED, *([CHANGED.format(day=finished_on)] if finished_on else []))


def entries_of(reference: str, trail: Trail) -> File:
    """Return what the audit has of a reference, as a table."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow(("number", "when (UTC)", "who", "what", "reference", "link"))
    for line in trail.lines:
        if line.entry is not None and line.entry.reference == reference:
            at = line.entry.at.astimezone(UTC).isoformat(timespec="seconds")
            table.writerow((line.number, at, line.entry.who, line.entry.what, reference, line.link.hex()))
    return File("audit.csv", made.getvalue().encode())


def _dropped(trail: Trail) -> tuple[str, ...]:
    """Return the months that are not there any more."""
    gone = [each.month for each in trail.segments if each.dropped is not None]
    return (f"Entries of these months were dropped, by the term of the audit: {', '.join(gone)}.",) if gone else ()


def _whole(head: Head, faults: tuple[str, ...]) -> str:
    if not faults:
        return f"The audit was checked and found whole. Its head, with the entry of this export: {head}"
    return "\n".join(("THE AUDIT WAS NOT WHOLE when this was made:", *faults))


COUNTED = ("points", "most", "choices")
"""What of a section and of its lines is about a result."""


@dataclass(frozen=True, slots=True)
class AnswersSoFar:
    """A session that is under way, with the script that it is read by, and when."""

    session: Session
    script: Script
    now: LocalTime

    def files(self) -> tuple[File, ...]:
        """Return the answers twice: to be read, and for a program."""
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
        """Return the word for how urgent it was said to be on the way; empty before anything was."""
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
    """Yield an item as somebody reads it."""
    said = "; ".join(filter(None, (line.answer, line.says_words, line.known_words)))
    yield f"{line.number}. {line.label}: {said}"
    if line.note:
        yield f"   Note: {line.note}"


def _uncounted(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values without points, those of its lines too."""
    kept = {name: value for name, value in values.items() if name not in COUNTED}
    return kept | ({"lines": [_uncounted(each) for each in kept["lines"]]} if "lines" in kept else {})


ID, REFERENCE = re.compile(r"[0-9a-f]{8}"), re.compile(r"[A-Z]+ [A-Z]+ [0-9]+")
LEFT_OUT = (
    "What you answered, judged, noted and were shown about a child. It is about the child: see the case record, and who keeps it.",
    "The reference of any case.",
    "Who among your colleagues did something: only that an administrator or an operator did.",
    "What others did with a case of yours.",
    "The hash of your PIN, and the keyed hash by which your row is found: they say nothing about you, and would help a thief.",
    "Which browsers you are signed in with just now: that ends within 12 hours.",
    "Older backups, which hold the same as it was, and what Telegram has. The log of the machine names nobody.",
)
"""What is held, or could be asked after, and is not in the paper."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit: when, who of those whom it may name, what, and about whom or what."""

    at: str
    who: str
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """All that is kept of somebody: their row, what their chat shows, messages to be removed, their reviews, and the audit."""

    record: Record
    account: AnyAccount
    shown: Shown
    messages: int
    reminders: tuple[Reminder, ...]
    entries: tuple[Entry, ...]

    @property
    def audit_id(self) -> str:
        """What the audit has of them; empty where that is not known any more."""
        match self.account:
            case Account(audit_id=who) | Removed(was=who):
                return who
        return ""

    def files(self, now: datetime, *, terms: Terms) -> tuple[File, ...]:
        """Return the paper twice: to be read, and for a program."""
        sections, acts = dict(self._sections(terms)), tuple(self._acts())
        made = f"What seraf-bot {version('seraf-bot')} kept about you at {_moment(now)}"
        lines = [made, ""]
        for title, rows in sections.items():
            lines += [title, *(f"- {label}: {value}" for label, value in rows.items()), ""]
        lines += ["What you did, and what was done to your access (time in UTC)"]
        lines += [f"- {each.at}  {each.who}  {each.what}  {each.about}".rstrip() for each in acts] or ["- nothing"]
        lines += ["", "What is not in this paper", *(f"- {each}" for each in LEFT_OUT)]
        values = {"made": made, "sections": sections, "acts": [asdict(each) for each in acts], "left_out": LEFT_OUT}
        told = json.dumps(
            values | {"rehearsals": json.loads(self.record.rehearsal) if self.record.rehearsal else None},
            ensure_ascii=False,
            indent=2,
        )
        return File("about-you.txt", "\n".join((*lines, "")).encode()), File("about-you.json", f"{told}\n".encode())

    def _sections(self, terms: Terms) -> Iterator[tuple[str, dict[str, str]]]:
        person = PersonId.read(self.record.person)
        called = {WEB: "A hash of your sign-in", FORGOTTEN: "A keyed hash, by which you stay removed"}
        number = {called.get(person.channel, "Telegram number"): person.name}
        match self.account:
            case Account():
                yield "Your access", {**number, **_standing(self.account)}
                yield "Your current SERAF", self._case(self.account, terms)
            case Removed():
                yield "Your access", {**number, "Access": "removed for good; this is kept for that"}
            case Unreadable():
                yield "Your access", {**number, "Access": "written by a newer release, not read here"}
            case _:
                assert_never(self.account)
        yield "What is remembered and shown", self._remembered()

    def _case(self, account: Account, terms: Terms) -> dict[str, str]:
        if self.record.case is None:
            return {"Kept": "none"}
        term = term_of(account, self.record, terms=terms)
        is_finished = at_result(session_of(self.record)) is not None
        kept = "until a hold on it is lifted" if term is None else f"until {_moment(term)} at the earliest"
        return {"Kept": f"one, {'finished' if is_finished else 'not finished'}, {kept}"}

    def _remembered(self) -> dict[str, str]:
        record = self.record
        bare = Record(record.person, record.card, record.profile, None, record.phase, record.edition, record.active)
        answers = session_of(bare).answers
        remembered = {f"Answer about yourself ({each})": answers.get(each) or "" for each in OF_THE_PERSON}
        return {each: value for each, value in remembered.items() if value} | {
            "Cards shown to you so far": str(self.record.card),
            "Last active": _moment(self.record.active),
            "The card in your chat is of": _moment(self.shown.born),
            "Messages still to be removed from your chat": str(self.messages),
            "Reviews that you are to be reminded of": ", ".join(_moment(each.due) for each in self.reminders) or "none",
            "Rehearsals": "in the file for programs, as they are kept" if self.record.rehearsal else "none",
        }

    def _acts(self) -> Iterator[AuditLine]:
        """Yield their own acts, and what was done to their access."""
        for each in self.entries:
            if self.audit_id and self.audit_id in (each.who, each.reference):
                at = each.at.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
                yield AuditLine(at, self._named(each.who), each.what, self._about(each.reference))

    def _named(self, who: str) -> str:
        if who == self.audit_id:
            return "you"
        return "the bot" if who == BOT else "an operator" if is_operator(who) else "an administrator"

    def _about(self, reference: str) -> str:
        if reference == self.audit_id:
            return "you"
        if REFERENCE.fullmatch(reference):
            return "a case"
        return "somebody else" if ID.fullmatch(reference) else reference


def _standing(account: Account) -> dict[str, str]:
    return {
        "Id in the audit": account.audit_id,
        "What an administrator calls you": account.admission.name or "nothing",
        "Role": str(account.admission.role),
        "Admitted until": _moment(account.admission.until),
        "Notice last understood": _moment(account.door.noticed),
        "PIN": "chosen; only a hash of it is kept" if account.pin.hash else "none",
        "Wrong PINs since the right one": str(account.pin.tries),
        "Wrong PINs with this PIN, in all": str(account.pin.wrong),
        "Comes in by": "the organisation's sign-in, and what it says of you"
        if account.admission.is_vouched
        else "an invitation",
        "Opens the chat with": "the organisation's sign-in" if account.pin.opens_by_sign_in else "the PIN",
        "Chat": "locked" if account.door.is_locked else "not locked",
        "Last act while it was open": _moment(account.door.seen),
        "Last opened with the PIN": _moment(account.door.opened),
        "A call that you are to be reminded of": _moment(account.call.due),
    }


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "–"
