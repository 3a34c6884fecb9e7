"""A repeated fault is logged at once, then once a minute with its count, and when it is over."""

from structlog.testing import capture_logs

from bot.runtime.errors import StoreFault, StoreSlow
from bot.runtime.logs import FaultLog


def test_a_fault_is_logged_at_once_and_then_once_a_minute() -> None:
    now = [0.0]
    faults = FaultLog("not saved", lambda: now[0])

    with capture_logs() as lines:
        faults.over()
        for now[0] in (0.0, 1.0, 59.0, 60.0, 61.0):
            faults.note(StoreFault("full"))
        faults.note(StoreFault("damaged"))
        faults.over()
        faults.over()

    assert [(line["event"], line.get("fault"), line["count"]) for line in lines] == [
        ("not saved", "full", 1),
        ("not saved", "full", 3),
        ("not saved", "damaged", 2),
        ("over: not saved", None, 0),
    ]


def test_a_store_that_is_slow_is_a_fault_once_it_has_been_for_two_seconds() -> None:
    now = [100.0]
    faults = FaultLog("not saved", lambda: now[0])

    with capture_logs() as lines:
        for now[0] in (100.75, 101.9):
            faults.note(StoreSlow("slow", 0.75))
        faults.over()
        for now[0] in (200.0, 300.0, 400.0):
            faults.note(StoreSlow("slow", 0.75))
        assert lines == []
        for now[0] in (500.75, 502.0):
            faults.note(StoreSlow("slow", 0.75))

    assert [(line["event"], line["fault"], line["count"]) for line in lines] == [("not saved", "slow", 5)]
