"""P19 of docs/promises.md: a bad pack never starts. Any changed pack has a fault with its path, or is sound."""

import copy
import random
import tomllib
from collections.abc import Iterator
from functools import cache
from math import ceil
from types import SimpleNamespace

import pytest

from bot.runtime.packs import SHIPPED
from seraf.errors import PackFault
from seraf.pack import FILES, INTAKE, SEARCH, VIGNETTES, Pack
from seraf.reading.pack import read_pack
from seraf.reading.toml import tables
from tests.support import oracle
from tests.support.counts import times
from tests.support.pack.mutating import NEVER_A_PACK, PERHAPS_A_PACK, Spoil, drop_needed, empty, hostile, rename, retype
from tests.support.pack.toml import Raw, meant, parsed, vignettes, with_few_words, written
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT

SOUND = parsed(SHIPPED)
ALL = (*FILES, SEARCH)
CONTENT = {name: written(raw) for name, raw in SOUND.items()}
TOLD = vignettes(SHIPPED)
ASKED = ("groups", "circumstances", "evidence", "leads", "deadlines", "whom")
"""Tables whose ids other rules use; their rows are all kept in the shortened pack."""

RAISED = ("find-protect", "call-999", "decide", "call-adult", "refer", "manager-soon", "manager-today")
"""The actions without which a case that others raised would have no line for somebody."""

READS_ALL = {
    **{"id": "all", "text": "All of it is so.", "source": "ours"},
    "if": {each["id"]: [tick["answer"] for tick in each["ticks"]] for each in SOUND["guidance.toml"]["circumstances"]},
}
"""A rule that reads every short question: one that no rule reads is a fault."""

FEW = with_few_words(SOUND)
FEW_WORDS = {name: written(raw) for name, raw in FEW.items()}
"""The shipped pack with short texts and all of its rules."""

ACTIONS = SOUND["guidance.toml"]["actions"]
SHORT = {
    **FEW_WORDS,
    "guidance.toml": written(
        {
            kind: rules if kind in ASKED or not isinstance(rules, list) else rules[-3:]
            for kind, rules in SOUND["guidance.toml"].items()
        }
        | {"notes": [READS_ALL], "actions": [each for each in ACTIONS if each["id"] in RAISED] + ACTIONS[-3:]}
    ),
}
"""The shipped pack with short texts and few rules, for speed."""


def scored(raw: Raw) -> object:
    """Return the parts of an instrument that decide what is asked and scored, without calling the product."""
    sections = {each["id"]: each for each in raw["sections"]}
    rule = raw["manager_discussion"]
    return (
        [(each["id"], each["section"], each["label"]) for each in raw["items"]],
        [(key, each["ask"], options(each)) for key, each in sections.items()],
        [(each["id"], each["points"], asks(each["when"], raw)) for each in raw.get("additions", [])],
        [(each["category"], each["from"], each["name"]) for each in raw["bands"]],
        (set(rule["categories"]), set(rule["present"]), set(raw["other_harm"]["items"])),
        [(each["section"], each["points"]) for each in raw.get("missing", [])],
        [(each["id"], each["ask"]) for each in raw.get("questions", [])],
    )


def options(section: Raw) -> list[tuple[object, ...]]:
    return [(each["id"], each["label"], each["points"], each["means"]) for each in section["options"]]


def asks(condition: dict[str, list[str]], raw: Raw) -> list[tuple[str, frozenset[str]]]:
    return list(meant(condition, raw.get("groups", {})))


def wrongs(raw: Raw) -> Iterator[str]:
    """Yield what is wrong with an instrument, judged without calling the product."""
    lowest = [band["from"] for band in raw["bands"]]
    if [band["category"] for band in raw["bands"]] != [1, 2, 3, 4] or lowest != sorted(set(lowest)) or lowest[0] != 0:
        yield "bands"
    ids = [each["id"] for each in (*raw["items"], *raw["sections"])]
    if len(ids) != len(set(ids)):
        yield "ids"
    if {each["section"] for each in raw["items"]} != {each["id"] for each in raw["sections"]}:
        yield "sections"
    for section in raw["sections"]:
        points = {option["means"]: option["points"] for option in section["options"]}
        if not {"current", "absent", "unknown"} <= set(points) or points["absent"] or points["unknown"]:
            yield "options"


@pytest.fixture(autouse=True, scope="module")
def _parsed_once() -> Iterator[None]:
    """Cache the parsed unchanged files, since thousands of packs contain them."""
    loads, remembered = tomllib.loads, cache(tomllib.loads)
    known = {content.decode("utf-8") for content in (*SHORT.values(), *FEW_WORDS.values())}

    def parse_again(text: str) -> Raw:
        return remembered(text) if text in known else loads(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "tomllib", SimpleNamespace(loads=parse_again))
        yield


def outcome(files: dict[str, bytes]) -> Pack | PackFault:
    try:
        return read_pack(files)
    except PackFault as fault:
        return fault


def attempt(files: dict[str, bytes]) -> tuple[str, ...]:
    """Return the faults of these files. A pack without faults must be sound, with a fingerprint of its own."""
    result = outcome(files)
    if isinstance(result, PackFault):
        assert result.faults
        assert all(each.partition(":")[0].startswith((*ALL, INTAKE, VIGNETTES)) for each in result.faults), (
            result.faults
        )
        return result.faults
    raw: Raw = tomllib.loads(files["instrument.toml"].decode("utf-8"))
    assert not list(wrongs(raw))
    is_the_same = result.instrument.fingerprint == INSTRUMENT.fingerprint
    assert is_the_same == (scored(raw) == scored(SOUND["instrument.toml"]))
    return ()


