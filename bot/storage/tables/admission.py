"""The tables of one-time codes and their tries, sign-ins and restores. Codes and sign-ins are stored as keyed hashes of their secrets."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.crypto.sealing import KeyRing, place
from bot.runtime.clock import aware, from_micros, to_micros
from bot.storage.ledger import CODES, RESTORES, SIGN_INS
from bot.storage.session import Rows, StoreSession
from bot.storage.tables.audit import Audit
from bot.storage.tables.records import EventKeys, ShortLived
from bot.storage.values import MOST_BROWSERS, Issued, OpenInvitation, SignIn, SignOff
from bot.trail.chain import Entry


class InvitationCodes(Rows):
    """The table of one-time codes, each with a text, such as an invitation."""

    def __init__(self, session: StoreSession, keys: KeyRing, audit: Audit) -> None:
        super().__init__(session, keys)
        self._audit = audit

    def issue(self, code: str, text: str, *, until: datetime) -> None:
        """Store a code with the text that belongs to it, valid until this time."""
        mark, end = self._mark(code), to_micros(until)
        self._session.put(CODES, mark=mark, body=self._sealer.seal(text.encode(), _code(mark, end)), until=end)

    def issue_all(self, issued: Iterable[Issued], entries: Iterable[Entry]) -> None:
        """Store these codes, and append the entries to the audit."""
        for item in issued:
            self.issue(item.code, item.text, until=item.until)
        self._audit.append(entries)

    def opened(self, code: str, now: datetime) -> str | None:
        """Return the text of a valid code, or None. Raise `StoreFault` if any code was removed or restored from outside."""
        self._session.ledger.demand_table(CODES)
        invitations = self.some((self._mark(code),), now)
        return invitations[0].text if invitations else None

    def valid(self, now: datetime) -> tuple[OpenInvitation, ...]:
        """Return the open invitations, sorted by the time at which they expire."""
        return self._opened("until > ? ORDER BY until, mark", to_micros(now))

    def some(self, marks: Sequence[bytes], now: datetime) -> tuple[OpenInvitation, ...]:
        """Return those invitations with these marks that are still open."""
        return tuple(
            invitation for mark in marks for invitation in self._opened("mark = ? AND until > ?", mark, to_micros(now))
        )

    def use_up(self, marks: Iterable[bytes]) -> None:
        """Delete the codes of the invitations with these marks."""
        for mark in marks:
            self._session.remove(CODES, mark)

    def withdraw(self, text: str, entry: Entry) -> bool:
        """Delete every valid code with this text, and append the entry to the audit. Return False, and append nothing, if there is none."""
        marks = [invitation.mark for invitation in self.valid(entry.at) if invitation.text == text]
        self.use_up(marks)
        self._audit.append([entry] if marks else [])
        return bool(marks)

    def spend(self, code: str) -> None:
        """Delete a code, since it was used."""
        self.use_up((self._mark(code),))

    def forget_expired(self, now: datetime) -> int:
        """Delete the codes that have expired, and return their number."""
        return self._session.remove_where(CODES, "until <= ?", to_micros(now))

    def _opened(self, condition: str, *values: object) -> tuple[OpenInvitation, ...]:
        rows = self._session.execute(f"SELECT mark, body, until FROM tickets WHERE {condition}", values)
        return tuple(
            OpenInvitation(mark, self._sealer.unseal(body, _code(mark, until)).decode(), from_micros(until))
            for mark, body, until in rows
        )

    def _mark(self, code: str) -> bytes:
        # Lasting: the code itself is not stored, so a key rotation could not hash it again.
        return self._keys.lasting("ticket", code)


def _code(mark: bytes, until: int) -> bytes:
    return place("tickets", "body", row=mark, beside=(until,))


TRIES = 5  # the number of wrong codes after which a person must wait before the next try
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)  # the wait; each further wrong code doubles it
REMEMBERED = timedelta(days=8)  # how long wrong codes are counted after the latest


class Tries:
    """The wrong invitation codes of each person, and the time until which they must wait before the next."""

    def __init__(self, short_lived: ShortLived) -> None:
        self._short_lived = short_lived

    def may_try(self, person: str, now: datetime) -> bool:
        """Return True unless the person must wait. If True, their code counts as wrong until `forgive` is called."""
        wrong, until = self._short_lived.find("tries", person) or (0, 0)
        if to_micros(now) < until:
            return False
        wrong += 1
        doublings = min(wrong - TRIES, 20)  # far beyond the longest pause
        pause = min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE) if wrong >= TRIES else timedelta(0)
        self._short_lived.keep("tries", person, (wrong, to_micros(now + pause)), until=now + REMEMBERED)
        return True

    def forgive(self, person: str) -> None:
        """Forget the wrong codes of a person who may use the bot."""
        self._short_lived.forget("tries", person)


MOST_WRONG, CLOSED_FOR = 5, timedelta(days=1)


class SpokenCodes:
    """The codes that holders of cases say on the telephone: of which case each is, and how many wrong ones each person typed.

    Which code of a case is good stands in the case itself: a row that is put back here finds a case that knows it no more.
    """

    def __init__(self, short_lived: ShortLived) -> None:
        self._short_lived = short_lived

    def keep(self, code: str, case: bytes, *, until: datetime) -> None:
        """Write to which case, by its mark, a code belongs."""
        self._short_lived.keep("look-code", code, case.hex(), until=until)

    def case_of(self, code: str) -> bytes | None:
        """Return the mark of the case to which a code belongs or belonged, or None."""
        found = self._short_lived.find("look-code", code)
        return None if found is None else bytes.fromhex(found)

    def may_type(self, person: str, now: datetime) -> bool:
        """Return True unless codes are closed to this person."""
        times = self._short_lived.find("look-tries", person) or []
        return len(self._recent(times, now)) < MOST_WRONG

    def wrong(self, person: str, now: datetime) -> None:
        """Count a wrong code of this person. The fifth within a day closes codes to them for a day."""
        times = [*self._recent(self._short_lived.find("look-tries", person) or [], now), to_micros(now)]
        if len(times) >= MOST_WRONG:
            times = [to_micros(now)] * MOST_WRONG
        self._short_lived.keep("look-tries", person, times, until=now + CLOSED_FOR)

    @staticmethod
    def _recent(times: Iterable[int], now: datetime) -> list[int]:
        return [at for at in times if at > to_micros(now - CLOSED_FOR)]


class SignIns(Rows):
    """The table of people's sign-ins in browsers."""

    def __init__(self, session: StoreSession, keys: KeyRing, event_keys: EventKeys) -> None:
        super().__init__(session, keys)
        self._event_keys = event_keys

    def keep(self, sign_in: SignIn) -> None:
        """Write a sign-in. If the person then has more than `MOST_BROWSERS`, delete those that expire first."""
        mark, until = self._mark(sign_in.secret), to_micros(sign_in.until)
        body = self._seal(SIGN_INS, mark, [sign_in.person, sign_in.at_provider, until])
        self._session.put(SIGN_INS, mark=mark, body=body, until=until)
        marks = [other for other, item in self._by_end() if item.person == sign_in.person]
        self._end(marks[:-MOST_BROWSERS])

    def find(self, secret: str, now: datetime) -> SignIn | None:
        """Return the valid sign-in with this secret, or None. Raise `StoreFault` if any sign-in was removed or restored from outside."""
        self._session.ledger.demand_table(SIGN_INS)
        mark = self._mark(secret)
        row = self._session.execute("SELECT body FROM sign_ins WHERE mark = ?", (mark,)).fetchone()
        sign_in = None if row is None else self._opened(mark, row[0], secret=secret)
        return sign_in if sign_in is not None and aware(now) < sign_in.until else None

    def sign_off(self, sign_off: SignOff) -> bool:
        """Delete the sign-ins that this request ends, and record its key. Return False, and do nothing, if the key is known already."""
        is_new = self._event_keys.add(sign_off.key, sign_off.at)
        if is_new:
            self._end(mark for mark, sign_in in self._by_end() if sign_off.ends(sign_in))
        return is_new

    def forget_of(self, person: str) -> None:
        """Delete every sign-in of a person."""
        self._end(mark for mark, sign_in in self._by_end() if sign_in.person == person)

    def forget_expired(self, now: datetime) -> int:
        """Delete the sign-ins that have ended, and return their number."""
        return self._session.remove_where(SIGN_INS, "until <= ?", to_micros(now))

    def forget_all(self) -> None:
        """Delete every sign-in."""
        self._session.remove_where(SIGN_INS, "1 = 1")

    def _by_end(self) -> list[tuple[bytes, SignIn]]:
        rows = self._session.execute("SELECT mark, body FROM sign_ins ORDER BY until, mark").fetchall()
        return [(mark, self._opened(mark, body)) for mark, body in rows]

    def _end(self, marks: Iterable[bytes]) -> None:
        for mark in marks:
            self._session.remove(SIGN_INS, mark)

    def _opened(self, mark: bytes, body: bytes, *, secret: str = "") -> SignIn:
        person, at_provider, until = self._unseal(SIGN_INS, mark, body)
        return SignIn(secret, person, from_micros(until), at_provider)

    def _mark(self, secret: str) -> bytes:
        # Lasting: only the browser has the secret, so a key rotation could not hash it again.
        return self._keys.lasting("sign-in", secret)


class Restores(Rows):
    """The table of restores. It has one row from the restore of a backup until somebody confirms who may still use the bot."""

    def __init__(self, session: StoreSession, keys: KeyRing, audit: Audit) -> None:
        super().__init__(session, keys)
        self._audit, self._mark = audit, keys.lasting("restore")

    def note(self, at: datetime) -> None:
        """Record that a backup was restored at this time."""
        self._session.put(RESTORES, mark=self._mark, body=self._seal(RESTORES, self._mark, to_micros(at)))

    def waiting(self) -> datetime | None:
        """Return the time of the unconfirmed restore, or None. Raise `StoreFault` if its row was removed from outside."""
        self._session.ledger.demand_table(RESTORES)
        row = self._session.execute("SELECT body FROM restores WHERE mark = ?", (self._mark,)).fetchone()
        return None if row is None else from_micros(self._unseal(RESTORES, self._mark, row[0]))

    def confirm(self, entry: Entry) -> bool:
        """Delete the row, and append the entry to the audit. Return False, and append nothing, if no restore was waiting."""
        is_waiting = self._session.remove_where(RESTORES, "1 = 1") > 0
        self._audit.append((entry,) if is_waiting else ())
        return is_waiting
