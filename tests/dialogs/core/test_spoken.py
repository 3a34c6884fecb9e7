"""Tests of codes that are said on the telephone: what is heard wrongly is noticed at once, and costs nobody a try."""

from itertools import combinations
from random import Random

from dialogs.core.spoken import LENGTH, SIGNS, in_two_groups, looks_like_code, read_code, spoken_code
from tests.support.counts import times

DRAW = Random(39)
CODES = [spoken_code(DRAW.getrandbits(64)) for _ in range(times(600, 40))]


def test_every_sign_that_is_heard_wrongly_is_noticed() -> None:
    wrong = [
        code[:place] + sign + code[place + 1 :]
        for code in CODES
        for place in range(LENGTH)
        for sign in SIGNS
        if sign != code[place]
    ]

    assert [code for code in wrong if read_code(code) is not None] == []


def test_any_two_signs_that_change_places_are_noticed() -> None:
    swapped = []
    for code in CODES:
        for one, other in combinations(range(LENGTH), 2):
            signs = list(code)
            signs[one], signs[other] = signs[other], signs[one]
            if signs[one] != signs[other]:
                swapped.append("".join(signs))

    assert [code for code in swapped if read_code(code) is not None] == []


def test_two_signs_that_are_heard_wrongly_are_noticed_but_for_one_in_twenty_nine() -> None:
    unnoticed, tried = 0, times(200_000, 20_000)
    for number in range(tried):
        signs = list(CODES[number % len(CODES)])
        for place in DRAW.sample(range(LENGTH), 2):
            signs[place] = DRAW.choice([sign for sign in SIGNS if sign != signs[place]])
        unnoticed += read_code("".join(signs)) is not None

    assert 0.025 < unnoticed / tried < 0.045


def test_a_code_is_read_however_it_was_typed() -> None:
    code = CODES[0]

    assert read_code(in_two_groups(code).lower()) == code
    assert read_code("-".join(code)) == code
    assert [read_code(typed) for typed in ("", "hello", code[:-1], code + "2", "O" + code[1:])] == [None] * 5


def test_what_has_ten_signs_is_taken_for_a_code_even_if_it_is_none() -> None:
    assert [
        looks_like_code(typed) for typed in ("K7M4X 2RTD5", "k7m4x-2rtdf", "K7M4X", "when, where?", "ÄÄÄÄÄÄÄÄÄÄ")
    ] == [
        *(True, True),
        *(False, False, False),
    ]


def test_the_codes_of_all_numbers_are_different() -> None:
    numbers = [DRAW.randrange(29**9) for _ in range(2_000)]

    assert len({spoken_code(number) for number in numbers}) == len(set(numbers))
