"""Tests of made-up cases in stages: what is known by each, and every kind of fault that the checker finds."""

import copy

import pytest

from bot.runtime.packs import SHIPPED
from seraf.cases.vignette import Vignette
from seraf.errors import PackFault
from seraf.form.responses import Responses
from seraf.form.vocabulary import FACT_WORDS, NOT_KNOWN
from seraf.reading.cases.vignettes import read_vignette
from seraf.rehearsal.critical_actions import ActionOutcome, keyed_case
from seraf.rehearsal.stage_checks import STAGES
from seraf.rehearsal.unfolding import (
    debriefed_stages,
    key_by,
    outcome_of,
    straight,
    unread,
    way_of,
    ways_to_stages,
)
from tests.support import oracle
from tests.support.pack.toml import ABSENT, Raw, put, vignettes, written
from tests.support.shipped import INSTRUMENT, NOON, PACK

STAGED = tuple(vignette for vignette in PACK.vignettes if vignette.stages)
INES = next(vignette for vignette in STAGED if vignette.id == "ines")
SOUND = vignettes(SHIPPED)["vignettes/ines.toml"]


def each_staged() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vignette", STAGED, ids=lambda vignette: vignette.id)


def read(raw: Raw) -> Vignette:
    return read_vignette("own.toml", written(raw), INSTRUMENT, guidance=PACK.guidance, contacts=PACK.contacts)


def faults_with(*edits: tuple[str, object]) -> list[str]:
    raw = copy.deepcopy(SOUND)
    for path, value in edits:
        put(raw, path, value)
    with pytest.raises(PackFault) as caught:
        read(raw)
    return [fault.removeprefix("own.toml.") for fault in caught.value.faults]


# In “Ten to three”: 0 lunch, 1 bell, 2 nurse, 3 gate, 4 three (the end). At 0 the choices are 0 her uncle, 1 a quiet place,
# 2 the lead, 3 nobody, 4 ART; at 2 they are 0 to ask, 1 999 (which asks back), 2 ART, 3 her uncle; at 3 the last is 999.
FAULTS: list[tuple[str, object, str]] = [
    ("stages.0.clock", "Teatime 15:05", "stages[0].clock: must be a weekday and a time"),
    ("stages.0.clock", "Tuesday 25:05", "stages[0].clock: must be a time such as 09:00"),
    ("stages.0.text", "She is 13. " * 50, "stages[0].text: 550 characters; at most 450 fit"),
    ("stages.0.first_call", "mother", "stages[0].first_call: 'mother' is not one of: emergency"),
    ("stages.0.first_call", ABSENT, "stages[0].first_call: missing"),
    ("stages.0.missed", ABSENT, "stages[0].missed: missing"),
    ("stages.0.colour", 1, "stages[0].colour: not a key that is known here"),
    ("stages.4.missed", "x", "stages[4].missed: not a key that is known here"),
    ("stages.0.do.0.label", "x" * 35, "stages[0].do[0].label: 35 characters; at most 34 fit"),
    ("stages.0.do.0.source", ABSENT, "stages[0].do[0].source: missing"),
    ("stages.2.do.1.replies.0.rings", "art", "stages[2].do[1].replies[0].rings: not a key that is known here"),
    ("parts", [{"title": "x", "text": "y"}], "parts: stand beside stages"),
    ("stages.0.do.1.next", "nowhere", "stages[0].do: leads to 'nowhere', which is no stage"),
    ("stages.3.do.0.next", "nurse", "stages: a way leads back to an earlier stage: nurse → gate → nurse"),
    ("stages.0.do.3.next", "nurse", "stages[1]: no way reaches this stage"),
    ("stages.0.do.1.next", "three", "stages: 2 to 5 stages on a way; each way has 3 to 5"),
    ("stages.3.clock", "Tuesday 14:10", "stages[3].clock: Tuesday 14:10 is before Tuesday 14:30"),
    ("stages.0.do", SOUND["stages"][0]["do"][3:4], "stages[0].do: 1 choices; a stage has 2 to 5"),
    ("stages.0.do.4.rings", "aunt", "stages[0].do[4].rings: 'aunt' is no contact of this pack; known: allocated, art,"),
    ("stages.0.do.4.rings", "edt", "stages[0].do[4].rings: 'edt' does not answer on Tuesday 12:50; write art"),
    ("stages.2.do.1.rings", "police", "stages[2].do[1].fits: missing"),
    ("stages.0.do.4.fits", True, "stages[0].do[4].fits: the bot's card decides on a first call"),
    ("stages.0.do.1.fits", ABSENT, "stages[0].do[1].fits: missing"),
    ("stages.0.do.0.missed", ABSENT, "stages[0].do[0].missed: missing"),
    ("stages.2.do.1.asks", ABSENT, "stages[2].do[1].replies: `asks` and 2 to 3 replies"),
    ("stages.2.do.1.replies", SOUND["stages"][2]["do"][1]["replies"][:1], "stages[2].do[1].replies: `asks` and 2 to 3"),
    ("stages.0.answers.0.places", ["V99"], "stages[0].answers.V99: neither an item nor a question"),
    ("stages.0.answers.0.answer", "perhaps", "stages[0].answers.danger: 'perhaps' is not one of: yes"),
    ("stages.0.answers.0.answer", "yes", "stages[0].first_call: lead is not step 1 of the card for these answers"),
    ("stages.2.answers.0.answer", "no", "stages[2].first_call: emergency is not step 1 of the card for these answers"),
    ("stages.0.first_call", "nobody", "stages[0].first_call: nobody is not step 1 of the card for these answers"),
    ("stages.3.do.2.rings", "art", "stages[3].do: nothing is in line for not-known: its card allows emergency"),
    ("stages.2.text", "She told the nurse.", "key.answers.told_or_seen.cites: not word for word in any stage"),
    ("stages.0.do.0.then", "V9 is clear.", "stages[0].do[0].then: speaks of 'V9', a code"),
]


