"""All events of the bot's log: their fixed names, log levels and meanings."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.runtime.logs import log
from bot.watch.meter import Meter, meter
from dialogs.core.role import ROWS


class Gravity(StrEnum):
    """How serious an event is. The value is the name of a log level."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


INFO, WARNING, ERROR = Gravity


@dataclass(frozen=True, slots=True)
class LogEvent:
    """A kind of log line: its name, its log level, and what it means or what to do."""

    name: str
    gravity: Gravity
    meaning: str


OF_THE_BOT = (  # events of the bot and of the unit that makes backups
    LogEvent("ready", INFO, "It runs, has its store, and hears people."),
    LogEvent(
        "stands by", INFO, "Of several copies, another one leads: it polls Telegram. This one serves pages, and waits."
    ),
    LogEvent(
        "leads",
        INFO,
        "This copy polls Telegram and does the housekeeping now; `count` is how often the lead has changed.",
    ),
    LogEvent(
        "leads no more", WARNING, "Another copy took over, since this one was away or cut off. Look what held it up."
    ),
    LogEvent("the lease cannot be renewed", ERROR, "The database does not answer this copy. `fault` says why."),
    LogEvent("stopped", INFO, "It was stopped, and ended in order."),
    LogEvent("the store was brought up to this version", INFO, "At the first start of a release, after a copy."),
    LogEvent("shut out", INFO, "Somebody has blocked the bot. Nothing is owed to them until they come back."),
    LogEvent("failed", ERROR, "A fault of the program, by its class, an id and its place. Report it with these."),
    LogEvent("refused", ERROR, "The same while an act was answered: the person was told, with that id."),
    LogEvent("without a store", ERROR, "Everybody is told whom to call, nothing is saved. `fault` says what to do."),
    LogEvent(
        "not saved",
        ERROR,
        "What people did could not be saved; they were told. `fault` says what to do. A slow store is one after 2 s.",
    ),
    LogEvent("not noted", ERROR, "What a chat shows could not be noted: a card may be seen twice."),
    LogEvent("not looked up", ERROR, "The people could not be looked up for an administrator, who can ask again."),
    LogEvent("not swept", ERROR, "What was due, such as a lock or an erasure, could not be done. It is tried again."),
    LogEvent("not tidied", WARNING, "A task of the hourly housekeeping failed. It is tried again in an hour."),
    LogEvent("not shown again", WARNING, "After a start the cards could not be looked over yet. It is tried again."),
    LogEvent("not made", ERROR, "A document that somebody asked for could not be made. They were told."),
    LogEvent("a row does not open", ERROR, "One person's row is damaged; they alone are refused. See `check`."),
    LogEvent("out of step", ERROR, "Rows were put back or changed from outside. Runbook: rows put back."),
    LogEvent("Telegram not reached", WARNING, "It is tried again. `fault` says why; see the table under settings."),
    LogEvent(
        "the chat for the probe is shut",
        ERROR,
        "Whoever SERAF_WATCH_CHAT names has blocked the bot, or never wrote to it. They press Start; or name another.",
    ),
    LogEvent("Telegram refuses the token", ERROR, "It has accepted it before, and is asked again. Was it revoked?"),
    LogEvent("Telegram refuses calls for a while", WARNING, "All is asked too often (429). People wait for `seconds`."),
    LogEvent("Telegram refuses a call for a while", WARNING, "A call that is of no chat was refused (429)."),
    LogEvent(
        "Telegram seems to refuse everybody for a while",
        WARNING,
        "Several chats in a row were refused (429). Answers and whom to call are tried all the same, the rest every few seconds.",
    ),
    LogEvent("Telegram refuses one chat for a while", WARNING, "One chat was refused (429), and waits alone."),
    LogEvent("another program polls with this token", ERROR, "Two bots with one token. Stop one; or was it leaked?"),
    LogEvent("fallback watches", INFO, "`run --only-numbers` runs, and answers once no other bot does."),
    LogEvent(
        "fallback answers",
        ERROR,
        "No bot polls, so `run --only-numbers` tells everybody whom to call. `fault` says what to do.",
    ),
    LogEvent(
        "fallback waits",
        WARNING,
        "`run --only-numbers` looks again after `seconds`: a bot polls but confirms nothing (it cannot save), or another fallback answers.",
    ),
    LogEvent("unreadable update", WARNING, "Telegram sent what this release cannot read. It was passed over."),
    LogEvent("given up", WARNING, "What nobody waits for was tried for `seconds`, in vain."),
    LogEvent("admissions near their end", WARNING, "So many `people` are to be renewed, or they are locked out."),
    LogEvent("contacts to check", WARNING, "A number of the pack was found wrong, or nobody rang it lately."),
    LogEvent("wrong code", WARNING, "Somebody without access typed what may be a code. Many: somebody guesses."),
    LogEvent("pages are open", INFO, "The pages in a browser are served on this `count`, the port."),
    LogEvent(
        "page refused",
        INFO,
        "A request that no page of ours sends, or too many of them, by its status and an error id: the first, then how many"
        " followed within a minute (`count`).",
    ),
    LogEvent("page failed", ERROR, "A fault of the program while it served a page, by its class, an id and its place."),
    LogEvent(
        "new keys not taken up",
        ERROR,
        "Keys were added to those in use (`keys rotate`), and nothing could be sealed under them yet. It is tried again in a minute.",
    ),
    LogEvent(
        "an erasure is held up",
        WARNING,
        "“Erased” is not said before the file is rewritten, or before another program ends that reads it: a command, or a backup.",
    ),
    LogEvent(
        "no room served",
        ERROR,
        "A fault of the program while a guest's page was served, by its class, an id and its place.",
    ),
    LogEvent("no screen served", ERROR, "The same of a trainer's screen."),
    LogEvent("no console served", ERROR, "The same of a trainer's console."),
    LogEvent(
        "not signed in",
        WARNING,
        "Somebody came back from the organisation's sign-in and was not let in. `fault` says why: the first, then how many followed"
        " within a minute (`count`).",
    ),
    LogEvent("no sign-off", WARNING, "The organisation's sign-in ended a session in a way that does not count."),
    LogEvent("nobody can sign in", ERROR, "The organisation's sign-in is not reached or is wrong. `fault` says how."),
    LogEvent(
        "sign-in settings are wrong",
        ERROR,
        "The organisation's sign-in refuses the bot's own client or secret, so nobody can sign in. `fault` says how.",
    ),
    LogEvent("turned away", INFO, "Somebody without access wrote or tapped, and got the one line for strangers."),
    LogEvent("no recent backup", WARNING, "The newest is over six hours old, or missing. Look at the backup unit."),
    LogEvent("backup failed", ERROR, "Said by the unit of the backup. `fault` says why there is none of today."),
)

