"""Tests of a rehearsal beside a real case: its stages and cards, and that no answer passes between the two."""

from dataclasses import replace

import pytest

from dialogs.core.events import Commanded, Ignored, Lapsed, Pressed
from dialogs.core.replies import Toast
from dialogs.core.session import fresh
from dialogs.rehearsal.core.practice import NOT_REHEARSING, History, Practice
from seraf.cases.vignette import Vignette
from seraf.form.responses import NOTHING, Responses
from state_machines.assessment import Phase
from state_machines.rehearsal import Stage
from tests.support.pack.made_up import REHEARSAL_SCRIPT, ROBIN
from tests.support.people.visiting import Visitor
from tests.support.shipped import OCCASION, PACK, REHEARSED_CODES, SCRIPT
from tests.support.talk.beside import Held, show_beside, step_beside
from tests.support.talk.rehearsing import Rehearser
from tests.support.talk.rehearsing_all import as_keyed

HEAD = "REHEARSAL — not a real child"
OPENING = ("School", "Neither", "No", "Yes", "13–15", "Form order")
ITEMS = (*["No"] * 3, "Yes", *["No"] * 19, "Past 6 months", *["Not in 12 months"] * 2, "6–12 months ago")
CLOSING = ("No", "First", "None of the others", "None of the others", "Not known", "Continue")


def finished(take: str = "Test", *, judgement: str = "Yes", call: str = "ART (or EDT)") -> Rehearser:
    rehearser = Rehearser()
    rehearser.tell(take).answer(*OPENING, *ITEMS, *["Not in 12 months"] * 3, *CLOSING)
    return rehearser.press(judgement, call)


@pytest.fixture(scope="module")
def done() -> Rehearser:
    return finished()


def test_a_rehearsal_head_states_that_no_call_is_made_and_numbers_are_under_urgent_only(
    done: Rehearser,
) -> None:
    for card in done.cards[1:]:
        rest = " ".join(each.text for each in card.paragraphs[1:])
        assert ("No real calls." in card.paragraphs[0].text) == any(each in rest for each in ("999", "[number]", "101"))
        assert "01454" not in rest
    urgent = finished().press("Urgent").text
    assert "Real numbers: for a real child only." in urgent
    assert "01454" in urgent


def test_practice_does_not_say_whom_a_school_calls_before_that_was_asked() -> None:
    """The hint that every school has to call ART would reveal the answer."""
    before = "\n".join(each.text for card in finished("Practice").cards[:-1] for each in card.paragraphs)

    assert "Schools" not in before


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_a_contested_item_is_never_marked_wrong(answer: str) -> None:
    rehearser = Rehearser().tell("Practice").answer(*OPENING, *["No"] * 3).press(answer)

    assert f"Your answer: {answer}. Careful readers could say Yes or No. Both can be right." in rehearser.text
    assert "For No: One quarrel may not be a breakdown." in rehearser.text


def test_the_first_call_is_asked_before_the_result_shows_it(done: Rehearser) -> None:
    asked = next(card for card in done.cards if "Who would you contact first?" in card.text)

    assert done.cards.index(asked) == len(done.cards) - 2
    assert [button.label for button in asked.buttons][:6] == [
        "999", "ART (or EDT)", "Allocated team", "Child's own area", "Manager or lead", "Nobody today",
    ]  # fmt: skip


def test_it_is_not_asked_twice() -> None:
    rehearser = finished().press("Something changed", "Change answers", "Continue", "No")

    assert rehearser.practice.stage is Stage.SERAF
    assert "what to do" in rehearser.text
    assert "Your judgement: no." in rehearser.text


def test_the_report_leads_with_misses_and_lists_items_separately() -> None:
    rehearser = finished(judgement="No", call="Nobody today").press("My answers")

    assert rehearser.text.split("\n\n")[2] == "2 of 5 critical actions missed: Judgement; First call"
    assert "Judgement. Yours: No. Model answer: Yes." in rehearser.text
    assert "First call. Yours: Nobody today. Model answer: ART (or EDT).\nThere is reason to suspect" in rehearser.text
    assert "Items" not in rehearser.text
    items = rehearser.press("Next page").text
    assert "You agreed with the model answers on 30 of 30 items." in items
    assert "Rules to look at again: judgement leads." in items
    assert "Rules that you kept" not in items
    assert "Rules that you kept: how far" in finished().press("My answers", "Next page").text


