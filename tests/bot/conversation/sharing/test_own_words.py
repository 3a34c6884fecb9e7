"""Whole cases in which a second person says why in their own words: sent with the view, or refused and kept nowhere."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.storage.values import OwedDocument
from dialogs.core.events import Typed
from dialogs.core.page import Field, every
from dialogs.notes.noting import LONGEST, MOST
from tests.support.people.visiting import REFERENCE, Visitor
from tests.support.second_look.places import channels
from tests.support.second_look.three import Three, come_together, fresh, looks
from tests.support.second_look.transcript import read, transcripts
from tests.support.shipped import WEB_SCRIPT
from tests.support.talk.notes import TAKING

CANARY = "the form tutor saw the quetzal feather in her bag"
TO_WORDS = ("How I see it", "More urgent", "Call now", "Yes", "Not known", "Continue", "In my own words")


@pytest.fixture
async def three() -> AsyncIterator[Three]:
    people = await come_together()
    for each in people:
        each.bot = replace(each.bot, bare_script=replace(each.bot.bare_script, notes=TAKING))
    await looks(people)
    yield people
    await people.worker.store.close()


def paper(person: Visitor, kind: str) -> str:
    made = person.bot.document(person.record, OwedDocument(person.person, REFERENCE, kind, person.clock.now()))
    assert made is not None
    return made.content.decode()


async def rows(three: Three) -> str:
    """Return everything that is kept of the three but the bodies of cases: accounts, profiles, heads, ties, and the audit."""
    found = [await each.store.recall(each.person) for each in three]
    records = [replace(record[0], case=None) for record in found if record]
    return repr((records, [each.access for each in records], await three.worker.entries()))


async def test_words_are_sent_with_the_view_and_stand_as_theirs_wherever_it_does(three: Three) -> None:
    worker, manager, _ = three
    await manager.press(*TO_WORDS)

    await manager.type(f"  {CANARY} ")

    assert manager.toasts == ["share-viewed"]
    await fresh(worker)
    (view,) = worker.session.result.views
    assert (view.label, view.level, view.grounds, view.words) == ("Dana Reid", "call", "yes", CANARY)
    await worker.press("More", "Both views")
    assert f"Grounds yes. What is not known is serious. In their own words: “{CANARY}”" in worker.text
    assert f'In their own words: "{CANARY}"' in " ".join(paper(worker, "text").split())
    (written,) = json.loads(paper(worker, "json"))["views"]
    assert (written["note"], CANARY in written["words"]) == (CANARY, False)
    assert paper(worker, "fhir").count(CANARY) >= 1
    assert CANARY not in await rows(three)

    await worker.press("Back")
    await worker.command("erase")
    await worker.press("Erase now")
    assert (worker.record.case, CANARY in await rows(three)) == (None, False)


@pytest.mark.parametrize(
    ("words", "toast"),
    [
        ("ring her mother on 07700 900123", "note-refused"),
        ("she is putting herself at risk", "view-blames"),
        ("a" * (LONGEST + 1), "note-long"),
        (" ", "note-empty"),
    ],
)
async def test_words_that_are_refused_are_kept_nowhere_and_the_view_can_still_be_sent(
    three: Three, words: str, toast: str
) -> None:
    worker, manager, _ = three
    await manager.press(*TO_WORDS)

    await manager.type(words)

    assert (manager.toasts, "Why, in your own words?" in manager.text) == ([toast], True)
    await fresh(worker)
    assert (worker.session.result.views, words in await rows(three)) == ((), words == " ")
    await manager.press("Back", "Send it")
    await fresh(worker)
    assert [(view.level, view.words) for view in worker.session.result.views] == [("call", "")]


async def test_somebodys_own_word_can_be_quoted(three: Three) -> None:
    _, manager, _ = three
    await manager.press(*TO_WORDS)

    await manager.type("the school writes “putting herself at risk”")

    assert manager.toasts == ["share-viewed"]


async def test_so_many_words_are_kept_of_a_case_and_no_more(three: Three) -> None:
    _, manager, _ = three
    for number in range(MOST // LONGEST + 1):
        assert manager.toasts != ["view-full"], number
        await manager.press("How I see it", "I see it the same", "Not decided", "In my own words")
        await manager.type(("so it was. " * LONGEST)[:LONGEST])

    assert manager.toasts == ["view-full"]


async def test_words_are_taken_at_no_other_card_and_not_from_an_older_page(three: Three) -> None:
    worker, manager, _ = three
    await manager.press(*TO_WORDS[:-1])
    await manager.type(CANARY)
    assert manager.toasts == ["typed"]
    await manager.press(TO_WORDS[-1])

    await manager.take(Typed(manager.bot.occasion(), manager.record.card - 1), words=CANARY)

    assert manager.toasts == ["note-moved"]
    await fresh(worker)
    assert (worker.session.result.views, CANARY in await rows(three)) == ((), False)


async def test_words_about_answers_that_changed_meanwhile_are_not_kept(three: Three) -> None:
    worker, manager, _ = three
    await manager.press(*TO_WORDS)
    await fresh(worker)
    progress = worker.head.progress
    await worker.set_head(progress=replace(progress, revision=progress.revision + 1))

    await manager.type(CANARY)

    assert manager.toasts == ["share-changed"]
    await fresh(worker)
    assert worker.session.result.views == ()


async def test_where_notes_are_off_no_words_are_asked_for_or_kept(three: Three) -> None:
    _, manager, _ = three
    await manager.press(*TO_WORDS)
    manager.bot = replace(manager.bot, bare_script=replace(manager.bot.bare_script, notes=None))

    assert "Why, in your own words?" not in manager.text
    await manager.type(CANARY)
    assert manager.toasts == ["typed"]
    await manager.press(*TO_WORDS[:-1])
    assert "In my own words" not in manager.labels


async def test_words_of_pages_are_shown_and_sent_on_pages_alone(three: Three) -> None:
    worker, manager, _ = three
    manager.bot = replace(manager.bot, bare_script=replace(WEB_SCRIPT, notes=TAKING, shares=True))
    await manager.press(*TO_WORDS)
    card = manager.card
    assert card is not None
    assert card.page is not None
    assert [field.most for field in every(card.page.parts, Field)] == [LONGEST]
    await manager.take(Typed(manager.bot.occasion(), card.token), words=CANARY)
    assert manager.toasts == ["share-viewed"]

    hiding = replace(worker.bot.bare_script, notes=None, hides_notes=True)
    worker.bot = replace(worker.bot, bare_script=hiding)
    await fresh(worker)
    await worker.press("More", "Both views")

    shown = (worker.text, *(paper(worker, kind) for kind in ("text", "json", "fhir")))
    assert [CANARY in each for each in shown] == [False] * 4
    assert ["pages: 1. They are not here" in " ".join(each.split()) for each in shown[:3]] == [True] * 3


async def test_a_browser_gives_back_words_that_are_refused_and_the_chat_shows_those_that_are_sent(
    tmp_path: Path,
) -> None:
    refused = "ring her mother on 07700 900123"
    async with channels(read(transcripts()[0]), tmp_path, on_pages=frozenset({"Dana"}), notes=True) as place:
        for label in ("More", "Ask somebody", "1 Dana Reid", "Ask for a look"):
            await place.press("Sam", label)
        for label in ("Open it", *TO_WORDS):
            await place.press("Dana", label)

        page = await place.write("Dana", refused)

        (field,) = [each for each in page.fields if each.attributes.get("name") == "typed"]
        assert (field.node.words().strip(), field.attributes["aria-invalid"]) == (refused, "true")
        assert "Not kept: this may contain a telephone number" in page.text
        before = field.attributes["data-draft"]
        page = await place.again("Dana")
        assert "Not kept: this may contain a telephone number" in page.text, "the first answer was lost on its way"

        page = await place.write("Dana", CANARY)

        assert "Sent. It stands in the record." in page.text
        for label in ("More", "Both views"):
            await place.press("Sam", label)
        shown = await place.sight("Sam", ())
        assert f"“{CANARY}”" in "\n".join(shown)
        for label in (TO_WORDS[0], "I see it the same", "Not decided", TO_WORDS[-1]):
            await place.press("Dana", label)
        page = await place.write("Dana", refused)
        (field,) = [each for each in page.fields if each.attributes.get("name") == "typed"]
        assert field.attributes["data-draft"] != before, "what was sent would be filled in again"
