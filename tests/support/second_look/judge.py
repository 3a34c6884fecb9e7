"""Says from a history alone who may read a case, add a view to it, or take it over. It uses nothing of the product.

It goes back through what happened and looks for a reason, where the product keeps what is so. The terms and roles are
written here a second time, from the rules and not from the code.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tests.support.second_look.world import Happened

A_REQUEST, A_LOOK, A_CODE = timedelta(hours=12), timedelta(days=14), timedelta(minutes=30)
LOOKS_AND_TAKES = ("practitioner", "manager")
NO_CASES = ("auditor",)
MOST = {"asked-look": 3, "held": 8, "requests": 2, "an hour": 10}


class Judge:
    """A judge of what happened until now. `now` is the time at which is asked."""

    def __init__(self, history: Sequence[Happened], now: datetime) -> None:
        self._history, self.now = history, now

    def _back(self, *what: str, case: int | None = None, until: int | None = None) -> Iterator[tuple[int, Happened]]:
        """Yield what happened of these kinds, latest first, with its number."""
        for number in range((len(self._history) if until is None else until) - 1, -1, -1):
            each = self._history[number]
            if each.what in what and (case is None or each.case == case):
                yield number, each

    def _since(self, number: int) -> Sequence[Happened]:
        return self._history[number + 1 :]

    def is_admitted(self, person: str) -> bool:
        """Return True if the person was not removed, locked out or left to lapse, or that was put right."""
        for bad, good in (("removed", "admitted"), ("barred", "let-in"), ("lapsed", "renewed")):
            for _, each in self._back(bad, good, "admitted"):
                if each.by == person:
                    if each.what == bad:
                        return False
                    break
        return True

    def role(self, person: str) -> str:
        """Return the person's role."""
        return next((each.detail for _, each in self._back("role") if each.by == person), "")

    def is_there(self, case: int) -> bool:
        """Return True if the case was begun and not erased."""
        return next(self._back("begun", "erased", case=case), (0, Happened(self.now, "")))[1].what == "begun"

    def holder(self, case: int) -> str:
        """Return who holds the case."""
        _, last = next(self._back("begun", "taken", "handed", case=case))
        return last.whom if last.what == "handed" else last.by

    def request(self, person: str, case: int) -> tuple[int, str, datetime] | None:
        """Return the open request to a person: its number in the history, its kind, and since when. None if there is none."""
        for number, each in self._back("asked", "confirmed", case=case):
            if each.whom != person:
                continue
            kind = each.detail if each.what == "asked" else self._kind_typed(number, case, person)
            if kind is None or self.now >= each.at + A_REQUEST or self._is_over(number, kind, case, person):
                return None
            return number, kind, each.at
        return None

    def _kind_typed(self, until: int, case: int, person: str) -> str | None:
        """Return what the code asked for that this person typed before it was confirmed, if it was good then."""
        for number, typed in self._back("typed", case=case, until=until):
            if typed.by != person:
                continue
            made = next(each for _, each in self._back("code", case=case, until=number))
            serial, kind = made.detail.split(" ")
            is_good = (
                typed.detail == serial and typed.at < made.at + A_CODE and self._history[until].at < made.at + A_CODE
            )
            return kind if is_good and not self._is_over(number, kind, case, person, until=until) else None
        return None

    def _is_over(self, number: int, kind: str, case: int, person: str, *, until: int | None = None) -> bool:
        """Return True if a request was answered, withdrawn or overtaken after this number."""
        for each in self._history[number + 1 : until]:
            is_here = each.case == case
            if is_here and each.what in ("taken", "handed"):
                return True
            if is_here and each.what == "declined" and each.by == person:
                return True
            if is_here and each.what == "ended" and each.whom == person:
                return True
            if is_here and kind == "asked-look" and each.what == "opened" and each.by == person:
                return True
            if is_here and until is not None and each.what == "code":
                return True  # another code ended the one that was typed
            if each.by == person and (each.what == "removed" or self._is_lesser(each)):
                return True
        return False

    @staticmethod
    def _is_lesser(each: Happened) -> bool:
        return each.what == "role" and each.detail not in LOOKS_AND_TAKES

    def looks(self, person: str, case: int) -> bool:
        """Return True if the person opened a look, or handed on what they did not raise, and that was not ended."""
        for number, each in self._back("opened", "taken", "handed", case=case):
            is_opened = (
                each.what == "opened" and each.by == person and self._asked_for(number, case, person) == "asked-look"
            )
            is_former = each.what != "opened" and self._held_before(number, case) == person != self._raiser(case)
            if not (is_opened or is_former):
                continue
            if self.now < each.at + A_LOOK and not self._is_look_over(number, case, person):
                return True
        return False

    def _asked_for(self, number: int, case: int, person: str) -> str | None:
        for at, each in self._back("asked", "confirmed", case=case, until=number):
            if each.whom == person:
                return each.detail if each.what == "asked" else self._kind_typed(at, case, person)
        return None

    def _held_before(self, number: int, case: int) -> str:
        _, last = next(self._back("begun", "taken", "handed", case=case, until=number))
        return last.whom if last.what == "handed" else last.by

    def _raiser(self, case: int) -> str:
        return next(self._back("begun", case=case))[1].by

    def _is_look_over(self, number: int, case: int, person: str) -> bool:
        """Return True if a look that began at this number was ended. Ending a request that came later ends that alone."""
        for at in range(number + 1, len(self._history)):
            each = self._history[at]
            if each.by == person and (each.what == "removed" or self._is_lesser(each)):
                return True
            if each.case == case and each.what in ("taken", "handed") and (each.whom or each.by) == person:
                return True  # they hold it; once they hand it on, that is another look
            if each.case == case and each.what == "ended" and each.whom == person:
                before = Judge(self._history[:at], each.at)
                if before.request(person, case) is None and not before.has_claimed(person, case):
                    return True
        return False

    def has_claimed(self, person: str, case: int) -> bool:
        """Return True if the person typed a code, and nobody has said yes or no."""
        for number, typed in self._back("typed", case=case):
            if typed.by == person:
                made = next(each for _, each in self._back("code", case=case, until=number))
                kind = made.detail.split(" ")[1]
                ends = len(self._history)
                is_confirmed = any(
                    each.what == "confirmed" and each.case == case and each.whom == person
                    for each in self._since(number)
                )
                is_over = self._is_over(number, kind, case, person, until=ends)
                return not is_confirmed and not is_over and self.now < made.at + A_CODE
        return False

    def may_read(self, person: str, case: int) -> bool:
        """Return True if there is a reason in the history for which this person may read this case now."""
        if not self.is_there(case) or not self.is_admitted(person):
            return False
        if self.holder(case) == person:
            return True
        return self._raised(person, case) or self.looks(person, case) or self._reads_first(person, case)

    def _raised(self, person: str, case: int) -> bool:
        """Return True if the person began the case, handed it over, and was neither removed nor given a role without cases since."""
        if self._raiser(case) != person:
            return False
        for number, _ in self._back("taken", "handed", case=case):
            if self._held_before(number, case) == person:
                return not any(
                    each.by == person and (each.what == "removed" or (each.what == "role" and each.detail in NO_CASES))
                    for each in self._since(number)
                )
        return False

    def _reads_first(self, person: str, case: int) -> bool:
        asked = self.request(person, case)
        if asked is None or asked[1] != "asked-hand":
            return False
        return any(each.what == "opened" and (each.case, each.by) == (case, person) for each in self._since(asked[0]))

    def may_view(self, person: str, case: int) -> bool:
        """Return True if this person may add a view to this case now."""
        is_here = self.is_there(case) and self.is_admitted(person) and self.holder(case) != person
        return is_here and self.role(person) in LOOKS_AND_TAKES and self.looks(person, case)

    def may_take(self, person: str, case: int) -> bool:
        """Return True if this person may take this case over now."""
        if not (self.is_there(case) and self.is_admitted(person) and self.role(person) in LOOKS_AND_TAKES):
            return False
        asked = self.request(person, case)
        return asked is not None and asked[1] == "asked-hand" and self.holds(person) < MOST["held"]

    def may_confirm(self, person: str, case: int, *, whom: str) -> bool:
        """Return True if this person may say now that `whom` is who they speak to."""
        if not (self.is_there(case) and self.holder(case) == person and self.has_claimed(whom, case)):
            return False
        is_hand = self._claimed_kind(whom, case) == "asked-hand"
        return self.is_admitted(whom) and not (is_hand and self.holds(whom) >= MOST["held"])

    def holds(self, person: str) -> int:
        """Return how many cases the person holds."""
        cases = {each.case for _, each in self._back("begun")}
        return sum(self.is_there(case) and self.holder(case) == person for case in cases)

    def may_be_asked(self, person: str, case: int, kind: str, *, by: str) -> bool:
        """Return True if `by` may ask this person now: it is theirs, they are not flooding, and there is room for a request."""
        if not (self.is_there(case) and self.is_admitted(person) and self.role(person) in LOOKS_AND_TAKES):
            return False
        lately = sum(
            each.what in ("asked", "code") and each.by == by and each.at > self.now - timedelta(hours=1)
            for each in self._history
        )
        people = {each.by for _, each in self._back("role")}
        asked = [one for one in people if self.request(one, case) or self.has_claimed(one, case)]
        looking = [one for one in people if one != self.holder(case) and self.looks(one, case)]
        looks = len(looking) + sum(
            (self.request(one, case) or (0, self._claimed_kind(one, case)))[1] == "asked-look" for one in asked
        )
        return (
            self.holder(case) == by != person
            and self.role(by) not in NO_CASES
            and lately < MOST["an hour"]
            and person not in asked
            and len(asked) < MOST["requests"]
            and (kind != "asked-hand" or self.holds(person) < MOST["held"])
            and (kind != "asked-look" or (looks < MOST["asked-look"] and not self.reads_already(person, case)))
        )

    def reads_already(self, person: str, case: int) -> bool:
        """Return True if the person reads the case without a request."""
        return self._raised(person, case) or self.looks(person, case)

    def _claimed_kind(self, person: str, case: int) -> str:
        for number, typed in self._back("typed", case=case):
            if typed.by == person:
                return next(each for _, each in self._back("code", case=case, until=number)).detail.split(" ")[1]
        return ""
