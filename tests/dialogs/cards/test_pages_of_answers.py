"""Tests of pages on which answers are ticked, checked and noted, over the recorded conversations (walks)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Change, Given, Go, Kind, Noting, Open, Overlay, Rest, Say, Tick, act_of, code_of
from dialogs.core.events import Noted, Pressed
from dialogs.core.page import AnswerRow, AnswerRows, Field, Saved, SectionPart, Ticks, WholePage, offered_acts
from dialogs.core.replies import Toast
from dialogs.core.script import Script
from dialogs.core.session import Session, is_of_an_adult
from dialogs.form.item_cards import check_line
from dialogs.form.path import CARDS, checked, on_card, rest_of, section_at
from dialogs.phrases.earlier import said_of_an_adult
from dialogs.turn.step import step
from seraf.form.responses import Responses
from seraf.form.vocabulary import NOT_KNOWN
from state_machines.assessment import ASKING, Phase, Trigger
from tests.support.counts import times
from tests.support.shipped import OCCASION, PACK, WEB_SCRIPT
from tests.support.talk.notes import TAKING
from tests.support.talk.talking import Talk
from tests.support.walks.core import replayed
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import walk_files

NOTED = replace(WEB_SCRIPT, notes=TAKING)
PLAIN = "The school nurse saw bruises on both arms."
BLAMING = "She stays out with her boyfriend, a lifestyle choice."


@cache
def sessions() -> tuple[Session, ...]:
    """Return the sessions of walks with the shipped pack, without overlays, each once."""
    scenes = (scene for path in walk_files()[:: times(1, 3)] for scene in replayed(path, TELEGRAM))
    found = (replace(scene.session, overlay=None, card=0) for scene in scenes)
    own = PACK.instrument.fingerprint
    return tuple(dict.fromkeys(each for each in found if each.has_case and each.fingerprint == own))


def at_ticks() -> Iterator[Session]:
    """Yield the sessions at a card of ticks."""
    for each in sessions():
        if each.phase in ASKING and (each.place in CARDS or section_at(each.place, PACK.instrument)):
            yield each


def page_of(session: Session, script: Script = WEB_SCRIPT) -> WholePage:
    page = show(session, script, OCCASION.now).page
    assert page is not None
    return page


def ticks_of(session: Session) -> list[Tick]:
    """Return the act that ticks each box of the session's page, in order."""
    section = section_at(session.place, PACK.instrument)
    if section and section.tick:
        return [Tick(item.id, section.tick.id) for item in PACK.instrument.of_section(section.id)]
    return [Tick(each.id, tick.answer) for each in on_card(session.place, session, pack=PACK) for tick in each.ticks]


def ticked_at(session: Session) -> list[Tick]:
    return [each for each in ticks_of(session) if session.answers.by_place.get(each.item) == each.option]


def answered(session: Session) -> tuple[Session, bool]:
    """Answer every question that cannot wait, and close the stop card. Return the session, and True if there was one."""
    was_stopped = False
    while (overlay := session.overlay) is not None:
        if overlay.kind is Kind.FOLLOW_UP:
            session = step(session, Pressed(OCCASION, session.card, code_of(Say(NOT_KNOWN))), WEB_SCRIPT).session
        else:
            assert overlay.kind is Kind.STOP
            session, was_stopped = session.beneath(None), True
    return session, was_stopped


def by_taps(session: Session, wanted: list[Tick], rest: str) -> tuple[Session, bool]:
    """Return the session after these ticks, one by one, and then the rest, and True if a stop card came."""
    was_stopped = False
    # A tick that brings further boxes comes first on its card, and is done last: it moves the other boxes to another card.
    acts: tuple[Tick | Rest, ...] = (*reversed(wanted), Rest(rest))
    for act in acts:
        session = step(session, Pressed(OCCASION, session.card, code_of(act)), WEB_SCRIPT).session
        session, is_stopped = answered(session)
        was_stopped |= is_stopped
    return session, was_stopped


def at_once(session: Session, wanted: list[Tick], rest: str) -> tuple[Session, bool]:
    """Return the session after the page is sent with these ticks, and again where a tick brought further boxes."""
    place, was_stopped, is_more = session.place, False, True
    while is_more:
        shown = ticks_of(session)
        ticked = sum(1 << at for at, each in enumerate(shown) if each in wanted)
        event = Pressed(OCCASION, session.card, code_of(Given(rest, ticked)))
        reply = step(session, event, WEB_SCRIPT)
        session, is_stopped = answered(reply.session)
        was_stopped |= is_stopped
        is_more = reply.effects == (Toast("more-boxes"),)
        assert not is_more or (session.place == place and set(shown) != set(ticks_of(session)))
    return session, was_stopped


