"""PIN keypads: the order of their keys, and the digits tapped so far, which are kept in memory only."""

from collections import OrderedDict

from bot.crypto.sealing import KeyRing

MOST = 10_000
"""How many chats may have digits in memory. When there are more, the oldest starts again."""

Keys = tuple[tuple[int, int], ...]
"""The keys that counted, in the order in which they were tapped: how many digits showed as tapped, and the digit."""


class Keypads:
    """Digits by person, for the card on which they were tapped; a new card begins anew."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._tapped: OrderedDict[str, tuple[int, Keys]] = OrderedDict()

    def layout(self, person: str, card: int) -> tuple[int, ...]:
        """The order of the ten keys on this card: shuffled for each card, and the same whenever that card is drawn."""
        # Computed from the card, not drawn at random: a card can be drawn again after a restart and must look the same.
        shuffle = self._keys.lasting("keypad", person, str(card))
        return tuple(sorted(range(10), key=lambda digit: shuffle[3 * digit : 3 * digit + 3]))

    def tap(self, person: str, card: int, *, place: int, digit: int) -> str:
        """The digits of this card with one more: that of a key drawn when `place` digits showed as tapped.

        The same key of the same drawing counts once: a phone with a bad line sends a tap again, under another id. A key
        that shows more digits than are known here was drawn before they were forgotten, and does not count.
        """
        tapped = self._of(person, card)
        if (place, digit) not in tapped and 0 <= place <= len(tapped):
            tapped = (*tapped, (place, digit))
        self._tapped[person] = (card, tapped)
        self._tapped.move_to_end(person)
        while len(self._tapped) > MOST:
            self._tapped.popitem(last=False)
        return self.digits(person, card)

    def digits(self, person: str, card: int) -> str:
        """What was tapped on this card."""
        return "".join(str(digit) for _, digit in self._of(person, card))

    def clear(self, person: str) -> None:
        """Forget what was tapped."""
        self._tapped.pop(person, None)

    def _of(self, person: str, card: int) -> Keys:
        of, tapped = self._tapped.get(person, (card, ()))
        return tapped if of == card else ()
