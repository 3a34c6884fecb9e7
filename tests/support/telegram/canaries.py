"""Every kind of message in which a person can send free text, with a word that must not be stored anywhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.storage.values import Record
from tests.fakes.telegram import Person
from tests.support.telegram.home import Home

CANARY = "Kanarienvogel"
FILE = {"file_id": "f", "file_unique_id": "u"}

MEDIA: Mapping[str, dict[str, Any]] = {
    "document": {"document": FILE | {"file_name": f"{CANARY}.pdf"}},
    "location": {"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": CANARY, "address": CANARY}},
    "contact": {"contact": {"phone_number": "1", "first_name": CANARY, "vcard": CANARY}},
    "sticker": {
        "sticker": FILE
        | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular", "set_name": CANARY}
    },
    "poll": {
        "poll": {
            "id": "1",
            "question": CANARY,
            "options": [{"text": CANARY, "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "checklist": {"checklist": {"title": CANARY, "tasks": [{"id": 1, "text": CANARY}]}},
    "kind of tomorrow": {"scribble": {"words": CANARY}},
    "unreadable": {"sticker": CANARY},
}
"""Messages without a text that still contain the word. Some of them the bot's library cannot parse."""

TYPED = (
    CANARY,
    f"{CANARY}, 12 Hill Road, born 3 May 2012",
    f"an older boyfriend, a {CANARY.lower()}, a new phone, out all night",
    f"/ask what is {CANARY.lower()} grooming",
    f"/{CANARY}",
    f"/note {CANARY} was seen",
    f"/explain {CANARY}",
    f"/start {CANARY}",
    f"/help@fake_bot {CANARY}",
)
"""Texts with the word: plain, and after a command that exists or does not."""


async def send_everything(person: Person) -> None:
    """Send the word in every kind of message; the last is a plain text."""
    for media in MEDIA.values():
        await person.send_media(media, CANARY)
    await person.send_photo(CANARY)
    await person.forward(CANARY, sender_name=CANARY)
    await person.edit(await person.send("hello"), CANARY)
    for text in reversed(TYPED):
        await person.send(text)


async def kept(home: Home) -> str:
    """Return everything that is stored, decrypted, and every file of the folder, in lower case."""
    store = await home.opened()
    records = [part for record, shown in await store.everyone() for part in (*_texts(record), repr(shown))]
    more = (
        repr(await store.read(lambda t: t.messages_to_remove.oldest_first())),
        repr(await store.read(lambda t: t.audit.entries())),
        repr(await store.read(lambda t: t.editions.by_fingerprint())),
        repr(await store.read(lambda t: t.monthly_counts.by_month())),
    )
    await store.close()
    files = [path.read_bytes().decode("latin-1") for path in sorted(home.folder.rglob("*")) if path.is_file()]
    return "\n".join((*records, *more, *files)).lower()


def _texts(record: Record) -> Iterator[str]:
    yield from (record.person, record.phase, record.edition, record.profile, record.case or "", record.access)