def compared(session: Session) -> tuple[object, ...]:
    """Return what must be the same in both ways: all but what led to a question when it was asked, and what was heard when."""
    around = [(name, answer) for name, answer in session.answers.around if not name.endswith(".for")]
    return (session.phase, session.place, sorted(around), session.answers.items, session.detour, session.result.log)


def test_ticks_sent_together_lead_to_the_same_session_as_one_by_one() -> None:
    tried = 0
    for session in list(at_ticks())[:: times(1, 40)]:
        own, every = ticked_at(session), ticks_of(session)
        for wanted in (own, every, every[:1], every[-1:]):
            # A tick that is removed first could call for something until the last one is removed.
            for rest in rest_of(session.place, PACK) if set(own) <= set(wanted) else ():
                one_by_one, together = by_taps(session, wanted, rest), at_once(session, wanted, rest)
                assert compared(one_by_one[0]) == compared(together[0]), (session.place, wanted, rest)
                assert one_by_one[1] == together[1], "the stop card comes in both ways, or in neither"
                tried += 1
    assert tried > times(400, 10)


def test_the_page_after_a_list_of_items_says_what_was_kept_of_it() -> None:
    tried = 0
    for session in at_ticks():
        section = section_at(session.place, PACK.instrument)
        if section is None or session.detour.is_changing or session.earlier:
            continue
        items = PACK.instrument.of_section(section.id)
        after = step(session, Pressed(OCCASION, session.card, code_of(Given("no", 0b101))), WEB_SCRIPT).session
        if after.overlay is not None or after.phase is not Phase.ITEMS or after.place == session.place:
            continue
        tried += 1
        saved = [each for each in page_of(after).parts if isinstance(each, Saved)]
        label = items[0].option("no").label
        assert [f"2 ticked, the other {len(items) - 2}: {label}" in each.text for each in saved] == [True]
        assert [each.way.act for each in saved] == [Go(Trigger.BACK)]
    assert tried


def test_a_tick_that_is_removed_on_the_page_no_longer_counts() -> None:
    session = next(each for each in at_ticks() if ticked_at(each) and each.place not in CARDS)
    removed = ticked_at(session)[0].item

    reply = step(session, Pressed(OCCASION, session.card, code_of(Given("not-known", 0))), WEB_SCRIPT)

    assert reply.session.answers.items.get(removed) == NOT_KNOWN


def test_no_question_is_answered_that_had_no_box() -> None:
    session = next(each for each in at_ticks() if "moved" in {tick.item for tick in ticks_of(each)})
    clear = replace(session, answers=replace(session.answers, around=Responses.of({"age": "13-15"})))
    shown = {each.item for each in ticks_of(clear)}
    moved = next(at for at, each in enumerate(ticks_of(clear)) if each.item == "moved")

    reply = step(clear, Pressed(OCCASION, clear.card, code_of(Given("no", 1 << moved))), WEB_SCRIPT)

    brought = {each.item for each in ticks_of(reply.session)} - shown
    assert brought, "being moved leads to further questions"
    assert reply.session.place == clear.place
    assert not brought & reply.session.answers.around.by_item.keys()


@pytest.mark.parametrize("act", [Given("maybe", 0), Given("no", 1 << 60), Given("yes", 1)])
def test_ticks_that_the_page_does_not_have_change_nothing(act: Given) -> None:
    for session in list(at_ticks())[::20]:
        reply = step(session, Pressed(OCCASION, session.card, code_of(act)), WEB_SCRIPT)

        assert reply.session == session
        assert reply.effects == (Toast("rest-missing"),)


def test_a_chat_takes_no_ticks_together() -> None:
    talk = Talk().open_with(order="Quick")
    before = talk.session

    talk.take(Pressed(OCCASION, before.card, code_of(Given("no", 1))))

    assert talk.session == before
    assert talk.toasts == ["no-button"]


def test_all_answers_are_checked_and_changed_on_one_page() -> None:
    seen = 0
    for session in sessions():
        if session.phase is not Phase.CHECK:
            continue
        seen += 1
        page, listed = page_of(session), checked(session, PACK)
        sections = {each.title: each for each in page.parts if isinstance(each, SectionPart)}
        rows = {
            title: rows.rows for title, each in sections.items() for rows in each.parts if isinstance(rows, AnswerRows)
        }
        said = [check_line(place, session, script=WEB_SCRIPT) for place in listed]
        if is_of_an_adult(session.answers.around):
            said = [said_of_an_adult(line) for line in said]
        ways = [row.way.act for own in rows.values() for row in own if row.way]
        assert sorted(map(str, ways)) == sorted(str(Change(place)) for place in listed)
        assert {f"{row.about}: {row.answer}" for own in rows.values() for row in own} == set(said)
        assert all(int(title.partition(": ")[2] or len(own)) == len(own) for title, own in rows.items())
        for place in listed[:: times(1, 5)]:
            reply = step(session, Pressed(OCCASION, session.card, code_of(Change(place))), WEB_SCRIPT)
            assert reply.session.place == place
    assert seen > 20


