"""The tables of the store, one class for each. They seal values before writing and unseal them after reading, and begin no transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.crypto.sealing import KeyRing
from bot.storage.ledger import Ledger
from bot.storage.session import StoreSession
from bot.storage.tables import admission, audit, cases, people, records, teams


class Tables:
    """All tables on one session, with one key ring and one ledger. They are written in the same transaction."""

    def __init__(self, session: StoreSession, keys: KeyRing) -> None:
        self.session, self.keys = session, keys
        self.ledger = session.ledger = Ledger(keys, session)
        self.cases = cases.Cases(session, keys)
        self.people = people.People(session, keys, self.cases)
        self.audit = audit.Audit(session, keys)
        self.event_keys = records.EventKeys(session, keys)
        self.invitation_codes = admission.InvitationCodes(session, keys, self.audit)
        self.sign_ins = admission.SignIns(session, keys, self.event_keys)
        self.restores = admission.Restores(session, keys, self.audit)
        self.short_lived = records.ShortLived(session, keys)
        self.tries = admission.Tries(self.short_lived)
        self.spoken_codes = admission.SpokenCodes(self.short_lived)
        self.reminders = records.Reminders(session, keys)
        self.documents = records.OwedDocuments(session, keys, self.cases)
        self.messages_to_remove = records.MessagesToRemove(session, keys)
        self.passes = records.RoomPasses(session, keys)
        self.rooms = records.Rooms(session, keys, self.people, self.passes)
        self.contact_checks = records.ContactChecks(session, keys, self.audit)
        self.monthly_counts = records.MonthlyCounts(session, keys)
        self.editions = records.Editions(session, keys)
        self.teams = teams.Teams(session, keys)
        self.channel = records.ChannelNotes(session, keys)


@contextmanager
def counted(session: StoreSession, keys: KeyRing) -> Iterator[Tables]:
    """Yield the tables within a transaction that has begun, and write the ledger at the end."""
    tables = Tables(session, keys)
    tables.ledger.follow()
    yield tables
    tables.ledger.keep()
