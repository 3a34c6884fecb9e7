"""Every table: its key, the columns that the ledger counts, and what is not counted, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class StoredTable:
    """A table, a name for its rows (empty if they are not counted), and its counted columns, of which the first is the key.

    A sealed column is counted by its nonce alone: the nonce identifies the one value that was ever sealed with it, and a value
    that was changed under it does not open.
    """

    name: str
    holds: str
    columns: tuple[str, ...]
    sealed: tuple[str, ...] = ("body",)
    is_erased: bool = False
    """True if a deleted row must be gone from every file before anybody is notified of the erasure."""

    @cached_property
    def key(self) -> str:
        """The column that is the key."""
        return self.columns[0]

    @cached_property
    def counted(self) -> str:
        """The counted columns, as SQL."""
        return ", ".join((*self.columns, *(f"substr({name}, 2, 12)" for name in self.sealed)))

    @cached_property
    def watched(self) -> frozenset[str]:
        """The columns whose change changes the counted values."""
        return frozenset((*self.columns, *self.sealed)) if self.holds else frozenset()

    def row(self, sent: Mapping[str, Any], before: Sequence[Any] = ()) -> Row:
        """Return the counted values of a row once these columns are written; the others keep their values from `before`."""
        row = []  # loops, since this runs several times a tap
        for at, name in enumerate(self.columns):
            row.append(sent[name] if name in sent else before[at])
        for at, name in enumerate(self.sealed, len(self.columns)):
            row.append(sent[name][1:13] if name in sent else before[at])  # the nonce
        return tuple(row)


PEOPLE = StoredTable("people", "people", ("mark", "turn", "due"), ("profile",))
CODES = StoredTable("tickets", "codes of invitations", ("mark", "until"), is_erased=True)
MONTHS = StoredTable(
    "audit_segments", "months of the audit", ("month", "first", "count", "start", "head", "dropped"), ()
)
SIGN_INS = StoredTable("sign_ins", "sign-ins of browsers", ("mark", "until"))
# Nothing reads the name of the bot (`bot`) that earlier releases wrote: anybody who can write the file could redirect a
# link by it.
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
"""The counted tables, in the order of their sums. Add a new table at the end: earlier ledgers count it as empty."""

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
    "people.shows": "what the chat shows; an older card is drawn again",
    "people.shown": "what the chat shows",
    "people.born": "when the live card was sent; an older one is replaced too early",
    "people.owed": "whether the card is to be drawn; it is drawn again after a start",
    "litter.whose": "names the sealed person, who is looked at; a message that it hides is removed by the hourly round",
    "meta.polled": "when the channel last asked; it changes twice a minute, and says only that there was an outage",
    "inbound": "a repeat counts once by it; whoever can repeat an event has no reason to, or no time: Telegram gives none again that"
    " was confirmed, and what a provider signed is too old in minutes",
    "ledger": "sealed to its own number",
}
"""The tables and columns that are not counted. A test fails for a column that is neither here nor in `COUNTED`."""
