"""The plot of a comparison: bars for each bot, a group a comparison, as a picture whose words stay text."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, LEFT, BAR, GAP, TITLE = 760, 12, 17, 20, 30
"""The picture's width, its margin, the height of a bar, the space between bots, and that of the title, in px."""

MOST = 1.6
"""The ratio at which a bar ends; a longer one is cut, and its figure says how long it is."""

COLOURS = ("#4b7088", "#3f7d57", "#8a6a25", "#77538f")

WHOLE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" \
aria-labelledby="title">
<title id="title">Processor time of a tap, as a share of the bare bot's: shorter is cheaper</title>
<style>text {{ font: 13px system-ui, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }}</style>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{parts}
</svg>
"""


def drawn(bars: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    """The picture: for each bot its name and a bar a comparison, with a line where the bare bot is."""
    room = WIDTH - 2 * LEFT - 190
    parts, y = [], TITLE - 14
    for name, found in bars.items():
        parts.append(f'<text x="{LEFT}" y="{y + 14}" font-weight="600">{escape(name)}</text>')
        y += 20
        for number, (heading, ratio) in enumerate(found):
            wide = min(ratio, MOST) / MOST * room
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{wide:.0f}" height="{BAR - 3}" fill="{COLOURS[number]}"/>')
            parts.append(f'<text x="{LEFT + wide + 6:.0f}" y="{y + 11}">{ratio:.2f} · {escape(heading)}</text>')
            y += BAR
        y += GAP
    at = LEFT + room / MOST
    line = f'<line x1="{at:.0f}" x2="{at:.0f}" y1="8" y2="{y - 8}" stroke="#999999" stroke-dasharray="3 3"/>'
    return WHOLE.format(width=WIDTH, height=y, parts="\n".join((line, *parts)))
