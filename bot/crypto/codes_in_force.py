"""Which review codes open: those of today's secret, and for as long as was said those of a secret that was changed."""

from dataclasses import dataclass
from datetime import datetime

from bot.crypto.code_cipher import REAL, CodeCipher, Domain
from bot.crypto.sealing import KeyRing
from bot.runtime.clock import Clock
from seraf.form.instrument import Instrument
from seraf.review.carry_over import Carried


@dataclass(frozen=True, slots=True)
class CodesInForce:
    """Writes under today's secret; reads under that one, and then under those of before whose time is not over."""

    cipher: CodeCipher
    older: tuple[tuple[CodeCipher, datetime], ...]
    clock: Clock

    def write(self, carried: Carried) -> str:
        """The code of a finished SERAF, under today's secret."""
        return self.cipher.write(carried)

    def read(self, code: str) -> Carried | None:
        """The SERAF in a code that opens now; None for every other text."""
        now = self.clock.now()
        ciphers = (self.cipher, *(cipher for cipher, until in self.older if now < until))
        return next((found for each in ciphers if (found := each.read(code)) is not None), None)

    def instrument(self, fingerprint: str) -> Instrument:
        """The instrument of that fingerprint, or `KeyError`."""
        return self.cipher.instrument(fingerprint)


def codes_in_force(
    keys: KeyRing, instruments: tuple[Instrument, ...], *, clock: Clock, domain: Domain = REAL
) -> CodesInForce:
    """The codes of these keys for these instruments."""
    older = tuple((CodeCipher(each.secret, instruments, domain), each.until) for each in keys.older)
    return CodesInForce(CodeCipher(keys.code_secret, instruments, domain), older, clock)
