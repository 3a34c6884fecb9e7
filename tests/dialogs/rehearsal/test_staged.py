"""Tests of playing made-up cases in stages: every way against the card drawn, nothing given away, and rooms stage by stage."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.cards.show import show
from dialogs.core.session import Answers, Session
from dialogs.rehearsal.core.practice import Practice, case_of, decode_practice, encode_practice
from dialogs.rehearsal.core.rooms import Counts, Ended
from dialogs.rehearsal.turn.alone import still_rehearsable
from docs.phone.measure import VISIBLE, cut_labels, height
from seraf.cases.vignette import CaseStage, StageChoice, Vignette
from seraf.form.responses import Responses
from seraf.form.vocabulary import FACT_WORDS
from seraf.rehearsal.critical_actions import ActionOutcome, allowed_calls, keyed_case
from seraf.rehearsal.first_call import card_view
from seraf.rehearsal.unfolding import all_texts, key_by, longest, outcome_of, straight, way_of, ways_to_stages
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage
from tests.support.shipped import INSTRUMENT, NOON, PACK, SCRIPT, WORDING
from tests.support.talk.gathering import Guest, Table
from tests.support.talk.rehearsing import Rehearser
from tests.support.talk.rehearsing_all import answered, as_keyed, begun, chosen, debriefed

STAGED = tuple(vignette for vignette in PACK.vignettes if vignette.stages)
INES = next(vignette for vignette in STAGED if vignette.id == "ines")
LEAST = ("Say: school closes at six", "Take her back to her lesson", "Ask who the men are", "Send her out: his right")


def each_staged() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vignette", STAGED, ids=lambda vignette: vignette.id)


def labels_of(vignette: Vignette, taken: str) -> list[str]:
    return [way_of(vignette, taken[:at])[-1].options[int(digit)].label for at, digit in enumerate(taken)]


FITTING = (
    (re.compile("999|Find and protect"), {"emergency"}),
    (re.compile("Call"), {"art", "edt", "allocated", "elsewhere"}),
    (re.compile("Talk|Decide|Discuss"), {"lead", "art", "edt", "allocated", "elsewhere"}),
    (re.compile("Tell"), {"nobody", "lead", "art", "edt", "allocated", "elsewhere"}),
)
"""What somebody may do first, by the first step of the card drawn. A person who decides may decide with their manager."""


@pytest.mark.prove
@each_staged()
def test_on_every_way_what_is_in_line_is_what_the_card_drawn_then_says_for_every_role(vignette: Vignette) -> None:
    """The card is drawn at the clock of the stage, from the agreed answers by then. It, not the key, says whom to call."""
    for taken in ways_to_stages(vignette):
        way = way_of(vignette, taken)
        key, stage = key_by(vignette, way, INSTRUMENT), way[-1].stage
        for role in FACT_WORDS["profession"][:-1]:
            case = card_view(keyed_case(INSTRUMENT, key), INSTRUMENT, role=role, guidance=PACK.guidance).case
            answers = Answers(around=Responses.of(case.answers), items=case.responses)
            session = Session(3, phase=Phase.RESULT, place="1", reference="BRISK OTTER 41", answers=answers)
            at = NOON.at.replace(hour=stage.at.hour, minute=stage.at.minute) + timedelta(days=stage.day - 2)
            card = show(replace(session, fingerprint=INSTRUMENT.fingerprint), SCRIPT, NOON.moved(at))
            lines = [line for each in card.paragraphs for line in each.text.split("\n")]
            steps = (line for line in lines if re.match(r"\d ", line))  # some are no call, such as to look into files
            in_line = {
                each.rings
                for each in stage.choices
                if each.fits is None and outcome_of(PACK, each, key, given={"profession": role}) is ActionOutcome.AGREED
            }
            fitting = next(fits for step in steps for words, fits in FITTING if words.search(step))
            assert in_line <= fitting | {"lead"} if role == "social-care" else in_line <= fitting, (taken, role)


def reasons_of(vignette: Vignette) -> set[str]:
    """Return every text that the debrief alone may show."""
    key, choices = vignette.key, [choice for stage in vignette.stages for choice in stage.choices]
    options: list[StageChoice] = [option for choice in choices for option in (choice, *choice.replies)]
    texts = {text for each in key.keyed for text in (each.because, each.other_because)} | {key.first_call_because}
    texts |= {text for option in options for text in (option.because, option.missed)}
    texts |= {text for stage in vignette.stages for text in (stage.missed, stage.first_call_because)}
    return texts - {""}


@pytest.mark.prove
@each_staged()
def test_no_way_gives_anything_away_before_the_debrief_and_every_card_fits_a_phone(vignette: Vignette) -> None:
    """Neither a reason nor a result, number or category is shown on any card of any way, and no label is cut off."""
    for taken in ways_to_stages(vignette):
        rehearser = chosen(begun(vignette), *labels_of(vignette, taken))
        text = "\n".join(card.text for card in rehearser.cards)
        assert [reason for reason in reasons_of(vignette) if reason in text] == []
        for told in all_texts(vignette):  # a nurse may speak of an earlier SERAF and its category
            text = text.replace(told, "")
        assert re.search(r"\bCategory\b|\bpoints\b|In line|model answer", text.partition("so far")[2]) is None
        for card in rehearser.cards[2:]:
            assert (height(card) <= VISIBLE, list(cut_labels(card))) == (True, []), card.text
        assert len({step.stage.id for step in way_of(vignette, taken)}) == len(way_of(vignette, taken))


@pytest.mark.prove
@each_staged()
def test_every_way_ends_in_a_debrief_of_what_could_be_known_on_it(vignette: Vignette) -> None:
    """Who answers as agreed misses no critical action at the end, whatever was not done before; the stages say that."""
    for taken in ways_to_stages(vignette):
        way = way_of(vignette, taken)
        if way[-1].stage.choices:
            continue
        rehearser = answered(chosen(begun(vignette), *labels_of(vignette, taken)), {})
        key = case_of(rehearser.practice, PACK).key
        call, *_ = allowed_calls(PACK, key, given={"profession": "school"})
        pages = "\n".join(debriefed(rehearser.press(WORDING.say(f"first-call.{call}"))))
        assert "No critical action missed" in pages, (taken, pages)
        for step in way[:-1]:
            assert step.stage.clock in pages
        missed = [step.stage for step in way[:-1] if any(option.fits is False for option in step.done)]
        assert pages.count("For the child: ") >= len(missed)


def test_what_was_left_undone_leads_the_debrief_by_danger() -> None:
    rehearser = answered(chosen(begun(INES), *LEAST), {"danger": "no", "told_or_seen": "no", "judgement": "no"})

    pages = debriefed(rehearser.press("Nobody today"))

    clocks = re.findall(r"Tuesday (\d\d:\d\d) · ", "\n".join(pages))
    assert clocks == ["14:30", "14:50", "12:50", "13:40"]
    assert "At 4 of 4 stages" in pages[0]
    assert all("In line with what was known" not in page for page in pages)


def test_the_seraf_before_the_end_shows_no_result_and_is_gone_over_at_the_end() -> None:
    rehearser = chosen(begun(INES), "Talk to your lead or manager")
    answered(rehearser, {"S2": "no"})
    assert (rehearser.practice.stage, rehearser.practice.session.phase) == (Stage.STORY, Phase.CHECK)  # type: ignore[union-attr]
    assert "What do you do now?" in rehearser.text

    chosen(rehearser, "Call 999, then ART", "Not that I know. At three", "Call 999: he is at the gate")
    by_then = [dict(given) for given in rehearser.practice.result.by_stage]
    answered(rehearser.press("The SERAF", "The story"), {})

    assert [len(given) > 30 for given in by_then] == [False, True, True]
    assert by_then[1]["S2"] == "no"
    pages = "\n".join(debriefed(rehearser.press("999")))
    assert "Known by then, and answered otherwise in your SERAF: 25. " in pages


def test_a_call_is_said_from_the_script_and_from_one_s_own_seraf() -> None:
    bare = begun(INES).press("Call ART for advice").text
    full = answered(begun(INES), {"M1": "yes"}).press("Call ART for advice").text

    assert "There is nothing in it yet" in bare
    assert "You say, from the bot's script: “I am [name, role, school]." in full
    assert "staying out late" in full
    assert "Category" not in full


def test_a_stored_way_that_the_case_no_longer_has_is_left() -> None:
    practice = chosen(begun(INES), "Talk to your lead or manager").practice
    stored = json.loads(encode_practice(practice))

    older = decode_practice(json.dumps({key: value for key, value in stored.items() if key != "stages"}), 3)

    assert still_rehearsable(practice, PACK) == practice
    assert older.result.by_stage == ()
    for asked in ("9", "2x", "20000"):
        assert not still_rehearsable(replace(practice, asked=asked), PACK).is_under_way


def test_going_back_to_the_menu_begins_another_case_without_choices() -> None:
    rehearser = chosen(begun(INES), "Talk to your lead or manager").press("Leave")
    assert "gone" in rehearser.text

    rehearser.press("Leave").press("Rehearse", "In stages", "Case 21", "Begin")

    assert (rehearser.practice.asked, rehearser.practice.result.by_stage) == ("", ())


@pytest.fixture
def table() -> Table:
    return Table(SCRIPT)


def room_of(table: Table, vignette: Vignette, count: int) -> tuple[Guest, list[Guest]]:
    """Return a trainer who has opened a room with this case, and the people who joined it, at its first stage."""
    listed = sorted(PACK.vignettes, key=lambda case: bool(case.stages))
    number = [each.id for each in listed].index(vignette.id)
    host = Guest(table)
    host.begin().command("room").press(*["Next page"] * (number // 5), f"Case {number + 1}", "Open the room")
    guests = [Guest(table) for _ in range(count)]
    for guest in guests:
        guest.begin()
        guest.join()
    return host, guests


def test_in_a_room_the_trainer_opens_each_stage_and_sees_no_choice(table: Table) -> None:
    host, (ahead, behind) = room_of(table, INES, 2)

    ahead.press(LEAST[0])
    waiting = ahead.text
    ahead.press("Go on")
    toasts = [effect.key for effect in ahead.effects if hasattr(effect, "key")]
    counts = host.look().practice.membership.seen
    host.press("Open the next stage")
    ahead.press("Go on")

    assert "The trainer opens the next stage" in waiting
    assert "13:40" not in waiting
    assert toasts == ["stage-waits"]
    assert isinstance(counts, Counts)
    assert (counts.opened, counts.acted, counts.joined) == (1, 1, 2)
    assert "13:40" in ahead.text
    assert "Stage 2 is open. 0 of 2 have chosen there." in host.text
    assert "Start the SERAF" in behind.labels
    stored = "".join(table.rooms.values()) + host.text
    assert [label for label in LEAST if label in stored] == []


def test_a_room_hears_the_same_in_the_end_and_is_told_how_many_did_what_was_due(table: Table) -> None:
    """Ways differ. Before the end all read what others learned, so that their answers can be compared."""
    host, guests = room_of(table, INES, 6)
    for guest in guests:  # each takes the first choice everywhere
        while guest.labels[0] in {choice.label for stage in INES.stages for choice in stage.choices}:
            guest.press(guest.labels[0])
            while "Next page" in guest.labels:
                guest.press("Next page")
            if "Go on" in guest.labels:
                if "Open the next stage" in host.labels:
                    host.press("Open the next stage")
                guest.press("Go on")
        while "Next page" in guest.labels:
            guest.press("Next page")
        assert "What others learned" in guest.text
        assert "Her uncle does not allow visits." in guest.text
        assert case_of(guest.practice, PACK).key == INES.key
        guest.press("Start the SERAF").finish()

    host.look()
    assert "Open the next stage" not in host.labels or longest(INES) > 4
    host.press("End the room", "Close and compare")

    seen = host.practice.membership.seen
    assert isinstance(seen, Ended)
    assert [missed for _, missed in seen.stages] == [6, 6, 6]
    assert "Stage 1: 0 of 6 did what was due." in host.text


def test_a_pair_goes_at_its_own_pace_and_reads_the_same_in_the_end(table: Table) -> None:
    first, second = Guest(table), Guest(table)
    first.begin().press("Rehearse", "In a pair", *["Next page"] * 5, "Case 26", "I agree")
    second.begin()
    second.join()
    first.look().press("Read the case")

    chosen(first, *LEAST)

    assert "What others learned" in first.text
    assert first.practice.stage is Stage.STORY
    assert "What do you do now?" in second.text


def test_the_way_of_somebody_who_does_what_is_due_is_never_asked_for_twice() -> None:
    """A rehearsal as keyed in a case in stages follows the stages to their end, with one answer for each."""
    rehearser: Rehearser = as_keyed(INES, {})
    practice: Practice = rehearser.practice
    stages: tuple[CaseStage, ...] = INES.stages

    assert len(practice.result.by_stage) == len(way_of(INES, practice.asked)) - 1 <= len(stages)
    assert straight(INES, practice.asked) == practice.asked
