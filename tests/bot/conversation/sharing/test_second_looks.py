"""Whole cases that several people see: a worker, a manager and somebody of the night team, with one store and one clock."""

from dataclasses import replace
from random import Random

from bot.conversation.changes import giving_role, removal
from bot.storage.values import OwedDocument
from dialogs.core.acts import Share, ShareDeed, code_of
from dialogs.core.replies import Ring
from dialogs.core.role import Role
from dialogs.core.spoken import SIGNS, with_check
from seraf.advice.action_plan import CardLine, Urgency
from state_machines.assessment import Phase
from tests.support.people.visiting import REFERENCE, Visitor
from tests.support.second_look.three import Three, a_three, ask, code, fresh, later, looks, looks_by_code
from tests.support.shipped import SCRIPT

three = a_three()


async def test_a_look_shows_nothing_before_it_is_opened_and_everything_after(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Ask for a look")

    assert "Sam Reid asks you to look at a SERAF." in manager.text
    assert (manager.text.count(REFERENCE), "total" in manager.text) == (1, False)
    await manager.press("Open it")
    assert f"{REFERENCE} · Sam Reid’s SERAF · you are reading" in manager.text
    assert "total" in manager.text
    await manager.press("Answers")
    assert "Answers, page 1" in manager.text

    await fresh(worker)
    await worker.press("More", "Who has read it")
    assert "Dana Reid" in worker.text
    entries = [(entry.what, entry.who, entry.whom) for entry in await worker.entries() if entry.whom]
    assert entries == [
        ("asked-look", "00000007", "00000008"),
        ("opened", "00000008", "00000007"),
        ("read", "00000008", "00000007"),
    ]


async def test_a_look_that_the_holder_ends_is_over_at_the_next_tap(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Ask for a look")
    await manager.press("Open it")
    await fresh(worker)

    await worker.press("More", "Who has read it", "End 1")
    await manager.press("Answers")

    assert f"{REFERENCE} is no longer here for you." in manager.text


async def test_whoever_cannot_says_so_and_it_stays_with_the_holder(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Hand over")

    await manager.press("I cannot take it")
    await fresh(worker)

    assert "your colleague cannot" in worker.text
    assert [head.holder for head in worker.record.heads] == [worker.person]
    assert worker.record.tied_to(REFERENCE) is not None
    assert manager.record.tied == ()


async def test_a_case_is_taken_over_whole_at_three_in_the_morning(three: Three) -> None:
    worker, _, night = three
    await later(three, hours=15)
    before = worker.head
    said = await code(three, "Hand over")
    await night.command("look", said)
    assert (f"Say on the telephone: {REFERENCE}" in night.text, night.record.heads) == (True, ())
    await fresh(worker)
    await worker.press("Yes: offer it")
    await fresh(night)
    assert "Sam Reid wants to hand you a SERAF." in night.text

    await night.press("Take it")

    head = night.head
    assert (head.holder, head.raised_by, head.finished) == (night.person, worker.person, before.finished)
    assert "what to do" in night.text
    await fresh(worker)
    assert (worker.record.heads, worker.record.case) == ((), None)
    await worker.command("look")
    assert ("Jo Ames" in worker.text, "you are reading" in worker.text) == (True, False)
    await worker.press("Open it")
    assert f"{REFERENCE} · Jo Ames’s SERAF · you are reading" in worker.text
    assert (await worker.words())[-2:] == ["taken", "read"]


async def test_a_code_opens_nothing_before_the_yes_and_is_good_once(three: Three) -> None:
    worker, manager, night = three
    said = await code(three, "Ask for a look")
    await night.command("look", said)

    await night.tap(code_of(Share(ShareDeed.OPEN, REFERENCE)))
    assert "you are reading" not in night.text
    await manager.command("look", said)

    assert manager.toasts == ["share-code-over"]
    await fresh(worker)
    assert "Jo Ames" in worker.text
    await worker.press("No: end the code")
    await fresh(night)
    assert (night.record.tied, "you are reading" in night.text) == ((), False)


async def test_a_code_is_over_after_half_an_hour(three: Three) -> None:
    said = await code(three, "Ask for a look")
    await later(three, minutes=30)

    await three.night.command("look", said)

    assert three.night.toasts == ["share-code-over"]
    assert three.night.record.tied == ()


async def test_a_sign_that_was_misheard_costs_no_try(three: Three) -> None:
    said = await code(three, "Ask for a look")
    wrong = ("X" if said[0] != "X" else "K") + said[1:]
    for _ in range(20):
        await three.night.command("look", wrong)
        assert three.night.toasts == ["share-code-misheard"]

    await three.night.command("look", said)
    assert f"Say on the telephone: {REFERENCE}" in three.night.text


async def test_five_wrong_codes_close_codes_to_that_person_for_a_day_and_to_nobody_else(three: Three) -> None:
    _, manager, night = three
    draw = Random(5)
    for _ in range(5):
        await night.command("look", with_check("".join(draw.choices(SIGNS, k=9))))
        assert night.toasts == ["share-code-over"]
    said = await code(three, "Ask for a look")

    await night.command("look", said)
    assert night.toasts == ["share-code-closed"]

    await manager.command("look", said)
    assert f"Say on the telephone: {REFERENCE}" in manager.text
    assert (await night.words()).count("code-wrong") == 5


async def test_a_person_who_was_removed_reads_nothing_and_is_not_confirmed(three: Three) -> None:
    worker, manager, night = three
    await ask(three, "Ask for a look")
    await manager.press("Open it")
    said = await code(three, "Ask for a look")
    await night.command("look", said)
    for each in (manager, night):
        await each._turn(removal(each.clock.now()))  # noqa: SLF001

    assert (manager.card, night.card) == (None, None)
    assert (manager.record.tied, night.record.tied) == ((), ())
    await fresh(worker)
    tied = worker.record.tied_to(REFERENCE)
    assert tied is not None
    assert [tie.person for tie in tied.sharing.ties] == [worker.person]


async def test_a_role_that_is_not_asked_ends_a_look(three: Three) -> None:
    _, manager, _ = three
    await ask(three, "Ask for a look")
    await manager.press("Open it")

    await manager._turn(giving_role(Role.TRAINER, manager.clock.now()))  # noqa: SLF001

    assert manager.record.tied == ()


async def test_a_case_that_is_erased_is_gone_for_whoever_looks_at_it(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Ask for a look")
    await manager.press("Open it")
    await fresh(worker)

    await worker.command("erase")
    await worker.press("Erase now")
    await manager.press("Answers")

    assert f"{REFERENCE} is no longer here for you." in manager.text
    assert manager.record.tied == ()


async def test_of_two_who_were_asked_the_first_takes_it_and_the_other_reads_that_it_is_over(three: Three) -> None:
    worker, manager, night = three
    await ask(three, "Hand over")
    said = await code(three, "Hand over")
    await night.command("look", said)
    await fresh(worker)
    await worker.press("Yes: offer it")
    await fresh(night)

    await manager.press("Take it")
    await night.press("Take it")

    assert (len(manager.record.heads), night.record.heads) == (1, ())
    assert night.toasts == ["stale"]
    assert f"{REFERENCE} is no longer here for you." in night.text


async def test_a_locked_chat_says_no_reference(three: Three) -> None:
    _, manager, _ = three
    await manager.command("lock")
    await ask(three, "Ask for a look")

    assert ("A colleague asks you" in manager.text, REFERENCE in manager.text) == (True, False)


async def test_whom_to_call_lies_over_a_request_and_gives_it_back(three: Three) -> None:
    _, manager, _ = three
    await ask(three, "Ask for a look")

    await manager.press("Urgent")
    assert "asks you to look" not in manager.text
    await manager.press("Back")

    assert "asks you to look" in manager.text


async def test_only_two_are_asked_at_the_same_time(three: Three) -> None:
    worker, _, night = three
    await ask(three, "Ask for a look")
    await night.command("look", await code(three, "Ask for a look"))
    await fresh(worker)

    await worker.press("Yes: let them read", "More", "Ask somebody", "By a code", "Hand over")

    assert worker.toasts == ["share-two-requests"]


async def test_the_holder_is_told_after_ten_minutes_that_nobody_opened_it(three: Three) -> None:
    worker, _, _ = three
    await ask(three, "Ask for a look")

    await worker.pass_time(minutes=9, seconds=59)
    assert "has not opened it yet" not in worker.text
    await worker.pass_time(seconds=1)

    assert any(isinstance(effect, Ring) for effect in worker.effects)
    assert ("Nobody has opened what you asked" in worker.text, REFERENCE in worker.text) == (
        True,
        False,
    )  # it is locked
    await worker.pin()
    assert "Dana Reid has not opened it yet" in worker.text
    assert [head.holder for head in worker.record.heads] == [worker.person]


async def test_nobody_is_told_that_a_request_was_not_opened_that_was(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Ask for a look")
    await manager.press("Open it")

    await worker.pass_time(minutes=10)

    assert "has not opened it yet" not in worker.text


async def test_a_view_that_sees_more_raises_what_leads_for_both(three: Three) -> None:
    worker, manager, _ = three
    await looks(three)

    await manager.press("How I see it", "More urgent", "Call now", "Yes", "Not known", "Continue", "Send it")
    assert manager.toasts == ["share-viewed"]
    assert "call ART and make a referral" in manager.text
    await fresh(worker)

    assert "call ART and make a referral" in worker.text
    assert "Dana Reid, manager, sees" in worker.text  # who raised it, where it leads
    assert lead(worker) is Urgency.CALL
    assert worker.head.lead.urgency == Urgency.CALL  # in the list, and in what the next colleague is asked
    (view,) = worker.session.result.views
    assert (view.says, view.level, view.grounds, view.role, view.label) == (
        "more",
        "call",
        "yes",
        "manager",
        "Dana Reid",
    )
    await worker.press("More", "Both views")
    assert "Dana Reid, manager" in worker.text
    assert (await worker.words())[-1] == "viewed"


async def test_reasonable_grounds_raise_a_case_and_who_sees_them_is_named(three: Three) -> None:
    worker, manager, _ = three
    await looks(three)

    await manager.press("How I see it", "I see it the same", "Yes", "Send it")
    await fresh(worker)

    assert (lead(worker), "Dana Reid, manager, sees reasonable grounds." in worker.text) == (Urgency.CALL, True)


async def test_a_view_that_sees_less_stands_beside_and_lowers_nothing(three: Three) -> None:
    worker, manager, _ = three
    before = lead(worker)
    await looks(three)

    await manager.press("How I see it", "Less urgent", "No", "Plan holds")
    await manager.press("Continue", "Send it")
    await fresh(worker)

    assert (lead(worker), "Dana Reid" in worker.text) == (before, False)
    assert [view.says for view in worker.session.result.views] == ["less"]


async def test_the_document_of_the_next_holder_says_who_answered_who_looked_and_who_was_rung(three: Three) -> None:
    worker, manager, night = three
    await looks(three)
    await manager.press("How I see it", "More urgent", "Call now", "Not decided", "Not known", "Continue", "Send it")
    await fresh(worker)
    await night.command("look", await code(three, "Hand over"))
    await fresh(worker)
    await worker.press("Yes: offer it")
    await fresh(night)
    await night.press("Take it")

    owed = OwedDocument(night.person, REFERENCE, "text", night.clock.at)
    paper = night.bot.document(night.record, owed)
    assert paper is not None
    text = " ".join(paper.content.decode().split())
    assert "From: Jo Ames, practitioner" in text
    assert "Before: Sam Reid, practitioner" in text
    assert "Dana Reid, manager, Wed 4 Mar" in text
    assert "more urgent, call now" in text
    await fresh(worker)
    assert worker.bot.document(worker.record, replace(owed, person=worker.person)) is None


async def test_a_view_of_answers_that_changed_meanwhile_is_not_kept(three: Three) -> None:
    worker, manager, _ = three
    await looks(three)
    await manager.press("How I see it", "Less urgent", "No")
    await fresh(worker)
    progress = worker.head.progress
    await worker.set_head(progress=replace(progress, revision=progress.revision + 1))

    await manager.press("Continue", "Send it")

    assert manager.toasts == ["share-changed"]
    await fresh(worker)
    assert worker.session.result.views == ()


async def test_two_who_answer_at_once_both_stand(three: Three) -> None:
    worker, manager, night = three
    await looks(three)
    await fresh(worker)
    await looks_by_code(three)

    for each in (manager, night):
        await each.press("How I see it", "I see it the same", "Not decided")
    for each in (manager, night):
        await each.press("Send it")
    await fresh(worker)

    assert [view.label for view in worker.session.result.views] == ["Dana Reid", "Jo Ames"]


async def test_what_led_before_stays_the_floor_when_a_case_is_handed_on(three: Three) -> None:
    worker, manager, _ = three
    before = lead(worker)
    await ask(three, "Hand over")

    await manager.press("Take it")

    assert lead(manager) >= before
    assert manager.session.result.owed.floor == ("" if before is Urgency.PLAN else before.word)


def lead(visitor: Visitor) -> Urgency:
    view = visitor.session.view(SCRIPT.pack.instrument)
    return view.advice(SCRIPT.pack.guidance).leads[0].urgency


async def test_a_peers_no_is_not_the_talk_with_the_manager(three: Three) -> None:
    worker, manager, night = three
    await looks_by_code(three)
    await looks(three)
    for colleague, is_talk in ((night, False), (manager, True)):
        await fresh(colleague)
        assert ("This is that talk" in colleague.text) is is_talk
        await colleague.press("How I see it", "I see it the same", "No", "Send it")
        await fresh(worker)
        assert any(done.line is CardLine.MANAGER for done in worker.session.result.log) is is_talk


async def test_what_led_is_kept_when_a_case_is_taken_while_its_answers_are_looked_over(three: Three) -> None:
    worker, manager, _ = three
    await ask(three, "Hand over")
    await worker.press("Something changed", "Change answers")
    assert worker.session.phase is Phase.CHECK
    await fresh(manager)

    await manager.press("Take it")

    assert manager.session.result.owed.floor == "manager"
