"""Tests of every kind of fault in the words by which people find things."""

import pytest

from bot.runtime.packs import SHIPPED, pack_files
from seraf.errors import PackFault
from seraf.pack import SEARCH, Ask, Pack
from seraf.reading.checks.searching import search_faults
from seraf.reading.pack import read_pack

FILES = {name: content for name, content in pack_files(SHIPPED).items() if "vignettes" not in name}


def read(words: str) -> Pack:
    return read_pack({**FILES, SEARCH: words.encode()})


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ('[items]\nS99 = ["weed"]', "search.toml.items: 'S99' is nothing of this pack"),
        ('[items]\nM9 = ["weed", "weeds"]', "search.toml.items.M9: 'weeds' says the same as another phrase of it"),
        (
            '[topics]\nconsent = ["agrees"]',
            "search.toml.topics.consent: 'agrees' says the same as another phrase of it",
        ),
        ('[items]\nM9 = ["girl"]', "search.toml.items.M9: 'girl' says nothing alone"),
        ('[items]\nM9 = ["a b c d e f g h i"]', "search.toml.items.M9: 'a b c d e f g h i' has over 8 words"),
        (
            '[items]\nM9 = ["zzyzx"]\nM10 = ["zzyzx"]\nM11 = ["zzyzx"]',
            "search.toml.items.M9: 'zzyzx' finds M10, M11, M9 alike",
        ),
        ('[items]\nM9 = ["jailbait"]', "search.toml.items.M9: 'jailbait' has 'jailbait', which blames a child"),
        ("[items]\nM9 = []", "search.toml.items.M9: needs at least 1, has 0"),
        ("[things]\nM9 = []", "search.toml.things: not a key that is known here"),
    ],
)
def test_one_fault_is_reported_at_its_phrase(words: str, fault: str) -> None:
    with pytest.raises(PackFault) as caught:
        read(words)

    assert caught.value.faults[0].startswith(fault)


def test_a_blaming_word_that_a_mirror_explains_may_be_searched_for() -> None:
    assert read('[topics]\nlanguage = ["promiscuous"]').search.words == {"topic:language": ("promiscuous",)}


def test_a_phrase_that_others_hide_is_a_fault_of_the_whole_pack() -> None:
    words = "\n".join(f'[{kind}]\n{rows}' for kind, rows in {
        "items": 'V1 = ["zzyzx"]\nV2 = ["zzyzx"]',
        "topics": 'who = ["zzyzx"]\nconsent = ["zzyzx"]',
        "terms": 'cse = ["zzyzx"]\nconsent = ["zzyzx"]',
    }.items())  # fmt: skip

    assert [path for path, _ in search_faults(read(words))] == ["search.toml.terms.cse"]


def test_a_question_that_finds_the_wrong_things_is_a_fault() -> None:
    pack = read('[items]\nM9 = ["zzyzx"]\n[asks]\n"zzyzx" = ["item:M10"]\n"weed" = ["item:M99"]\n"drugs" = ["item:M9"]')

    assert pack.search.asks[0] == Ask("zzyzx", ("item:M10",))
    assert list(search_faults(pack)) == [
        ("search.toml.asks", "'zzyzx' finds item:M9 first, and none of item:M10"),
        ("search.toml.asks", "'weed' names item:M99, which this pack has not"),
    ]
