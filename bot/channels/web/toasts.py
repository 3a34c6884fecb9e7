"""What was said in passing and is not yet shown: it stands on the next page of the same session, once."""

from collections import OrderedDict

MOST = 10_000
"""Sessions with something unsaid. What was said longest ago is forgotten first."""


class Toasts:
    """By session, in memory alone."""

    def __init__(self) -> None:
        self._unsaid: OrderedDict[str, str] = OrderedDict()

    def say(self, session: str, text: str) -> None:
        """Say it on the next page, in place of what was not shown yet."""
        self._unsaid.pop(session, None)
        if text:
            self._unsaid[session] = text
            if len(self._unsaid) > MOST:
                self._unsaid.popitem(last=False)

    def take(self, session: str) -> str:
        """What is to be shown now; it is not shown again."""
        return self._unsaid.pop(session, "")
