"""Tests of questions in somebody's own words: their card, what can be put first, and that they answer nothing and leave nothing behind."""

from dataclasses import replace
from random import Random

import pytest

from dialogs.asking import FoundEntries, as_question, find, found_in, read_found
from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay, code_of
from dialogs.core.codec import decode, encode
from dialogs.core.events import Commanded, Event, LookedUp, Pressed, Typed
from dialogs.core.page import Button
from dialogs.form.path import places
from dialogs.locked import AccountState, Gate
from dialogs.turn.typed import resolve
from seraf.reference import fold
from seraf.search.index import FindableKind, index_of
from seraf.search.ranking import MOST, Fit
from state_machines.assessment import Phase
from tests.support.pack.other_board import SCRIPT as OTHER
from tests.support.shipped import INSTRUMENT, NOON, OCCASION, PACK, QUESTIONS, SCRIPT, WEB_SCRIPT
from tests.support.talk.closed_chats import ask, card_of
from tests.support.talk.rehearsing import Rehearser
from tests.support.talk.talking import Talk
from tests.support.talk.walking import faults_of_form

SEVERAL = "14, older boyfriend, new phone, out all night"
NAMED = (
    "Jayden Smith",
    "born 12/03/2011",
    "call him on 07700 900123",
    "lives at 14 Station Road",
    "mail jay@mail.test",
)


def asked(words: str, *, is_several: bool = True) -> FoundEntries:
    event = as_question(Typed(OCCASION), words, script=SCRIPT, is_several=is_several)
    assert isinstance(event, LookedUp)
    return read_found(event.about)


def at_phases() -> dict[str, Talk]:
    """Return a conversation in each phase from which questions are asked, and in some on the way to it."""
    return {
        "welcome": Talk(),
        "opening": Talk().start(),
        "items": Talk().open_with(),
        "quick": Talk().open_with(order="Quick"),
        "check": Talk().open_with().finish(),
        "changing": Talk().open_with().finish().press("Change 1"),
        "judgement": Talk().open_with().finish().press("Continue"),
        "result": Talk().open_with().finish().press("Continue", "No"),
        "paused": Talk().open_with().command("pause"),
    }


def test_the_best_is_shown_at_once_if_it_is_clear_and_the_others_are_one_tap_away() -> None:
    talk = Talk().type("out of hours number")
    assert talk.text.startswith("Emergency Duty Team")

    listed = Talk().type("nudes")
    assert len(listed.labels) <= MOST + 2
    assert listed.press("Phone concerns").press("Back").text == Talk().type("nudes").text


@pytest.mark.parametrize("phase", at_phases())
@pytest.mark.parametrize(
    "words", ["nudes", "county lines", "who do I ring at night?", SEVERAL, "asdf qwerty", *NAMED[:1]]
)
def test_the_way_back_leads_to_the_card_that_was_live(phase: str, words: str) -> None:
    talk = at_phases()[phase]
    text, session = talk.text, talk.session

    talk.type(words)
    assert faults_of_form(talk.card, talk.session.card) == []
    while talk.session.overlay != session.overlay:
        talk.press("Back")

    assert (talk.text, talk.session.answers, talk.session.place) == (text, session.answers, session.place)


def test_each_entry_has_its_own_card() -> None:
    """Each kind is opened from a list, with and without a SERAF, in a chat and on a page, and fits a card."""
    for at, entry in enumerate(QUESTIONS.index.entries):
        about = FoundEntries(Fit.SEVERAL, 1, found=(at, 0), mirror=1, calls_first=at % 2 == 0).about
        for talk in (Talk(), Talk().open_with()):
            session = replace(talk.session, overlay=Overlay(Kind.ASK, about))
            for script in (SCRIPT, WEB_SCRIPT):
                card = show(session, script, NOON)
                assert faults_of_form(card, session.card) == [], entry.key
                assert all(len(code_of(button.act)) <= 40 for button in card.buttons)


def test_whom_to_call_is_the_first_button_where_it_comes_first_even_if_a_name_is_refused() -> None:
    for words in ("she just told me he raped her", "she just told me Jayden Smith raped her", "word " * 41):
        assert Talk().type(words).labels[0] == "Call now"


@pytest.mark.parametrize("words", NAMED)
def test_what_may_point_to_a_person_is_not_looked_up(words: str) -> None:
    finding = asked(words)

    assert finding.fit == "refused"
    assert (finding.found, finding.mirror) == ((), 0)
    assert "“a boy of 14, new phone”" in Talk().type(words).text


