"""Generates the part of the page about watching that lists the events of the log, from the code."""

from collections.abc import Iterable

from bot.watch.events import OF_THE_AUDIT, OF_THE_BOT, Gravity, LogEvent


def events_piece() -> str:
    """Return a list of every event of the log. Audit events that need no action are only named."""
    grave = [each for each in OF_THE_AUDIT if each.gravity is not Gravity.INFO]
    plain = ", ".join(f"`{each.name}`" for each in OF_THE_AUDIT if each.gravity is Gravity.INFO)
    heads = "What the bot says:", "What it repeats of the audit:"
    return f"{heads[0]}\n\n{_rows(OF_THE_BOT)}\n{heads[1]}\n\n{_rows(grave)}- for information: {plain}\n"


def _rows(events: Iterable[LogEvent]) -> str:
    return "".join(f"- `{each.name}` ({each.gravity}): {each.meaning}\n" for each in events)
