"""Sessions at a result with an overlay open, and all pages of that overlay."""

from dataclasses import replace

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.core.session import Answers, Session
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.support.shipped import NOON, SCRIPT


def over_a_result(kind: Kind, answers: dict[str, str], responses: dict[str, str]) -> Session:
    """Return a session at its result, with an overlay of this kind open."""
    known = {"judgement": "not-sure", "profession": "school", **answers}
    return Session(
        card=3,
        phase=Phase.RESULT,
        place="1",
        overlay=Overlay(kind, "1"),
        reference="BRISK OTTER 41",
        answers=Answers(around=Responses.of(known), items=Responses.of(responses)),
    )


def cards(session: Session, script: Script = SCRIPT) -> list[Card]:
    """Return all pages of the open overlay, as cards."""
    assert session.overlay is not None
    pages = int(show(session, script, NOON).text.splitlines()[0].rpartition(" ")[2])
    overlays = [replace(session.overlay, about=str(number + 1)) for number in range(pages)]
    return [show(replace(session, overlay=overlay), script, NOON) for overlay in overlays]
