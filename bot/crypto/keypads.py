"""PIN keypads: the order of their keys, and the digits tapped so far, which are kept in memory only."""

from collections import OrderedDict

from bot.crypto.sealing import KeyRing

MOST = 10_000
"""How many chats may have digits in memory. When there are more, the oldest starts again."""


class Keypads:
    """Digits by person, for the card on which they were tapped; a new card begins anew."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._tapped: OrderedDict[str, tuple[int, dict[str, int]]] = OrderedDict()

    def layout(self, person: str, card: int) -> tuple[int, ...]:
        """The order of the ten keys on this card: shuffled for each card, and the same whenever that card is drawn."""
        # Computed from the card, not drawn at random: a card can be drawn again after a restart and must look the same.
        shuffle = self._keys.lasting("keypad", person, str(card))
        return tuple(sorted(range(10), key=lambda digit: shuffle[3 * digit : 3 * digit + 3]))

    def tap(self, person: str, card: int, *, event: str, digit: int) -> str:
        """The digits of this card once the event's is among them. The same event counts once."""
        tapped = self._tapped.get(person)
        digits = tapped[1] if tapped and tapped[0] == card else {}
        # By event, since an update can come twice; the same digit twice is meant, the same event twice is not.
        self._tapped[person] = (card, {**digits, event: digit})
        self._tapped.move_to_end(person)
        while len(self._tapped) > MOST:
            self._tapped.popitem(last=False)
        return self.digits(person, card)

    def digits(self, person: str, card: int) -> str:
        """What was tapped on this card."""
        tapped = self._tapped.get(person)
        return "".join(map(str, tapped[1].values())) if tapped and tapped[0] == card else ""

    def clear(self, person: str) -> None:
        """Forget what was tapped."""
        self._tapped.pop(person, None)
