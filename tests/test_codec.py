"""A session as text and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.codec import NewerSession, decode, encode
from dialogs.overlays import Kind, Overlay
from dialogs.session import Session
from seraf.carried import Carried
from seraf.responses import Responses
from seraf.vocabulary import Age
from state_machines.assessment import Phase
from tests.support.talking import Talk

RESPONSES = st.dictionaries(st.text(max_size=16), st.text(max_size=16), max_size=5).map(Responses.of)

CARRIED = st.builds(
    Carried,
    year=st.integers(2024, 2099),
    month=st.integers(1, 12),
    age=st.sampled_from(Age),
    judgement=st.text(max_size=8),
    responses=RESPONSES,
    fingerprint=st.text(max_size=64),
    answers=RESPONSES,
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
    answers=RESPONSES,
    responses=RESPONSES,
    is_changing=st.booleans(),
    paused_in=st.none() | st.sampled_from(Phase),
    is_told_enough=st.booleans(),
    finished=st.text(max_size=10),
    reopened=st.lists(st.text(max_size=16), max_size=3).map(tuple),
    earlier=st.lists(CARRIED, max_size=2).map(tuple),
    notes=RESPONSES,
)


@given(SESSIONS)
def test_every_session_is_the_same_after_a_way_there_and_back(session: Session) -> None:
    """Whatever a session holds, the text of it gives the same session."""
    assert decode(encode(session)) == session


def test_a_session_is_one_line_of_ids() -> None:
    """What is kept are ids of the pack, never places in a list, so that a pack may grow."""
    talk = Talk().open_with().press("Yes", "Urgent")

    raw = json.loads(encode(talk.session))

    assert "\n" not in encode(talk.session)
    assert raw == {
        "v": 2,
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
            "how": "form",
            "told_or_seen": "no",
        },
        "responses": {"V1": "yes"},
        "changing": False,
        "paused": None,
        "enough": False,
        "finished": "",
        "reopened": [],
        "earlier": [],
        "notes": {},
        "draft": "",
    }


def test_a_session_of_the_first_version_is_taken_up() -> None:
    """What the release before wrote is read as it stood, with nothing of what came since."""
    session = Talk().open_with().press("Yes").session
    raw = json.loads(encode(session))
    first = {key: raw[key] for key in raw if key not in ("finished", "reopened", "earlier", "notes")}

    assert decode(json.dumps({**first, "v": 1})) == session


def test_a_session_of_a_newer_release_is_refused() -> None:
    """It is left alone, with a sentence that says what to do."""
    raw = json.loads(encode(Session(card=1)))

    with pytest.raises(NewerSession, match="newer release"):
        decode(json.dumps({**raw, "v": 3}))
