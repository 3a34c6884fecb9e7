"""Twelve recorded conversations (walks) that together show every kind of card, for checks that are too slow for all."""

import re
from collections.abc import Iterator
from pathlib import Path

from state_machines.assessment import Phase
from tests.support.walks.boards import script_of
from tests.support.walks.core import Core
from tests.support.walks.model import WEB
from tests.support.walks.reading import read_walk, walk_files

DOZEN = ("18", "60", "71", "14", "40", "03", "61", "76", "19", "86", "62", "24")
"""The numbers of their files, roughly from the shortest to the longest."""


def file_of(number: str) -> Path:
    """Return the file of the walk with this number."""
    return next(each for each in walk_files() if each.stem.startswith(f"{number}-"))


def shown_in(number: str) -> Iterator[str]:
    """Yield what a walk shows: phases, overlays, sections, answers, categories, and stages of a rehearsal."""
    walk = read_walk(file_of(number))
    core = Core(script_of(WEB, walk), walk.at, walk.reference)
    for scene in core.scenes(walk):
        practice, session = core.held.practice, core.held.session
        if practice.is_under_way:
            yield f"rehearsal: {practice.stage}"
            session = practice.session or session
        yield f"phase: {session.phase}"
        if session.overlay is not None:
            yield f"overlay: {session.overlay.kind}"
        if session.phase is Phase.ITEMS:
            yield f"items: {session.place.rstrip('0123456789')}"
        yield from (f"answer: {each}" for _, each in session.answers.items)
        if session.phase is Phase.RESULT and scene.card is not None:
            yield from re.findall(r"Category \d", scene.card.text)
