"""What stands in a made-up case, found in its text and not taken from its key: nothing there denies what the key says."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from seraf.cases.fragments import TIMES, Fragments, Said, filled, places_of, times_of
from seraf.cases.vignette import Vignette
from seraf.rehearsal.made.made_case import measure
from seraf.rehearsal.made.targets import Target
from tests.support.counts import times
from tests.support.oracle import ALL
from tests.support.promising import Promise
from tests.support.shipped import PACK

SEEDS = times(590, 8)
"""How many seeds of each aim: 10,000 cases when everything is proved. They are not those of other tests."""


def fragments() -> Fragments:
    """The fragments of the shipped pack."""
    assert PACK.fragments is not None
    return PACK.fragments


def made(aim: Target) -> Iterator[Vignette]:
    """So many cases of an aim."""
    return (measure(fragments(), PACK, aim=aim, seed=10_000 + seed) for seed in range(SEEDS))


def told_in(vignette: Vignette) -> list[tuple[Said, str]]:
    """Every statement of the pack that stands in the text, found by looking for each of them there."""
    name, _, years = vignette.title.partition(", ")
    child = next(each for each in fragments().children if each.name == name)
    places = {**places_of(child, int(years), home=""), **times_of({each: f"<{each}>" for each in TIMES})}
    lines = [(said, filled(line.text, places)) for said in fragments().said for line in said.lines]
    found = ((said, found_in(vignette.text, text)) for said, text in lines)
    return [(said, text) for said, text in found if text]


def found_in(text: str, line: str) -> str:
    """The line as it stands in the text, whichever way it says when; empty where it does not."""
    if not all(piece in text for piece in re.split("<[A-Za-z]+>", line)):
        return ""
    pattern = re.escape(line)
    for each, ways in fragments().times.items():
        pattern = re.sub(f"<{each}>", f"(?i:{'|'.join(ways)})", pattern, flags=re.IGNORECASE)
    found = re.search(pattern, text)
    return found[0] if found else ""


def unclear(vignette: Vignette) -> Iterator[str]:
    """Items that are told twice or otherwise than the key has them, and silence that is not closed by one sentence."""
    key, told = {each.place: each for each in vignette.key.keyed}, told_in(vignette)
    settled = Counter(item for said, _ in told for item in said.settles)
    yield from (f"{item} is told {count} times" for item, count in settled.items() if count > 1)
    yield from (
        f"{item} is told as {answer}" for said, _ in told for item, answer in said.answers if key[item].answer != answer
    )
    yield from (f"{item} cites another" for said, text in told for item in said.settles if key[item].cites != text)
    rest = [key[item] for item in ALL if item not in settled and (key[item].answer == "no" or not key[item].other)]
    if {each.answer for each in rest} != {"no"} or len({each.cites for each in rest}) != 1:
        yield "what nothing is said of is not closed"
    if not vignette.parts[-1].text.endswith(rest[0].cites):
        yield "something is told after the end"


@pytest.mark.prove
def test_no_sentence_of_a_case_denies_its_key(promise: Promise) -> None:
    """P3: each item is told once, as the key has it, and the rest is closed by the last sentence."""
    found = [(vignette.id, each) for aim in Target for vignette in made(aim) for each in unclear(vignette)]

    assert found == []
    promise.reached(
        "P3", asked=len(Target) * SEEDS, reached=len(Target) * SEEDS, of="made-up cases, each item told once"
    )


def test_abuse_by_an_adult_is_told_after_the_adult() -> None:
    """“That adult” is somebody whom the reader has met, and both lie in the same window."""
    cases = [it for aim in Target for it in made(aim) if {"S2", "S3"} <= {said.item for said, _ in told_in(it)}]

    assert cases
    for it in cases:
        where = {said.item: it.text.index(text) for said, text in told_in(it)}
        answers = {each.place: each.answer for each in it.key.keyed}
        assert (where["S2"] < where["S3"], answers["S2"] == answers["S3"]) == (True, True), it.text


def test_a_child_in_care_has_a_social_worker() -> None:
    """Foster carers and a children's home are told only where family ties broke, and never beside a missing worker."""
    cases = [it for aim in Target for it in made(aim) if "foster carers" in it.text or "children's home" in it.text]
    answers = [{each.place: each.answer for each in it.key.keyed} for it in cases]

    assert {(each["V4"], each["allocated"]) for each in answers} == {("yes", "yes")}
