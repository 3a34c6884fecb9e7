"""PINs: only the right one matches, none can be read from what is kept, and the easiest are refused."""

import base64
from random import Random

import pytest

from bot.crypto import pins
from bot.crypto.pins import LENGTH, Pins, is_weak
from tests.support.cheap_pins import REAL, real_pins
from tests.support.counts import times

PINS = Pins(b"p" * 32)
SALT = b"sixteen bytes..."

COMMONEST = """
123456 111111 123123 696969 666666 123321 654321 000000 112233 131313 159753 123654 159357 789456 102030 315475
007007 111222 147258 010203 147852 420420 123789 852456 159951 134679 124578 135790 142536 741852 456123 666999
246810 753951 314159 321654 141627 951753 911911 112358 555666 121314 456852 123098 258456 102938 123987 445566
987456 456654 753159 223344 906090 789654 666777 123457 132435 963852 000007 362436 128500 789123 321123 100000
150781 222333 321456 332211 420247 162534 456321 000001 789987 135246 122333 200000 778899 555777 112211 192837
777888 333666 336699 123451 784512 235689 787898 147369 794613 654123 111333 000111 369963 123455 120676 147963
159632 010180 655321 123465 998877 147741 258852 225588 369258 369852 123000 153624 333777 111000 987123 135791
172839 420000 635241 987321 196969 100500 415263 224466 142857 999666 258369 132456 357159 145236 741963 258963
333444 147896 123567 875421 357951 111777 996633 556677 223322 123459 132465 515000 222777 777999 777333 888999
115599 321678 951357 123450 334455 111555 123890 777666 963258 456987 333555 159263 918273 114477 444555 902100
999888 999000 741258 852258 986532 214365 895623 777555 515051 124038 258000 748596 651550 666333 110442 232425
333999 153759 123412 987789 666555 615243 753357 555222 837519 222555 665544 141516 007700 159852 777111 555333
357753 335577 823762 777000 699669 362514 222444 885522 999111 224488 622521 747400 852963 123698 088011 999777
123458 427900 123258 253634 515253 456258 333221 123454 963369 315920 322223 124356 131415 555000 135799 555556
789852 145632 500000 233223 123369 333222 124816 100001 444777 271828 777444 014789 013579 135531 001100 524645
555444 212223 235711 451236 479373 554455 555888 741236 258741 852654
"""
"""The 250 numbers of six digits that come first in the passwords of zxcvbn 4.5.0 (MIT licence), by how often they were found."""


@pytest.mark.parametrize("tapped", ["248613", "248631", "348613", "24861", "2486133", "", "000000"])
def test_only_the_right_pin_matches(tapped: str) -> None:
    """Every digit counts, in its place."""
    kept = PINS.hashed("248613", SALT)

    assert PINS.matches(tapped, kept) == (tapped == "248613")


def test_a_hash_is_of_no_use_without_the_pepper() -> None:
    """Whoever has the database but not the key file cannot try the million."""
    kept = PINS.hashed("248613", SALT)

    assert not Pins(b"q" * 32).matches("248613", kept)


def test_the_same_pin_of_two_people_is_kept_differently() -> None:
    """Each is hashed with a salt of its own."""
    assert PINS.hashed("248613", SALT) != PINS.hashed("248613", SALT[::-1])


def test_what_is_kept_is_the_salt_and_a_hash() -> None:
    """The PIN stands nowhere in it."""
    kept = base64.b64decode(PINS.hashed("248613", SALT))

    assert kept[:-LENGTH] == SALT
    assert len(kept) == len(SALT) + LENGTH
    assert b"248613" not in kept


def test_a_try_costs_what_it_should() -> None:
    """Nineteen MiB and two passes, so that a stolen key file and database do not give a PIN at once."""
    assert REAL == (2, 19 * 1024)


def test_the_pepper_is_in_no_repr() -> None:
    """A secret hides itself."""
    assert "ppp" not in repr(PINS)


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "111111", "121212", "112211", "999998"),
        *("123456", "234567", "012345", "567890", "987654", "098765", "123455", "123457", "012346", "890123"),
        *("135791", "246802", "112233", "998877", "123123", "007007", "123321", "147741"),
        *("789456", "147258", "159753", "963852", "123789", "321654", "111222", "314159", "102030"),
        *("142536", "162534", "147896", "963258", "121314", "203040", "615243", "198500"),
        *("250683", "010203", "311299", "101012", "061985", "198506", "202411"),
    ],
)
def test_a_pin_that_somebody_would_try_first_is_weak(pin: str) -> None:
    """Few digits, runs, steps, doubles, repeats, mirrors, lines on the keys, famous numbers, dates."""
    assert is_weak(pin)


def test_the_numbers_that_most_people_use_are_weak() -> None:
    """The first 250 of a public list, whatever their kind."""
    pins = COMMONEST.split()

    assert len(set(pins)) == 250
    assert [pin for pin in pins if not is_weak(pin)] == []


@pytest.mark.parametrize(
    "pin", ["248613", "135792", "320683", "251383", "061939", "203013", "147285", "158753", "121315", "147893"]
)
def test_any_other_pin_is_not(pin: str) -> None:
    """One digit beside a pattern, a day or a month that there is none of, a year long past."""
    assert not is_weak(pin)


@pytest.mark.prove
def test_thousands_are_refused_and_nineteen_of_twenty_are_not() -> None:
    """So that five tries are nothing, and nobody looks long for a PIN."""
    tried = Random(6).sample(range(1_000_000), times(1_000_000, 50_000))

    refused = sum(is_weak(f"{pin:06}") for pin in tried)

    assert 0.01 < refused / len(tried) < 0.05


def test_bots_that_start_at_the_same_time_leave_the_cost_of_a_pin_as_it_was() -> None:
    """In whatever order they end: else every later test of this process would know no PIN."""
    before = pins.ITERATIONS, pins.MEMORY_KIB
    one, other = real_pins(), real_pins()
    for each in (one, other):
        each.__enter__()
    during = pins.ITERATIONS, pins.MEMORY_KIB

    one.__exit__(None, None, None)
    other.__exit__(None, None, None)

    assert (during, (pins.ITERATIONS, pins.MEMORY_KIB)) == (REAL, before)
