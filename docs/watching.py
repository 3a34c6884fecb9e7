"""Pieces of the page about watching: the numbers and the events that there are, as the code has them."""

from collections.abc import Iterable

from bot.watch.events import OF_THE_AUDIT, OF_THE_BOT, LogEvent
from bot.watch.monitoring import COUNTED, LABELLED, METRICS


def metrics_piece() -> str:
    """Every number of `/metrics`."""
    plain = ((f"`{each.name}`", each.kind, each.about) for each in METRICS)
    labelled = ((f"`{name}{{{label}=…}}`", kind, about) for name, kind, about, label in LABELLED)
    name, kind, about = COUNTED
    counted = (f"`{name}{{month=…,kind=…,word=…}}`", kind, about)
    return "".join(f"- {name} ({kind}): {about}\n" for name, kind, about in (*plain, *labelled, counted))


def events_piece() -> str:
    """Every event of the log, those of the audit after the others."""
    return "\n".join(
        (_events("What the bot says:", OF_THE_BOT), _events("What it repeats of the audit:", OF_THE_AUDIT))
    )


def _events(head: str, events: Iterable[LogEvent]) -> str:
    rows = (f"- `{each.name}` ({each.gravity}): {each.meaning}\n" for each in events)
    return f"{head}\n\n{''.join(rows)}"