def test_the_report_shows_where_the_category_differs() -> None:
    *opening, last = CLOSING
    rehearser = Rehearser().tell().answer(*OPENING, *ITEMS, *["Not in 12 months"] * 3, *opening)
    rehearser.press("Change 27").answer("Past 6 months").answer(last, "Yes").press("ART (or EDT)", "My answers")

    assert "No critical action missed, of 5 asked" in rehearser.text
    assert "Further than the model answer: talk it over\n\nCategory. Yours: 3. Model answer: 2." in rehearser.text
    assert "These moved the category\n\n27. " in rehearser.press("Next page").text


def test_an_unasked_question_is_no_difference_and_support_is_named_last() -> None:
    rehearser = Rehearser().tell().answer(*OPENING).press("More", "Finish now", "No", "None of the others")
    rehearser.press("Continue", "Yes", "ART (or EDT)", "My answers")

    assert "Not asked in full, so no difference: Category." in rehearser.text
    assert "No item was asked." in rehearser.press("Next page").text
    assert rehearser.text.endswith("use your employer's support for staff.")
    assert "critical actions 4 of 4, no items" in rehearser.press("My progress").text


def test_a_rehearsal_counts_once_in_the_persons_own_course() -> None:
    rehearser = finished().press("My answers", "Back", "My answers", "My progress")

    assert "4 March 2026, Robin, 14, Test: critical actions 5 of 5, items 30 of 30" in rehearser.text
    assert len(rehearser.practice.history.course) == 1
    rehearser.press("Leave")
    assert rehearser.practice == Practice(history=History(rehearser.practice.history.course))


def test_a_long_list_has_pages() -> None:
    many = tuple(replace(ROBIN, id=f"robin-{number}", title=f"Robin {number}") for number in range(1, 8))
    rehearser = Rehearser(replace(SCRIPT, pack=replace(PACK, vignettes=many))).press("Rehearse", "Choose a case")

    assert rehearser.press("Next page", "Case 6").practice.case == "robin-6"
    assert "page 1 of 2" in rehearser.press("Back", "Choose a case", "Next page", "Previous").text


def test_the_next_case_is_the_one_rehearsed_least() -> None:
    other = replace(ROBIN, id="other", title="Another")
    rehearser = Rehearser(replace(SCRIPT, pack=replace(PACK, vignettes=(ROBIN, other))))
    rehearser.tell().answer(*OPENING, *ITEMS, *["Not in 12 months"] * 3, *CLOSING).press("Yes", "ART (or EDT)")

    assert rehearser.press("My answers", "Next case").practice.case == "other"


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ((), ""),
        (("Next case", "Test", "Next page", "Start the SERAF"), ""),
        (("Next case", "Test", "Next page", "Start the SERAF", "School", "Neither"), "your answers in it are gone"),
        (("Next case", "Practice", "Next page", "Start the SERAF", "School", "Neither"), "your answers in it are gone"),
    ],
)
def test_leaving_is_asked_once_where_something_would_be_lost(labels: tuple[str, ...], said: str) -> None:
    rehearser = Rehearser().begin().command("rehearse").press(*labels, "Leave")

    if said:
        assert said in rehearser.text
        assert rehearser.labels == ["Keep rehearsing", "Leave", "Urgent"]
        rehearser.press("Leave")
    assert rehearser.practice == NOT_REHEARSING


def test_leaving_asks_until_the_debrief_was_seen() -> None:
    asked = finished().press("Leave")
    assert "you do not see how you did" in asked.text

    assert asked.press("Keep rehearsing", "My answers", "Leave").session.phase is Phase.WELCOME


def test_the_real_session_is_left_where_it_was() -> None:
    rehearser = Rehearser().begin().press("Start", *OPENING).press("Yes", "It is over", "No")
    real, text = rehearser.session, rehearser.text

    rehearser.command("rehearse").press("Next case", "Test", "Next page", "Start the SERAF").answer(*OPENING[1:], "No")
    assert replace(rehearser.session, card=real.card) == real
    rehearser.press("Leave")
    assert "your answers in it are gone" in rehearser.text
    rehearser.press("Keep rehearsing", "Urgent", "Leave", "Keep rehearsing", "Leave", "Leave")
    assert (rehearser.text, rehearser.practice) == (text, NOT_REHEARSING)


