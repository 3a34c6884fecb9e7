"""What is kept about somebody who uses the bot, for them to read: their access, their acts, their rehearsals.

Nothing about a child is in it, no reference either, and no colleague: these are others, and their own to ask for.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, assert_never

from bot.access.account import Account, AnyAccount, Removed, Terms, Unreadable
from bot.access.due import term_of
from bot.conversation.records import session_of
from bot.runtime.person_id import FORGOTTEN, WEB, PersonId
from bot.storage.values import Entry, Record, Reminder, Shown
from bot.summaries.file import File
from bot.trail.audit import BOT, is_operator
from dialogs.core.session import OF_THE_PERSON
from dialogs.summary.summary_offer import at_result

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
        """The same twice: to be read, and for a program."""
        sections, acts = dict(self._sections(terms)), tuple(self._acts())
        made = f"What seraf-bot {version('seraf-bot')} kept about you at {_moment(now)}"
        lines = [made, ""]
        for title, rows in sections.items():
            lines += [title, *(f"- {label}: {value}" for label, value in rows.items()), ""]
        lines += ["What you did, and what was done to your access (time in UTC)"]
        lines += [f"- {each.at}  {each.who}  {each.what}  {each.about}".rstrip() for each in acts] or ["- nothing"]
        lines += ["", "What is not in this paper", *(f"- {each}" for each in LEFT_OUT)]
        values = {"made": made, "sections": sections, "acts": [asdict(each) for each in acts], "left_out": LEFT_OUT}
        told = json.dumps(values | {"rehearsals": self._rehearsals()}, ensure_ascii=False, indent=2)
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
        answers = session_of(_without_case(self.record)).answers
        remembered = {f"Answer about yourself ({each})": answers.get(each) or "" for each in OF_THE_PERSON}
        return {each: value for each, value in remembered.items() if value} | {
            "Cards shown to you so far": str(self.record.card),
            "Last active": _moment(self.record.active),
            "The card in your chat is of": _moment(self.shown.born),
            "Messages still to be removed from your chat": str(self.messages),
            "Reviews that you are to be reminded of": ", ".join(_moment(each.due) for each in self.reminders) or "none",
            "Rehearsals": "in the file for programs, as they are kept" if self.record.rehearsal else "none",
        }

    def _rehearsals(self) -> Any:
        return json.loads(self.record.rehearsal) if self.record.rehearsal else None

    def _acts(self) -> Iterator[AuditLine]:
        """Their own acts, and what was done to their access."""
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


def _without_case(record: Record) -> Record:
    return Record(record.person, record.card, record.profile, None, record.phase, record.edition, record.active)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "–"
