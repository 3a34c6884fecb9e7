"""PINs: six digits, kept only as an Argon2id hash that also needs the pepper of the key file."""

import base64
import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

ITERATIONS, LANES, MEMORY_KIB, LENGTH = 2, 1, 19 * 1024, 32
"""What one try costs: 19 MiB and two passes."""

FEWEST = 3
"""Different digits that a PIN must have."""

RUNS = "01234567890", "09876543210"


@dataclass(frozen=True, slots=True)
class Pins:
    """Hashes PINs under one pepper."""

    pepper: bytes = field(repr=False)

    def hashed(self, pin: str, salt: bytes) -> str:
        """The PIN as it may be kept: the salt and the hash, in base 64."""
        return base64.b64encode(salt + self._derive(pin, salt)).decode()

    def matches(self, pin: str, kept: str) -> bool:
        """Whether a PIN is the one that was kept."""
        known = base64.b64decode(kept)
        salt, found = known[:-LENGTH], known[-LENGTH:]
        # Compared in constant time, so that how long it takes says nothing about the hash.
        return hmac.compare_digest(found, self._derive(pin, salt))

    def _derive(self, pin: str, salt: bytes) -> bytes:
        argon = Argon2id(
            salt=salt, length=LENGTH, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB, secret=self.pepper
        )
        return argon.derive(pin.encode())


def is_weak(pin: str) -> bool:
    """Whether somebody at the phone would try this PIN first: few different digits, or a run up or down."""
    return len(set(pin)) < FEWEST or any(pin in run for run in RUNS)
