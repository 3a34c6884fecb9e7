"""A model of the bot on PostgreSQL at sizes that nobody has run, fed by what was measured: `python -m bench.scale`.

It says which limit is met first at each size, at how many staff, and what lifts it. `--write` writes docs/scale.md again.
What was measured is read from `bench/measured.json`, which `python -m bench.postgres --write` writes.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.figures import Figures, kept
from docs.markdown import fill, table

PAGE = Path(__file__).parent.parent / "docs" / "scale.md"

MILLISECONDS, DAY, WORKING_DAYS, MONTH = 1_000.0, 86_400, 21, 30
PROMOTED_WITHIN = 30
"""Seconds within which a program that watches the primary promotes the standby: an assumption."""

AT_ONCE = 50
"""The most turns in one transaction, as in `bot.channels.turn_queue`."""


class Assumption(NamedTuple):
    """How people use the bot, which nobody has counted: the usual value, the lowest and highest that are likely, and why."""

    what: str
    usual: float
    low: float
    high: float
    why: str


ASSUMED: Mapping[str, Assumption] = {
    "serafs": Assumption("SERAFs a person and month", 2, 0.5, 8, "no one has counted; 8 is two a week"),
    "taps": Assumption(
        "taps a SERAF",
        60,
        30,
        100,
        "at most 45 to the result, or 27 and the questions (tests); then PIN, calls, summary",
    ),
    "hour": Assumption(
        "share of a month's taps in its busiest hour",
        0.02,
        0.006,
        0.1,
        "0.006 if even over working hours; 0.1 a training day",
    ),
    "writes": Assumption(
        "turns' worth of writing a tap",
        2,
        1,
        2,
        "its turn, and the note that the card arrived, which may share a transaction",
    ),
    "edits": Assumption(
        "messages of the 30 a second that a tap counts as",
        1,
        0.1,
        1,
        "0.1 if Telegram counts new messages alone, not edits",
    ),
    "pace": Assumption("seconds between two taps of a person", 5, 2, 10, "reading a card takes longer than a second"),
    "entries": Assumption("entries of the audit a SERAF", 6, 3, 15, "begun, finished, documents, code, erased, lock"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """A service of one or many boards, how people use it, and the knobs that its operators turn.

    Times are seconds, sizes bytes. The usual values of the knobs are those of the bot, of PostgreSQL or of the pages on limits.
    """

    staff: int
    boards: int = 1
    use: Mapping[str, float] = field(default_factory=lambda: {name: each.usual for name, each in ASSUMED.items()})
    delay: float = 0.5  # milliseconds to the server in each direction
    copies: int = 2  # of the bot, a board
    telegram: float = 30  # messages a second that Telegram takes for a token
    processor: float = 210  # taps a second of one copy on one core, with p99 below 0.4 s (docs/promises.md)
    connections: int = 97  # max_connections = 100, without the three kept for superusers
    disk: float = 100e9  # of the server and its log
    flushes: float = 1_000  # a second that the log's disk takes
    log_days: int = 7  # for which the log is kept, to go back to any moment

    def taps(self) -> float:
        """Return the taps a second of one board in its busiest hour."""
        use = self.use
        return self.staff / self.boards * use["serafs"] * use["taps"] * use["hour"] / 3_600

    def with_use(self, name: str, value: float) -> "Service":
        """Return the service with another value of one assumption."""
        return replace(self, use={**self.use, name: value})


SIZES: Mapping[str, Service] = {
    "300 staff": Service(300),
    "5,000 staff": Service(5_000),
    "100,000 staff": Service(100_000),
    "150 boards, 100,000 staff": Service(100_000, boards=150),
}


class Limit(NamedTuple):
    """A limit: how much of it is used in the busiest hour (1 is all of it), its formula in words, and what lifts it."""

    name: str
    used: float
    formula: str
    lifted: str


# What was measured, between and beyond the sizes at which it was


def transaction(found: Figures, delay: float) -> Callable[[float], float]:
    """Return the time of a transaction (milliseconds) as a function of its turns: the line through 1 and 20 of them."""
    measured = found["batches"][f"{delay:g}"]
    each = (measured["20"] - measured["1"]) / 19
    return lambda turns: float(measured["1"] + each * (turns - 1))


def at_people(found: Figures, name: str, people: float) -> float:
    """Return a figure of a store of so many people: the line through the two sizes at which it was measured."""
    (small, less), (large, more) = ((int(size), each[name]) for size, each in found["size"].items())
    return float(less + (more - less) / (large - small) * (people - small))


def stored(service: Service, found: Figures) -> float:
    """Return the size of one board's database (bytes): people, eight days of taps, 24 months of the audit."""
    size, use, people = found["size"][max(found["size"], key=int)], service.use, service.staff / service.boards
    serafs = people * use["serafs"]
    taps, entries = serafs * use["taps"] * 8 / MONTH, serafs * use["entries"] * 24
    return float(people * size["person"] + taps * size["tap"] + entries * size["entry"])


