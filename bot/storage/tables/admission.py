"""How people come in: one-time codes and sign-ins at browsers, found by keyed hashes of secrets that are kept nowhere; and whether
nobody may come in yet, since a backup was restored.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.crypto.sealing import KeyRing, place
from bot.runtime.clock import aware, from_micros, to_micros
from bot.storage.counted_tables import CODES, RESTORES, SIGN_INS
from bot.storage.session import Rows, StoreSession
from bot.storage.tables.audit import Audit
from bot.storage.tables.records import EventKeys
from bot.storage.values import MOST_BROWSERS, Issued, OpenInvitation, SignIn, SignOff
from bot.trail.chain import Entry

VALID = "SELECT mark, body, until FROM tickets WHERE until > ? ORDER BY until, mark"
ONE = "SELECT mark, body, until FROM tickets WHERE mark = ? AND until > ?"


class InvitationCodes(Rows):
    """One-time codes, each with the text that it opens, which is sealed."""

    def __init__(self, session: StoreSession, keys: KeyRing, audit: Audit) -> None:
        super().__init__(session, keys)
        self._audit = audit

    def issue(self, code: str, text: str, *, until: datetime) -> None:
        """Keep what a code opens, until then."""
        mark, end = self._mark(code), to_micros(until)
        self._session.put(CODES, mark=mark, body=self._sealer.seal(text.encode(), _code(mark, end)), until=end)

    def issue_all(self, issued: Iterable[Issued], said: Iterable[Entry]) -> None:
        """Keep what each of these codes opens, and append the entries to the audit."""
        for each in issued:
            self.issue(each.code, each.text, until=each.until)
        self._audit.append(said)

    def opened(self, code: str, now: datetime) -> str | None:
        """Return what the code opens now, or None for one that was never issued, was spent, or has expired.

        `StoreFault` where any code was put back or taken away: none is taken then.
        """
        self._session.ledger.demand_table(CODES)
        found = self.some((self._mark(code),), now)
        return found[0].text if found else None

    def valid(self, now: datetime) -> tuple[OpenInvitation, ...]:
        """Return the invitations that are open now; the first to expire comes first."""
        return self._open(self._session.execute(VALID, (to_micros(now),)))

    def some(self, marks: Sequence[bytes], now: datetime) -> tuple[OpenInvitation, ...]:
        """Return those of the invitations with these marks that are open now."""
        return self._open(row for mark in marks for row in self._session.execute(ONE, (mark, to_micros(now))))

    def use_up(self, marks: Iterable[bytes]) -> None:
        """Use up the codes of these invitations."""
        for mark in marks:
            self._session.remove(CODES, mark)

    def withdraw(self, text: str, said: Entry) -> bool:
        """Use up every valid code that opens this text, and append the entry to the audit. Return False if there is none."""
        marks = [each.mark for each in self.valid(said.at) if each.text == text]
        self.use_up(marks)
        self._audit.append([said] if marks else [])
        return bool(marks)

    def spend(self, code: str) -> None:
        """Use a code up."""
        self.use_up((self._mark(code),))

    def forget_expired(self, now: datetime) -> int:
        """Forget the codes that have expired, and return how many."""
        return self._session.remove_where(CODES, "until <= ?", to_micros(now))

    def _open(self, found: Iterable[tuple[bytes, bytes, int]]) -> tuple[OpenInvitation, ...]:
        return tuple(
            OpenInvitation(mark, self._sealer.unseal(body, _code(mark, until)).decode(), from_micros(until))
            for mark, body, until in found
        )

    def _mark(self, code: str) -> bytes:
        # Lasting, since the code itself is not kept: a rotation of the keys could not hash it anew.
        return self._keys.lasting("ticket", code)


class SignIns(Rows):
    """Who signed in with which browser, and until when."""

    def __init__(self, session: StoreSession, keys: KeyRing, event_keys: EventKeys) -> None:
        super().__init__(session, keys)
        self._event_keys = event_keys

    def keep(self, sign_in: SignIn) -> None:
        """Keep a sign-in; of one person so many at a time, and the first to end goes for one more."""
        mark, until = self._mark(sign_in.secret), to_micros(sign_in.until)
        written = json.dumps([sign_in.person, sign_in.at_provider, until]).encode()
        self._session.put(SIGN_INS, mark=mark, body=self._sealer.seal(written, _sign_in(mark)), until=until)
        # They come in the order of their ends, so the first to end are those that are cut off.
        theirs = [other for other, each in self._everything() if each.person == sign_in.person]
        self._end(theirs[:-MOST_BROWSERS])

    def find(self, secret: str, now: datetime) -> SignIn | None:
        """Return the sign-in of this secret, or None if there is none, or its time is over.

        `StoreFault` where any sign-in was put back or taken away: none counts then.
        """
        self._session.ledger.demand_table(SIGN_INS)
        mark = self._mark(secret)
        found = self._session.execute("SELECT body FROM sign_ins WHERE mark = ?", (mark,)).fetchone()
        sign_in = None if found is None else self._opened(mark, found[0], secret=secret)
        return sign_in if sign_in is not None and aware(now) < sign_in.until else None

    def sign_off(self, said: SignOff) -> bool:
        """End what a sign-off ends, and keep its key. Return False if the key was seen before."""
        is_new = self._event_keys.add(said.key, said.at)
        if is_new:
            self._end(mark for mark, each in self._everything() if said.ends(each))
        return is_new

    def forget_of(self, person: str) -> None:
        """End every sign-in of a person."""
        self._end(mark for mark, each in self._everything() if each.person == person)

    def forget_expired(self, now: datetime) -> int:
        """Forget the sign-ins whose time is over, and return how many."""
        return self._session.remove_where(SIGN_INS, "until <= ?", to_micros(now))

    def forget_all(self) -> None:
        """End every sign-in of everybody."""
        self._session.remove_where(SIGN_INS, "1 = 1")

    def _everything(self) -> list[tuple[bytes, SignIn]]:
        rows = self._session.execute("SELECT mark, body FROM sign_ins ORDER BY until, mark").fetchall()
        return [(mark, self._opened(mark, body)) for mark, body in rows]

    def _end(self, marks: Iterable[bytes]) -> None:
        for mark in marks:
            self._session.remove(SIGN_INS, mark)

    def _opened(self, mark: bytes, body: bytes, *, secret: str = "") -> SignIn:
        person, at_provider, until = json.loads(self._sealer.unseal(body, _sign_in(mark)))
        return SignIn(secret, person, from_micros(until), at_provider)

    def _mark(self, secret: str) -> bytes:
        # Lasting, since only the browser has the secret: a rotation of the keys could not hash it anew.
        return self._keys.lasting("sign-in", secret)


class Restores(Rows):
    """Whether a backup was put in the place of the store, and nobody has confirmed yet who is in: one row, or none."""

    def __init__(self, session: StoreSession, keys: KeyRing, audit: Audit) -> None:
        super().__init__(session, keys)
        self._audit, self._mark = audit, keys.lasting("restore")

    def note(self, at: datetime) -> None:
        """Note that a backup was put in the place of the store, and waits to be confirmed."""
        body = self._sealer.seal(str(to_micros(at)).encode(), _restore(self._mark))
        self._session.put(RESTORES, mark=self._mark, body=body)

    def waiting(self) -> datetime | None:
        """Return when the restore was that nobody has confirmed, or None if none waits. Raise `StoreFault` if somebody took it away."""
        self._session.ledger.demand_table(RESTORES)
        found = self._session.execute("SELECT body FROM restores WHERE mark = ?", (self._mark,)).fetchone()
        return None if found is None else from_micros(int(self._sealer.unseal(found[0], _restore(self._mark))))

    def confirm(self, said: Entry) -> bool:
        """Note that somebody has confirmed who is in, in the audit too. Return False if nothing waited."""
        is_waiting = self._session.remove_where(RESTORES, "1 = 1") > 0
        self._audit.append((said,) if is_waiting else ())
        return is_waiting


def _code(mark: bytes, until: int) -> bytes:
    """Where a code is sealed to; its term is in the seal."""
    return place("tickets", "body", row=mark, beside=(until,))


def _sign_in(mark: bytes) -> bytes:
    return place("sign_ins", "body", row=mark)


def _restore(mark: bytes) -> bytes:
    return place("restores", "body", row=mark)
