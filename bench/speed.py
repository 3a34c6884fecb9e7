"""`make bench`: writes docs/speed.md and its plot: what a tap costs in our bot and in others, a start, and a pure turn.

A figure in the tables is the median, over all rounds, of a bot's cost divided by the bare bot's cost in the same round.
The lowest and the highest ratio follow in brackets.
"""

import asyncio
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from xml.sax.saxutils import escape

from bench.cards import LIMIT, Timed, over, timed_questions, timed_turns
from bench.figures import postgresql_piece
from bench.riding import Ride
from bench.sessions import time_to_ready
from bench.tap import BARE, OURS, PEERS, PLANS, Costs, bursts, on_one_core, ratios, rides
from bot.cli.terminal import working
from docs.markdown import fill
from tests.support.places import ROOT

PAGE, PICTURE = ROOT / "docs" / "speed.md", ROOT / "docs" / "pictures" / "speed.svg"

NAMES = {
    OURS: "ours: durable, sealed, audited",
    BARE: "python-telegram-bot, bare, keeps nothing",
    "ptb_pickle": "python-telegram-bot, ConversationHandler, pickle once a second",
    "aiogram_memory": "aiogram, state in memory",
    "aiogram_sqlite": "aiogram, state in SQLite, not sealed",
    "floor": "aiohttp alone, cards made ready, keeps nothing: the floor",
}

SITTINGS, ROUNDS, PAUSES = 3, 6, 6
"""How often all bots are restarted, since two starts of one bot can differ by a twentieth; and, after each restart, the
number of rounds in each comparison, and the number of taps of each bot with half a second in between.
"""

TEMPLATE = """# What a tap costs

Written by `make bench`, on {machine}. Machines differ: run it on yours.

All bots run at once on one core, and show the same cards of a round through the whole form. Bursts of taps take turns, each time in
another order. A figure is what a tap cost a bot, divided by what it cost the bare one in the same turn. It is the median of all turns,
with every bot restarted {sittings} times; in brackets the lowest and the highest. Below 1 is cheaper.

![Processor time of a tap, as a share of the bare bot's](pictures/speed.svg)

## Processor time, of the bot's own process

{cpu}

The bare bot takes updates concurrently; a ConversationHandler takes one at a time, as its library wants it. aiogram has no storage in
SQLite: the one here is the plainest, a transaction a change. Only ours encrypts what it keeps. `python -m bench.tap 5 ours ptb_bare`
compares two bots alone, in time too; `python -m bench.load 10` lets 2,000 people tap 30 times a second for ten minutes.

## A turn, and a start

| what | measured |
| --- | --- |
{other}

`python -m bench.cards` lists the slowest turns.

## A tap in PostgreSQL

<!-- begin postgresql -->
<!-- end postgresql -->

[Scale](scale.md) says what follows for more staff, and for many boards.
"""


WIDTH, LEFT, BAR, GAP, TITLE = 760, 12, 17, 20, 30
"""Sizes in the plot (px): its width and margin, the height of a bar, and the space between bots and for the title."""

LONGEST = 1.6
"""The ratio at which a bar of the plot ends. Longer bars are cut off there; the figure beside a bar is exact."""

COLOURS = ("#4b7088", "#3f7d57", "#8a6a25", "#77538f")

