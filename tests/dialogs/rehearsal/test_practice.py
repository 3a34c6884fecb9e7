"""What is rehearsed as text: it comes back as it was, and what a newer release wrote is left alone."""

import json
from dataclasses import replace

from dialogs.core.session import fresh
from dialogs.rehearsal.core.practice import (
    NOT_REHEARSING,
    History,
    Membership,
    Practice,
    RehearsalResult,
    decode_practice,
    encode_practice,
    left,
)
from dialogs.rehearsal.core.rooms import Beside
from seraf.cases.vignette import FirstCall, Rule
from seraf.form.responses import NOTHING
from seraf.rehearsal.progress import Mode, Rehearsed
from state_machines.rehearsal import Stage, Together
from tests.support.stored import practice_read_again

DONE = Rehearsed("2026-03-04", "robin", Mode.TEST, (), 5, 28, 30, (Rule.FAMILY,), (Rule.SUSPICION,))
FULL = Practice(
    stage=Stage.LEAVING,
    mode=Mode.TEST,
    case="robin",
    page=3,
    asked="V1",
    came_from=Stage.REPORT,
    session=fresh(9, NOTHING),
    result=RehearsalResult(FirstCall.LEAD, NOTHING.give("V1", "yes").give("danger", "no"), is_counted=True),
    together=Together.PAIR,
    membership=Membership("ABCD2345", "ABCD2345000001", Beside(is_here=True, of=34, differing=(("V1", "no", "yes"),))),
    history=History(course=(DONE,), counted_in=(("WXYZ2345", "robin"),)),
)


def test_nothing_rehearsed_is_no_text() -> None:
    """Somebody who never rehearsed leaves no row behind."""
    assert encode_practice(NOT_REHEARSING) == ""
    assert decode_practice("", 4) == NOT_REHEARSING


def test_a_practice_comes_back_as_it_was() -> None:
    """All of it, with its SERAF on the live card."""
    back = practice_read_again(FULL, 12)

    assert back == replace(FULL, session=fresh(12, NOTHING))


def test_what_a_newer_release_wrote_is_kept_as_it_is() -> None:
    """It is not read, and not lost."""
    of_practice = json.dumps({**json.loads(encode_practice(FULL)), "v": 4})
    of_course = json.dumps({**json.loads(encode_practice(FULL)), "course": json.dumps({"v": 3})})

    for text in (of_practice, of_course):
        practice = decode_practice(text, 4)
        assert not practice.is_under_way
        assert encode_practice(practice) == text


def test_only_the_course_is_left() -> None:
    """The answers of a rehearsal go when it is left; beside the course, that somebody was counted in a room."""
    assert left(FULL) == Practice(history=FULL.history)


def test_nothing_of_it_is_in_its_repr() -> None:
    """A log line with a practice in it would say nothing of its SERAF."""
    assert "session" not in repr(FULL)


def test_what_was_written_before_there_were_rooms_is_read() -> None:
    """Somebody who rehearses while the bot is brought up to date goes on; rooms were once counted without their cases."""
    alone = replace(FULL, together=None, membership=Membership())
    kept = json.loads(encode_practice(alone))
    earlier = {name: value for name, value in kept.items() if name not in ("together", "seat", "seen")}

    reported = {**kept, "v": 2, "stage": "room-report", "seen": ["ended", 5, "2026-03-04", [5, [], [], []]]}
    assert decode_practice(json.dumps(reported), 9) == left(FULL)
    counted = {**kept, "v": 2, "in": ["WXYZ2345"]}
    assert decode_practice(json.dumps({**earlier, "v": 1}), 9) == alone
    assert decode_practice(json.dumps(counted), 9).history.counted_in == (("WXYZ2345", ""),)