@pytest.mark.parametrize(("path", "value", "fault"), FAULTS, ids=[f"{path}={value!s:.20}" for path, value, _ in FAULTS])
def test_each_fault_of_a_stage_is_found(path: str, value: object, fault: str) -> None:
    assert [each for each in faults_with((path, value)) if each.startswith(fault)] != []


def test_what_only_one_way_tells_is_not_known_on_the_others_and_one_way_must_tell_all() -> None:
    """Only those who called 999 hear what is in the head's file. If part of the key stood where they never come, none would know all."""
    assert {len(unread(INES, way_of(INES, taken))) > 0 for taken in ways_to_stages(INES)} == {True, False}
    cited = "Her uncle does not allow visits."
    file = SOUND["stages"][2]["do"][1]["then"]
    assert cited in file

    found = faults_with(("stages.2.do.1.then", file.replace(cited, "")), ("stages.2.do.0.then", cited))

    assert [fault for fault in found if fault.startswith("stages: no way has read every sentence of the key")] != []


@each_staged()
def test_what_is_known_only_grows_and_scores_as_the_oracle(vignette: Vignette) -> None:
    """At every stage, on every way: no item is answered before its sentence was read, and the total is worked out twice."""
    for taken in ways_to_stages(vignette):
        way = way_of(vignette, taken)
        key, texts = key_by(vignette, way, INSTRUMENT), [text for step in way for text in step.texts]
        rows = {row.place for step in way for row in step.stage.answers}
        for keyed in key.keyed:
            if keyed.answer not in ("not-known", "not-sure", "no", "first") and keyed.place not in rows:
                assert any(keyed.cites in text for text in texts), (taken, keyed.place)
        given = {each.place: each.answer for each in key.keyed if each.place in oracle.ALL}
        scored = oracle.scored(key.age, given, NOON.today)
        assert (scored["total"], scored["category"]) == (key.total, key.category)
        assert len(way) <= STAGES[1]


@each_staged()
def test_somebody_who_does_what_is_due_comes_to_an_end_and_left_nothing_undone(vignette: Vignette) -> None:
    taken = ""
    while (further := straight(vignette, taken)) != taken:
        taken = further

    told = debriefed_stages(PACK, vignette, taken, role=NOT_KNOWN)

    assert way_of(vignette, taken)[-1].stage.choices == ()
    assert {each.outcome for each in told} == {ActionOutcome.AGREED}


@each_staged()
def test_nobody_is_never_in_line_for_a_school(vignette: Vignette) -> None:
    for taken in ways_to_stages(vignette):
        way = way_of(vignette, taken)
        key = key_by(vignette, way, INSTRUMENT)
        silent = [choice for choice in way[-1].stage.choices if choice.rings == "nobody"]
        outcomes = {outcome_of(PACK, choice, key, given={"profession": "school"}) for choice in silent}
        assert outcomes <= {ActionOutcome.MISSED}, (taken, outcomes)


def test_a_debrief_names_the_signs_that_were_known_by_then_and_were_denied() -> None:
    """Answers that could not be known by then count for nothing, and neither does what was not answered yet."""
    key = key_by(INES, way_of(INES, "2"), INSTRUMENT)
    own = {**dict(keyed_case(INSTRUMENT, key).responses), "S2": "no"}

    told = debriefed_stages(PACK, INES, "210", role="school", by_stage=(Responses.of({}), Responses.of(own)))

    assert [[each.place for each in stage.overlooked] for stage in told] == [[], ["S2"]]
    assert [stage.answered for stage in told] == [0, 30]
    assert [stage.outcome for stage in told] == [ActionOutcome.AGREED, ActionOutcome.MISSED]


def test_every_role_has_something_in_line_at_each_stage() -> None:
    for vignette in STAGED:
        for taken in ways_to_stages(vignette):
            way = way_of(vignette, taken)
            key = key_by(vignette, way, INSTRUMENT)
            for role in FACT_WORDS["profession"] if way[-1].stage.choices else ():
                outcomes = [outcome_of(PACK, each, key, given={"profession": role}) for each in way[-1].stage.choices]
                assert ActionOutcome.AGREED in outcomes, (vignette.id, taken, role)
