"""Tests of summaries in the chat: requested on the result, built when sent, and never sent to the wrong person."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
import typst
from pypdf import PdfReader
from structlog.testing import capture_logs

from bot.channels.delivery import LATEST
from bot.channels.due_work import AGAIN
from bot.channels.protocol import MaySend, OnSent, SendResult
from bot.conversation.changes import locking, removal
from bot.storage.tables.records import OwedDocuments
from bot.storage.values import Decide, Inbound, OwedDocument
from bot.summaries.file import File
from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import Document, Toast
from dialogs.core.script import Script
from dialogs.summary.carried import at_result
from tests.support.people.accounts import altered
from tests.support.people.looked_at import Room, Wall
from tests.support.people.visiting import REFERENCE, START, Visitor
from tests.support.shipped import CODES, NOON, PACK, TERMINAL, WORDING
from tests.support.talk.reviews import finished


async def at_the_result() -> Visitor:
    return await (await (await Visitor.let_in()).begin()).finish()


async def asked(*kinds: str) -> Room:
    sam = await at_the_result()
    for kind in kinds or ("PDF",):
        await sam.press("More", "Summary", kind)
    room = Room(sam)
    await room.show()
    return room


async def look(room: Room, **time: float) -> list[File]:
    before = len(room.wall.files)
    await room.look(**time)
    return room.wall.files[before:]


def read(file: File) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages).split())


class TestAsking:
    def test_the_card_warns_that_a_file_is_unprotected_before_sending(self) -> None:
        talk = finished().press("More", "Summary")

        assert "not protected" in talk.text
        assert talk.labels == ["PDF", "Text", "Review code", "Back", "Urgent"]
        assert talk.effects == ()

    @pytest.mark.parametrize(("label", "kind"), [("PDF", "pdf"), ("Text", "text")])
    def test_only_the_tap_on_a_form_asks_for_it(self, label: str, kind: str) -> None:
        talk = finished().press("More", "Summary", label)

        assert talk.effects == (Document(kind), Toast(f"document-{kind}"))
        assert talk.session.overlay is None

    def test_a_terminal_prints_and_so_offers_text_alone(self) -> None:
        talk = finished(script=Script(PACK, WORDING, TERMINAL, CODES)).press("More", "Summary")

        assert "printed in this window" in talk.text
        assert talk.labels == ["Text", "Review code", "Back", "Urgent"]

    def test_no_card_before_the_result_offers_one(self) -> None:
        talk = finished()
        assert "Summary" in finished().press("More").labels
        assert "Summary" not in talk.press("More", "Change answers", "More").labels
        longest = replace(
            finished().session, reference="W" * 12 + " " + "W" * 12 + " 99", overlay=Overlay(Kind.SUMMARY)
        )
        assert len(show(longest, talk.script, NOON).text) <= 1_000

    def test_a_pause_at_the_result_is_still_the_result(self) -> None:
        talk = finished()
        there = talk.session

        assert at_result(talk.press("More", "Pause").session) == replace(there, card=there.card + 2)
        assert at_result(finished().press("More", "Change answers").session) is None


class TestOwing:
    async def test_the_turn_stores_the_pending_document_and_its_entry(self) -> None:
        room = await asked()

        assert await room.sam.store.read(lambda t: t.documents.owed()) == (
            OwedDocument(room.sam.person, REFERENCE, "pdf", START),
        )
        last = (await room.sam.entries())[-1]
        assert (last.what, last.reference) == ("document", REFERENCE)

    async def test_it_is_made_when_it_is_sent_and_is_then_no_longer_pending(self) -> None:
        room = await asked()

        (file,) = await look(room)

        assert file.content.startswith(b"%PDF")
        assert file.name == "seraf-brisk-otter-41.pdf"
        assert REFERENCE in read(file)
        assert REFERENCE in file.caption
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()
        assert [each.is_kept for each in await room.sam.store.read(lambda t: t.messages_to_remove.oldest_first())] == [
            True
        ]
        assert await look(room, minutes=2) == []

    async def test_two_that_were_asked_for_both_come(self) -> None:
        room = await asked("Text", "PDF")

        files = await look(room)

        assert [each.name.rpartition(".")[2] for each in files] == ["txt", "pdf"]
        assert REFERENCE in files[0].content.decode()


Way = Callable[[Visitor], Awaitable[object]]


def commanding(name: str, *then: str) -> Way:
    async def way(sam: Visitor) -> None:
        await (await sam.command(name)).press(*then)

    return way


def pressing(*labels: str) -> Way:
    return lambda sam: sam.press(*labels)


def ordered(decide: Decide) -> Way:
    return lambda sam: sam.store.turns([Inbound("order", START, sam.person, decide, None)])


async def _idle(sam: Visitor) -> None:
    sam.later(minutes=10)


async def _relock(sam: Visitor) -> None:
    await (await sam.command("lock")).later(seconds=1).pin()


MEANWHILE: dict[str, Way] = {
    "locked": commanding("lock"),
    "locked at the desk": ordered(locking(START)),
    "locked by its time": _idle,
    "locked and opened again": _relock,
    "panic": commanding("panic"),
    "erased": commanding("erase", "Erase now"),
    "removed": ordered(removal(START)),
    "responses changed": pressing("More", "Change answers"),
}


class TestMeanwhile:
    @pytest.mark.parametrize("meanwhile", MEANWHILE)
    async def test_nothing_is_sent_and_nothing_stays_pending(self, meanwhile: str) -> None:
        room = await asked()
        await MEANWHILE[meanwhile](room.sam)

        assert await look(room) == []
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()

    @pytest.mark.parametrize("meanwhile", ["locked", "removed", "erased"])
    async def test_not_even_when_it_happens_while_the_file_is_being_made(self, meanwhile: str) -> None:
        room = await asked()

        class Slow(Wall):
            """A test double of the sender (`Wall`) that lets something happen before it sends a file."""

            async def send_file(
                self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
            ) -> SendResult:
                await MEANWHILE[meanwhile](room.sam)
                return await Wall.send_file(self, person, file, may_send=may_send, on_sent=on_sent, keep=keep)

        room.wall = Slow()
        room = at_wall(room, room.wall)

        assert await look(room) == []
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()

    async def test_a_file_in_the_chat_is_removed_when_the_chat_locks(self) -> None:
        room = await asked()
        await look(room)

        await room.look(minutes=10)

        assert room.wall.did[-1] == "removed"
        assert await room.sam.store.read(lambda t: t.messages_to_remove.oldest_first()) == ()


def at_wall(room: Room, wall: Wall) -> Room:
    other = Room(room.sam)
    other.wall = wall
    other.lanes = type(other.lanes)(room.sam.bot, wall, room.sam.store, str.encode)
    other.due_work = type(other.due_work)(room.sam.bot, room.sam.store, other.lanes, wall.replace_after)
    return other


class TestFailing:
    async def test_one_that_was_sent_and_not_yet_forgotten_is_sent_once_more_at_most(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If a document is sent twice, both messages are recorded for removal, so both are removed with the chat."""
        room = await asked()
        (pending,) = await room.sam.store.read(lambda t: t.documents.owed())
        with monkeypatch.context() as patch:

            def cut(*_: object) -> None:
                raise RuntimeError("the bot ends here")

            patch.setattr(OwedDocuments, "forget", cut)
            await look(room)

        again = at_wall(room, room.wall)
        await look(again)
        await look(again, minutes=2)

        assert room.wall.did.count("handed") == 2
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()
        assert (
            sum(each.is_kept for each in await room.sam.store.read(lambda t: t.messages_to_remove.oldest_first())) == 2
        )
        assert pending.kind == "pdf"

    async def test_if_typesetting_fails_the_person_reads_what_to_do_instead(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room = await asked()
        wall = Telling()
        room = at_wall(room, wall)

        def broken(*_: object, **__: object) -> bytes:
            raise typst.TypstError(f"found {REFERENCE}", "")

        monkeypatch.setattr(typst, "compile", broken)
        with capture_logs() as logs:
            assert await look(room) == []
            await look(room, minutes=2)

        assert [each for each in wall.told if "could not be made" in each] == wall.told
        assert len(wall.told) == 1
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()
        assert "not made" in [each["event"] for each in logs]
        assert REFERENCE not in str(logs)

    async def test_one_that_could_not_be_sent_for_an_hour_is_abandoned_and_reported(self) -> None:
        room = await asked()
        wall = Telling()
        room = at_wall(room, wall)
        await room.sam.set(altered(room.sam.access, seen=START + LATEST))

        assert await look(room, seconds=LATEST.total_seconds() + 1) == []

        assert wall.told == [WORDING.say("document.refused")]
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()
        left = [each.handle for each in await room.sam.store.read(lambda t: t.messages_to_remove.of(room.sam.person))]
        assert left == ["told 1"], "what was said goes with the chat"

    @pytest.mark.parametrize(
        ("put", "is_owed"), [(SendResult.LATE, True), (SendResult.UNSURE, True), (SendResult.SHUT, False)]
    )
    async def test_a_postponed_message_is_retried_within_a_minute_and_a_refused_one_is_not(
        self, put: SendResult, *, is_owed: bool
    ) -> None:
        room = await asked()
        wall = Answering(put)
        room = at_wall(room, wall)
        await look(room)
        assert len(await room.sam.store.read(lambda t: t.documents.owed())) == is_owed
        found = await room.sam.store.recall(room.sam.person)
        assert found is not None
        assert found[1].sending is (put is SendResult.UNSURE)
        assert [each for each in wall.told if "could not be sent" in each] == wall.told
        assert len(wall.told) == (put is SendResult.SHUT)

        wall.put = None
        assert await look(room, seconds=AGAIN.total_seconds() - 1) == []
        assert len(await look(room, seconds=1)) == is_owed


class Telling(Wall):
    """A test double of the sender (`Wall`) that records the messages sent next to the card."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    async def tell(self, person: str, text: str) -> str | None:
        self.told.append(text)
        return f"told {len(self.told)}"


class Answering(Telling):
    """A `Wall` whose `send_file` sends nothing and returns `put`. Once `put` is None, it sends the file."""

    def __init__(self, put: SendResult | None) -> None:
        super().__init__()
        self.put = put

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        return self.put or await super().send_file(person, file, may_send=may_send, on_sent=on_sent, keep=keep)