def logged(service: Service, found: Figures) -> float:
    """Return the log that one board writes on a working day (bytes): taps, rewritten tables, and two idle copies."""
    log, use, people = found["log"], service.use, service.staff / service.boards
    serafs = people * use["serafs"] / WORKING_DAYS
    tap = log["first"] + (use["writes"] - 1) * log["again"]
    rewritten = serafs * at_people(found, "erasure log", people) + at_people(found, "night log", people)
    return float(serafs * use["taps"] * tap + rewritten + log["idle"] * DAY)


def limits(service: Service, found: Figures) -> tuple[Limit, ...]:
    """Return every limit of a service, and how much of it is used in its busiest hour."""
    use, people, taps = service.use, service.staff / service.boards, service.taps()
    held = transaction(found, service.delay)(20) - 2 * service.delay
    erased = taps / use["taps"]
    board, log = stored(service, found), logged(service, found)
    return (
        Limit(
            "Telegram, one token",
            taps * use["edits"] / service.telegram,
            "taps × messages a tap ÷ 30",
            "split into boards with a token each; pages in a browser instead",
        ),
        Limit(
            "Telegram, one chat",
            use["edits"] / use["pace"],
            "messages a tap ÷ seconds between taps",
            "nothing: a person",
        ),
        Limit(
            "the one writer's lock",
            taps * use["writes"] * held / 20 / MILLISECONDS,
            "taps × turns a tap × time with the lock ÷ turns in it, at 20",
            "the server nearer to the bot; a faster disk for the log; a database for each board",
        ),
        Limit(
            "processor of the copy that leads",
            taps / service.processor,
            f"taps ÷ {service.processor:.0f}",
            "a faster core; pages in a browser, which all copies serve; a token for each board",
        ),
        Limit(
            "rewriting after an erasure",
            erased * at_people(found, "erasure", people),
            "SERAFs ended a second × time to rewrite the keys of cases",
            "a database for each board",
        ),
        Limit(
            "a night's rewriting",
            at_people(found, "night", people) / 0.75,
            "time to rewrite five tables ÷ 0.75 s of patience",
            "an hour in which no one taps; a database for each board",
        ),
        Limit(
            "a change of keys",
            at_people(found, "rotation", people) / 7,
            "its time ÷ the 7 s for which other copies wait",
            "change keys with one copy running, announced; a database for each board",
        ),
        Limit("a backup", board / 2**30, "size of a board's database ÷ 1 GiB", "fewer months of the audit; boards"),
        Limit(
            "connections to one server",
            service.boards * service.copies * 3 / service.connections,
            f"boards × copies × 3 ÷ {service.connections}",
            "PgBouncer in transaction mode; a higher max_connections; more servers",
        ),
        Limit(
            "flushes of one server's log",
            service.boards * (service.copies + taps * use["writes"] / 2) / service.flushes,
            f"boards × (a look at the lease a copy and second + transactions of taps, two turns each) ÷ {service.flushes:,.0f}",
            "a faster disk for the log; more servers",
        ),
        Limit(
            "one server's disk",
            service.boards * (2 * board + service.log_days * log) / service.disk,
            f"boards × (2 × size + log of {service.log_days} days) ÷ {service.disk / 1e9:.0f} GB",
            "a larger disk; log kept for fewer days, or archived elsewhere",
        ),
    )