PLOT = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" \
aria-labelledby="title">
<title id="title">Processor time of a tap, as a share of the bare bot's: shorter is cheaper</title>
<style>text {{ font: 13px system-ui, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }}</style>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{parts}
</svg>
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One comparison: the heading of its column, and the cost of each bot in every round."""

    heading: str
    costs: Costs


async def columns() -> list[Column]:
    """Return the comparisons, measured while all bots run."""
    costs: dict[str, Costs] = {}
    for _ in range(SITTINGS):
        async with rides((OURS, *PEERS), most=max(PLANS)) as found:
            for flights in PLANS:
                heading = "alone" if flights == 1 else f"{flights} in flight"
                _join(costs, heading, await bursts(found, flights, rounds=ROUNDS))
            _join(costs, "alone, 0.5 s between taps", await _with_pauses(found))
    return [Column(heading, each) for heading, each in costs.items()]


def _join(costs: dict[str, Costs], heading: str, more: Costs) -> None:
    for name, each in more.items():
        costs.setdefault(heading, {}).setdefault(name, []).extend(each)


async def _with_pauses(found: tuple[Ride, ...]) -> Costs:
    costs: Costs = {ride.name: [] for ride in found}
    for turn in range(PAUSES):
        pause = asyncio.create_task(asyncio.sleep(0.5))
        at = turn % len(found)
        for ride in (*found[at:], *found[:at]):
            costs[ride.name].append(await ride.single())
        await pause
    return costs


def table(found: Sequence[Column]) -> str:
    """Return a table in Markdown with the ratios to the bare bot, one row for each bot."""
    heads = ["bot", *(each.heading for each in found)]
    rows = [[NAMES[name], *(_cell(ratios(each.costs, name, BARE)[0]) for each in found)] for name in NAMES]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def _cell(values: Iterable[float]) -> str:
    every = sorted(values)
    return f"**{median(every):.2f}** ({every[0]:.2f}–{every[-1]:.2f})"


CASE = '{"age": "13-15", "responses": {"V10": "yes", "S5": "current"}, "judgement": "not-sure"}'
"""The JSON that the measured `seraf-bot score` reads from its standard input."""


def start_cpu(*words: str, given: str = "") -> float:
    """Return the processor time of a command in seconds: the shortest of four runs. `given` is its standard input."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    tried = []
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = (sys.executable, "-m", "bot.cli.main", *words)
        subprocess.run(command, input=given, text=True, stdout=subprocess.DEVNULL, env=env, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        tried.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(tried)


def others(turns: Sequence[Timed], ready: str) -> str:
    """Return the rows of the second table: what a pure turn, commands and a start cost. `ready` is the last cell."""
    slowest, apart, asked = turns[0], [each.after_others for each in turns], timed_questions()
    rows = {
        f"a pure turn (`step` and `show`), the middle one of {len(turns):,}": f"{turns[len(turns) // 2].microseconds:,.0f} µs",
        f"the slowest ({slowest.name}); turns over {LIMIT} µs": (
            f"{slowest.microseconds:,.0f} µs; {over(each.microseconds for each in turns)}"
        ),
        f"the slowest right after all others, with little of it in the processor's caches; over {LIMIT} µs": (
            f"{max(apart):,.0f} µs; {over(apart)}"
        ),
        f"a question, screened and looked up, the middle one of {len(asked)}; the slowest": (
            f"{asked[len(asked) // 2]:,.0f} µs; {asked[-1]:,.0f} µs"
        ),
        "`seraf-bot --help`, processor time": f"{start_cpu('--help'):.2f} s",
        "`seraf-bot chat` to its first card, processor time": f"{start_cpu('chat'):.2f} s",
        "`seraf-bot items`, `seraf-bot score`, processor time": f"{start_cpu('items'):.2f} s, {start_cpu('score', given=CASE):.2f} s",
        "a start of the bot": ready,
    }
    return "\n".join(f"| {what} | {figure} |" for what, figure in rows.items())


def drawn(bars: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    """Return the plot as SVG: for each bot, its name and one bar per comparison; a dashed line marks the ratio 1."""
    room = WIDTH - 2 * LEFT - 190
    parts, y = [], TITLE - 14
    for name, found in bars.items():
        parts.append(f'<text x="{LEFT}" y="{y + 14}" font-weight="600">{escape(name)}</text>')
        y += 20
        for number, (heading, ratio) in enumerate(found):
            wide = min(ratio, LONGEST) / LONGEST * room
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{wide:.0f}" height="{BAR - 3}" fill="{COLOURS[number]}"/>')
            parts.append(f'<text x="{LEFT + wide + 6:.0f}" y="{y + 11}">{ratio:.2f} · {escape(heading)}</text>')
            y += BAR
        y += GAP
    at = LEFT + room / LONGEST
    line = f'<line x1="{at:.0f}" x2="{at:.0f}" y1="8" y2="{y - 8}" stroke="#999999" stroke-dasharray="3 3"/>'
    return PLOT.format(width=WIDTH, height=y, parts="\n".join((line, *parts)))


async def main() -> None:
    """Measure everything, and write the page and its plot."""
    on_one_core()
    with working("Measuring taps, which takes minutes"):
        found = await columns()
    with working("Measuring a start"):
        ready = await time_to_ready(20_000)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    page = TEMPLATE.format(
        machine=machine,
        sittings=SITTINGS,
        cpu=table(found),
        other=others(timed_turns(), ready),
    )
    page = fill(page, {"postgresql": postgresql_piece()})
    PAGE.write_text(page, encoding="utf-8")
    bars = {
        NAMES[name]: [(each.heading, median(ratios(each.costs, name, BARE)[0])) for each in found] for name in NAMES
    }
    PICTURE.write_text(drawn(bars), encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    asyncio.run(main())
