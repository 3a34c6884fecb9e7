"""Tests of the picture of a person's rehearsals in the chat: requested on a card, and built from rehearsals alone."""

from dataclasses import replace

import pytest
import typst

from bot.channels.protocol import SendResult
from bot.rehearsal.documents import MAKING
from bot.rehearsal.mode import practice_of
from bot.storage.values import Inbound, OwedDocument
from dialogs.core.acts import Rehearse, code_of
from dialogs.core.events import Pressed
from dialogs.core.replies import Document, Toast
from dialogs.rehearsal.alone.course_cards import OWN_COURSE
from dialogs.rehearsal.core.practice import History, Practice, encode_practice
from seraf.rehearsal.progress import Course, Mode, Rehearsed
from state_machines.rehearsal import Stage, Turn
from tests.bot.conversation.test_documents import MEANWHILE as OF_A_CASE
from tests.bot.conversation.test_documents import Answering, Telling, at_the_result, at_wall, commanding, look, pressing
from tests.support.pack.made_up import REHEARSAL_SCRIPT, WENT
from tests.support.people.looked_at import Room
from tests.support.people.visiting import REFERENCE, START, Visitor
from tests.support.shipped import OCCASION, TERMINAL, WORDING
from tests.support.store.builders import changed
from tests.support.talk.rehearsing import Rehearser

UNKEYED = Rehearsed("2026-03-01", "robin", Mode.TEST, (), 0, 0, 0, (), ())
"""A rehearsal in which 0 answers were compared, so that the picture has no share to draw."""

LONGEST = tuple(replace(WENT[0], day="2026-09-30", agreed=0 if number else 300, of=300) for number in range(200))


def on_the_card(course: Course = WENT, *, sends_files: bool = True) -> Rehearser:
    script = REHEARSAL_SCRIPT if sends_files else replace(REHEARSAL_SCRIPT, channel=TERMINAL)
    rehearser = Rehearser(script)
    rehearser.held = replace(rehearser.held, practice=Practice(history=History(course)))
    return rehearser.command("rehearse").press("My progress")


async def went(sam: Visitor, course: Course = WENT) -> Visitor:
    rehearsed = changed(rehearsal=encode_practice(Practice(history=History(course))))
    await sam.store.turns([Inbound("went", START, sam.person, rehearsed, None)])
    found = await sam.store.recall(sam.person)
    assert found is not None
    sam.record = found[0]
    return sam


async def asking(sam: Visitor) -> Room:
    await went(sam)
    await sam.command("rehearse")
    await sam.press("My progress", "Picture")
    room = Room(sam)
    await room.show()
    return room


async def asked() -> Room:
    return await asking(await Visitor.let_in())


class TestAsking:
    def test_only_the_tap_asks_for_it_and_the_card_stays(self) -> None:
        rehearser = on_the_card()
        first, text = rehearser.card, rehearser.text

        rehearser.press("Picture")
        assert rehearser.effects == (Document(OWN_COURSE), Toast("document-own-course"))
        assert (rehearser.text, rehearser.practice.stage) == (text, Stage.COURSE)

        rehearser.take(Pressed(OCCASION, first.token, code_of(Rehearse(Turn.DRAW, OWN_COURSE))))
        assert rehearser.toasts == ["stale"]
        assert len(rehearser.effects) == 1

    @pytest.mark.parametrize("course", [(), (UNKEYED,)])
    def test_without_a_point_nothing_is_offered(self, course: Course) -> None:
        rehearser = on_the_card(course)

        assert "Picture" not in rehearser.labels
        assert "file" not in rehearser.text

    def test_where_no_file_can_be_put_nothing_is_offered(self) -> None:
        rehearser = on_the_card(sends_files=False)
        assert "Picture" not in rehearser.labels
        assert "file" not in rehearser.text

        rehearser.take(Pressed(OCCASION, rehearser.card.token, code_of(Rehearse(Turn.DRAW, OWN_COURSE))))
        assert rehearser.effects == (Toast("no-button"),)

    @pytest.mark.parametrize("kind", ["pdf", "text", "picture", OWN_COURSE])
    def test_no_other_document_can_be_asked_for_in_a_rehearsal(self, kind: str) -> None:
        rehearser = Rehearser().press("Rehearse")

        for code in (f"f:{kind}", code_of(Rehearse(Turn.DRAW, kind))):
            rehearser.take(Pressed(OCCASION, rehearser.card.token, code))
            assert rehearser.effects == (Toast("no-button"),)


