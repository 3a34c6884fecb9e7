"""One hue from white to blue, ever darker, and never so dark that black on it is hard to read (WCAG 2: at least 7 to 1)."""

from fractions import Fraction

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
DARKEST: Colour = (84, 155, 220)

LIGHTEST = Fraction(1, 10)
"""Where the scale starts for any share above zero, so that it can be told from zero."""


def shade(share: Fraction) -> str:
    """The shade of a share from 0 (white) to 1 (the darkest), as typst reads colours (“#rrggbb”)."""
    return "#{:02x}{:02x}{:02x}".format(*mixed(share))


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
