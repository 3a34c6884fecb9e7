"""Tests of administrators' acts on people in the chat: what each changes, the next card, and who may not do it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from bot.access.account import MOST_TRIES, Account, Removed, read_account
from bot.access.admission import plain_code
from bot.conversation.changes import holding
from bot.conversation.people.deeds import DONE
from bot.conversation.people.rosters import PeopleSeen, card_after
from bot.runtime.clock import local_time
from bot.storage.values import Decide, Decision, Done, Inbound, Reminder, Shared, SignIn
from dialogs.core.acts import OF_TEAMS, Administer, Copy, PeopleDeed, code_of
from dialogs.core.role import GIVEN, Role
from dialogs.people.cards import home_card, person_card
from dialogs.people.roster import Colleague, Roster, deeds_on
from dialogs.people.team_cards import Viewer
from docs.phone.measure import VISIBLE, height
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN
from tests.support.people.staff import fresh, staffed, standing
from tests.support.people.visiting import REFERENCE, START, Visitor
from tests.support.shipped import SCRIPT

SAM, BEA = standing("Sam"), standing("Bea", Role.MANAGER, days=10)
OTHER = standing("Other admin", Role.ADMIN, days=10)


async def test_the_first_card_counts_people_and_problems() -> None:
    ann, _ = await staffed(SAM, BEA, altered(standing("Cy"), tries=MOST_TRIES))
    await ann.begin()
    before = ann.text

    await ann.command("people")

    assert ann.text.splitlines()[0] == "People"
    assert "Let in: 4." in ann.text
    assert ann.labels == ["Everybody", "Invite", "Runs out soon (1)", "Locked out (1)", "Close"]
    await ann.press("Everybody")
    assert "1. Ann: administrator, until 2 June 2026\n2. Bea: manager, until 14 March 2026\n3. Cy: pract" in ann.text
    await ann.press("Back", "Close")
    assert ann.text == before


async def test_each_act_changes_its_person_and_is_audited_by_whom() -> None:
    ann, (sam,) = await staffed(altered(SAM, until=START + timedelta(days=2)))
    await sam.begin()

    await ann.command("people", "sam")
    assert "Let in until 6 March 2026." in ann.text
    await ann.press("Renew")
    assert "Let in until 2 June 2026." in ann.text
    assert (await fresh(sam)).access.admission.until == START + timedelta(days=90)
    assert "item 1 of 30" in sam.text, "whoever is renewed goes on where they are"

    await ann.press("Change role", "Manager")
    assert "Manager. Let in until" in ann.text
    assert (await fresh(sam)).access.admission.role is Role.MANAGER
    assert "Tap your PIN" in sam.text
    await sam.pin()
    assert "item 1 of 30" in sam.text

    await ann.press("Lock now")
    assert (await fresh(sam)).access.door.is_locked
    ids = ann.access.audit_id, sam.access.audit_id
    said = [(each.who, each.what, each.reference) for each in await ann.entries() if each.who == ids[0]]
    assert said == [(ids[0], what, ids[1]) for what in ("renewed", "role-manager", "locked")]
    assert ann.outcome is not None


async def test_an_administrator_unlocks_a_chat_and_resets_a_pin() -> None:
    ann, (sam,) = await staffed(altered(SAM, tries=MOST_TRIES, wrong_since=START))

    await ann.command("people")
    await ann.press("Locked out (1)", "1")
    assert "was it them?" in ann.text
    await ann.press("Unlock")
    assert "Unlock" not in ann.labels
    await fresh(sam)
    await sam.pin()
    assert f"Wrong PINs here since 4 March 2026, 12:00: {MOST_TRIES}" in sam.text

    await ann.press("New PIN")
    assert "by a number that you know is theirs" in ann.text
    await ann.press("New PIN now")
    assert "Choose a PIN" in (await fresh(sam)).text
    assert [each.what for each in await ann.entries()] == ["unlocked", "unlocked", "renewed"]


async def test_a_removal_is_asked_about_and_is_for_good() -> None:
    ann, (sam,) = await staffed(SAM)
    await sam.begin()

    await ann.command("people", "SAM")
    await ann.press("Remove")
    assert "This is for good" in ann.text
    assert (await fresh(sam)).record.case is not None
    await ann.press("Remove for good")

    assert isinstance(read_account((await fresh(sam)).record.access), Removed)
    assert sam.record.case is None
    assert "Let in: 1." in ann.text
    assert ann.toasts == ["people-remove"]
    assert [each.what for each in await ann.entries()] == ["begun", "removed", "erased-on-removal"]
    await sam.start()
    assert not isinstance(sam.outcome, Done)


async def test_all_whose_access_runs_out_soon_are_renewed_but_oneself() -> None:
    over, barred = standing("Cy", days=-1), altered(standing("Di", days=3), tries=MOST_TRIES)
    ann, (bea, other, cy, di) = await staffed(BEA, OTHER, over, barred, days=5)

    await ann.command("people")
    assert "Your own access runs out on 9 March 2026. Another administrator renews it" in ann.text
    await ann.press("Runs out soon (4)")
    assert "Bea" in ann.text
    assert "Cy" not in ann.text
    await ann.press("Renew all (3)")
    assert "Renew 3 people?" in ann.text
    assert "Never used" not in ann.text
    assert (await fresh(bea)).access.admission.until == BEA.admission.until, "it is asked first"
    await ann.press("Renew all now")

    new = START + timedelta(days=90)
    for each in (bea, other, di):
        assert (await fresh(each)).access.admission.until == new
    assert (await fresh(di)).access.pin.tries == MOST_TRIES
    assert (await fresh(cy)).access.admission.until == over.admission.until
    assert (await fresh(ann)).access.admission.until == START + timedelta(days=5)
    assert ann.labels == ["Everybody", "Invite", "Runs out soon (1)", "Locked out (1)", "Close"]
    assert [each.what for each in await ann.entries()] == ["renewed"] * 3


async def test_people_who_never_used_their_access_come_last_in_the_list() -> None:
    ada = altered(standing("Ada", days=10), seen=None, opened=None, pin="", noticed=None)
    ann, _ = await staffed(BEA, OTHER, ada)

    await ann.command("people")
    await ann.press("Runs out soon (3)")

    assert [line.split(":")[0] for line in ann.text.splitlines() if line[:1].isdigit()] == [
        *("1. Bea", "2. Other admin", "3. Ada")
    ]
    assert ann.text.count("Never used") == 1
    await ann.press("Renew all (3)")
    assert "Never used by 1: Ada." in ann.text
    await ann.press("Back")
    assert "1. Bea" in ann.text


@pytest.mark.parametrize(
    ("changes", "locked", "opened_by"),
    [
        ({}, True, "pin"),
        ({"is_locked": True}, False, "pin"),
        ({"pin": ""}, True, "new-pin"),
        ({"pin": "", "opens_by_sign_in": True}, True, "sign-in"),
        ({"tries": MOST_TRIES}, True, "unlocking"),
        ({"tries": MOST_TRIES, "is_locked": True}, False, "unlocking"),
        ({"until": START}, True, "renewal"),
    ],
)
async def test_a_lock_is_answered_with_what_opens_the_chat_now(
    changes: dict[str, Any], opened_by: str, *, locked: bool
) -> None:
    ann, (sam,) = await staffed(altered(SAM, **changes))
    await ann.command("people", "Sam")

    await ann.press("Lock now")

    assert ann.toasts == ["people-lock" if locked else "people-was-locked", f"people-opened-by-{opened_by}"]
    assert (await fresh(sam)).access.door.is_locked
    assert await ann.words() == (["locked"] if locked else [])


async def test_a_card_with_a_button_of_another_release_is_not_shown() -> None:
    ann, _ = await staffed()
    await ann.begin()
    before = ann.text
    await ann.command("people")
    how = code_of(Administer(PeopleDeed.HOW))
    assert how in ann.access.people_card

    await ann.set(altered(ann.access, desk=ann.access.people_card.replace(how, "of-later")))

    assert ann.text == before
    await ann.command("people")
    assert "Let in: 1." in ann.text


async def test_a_code_is_shown_once_and_lets_its_person_in() -> None:
    ann, _ = await staffed()

    await ann.command("people", "Duty desk 3")
    assert "Invite “Duty desk 3”?" in ann.text
    assert ann.labels == ["Practitioner", "Manager", "Trainer", "Auditor", "Several", "Back"]
    await ann.press("Trainer")
    found = re.search(r"^/start (\S+)$", ann.text, re.MULTILINE)
    assert found is not None
    assert "until 11 March 2026, 12:00" in ann.text
    await ann.press("Done")
    assert found[1] not in ann.record.access
    await ann.press("Invitations (1)")
    assert "1. Duty desk 3: trainer, until 11 March 2026" in ann.text
    new = await Visitor("telegram:9", beside=ann).start(plain_code(found[1]))
    assert (new.access.admission.role, new.access.admission.name) == (Role.TRAINER, "Duty desk 3")
    await ann.press("1")
    assert "Trainer. Let in until" in ann.text, "they came in meanwhile"
    said = [(each.who, each.what, each.reference) for each in await ann.entries()]
    assert said == [(ann.access.audit_id, "invited", new.access.audit_id), (new.access.audit_id, "admitted", "")]


async def test_several_are_invited_by_one_tap_each_with_a_code_of_their_own() -> None:
    ann, _ = await staffed()

    await ann.command("people", "Night shift")
    await ann.press("Several")
    assert "How many people as “Night shift”?" in ann.text
    assert ann.labels == [*map(str, range(2, 11)), "Back"]
    await ann.press("10")
    assert "Invite 10 people as “Night shift”?" in ann.text
    assert ann.labels == ["Practitioner", "Manager", "Trainer", "Auditor", "Back"]
    await ann.press("Trainer")
    codes = re.findall(r"^\d+\. /start (\S+)$", ann.text, re.MULTILINE)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert "10 codes for Night shift" in ann.text
    assert ann.card is not None
    assert [each.act.text for each in ann.card.buttons if isinstance(each.act, Copy)] == [
        f"/start {each}" for each in codes
    ]
    assert height(ann.card) <= VISIBLE
    await ann.press("Done")
    assert not any(each in ann.record.access for each in codes)

    third = await Visitor("telegram:9", beside=ann).start(plain_code(codes[2]))
    assert (third.access.admission.role, third.access.admission.name) == (Role.TRAINER, "Night shift 3")
    again = await Visitor("telegram:10", beside=ann).start(plain_code(codes[2]))
    assert again.record.access == ""
    invited = [each.reference for each in await ann.entries() if each.what == "invited"]
    assert (len(invited), len(set(invited)), third.access.audit_id) == (10, 10, invited[2])
    assert len(await ann.store.read(lambda t: t.invitation_codes.valid(ann.clock.now()))) == 9


async def test_several_have_labels_that_are_no_longer_than_one() -> None:
    ann, _ = await staffed()

    await ann.command("people", "x" * 40)
    await ann.press("Several", "10", "Auditor", "Done", "Invitations (10)")

    assert f"1. {'x' * 37} 1: auditor" in ann.text


async def test_an_invitation_that_is_withdrawn_lets_nobody_in() -> None:
    ann, _ = await staffed()
    await ann.command("people", "Duty desk 3")
    await ann.press("Auditor")
    found = re.search(r"^/start (\S+)$", ann.text, re.MULTILINE)
    assert found is not None

    await ann.press("Done", "Invitations (1)", "1", "Withdraw")

    assert "None is open." in ann.text
    new = await Visitor("telegram:9", beside=ann).start(plain_code(found[1]))
    assert new.record.access == ""
    first, last = await ann.entries()
    assert (first.what, last.what, last.reference) == ("invited", "withdrawn", first.reference)


async def test_an_invitation_used_meanwhile_is_not_reported_as_withdrawn() -> None:
    ann, _ = await staffed()
    await ann.command("people", "Duty desk 3")
    await ann.press("Auditor")
    found = re.search(r"^/start (\S+)$", ann.text, re.MULTILINE)
    assert found is not None
    await ann.press("Done", "Invitations (1)", "1")
    await Visitor("telegram:9", beside=ann).start(plain_code(found[1]))

    await ann.press("Withdraw")

    assert ann.toasts == ["people-gone"]
    assert await ann.words() == ["invited", "admitted"]


async def test_removing_a_person_with_a_held_case_leaves_nothing_but_the_case() -> None:
    ann, (sam, bea) = await staffed(SAM, BEA)
    await sam.begin()
    store, now = ann.store, ann.clock.now()
    room = Shared("ABCD2345", "{}", now + timedelta(days=1), (bea.person, sam.person))
    reminder = Reminder(sam.person, REFERENCE, now + timedelta(days=30))
    kept = SignIn("secret", sam.person, now + timedelta(hours=1))
    filling: tuple[Decide, ...] = (
        holding(REFERENCE, now),
        lambda record, _: Decision(record, (), (room, reminder, kept)),
    )
    for number, decide in enumerate(filling):
        await store.turns([Inbound(f"before {number}", now, sam.person, decide, None)])

    await ann.command("people", "Sam")
    await ann.press("Remove", "Remove for good")

    assert [head.held for head in (await fresh(sam)).record.heads] == [True]
    assert await store.read(lambda t: t.sign_ins.find("secret", now)) is None
    assert await store.read(lambda t: t.reminders.due(now + timedelta(days=365))) == ()
    assert await store.passes.room(room.name, now) is None


@pytest.mark.parametrize("words", ["x" * 41, "a\nb"])
async def test_a_label_that_is_too_long_is_refused(words: str) -> None:
    ann, _ = await staffed()

    await ann.command("people", words)

    assert ann.toasts == ["people-long"]
    assert words not in ann.record.access


async def test_nobody_acts_on_themselves_or_on_another_administrator() -> None:
    ann, (other,) = await staffed(OTHER)

    await ann.command("people", "Ann")
    assert ann.labels == ["Back"]
    for whom in (ann, other):
        for deed in PeopleDeed:
            await ann.command("people", whom.access.admission.name)
            may_renew = whom is other and deed is PeopleDeed.RENEW
            for about in (whom.access.audit_id, *(f"{whom.access.audit_id}:{role}" for role in Role)):
                if not (may_renew and about == whom.access.audit_id) and deed is not PeopleDeed.HOME:
                    await ann.tap(code_of(Administer(deed, about)))
                    assert ann.toasts == ["no-button"]
    assert await ann.words() == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_no_other_role_can_do_any_of_it_by_command_or_by_any_button(role: Role) -> None:
    sam, (bea,) = await staffed(BEA, role=role)
    ann = await Visitor("telegram:5", beside=sam).set(standing("Dee", Role.ADMIN))
    await ann.command("people", "Bea")
    await sam.set(altered(sam.access, desk=ann.access.people_card))
    everybody, text = await sam.store.everyone(), sam.text
    assert "Bea" not in text

    for deed in PeopleDeed:
        for about in (
            "",
            bea.access.audit_id,
            f"{bea.access.audit_id}:manager",
            sam.access.audit_id,
            "all:1",
            "trainer",
        ):
            await sam.tap(code_of(Administer(deed, about)))
            assert sam.toasts == (["no-button"] if deed in OF_TEAMS and role is Role.MANAGER else ["role"])
    await sam.command("people", "Bea")
    assert sam.toasts == ["role"]

    assert sam.text == text
    assert [each for each, _ in await sam.store.everyone() if each.person != sam.person] == [
        each for each, _ in everybody if each.person != sam.person
    ]
    assert await sam.words() == []
    assert await sam.store.read(lambda t: t.invitation_codes.valid(sam.clock.now())) == ()


async def test_a_former_administrator_is_refused_at_the_next_tap() -> None:
    ann, _ = await staffed(SAM)
    boss = await Visitor("telegram:5", beside=ann).set(standing("Dee", Role.ADMIN))
    await ann.command("people", "Sam")
    code, card = code_of(Administer(PeopleDeed.RENEW, SAM.audit_id)), ann.record.card
    await boss.set(boss.access)
    await ann.set(altered(ann.access, role=Role.MANAGER))

    await ann.tap(code, card)

    assert ann.toasts == ["role"]
    assert "Sam" not in ann.text
    assert ann.access.people_card == ""
    assert await ann.words() == []


async def test_cards_of_people_go_when_the_chat_locks_and_when_something_else_is_asked() -> None:
    ann, _ = await staffed(SAM)
    await ann.command("people", "Sam")
    old = ann.record.card

    await ann.command("call")
    assert "I am worried that a child may be" in ann.text
    await ann.tap(code_of(Administer(PeopleDeed.REMOVE, SAM.audit_id)), old)
    assert ann.toasts == ["stale"]

    await ann.command("people", "Sam")
    await ann.type()
    assert (ann.toasts, ann.text.splitlines()[0]) == (["typed"], "Sam")
    await ann.pass_time(minutes=11)
    assert "Tap your PIN" in ann.text
    assert ann.access.people_card == ""
    await ann.pin(PIN)
    assert "Sam" not in ann.text


async def test_an_administrator_taps_the_pin_again_after_a_while() -> None:
    """Somebody who finds an administrator's unlocked phone must not be able to admit people."""
    ann, _ = await staffed(SAM)
    await ann.command("lock")
    await ann.pin()
    for _ in range(3):
        ann.later(minutes=4)
        await ann.command("contacts")

    await ann.command("people")

    assert (ann.toasts, ann.access.door.is_locked) == (["people-pin"], True)
    await ann.pin()
    await ann.command("people")
    for _ in range(3):
        ann.later(minutes=4)
        await ann.press("Everybody", "Back")
    await ann.press("Close")
    assert await ann.words() == ["locked", "unlocked", "locked", "unlocked"]


