"""A fault that comes again and again: said at once, then once a minute with how often it came, and said to be over."""

from structlog.testing import capture_logs

from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog


def test_a_fault_is_said_at_once_and_then_by_the_minute() -> None:
    """Another cause is said at once too; what went well before is not said to be over."""
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
