"""Tests that a session stored as text, and an act stored as a button code, are read back unchanged."""

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.core.acts import (
    Act,
    Administer,
    Agree,
    Change,
    Clear,
    Close,
    Copy,
    Digit,
    Entered,
    Fetch,
    GateAct,
    Given,
    Go,
    Kind,
    Log,
    Noting,
    Open,
    OpenCase,
    Overlay,
    Page,
    PeopleDeed,
    PutFirst,
    Rehearse,
    Remind,
    Rest,
    Say,
    Share,
    ShareDeed,
    Tick,
    ToCases,
    act_of,
    code_of,
)
from dialogs.core.codec import NewerSession, decode, encode, forget_all
from dialogs.core.session import Answers, Detour, Result, Session, Told
from seraf.advice.action_log import Logged
from seraf.advice.action_plan import Urgency
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried, in_format
from state_machines.assessment import Phase, Trigger
from state_machines.rehearsal import Turn
from tests.support.counts import times
from tests.support.pack.carrying import MARCH, OLDER, SECOND
from tests.support.talk.talking import Talk

RESPONSES = st.dictionaries(st.text(max_size=16), st.text(max_size=16), max_size=5).map(Responses.of)

TEXTS = st.lists(st.text(max_size=16), max_size=3).map(tuple)
CARRIED = st.builds(
    Carried,
    year=st.integers(2024, 2099),
    month=st.integers(1, 12),
    age=st.sampled_from(Age),
    judgement=st.text(max_size=8),
    responses=RESPONSES,
    fingerprint=st.text(max_size=64),
    answers=RESPONSES,
    facts=RESPONSES,
    code_format=st.integers(1, 3),
)

ALONE = st.builds(Overlay, st.sampled_from(Kind), st.text(max_size=30))
OVERLAYS = st.builds(Overlay, st.sampled_from(Kind), st.text(max_size=30), st.none() | ALONE)

SESSIONS = st.builds(
    Session,
    card=st.integers(min_value=0),
    phase=st.sampled_from(Phase),
    place=st.text(max_size=16),
    overlay=st.none() | OVERLAYS,
    reference=st.text(max_size=30),
    fingerprint=st.text(max_size=64),
    answers=st.builds(Answers, RESPONSES, RESPONSES, RESPONSES, RESPONSES, RESPONSES),
    detour=st.builds(Detour, st.booleans(), st.none() | st.sampled_from(Phase), TEXTS),
    told=st.builds(Told, st.integers(0, 5), TEXTS, st.text(max_size=30)),
    result=st.builds(
        Result,
        st.text(max_size=10),
        RESPONSES,
        st.lists(
            st.builds(Logged, st.text(max_size=9), st.text(max_size=32), st.text(max_size=12), st.text(max_size=9)),
            max_size=3,
        ).map(tuple),
    ),
    earlier=st.lists(CARRIED, max_size=2).map(tuple),
)


@pytest.mark.prove
@settings(max_examples=times(300, 40))
@given(SESSIONS)
def test_every_session_is_the_same_after_a_way_there_and_back(session: Session) -> None:
    text = encode(session)
    remembered = decode(text)
    forget_all()

    assert decode(text) == remembered == session


def test_a_session_is_one_line_of_ids() -> None:
    """Ids are stored instead of positions, so that items can be added to a pack."""
    talk = Talk().open_with().answer(["Yes"]).press("Urgent")

    raw = json.loads(encode(talk.session))

    assert "\n" not in encode(talk.session)
    assert raw == {
        "v": 5,
        "pack": talk.script.pack.instrument.fingerprint,
        "ref": "BRISK OTTER 41",
        "turn": talk.session.card,
        "phase": "items",
        "at": "V2",
        "overlay": ["urgent", "", None],
        "facts": {
            "age": "13-15",
            "concern": "yes",
            "danger": "no",
            "going_on": "no",
            "going_on.for": "present=V1",
            "how": "form",
            "profession": "school",
            "told_or_seen": "no",
        },
        "responses": {"V1": "yes"},
        "changing": False,
        "paused": None,
        "said": 2,
        "finished": "",
        "reopened": [],
        "earlier": [],
        "notes": {},
        "draft": "",
        "says": {},
        "known": {},
        "due": {},
        "log": [],
        "heard": [],
    }


def written_by_2(session: Session, **other: object) -> dict[str, object]:
    raw = json.loads(encode(session))
    kept = {key: raw[key] for key in raw if key not in ("said", "says", "known", "due", "log", "heard")}
    return {**kept, "v": 2, "enough": False, **other}


def test_a_log_of_the_third_version_is_read_without_recipients() -> None:
    session = Talk().open_with().session
    raw = json.loads(encode(session)) | {"v": 3, "log": [["care", "2026-03-04T14:10:00+00:00", "no-answer"]]}

    assert decode(json.dumps(raw)).result.log == (Logged("care", "2026-03-04T14:10:00+00:00", "no-answer"),)


