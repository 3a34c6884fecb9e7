"""Twelve recorded conversations (walks) that together show every kind of card, for checks that are too slow for all."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dialogs.core.page import QuestionPart, every
from state_machines.assessment import Phase
from tests.support.walks.boards import script_of
from tests.support.walks.core import Core, Scene, replayed
from tests.support.walks.model import WEB, Press
from tests.support.walks.reading import read_walk, walk_files

DOZEN = ("18", "60", "71", "14", "40", "75", "61", "76", "19", "86", "62", "24")
"""The numbers of their files, roughly from the shortest to the longest."""


def file_of(number: str) -> Path:
    """Return the file of the walk with this number."""
    return next(each for each in walk_files() if each.stem.startswith(f"{number}-"))


class Place(NamedTuple):
    """Where a walk of the dozen shows something: the number of its file, and the number of the scene."""

    number: str
    at: int


@cache
def places() -> Mapping[str, Place]:
    """Return where each kind of page is shown first: each shape at each phase, overlay or stage of a rehearsal.

    A place before which a button is pressed wins, so that a test can press it.
    """
    found: dict[bool, dict[str, Place]] = {True: {}, False: {}}
    for number in DOZEN:
        scenes = replayed(file_of(number), WEB)
        for at, (scene, following) in enumerate(zip(scenes, (*scenes[1:], None), strict=True)):
            is_pressed = following is not None and isinstance(following.act, Press) and not following.steps
            found[is_pressed].setdefault(kind_of(scene), Place(number, at))
    return {**found[False], **found[True]}


@cache
def shapes() -> Mapping[str, Place]:
    """Return where each shape of a page is shown first. A question with radio buttons counts as a shape of its own."""
    first: dict[str, Place] = {}
    for kind, place in sorted(places().items(), key=lambda each: (DOZEN.index(each[1].number), each[1].at)):
        first.setdefault(kind.partition(" ")[0], place)
    return first


def kind_of(scene: Scene) -> str:
    """Return the kind of the page that a scene shows, such as “question items” or “radios judgement”."""
    assert scene.card is not None, "a page is never empty"
    page = scene.card.page
    shape = "radios" if page and any(each.is_radio for each in every(page.parts, QuestionPart)) else page and page.shape
    return f"{shape or 'message'} {scene.where}"


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
