"""What a rule rests on, in up to three voices: a sentence of the guidance, a law, and our own reason."""

from dataclasses import dataclass

OURS, LAW = "ours", "law"
"""The source of a rule that rests on no heading: our own reason, or a law alone."""


@dataclass(frozen=True, slots=True)
class Basis:
    """`says` is a sentence of the guidance word for word, and `heading` the one it stands under; `law` names a law; `ours` is our reason.

    A rule of a pack that was written before there were voices has a heading alone, or nothing at all.
    """

    says: str = ""
    heading: str = ""
    law: str = ""
    ours: str = ""

    @property
    def source(self) -> str:
        """The heading of the guidance; where there is none, “law” if a law alone is named, else “ours”."""
        return self.heading or (LAW if self.law and not self.ours else OURS)

    @property
    def is_written(self) -> bool:
        """Whether it says what the rule rests on; false where an older pack names a heading alone, or nothing."""
        return bool(self.says or self.law or self.ours)
