"""The picture of a conversation in the terminal: the real output of that channel, drawn as two panels of one SVG.

Nothing is written for the picture alone: a real conversation is played at a fixed time with a fixed reference.
"""

import asyncio
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from bot.channels.terminal import FACTS, Terminal
from bot.conversation.conversation import OpenConversation
from bot.conversation.questions import Questions
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.packs import SHIPPED, load_pack, load_wording
from dialogs.core.script import Script

COLUMNS = 60
"""The number of characters in a line of a panel: few enough to be legible if the picture is shown at half its size."""

GAP = 28
"""The space between the panels, in SVG units."""

OPENED = ("Start", "Health", "Neither", "No", "Yes", "13–15", "Serious first", *["Not in 12 months"] * 4)
"""The labels of the buttons from the welcome card to the fifth significant indicator."""

TOLD = ("Past 6 months",)
"""The labels that are pressed in the first panel."""

ANSWERED = ("Not known", "Not in 12 months", *["No"] * 2, "Yes", *["No"] * 17, "Yes", *["No"] * 3)
"""The answers to the other items: one is “Not known”, two are “Yes”, and all others mean absent."""

CLOSED = ("No", "First", *["None of the others"] * 2, "Not told", "Continue")
"""The labels of the buttons for the questions after the items, and for the check of the answers."""

JUDGED = ("Not sure",)
"""The labels that are pressed in the second panel."""

THEME = TerminalTheme(
    (17, 24, 39),
    (214, 222, 235),
    [
        (17, 24, 39),
        (248, 113, 113),
        (134, 239, 172),
        (253, 224, 71),
        (125, 182, 255),
        (216, 180, 254),
        (94, 214, 208),
        (243, 246, 250),
    ],
)
"""The colours: light text on dark blue, with buttons in a calm green-blue."""

MARGIN, HEAD = 26, 58
"""The space on each side of a panel's text (half as much below it), and the space above the text, in SVG units."""

MATRIX = """{terminal_width} {terminal_height}
<style>
.{unique_id}-matrix {{ font: {char_height}px "Fira Code", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
{styles}
</style>
<defs>
{lines}
</defs>
<g class="{unique_id}-matrix">
{backgrounds}
{matrix}
</g>"""
"""The template of a panel's text. Its first line has the width and the height."""

PANEL = """<g transform="translate({x:g}, 0)">
<rect x="0.5" y="0.5" width="{width:g}" height="{height:g}" rx="14" fill="#111827" stroke="#334155"/>
<circle cx="30" cy="30" r="7" fill="#475569"/><circle cx="54" cy="30" r="7" fill="#475569"/>
<circle cx="78" cy="30" r="7" fill="#475569"/>
<text class="title" x="{middle:g}" y="36" text-anchor="middle">{number}. {title}</text>
<g transform="translate({margin}, {head})">
{text}
</g>
</g>"""
"""The template of a panel: a window with its title and its text."""

WHOLE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="title">
<title id="title">{title}</title>
<style>.title {{ font: 600 18px system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; fill: #94a3b8; }}</style>
{panels}
</svg>
"""

TITLE = "A conversation in the terminal: one question at a time; then judgement, and the result"
TITLES = ("One question at a time", "Judgement first, then what to do")


@dataclass(frozen=True, slots=True)
class SetClock:
    """A clock that is stopped on a Tuesday morning in working hours, so that the picture is always the same."""

    at: datetime = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time at which the clock is stopped."""
        return self.at


def terminal_picture() -> str:
    """Return the picture with its two panels as SVG."""
    texts = [_text(console, number) for number, console in enumerate(_played(), 1)]
    height = max(text.height for text in texts) + HEAD + MARGIN / 2
    drawn, x = [], 0.0
    for number, (text, title) in enumerate(zip(texts, TITLES, strict=True), 1):
        width = text.width + 2 * MARGIN
        frame = {"x": x, "width": width, "height": height, "middle": width / 2, "margin": MARGIN, "head": HEAD}
        drawn.append(PANEL.format(number=number, title=title, text=text.svg, **frame))
        x += width + GAP
    return WHOLE.format(width=x - GAP + 1, height=height + 1, title=TITLE, panels="\n".join(drawn))


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a panel as SVG, with its width and height."""

    svg: str
    width: float
    height: float


def _text(console: Console, number: int) -> _Text:
    drawn = console.export_svg(title="", theme=THEME, code_format=MATRIX, unique_id=f"panel{number}")
    size, _, svg = drawn.partition("\n")
    width, height = map(float, size.split())
    return _Text("\n".join(line.strip() for line in svg.splitlines() if line.strip()), width, height)


def _played() -> tuple[Console, Console]:
    """Return two consoles, each with the output of the part of the conversation that its panel shows."""
    return (
        _play(OPENED, TOLD),
        _play((*OPENED, *TOLD, *ANSWERED, *CLOSED), JUDGED),
    )


def _play(before: tuple[str, ...], seen: tuple[str, ...]) -> Console:
    """Return a console that recorded the conversation from the card on which the first label of `seen` is typed."""
    console = Console(
        file=io.StringIO(), width=COLUMNS, record=True, force_terminal=True, highlight=False, markup=False, emoji=False
    )
    pack = load_pack(SHIPPED)
    script = Script(pack, load_wording(), FACTS, asking=Questions(pack))
    terminal = Terminal(
        OpenConversation(script, SetClock(), lambda: "BRISK OTTER 41", REHEARSALS), console, echoes=True
    )
    asyncio.run(terminal.talk(_typed(before, seen, console)))
    return console


def _typed(before: tuple[str, ...], seen: tuple[str, ...], console: Console) -> Iterator[str]:
    *earlier, last = before
    yield from _each(earlier)
    console.export_text(clear=True)
    yield last
    yield from _each(seen)


def _each(lines: Iterable[str]) -> Iterator[str]:
    yield from lines
