"""Tests of review codes: each can be read back, an error is noticed, and nobody reads or makes one without the key.

`SERAF_PROVE=full` runs 200,000 trials of each kind of typing error; other runs make 1,000 of each.
"""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.crypto.code_cipher import ALPHABET, REAL, REHEARSED, CodeCipher, shapes
from bot.crypto.keys import successor
from bot.crypto.sealing import KeyRing
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Responses
from seraf.review.carry_over import Carried, NewerCode
from tests.support.counts import times
from tests.support.pack import other_board
from tests.support.pack.carrying import CARRIER, MARCH, OLDER, SECOND, finished, lengthened, of_a_newer_release
from tests.support.shipped import CARRY, INSTRUMENT

TRIALS = times(200_000, 400)
BARE = len(ALPHABET)


def slipped(kind: str, code: str, draw: random.Random) -> str:
    signs = list(code.replace("-", ""))
    first = draw.randrange(len(signs) - 1)
    second = first + 1 if kind == "neighbours" else draw.randrange(len(signs))
    match kind:
        case "wrong":
            signs[first] = draw.choice(ALPHABET)
        case "missing":
            del signs[first]
        case "twice":
            signs.insert(first, signs[first])
        case _:
            signs[first], signs[second] = signs[second], signs[first]
    slip = "".join(signs)
    return slip if slip != code.replace("-", "") else slipped(kind, code, draw)


@pytest.mark.prove
@pytest.mark.parametrize("kind", ["wrong", "missing", "twice", "neighbours", "swapped"])
def test_a_slip_of_the_pen_is_noticed(kind: str) -> None:
    draw = random.Random(kind)
    codes = [CARRIER.write(finished(draw, code_format=number % 3 + 1)) for number in range(100)]

    read = [slip for _ in range(TRIALS) if CARRIER.read(slip := slipped(kind, draw.choice(codes), draw))]

    assert read == []


@pytest.mark.parametrize(("carried", "signs"), [(MARCH, 26), (SECOND, 24), (OLDER, 20)])
def test_every_single_wrong_sign_of_a_code_is_noticed(carried: Carried, signs: int) -> None:
    code = CARRIER.write(carried).replace("-", "")

    tried = [
        CARRIER.read(code[:place] + sign + code[place + 1 :])
        for place, sign in itertools.product(range(len(code)), ALPHABET)
        if sign != code[place]
    ]

    assert len(tried) == signs * 31
    assert set(tried) == {None}


@pytest.mark.prove
@pytest.mark.parametrize("signs", [20, 24, 25, 26, 29, 31])
def test_random_codes_are_refused(signs: int) -> None:
    draw = random.Random(3)

    made_up = ("".join(draw.choices(ALPHABET, k=signs)) for _ in range(TRIALS))

    assert [code for code in made_up if CARRIER.read(code)] == []


@pytest.mark.parametrize("instrument", [INSTRUMENT, other_board.INSTRUMENT, lengthened(INSTRUMENT, 4)])
def test_every_code_comes_back_as_what_it_was_made_from(instrument: Instrument) -> None:
    draw, carrier = random.Random(5), CodeCipher(CARRY, (INSTRUMENT, instrument))

    drawn = [finished(draw, instrument, code_format=number % 3 + 1) for number in range(times(10_000, 100))]

    assert [each for each in drawn if carrier.read(carrier.write(each)) != each] == []


@pytest.mark.parametrize(
    ("instrument", "lengths"),
    [
        (INSTRUMENT, [(26, 32), (24, 32), (20, 35)]),
        (other_board.INSTRUMENT, [(26, 73), (24, 73), (20, 77)]),
        (lengthened(INSTRUMENT, 2), [(41, 54), (39, 54), (30, 33)]),
        (lengthened(INSTRUMENT, 4), [(61, 48), (59, 48), (55, 52)]),
    ],
)
def test_a_longer_list_has_longer_codes_and_a_tag_that_is_long_enough(
    instrument: Instrument, lengths: list[tuple[int, int]]
) -> None:
    found = shapes(instrument)
    usual, long = found[::2], found[1::2]

    assert [(each.signs, each.tag) for each in usual] == lengths
    assert [each.signs for each in long] == [each.signs + 5 for each in usual]


@pytest.mark.parametrize("count", range(1, 13))
def test_no_tag_is_short_and_no_two_codes_of_a_list_are_of_one_length(count: int) -> None:
    found = shapes(lengthened(INSTRUMENT, count))

    assert min(each.tag for each in found) >= 31
    assert len({each.signs for each in found}) == 6


def test_a_code_of_one_format_never_opens_in_another() -> None:
    """No two formats share a length. Even with equal lengths, their tags would differ."""
    every = [shape for count in range(1, 9) for shape in shapes(lengthened(INSTRUMENT, count))]

    lengths = {each: {shape.signs for shape in every if shape.layout.code_format == each} for each in (1, 2, 3)}

    assert all(not lengths[one] & lengths[other] for one, other in itertools.combinations(lengths, 2))