def spoilt(draw: random.Random, spoil: Spoil) -> dict[str, bytes]:
    while True:
        name = draw.choice((*ALL, *("instrument.toml",) * 3, "guidance.toml"))
        raw = copy.deepcopy((FEW if name == SEARCH else SOUND)[name])  # words find only what is there
        if spoil(draw, raw):
            return {**SHORT, name: written(raw)}


@pytest.mark.prove
@pytest.mark.parametrize("spoil", NEVER_A_PACK, ids=lambda spoil: spoil.__name__)
def test_a_pack_spoilt_in_one_place_does_not_start(spoil: Spoil, promise: Promise) -> None:
    """P19: a key is missing or misspelt, a type is wrong, a value is unknown, or the bands have a gap."""
    draw, count = random.Random(spoil.__name__), times(900, 6)

    for _ in range(count):
        files = spoilt(draw, spoil)
        assert attempt(files), {name: content for name, content in files.items() if content != SHORT.get(name)}
    promise.reached("P19", asked=count, reached=count, of="spoilt packs refused")


@pytest.mark.prove
@pytest.mark.parametrize("spoil", PERHAPS_A_PACK, ids=lambda spoil: spoil.__name__)
def test_a_changed_pack_starts_only_as_another_sound_one(spoil: Spoil, promise: Promise) -> None:
    """P19: the fingerprint changes if and only if what is asked or scored changes."""
    draw, count = random.Random(spoil.__name__), times(700, 10)

    outcomes = {bool(attempt(spoilt(draw, spoil))) for _ in range(count)}

    assert outcomes == {True, False}
    promise.reached("P19", asked=count, reached=count, of="changed packs refused or sound")


@pytest.mark.prove
def test_a_pack_whose_bytes_are_cut_or_flipped_starts_only_as_another_sound_one(promise: Promise) -> None:
    draw, count = random.Random("bytes"), times(900, 10)

    for _ in range(count):
        name = draw.choice(ALL)
        content = bytearray(SHORT[SEARCH] if name == SEARCH else (SHIPPED / name).read_bytes())
        where = draw.randrange(len(content))
        if draw.random() < 0.5:
            del content[where:]
        else:
            content[where] ^= 1 << draw.randrange(8)
        attempt({**SHORT, name: bytes(content)})
    promise.reached("P19", asked=count, reached=count, of="packs cut or flipped, refused or sound")


def vignettes_spoilt(draw: random.Random, spoil: Spoil) -> dict[str, bytes]:
    found = {}
    for name, raw in TOLD.items():
        changed = copy.deepcopy(raw)
        spoil(draw, changed)
        found[name] = written(changed)
    return found


def with_a_fault(vignettes: dict[str, bytes]) -> frozenset[str]:
    """Return the names of those that are refused. At most fifty faults are told at once, so that the others are read again."""
    faults = attempt({**FEW_WORDS, **vignettes})
    found = frozenset(name for name in vignettes if any(each.startswith(name) for each in faults))
    return found | with_a_fault({name: vignettes[name] for name in vignettes.keys() - found}) if found else found


@pytest.mark.prove
@pytest.mark.parametrize("spoil", [drop_needed, rename, retype, hostile, empty], ids=lambda spoil: spoil.__name__)
def test_a_pack_with_a_spoilt_vignette_does_not_start(spoil: Spoil, promise: Promise) -> None:
    """P19: wrong agreed answers would teach mistakes. All vignettes are damaged at once, and each must have a fault."""
    draw, count = random.Random(f"vignette {spoil.__name__}"), times(400, 3)

    for _ in range(ceil(count / len(TOLD))):
        changed = vignettes_spoilt(draw, spoil)
        missed = changed.keys() - with_a_fault(changed)
        assert not missed, {name: changed[name] for name in missed}
    promise.reached("P19", asked=count, reached=count, of="spoilt vignettes refused")


@pytest.mark.prove
@pytest.mark.parametrize("spoil", PERHAPS_A_PACK, ids=lambda spoil: spoil.__name__)
def test_a_changed_vignette_starts_only_with_a_key_that_still_scores_as_stated(spoil: Spoil, promise: Promise) -> None:
    """P19: for each vignette that is accepted, the oracle calculates the stated total and category."""
    draw, count = random.Random(f"vignette {spoil.__name__}"), times(400, 3)

    for _ in range(ceil(count / len(TOLD))):
        changed = vignettes_spoilt(draw, spoil)
        wrong = with_a_fault(changed)
        sound = read_pack({**FEW_WORDS, **{name: each for name, each in changed.items() if name not in wrong}})
        assert len(sound.vignettes) == len(changed) - len(wrong)
        for key in (each.key for each in sound.vignettes):
            given = {each.place: each.answer for each in key.keyed if each.place in oracle.ALL}
            found = oracle.scored(key.age, given, oracle.REVISION_DUE)
            assert (key.total, key.category) == (found["total"], found["category"])
    promise.reached("P19", asked=count, reached=count, of="changed vignettes refused or sound")


def test_a_sound_pack_starts() -> None:
    """The tests above would prove nothing if the unchanged pack did not start."""
    assert attempt(CONTENT) == attempt(SHORT) == ()