def first(service: Service, found: Figures, *, of: Iterable[str] = ()) -> Limit:
    """Return the limit of which most is used: of all limits, or of those with these names."""
    names = tuple(of)
    return max((each for each in limits(service, found) if not names or each.name in names), key=lambda each: each.used)


def staff_at(service: Service, found: Figures, *, of: Iterable[str] = ()) -> int | None:
    """Return the number of staff at which the first limit is met, if all else stays, or None if not even at a billion.

    Of several boards the number grows, not their size.
    """
    names, a_board = tuple(of), service.staff / service.boards

    def is_met(staff: int) -> bool:
        boards = max(1, round(staff / a_board)) if service.boards > 1 else 1
        return first(replace(service, staff=staff, boards=boards), found, of=names).used > 1

    low, high = 1, 10**9
    if not is_met(high):
        return None
    while high - low > max(1, low // 1_000):
        middle = (low + high) // 2
        low, high = (low, middle) if is_met(middle) else (middle, high)
    return low


# How long people wait


class Waits(NamedTuple):
    """Taps a second that were answered, and how long the middle one and 99 of 100 took (milliseconds)."""

    rate: float
    p50: float
    p99: float


def simulated(
    arrivals: Sequence[Sequence[float]], found: Figures, *, delay: float, writes: float = 1, again_until: float = 0.0
) -> Waits:
    """Return how long taps wait that arrive at each copy at these times (milliseconds). The seed is fixed.

    A copy puts all that wait into its next transaction, asks for the lock, has it for all but one round trip of the
    transaction's measured time, and takes the next ones. With `again_until`, each person taps again once answered.
    """
    length, late, random = transaction(found, delay), found["batches"][f"{delay:g}"]["late"], Random(1)
    waiting, free, lock, took = [deque(each) for each in arrivals], [0.0] * len(arrivals), 0.0, list[float]()
    while asking := [(max(free[copy], each[0]), copy) for copy, each in enumerate(waiting) if each]:
        began, copy = min(asking)
        batch = list[float]()
        while waiting[copy] and waiting[copy][0] <= began and len(batch) < AT_ONCE:
            batch.append(waiting[copy].popleft())
        whole = max(length(len(batch) * writes) + random.choice(late), 2 * delay)
        lock = max(began + delay, lock) + whole - 2 * delay
        free[copy] = lock + delay
        took += [free[copy] - arrived for arrived in batch]
        if free[copy] < again_until:
            waiting[copy].extend([free[copy]] * len(batch))
    ordered = sorted(took)
    return Waits(
        len(took) / max(free) * MILLISECONDS,
        ordered[len(ordered) // 2],
        ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)],
    )


def busiest(service: Service, found: Figures, *, seconds: float = 600.0) -> Waits | None:
    """Return how long taps wait in ten minutes of the busiest hour, at the one copy that answers Telegram; None if for ever."""
    if limits(service, found)[2].used > 1:
        return None
    random, now, arrivals = Random(1), 0.0, list[float]()
    while (now := now + random.expovariate(service.taps()) * MILLISECONDS) < seconds * MILLISECONDS:
        arrivals.append(now)
    return simulated([arrivals or [0.0]], found, delay=service.delay, writes=service.use["writes"])


def together(copies: int, found: Figures, *, delay: float, people: int = 5, seconds: float = 6.0) -> Waits:
    """Return what `bench.postgres` measures where at each copy a few people tap, each again once answered."""
    return simulated([[0.0] * people] * copies, found, delay=delay, again_until=seconds * MILLISECONDS)


# The page


