"""Every table: what finds a row of it, and by which columns the ledger counts it; and what is left out, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Row = tuple[Any, ...]

NONCE = slice(1, 13)
"""Where the nonce of a sealed value stands in it."""


@dataclass(frozen=True, eq=False)
class StoredTable:
    """A table, its columns that are counted, and what it holds, in words; where it holds nothing, its rows are not counted.

    A row is counted by these columns, the first of which finds it, and by the nonces of its sealed ones. A nonce names the
    one value that was ever sealed with it; a value that was changed under it does not open.
    """

    name: str
    holds: str
    columns: tuple[str, ...]
    sealed: tuple[str, ...] = ("body",)
    is_erased: bool = False
    """Whether a row that is removed must be out of every file before anybody says that it is gone."""

    @cached_property
    def key(self) -> str:
        """The column that finds a row."""
        return self.columns[0]

    @cached_property
    def counted(self) -> str:
        """What is counted of a row, as SQL."""
        return ", ".join((*self.columns, *(f"substr({each}, 2, 12)" for each in self.sealed)))

    @cached_property
    def watched(self) -> frozenset[str]:
        """The columns whose change is a change of what is counted."""
        return frozenset((*self.columns, *self.sealed)) if self.holds else frozenset()

    def row(self, sent: Mapping[str, Any], before: Sequence[Any] = ()) -> Row:
        """Return what is counted of a row that is written so; what is not sent stays as it was before."""
        row = []  # loops, since this is done several times a tap
        for at, each in enumerate(self.columns):
            row.append(sent[each] if each in sent else before[at])
        for at, each in enumerate(self.sealed, len(self.columns)):
            row.append(sent[each][NONCE] if each in sent else before[at])
        return tuple(row)


PEOPLE = StoredTable("people", "people", ("mark", "turn", "due"), ("profile",))
CODES = StoredTable("tickets", "codes of invitations", ("mark", "until"), is_erased=True)
MONTHS = StoredTable(
    "audit_segments", "months of the audit", ("month", "first", "count", "start", "head", "dropped"), ()
)
SIGN_INS = StoredTable("sign_ins", "sign-ins of browsers", ("mark", "until"))
# Nothing reads the name of the bot (`bot`), which earlier releases kept: a link must not go where whoever may write the file says.
META = StoredTable("meta", "the name of the bot or of its keys", ("id", "key", "bot"), ("proof",))
MESSAGES = StoredTable("litter", "messages to be removed", ("mark", "born"), ("message",))
EDITIONS = StoredTable("editions", "editions of the instrument", ("fingerprint",), ("instrument",))
REMINDERS = StoredTable("reminders", "reminders of reviews", ("mark", "due"), is_erased=True)
CONTACTS = StoredTable("contacts", "checks of contacts", ("contact",))
DOCUMENTS = StoredTable("parcels", "documents to be sent", ("mark",))
REHEARSAL_DOCUMENTS = StoredTable("rehearsal_parcels", "documents of rehearsals", ("mark",))
ROOMS = StoredTable("rooms", "rooms of rehearsals", ("mark", "until"), is_erased=True)
PASSES = StoredTable("passes", "passes to rooms", ("mark", "until"))
COUNTS = StoredTable("monthly_counts", "counts by month", ("month",))
RESTORES = StoredTable("restores", "a restore that nobody has confirmed", ("mark",))

COUNTED = (
    *(PEOPLE, CODES, MONTHS, META, MESSAGES, EDITIONS, REMINDERS, CONTACTS),
    *(DOCUMENTS, REHEARSAL_DOCUMENTS, ROOMS, SIGN_INS, PASSES, COUNTS, RESTORES),
)
"""In the order of their sums. A new table goes to the end: to the ledger of before it is one without a row."""

STANDINGS = StoredTable("standings", "", ("mark",))
REHEARSALS = StoredTable("rehearsals", "", ("mark",), is_erased=True)
CASES = StoredTable("cases", "", ("mark",))
CASE_KEYS = StoredTable("case_keys", "", ("id",), is_erased=True)
ENTRIES = StoredTable("audit", "", ("number",))
EVENT_KEYS = StoredTable("inbound", "", ("mark",))

LEFT_OUT: Mapping[str, str] = {
    "people.card": "in the seal of the profile, and so are phase, edition, active and has",
    "people.phase": "in the seal of the profile",
    "people.edition": "in the seal of the profile",
    "people.active": "in the seal of the profile",
    "people.has": "in the seal of the profile: which of the next four tables have a row of this person",
    "standings": "sealed to the person's turn, which no two of their rows share",
    "rehearsals": "sealed to the person's turn",
    "cases": "sealed to the person's turn",
    "case_keys": "a case opens with its own alone",
    "audit": "chained; its months are counted",
    "people.person": "names the mark that it is sealed to",
    "people.shows": "what the chat shows; an older one is drawn anew",
    "people.shown": "what the chat shows",
    "people.born": "when the live card was sent; an older one is replaced too early",
    "people.owed": "whether the card is to be drawn; it is drawn anew after a start",
    "litter.whose": "names the sealed person, who is looked at; a message that it hides is removed by the hourly round",
    "meta.polled": "when the channel last asked; it changes twice a minute, and says only that there was an outage",
    "inbound": "a repeat counts once by it; whoever can repeat an event has no reason to, or no time: Telegram gives none again that"
    " was confirmed, and what a provider signed is too old in minutes",
    "ledger": "sealed to its own number",
}
"""Tables and columns that are not counted. Whatever is neither here nor in `COUNTED` fails a test."""