@pytest.mark.parametrize("command", ["erase", "cancel"])
def test_erasing_in_a_rehearsal_ends_the_rehearsal_alone(command: str) -> None:
    rehearser = Rehearser().begin().press("Start", *OPENING).press("Yes").command("rehearse").command(command)

    assert rehearser.toasts == ["rehearsal-left"]
    assert rehearser.session.has_case
    assert rehearser.practice == NOT_REHEARSING


@pytest.mark.parametrize("answers", [("No, something else",), ("Yes", "Other adult")])
def test_where_a_real_seraf_would_end_a_rehearsal_leads_back(answers: tuple[str, ...]) -> None:
    """Answers that wrongly end the SERAF are the worst miss. The rehearsal says so without revealing the first call."""
    rehearser = Rehearser().tell().answer("School", "Neither", "No", *answers)

    assert rehearser.labels == ["Back", "Urgent", "The story", "Leave"]
    assert "would end here" in rehearser.text
    assert "go back" in rehearser.text
    assert "999" not in rehearser.text
    assert answers[-1] in rehearser.press("Back").labels


def test_sent_or_typed_content_changes_nothing() -> None:
    rehearser = Rehearser().tell()
    before = rehearser.held

    assert rehearser.type().toasts == ["typed"]
    assert rehearser.take(Ignored(OCCASION, "voice")).toasts == ["ignored-voice"]
    assert rehearser.take(Commanded(OCCASION, "rehearse")).toasts == ["rehearsing"]
    assert rehearser.take(Lapsed(OCCASION)).held == before


def test_a_button_of_another_card_does_nothing() -> None:
    rehearser = Rehearser().press("Rehearse")
    before = rehearser.held

    assert rehearser.take(Pressed(OCCASION, 1, "z:leave:")).toasts == ["stale"]
    assert rehearser.take(Pressed(OCCASION, rehearser.card.token, "z:report:")).toasts == ["no-button"]
    assert rehearser.take(Pressed(OCCASION, rehearser.card.token, "s:yes")).toasts == ["no-button"]
    assert rehearser.held == before


def test_a_rehearsal_opens_from_the_welcome_alone_or_by_its_command() -> None:
    rehearser = Rehearser().begin().press("Start")

    rehearser.take(Pressed(OCCASION, rehearser.card.token, "z:open:"))

    assert rehearser.toasts == ["no-button"]
    assert rehearser.practice == NOT_REHEARSING


def test_ticking_keeps_the_card_as_in_a_real_seraf() -> None:
    rehearser = Rehearser().tell().answer(*OPENING[:-1]).press("Quick")
    token = rehearser.card.token

    rehearser.press("Low self-esteem", "Isolated")

    assert rehearser.card.token == token
    assert rehearser.practice.session is not None
    assert dict(rehearser.practice.session.answers.items) == {"V8": "yes", "V10": "yes"}


def test_its_result_offers_nothing_that_goes_out_of_it() -> None:
    rehearser = finished()

    assert {"Erase now", "Summary"}.isdisjoint(rehearser.labels)
    assert {"Remind me", "Erase"}.isdisjoint(rehearser.press("More").labels)


def test_a_code_of_a_rehearsal_is_refused_in_a_review() -> None:
    rehearser = finished()
    rehearser.press("More", "Review code")
    code = next(line for line in rehearser.text.splitlines() if REHEARSED_CODES.read(line.strip()))

    rehearser.press("Leave", "Leave").command("review", code)

    assert rehearser.toasts == ["rehearsal-code"]
    assert rehearser.session.earlier == ()
    assert not rehearser.session.has_case


def test_a_pack_without_made_up_cases_cannot_rehearse() -> None:
    rehearser = Rehearser(replace(SCRIPT, pack=replace(PACK, vignettes=())))

    assert "Rehearse" not in rehearser.labels
    assert rehearser.command("rehearse").toasts == ["no-vignettes"]
    assert rehearser.practice == NOT_REHEARSING


