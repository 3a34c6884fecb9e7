"""Tests of PINs: only the right one matches, none can be read from its hash, and weak ones are refused."""

import base64
from pathlib import Path
from random import Random

import pytest

from bot.crypto.pins import LENGTH, Pins, is_weak
from tests.support.cheap_pins import REAL
from tests.support.counts import times

PINS = Pins(b"p" * 32)
SALT = b"sixteen bytes..."

LISTS = ("commonest_2015.txt", "commonest_2019.txt")
"""Files with the 1,000 most frequent six-digit numbers of two public password lists in SecLists (MIT licence):
`xato-net-10-million-passwords` of 2015, and `100k-most-used-passwords-NCSC` of 2019, which the National Cyber Security
Centre of the United Kingdom published from the Pwned Passwords of Have I Been Pwned.
"""


def commonest(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="ascii").split()


@pytest.mark.parametrize("tapped", ["248613", "248631", "348613", "24861", "2486133", "", "000000"])
def test_only_the_right_pin_matches(tapped: str) -> None:
    kept = PINS.hashed("248613", SALT)

    assert PINS.matches(tapped, kept) == (tapped == "248613")


def test_a_hash_is_of_no_use_without_the_pepper() -> None:
    kept = PINS.hashed("248613", SALT)

    assert not Pins(b"q" * 32).matches("248613", kept)


def test_the_same_pin_of_two_people_has_different_hashes() -> None:
    assert PINS.hashed("248613", SALT) != PINS.hashed("248613", SALT[::-1])


def test_the_store_holds_the_salt_and_a_hash() -> None:
    kept = base64.b64decode(PINS.hashed("248613", SALT))

    assert kept[:-LENGTH] == SALT
    assert len(kept) == len(SALT) + LENGTH
    assert b"248613" not in kept


def test_a_try_costs_what_it_should() -> None:
    """Each try takes 19 MiB and two passes, so that a stolen key file and database do not give a PIN at once."""
    assert REAL == (2, 19 * 1024)


def test_the_pepper_is_in_no_repr() -> None:
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
    assert is_weak(pin)


@pytest.mark.parametrize("name", LISTS)
def test_the_thousand_numbers_that_most_people_use_are_weak(name: str) -> None:
    pins = commonest(name)

    assert (len(pins), len(set(pins))) == (1_000, 1_000)
    assert [pin for pin in pins if not is_weak(pin)] == []


@pytest.mark.parametrize(
    "pin", ["248613", "135782", "320683", "251383", "061939", "203013", "147285", "158753", "121315", "147893"]
)
def test_any_other_pin_is_not(pin: str) -> None:
    assert not is_weak(pin)


@pytest.mark.prove
def test_thousands_are_refused_and_nineteen_of_twenty_are_not() -> None:
    """A thief with five tries is then unlikely to succeed, and people soon find a PIN that is accepted."""
    tried = Random(6).sample(range(1_000_000), times(1_000_000, 10_000))

    refused = sum(is_weak(f"{pin:06}") for pin in tried)

    assert 0.01 < refused / len(tried) < 0.05
