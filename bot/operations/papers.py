"""Files to be handed over: those about a case on hold, and those with the data about one person.

The files about an unfinished case have its answers but no result, since its person saw none. The data about a person leave out
everything about a child or a colleague.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, assert_never

from bot.access.account import Account, AnyAccount, Removed, Terms, Unreadable
from bot.access.due import term_of
from bot.conversation.documents import document, hand_of
from bot.conversation.records import session_of
from bot.conversation.talk import Talk, finished
from bot.runtime.person_id import FORGOTTEN, WEB, PersonId
from bot.storage.values import OwedDocument, Record, Reminder, Shown
from bot.summaries.file import File
from bot.summaries.forms import made
from bot.trail.audit import BOT, is_operator
from bot.trail.chain import Entry, Trail, head_of
from dialogs.core.script import Script
from dialogs.core.session import OF_THE_PERSON, Session
from dialogs.core.teams import Team
from dialogs.summary.actions import log_of
from dialogs.summary.carried import PDF, at_result
from dialogs.summary.summarise import facts, parts, summarise
from dialogs.summary.summary import as_written
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Phase

NOT_HELD = """What is not held, and so is not here:
- A name, a day of birth, an address or a picture of the child. The reference stands in the child's case record.
- Who its person is: the audit has a random id of them. The organisation knows whose it is.
- Earlier answers: of each question the last answer alone is kept, without the time at which it was given.
- What stood there before the hold, or before the last change. A backup that was taken on a day has it as it was on that day.
- Whether a call was made and what was said: a line of the log is a tap, at the time of the tap.
- The messages of the chat. Telegram may have them, and the phone.
- What was typed, but for notes that the organisation takes and that are in the paper.
- What is in the child's case record. That is the record; this is not."""


def papers_of(record: Record, conversation: Talk, *, now: LocalTime) -> tuple[File, ...]:
    """Return the files about a case on hold. Raise `DocumentFault` if the case is finished and its PDF cannot be made."""
    case = session_of(record)
    asked = OwedDocument(record.person, case.reference, PDF, now.at.astimezone(UTC))
    session, script = finished(record, asked), conversation.script_for(case)
    if session is None:
        return _answers_so_far(case, script, now=now)
    by = hand_of(record)
    paper = document(session, script, kind=PDF, by=by, now=now)
    assert paper is not None, "it is finished"
    summary = made("json", summarise(session, script, by=by, now=now), wording=script.wording)
    return File("summary.pdf", paper.content), File("summary.json", summary.content)


def about_papers(record: Record, trail: Trail, *, faults: tuple[str, ...], now: LocalTime) -> File:
    """Return a text file that says, about files to be handed over, the state of the case and of the audit, and what is missing."""
    session = session_of(record)
    lines = [
        f"Assessment {session.reference}, as it was kept on {now.at:%Y-%m-%d at %H:%M} (local time).",
        f"Made by seraf-bot {version('seraf-bot')}, with the form of fingerprint {session.fingerprint}.",
        "",
    ]
    if at_result(session) is not None:
        lines.append("It is finished: summary.pdf and summary.json are what its person can have in the chat today.")
    else:
        lines.append(
            "It is NOT finished, and no result was made for this paper. answers.txt and answers.json are what was answered so"
            " far, and how urgent the bot had said that it was."
        )
        if day := session.result.finished:
            reopened = f"It had been finished on {day}, and was opened again since."
            lines.append(f"{reopened} The result that was shown then is not kept.")
    lines.append(
        "audit.csv has every entry of the audit that names this reference, oldest first. By chance an earlier case can have"
        " borne the same reference: a case begins with the word “begun”."
    )
    if dropped := ", ".join(segment.month for segment in trail.segments if segment.dropped is not None):
        lines.append(f"Entries of these months were dropped, by the term of the audit: {dropped}.")
    if faults:
        lines += ["THE AUDIT WAS NOT WHOLE when this was made:", *faults]
    else:
        lines.append(
            f"The audit was checked and found whole. Its head, with the entry of this export: {head_of(trail)}"
        )
    return _text_file("about.txt", (*lines, "", NOT_HELD))


