"""Tests that random codes and references are uniform, and that the same random bytes give the same code."""

from collections import Counter

from bot.crypto import at_random
from bot.crypto.at_random import (
    CODE_LENGTH,
    FIRST,
    LETTERS,
    LOWEST,
    NUMBERS,
    RANDOM_BYTES,
    SECOND,
    code_drawn_from,
    make_code,
    make_reference,
)

DRAWN = 12_000
FAR = 8
"""Standard deviations within which each count must lie. Fewer than one run in a million million fails by chance."""


def are_alike_often(seen: Counter[str], kinds: int) -> bool:
    share = sum(seen.values()) / kinds
    return len(seen) == kinds and all(abs(count - share) < FAR * share**0.5 for count in seen.values())


def test_every_letter_is_as_likely_at_every_place_of_a_code() -> None:
    """If some letters were likelier, a code would be easier to guess than its length suggests."""
    codes = [make_code() for _ in range(DRAWN)]

    assert all(are_alike_often(Counter(code[place] for code in codes), len(LETTERS)) for place in range(CODE_LENGTH))


def test_the_same_random_bytes_give_the_same_code_and_others_another() -> None:
    drawn = [bytes([at]) * RANDOM_BYTES for at in range(256)]
    codes = [code_drawn_from(each) for each in drawn]

    assert codes == [code_drawn_from(each) for each in drawn]
    assert len(set(codes)) == 256


def test_random_bytes_of_any_size_are_spelled_in_full() -> None:
    spelled = at_random._spelled  # noqa: SLF001
    ends = [spelled(bytes(RANDOM_BYTES)), spelled(b"\xff" * RANDOM_BYTES)]

    assert ends[0] == LETTERS[0] * CODE_LENGTH
    assert all(len(each) == CODE_LENGTH and set(each) <= set(LETTERS) for each in ends)


def test_every_word_and_number_of_a_reference_is_as_likely() -> None:
    drawn = [make_reference().split() for _ in range(DRAWN)]

    firsts, seconds, numbers = (Counter(each[at] for each in drawn) for at in range(3))
    assert are_alike_often(firsts, len(FIRST))
    assert are_alike_often(seconds, len(SECOND))
    assert are_alike_often(numbers, NUMBERS)
    assert {int(each) for each in numbers} == set(range(LOWEST, 100))