@pytest.mark.parametrize("vignettes", [(), (replace(ROBIN, id="other"),)])
def test_a_rehearsal_whose_case_is_gone_is_left(vignettes: tuple[Vignette, ...]) -> None:
    rehearser = Rehearser().tell()
    script = replace(SCRIPT, pack=replace(PACK, vignettes=vignettes))

    assert step_beside(rehearser.held, Commanded(OCCASION, "help"), script).held.practice == NOT_REHEARSING


def test_a_rehearsal_on_other_items_is_left() -> None:
    rehearser = Rehearser().tell().answer(*OPENING)
    session = rehearser.practice.session
    assert session is not None
    old = replace(rehearser.practice, session=replace(session, fingerprint="another"))

    turned = step_beside(Held(rehearser.session, old), Commanded(OCCASION, "help"), REHEARSAL_SCRIPT)

    assert turned.held.practice == NOT_REHEARSING


def test_a_rehearsal_of_a_newer_release_is_left_alone() -> None:
    held = Held(fresh(7, NOTHING), Practice(newer='{"v": 9}'))

    turned = step_beside(held, Commanded(OCCASION, "rehearse"), REHEARSAL_SCRIPT)

    assert turned.effects == (Toast("newer-rehearsal"),)
    assert turned.held == held


def test_the_role_and_the_order_that_are_remembered_go_along() -> None:
    rehearser = Rehearser(profile=Responses.of({"profession": "health", "order": "form"}))

    rehearser.tell().answer(*OPENING[1:-1])

    assert "item 1 of 30" in rehearser.text


def test_for_a_school_calling_art_fits_too() -> None:
    ross = next(each for each in PACK.vignettes if each.id == "ross")

    text = as_keyed(ross, {}).press("ART (or EDT)", "My answers").text

    assert "First call: ART (or EDT). It fits too. Model answer: Manager or lead." in text


def test_answers_without_a_key_get_no_feedback() -> None:
    """“No, something else” has no model answer, and neither has the question about the record at the end."""
    rehearser = Rehearser().tell("Practice").answer("School", "Neither", "No").press("No, something else")
    assert rehearser.practice.stage is Stage.SERAF
    assert "not for SERAF" in rehearser.text

    done = finished("Practice").press("The number")
    while onward := [each for each in ("All steps", "Next page") if each in done.labels]:
        done.press(*onward)
    assert done.press("Yes").practice.stage is Stage.SERAF


def test_a_rehearsal_whose_seraf_is_missing_still_has_the_way_out() -> None:
    card = show_beside(Held(fresh(7, NOTHING), Practice(stage=Stage.SERAF)), REHEARSAL_SCRIPT, OCCASION.now)

    assert card.text == HEAD
    assert [button.label for button in card.buttons] == ["Leave", "Urgent"]


def test_its_welcome_begins_nothing_real() -> None:
    rehearser = Rehearser().tell().press("Back")

    assert {"Review", "Rehearse"}.isdisjoint(rehearser.labels)
    assert "What is your role?" in rehearser.press("Start").text


async def test_a_held_case_holds_up_no_way_out_of_a_rehearsal() -> None:
    sam = await (await Visitor.let_in()).begin()
    await sam.set_head(held=True)

    await sam.command("rehearse")
    await sam.command("erase")
    assert (sam.toasts, sam.record.rehearsal) == (["rehearsal-left"], "")

    await sam.command("erase")
    assert sam.toasts == ["held"]
    assert sam.record.case is not None


def test_a_paused_rehearsal_is_left_without_an_erasure() -> None:
    rehearser = Rehearser().begin().press("Start", *OPENING).press("Yes").command("rehearse")
    rehearser.press("Next case", "Test", "Next page", "Start the SERAF", "More", "Pause")

    assert rehearser.labels == ["Resume", "Call now", "The story", "Leave"]
    assert rehearser.press("Leave").practice == NOT_REHEARSING
    assert rehearser.session.has_case


def test_a_single_statement_is_placed_under_the_heading() -> None:
    rehearser = Rehearser()
    rehearser.begin().press("Rehearse")

    card = show_beside(rehearser.held, rehearser.script, OCCASION.now, "A case will be erased.")

    assert [each.text for each in card.paragraphs[:2]] == ["REHEARSAL — not a real child", "A case will be erased."]
