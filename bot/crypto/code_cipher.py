"""Review codes: a finished SERAF, encrypted, as letters and digits that are copied by hand.

A code is a synthetic-IV seal: its tag is a keyed function of everything that it says and of the instrument, and what it
says is hidden under a stream from that tag. It refuses to know where a code is written, and who reads it.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from bot.crypto.sealing import KeyRing
from bot.runtime.clock import Clock
from seraf.form.instrument import Instrument
from seraf.review.carry_over import Carried, Layout, layouts

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without the letters that look like another sign, and without U."""

SIGNS = {
    **{sign: value for value, sign in enumerate(ALPHABET)},
    **{sign.lower(): value for value, sign in enumerate(ALPHABET)},
    **dict.fromkeys("Oo", 0),
    **dict.fromkeys("IiLl", 1),
}
"""What each sign stands for, with those that are easily written for another."""

BITS = 5
"""Bits in a sign."""

FIFTH = 5
"""By how many signs a code is longer for a longer list, or for a month that is not among the usual ones."""

FEWEST = 20
"""Signs of the shortest code of the first format."""

MORE = {1: 0, 2: 4, 3: 6}
"""Signs by which a code of each format is longer than the first would be, or so many and fives more: so no two formats ever
have a code of the same length."""

GROUP = {1: 5, 2: 6, 3: 7}
"""Signs in a group of a code of each format. The last group may be shorter."""

TAG = 31
"""Bits of a tag at least: a wrong code passes for a right one less than once in two thousand million."""

Domain = tuple[bytes, bytes, bytes]
"""What the codes of one use are bound to: bytes for the first format, and others for each later one."""

REAL: Domain = (b"seraf carry-over 1", b"seraf carry-over 2", b"seraf carry-over 3")
"""The domain of codes of real assessments."""

REHEARSED: Domain = (
    b"seraf carry-over 1, rehearsed",
    b"seraf carry-over 2, rehearsed",
    b"seraf carry-over 3, rehearsed",
)
"""The domain of codes of rehearsals, which no real review may read."""

PARTINGS = frozenset({"Pd", "Zs", "Cc", "Cf"})
"""Kinds of sign that part the groups of a code: dashes, spaces, ends of lines, and what cannot be seen."""

LONGEST = 1000
"""Signs that are looked at; no code is nearly as long."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How long the codes of a layout are, in signs, and how many bits of them hide what is said; the rest is the tag."""

    layout: Layout
    signs: int
    hidden: int

    @property
    def tag(self) -> int:
        """Bits of the tag."""
        return self.signs * BITS - self.hidden


