"""Promise P8: an encrypted value can be decrypted only unchanged, and only at the place for which it was encrypted.

`SERAF_PROVE=full` runs 10,000 trials of each kind; other runs make 300 of each.
"""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.crypto.sealing import BLOCK, KeyRing, Sealer, place, sealed_length
from bot.runtime.errors import StoreFault
from tests.support.counts import times
from tests.support.promising import Promise

pytestmark = pytest.mark.prove

TRIALS = times(10_000, 100)

Where = tuple[str, str, bytes | int, int]
Trial = tuple[bytes, Where, bytes]


def opens(sealer: Sealer, sealed: bytes, where: Where) -> bool:
    try:
        sealer.unseal(sealed, place(*where))
    except StoreFault:
        return False
    return True


def moved(chance: random.Random, part: str, where: Where) -> Where:
    table, column, row, turn = where
    if part == "table":
        table = chance.choice(["cases", "litter", "peopl", "people2", ""])
    elif part == "column":
        column = chance.choice(["person", "shown", "profil", "profile2", ""])
    elif part == "row":
        row = chance.randbytes(chance.choice([0, 31, 32])) if chance.random() < 0.8 else chance.getrandbits(62)
    else:
        turn = chance.randrange(1000, 2000)
    return table, column, row, turn


def sealed_at_random(chance: random.Random, sealer: Sealer) -> Trial:
    plain = chance.randbytes(chance.randrange(400))
    where = ("people", "profile", chance.randbytes(32), chance.randrange(1000))
    return plain, where, sealer.seal(plain, place(*where))


def flipped(chance: random.Random, sealed: bytes) -> bytes:
    bit = chance.randrange(len(sealed) * 8)
    return bytes(byte ^ (1 << bit % 8 if index == bit // 8 else 0) for index, byte in enumerate(sealed))


def cut(chance: random.Random, sealed: bytes) -> bytes:
    length = chance.randrange(len(sealed))
    return chance.choice([sealed[:length], sealed[len(sealed) - length :]])


def lengthened(chance: random.Random, sealed: bytes) -> bytes:
    more = chance.randbytes(chance.randrange(1, 200))
    return chance.choice([sealed + more, more + sealed])


def test_a_value_opens_in_its_place() -> None:
    chance, sealer = random.Random(1), Sealer(bytes(32))

    trials = [sealed_at_random(chance, sealer) for _ in range(TRIALS)]

    assert [plain for plain, where, sealed in trials if sealer.unseal(sealed, place(*where)) != plain] == []
    assert len({sealer.seal(b"same", place("t", "c", row=1)) for _ in range(TRIALS)}) == TRIALS


@pytest.mark.parametrize("part", ["table", "column", "row", "turn"])
def test_a_value_moved_to_another_place_does_not_open(part: str, promise: Promise) -> None:
    chance, sealer = random.Random(part), Sealer(bytes(32))

    trials = [sealed_at_random(chance, sealer) for _ in range(TRIALS)]

    assert [where for _, where, sealed in trials if opens(sealer, sealed, moved(chance, part, where))] == []
    promise.reached("P8", asked=TRIALS, reached=len(trials), of=f"values moved to another {part}, refused")


@pytest.mark.parametrize("spoil", [flipped, cut, lengthened])
def test_a_spoilt_value_does_not_open(spoil: Callable[[random.Random, bytes], bytes], promise: Promise) -> None:
    chance, sealer = random.Random(7), Sealer(bytes(32))

    trials = [sealed_at_random(chance, sealer) for _ in range(TRIALS)]

    assert [where for _, where, sealed in trials if opens(sealer, spoil(chance, sealed), where)] == []
    promise.reached("P8", asked=TRIALS, reached=len(trials), of=f"values {spoil.__name__}, refused")


def test_a_value_does_not_open_under_another_key(promise: Promise) -> None:
    chance, sealer = random.Random(9), Sealer(bytes(32))

    trials = [sealed_at_random(chance, sealer) for _ in range(TRIALS)]

    assert [where for _, where, sealed in trials if opens(Sealer(chance.randbytes(32)), sealed, where)] == []
    promise.reached("P8", asked=TRIALS, reached=len(trials), of="values under another key, refused")


def test_a_fault_names_the_column_and_nothing_of_the_value() -> None:
    sealer = Sealer(bytes(32))
    sealed = sealer.seal(b"secret", place("people", "profile", row=b"row", turn=3))

    with pytest.raises(StoreFault) as fault:
        sealer.unseal(sealed, place("cases", "body", row=b"row", turn=3))

    assert "cases.body" in str(fault.value)
    assert "restore" in str(fault.value)
    assert "secret" not in str(fault.value)


@pytest.mark.parametrize("length", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 10 * BLOCK])
def test_a_sealed_length_shows_whole_blocks_only(length: int) -> None:
    sealed = Sealer(bytes(32)).seal(b"x" * length, place("t", "c", row=1))

    assert len(sealed) == sealed_length(length)
    assert (len(sealed) - 29) % BLOCK == 0


def test_no_two_places_are_encoded_alike() -> None:
    parts: list[Where] = [
        ("a", "bc", b"", 0),
        ("ab", "c", b"", 0),
        ("a", "bc", 0, 0),
        ("a", "bc", b"0", 0),
        ("a", "bc", 30, 0),
    ]
    parts += [("a", "bc", b"", 1), ("a", "bc", 1, 0), ("a", "bc", b"\x01", 0), ("a", "bc", 0, 1)]

    assert len({place(*where) for where in parts}) == len(parts)


def test_a_mark_finds_a_text_of_its_kind_under_its_key_alone() -> None:
    keys = KeyRing.fresh()

    mark = keys.mark("litter", "telegram:1", "23")

    assert mark == keys.mark("litter", "telegram:1", "23")
    others = [keys.mark("litter", "telegram:12", "3"), keys.mark("inbound", "telegram:1", "23")]
    others += [
        keys.mark("litter", "telegram:1\x0023"),
        replace(keys, lookup=bytes(32)).mark("litter", "telegram:1", "23"),
    ]
    assert len({mark, *others}) == 5
    assert {len(each) for each in others} == {32}