@pytest.mark.parametrize(
    "words", ["SAFEh", "SHE IS MISSING", "Snapchat", "Older Boyfriend", "Kid says he feels unsafe"]
)
def test_words_of_the_pack_and_capitals_alone_are_no_names(words: str) -> None:
    assert asked(words).fit != "refused"


@pytest.mark.parametrize(
    ("command", "kind"), [("explain", FindableKind.TERM), ("guide", FindableKind.TOPIC)], ids=["explain", "guide"]
)
def test_what_is_called_just_so_opens_at_once_by_its_command(command: str, kind: FindableKind) -> None:
    for entry in (entry for entry in QUESTIONS.index.entries if entry.kind is kind):
        for name in entry.names:
            event = as_question(Commanded(OCCASION, command, name), "", script=SCRIPT)
            assert isinstance(event, LookedUp)
            finding = read_found(event.about)
            opened = found_in(finding, SCRIPT)[finding.opened]
            assert fold(name) in map(fold, opened.names), name
            assert opened.kind is kind


def test_a_bare_code_is_taken_for_the_command_that_it_is_for() -> None:
    review = as_question(Typed(OCCASION), "254CYKZ-V8NA9C7-F77212Z-KJ20J", script=SCRIPT)
    room = as_question(Typed(OCCASION), "ABCD-2345", script=SCRIPT)

    assert isinstance(review, Commanded)
    assert isinstance(room, Commanded)
    assert (review.name, room.name) == ("review", "join")
    for told in ("SHE IS 13 AND MISSING SINCE LAST NIGHT", "GIRL 14 RAPED BOYFRIEND 25 DRUGS"):
        found = as_question(Typed(OCCASION), told, script=SCRIPT)
        assert isinstance(found, LookedUp)
        assert read_found(found.about).calls_first


def test_several_signs_begin_a_seraf_that_asks_them_first_and_leaves_none_out() -> None:
    talk = Talk().type(SEVERAL).press("Start with these")
    assert talk.session.answers.items.by_item == {}

    talk.press("School", "Neither", "No").on().press("Yes", "13–15", "Form order")
    path = places(talk.session, PACK, phase=Phase.ITEMS)

    assert path[:4] == ("S2", "M3", "S5", "S1")
    assert path[4:] == tuple(item for item in INSTRUMENT.order if item not in path[:4])
    assert talk.session.answers.items.by_item == {}
    assert decode(encode(talk.session)).detour.first == path[:4]


@pytest.mark.parametrize("order", ["Form order", "Serious first", "Quick"])
def test_items_put_first_are_asked_and_then_everything_is_answered_once(order: str) -> None:
    talk = Talk().type(SEVERAL).press("Start with these", "School", "Neither", "No").on().press("Yes", "13–15", order)
    asked_of = [talk.session.place]
    while talk.session.phase is Phase.ITEMS:
        talk.press(next(each for each in ("Not known", "None of the others") if each in talk.labels)).on()
        asked_of.append(talk.session.place)

    assert asked_of[:4] == ["S2", "M3", "S5", "S1"]
    assert talk.session.answers.items.covers(INSTRUMENT.ids)
    # What was answered alone is not overwritten by the rest of a card of ticks.
    assert [talk.session.answers.items.get(item) for item in asked_of[:4]] == ["not-known"] * 4


def test_in_an_open_seraf_an_item_is_gone_to_and_the_way_goes_on_where_it_was() -> None:
    talk = Talk().open_with().answer(["No", "No"])
    talk.type("nudes").press("Phone concerns", "Go to it")
    assert talk.session.place == "M3"

    talk.press("No")
    assert talk.session.place == "V3"
    assert set(places(talk.session, PACK, phase=Phase.ITEMS)) == set(INSTRUMENT.ids)

    check = Talk().open_with().finish().type("nudes").press("Phone concerns", "Go to it")
    assert (check.session.place, check.session.detour.is_changing) == ("M3", True)
    assert check.press("Not known").session.phase is Phase.CHECK


def test_no_second_seraf_is_begun_and_none_is_gone_to_where_there_is_no_way() -> None:
    for name, talk in at_phases().items():
        assert ("Start with these" in talk.type(SEVERAL).labels) is (name == "welcome")
        assert ("f" in {button.code for button in talk.card.buttons}) is (
            name in ("welcome", "opening", "items", "quick", "check")
        )


