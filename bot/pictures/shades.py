"""One hue from white to dark blue, ever darker, and the ink that can be read on each shade (WCAG 2: at least 4.5 to 1)."""

from dataclasses import dataclass
from fractions import Fraction

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
DARKEST: Colour = (8, 48, 107)

LIGHTEST = Fraction(1, 10)
"""How far towards the darkest a share begins that is more than nothing, so that it differs from none."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A fill, and the ink for what is written on it, each as typst reads colours (“#rrggbb”)."""

    fill: str
    ink: str


def shade(share: Fraction) -> Shade:
    """The shade of a share from 0 (white) to 1 (the darkest)."""
    fill = mixed(share)
    ink = max((BLACK, WHITE), key=lambda each: contrast(each, fill))
    return Shade(_written(fill), _written(ink))


def mixed(share: Fraction) -> Colour:
    """The colour of a share."""
    towards = LIGHTEST + (1 - LIGHTEST) * share if share else Fraction()
    red, green, blue = (round(a + (b - a) * towards) for a, b in zip(WHITE, DARKEST, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """How well one can be told from the other, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    """How light a colour is, from 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
