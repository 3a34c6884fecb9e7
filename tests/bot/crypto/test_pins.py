"""PINs: only the right one matches, none can be read from what is kept, and the easiest are refused."""

import base64

import pytest

from bot.crypto.pins import ITERATIONS, LENGTH, MEMORY_KIB, Pins, is_weak

PINS = Pins(b"p" * 32)
SALT = b"sixteen bytes..."


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
    """Each is hashed with lots of its own."""
    assert PINS.hashed("248613", SALT) != PINS.hashed("248613", SALT[::-1])


def test_what_is_kept_is_the_salt_and_a_hash() -> None:
    """The PIN stands nowhere in it."""
    kept = base64.b64decode(PINS.hashed("248613", SALT))

    assert kept[:-LENGTH] == SALT
    assert len(kept) == len(SALT) + LENGTH
    assert b"248613" not in kept


def test_a_try_costs_what_it_should() -> None:
    """Nineteen MiB and two passes, so that a stolen key file and database do not give a PIN at once."""
    assert (ITERATIONS, MEMORY_KIB) == (2, 19 * 1024)


def test_the_pepper_is_in_no_repr() -> None:
    """A secret hides itself."""
    assert "ppp" not in repr(PINS)


@pytest.mark.parametrize(
    "pin",
    ["000000", "111111", "121212", "112211", "999998", "123456", "234567", "012345", "567890", "987654", "098765"],
)
def test_a_pin_that_somebody_would_try_first_is_weak(pin: str) -> None:
    """One or two digits, and runs up and down."""
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["248613", "112233", "123455", "123457", "135790", "101012", "890123"])
def test_any_other_pin_is_not(pin: str) -> None:
    """Three different digits and no run are enough."""
    assert not is_weak(pin)
