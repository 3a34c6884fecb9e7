"""Builds the conversation from the settings: the script, durations, lock screen and instruments."""

from dataclasses import replace
from datetime import timedelta

from bot.access.account import Terms
from bot.access.lock_screen import LockScreen
from bot.conversation.conversation import Conversation
from bot.conversation.questions import Questions
from bot.conversation.talk import Talk
from bot.crypto.at_random import References, make_code
from bot.crypto.code_cipher import REHEARSED, codes_in_force
from bot.crypto.pins import Keypads, Pins
from bot.crypto.sealing import KeyRing
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import Clock
from bot.runtime.packs import instrument_bytes, is_signed_by, load_pack, load_wording
from bot.runtime.settings import PackSettings, Settings, TeamSetting
from bot.runtime.web_settings import Serves
from bot.storage.store import Store
from dialogs.core.role import ADMINISTERING, LEADING
from dialogs.core.script import ChannelFacts, NoteTaking, Script, WaysIn
from seraf.pack import Pack
from seraf.reading.pack import read_instrument


def bare_conversation(settings: Settings, facts: ChannelFacts, clock: Clock, *, references: References) -> Talk:
    """Return the conversation for use without a store: it has no lock screen and no review codes."""
    pack = load_pack(settings.pack)
    script = Script(
        pack,
        load_wording().on(facts.name),
        facts,
        notes=note_taking(settings, pack, facts),
        hides_notes=hides_notes(settings, facts),
        ways_in=ways_in(settings),
        asking=Questions(pack),
    )
    return Talk(script, clock, references, REHEARSALS)


def hides_notes(settings: PackSettings, facts: ChannelFacts) -> bool:
    """Return True if this channel must not show what was typed, since notes belong on the pages alone."""
    return settings.notes == "pages" and not facts.draws_pages


def note_taking(settings: PackSettings, pack: Pack, facts: ChannelFacts) -> NoteTaking | None:
    """Return the settings for taking notes in this channel, or None if the organisation has not turned them on for it."""
    if not settings.notes or hides_notes(settings, facts):
        return None
    from bot.screening import screener  # slow to import: it has the telephone numbers of every country

    days = (settings.unfinished_days, settings.finished_days) if isinstance(settings, Settings) else (0, 0)
    return NoteTaking(screener(pack), *days)


def ways_in(settings: Settings) -> WaysIn:
    """Return where a person can enter an invitation code: in the chat, on the pages (only if these serve real cases), or both."""
    pages = settings.pages_address if settings.web is Serves.CASES else ""
    return WaysIn(chat=not settings.are_pages_alone, pages=pages)


def terms_of(settings: Settings) -> Terms:
    """Return the durations of the settings: until a chat locks, of an admission, of an agreement, and of a case."""
    return Terms(
        lock=timedelta(minutes=settings.lock_minutes),
        renewal=timedelta(days=settings.renew_days),
        notice=timedelta(days=settings.notice_days),
        unfinished=timedelta(days=settings.unfinished_days),
        finished=timedelta(days=settings.finished_days),
    )


async def guarded(
    settings: Settings,
    store: Store,
    *,
    keys: KeyRing,
    script: Script,
    clock: Clock,
    references: References,
    fresh_code: References = make_code,
) -> Conversation:
    """Return the conversation with its lock screen, and with every edition of the instrument that the store has."""
    instrument = script.pack.instrument
    # The present instrument is stored before anybody can begin with it.
    await store.write(lambda t: t.editions.keep(instrument.fingerprint, instrument_bytes(settings.pack)))
    contents = await store.read(lambda t: t.editions.by_fingerprint())
    editions = {fingerprint: read_instrument(content, is_signed_by) for fingerprint, content in contents.items()}
    instruments = tuple({instrument.fingerprint: instrument, **editions}.values())
    codes = codes_in_force(keys, instruments, clock=clock)
    rehearsed = codes_in_force(keys, instruments, clock=clock, domain=REHEARSED)
    conversation = Conversation(
        # A colleague is asked where an organisation has put people into teams, since that shows them each other's labels.
        replace(script, codes=codes, rehearsal_codes=rehearsed, shares=settings.teams is TeamSetting.SEVERAL),
        clock,
        references,
        REHEARSALS,
        editions,
        fresh_code=fresh_code,
        counts=settings.counts,
        sees_people=LEADING if settings.teams is TeamSetting.SEVERAL else ADMINISTERING,
        door=LockScreen(Pins(keys.pepper), Keypads(keys), terms_of(settings)),
        admins=settings.first_administrators,
    )
    await conversation.checked.refresh(store)
    return conversation
