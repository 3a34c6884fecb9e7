"""Tests of the taps on the action card: when a line is due, what closes it, what is asked next, and reminders."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.runtime.clock import local_time
from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.events import Occasion
from dialogs.core.replies import CallDone, CallDue
from dialogs.core.script import Script
from dialogs.result.actions import lines_of
from dialogs.result.call_taps import opened_again
from seraf.advice.action_log import Logged, is_closed
from seraf.advice.action_plan import CardLine
from seraf.advice.contacts import LocalTime
from seraf.form.responses import Responses
from tests.dialogs.turn.test_talking import ALL_NO
from tests.support.shipped import OCCASION, PACK, SCRIPT, TERMINAL, WORDING, at
from tests.support.talk.talking import Talk
from tests.support.talk.walking import faults_of_form

JUDGED_AGAIN = ("Something changed", "Change answers", "Continue")
"""The buttons that lead from a result back to the judgement."""

NIGHT, FRIDAY = (Occasion(at(each), "BRISK OTTER 41") for each in ("2026-03-04T23:40", "2026-11-13T16:45"))


def disclosed(script: Script = SCRIPT) -> Talk:
    return Talk(script).open_with(told="Yes").answer(ALL_NO).close().press("Not sure")


def due(talk: Talk) -> dict[CardLine, datetime]:
    return {each.line: each.due for each in lines_of(talk.session, talk.script, now=talk.occasion.now)}


def later(talk: Talk, **time: float) -> Talk:
    moment = LocalTime(talk.occasion.now.at + timedelta(**time))
    talk.occasion = replace(talk.occasion, now=moment)
    return talk


@pytest.mark.parametrize("time", [{"minutes": 5}, {"hours": 8}, {"days": 1}, {"days": 40}])
def test_when_a_line_is_due_is_fixed_once_it_was_shown(time: dict[str, float]) -> None:
    talk = disclosed()
    first = due(talk)

    later(talk, **time).press(*JUDGED_AGAIN, "Not sure", "The number", "Back")

    now = due(talk)
    assert {line: now.get(line, at) for line, at in first.items()} == first
    assert CardLine.CARE in now


def test_another_answer_brings_a_deadline_forward_and_never_back() -> None:
    talk = Talk().open_with(role="School").answer(ALL_NO).close().press("No")
    today = due(talk)[CardLine.CARE]
    talk.press(*JUDGED_AGAIN, "Yes")
    soon = due(talk)[CardLine.CARE]
    talk.press(*JUDGED_AGAIN, "No")

    assert soon < today
    assert due(talk)[CardLine.CARE] == soon


def test_the_card_of_a_line_fits_a_message_after_any_number_of_entries() -> None:
    session = Talk().open_with(told="Yes").answer(["Yes"] * 23 + ["Both"] * 7).close().press("Yes").session
    times = (OCCASION.now.at + timedelta(minutes=each) for each in range(9))
    words = (*["no-answer"] * 4, "cannot", "refused", "advised", "ring-back", "strategy")
    log = tuple(Logged("care", at.isoformat(), word, "art") for at, word in zip(times, words, strict=True))
    long = replace(session, result=replace(session.result, log=log), overlay=Overlay(Kind.ACTION, "care"))

    card = show(long, SCRIPT, OCCASION.now)

    assert faults_of_form(card, long.card) == []
    assert "strategy discussion set" in card.text


@pytest.mark.parametrize("tonight", ["Not tonight", "Not known"])
def test_nobody_waits_a_day_to_hear_where_a_child_is_safe_tonight(tonight: str) -> None:
    talk = Talk().open_with().answer(["No"] * 23 + ["Not in 12 months"] * 7)
    while talk.session.place != "V2":
        talk.press("Back")
    talk.press("Yes", "Now, or may be", tonight, "I called", "Referral taken")

    assert "within the hour where they will sleep" in talk.text
    assert "You should hear by" not in talk.text


@pytest.mark.parametrize(
    ("taps", "said"),
    [
        (("Cannot call",), "could not call. Who will? Check by 12:10."),
        (("I called", "No answer"), "no answer. ART 01454 866000 again by 12:10; then 101. Danger: 999."),
        (("I called", "Advice only", "Yes, I fear harm"), "Ask for their manager: your judgement counts."),
        (("I called", "Another agency", "No, not sure"), "another agency"),
    ],
)
def test_a_call_left_open_names_the_next_step(taps: tuple[str, ...], said: str) -> None:
    talk = disclosed().press("# Call", *taps)

    assert said in talk.text
    assert not is_closed(talk.session.result.log, CardLine.CARE)


def unanswered(talk: Talk, times: int, *, apart: int = 5) -> Talk:
    for _ in range(times):
        later(talk.press("# Call", "I called", "No answer", "Back"), minutes=apart)
    return talk


@pytest.mark.parametrize(
    ("begins", "times", "after", "said"),
    [
        (OCCASION, 1, {}, "12:00: no answer. ART 01454 866000 again by 12:10; then 101. Danger: 999."),
        (OCCASION, 2, {}, "12:05: no answer again. 101 now, and ART 01454 866000 every 15 minutes. Danger: 999."),
        (OCCASION, 3, {}, "12:10: no answer again. 101 now, and ART 01454 866000 every 15 minutes. Danger: 999."),
        (OCCASION, 4, {"days": 1}, "ART 01454 866000 again now; then 101."),
        (NIGHT, 1, {}, "23:40: no answer. Emergency Duty Team 01454 615165 again by 23:50; then 101. Danger: 999."),
        (NIGHT, 2, {"minutes": 15}, "no answer again. 101 now, and Emergency Duty Team 01454 615165 every 15 minutes."),
        (FRIDAY, 1, {}, "again by 16:55; then ART 01454 866000. Danger: 999."),
    ],
)
def test_the_number_to_ring_is_on_the_first_card_however_often_nobody_answers(
    begins: Occasion, times: int, after: dict[str, int], said: str
) -> None:
    """The office open at this hour is tried twice, since its hours are not confirmed, and then the police are named."""
    talk = Talk(occasion=begins).open_with(told="Yes").answer(ALL_NO).close().press("Not sure")

    assert said in later(unanswered(talk, times), **after).press("More", "Back").text


def test_a_social_worker_has_somebody_to_ring_next_too() -> None:
    day = Talk().open_with(told="Yes", role="Social worker").answer(ALL_NO).close().press("Yes")
    night = Talk(occasion=NIGHT).open_with(told="Yes", role="Social worker").answer(ALL_NO).close().press("Yes")

    for talk, second in ((day, "your manager"), (night, "Emergency Duty Team 01454 615165")):
        (number,) = [
            each.number for each in lines_of(talk.session, SCRIPT, now=talk.occasion.now) if each.line == "care"
        ]
        label = next(each for each in talk.labels if each.startswith(f"{number} "))
        talk.press(label, "I called", "No answer", "Back")
        assert f"; then {second}. Danger: 999." in talk.text


def test_calls_unanswered_by_day_stay_after_closing_time() -> None:
    talk = later(unanswered(disclosed(), 1), hours=6).press("More", "Back")

    assert "1 Call the Emergency Duty Team and make a referral" in talk.text
    assert "12:00: ART, no answer. Now Emergency Duty Team 01454 615165; then 101. Danger: 999." in talk.text
    talk.press("# Call", "I called")
    assert talk.text.endswith("18:05: you called. Emergency Duty Team: what came of it?")


def test_a_second_call_does_not_rewrite_the_first() -> None:
    text = unanswered(disclosed(), 3).press("# Call").text

    assert "12:00: ART, no answer.\n12:05: ART, no answer.\n12:10: no answer again." in text.replace("\n\n", "\n")


def test_the_log_keeps_whom_each_call_was_to() -> None:
    talk = unanswered(disclosed(), 2).press("# Call", "I called", "Referral taken")

    assert [(each.what, each.to) for each in talk.session.result.log] == [
        *[("called", "art"), ("no-answer", "art")] * 2,
        *(("called", "art"), ("referral", "art")),
    ]


def test_a_call_that_cannot_be_made_leaves_the_numbers_on_the_card() -> None:
    text = disclosed().press("# Call", "Cannot call", "Back").text

    assert "Check by 12:10. ART 01454 866000. No answer: again in 10 minutes, then 101." in text


def test_advice_alone_does_not_close_what_has_to_be_referred() -> None:
    """The child has disclosed and social care only gave advice: the line still says that a referral is needed."""
    talk = disclosed().press("# Call", "I called", "Advice only", "No, not now")

    assert "Your answers still call for a referral: ask them to take it, or for their manager." in talk.text
    assert not is_closed(talk.session.result.log, CardLine.CARE)
    assert "Remind me" in talk.labels


def test_advice_closes_a_call_for_advice() -> None:
    talk = Talk().open_with(role="School").answer(ALL_NO).close().press("No")

    talk.press("# Call", "I called", "Advice only", "No, not now")

    assert is_closed(talk.session.result.log, CardLine.CARE)


def test_a_999_call_made_at_the_danger_card_is_on_the_card_and_in_the_log() -> None:
    """The person called before answering any question. The bot asks for the outcome later, not for a second call."""
    talk = Talk().start().press("In danger", "I called", "Back")
    assert [(each.line, each.what, each.to) for each in talk.session.result.log] == [
        ("emergency", "called", "emergency")
    ]

    talk.press("Back", "No", "Yes", "13–15", "Form order").answer(ALL_NO).close().press("Yes")
    assert "12:00: called. What came of it?" in talk.text
    assert talk.press("# Call 999").labels[:3] == ["The police have it", "No answer", "Another agency"]
    talk.press("The police have it")
    assert any(each.endswith("Call 999") for each in talk.chosen)


def test_police_who_act_themselves_have_called_social_care() -> None:
    talk = Talk().start(role="Police").press("In danger", "I called")

    assert [(each.line, each.what, each.to) for each in talk.session.result.log] == [("care", "called", "art")]


def test_a_mistaken_tap_is_undone_one_at_a_time() -> None:
    talk = disclosed().press("# Lead", "Done").press("# Call", "I called", "Referral taken", "Tapped by mistake")
    assert [each.what for each in talk.session.result.log] == ["done", "called"]

    talk.press("Tapped by mistake")
    assert [each.what for each in talk.session.result.log] == ["done"]
    assert talk.labels[:2] == ["I called", "Cannot call"]


@pytest.mark.parametrize(("outcome", "minutes"), [("No answer", 10), ("Referral taken", 24 * 60)])
def test_a_reminder_comes_when_it_is_of_use(outcome: str, minutes: int) -> None:
    talk = disclosed().press("# Call", "I called", outcome, "Remind me")

    assert CallDue(OCCASION.now.at + timedelta(minutes=minutes)) in talk.effects
    assert talk.toasts == ["call-reminder"]


def test_a_reminder_for_a_time_that_is_past_is_not_promised() -> None:
    talk = disclosed().press("# Call", "I called", "No answer")

    later(talk, hours=1).press("Remind me")

    assert talk.toasts == ["call-reminder-past"]
    assert not any(isinstance(effect, CallDue) for effect in talk.effects)


def test_reminders_end_once_every_call_is_closed_and_not_before() -> None:
    talk = disclosed().press("# Call", "I called", "Referral taken")
    assert CallDone() not in talk.effects

    talk.press("Back", "# Police", "I called", "The police have it")
    assert CallDone() in talk.effects


@pytest.mark.parametrize("kind", [Kind.ACTION, Kind.OUTCOME])
def test_a_line_that_an_answer_removed_is_explained_and_leads_back(kind: Kind) -> None:
    talk = disclosed().press("# Call")
    gone = replace(talk.session, overlay=Overlay(kind, "plan"))
    talk.session = gone
    talk.type()

    assert "This is no longer on the card: an answer was changed." in talk.text
    assert talk.labels == ["Back", "Urgent"]
    assert talk.press("Back").session.overlay is None


@pytest.mark.parametrize(("hours", "is_late"), [(9.3, False), (9.5, False), (10.5, True), (18, True)])
def test_a_call_promised_to_an_office_stays_once_it_opens(hours: float, *, is_late: bool) -> None:
    """A call due at ten is shown overnight, after the office opens, and, once it is overdue, until the next evening."""
    talk = Talk(occasion=NIGHT).open_with(told="Yes").answer(ALL_NO).close().press("Not sure")
    talk.press("# Call", "I called", "Referral taken", "Back")

    later(talk, hours=hours).press("More", "Back")

    assert f"Tell ART what you did · {'was due by' if is_late else 'by'} 10:00" in talk.text
    late = {
        each.line for each in lines_of(talk.session, SCRIPT, now=talk.occasion.now) if each.is_late(talk.occasion.now)
    }
    assert (CardLine.NEXT in late) is is_late
    talk.press("# Office", "I called", "Referral taken")
    assert is_closed(talk.session.result.log, CardLine.NEXT)


@pytest.mark.parametrize("taps", [(), ("# Call", "I called", "Referral taken", "Back")])
def test_the_duty_of_a_school_is_one_line_by_day_and_by_night(taps: tuple[str, ...]) -> None:
    talk = Talk().open_with(role="School").answer(ALL_NO).close().press("No").press(*taps)
    before = due(talk)

    later(talk, hours=6).press("More", "Back")

    (line,) = [each for each in lines_of(talk.session, SCRIPT, now=talk.occasion.now) if "ART" in each.planned.title]
    assert (line.line, line.due, line.is_closed) == (CardLine.CARE, before[CardLine.CARE], bool(taps))
    assert talk.text.count("Discuss the concern with ART") == (0 if taps else 1)


@pytest.mark.parametrize(
    ("told_at", "said"),
    [
        ("2026-10-24T11:00", "You should hear by Sun 25 Oct, 11:00"),
        ("2026-03-28T12:00", "You should hear by Sun 29 Mar, 13:00"),
    ],
)
def test_a_time_over_a_change_of_clocks_is_that_of_the_clock_there(told_at: str, said: str) -> None:
    """Social care has 24 hours to answer. The end of that period is shown in local time, with its reminder."""
    occasion = Occasion(local_time(datetime.fromisoformat(f"{told_at}+00:00")), "BRISK OTTER 41")
    talk = Talk(occasion=occasion).open_with(told="Yes").answer(ALL_NO).close().press("Not sure")

    assert said in talk.press("# Call", "I called", "Referral taken").text


def test_a_past_day_is_named_by_its_date() -> None:
    """A past day named by its weekday would be taken for a day of the coming week."""
    talk = later(Talk().open_with(role="School").answer(ALL_NO).close().press("No"), days=1).press("More", "Back")

    assert "Discuss the concern with ART · was due by 4 Mar" in talk.text
    assert "Agree which trusted adult the child can talk to · by Wed 17:00" in talk.text


@pytest.mark.parametrize(
    ("fact", "answer", "said"),
    [
        ("age", "18-25", "Your leaving care manager again by 12:10; then ART 01454 866000."),
        ("lives_elsewhere", "yes", "The home council again by 12:10; then ART 01454 866000."),
    ],
)
def test_the_person_on_the_line_is_rung_before_the_general_numbers(fact: str, answer: str, said: str) -> None:
    talk = Talk().open_with(told="Yes", role="Leaving care").answer(ALL_NO).close().press("Yes")
    talk.session = replace(talk.session, answers=talk.session.answers.give(fact, answer))
    talk.press("More", "Back")

    talk.press(next(each for each in talk.labels if each.endswith(" Call")), "I called", "No answer", "Back")

    assert f"12:00: no answer. {said}" in talk.text


def test_at_night_the_morning_line_names_the_team_to_ring() -> None:
    talk = Talk(occasion=NIGHT).open_with(told="Yes").answer(ALL_NO).press("Yes", "First").rest()
    talk.press("Continue", "Yes", "# Office", "I called", "No answer")

    assert [(each.what, each.to) for each in talk.session.result.log] == [("called", "own"), ("no-answer", "own")]
    assert "the allocated team" in talk.text


def test_a_late_line_comes_first_with_its_due_time() -> None:
    talk = disclosed().press("# Call", "I called", "Referral taken", "Back")

    later(talk, days=1).press("More", "Back")

    assert "was due Wed 4 Mar, 12:30, and 3 more." in talk.text
    assert talk.text.index("Not done yet") < talk.text.index("Called ART")


@pytest.mark.parametrize("line", ["# Call", "# Police"])
@pytest.mark.parametrize("time", [{"hours": 3}, {"days": 1}, {"days": 40}])
def test_a_call_that_was_made_is_not_overdue_and_never_settled_before_its_outcome(
    line: str, time: dict[str, float]
) -> None:
    """Until its outcome is tapped, the line has no tick and is listed first on the card, as open."""
    talk = disclosed()
    overdue = _overdue(later(talk, **time).press("More", "Back"))

    talk.press(line, "I called").command("pause").press("Resume")

    assert _overdue(talk) == overdue - 1
    assert "Called, no outcome yet: 1." in talk.text
    assert "called. What came of it?" in talk.text
    assert not talk.chosen
    assert _overdue(talk.press(line, "Tapped by mistake", "Back")) == overdue


def _overdue(talk: Talk) -> int:
    found = re.search(r"Not done yet: .*?, was due .*?(?:, and (\d+) more)?\.", talk.text)
    assert found is not None
    return 1 + int(found[1] or 0)


def test_999_that_was_rung_is_open_under_its_lead_and_not_overdue() -> None:
    """Nothing is shown above 999, and the card still asks for the outcome of the call."""
    talk = (
        Talk()
        .start()
        .press("In danger", "I called", "Back", "Back", "No", "Yes", "13–15", "Form order")
        .answer(ALL_NO)
        .close()
        .press("Yes")
    )

    later(talk, minutes=2).press("More", "Back")

    assert talk.session.result.log[-1].what == "called"
    assert "Not done yet: Call 999" not in talk.text
    assert talk.text.index("999") < talk.text.index("Called, no outcome yet: 1.")


def test_nothing_is_late_on_a_card_that_asks_for_nothing_now() -> None:
    talk = Talk().open_with(role="Another role").answer(ALL_NO).close().press("No")

    assert "Not done yet" not in later(talk, days=1).press("More", "Back").text


def test_a_terminal_offers_no_reminder() -> None:
    talk = disclosed(Script(PACK, WORDING, TERMINAL)).press("# Call", "I called", "No answer")

    assert "Remind me" not in talk.labels


@pytest.mark.parametrize(
    ("before", "after", "is_new"),
    [
        ({"danger": "no"}, {"danger": "yes"}, True),
        ({"danger": "yes"}, {"danger": "yes", "missing_now": "yes"}, True),
        ({"missing_now": "yes"}, {"danger": "yes", "missing_now": "no"}, True),
        ({"safe": "yes"}, {"safe": "danger"}, True),
        ({"danger": "yes"}, {"danger": "yes"}, False),
        ({"danger": "yes"}, {"danger": "no"}, False),
        ({"safe": "danger"}, {"safe": "yes"}, False),
    ],
)
def test_a_call_about_one_danger_does_not_cover_another(
    before: dict[str, str], after: dict[str, str], is_new: bool
) -> None:
    """A danger that replaces another needs a new call. The earlier taps stay in the log."""
    done = (Logged("emergency", NIGHT.now.at.isoformat(), "taken"),)
    first, then = (
        replace(
            disclosed().session,
            answers=replace(disclosed().session.answers, around=Responses.of(answers)),
            result=replace(disclosed().session.result, log=done),
        )
        for answers in (before, after)
    )

    again = opened_again(first, then, occasion=NIGHT)

    assert is_closed(again.result.log, CardLine.EMERGENCY) is not is_new
    assert again.result.log[:1] == done


def test_repeated_outcomes_show_once_with_the_latest_time() -> None:
    line, talk = CardLine.CARE, disclosed()
    times = [OCCASION.now.at + timedelta(minutes=10 * number) for number in range(6)]
    kinds = ("cannot", "no-answer", "agency-unsure", "cannot", "no-answer", "cannot")
    log = tuple(Logged(line, at.isoformat(), what, "art") for at, what in zip(times, kinds, strict=True))
    session = replace(
        talk.session, overlay=Overlay(Kind.ACTION, str(line)), result=replace(talk.session.result, log=log)
    )

    text = show(session, SCRIPT, talk.occasion.now).text

    assert [f"{each:%H:%M}: " in text for each in times] == [False, True, True, False, True, True]


def test_once_social_care_took_a_referral_nobody_is_told_to_decide_on_one() -> None:
    """The safeguarding lead is told of the referral instead. After advice alone, the decision is still open."""
    talk = (
        Talk().open_with(role="School").answer([*ALL_NO[:-4], "Past 6 months", *ALL_NO[-3:]]).close().press("Not sure")
    )
    assert "whether to refer" in talk.text

    talk.press("# Call", "I called", "Referral taken", "Back")

    assert "whether to refer" not in talk.text
    assert "that you have referred" in talk.text


@pytest.mark.parametrize("pressed", [("Will ring back", "In an hour"), ("Not accepted",)])
def test_the_number_stays_on_the_card_until_the_call_is_settled(pressed: tuple[str, ...]) -> None:
    """A person who was promised a call back, or whose referral was refused, calls again; the deadline does not move."""
    talk = disclosed().press("# Call", "I called", *pressed, "Back")

    assert "ART 01454 866000" in talk.text.partition("\n2 ")[0]
    assert "12:30" in talk.text.partition("\n2 ")[0]


def test_a_late_resumption_of_a_stop_is_marked_as_late() -> None:
    talk = Talk().start().press("Neither", "Yes", "Finish later")

    later(talk, hours=1).press("Resume")

    assert "was due by 12:30" in talk.text


def test_nobody_who_rang_101_in_vain_is_told_to_ring_101_after_it() -> None:
    talk = disclosed().press(
        "# Call", "I called", "Referral taken", "Back", "# Police", "I called", "No answer", "Back"
    )

    assert "Ring 101 again by 12:10" in talk.text.splitlines()[2]
    assert "then 101" not in talk.text