@pytest.mark.parametrize("meanwhile", [Removed(), altered(SAM, role=Role.ADMIN)])
async def test_a_tap_on_a_person_changed_meanwhile_is_answered_with_that(meanwhile: Account | Removed) -> None:
    ann, (sam,) = await staffed(SAM)
    await ann.command("people", "Sam")
    await sam.set(meanwhile)

    await ann.press("Lock now")

    assert ann.toasts == ["people-gone"]
    assert await ann.words() == []


async def test_many_people_are_on_several_cards_that_fit() -> None:
    ann, _ = await staffed(*(standing(f"{number:02} Team {'x' * 30}") for number in range(20)))

    await ann.command("people")
    await ann.press("Everybody")
    seen: list[str] = []
    while True:
        assert ann.card is not None
        assert len(ann.text) <= 1000
        page = [line.split(": ")[0].split(". ", 1)[1] for line in ann.text.splitlines() if re.match(r"\d\. ", line)]
        seen += page
        if "Next page" not in ann.labels:
            break
        await ann.press("Next page")

    assert (len(seen), len(set(seen))) == (21, 21)
    await ann.press("1")
    assert page[0] in ann.text
    await ann.command("people", "team")
    assert "And 14 more" in ann.text
    assert all(not isinstance(each.act, Copy) for each in ann.card.buttons)
    assert set(GIVEN) == set(Role) - {Role.ADMIN}