def entries_of(reference: str, trail: Trail) -> File:
    """Return the audit entries that name this reference, as a CSV file."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("number", "when (UTC)", "who", "what", "reference", "link"))
    for line in trail.lines:
        if line.entry is not None and line.entry.reference == reference:
            at = line.entry.at.astimezone(UTC).isoformat(timespec="seconds")
            table.writerow((line.number, at, line.entry.who, line.entry.what, reference, line.link.hex()))
    return File("audit.csv", text.getvalue().encode())


def _answers_so_far(session: Session, script: Script, *, now: LocalTime) -> tuple[File, File]:
    """Return the answers of an unfinished session as a text file and as a JSON file. Neither has points."""
    findings = session.view(script.pack.instrument).find(today=now.today)
    case_facts, case_parts = facts(session, findings, script=script), parts(session, findings, script=script)
    headings = ((heading.title, session.answers.notes.get(heading.id)) for heading in script.pack.recording.headings)
    notes = {title: note for title, note in headings if note}
    log = log_of(session, script, now=now)
    urgency = Urgency(session.told.urgency).word if session.told.urgency else ""
    lines = [
        f"{session.reference}: answers so far. It is not finished, and there is no result.",
        f"How urgent the bot had said that it was: {urgency or 'nothing was said yet'}",
        "",
        *(f"{fact.label}: {fact.words}" for fact in case_facts),
    ]
    for part in case_parts:
        lines += ["", part.title]
        for line in part.lines:
            answer = "; ".join(filter(None, (line.answer, line.tapped.says_words, line.tapped.known_words)))
            lines += [f"{line.number}. {line.label}: {answer}", *([f"   Note: {line.note}"] if line.note else [])]
    lines += ["", *(f"{title}: {note}" for title, note in notes.items()), *(did.words for did in log)]
    values = {
        "reference": session.reference,
        "is_finished": False,
        "was_finished": session.result.finished,
        "said": urgency,
        "fingerprint": session.fingerprint,
        "facts": [_without_points(as_written(fact)) for fact in case_facts],
        "parts": [_without_points(as_written(part)) for part in case_parts],
        "notes": notes,
        "log": [asdict(did) for did in log],
    }
    return _text_file("answers.txt", lines), _text_file("answers.json", [_json(values)])


def _without_points(values: dict[str, Any]) -> dict[str, Any]:
    """Return a section or a row of one as values, without points and anything else that belongs to a result."""
    plain = {name: value for name, value in values.items() if name not in ("points", "most", "choices")}
    return plain | ({"lines": [_without_points(line) for line in plain["lines"]]} if "lines" in plain else {})


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
"""What the files do not contain, in sentences for the person whom they are about."""


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """The data about one person: their row, their card, how many messages are to be removed, reminders, the whole audit, all teams."""

    record: Record
    account: AnyAccount
    who: str  # their id in the audit, or empty if it is not known
    shown: Shown
    messages: int
    reminders: tuple[Reminder, ...]
    entries: tuple[Entry, ...]
    teams: tuple[Team, ...]

    def files(self, now: datetime, *, terms: Terms) -> tuple[File, ...]:
        """Return the data about the person as a text file and a JSON file."""
        sections, acts = dict(self._sections(terms)), list[dict[str, str]]()
        for entry in self.entries:
            if not self.who or self.who not in (entry.who, entry.reference):
                continue
            # Nobody else is named.
            who, about = "you", "you"
            if entry.who != self.who:
                who = "the bot" if entry.who == BOT else "an operator" if is_operator(entry.who) else "an administrator"
            if entry.reference != self.who:
                about = "somebody else" if ID.fullmatch(entry.reference) else entry.reference
                about = "a case" if REFERENCE.fullmatch(about) else about
            at = entry.at.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
            acts.append({"at": at, "who": who, "what": entry.what, "about": about})
        title = f"What seraf-bot {version('seraf-bot')} kept about you at {_moment(now)}"
        lines = [title, ""]
        for heading, rows in sections.items():
            lines += [heading, *(f"- {label}: {value}" for label, value in rows.items()), ""]
        lines += ["What you did, and what was done to your access (time in UTC)"]
        act_lines = (f"- {act['at']}  {act['who']}  {act['what']}  {act['about']}".rstrip() for act in acts)
        lines += [*act_lines] or ["- nothing"]
        lines += ["", "What is not in this paper", *(f"- {item}" for item in LEFT_OUT)]
        rehearsals = json.loads(self.record.rehearsal) if self.record.rehearsal else None
        values = {"made": title, "sections": sections, "acts": acts, "left_out": LEFT_OUT, "rehearsals": rehearsals}
        return _text_file("about-you.txt", lines), _text_file("about-you.json", [_json(values)])

    def _sections(self, terms: Terms) -> Iterator[tuple[str, dict[str, str]]]:
        person = PersonId.read(self.record.person)
        label = {WEB: "A hash of your sign-in", FORGOTTEN: "A keyed hash, by which you stay removed"}
        number = {label.get(person.channel, "Telegram number"): person.name}
        match self.account:
            case Account() as account:
                calls = [_moment(head.call.due) for head in self.record.heads if head.call.due is not None]
                rows = {
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
                    "Calls that you are to be reminded of": ", ".join(calls) or "none",
                }
                yield "Your access", {**number, **rows}
                kept = list[str]()
                for head in self.record.heads:
                    term = term_of(head, terms=terms)
                    until = "until a hold on it is lifted" if term is None else f"until {_moment(term)} at the earliest"
                    kept.append(f"one, {'not ' * (head.phase != Phase.RESULT)}finished, {until}")
                yield "Your current SERAFs", {"Kept": "; ".join(kept) or "none"}
            case Removed():
                yield "Your access", {**number, "Access": "removed for good; this is kept for that"}
            case Unreadable():
                yield "Your access", {**number, "Access": "written by a newer release, not read here"}
            case _:
                assert_never(self.account)
        record = self.record
        bare = Record(record.person, record.card, record.profile, None, record.phase, record.edition, record.active)
        answers = ((about, session_of(bare).answers.get(about)) for about in OF_THE_PERSON)
        yield (
            "What is remembered and shown",
            {f"Answer about yourself ({about})": answer for about, answer in answers if answer}
            | {
                "Cards shown to you so far": str(record.card),
                "Last active": _moment(record.active),
                "The card in your chat is of": _moment(self.shown.born),
                "Messages still to be removed from your chat": str(self.messages),
                "Reviews that you are to be reminded of": ", ".join(_moment(row.due) for row in self.reminders)
                or "none",
                "Teams": "; ".join(self._teams()) or "none",
                "Rehearsals": "in the file for programs, as they are kept" if record.rehearsal else "none",
            },
        )

    def _teams(self) -> Iterator[str]:
        for team in self.teams:
            member, duties = team.member(self.who), sum(shift.who == self.who for shift in team.rota)
            if self.who and (member is not None or duties):
                away = f", away until {member.away}" if member is not None and member.away is not None else ""
                place = f"{member.place}{away}" if member is not None else "not a member"
                yield f"{team.name} ({place}, on call {duties} times a week)"


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "–"


def _text_file(name: str, lines: Iterable[str]) -> File:
    return File(name, "".join(f"{line}\n" for line in lines).encode())


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2)
