"""Tests that the table of events matches the code: each logged event once, with its severity, and none unused."""

import ast
from collections import Counter

from structlog.testing import capture_logs

from bot.trail.audit import AuditEvent
from bot.watch.events import COUNTED, EVENTS, OF_THE_AUDIT, OF_THE_BOT, Gravity, ToldTogether, tell
from bot.watch.meter import METER, Meter
from tests.support.places import ROOT

ORDER = list(Gravity)


def logged() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            name, called = str(call.args[0].value), ast.unparse(call.func)
            if called in ("log.info", "log.warning", "log.error"):
                found.append((name, called.partition(".")[2]))
            elif called == "FaultLog":
                found.append((name, "error"))
            elif called in ("tell", "meter().happened"):
                found.append((name, str(EVENTS[name].gravity)))
    return found


def test_every_event_has_one_name_and_every_name_one_event() -> None:
    counts = Counter(event.name for event in (*OF_THE_BOT, *OF_THE_AUDIT))

    assert [name for name, count in counts.items() if count > 1] == []
    assert {event.name for event in OF_THE_AUDIT} <= set(AuditEvent)
    assert {event.name for event in OF_THE_BOT}.isdisjoint(AuditEvent)
    assert set(COUNTED) <= set(EVENTS)
    assert [event.name for event in EVENTS.values() if not event.meaning.endswith((".", "?"))] == []


def test_every_name_that_is_logged_is_in_the_table_as_grave_as_there() -> None:
    found = logged()
    names = {name for name, _ in found} | set(COUNTED)

    assert {name for name, _ in found} - set(EVENTS) == set()
    assert {event.name for event in OF_THE_BOT} - names == set()
    assert [
        (name, grave) for name, grave in found if ORDER.index(Gravity(grave)) > ORDER.index(EVENTS[name].gravity)
    ] == []


def test_reported_events_are_counted() -> None:
    METER.set(counts := Meter())
    together = ToldTogether(counts)
    with capture_logs() as lines:
        tell("no recent backup")
        for _ in range(3):
            counts.happened("turned away")
        together.tell()
        together.tell()

    assert lines == [
        {"event": "no recent backup", "log_level": "warning"},
        {"event": "turned away", "log_level": "info", "count": 3},
    ]
    assert counts.events == {"no recent backup": 1, "turned away": 3}