COLLEAGUE = Colleague("p1", "Sam", Role.PRACTITIONER, date(2026, 6, 2), is_barred=True)
NOBODY, HERE = Roster((), ()), Roster((COLLEAGUE,), ())
ANN = Viewer("a1", Role.ADMIN, local_time(START))
OF_SOMEBODY = ("person", "renew", "unlock", "lock", "new-pin", "ask-pin", "ask-remove", "roles", "offer")


@pytest.mark.parametrize("deed", [*OF_SOMEBODY, "role", "invite", "several"])
def test_an_act_on_nobody_leads_to_the_first_card(deed: str) -> None:
    act = Administer(PeopleDeed(deed), "p1:manager" if deed == "role" else "p1")

    assert card_after(act, PeopleSeen(NOBODY, SCRIPT, ANN)) == home_card(NOBODY, SCRIPT)


def test_a_used_invitation_shows_its_person() -> None:
    after = card_after(Administer(PeopleDeed.OFFER, "p1"), PeopleSeen(HERE, SCRIPT, ANN))

    assert after == person_card(COLLEAGUE, SCRIPT)


def test_every_deed_that_is_offered_about_somebody_changes_them() -> None:
    assert set(deeds_on(COLLEAGUE)) == {*DONE, PeopleDeed.PUT}