def shapes(instrument: Instrument) -> tuple[Shape, ...]:
    """Return the codes of an instrument, the newest format first: in each the usual ones, and then the longer ones of months that
    the usual ones cannot name.
    """
    first, found = _shape(layouts(instrument, 1)[0], FEWEST).signs, list[Shape]()
    for code_format in sorted(MORE, reverse=True):
        narrow, wide = layouts(instrument, code_format)
        usual = _shape(narrow, first + MORE[code_format])
        found += (usual, _shape(wide, usual.signs + FIFTH))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CodeCipher:
    """Writes and reads the codes of one key and one domain, for these instruments."""

    key: bytes = field(repr=False)
    instruments: tuple[Instrument, ...]
    domain: Domain = REAL

    def write(self, carried: Carried) -> str:
        """Return the code of a finished SERAF, as it is to be copied. The same SERAF always has the same code.

        A SERAF that was read from a code keeps the format of that code, so that nothing is claimed that was never said.
        """
        instrument = self.instrument(carried.fingerprint)
        shape = next(each for each in shapes(instrument) if each.layout.holds(carried))
        return self.sealed(shape, shape.layout.pack(carried))

    def sealed(self, shape: Shape, said: int) -> str:
        """Return the code of this shape that says this number of its layout."""
        tag = self._tag(shape, said)
        return _grouped(tag << shape.hidden | said ^ self._stream(shape, tag), shape)

    def read(self, code: str) -> Carried | None:
        """Return the SERAF in a code, or None if it was made with another key or for another instrument, or was copied wrongly.

        Raise `NewerCode` if a newer release wrote it, and it says more than this one can read.
        """
        values = _values(code)
        number = 0
        for value in values or ():
            number = number << BITS | value
        # The instrument is not written in a code: each that is known is tried, and the tag says which one fits.
        fitting = (shape for each in self.instruments for shape in shapes(each) if shape.signs == len(values or ()))
        return next((found for shape in fitting if (found := self._opened(shape, number)) is not None), None)

    def instrument(self, fingerprint: str) -> Instrument:
        """Return the instrument of that fingerprint; raise `KeyError` if its codes cannot be written or read here."""
        for instrument in self.instruments:
            if instrument.fingerprint == fingerprint:
                return instrument
        raise KeyError(fingerprint)

    def _opened(self, shape: Shape, number: int) -> Carried | None:
        tag, hidden = number >> shape.hidden, number & (1 << shape.hidden) - 1
        said = hidden ^ self._stream(shape, tag)
        # Without the first check a wrong key could give a number that no layout can unpack.
        if said >= shape.layout.size or self._tag(shape, said) != tag:
            return None
        return shape.layout.unpack(said)

    def _tag(self, shape: Shape, said: int) -> int:
        return self._keyed(shape, b"tag", number=said, bits=shape.tag)

    def _stream(self, shape: Shape, tag: int) -> int:
        return self._keyed(shape, b"stream", number=tag, bits=shape.hidden)

    def _keyed(self, shape: Shape, use: bytes, *, number: int, bits: int) -> int:
        """Return a number of so many bits that only the key gives, for this use, number, instrument and length of code."""
        told = number.to_bytes(shape.signs, "big")
        domain = self.domain[shape.layout.code_format - 1]
        parts = (domain, use, bytes.fromhex(shape.layout.instrument.fingerprint), told)
        info = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        length = -(-bits // 8)
        return int.from_bytes(HKDFExpand(SHA256(), length, info).derive(self.key), "big") >> length * 8 - bits


def _shape(layout: Layout, least: int) -> Shape:
    """Return a shape of so many signs, or fives more where what is said would leave too short a tag."""
    hidden = (layout.size - 1).bit_length()
    wanting = max(hidden + TAG - BITS * least, 0)
    return Shape(layout, least + FIFTH * -(-wanting // (BITS * FIFTH)), hidden)


def _grouped(number: int, shape: Shape) -> str:
    text = "".join(ALPHABET[number >> BITS * place & 31] for place in reversed(range(shape.signs)))
    size = GROUP[shape.layout.code_format]
    return "-".join(text[start : start + size] for start in range(0, shape.signs, size))


def _values(code: str) -> list[int] | None:
    """Return what each sign stands for, or None if one of them is in no code."""
    plain = code[:LONGEST].replace("\N{MINUS SIGN}", "-")
    signs = [sign for sign in plain if unicodedata.category(sign) not in PARTINGS]
    return [SIGNS[sign] for sign in signs] if all(sign in SIGNS for sign in signs) else None


@dataclass(frozen=True, slots=True)
class CodesInForce:
    """Writes under today's secret; reads under that one, and then under those of before whose time is not over."""

    cipher: CodeCipher
    older: tuple[tuple[CodeCipher, datetime], ...]
    clock: Clock

    def write(self, carried: Carried) -> str:
        """Return the code of a finished SERAF, under today's secret."""
        return self.cipher.write(carried)

    def read(self, code: str) -> Carried | None:
        """Return the SERAF in a code that opens now; None for every other text."""
        now = self.clock.now()
        ciphers = (self.cipher, *(cipher for cipher, until in self.older if now < until))
        return next((found for each in ciphers if (found := each.read(code)) is not None), None)

    def instrument(self, fingerprint: str) -> Instrument:
        """Return the instrument of that fingerprint, or `KeyError`."""
        return self.cipher.instrument(fingerprint)


def codes_in_force(
    keys: KeyRing, instruments: tuple[Instrument, ...], *, clock: Clock, domain: Domain = REAL
) -> CodesInForce:
    """Return the codes of these keys for these instruments."""
    older = tuple((CodeCipher(each.secret, instruments, domain), each.until) for each in keys.older)
    return CodesInForce(CodeCipher(keys.code_secret, instruments, domain), older, clock)
