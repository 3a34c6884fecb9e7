"""How often strangers are told the one line that they get: enough to be civil, too little to be of use to anybody."""

from collections import OrderedDict
from datetime import datetime, timedelta

QUIET = timedelta(minutes=1)
"""Nobody is told twice within this time."""

MOST = 120
"""How many strangers are told within that time; beyond it, those who may use the bot would have to wait for them."""


class Strangers:
    """When each stranger was told last. It forgets everything at a restart."""

    def __init__(self) -> None:
        self._told: OrderedDict[int, datetime] = OrderedDict()

    def may_be_told(self, chat: int, now: datetime) -> bool:
        """Whether the stranger may be told now, and if so takes it as done."""
        while self._told and abs(now - next(iter(self._told.values()))) >= QUIET:
            self._told.popitem(last=False)
        if chat in self._told or len(self._told) >= MOST:
            return False
        self._told[chat] = now
        return True
