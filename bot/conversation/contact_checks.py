"""What people found of the contacts, as it was last read from the store, laid over those of the pack."""

from contextlib import suppress
from dataclasses import replace

from bot.runtime.errors import StoreFault
from bot.storage.store import Store
from dialogs.core.script import Script
from seraf.advice.contacts import Check


class CheckedContacts:
    """The checks that count now. An operator may add one meanwhile, so it is read again and again."""

    def __init__(self) -> None:
        self._checks: tuple[Check, ...] = ()

    async def refresh(self, store: Store) -> None:
        """Read what the store has; the next card shows it. Where it cannot be read, what was known counts on."""
        with suppress(StoreFault):
            self._checks = await store.read(lambda t: t.contact_checks.latest())

    def laid_over(self, script: Script) -> Script:
        """The script with its contacts as people found them."""
        if not self._checks:
            return script
        return replace(script, pack=replace(script.pack, contacts=script.pack.contacts.with_checks(self._checks)))
