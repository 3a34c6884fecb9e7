"""Review codes: a finished assessment, encrypted, as letters and digits that people copy by hand.

A code is encrypted with a synthetic IV. Its tag is a keyed function of the content and of the instrument, and
the content is combined (XOR) with a key stream derived from that tag.
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

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32, without U and letters that look like another character
SIGNS = {
    **{sign: value for value, sign in enumerate(ALPHABET)},
    **{sign.lower(): value for value, sign in enumerate(ALPHABET)},
    **dict.fromkeys("Oo", 0),
    **dict.fromkeys("IiLl", 1),
}
"""The value of each character. A character that is easily mistaken for 0 or 1 has the value 0 or 1."""

BITS = 5  # the number of bits in a character
FIFTH = 5  # a code is longer by this many characters, or a multiple, if its list is long or its month unusual
FEWEST = 20  # number of characters of the shortest code of the first format
MORE = {1: 0, 2: 4, 3: 6}  # how many characters longer the codes of each format are, so that no length has two formats
GROUP = {1: 5, 2: 6, 3: 7}  # for each format, the characters in a group of a code; the last group may be shorter
TAG = 31  # the minimum number of bits of a tag, which accepts less than one wrong code in two thousand million
LONGEST = 1000  # the maximum number of typed characters that are read, which is much more than a code has

Domain = tuple[bytes, bytes, bytes]  # for each format, bytes that make its codes useless for any other use

REAL: Domain = (b"seraf carry-over 1", b"seraf carry-over 2", b"seraf carry-over 3")
REHEARSED: Domain = (  # codes of rehearsals, which no real review may read
    b"seraf carry-over 1, rehearsed",
    b"seraf carry-over 2, rehearsed",
    b"seraf carry-over 3, rehearsed",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of codes with this layout: how many characters, and how many bits of these are the content. The rest is the tag."""

    layout: Layout
    signs: int
    hidden: int

    @property
    def tag(self) -> int:
        """The number of bits of the tag."""
        return self.signs * BITS - self.hidden


def shapes(instrument: Instrument) -> tuple[Shape, ...]:
    """Return the sizes of an instrument's codes, the newest format first, and in each format the usual size before the longer one."""
    first, result = _shape(layouts(instrument, 1)[0], FEWEST).signs, list[Shape]()
    for code_format in sorted(MORE, reverse=True):
        narrow, wide = layouts(instrument, code_format)
        usual = _shape(narrow, first + MORE[code_format])
        result += (usual, _shape(wide, usual.signs + FIFTH))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class CodeCipher:
    """Writes and reads review codes with one key, for one domain and these instruments."""

    key: bytes = field(repr=False)
    instruments: tuple[Instrument, ...]
    domain: Domain = REAL

    def write(self, carried: Carried) -> str:
        """Return the code of a finished assessment. One content always has one code. If it was read from a code, the format stays."""
        instrument = self.instrument(carried.fingerprint)
        shape = next(shape for shape in shapes(instrument) if shape.layout.holds(carried))
        return self.sealed(shape, shape.layout.pack(carried))

    def sealed(self, shape: Shape, content: int) -> str:
        """Return the code of this size for `content`, which is the number into which the layout packed an assessment."""
        tag = self._keyed(shape, b"tag", content)
        number = tag << shape.hidden | content ^ self._keyed(shape, b"stream", tag)
        text = "".join(ALPHABET[number >> BITS * place & 31] for place in reversed(range(shape.signs)))
        size = GROUP[shape.layout.code_format]
        return "-".join(text[start : start + size] for start in range(0, shape.signs, size))

    def read(self, code: str) -> Carried | None:
        """Return the assessment in a code, or None if it was miscopied or does not belong to this key. Raise `NewerCode` if it is newer."""
        plain = code[:LONGEST].replace("\N{MINUS SIGN}", "-")
        # Without dashes, spaces, line ends and invisible characters.
        signs = [sign for sign in plain if unicodedata.category(sign) not in ("Pd", "Zs", "Cc", "Cf")]
        if not all(sign in SIGNS for sign in signs):
            return None
        number = 0
        for sign in signs:
            number = number << BITS | SIGNS[sign]
        # The instrument is not in the code: each known one is tried, and the tag shows the right one.
        for instrument in self.instruments:
            for shape in shapes(instrument):
                if shape.signs == len(signs) and (carried := self._opened(shape, number)) is not None:
                    return carried
        return None

    def instrument(self, fingerprint: str) -> Instrument:
        """Return the instrument with this fingerprint. Raise `KeyError` if it is not one of this cipher's."""
        for instrument in self.instruments:
            if instrument.fingerprint == fingerprint:
                return instrument
        raise KeyError(fingerprint)

    def _opened(self, shape: Shape, number: int) -> Carried | None:
        tag, hidden = number >> shape.hidden, number & (1 << shape.hidden) - 1
        content = hidden ^ self._keyed(shape, b"stream", tag)
        # The first check is for a wrong key, which could give a number that no layout can unpack.
        if content >= shape.layout.size or self._keyed(shape, b"tag", content) != tag:
            return None
        return shape.layout.unpack(content)

    def _keyed(self, shape: Shape, use: bytes, number: int) -> int:
        """Return a number derived from key, use, instrument and code length: the tag of a content, or the key stream of a tag."""
        domain = self.domain[shape.layout.code_format - 1]
        fingerprint = bytes.fromhex(shape.layout.instrument.fingerprint)
        parts = (domain, use, fingerprint, number.to_bytes(shape.signs, "big"))
        info = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        bits = shape.tag if use == b"tag" else shape.hidden
        length = -(-bits // 8)
        return int.from_bytes(HKDFExpand(SHA256(), length, info).derive(self.key), "big") >> length * 8 - bits


def _shape(layout: Layout, least: int) -> Shape:
    """Return the size with `least` characters, or more in steps of `FIFTH`, so that the tag has at least `TAG` bits."""
    hidden = (layout.size - 1).bit_length()
    wanting = max(hidden + TAG - BITS * least, 0)
    return Shape(layout, least + FIFTH * -(-wanting // (BITS * FIFTH)), hidden)


@dataclass(frozen=True, slots=True)
class CodesInForce:
    """The ciphers in use. Codes are written with the current secret. Codes of earlier secrets can be read until a set time."""

    cipher: CodeCipher
    older: tuple[tuple[CodeCipher, datetime], ...]
    clock: Clock

    def write(self, carried: Carried) -> str:
        return self.cipher.write(carried)

    def read(self, code: str) -> Carried | None:
        now = self.clock.now()
        ciphers = (self.cipher, *(cipher for cipher, until in self.older if now < until))
        return next((carried for cipher in ciphers if (carried := cipher.read(code)) is not None), None)

    def instrument(self, fingerprint: str) -> Instrument:
        return self.cipher.instrument(fingerprint)


def codes_in_force(
    keys: KeyRing, instruments: tuple[Instrument, ...], *, clock: Clock, domain: Domain = REAL
) -> CodesInForce:
    """Return the ciphers for these keys, instruments and domain."""
    older = tuple((CodeCipher(item.secret, instruments, domain), item.until) for item in keys.older)
    return CodesInForce(CodeCipher(keys.code_secret, instruments, domain), older, clock)