def assumed_piece() -> str:
    """Return the assumptions, the one that matters most first: where the first limit that it moves is met, at both its ends."""
    found, region = kept(), SIZES["5,000 staff"]
    rows = []
    for name, each in ASSUMED.items():
        ends = [region.with_use(name, value) for value in (each.low, each.high)]
        pairs = zip(*(limits(end, found) for end in ends), strict=True)
        moved = [low.name for low, high in pairs if low.used != high.used]
        met = [staff_at(end, found, of=moved) for end in ends]
        firsts = [
            first(replace(end, staff=staff or end.staff), found, of=moved) for end, staff in zip(ends, met, strict=True)
        ]
        words = " to ".join(
            f"{_rounded(staff)} staff ({limit.name})" if staff else f"{limit.used:.0%} of {limit.name}"
            for staff, limit in zip(met, firsts, strict=True)
        )
        matters = max(met[0] / met[1], met[1] / met[0]) if met[0] and met[1] else 0
        cells = (each.what, f"{each.usual:g}", f"{each.low:g} to {each.high:g}", each.why)
        rows.append((matters, (*cells, f"{matters:.2g}" if matters else "–", words)))
    heads = ("assumed", "usual", "range", "why", "moves it by", "where the first limit that it moves is met")
    return table(heads, [row for _, row in sorted(rows, key=lambda row: -row[0])])


def limits_piece() -> str:
    """Return how much of each limit every size uses, with the first one in bold, and where the first two are met."""
    found = kept()
    columns = {name: limits(service, found) for name, service in SIZES.items()}
    order = {name: sorted(each, key=lambda limit: -limit.used) for name, each in columns.items()}
    rows = []
    for number, limit in enumerate(columns["300 staff"]):
        cells = [_share(each[number].used, is_first=each[number] is order[name][0]) for name, each in columns.items()]
        rows.append((limit.name, *cells, limit.formula, limit.lifted))
    for place, words in enumerate(("**first**", "next, once that is lifted")):
        met = [_met(SIZES[name], found, each[place].name) for name, each in order.items()]
        rows.append((words, *met, "staff at which it is met, if all else stays", ""))
    return table(("limit", *SIZES, "formula", "what lifts it"), rows)


def _met(service: Service, found: Figures, name: str) -> str:
    staff = staff_at(service, found, of=[name])
    if staff is None:
        return "none is near"
    if service.boards > 1:
        return f"{name}: {max(1, round(staff / (service.staff / service.boards)))} boards"
    return f"{name}: {_rounded(staff)} staff"


def sizes_piece() -> str:
    """Return what each size needs and how long people wait there."""
    return table(("modelled", *SIZES), list(_needed(kept())))


def _needed(found: Figures) -> Iterator[tuple[str, ...]]:
    every, trips = tuple(SIZES.values()), found["trips"]["tap"]
    yield ("taps a second in the busiest hour, all boards", *(f"{each.taps() * each.boards:.2g}" for each in every))
    yield (f"round trips a second: {trips} a tap", *(f"{each.taps() * each.boards * trips:.3g}" for each in every))
    for delay in (0.0, 0.5):
        waits = [busiest(replace(each, delay=delay), found) for each in every]
        cells = (f"{each.p50:.1f}, {each.p99:.0f} ms" if each else "without end" for each in waits)
        yield (f"store's part of a tap, p50, p99, server {2 * delay:g} ms away", *cells)
    yield ("connections: 3 a copy, 2 copies a board", *(f"{each.boards * each.copies * 3:,}" for each in every))
    yield ("size of all databases", *(_bytes(each.boards * stored(each, found)) for each in every))
    yield ("log on a working day", *(_bytes(each.boards * logged(each, found)) for each in every))
    gap = PROMOTED_WITHIN + found["failover"]["promoted"]
    untold = (f"{each.taps() * each.boards * gap:,.0f}" for each in every)
    yield (f"taps told “not saved yet” while a standby takes over, {PROMOTED_WITHIN} s after the primary died", *untold)
    people = [each.staff / each.boards for each in every]
    for what, name in (
        ("an erasure: all writers wait", "erasure"),
        ("the night's rewriting: all writers wait", "night"),
        ("a change of keys: all writers wait", "rotation"),
        ("everyone's row opened (`/people`, backup): no one waits", "everyone"),
    ):
        yield (what, *(f"{at_people(found, name, number):.2g} s" for number in people))


