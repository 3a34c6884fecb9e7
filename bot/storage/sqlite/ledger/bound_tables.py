"""Which tables the ledger counts, by which of their columns; and what it leaves out, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoundTable:
    """A table whose rows are counted, and what it holds, in words.

    A row is counted by these columns, the first of which finds it, and by the nonces of its sealed ones. A nonce names the
    one value that was ever sealed with it; a value that was changed under it does not open.
    """

    name: str
    holds: str
    columns: tuple[str, ...]
    sealed: tuple[str, ...] = ("body",)

    def row(self, of: str) -> str:
        """What is counted of a row, as SQL; `of` is the row's name there, with its dot, or nothing."""
        nonces = tuple(f"substr({of}{each}, 2, 12)" for each in self.sealed)
        return ", ".join((*(f"{of}{each}" for each in self.columns), *nonces))

    @property
    def watched(self) -> str:
        """The columns whose change is a change of the row."""
        return ", ".join((*self.columns, *self.sealed))


PEOPLE = BoundTable("people", "people", ("mark", "turn", "due"), ("profile",))
CODES = BoundTable("tickets", "codes of invitations", ("mark", "until"))
MONTHS = BoundTable(
    "audit_segments", "months of the audit", ("month", "first", "count", "start", "head", "dropped"), ()
)
SIGN_INS = BoundTable("sign_ins", "sign-ins of browsers", ("mark", "until"))
# Nothing reads the name of the bot (`bot`), which earlier releases kept: a link must not go where whoever may write the file says.
META = BoundTable("meta", "the name of the bot or of its keys", ("id", "key", "bot"), ("proof",))

RESTORES = BoundTable("restores", "a restore that nobody has confirmed", ("mark",))

BOUND = (
    PEOPLE,
    CODES,
    MONTHS,
    META,
    BoundTable("litter", "messages to be removed", ("mark", "born"), ("message",)),
    BoundTable("editions", "editions of the instrument", ("fingerprint",), ("instrument",)),
    BoundTable("reminders", "reminders of reviews", ("mark", "due")),
    BoundTable("contacts", "checks of contacts", ("contact",)),
    BoundTable("parcels", "documents to be sent", ("mark",)),
    BoundTable("rehearsal_parcels", "documents of rehearsals", ("mark",)),
    BoundTable("rooms", "rooms of rehearsals", ("mark", "until")),
    SIGN_INS,
    BoundTable("passes", "passes to rooms", ("mark", "until")),
    BoundTable("monthly_counts", "counts by month", ("month",)),
    RESTORES,
)
"""In the order of their sums. A new table goes to the end: to the ledger of before it is one without a row."""

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
"""Tables and columns that are not counted. Whatever is neither here nor in `BOUND` fails a test."""