def test_back_from_the_check_leaves_it_wherever_a_chat_would_be() -> None:
    session = next(each for each in sessions() if each.phase is Phase.CHECK and each.place == "2")

    back = page_of(session).back

    assert back is not None
    assert step(session, Pressed(OCCASION, session.card, back.code), WEB_SCRIPT).session.phase is not Phase.CHECK


def at_item() -> Session:
    return next(each for each in sessions() if each.phase is Phase.ITEMS and each.place in PACK.instrument)


def test_a_note_is_written_on_the_page_of_its_item_and_stays_there() -> None:
    session = at_item()

    reply = step(session, Noted(OCCASION, PLAIN, session.card), NOTED)

    assert reply.effects == (Toast("note-kept"),)
    assert reply.session.answers.notes.get(session.place) == PLAIN
    assert (reply.session.place, reply.session.overlay) == (session.place, None)
    field = next(each for each in fields(page_of(reply.session, NOTED)))
    assert field.text == PLAIN
    assert Noting("remove") in list(offered_acts(page_of(reply.session, NOTED)))


def test_a_note_that_was_written_at_another_card_is_not_stored() -> None:
    session = at_item()

    reply = step(session, Noted(OCCASION, PLAIN, session.card + 1), NOTED)

    assert reply.effects == (Toast("note-moved"),)
    assert reply.session == session


def test_blaming_words_come_back_in_a_field_and_lead_back_to_the_item() -> None:
    session = at_item()
    asked = step(session, Noted(OCCASION, BLAMING, session.card), NOTED).session
    assert [each.text for each in fields(page_of(asked, NOTED))] == [BLAMING]
    assert asked.answers.notes.get(session.place) is None

    kept = step(asked, Pressed(OCCASION, asked.card, code_of(Noting("keep"))), NOTED).session
    other = step(asked, Noted(OCCASION, PLAIN, asked.card), NOTED).session
    dropped = step(asked, Pressed(OCCASION, asked.card, code_of(Noting("again"))), NOTED).session

    assert [each.answers.notes.get(session.place) for each in (kept, other, dropped)] == [BLAMING, PLAIN, None]
    assert {(each.place, each.overlay, each.told.draft) for each in (kept, other, dropped)} == {
        (session.place, None, "")
    }


def test_all_notes_stand_on_one_page_and_each_leads_back_to_it() -> None:
    session = at_item().beneath(Overlay(Kind.NOTES, "1"))
    heading = PACK.recording.headings[0].id
    opening = Open(Overlay(Kind.NOTE, heading))
    assert all(
        Open(Overlay(Kind.NOTE, each.id)) in list(offered_acts(page_of(session, NOTED)))
        for each in PACK.recording.headings
    )

    note = step(session, Pressed(OCCASION, session.card, code_of(opening)), NOTED).session
    kept = step(note, Noted(OCCASION, PLAIN, note.card), NOTED).session

    assert kept.answers.notes.get(heading) == PLAIN
    assert kept.overlay == Overlay(Kind.NOTES, "1")
    assert PLAIN in [
        row.answer for part in page_of(kept, NOTED).parts if isinstance(part, SectionPart) for row in rows_of(part)
    ]


def fields(page: WholePage) -> Iterator[Field]:
    """Yield the fields for notes of a page."""

    def within(value: object) -> Iterator[Field]:
        if isinstance(value, Field):
            yield value
        elif isinstance(value, tuple):
            for each in value:
                yield from within(each)

    yield from (each for each in within(page.parts) if each.name == "typed")


def rows_of(section: SectionPart) -> Iterator[AnswerRow]:
    for part in section.parts:
        if isinstance(part, AnswerRows):
            yield from part.rows


def test_a_field_for_a_note_is_on_no_page_where_notes_are_off() -> None:
    assert list(fields(page_of(at_item()))) == []


def test_each_act_of_a_page_is_taken_from_it() -> None:
    for session in sessions()[::15]:
        for act in offered_acts(page_of(session, NOTED)):
            reply = step(session, Pressed(OCCASION, session.card, code_of(act)), NOTED)
            assert Toast("no-button") not in reply.effects, (session.phase, session.place, act)
            assert act_of(code_of(act)) is not None


def test_the_page_of_ticks_has_a_box_for_each_tick() -> None:
    for session in at_ticks():
        (ticks,) = (each for each in page_of(session).parts if isinstance(each, Ticks))
        assert [each.is_ticked for each in ticks.boxes] == [
            session.answers.by_place.get(each.item) == each.option for each in ticks_of(session)
        ]
