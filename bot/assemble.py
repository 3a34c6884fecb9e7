"""The house rules put together: how long things last, the door, and the conversation behind it, as the settings say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.access.account import Terms
from bot.access.lock_screen import LockScreen
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.crypto.at_random import References, make_code
from bot.crypto.code_cipher import REHEARSED, codes_in_force
from bot.crypto.pins import Keypads, Pins
from bot.crypto.sealing import KeyRing
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import Clock
from bot.runtime.packs import instrument_bytes, is_signed_by, load_pack, load_wording
from bot.runtime.settings import PackSettings, Settings
from bot.runtime.web_settings import Serves
from bot.storage.store import Store
from dialogs.core.script import ChannelFacts, NoteTaking, Script, WaysIn
from seraf.form.instrument import Instrument
from seraf.pack import Pack
from seraf.reading.pack import read_instrument


def bare_conversation(settings: Settings, facts: ChannelFacts, clock: Clock, *, references: References) -> Talk:
    """Return the conversation as far as it needs no store: without codes, and without a link to the bot."""
    pack = load_pack(settings.pack)
    script = Script(
        pack, load_wording().on(facts.name), facts, notes=note_taking(settings, pack), ways_in=ways_in(settings)
    )
    return Talk(script, clock, references, REHEARSALS)


def note_taking(settings: PackSettings, pack: Pack) -> NoteTaking | None:
    """What takes notes, where the organisation has turned them on."""
    if not settings.notes:
        return None
    from bot.screening import screener  # what knows every country's telephone numbers is slow to import

    days = (settings.unfinished_days, settings.finished_days) if isinstance(settings, Settings) else (0, 0)
    return NoteTaking(screener(pack), *days)


def ways_in(settings: Settings) -> WaysIn:
    """How somebody comes in with a code."""
    pages = settings.pages_address if settings.web is Serves.CASES else ""
    return WaysIn(chat=not settings.are_pages_alone, pages=pages)


def terms_of(settings: Settings) -> Terms:
    """How long things last."""
    return Terms(
        lock=timedelta(minutes=settings.lock_minutes),
        renewal=timedelta(days=settings.renew_days),
        notice=timedelta(days=settings.notice_days),
        unfinished=timedelta(days=settings.unfinished_days),
        finished=timedelta(days=settings.finished_days),
    )


def door_of(settings: Settings, keys: KeyRing) -> LockScreen:
    """The door: its PINs, its keypads, and how long things last."""
    return LockScreen(Pins(keys.pepper), Keypads(keys), terms_of(settings))


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
    """The conversation behind its door, with every instrument that an assessment or a code may have been made with."""
    editions = await _editions(store, settings, script=script)
    instruments = in_use_first(script.pack.instrument, editions)
    codes = codes_in_force(keys, instruments, clock=clock)
    rehearsed = codes_in_force(keys, instruments, clock=clock, domain=REHEARSED)
    script = replace(script, codes=codes, rehearsal_codes=rehearsed)
    conversation = Conversation(
        script,
        clock,
        references,
        REHEARSALS,
        editions,
        fresh_code=fresh_code,
        counts=settings.counts,
        door=door_of(settings, keys),
        admins=settings.first_administrators,
    )
    await conversation.checked.refresh(store)
    return conversation


def in_use_first(instrument: Instrument, editions: Mapping[str, Instrument]) -> tuple[Instrument, ...]:
    """The instrument in use, then every other that is kept."""
    return tuple({instrument.fingerprint: instrument, **editions}.values())


async def _editions(store: Store, settings: Settings, *, script: Script) -> Mapping[str, Instrument]:
    """Every instrument that is kept. Today's is kept before anybody can begin with it."""
    await store.write(lambda t: t.editions.keep(script.pack.instrument.fingerprint, instrument_bytes(settings.pack)))
    return {
        fingerprint: read_instrument(content, is_signed_by)
        for fingerprint, content in (await store.read(lambda t: t.editions.by_fingerprint())).items()
    }
