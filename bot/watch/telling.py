"""Tells the log of events by their names in the table, and counts them."""

from bot.runtime.logs import log
from bot.watch.events import COUNTED, EVENTS
from bot.watch.meter import Meter, meter


def tell(name: str, **values: object) -> None:
    """One line of the log, as grave as the table says."""
    meter().happened(name)
    getattr(log, EVENTS[name].gravity)(name, **values)


class ToldTogether:
    """Events that are counted where they happen, and told together when somebody looks."""

    def __init__(self, counts: Meter) -> None:
        self._counts = counts
        self._told: dict[str, int] = {}

    def tell(self) -> None:
        """Tell how often each happened since it was told last."""
        for name in COUNTED:
            count = self._counts.events[name] - self._told.get(name, 0)
            if count:
                self._told[name] = self._counts.events[name]
                getattr(log, EVENTS[name].gravity)(name, count=count)