def test_nothing_that_is_typed_answers_an_item() -> None:
    """No text, whatever is found for it, and no way to what is found, changes an answer."""
    draw = Random(40)
    phrases = [phrase for entry in QUESTIONS.index.entries for phrase in (*entry.names, *entry.words)]
    for name, talk in at_phases().items():
        for _ in range(12):
            words = draw.choice([", ", " and ", " "]).join(draw.sample(phrases, draw.randint(1, 4)))
            there = Talk()
            there.session = talk.session
            there.type(words)
            assert there.session.answers == talk.session.answers, (name, words)
            if "f" in {button.code for button in there.card.buttons}:
                there.take(Pressed(there.occasion, there.session.card, "f"))
            assert there.session.answers.items == talk.session.answers.items, (name, words)


def test_a_typed_line_ticks_nothing_unless_it_is_the_whole_label() -> None:
    card = Talk().open_with(order="Quick").card
    ticks = [button for button in card.buttons if button.code.startswith("t:")]

    assert ticks
    for tick in ticks:
        for line in {tick.label.split()[0], tick.label[:5].strip()} - {tick.label}:
            found = resolve(line, card)
            assert not (isinstance(found, Button) and found.code.startswith("t:")), line


def test_a_rehearsal_has_the_same_search_whatever_its_key_and_puts_nothing_first() -> None:
    """Of all made-up cases, each sentence finds the same with and without the cases, and never a list to begin with."""
    without = index_of(replace(PACK, vignettes=()))
    assert without == QUESTIONS.index

    sentences = [each for made in PACK.vignettes for part in made.parts for each in part.text.split(". ")]
    for sentence in sentences:
        alone = find(sentence, None, asking=QUESTIONS, is_several=False)
        assert alone.fit != Fit.ITEMS
        assert "f" not in {button.code for button in _in_a_rehearsal(alone)}


def _in_a_rehearsal(finding: FoundEntries) -> list[Button]:
    session = replace(Talk().open_with().session, overlay=Overlay(Kind.ASK, finding.about))
    return list(show(session, replace(SCRIPT, is_rehearsal=True), NOON).buttons)


def test_a_question_in_a_rehearsal_leads_back_to_it() -> None:
    rehearser = Rehearser(SCRIPT).tell()
    text = rehearser.text

    rehearser.type("older boyfriend")
    assert "REHEARSAL" in rehearser.text
    assert rehearser.press("Back").text == text


@pytest.mark.parametrize(
    "standing", [each for each in AccountState if each not in (AccountState.OPEN, AccountState.NO_CASES)]
)
def test_a_closed_chat_looks_nothing_up_and_says_whom_to_call(standing: AccountState) -> None:
    for event in (Typed(OCCASION), Commanded(OCCASION, "ask", "nudes")):
        said = ask(Gate(standing), event)
        assert said.over is None
        assert [each.key for each in said.effects if hasattr(each, "key")] == ["typed-locked"]
    assert {"Urgent", "Call", "Contacts"} <= {button.label for button in card_of(Gate(standing)).buttons}


@pytest.mark.parametrize(
    "about", ["", "several.1.0.0.fff", "several.0.0.0.fff", "clear.1.0.99.001", "items.0.1.0.000ffe"]
)
def test_a_finding_that_todays_pack_has_not_is_answered_with_what_there_is(about: str) -> None:
    """The pack may change between two taps."""
    session = replace(Talk().open_with().session, overlay=Overlay(Kind.ASK, about))

    for script in (replace(OTHER, asking=QUESTIONS), SCRIPT, replace(SCRIPT, asking=None)):
        card = show(session, script, NOON)
        assert faults_of_form(card, session.card) == []
        assert "x" in {button.code for button in card.buttons}


def test_no_word_of_a_question_goes_further_than_the_look_up() -> None:
    words = "zyxwvut older boyfriend zyxwvut"
    events: list[Event] = [Typed(OCCASION), Commanded(OCCASION, "guide", words)]
    for event in events:
        assert "zyxwvut" not in repr(event)
        looked_up = as_question(event, words, script=SCRIPT)
        talk = Talk().open_with().take(looked_up)
        seen = (looked_up, talk.session, talk.effects, talk.card, QUESTIONS.index, encode(talk.session))
        assert "zyxwvut" not in repr(seen)