def test_the_formats_are_bound_to_different_domains() -> None:
    """A cipher with two domains swapped, or with the domains of rehearsals, opens none of the codes."""
    assert len({*REAL, *REHEARSED}) == 6
    draw = random.Random(23)
    drawn = [finished(draw, code_format=number % 3 + 1) for number in range(200)]
    codes = [CARRIER.write(each) for each in drawn]

    assert [CARRIER.read(code) for code in codes] == drawn
    for first, second, third in ((1, 2, 0), (2, 0, 1), (3, 4, 5), (3, 0, 1), (1, 4, 0), (2, 0, 5)):
        domain = [*REAL, *REHEARSED]
        other = replace(CARRIER, domain=(domain[first], domain[second], domain[third]))
        assert not any(other.read(code) for code in codes)


def test_telling_changes_the_code_and_an_older_code_does_not_know_it() -> None:
    """A code in the older format is read as such, so that facts it cannot hold are never read as “not known”."""
    silent = replace(MARCH, facts=NOTHING)

    codes = {CARRIER.write(each): each for each in (MARCH, silent, SECOND, OLDER)}

    assert len(codes) == 4
    assert {code: CARRIER.read(code) for code in codes} == codes
    assert OLDER.facts == NOTHING


def test_a_code_of_a_newer_release_is_refused_as_newer() -> None:
    """A release that ignored what it does not know could rate the case as less urgent than it is."""
    for carried in (MARCH, replace(MARCH, year=2036, month=4)):
        with pytest.raises(NewerCode, match="newer release"):
            CARRIER.read(of_a_newer_release(carried))


def test_a_code_of_a_month_that_the_usual_ones_cannot_name_is_longer_and_right() -> None:
    later = replace(MARCH, year=2036, month=4)

    code = CARRIER.write(later)

    assert len(code) == 35
    assert CARRIER.read(code) == later


@pytest.mark.parametrize(
    "spoil",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", "–"),
        lambda code: code.replace("-", "\N{MINUS SIGN}"),
        lambda code: f"  {code}\n",
        lambda code: "\N{SOFT HYPHEN}".join(code),
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
    ],
)
def test_a_code_may_be_typed_in_many_ways(spoil: Callable[[str], str]) -> None:
    draw = random.Random(9)
    drawn = [finished(draw, code_format=number % 3 + 1) for number in range(100)]

    assert [CARRIER.read(spoil(CARRIER.write(each))) for each in drawn] == drawn


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "-",
        "U" * 20,
        "ß" * 10,
        "é" * 20,
        "0" * 20,
        "0" * 24,
        "0" * 26,
        "0" * 100_000,
        "\N{DIGIT ONE FULL STOP}" * 20,
    ],
)
def test_a_malformed_code_does_not_open(odd: str) -> None:
    assert CARRIER.read(odd) is None


def test_the_alphabet_has_no_lookalikes() -> None:
    assert ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    assert set(CARRIER.write(MARCH)) <= {*ALPHABET, "-"}


def test_another_key_another_list_or_a_rehearsal_opens_nothing() -> None:
    draw = random.Random(11)
    drawn = [finished(draw) for _ in range(times(10_000, 150))]
    changed = replace(
        INSTRUMENT, items=(*INSTRUMENT.items[:-1], replace(INSTRUMENT.items[-1], label="Another question"))
    )
    others = (
        CodeCipher(bytes(32), (INSTRUMENT,)),
        CodeCipher(CARRY, (changed, other_board.INSTRUMENT)),
        replace(CARRIER, domain=REHEARSED),
    )

    codes = [CARRIER.write(each) for each in drawn]

    assert [code for code in codes for other in others if other.read(code)] == []


def test_the_list_that_a_code_was_made_with_is_found_among_many() -> None:
    theirs = finished(random.Random(13), other_board.INSTRUMENT)

    code = CARRIER.write(theirs)

    assert CARRIER.read(code) == theirs
    assert CARRIER.instrument(theirs.fingerprint) == other_board.INSTRUMENT
    with pytest.raises(KeyError):
        CARRIER.instrument("another")


def test_codes_outlive_a_rotation_of_the_keys() -> None:
    keys = KeyRing.fresh()
    after = successor(keys)

    code = CodeCipher(keys.carry, (INSTRUMENT,)).write(MARCH)

    assert after.seal != keys.seal
    assert CodeCipher(after.carry, (INSTRUMENT,)).read(code) == MARCH


def test_the_signs_of_one_seraf_in_many_months_are_spread_evenly() -> None:
    empty = [
        replace(
            MARCH, year=2024 + month // 12, month=month % 12 + 1, judgement=judgement, responses=Responses.of(given)
        )
        for month in range(147)
        for judgement in ("yes", "not-sure", "no")
        for given in ({}, {"V1": "yes"}, {"V1": "no"}, {"V2": "yes"}, {"V2": "no"}, {"S1": "both"})
    ]

    signs = Counter(itertools.chain.from_iterable(enumerate(CARRIER.write(each).replace("-", "")) for each in empty))

    expected = len(empty) / BARE
    assert len(signs) == 26 * BARE
    assert all(abs(count - expected) < 6 * expected**0.5 for count in signs.values())


def test_no_two_serafs_have_the_same_code() -> None:
    draw = random.Random(19)
    drawn = {repr(each): each for each in (finished(draw) for _ in range(2_000))}

    codes = {CARRIER.write(each) for each in drawn.values()}

    assert len(codes) == len(drawn)
    assert CARRIER.write(MARCH) == CARRIER.write(MARCH)


def test_a_carrier_never_shows_its_key() -> None:
    assert CARRY.hex() not in repr(CARRIER)
    assert repr(CARRY) not in repr(CARRIER)
