"""Draws cards as a phone shows them, as one SVG: the message bubble, its lines, its buttons, and the end of the screen.

Text stays text, not outlines. It is shown in the reader's own font, with the widths of a phone's font.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import typst

from dialogs.core.replies import Card
from docs.phone.cards import Shown, heading
from docs.phone.measure import (
    BUBBLE,
    BUTTON_GAP,
    BUTTON_ROW,
    COMPOSER,
    FRAME,
    HEADER,
    LINE,
    SCREEN_HEIGHT,
    SCREEN_WIDTH,
    TEXT,
    TEXT_ROOM,
    TIME_LINE,
    VISIBLE,
    Line,
    as_shown,
    height,
    lines,
    time_is_below,
)
from docs.phone.widths import width

LABEL, SMALL = 15.0, 12.0
"""The sizes of labels and of small text (px)."""

LEFT, EDGE, INSET, BASE = 8, 2, 9, 16
"""Distances (px): left of a bubble, above it, from its side to its text, and from the top of a line to the baseline."""

APART = 26
"""The distance between two phones, and around all phones (px)."""

SHARP, PLAIN = 144.0, 72.0
"""The resolution of a PNG (dots per inch): two dots per px of the phone, or one if there are several rows of phones."""

TEMPLATE = Path(__file__).with_name("phone.typ")

INK, FADED, WARNING = "#111111", "#7a8a96", "#a31515"

STYLE = """text { font-family: system-ui, Roboto, "SF Pro Text", "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
.strong, .label { font-weight: bold; }"""

PHONE = """<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="0 0 {width} {height}">
<rect width="{width}" height="{height}" rx="30" fill="#bfd3df"/>
<path d="M0 {header}V30a30 30 0 0 1 30 -30H{round}a30 30 0 0 1 30 30V{header}z" fill="#3f7199"/>
{clock}
<path d="M24 68l-9 9l9 9" fill="none" stroke="#ffffff" stroke-width="2.4"/>
<circle cx="62" cy="77" r="19" fill="#8fb8d6"/>
{name}
<path d="M0 {composer}H{width}V{foot}a30 30 0 0 1 -30 30H30a30 30 0 0 1 -30 -30z" fill="#ffffff"/>
{typing}
{parts}
<rect x="1" y="1" width="{inner_width}" height="{inner_height}" rx="29" fill="none" stroke="#2b3640" stroke-width="2"/>
</svg>"""
"""The template of a phone: its header with clock and name, the card, and the field for typing."""

WHOLE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" \
aria-labelledby="title">
<title id="title">{title}</title>
<style>{style}</style>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{phones}
</svg>
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing as SVG, its width and height (px), and whether it has more than one row of phones."""

    svg: str
    width: int
    height: int
    is_long: bool


def sheet(cards: Sequence[Shown], across: int) -> Sheet:
    """Return a drawing of all these cards, with `across` phones side by side in each row."""
    phones, top = [], APART
    for start in range(0, len(cards), across):
        row = cards[start : start + across]
        phones += [phone(each, APART + place * (SCREEN_WIDTH + APART), top) for place, each in enumerate(row)]
        top += max(phone_height(each.card) for each in row) + APART
    title = escape("; ".join(heading(each.card) for each in cards))
    wide = APART + min(across, len(cards)) * (SCREEN_WIDTH + APART)
    svg = WHOLE.format(width=wide, height=top, title=title, style=STYLE, phones="\n".join(phones))
    return Sheet(svg, wide, top, len(cards) > across)


def png(drawn: Sheet) -> bytes:
    """Return the drawing as a PNG (bytes), in a sans-serif font of this machine, or else in typst's own font."""
    files = {"main.typ": TEMPLATE.read_bytes(), "sheet.svg": drawn.svg.encode()}
    more: dict[str, Any] = {"sys_inputs": {"width": str(drawn.width), "height": str(drawn.height)}}
    made: bytes = typst.compile(files, format="png", ppi=PLAIN if drawn.is_long else SHARP, **more)
    return made


def phone_height(card: Card) -> int:
    """Return the height of a drawn phone (px). A card that is higher than the screen makes the phone longer."""
    return max(SCREEN_HEIGHT, HEADER + height(card) + LEFT + COMPOSER if height(card) > VISIBLE else 0)


def phone(shown: Shown, x: int, y: int) -> str:
    """Return the SVG of a phone with one card, at this position."""
    high, time = phone_height(shown.card), f"{shown.at:%H:%M}"
    return PHONE.format(
        x=x,
        y=y,
        width=SCREEN_WIDTH,
        height=high,
        inner_width=SCREEN_WIDTH - 2,
        inner_height=high - 2,
        header=HEADER,
        composer=high - COMPOSER,
        foot=high - 30,
        round=SCREEN_WIDTH - 30,
        clock=_text(time, 26, 32, size=TEXT, fill="#ffffff", kind="strong"),
        name="\n".join(_name()),
        typing=_text("Message", 24, high - COMPOSER / 2 + 6, size=TEXT, fill=FADED),
        parts="\n".join(_parts(shown.card, time)),
    )


def _name() -> Iterator[str]:
    yield _text("S", 62, 83, size=TEXT, fill="#ffffff", kind="strong", anchor="middle")
    yield _text("SERAF", 92, 73, size=TEXT, fill="#ffffff", kind="strong")
    yield _text("bot", 92, 92, size=SMALL + 1, fill="#dcebf5")


def _parts(card: Card, time: str) -> Iterator[str]:
    shown = lines(card)
    below = TIME_LINE if time_is_below(shown) else 0
    bottom = HEADER + FRAME + LINE * len(shown) + below
    rounded = 'rx="14" fill="#ffffff" stroke="#a9bfcc" stroke-width="0.6"'
    yield f'<rect x="{LEFT}" y="{HEADER + EDGE}" width="{BUBBLE}" height="{bottom - HEADER - EDGE}" {rounded}/>'
    yield from _written(shown)
    yield _text(time, LEFT + BUBBLE - INSET, bottom - 8, size=SMALL, fill=FADED, anchor="end")
    yield from _buttons(card, bottom)
    if height(card) > VISIBLE:
        yield from _end(height(card) - VISIBLE)


def _written(shown: Sequence[Line]) -> Iterator[str]:
    for place, line in enumerate(shown):
        if line.text:
            foot = HEADER + FRAME / 2 + EDGE / 2 + LINE * place + BASE
            kind = "strong" if line.is_strong else ""
            yield _text(line.text, LEFT + INSET, foot, size=TEXT, kind=kind, most=TEXT_ROOM)


def _buttons(card: Card, top: int) -> Iterator[str]:
    for place, row in enumerate(card.rows):
        wide = (BUBBLE - BUTTON_GAP * (len(row) - 1)) / len(row)
        y, high = top + BUTTON_ROW * place + BUTTON_GAP, BUTTON_ROW - BUTTON_GAP
        for column, button in enumerate(row):
            x = LEFT + column * (wide + BUTTON_GAP)
            label = as_shown(button.label, len(row))
            yield f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{high}" rx="7" fill="#4b7088"/>'
            middle = x + wide / 2
            yield _text(label, middle, y + 23, size=LABEL, fill="#ffffff", kind="label", anchor="middle", most=wide - 8)


def _end(more: int) -> Iterator[str]:
    """Yield the line at the end of the screen, for a card that continues below it."""
    y = HEADER + VISIBLE
    yield f'<line x1="0" y1="{y}" x2="{SCREEN_WIDTH}" y2="{y}" stroke="{WARNING}" stroke-width="2" stroke-dasharray="9 5"/>'
    for place, words in enumerate((f"{VISIBLE} px", "screen", "ends", f"+{more}")):
        yield _text(words, SCREEN_WIDTH - 4, y + 16 + 14 * place, size=SMALL, fill=WARNING, anchor="end")


def _text(
    text: str, x: float, y: float, *, size: float, fill: str = INK, kind: str = "", anchor: str = "", most: float = 999
) -> str:
    """Return the SVG of a text at this position, with the width that it has on a phone, but at most `most` px."""
    wide = min(width(text, size, is_strong=bool(kind)), most)
    more = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"{more}'
    return f'<text {place} textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs">{escape(text, quote=False)}</text>'
