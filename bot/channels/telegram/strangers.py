"""How often a stranger is told the one line that they get: enough to be civil, too little to be of use to anybody."""

from collections import OrderedDict
from datetime import datetime, timedelta

QUIET = timedelta(minutes=1)
MOST = 10_000


class Strangers:
    """When each stranger was told last. It forgets the earliest, and everything at a restart."""

    def __init__(self) -> None:
        self._told: OrderedDict[int, datetime] = OrderedDict()

    def may_be_told(self, chat: int, now: datetime) -> bool:
        """Whether the stranger may be told now, and if so takes it as done."""
        last = self._told.get(chat)
        if last is not None and now - last < QUIET:
            return False
        self._told[chat] = now
        self._told.move_to_end(chat)
        if len(self._told) > MOST:
            self._told.popitem(last=False)
        return True