def measured_piece() -> str:
    """Return the measured figures that go into the model and are in no other table."""
    found = kept()
    small, large = found["size"].items()
    log, lost = found["log"], found["failover"]
    rows = [
        (
            "log of a tap: the first of a person after a checkpoint, the next",
            f"{_bytes(log['first'])}, {_bytes(log['again'])}",
        ),
        ("log of two copies while no one taps, a day", _bytes(log["idle"] * DAY)),
    ]
    for name, what in (
        ("person", "a person with a case, in the tables"),
        ("tap", "a tap's key, kept eight days"),
        ("entry", "an entry of the audit"),
    ):
        rows.append((f"size of {what}", _bytes(large[1][name])))
    for name, what in (
        ("erasure", "a case erased, and its table rewritten (`VACUUM FULL`)"),
        ("night", "a night's rewriting of five tables"),
        ("rotation", "a change of keys"),
        ("everyone", "everyone's row opened"),
        ("everyone at 1 ms", "the same with the server 1 ms away"),
    ):
        each = " · ".join(f"{size[1][name]:.2g} s" for size in (small, large))
        rows.append((f"{what}, with {int(small[0]):,} · {int(large[0]):,} people", each))
    rows.append(
        (
            "the copy that leads killed: another leads, middle · longest",
            f"{lost['leader']:.1f} · {lost['leader at most']:.1f} s",
        )
    )
    kept_of = f"{lost['kept']:,} of {lost['acknowledged']:,}"
    rows.append(
        (
            "the primary stopped, its synchronous standby promoted at once: gap; kept of acknowledged",
            f"{lost['promoted']:.2f} s; {kept_of}",
        )
    )
    return table(("measured", found["machine"]), rows)


def agreement_piece() -> str:
    """Return what the simulation says of what was measured, in a table."""
    found = kept()
    rows = []
    for delay in ("0", "0.5", "1"):
        for copies, measured in found["copies"][delay].items():
            model = together(int(copies), found, delay=float(delay))
            cells = (f"{measured[name]:.0f} · {value:.0f}" for name, value in zip(Waits._fields, model, strict=True))
            rows.append((f"{2 * float(delay):g} ms, {copies}", *cells))
    return table(("there and back, copies", "taps a second: measured · modelled", "p50 (ms)", "p99 (ms)"), rows)


PIECES: Mapping[str, Callable[[], str]] = {
    "measured": measured_piece,
    "agreement": agreement_piece,
    "assumed": assumed_piece,
    "limits": limits_piece,
    "sizes": sizes_piece,
}
"""The functions that write the tables of the page, by their names in it."""


def _share(used: float, *, is_first: bool) -> str:
    words = f"{used:.2g} ×" if used >= 10 else f"{used:.0%}" if used >= 0.01 else "< 1 %"
    words = words.replace("%", " %") if used >= 0.01 else words
    return f"**{words}**" if is_first else words


def _rounded(number: float) -> str:
    return f"{float(f'{number:.2g}'):,.0f}"


def _bytes(number: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= size:
            return f"{number / size:.2g} {unit}" if number < 100 * size else f"{number / size:.0f} {unit}"
    return f"{number:.0f} B"


def main(arguments: Sequence[str]) -> int:
    """Print the tables, or write them into the page with `--write`. Return the exit status."""
    if tuple(arguments) not in ((), ("--write",)):
        sys.stderr.write("usage: python -m bench.scale [--write]\n")
        return 2
    pieces = {name: draw() for name, draw in PIECES.items()}
    if arguments:
        PAGE.write_text(fill(PAGE.read_text(encoding="utf-8"), pieces), encoding="utf-8")
    else:
        sys.stdout.write("\n".join(pieces.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
