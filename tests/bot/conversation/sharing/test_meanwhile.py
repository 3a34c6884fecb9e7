"""What becomes of a second look and of a handover when something else happens meanwhile: a removal, a hold, a lock, a term."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.access.account import Removed, read_account
from bot.conversation.changes import giving_role, holding, letting_go, removal
from bot.conversation.shared_cards import read_sharing
from bot.storage.cases import CallReminder
from bot.storage.values import Decision, Reminder, Shared
from dialogs.core.replies import Ring
from dialogs.core.role import Role
from dialogs.rehearsal.core.practice import History, Practice, decode_practice, encode_practice
from state_machines.rehearsal import Stage
from tests.support.people.visiting import REFERENCE, TO_ITEM_ONE, Visitor
from tests.support.second_look.three import Three, a_three, ask, code, fresh, later, looks, looks_by_code

three = a_three()


async def by_operator(visitor: Visitor, change: object) -> None:
    """Change a person as somebody at the machine does."""
    await visitor._turn(change)  # type: ignore[arg-type]  # noqa: SLF001


async def test_every_reading_is_in_the_audit_and_on_the_holders_card(three: Three) -> None:
    worker, manager, _ = three
    await looks(three)
    await manager.press("How I see it", "I see it the same", "Not decided", "Send it")
    await later(three, hours=7)

    await manager.command("look")
    assert "you are reading" not in manager.text
    await manager.press("Open it")
    assert "you are reading" in manager.text

    assert (await worker.words()).count("read") == 2
    await fresh(worker)
    await worker.press("More", "Who has read it")
    assert "read again 19:00" in worker.text


async def test_a_chat_that_was_locked_for_an_hour_shows_no_colleagues_case_without_a_tap(three: Three) -> None:
    _, manager, _ = three
    await looks(three)

    await manager.pass_time(hours=1)
    await manager.pin()

    assert ("you are reading" in manager.text, "Sam Reid" in manager.text) == (False, True)


async def test_readers_of_a_case_whose_holder_is_removed_see_it_no_more(three: Three) -> None:
    worker, manager, _ = three
    await looks(three)

    await by_operator(worker, removal(worker.clock.now()))

    found = await manager.store.recall(manager.person)
    assert found is not None
    assert found[0].due == manager.clock.now()  # the bot replaces the card at once
    await fresh(manager)
    assert (f"{REFERENCE} is no longer here for you." in manager.text, manager.record.tied) == (True, ())


async def test_a_held_case_of_a_removed_person_is_read_by_nobody(three: Three) -> None:
    worker, manager, _ = three
    await looks(three)
    await by_operator(worker, holding(REFERENCE, worker.clock.now()))

    await by_operator(worker, removal(worker.clock.now()))
    await fresh(manager)
    await manager.command("look")

    assert ("you are reading" in manager.text, manager.record.tied) == (False, ())
    await by_operator(worker, letting_go(REFERENCE, worker.clock.now()))
    assert (await worker.words())[-1] == "erased-on-removal"


async def test_the_review_of_a_case_goes_with_it(three: Three) -> None:
    worker, manager, _ = three
    due = worker.clock.now() + timedelta(days=80)
    await worker.store.write(lambda t: t.reminders.keep(Reminder(worker.person, REFERENCE, due)))
    await ask(three, "Hand over")

    await manager.press("Take it")

    (kept,) = await worker.store.read(lambda t: t.reminders.due(due))
    assert kept == Reminder(manager.person, REFERENCE, due)


async def test_whoever_ends_a_look_ends_that_of_the_person_named_beside_the_number(three: Three) -> None:
    worker, _, night = three
    await looks(three)
    await later(three, days=13, hours=23)
    await fresh(worker)
    await looks_by_code(three)
    await later(three, hours=1)
    await fresh(worker)
    await worker.press("More", "Who has read it")
    assert ("Dana Reid" in worker.text, "1 Jo Ames" in worker.text) == (False, True)

    await worker.press("End 1")

    assert night.person not in [tie.person for tie in worker.record.tied[0].sharing.at(worker.clock.now()).ties]


async def test_a_removal_while_the_list_of_readers_is_open_moves_no_button(three: Three) -> None:
    worker, manager, night = three
    await looks(three)
    await fresh(worker)
    await looks_by_code(three)
    await fresh(worker)
    await worker.press("More", "Who has read it")
    assert ("1 Dana Reid" in worker.text, "2 Jo Ames" in worker.text) == (True, True)

    await by_operator(manager, removal(manager.clock.now()))
    codes = [each.code for each in worker.card.buttons if each.label == "End 1"] if worker.card else []
    await worker.tap(codes[0])

    assert night.person in [tie.person for tie in worker.record.tied[0].sharing.ties]


async def test_a_holder_who_went_on_finds_who_typed_the_code(three: Three) -> None:
    worker, _, night = three
    said = await code(three, "Ask for a look")
    await worker.press("Back", "More", "Another child", "Start another", *TO_ITEM_ONE[2:])

    await night.command("look", said)
    await fresh(worker)
    assert "Jo Ames" not in worker.text
    await worker.command("look")

    assert "Jo Ames" in worker.text
    await worker.press("Yes: let them read")


async def test_a_holder_is_told_that_whoever_they_asked_was_removed(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Hand over")

    await by_operator(manager, removal(manager.clock.now()))
    await fresh(worker)

    assert any(isinstance(effect, Ring) for effect in worker.effects)
    assert "your colleague cannot" in worker.text


async def test_a_holder_is_told_that_whoever_they_asked_may_no_longer_take_it(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Hand over")

    await by_operator(manager, giving_role(Role.TRAINER, manager.clock.now()))
    await fresh(worker)

    assert ("your colleague cannot" in worker.text, manager.record.tied) == (True, ())


async def test_two_cases_whose_term_is_over_at_once_are_gone_for_whoever_looks_at_both(three: Three) -> None:
    worker, manager, _ = three
    await looks(three)
    await fresh(worker)
    worker.bot = replace(worker.bot, references=lambda: "CALM KETTLE 20")
    await worker.press("More", "Another child", "Start another")
    await worker.press(*TO_ITEM_ONE[2:])
    await worker.finish()
    await ask(three, "Ask for a look")
    await manager.press("Open it")
    assert len(manager.record.tied) == 2

    await worker.pass_time(days=31)
    await fresh(manager)

    assert [*worker.record.heads, *manager.record.tied] == []


async def test_whoever_says_how_they_see_a_case_is_not_taken_away_from_it_by_another(three: Three) -> None:
    worker, manager, night = three
    await looks(three)
    await manager.press("How I see it", "Less urgent", "No", "Plan holds")
    night.bot = replace(night.bot, references=lambda: "CALM KETTLE 20")
    await night.begin()
    await night.finish()

    await night.press("More", "Ask somebody", "1 Dana Reid", "Ask for a look")
    await fresh(manager)
    assert "CALM KETTLE 20" in manager.text
    await manager.press("Continue", "Send it")
    await fresh(worker)

    assert [view.says for view in worker.session.result.views] == ["less"]
    await manager.command("look")
    await manager.press("CALM KETTLE 20")
    assert "Jo Ames asks you to look at a SERAF." in manager.text


async def test_whoever_asked_somebody_of_their_room_who_is_removed_goes_on(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Ask for a look")
    until = worker.clock.now() + timedelta(days=1)
    room = Shared("a room", "", until, (worker.person, manager.person))
    await worker.store.write(lambda t: t.rooms.keep(room, actor="", now=worker.clock.now()))
    await worker.pass_time(minutes=1)

    await by_operator(manager, removal(manager.clock.now()))
    await fresh(worker)

    assert ("your colleague cannot" in worker.text, worker.head.reference) == (True, REFERENCE)


@pytest.mark.parametrize("is_asker", [False, True])
async def test_whoever_was_asked_can_be_removed_in_the_chat(three: Three, is_asker: bool) -> None:
    worker, manager, night = three
    await ask(three, "Hand over")
    admin = worker if is_asker else night
    await admin.set(replace(admin.access, admission=replace(admin.access.admission, role=Role.ADMIN)))

    await admin.command("people", "Dana")
    await admin.press("Remove", "Remove for good")

    assert isinstance(read_account((await fresh(manager)).record.access), Removed)
    assert admin.toasts == ["people-remove"]
    await fresh(worker)
    assert worker.access.notices.news == "look-declined"
    assert worker.record.tied_to(REFERENCE) is not None


async def test_a_role_that_is_not_asked_can_be_given_in_the_chat_to_whoever_was_asked(three: Three) -> None:
    worker, manager, night = three
    await ask(three, "Hand over")
    await night.set(replace(night.access, admission=replace(night.access.admission, role=Role.ADMIN)))

    await night.command("people", "Dana")
    await night.press("Change role", "Trainer")

    assert (await fresh(manager)).access.admission.role is Role.TRAINER
    assert (await fresh(worker)).access.notices.news == "look-declined"


async def test_whoever_rehearses_can_open_what_they_are_asked_and_goes_on_with_the_rehearsal(three: Three) -> None:
    _, manager, _ = three
    await manager.command("rehearse", "ada")
    rehearsing = manager.text
    await ask(three, "Hand over")

    await manager.press("Read first")
    assert f"{REFERENCE} · Sam Reid’s SERAF · you are reading" in manager.text
    await manager.press("Back")
    assert manager.text == rehearsing
    await manager.command("look")
    await manager.press("Take it")

    assert [head.reference for head in manager.record.heads] == [REFERENCE]
    assert (f"{REFERENCE} · what to do" in manager.text, manager.record.rehearsal) == (True, "")


@pytest.mark.parametrize("key", ["Urgent", "Call"])
async def test_whom_to_call_for_a_real_case_lies_over_a_rehearsal(three: Three, key: str) -> None:
    _, manager, _ = three
    await manager.command("rehearse", "ada")
    await ask(three, "Hand over")
    asked = manager.text

    await manager.press(key)
    assert ("999" in manager.text, "REHEARSAL" in manager.text) == (True, False)
    await manager.press("Back")

    assert manager.text == asked


async def test_whoever_takes_a_case_over_in_a_rehearsal_keeps_the_rehearsals_that_they_did(three: Three) -> None:
    _, manager, _ = three
    rooms = History(counted_in=(("ABCD2345", "ada"),))
    done = encode_practice(Practice(stage=Stage.MENU, history=rooms))
    await manager._turn(lambda record, _: Decision(replace(record, rehearsal=done)))  # noqa: SLF001
    await ask(three, "Hand over")

    await manager.press("Take it")

    assert decode_practice(manager.record.rehearsal, manager.record.card) == Practice(history=rooms)


async def test_a_reminder_of_a_call_before_the_yes_takes_no_notice_away(three: Three) -> None:
    worker, _, night = three
    said = await code(three, "Ask for a look")
    await night.command("look", said)
    await fresh(worker)
    await worker.set_head(call=CallReminder(due=worker.clock.now(), is_said=True))

    await worker.press("Yes: let them read")
    await worker.pass_time(minutes=10)
    await worker.pin()

    assert "Jo Ames has not opened it yet" in worker.text


async def test_the_notice_that_nobody_opened_ones_own_request_takes_no_half_said_view_away(three: Three) -> None:
    worker, manager, night = three
    manager.bot = replace(manager.bot, references=lambda: "CALM KETTLE 20")
    await manager.begin()
    await manager.finish()
    await manager.press("More", "Ask somebody", "By a code", "Ask for a look")
    await night.command("look", read_sharing(manager.access.sharing).about)
    await fresh(manager)
    await manager.press("Yes: let them read")
    await looks(three)
    await manager.press("How I see it", "Less urgent", "No", "Plan holds")

    await later(three, minutes=10)
    await fresh(manager)
    assert "CALM KETTLE 20" in manager.text
    await manager.press("Continue", "Send it")
    await fresh(worker)

    assert [view.says for view in worker.session.result.views] == ["less"]


async def test_a_holder_is_told_of_each_request_that_nobody_opened(three: Three) -> None:
    worker, _, _ = three
    await ask(three, "Ask for a look")
    worker.bot = replace(worker.bot, references=lambda: "CALM KETTLE 20")
    await worker.press("More", "Another child", "Start another")
    await worker.press(*TO_ITEM_ONE[2:])
    await worker.finish()
    await ask(three, "Ask for a look")

    await later(three, minutes=10)
    await fresh(worker)

    assert (REFERENCE in worker.text, "CALM KETTLE 20" in worker.text) == (True, True)
