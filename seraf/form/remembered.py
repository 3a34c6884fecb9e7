"""What was worked out last is not worked out again, since one turn asks the same of one case many times.

Only pure functions are remembered, and only their last few answers: nothing is kept of a case for longer than others come by.
What could be changed in place is never trusted to be what it was: facts are copied where they are asked about, compared by
value, and handed out in a form that nobody can change.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from operator import is_
from types import MappingProxyType
from typing import Any, Generic, NoReturn, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Found = TypeVar("Found")
Key = TypeVar("Key")
Value = TypeVar("Value")

MOST = 4
"""Answers that are remembered of one function: a turn has a case before it and one after it."""

MOST_TEXTS = 64
"""Texts that are remembered of one kind: of as many people as press at once, before and after."""

MOST_OF_PACKS = 16
"""The same of one that is asked of packs alone: three ways through each of a few lists."""

CHANGEABLE = (dict, MappingProxyType)
"""Mappings, which are compared by value."""


class Fixed(dict[Key, Value]):
    """What was found as a mapping, which nobody can change; it is copied and looked up as fast as any `dict`."""

    __slots__ = ()

    def _refused(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("what is remembered is handed out to be read; go on with a copy of it")

    __setitem__ = __delitem__ = __ior__ = _refused
    clear = pop = popitem = setdefault = update = _refused


def _are_same(before: Mapping[str, object], asked: Mapping[str, object], *, by: tuple[type, ...]) -> bool:
    """Whether arguments that are named are those of before: the very same, or equal where their type is compared by value."""
    if len(before) != len(asked):
        return False
    for key, one in before.items():
        if key not in asked or (one is not asked[key] and not (isinstance(one, by) and one == asked[key])):
            return False
    return True


def _same(by: tuple[type, ...]) -> Callable[[object, object], bool]:
    """Whether an argument is the one of before: the very same, or equal where its type is compared by value."""

    def is_alike(one: object, other: object) -> bool:
        return one is other or (isinstance(one, by) and one == other)

    # All but `by` has to be the very same object (ADR 0066): no instrument is compared field by field.
    return is_alike if by else is_


def _kept(arguments: Iterable[object]) -> tuple[object, ...]:
    """What is kept of arguments: of a mapping a copy, since the one that was handed in may be changed later."""
    return tuple(
        [dict(each) if isinstance(each, CHANGEABLE) and type(each) is not Fixed else each for each in arguments]
    )


def _unchangeable(found: Any) -> Any:
    """The answer, which many are given: a mapping in a form that none of them can change."""
    return Fixed(found) if type(found) is dict else found


def remembered(*by: type) -> Callable[[Callable[Asked, Found]], Callable[Asked, Found]]:
    """Remember the last answers of a function. Arguments of these types are compared by value, all others are to be the very same.

    What can be changed in place has to be compared by value: only then is it copied.
    """

    def remembering(function: Callable[Asked, Found]) -> Callable[Asked, Found]:
        """The same function, with a memory."""
        asked, forget = _with_memory(function, by=by, most=MOST)
        FORGETTING.append(forget)
        return asked

    return remembering


class ReadTexts(Generic[Found]):
    """What the latest few texts say, so that one turn need not read again what it has written or read; for several threads."""

    def __init__(self, read: Callable[[str], Found]) -> None:
        self._read = read
        self._known: dict[str, Found] = {}
        FORGETTING.append(self.forget)

    def __len__(self) -> int:
        """How many texts are remembered."""
        return len(self._known)

    def of(self, text: str) -> Found:
        """What the text says. It is a value that nobody can change."""
        found = self._known.get(text)
        return self.know(text, self._read(text)) if found is None else found

    def know(self, text: str, said: Found) -> Found:
        """Remember what a text says that was just written."""
        if len(self._known) >= MOST_TEXTS:
            self._known = {}
        self._known[text] = said
        return said

    def forget(self) -> None:
        """Remember nothing."""
        self._known = {}


def prepared(function: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """Remember the last answers of a function of a pack alone, which needs not be forgotten: no case is in them.

    Words that it is asked with are compared by value, all else is to be the very same.
    """
    asked, _ = _with_memory(function, by=(str,), most=MOST_OF_PACKS)
    return asked


def _with_memory(
    function: Callable[Asked, Found], *, by: tuple[type, ...], most: int
) -> tuple[Callable[Asked, Found], Callable[[], None]]:
    """The function with its last answers, and what makes it forget them; several threads may ask, each of which sees a whole tuple."""
    last: tuple[tuple[tuple[object, ...], Mapping[str, object], Found], ...] = ()
    is_same, copies = _same(by), not set(CHANGEABLE).isdisjoint(by)

    @wraps(function)
    def asked(*args: Asked.args, **named: Asked.kwargs) -> Found:
        """What was found before for the same, or what is found now; one function, since a turn asks many times."""
        nonlocal last
        for placed, placed_named, found in last:
            if len(placed) != len(args) or not all(map(is_same, placed, args)):
                continue
            if _are_same(placed_named, named, by=by) if named else not placed_named:
                return found
        kept = (_kept(args), dict(zip(named, _kept(named.values()), strict=True))) if copies else (args, named)
        found = _unchangeable(function(*args, **named))
        last = ((*kept, found), *last[: most - 1])
        return found

    def forget() -> None:
        nonlocal last
        last = ()

    return asked, forget


FORGETTING: list[Callable[[], None]] = []
"""What makes each memory forget."""


def forget_all() -> None:
    """Remember nothing of any case, as if no turn had been taken."""
    # The bot asks for this twice a second: a case that was locked or erased is not to live on here (ADR 0066).
    for forget in FORGETTING:
        forget()
