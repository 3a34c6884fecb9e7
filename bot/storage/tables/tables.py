"""Every table of the store over one session, under one key ring: what a turn, or any other work, reads and writes together."""

from bot.crypto.sealing import KeyRing
from bot.storage.ledger import Ledger
from bot.storage.session import StoreSession
from bot.storage.tables.admission import InvitationCodes, Restores, SignIns
from bot.storage.tables.audit import Audit
from bot.storage.tables.chats import MessagesToRemove, OwedDocuments, Reminders
from bot.storage.tables.people import People
from bot.storage.tables.records import ChannelNotes, ContactChecks, Editions, EventKeys, MonthlyCounts
from bot.storage.tables.rooms import RoomPasses, Rooms


class Tables:
    """The unit of work: all that it writes is kept in one transaction, and counted by its ledger."""

    def __init__(self, session: StoreSession, keys: KeyRing) -> None:
        self.session, self.keys = session, keys
        self.ledger = session.ledger = Ledger(keys, session)
        self.people = People(session, keys)
        self.audit = Audit(session, keys)
        self.event_keys = EventKeys(session, keys)
        self.invitation_codes = InvitationCodes(session, keys, self.audit)
        self.sign_ins = SignIns(session, keys, self.event_keys)
        self.restores = Restores(session, keys, self.audit)
        self.reminders = Reminders(session, keys)
        self.documents = OwedDocuments(session, keys)
        self.messages_to_remove = MessagesToRemove(session, keys)
        self.passes = RoomPasses(session, keys)
        self.rooms = Rooms(session, keys, self.people, self.passes)
        self.contact_checks = ContactChecks(session, keys, self.audit)
        self.monthly_counts = MonthlyCounts(session, keys)
        self.editions = Editions(session, keys)
        self.channel = ChannelNotes(session, keys)