class TestOwing:
    async def test_it_is_pending_without_a_reference_and_an_entry_in_the_audit(self) -> None:
        room = await asked()

        assert await room.sam.store.read(lambda t: t.documents.owed()) == (
            OwedDocument(room.sam.person, "", OWN_COURSE, START),
        )
        assert "document" not in await room.sam.words()

    async def test_one_picture_comes_with_a_caption_and_is_no_longer_pending(self) -> None:
        room = await asked()

        (file,) = await look(room)

        assert file.content.startswith(b"\x89PNG")
        assert file.name == "own-course.png"
        assert file.caption.startswith("2 rehearsals, from 20 February 2026 to 1 March 2026.")
        assert file.caption.endswith("The bot removes it when this chat locks.")
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()
        assert [each.is_kept for each in await room.sam.store.read(lambda t: t.messages_to_remove.oldest_first())] == [
            True
        ]
        assert await look(room, minutes=2) == []

    async def test_the_longest_caption_fits(self) -> None:
        made = MAKING[OWN_COURSE](Practice(history=History(LONGEST)), REHEARSAL_SCRIPT)

        assert made is not None
        assert len(made.caption) <= 1_024

    async def test_of_a_course_without_a_point_nothing_is_made(self) -> None:
        assert MAKING[OWN_COURSE](Practice(history=History((UNKEYED,))), REHEARSAL_SCRIPT) is None

    async def test_it_is_drawn_from_the_course_as_it_is_when_it_is_sent(self) -> None:
        room = await asked()
        practice = replace(practice_of(room.sam.record), history=History((*WENT, WENT[1])))
        more = changed(rehearsal=encode_practice(practice))
        await room.sam.store.turns([Inbound("kept", START, room.sam.person, more, None)])

        (file,) = await look(room)

        assert file.caption.startswith("3 rehearsals")


class TestBesideACase:
    async def test_it_is_the_course_and_nothing_of_the_case(self) -> None:
        room = await asking(await at_the_result())

        (file,) = await look(room)

        assert file.content.startswith(b"\x89PNG")
        assert REFERENCE not in file.caption + file.name
        assert "document" not in await room.sam.words()

    async def test_a_pending_document_of_the_case_still_comes(self) -> None:
        sam = await at_the_result()
        await sam.press("More", "Summary", "PDF")
        room = await asking(sam)
        assert [each.reference for each in await sam.store.read(lambda t: t.documents.owed())] == [REFERENCE, ""]

        files = await look(room)

        assert [each.name for each in files] == ["seraf-brisk-otter-41.pdf", "own-course.png"]
        assert await sam.store.read(lambda t: t.documents.owed()) == ()

    @pytest.mark.parametrize("kind", ["pdf", "text", "picture"])
    async def test_a_kind_of_a_real_seraf_is_never_made_of_a_rehearsal(self, kind: str) -> None:
        room = await asking(await at_the_result())
        forged = OwedDocument(room.sam.person, "", kind, START)

        assert not room.sam.bot.may_have(room.sam.record, forged)
        assert room.sam.bot.document(room.sam.record, forged) is None

    async def test_a_picture_of_the_course_is_never_sent_by_the_reference_of_a_case(self) -> None:
        sam = await at_the_result()

        assert not sam.bot.may_have(sam.record, OwedDocument(sam.person, "", OWN_COURSE, START))


ALIKE = ("locked", "locked and opened again", "locked by its time", "panic", "removed")
MEANWHILE = {
    **{name: OF_A_CASE[name] for name in ALIKE},
    "left": pressing("Leave"),
    "ended by /erase": commanding("erase"),
}


class TestMeanwhile:
    @pytest.mark.parametrize("meanwhile", MEANWHILE)
    async def test_nothing_is_sent_and_nothing_stays_pending(self, meanwhile: str) -> None:
        room = await asked()
        await MEANWHILE[meanwhile](room.sam)

        assert await look(room) == []
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()

    async def test_a_case_of_a_newer_release_does_not_keep_it_back(self) -> None:
        """The picture belongs to no case, so no case is read for it."""
        room = await asking(await at_the_result())
        record = replace(room.sam.record, case='{"v": 999}')
        pending = OwedDocument(room.sam.person, "", OWN_COURSE, START)

        assert room.sam.bot.may_have(record, pending)
        assert room.sam.bot.document(record, pending) is not None

    async def test_rehearsals_of_a_newer_release_are_not_drawn(self) -> None:
        sam = await Visitor.let_in()
        record = replace(sam.record, rehearsal='{"v": 999}')

        assert not sam.bot.may_have(record, OwedDocument(sam.person, "", OWN_COURSE, START))


class TestFailing:
    async def test_one_that_is_refused_is_reported(self) -> None:
        room = await asked()
        wall = Answering(SendResult.SHUT)
        room = at_wall(room, wall)

        await look(room)

        assert wall.told == [WORDING.say("rehearsal-document.refused")]
        assert await room.sam.store.read(lambda t: t.documents.owed()) == ()

    async def test_one_that_cannot_be_made_is_reported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        room = await asked()
        wall = Telling()
        room = at_wall(room, wall)

        def broken(*_: object, **__: object) -> bytes:
            raise typst.TypstError("found something", "")

        monkeypatch.setattr(typst, "compile", broken)
        assert await look(room) == []

        assert wall.told == [WORDING.say("rehearsal-document.failed")]