def test_a_session_of_the_first_version_is_taken_up() -> None:
    session = replace(
        Talk().open_with().press("No").session, told=replace(Talk().open_with().press("No").session.told, urgency=0)
    )
    second = written_by_2(session)
    first = {key: second[key] for key in second if key not in ("finished", "reopened", "earlier", "notes", "draft")}

    assert decode(json.dumps({**first, "v": 1})) == session


@pytest.mark.parametrize(
    ("overlay", "left"),
    [
        (["alert", "despair", None], None),
        (["urgent", "", ["alert", "despair", None]], Overlay(Kind.URGENT)),
        (["alert", "despair", ["told", "", None]], Overlay(Kind.STOP)),
    ],
)
def test_a_session_of_the_second_version_loses_the_overlays_that_there_are_no_more(
    overlay: list[object], left: Overlay | None
) -> None:
    session = Talk().open_with().press("No").session

    assert decode(json.dumps(written_by_2(session, overlay=overlay))).overlay == left


@pytest.mark.parametrize("kind", ["danger", "told", "enough"])
def test_a_stop_card_that_any_release_stored_is_the_stop_card(kind: str) -> None:
    """Also, the stored text can be read by the previous release."""
    session = Talk().open_with().session.beneath(Overlay(Kind.MORE, under=Overlay(Kind.STOP)))
    raw = json.loads(encode(session))

    assert raw["overlay"] == ["more", "", ["enough", "", None]]
    assert decode(json.dumps(raw | {"overlay": ["more", "", [kind, "", None]]})).overlay == session.overlay


@pytest.mark.parametrize(("enough", "said"), [(True, Urgency.CALL), (False, 0)])
def test_a_session_of_the_second_version_keeps_that_there_was_enough_to_call(enough: bool, said: int) -> None:
    """After an update, a person who was already told to call is not told again, and one who was not is still told."""
    session = Talk().open_with().press("No").session

    assert decode(json.dumps(written_by_2(session, enough=enough))).told.urgency == said


@pytest.mark.parametrize(("given", "moved"), [("yes", "yes"), ("no", None), ("not-known", None)])
def test_a_tick_that_became_two_counts_as_the_graver(given: str, moved: str | None) -> None:
    """“Moved, alone here” became two questions, and counts as moved. With “No” or “not known” both are asked again."""
    session = Talk().open_with().press("No").session
    facts = {**dict(session.answers.around), "trafficked": given}

    assert decode(json.dumps(written_by_2(session, facts=facts))).answers.get("moved") == moved


def test_a_seraf_that_a_review_looks_back_on_keeps_the_format_of_its_code() -> None:
    """Earlier releases did not store the format: a SERAF with facts has format 2 then, and one without has format 1."""
    silent = replace(MARCH, facts=NOTHING)
    raw = json.loads(encode(Session(card=1, earlier=(OLDER, SECOND, silent, MARCH))))

    assert decode(json.dumps(raw)).earlier == (OLDER, SECOND, silent, MARCH)
    for each in raw["earlier"]:
        del each["format"]
    raw["earlier"][0]["facts"] = None
    assert decode(json.dumps(raw)).earlier == (OLDER, SECOND, in_format(silent, 2), SECOND)
    for each in raw["earlier"]:
        del each["facts"]
    assert decode(json.dumps(raw)).earlier == (OLDER, OLDER, OLDER, OLDER)


def test_a_session_of_a_newer_release_is_refused() -> None:
    raw = json.loads(encode(Session(card=1)))

    with pytest.raises(NewerSession, match="newer release"):
        decode(json.dumps({**raw, "v": 7}))


ACTS: list[Act | GateAct] = [
    *map(Go, Trigger),
    *map(Rehearse, Turn),
    *map(Administer, PeopleDeed),
    *map(Share, ShareDeed),
    ToCases(),
    OpenCase(2, "0a0b0c0d"),
    Share(ShareDeed.WHY, "plan-holds"),
    Administer(PeopleDeed.ROLE, "0a0b0c0d:manager"),
    Rehearse(Turn.OPEN, "2"),
    *(Open(Overlay(kind)) for kind in Kind),
    Open(Overlay(Kind.GUIDE, "chapter?1.2")),
    Open(Overlay(Kind.REASONS, "S1:who")),
    *(
        Say("yes"),
        Tick("M1", "yes"),
        Tick("M1", None),
        Rest("no"),
        Page(12),
        Change("S1"),
        Close(),
        PutFirst(),
        Copy(""),
    ),
    *(
        Given("no", 5),
        Noting("keep"),
        Remind("2026-11-26"),
        Fetch("pdf"),
        Log("care", "called"),
    ),
    *(Digit(0, 0), Digit(5, 9), Clear(), Entered(), Agree()),
]


def test_every_act_comes_back_from_its_code() -> None:
    assert [act_of(code_of(act)) for act in ACTS] == ACTS
    assert len({code_of(act) for act in ACTS}) == len(ACTS)
    assert {type(act) for act in ACTS} == {*get_args(Act), *get_args(GateAct)}


@pytest.mark.parametrize("code", ["", ":", "q:1", "o:nothing:", "g:nothing", "p:one", "p:", "z:nothing:", "k:x", "xx"])
def test_an_unknown_button_code_is_no_act(code: str) -> None:
    assert act_of(code) is None