OF_THE_AUDIT = (  # audit entries that are also logged; the others are about work on a case
    LogEvent("wrong-pin", WARNING, "A wrong PIN was tapped, or typed by a second person."),
    LogEvent("barred", WARNING, "Five wrong PINs: the chat is shut until an administrator renews. Whose phone is it?"),
    LogEvent("locked", INFO, "A chat was locked: by time, by its owner, or by somebody else, of whom it then says so."),
    LogEvent("panic", WARNING, "Somebody emptied and locked their chat. Ask them whether all is well."),
    LogEvent("admitted", INFO, "Somebody came in, by a code or as a first administrator."),
    LogEvent("renewed", INFO, "An admission was renewed."),
    LogEvent("labelled", INFO, "Somebody is called otherwise in the list of people."),
    LogEvent("removed", INFO, "Access was taken away for good."),
    *(LogEvent(row.given_as, INFO, "Somebody was given that role.") for row in ROWS.values() if row.given_as),
    LogEvent("invited", INFO, "A code was made that lets one person in."),
    LogEvent("withdrawn", INFO, "Such a code was made useless."),
    LogEvent("confirmed", INFO, "A second person confirmed what cannot be undone."),
    LogEvent(
        "break-glass",
        ERROR,
        "No administrator is left, and somebody at the machine asked to make one alone. To call it off: `people withdraw --alone`.",
    ),
    LogEvent("break-glass-used", ERROR, "A code was made so, at least a day after it was announced. Was it you?"),
    LogEvent("break-glass-called-off", WARNING, "It was called off before."),
    LogEvent("hold-set", INFO, "A case is kept for the police or a court."),
    LogEvent("hold-lifted", INFO, "It is not kept any more."),
    LogEvent("hold-exported", WARNING, "A held case was handed over, by two people. Was it you?"),
    LogEvent("person-exported", INFO, "A paper about a professional was made, for them to read."),
    LogEvent("console-linked", INFO, "A link to a trainer's console was printed, for whoever gets it. Was it you?"),
    LogEvent("code-read", INFO, "A review code was read at the machine."),
    LogEvent("code-refused", WARNING, "A review code was wrong, at the machine or to the bot. Many: somebody guesses."),
    LogEvent("keys-rotated", WARNING, "The keys were changed. Was it you?"),
    LogEvent("codes-rotated", WARNING, "The key of review codes was changed. Was it you?"),
    LogEvent("backup-created", INFO, "A backup was made."),
    LogEvent("backup-restored", WARNING, "A backup was restored. Was it you?"),
    LogEvent("people-confirmed", INFO, "After a restore somebody confirmed who is in, and the bot may serve them."),
    LogEvent("audit-exported", INFO, "The audit was exported."),
    LogEvent("audit-dropped", INFO, "A month of the audit was dropped, its time being over."),
    LogEvent("out-of-step", ERROR, "Rows were found put back or changed from outside. Runbook: rows put back."),
    LogEvent("store-accepted", WARNING, "An operator accepted such rows as they lie there. Was it you?"),
    LogEvent("store-moved", WARNING, "The store was moved to this place, from a file or a database. Was it you?"),
    LogEvent(
        "store-reopened", WARNING, "A store that had been moved was opened again, since the other was lost. Was it you?"
    ),
)

EVENTS: Mapping[str, LogEvent] = {event.name: event for event in (*OF_THE_BOT, *OF_THE_AUDIT)}

COUNTED = ("wrong code", "turned away")  # caused without limit by people without an account, so logged together


def tell(name: str, **values: object) -> None:
    """Count an event of this name, and log it at its level in `EVENTS`."""
    meter().happened(name)
    getattr(log, EVENTS[name].gravity)(name, **values)


class ToldTogether:
    """A log of how often each event in `COUNTED` happened, in place of a line for each time."""

    def __init__(self, counts: Meter) -> None:
        self._counts, self._logged = counts, Counter[str]()

    def tell(self) -> None:
        """Log how often each of these events happened since the last call."""
        for name in COUNTED:
            if count := self._counts.events[name] - self._logged[name]:
                self._logged[name] += count
                getattr(log, EVENTS[name].gravity)(name, count=count)
