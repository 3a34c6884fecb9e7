"""A session on one connection to PostgreSQL. Statements are sent at once; their results are waited for only where they are used."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.waiting import READY_W, WAIT_R, WAIT_RW

from bot.runtime.errors import DamagedStore, StoreFault, StoreUnavailable
from bot.storage.ledger import KEYS, Head, Row, StoredTable
from bot.storage.postgres.dialect import translated
from bot.storage.session import StoreSession

Result = TypeVar("Result")

TOGETHER = 20  # statements whose answers are waited for together: few enough to be sent whole while no answer is read

UNREACHED = "The database server could not be reached, or broke off. The bot goes on by itself once it is back."
ADVICE: dict[str, tuple[type[StoreFault], str]] = {
    "08": (StoreUnavailable, UNREACHED),
    "25": (
        StoreUnavailable,
        "The database server takes no writes: it may be a standby. The bot looks for the one that does.",
    ),
    "40": (StoreUnavailable, "Two copies of the bot wrote at once, again and again. The bot goes on by itself."),
    "53": (
        StoreUnavailable,
        "The database server has no room or no connection left. Make room; the bot goes on by itself.",
    ),
    "55": (
        StoreUnavailable,
        "Another copy or program held the database for too long, or a commit waits for a standby that does not answer: look at"
        " the server's synchronous standby. The bot goes on by itself.",
    ),
    "57": (StoreUnavailable, UNREACHED),
    "58": (StoreUnavailable, "The database server's disk is failing. The bot goes on by itself once it is mended."),
    "28": (StoreFault, "The database server refused the bot's role or password. Look with `seraf-bot check`."),
    "3D": (StoreFault, "There is no such database on the server. Look with `seraf-bot check`."),
    "42": (StoreFault, "The bot's role may not do this, or a table is missing. Look with `seraf-bot check`."),
    "XX": (DamagedStore, "The database server reports damage. Stop the bot, and restore the latest backup."),
}
"""What the first two characters of an error's SQLSTATE mean for an operator. The server's own message may quote values."""

CAUSES = {
    "certificate file|certificate verify|server certificate": (
        "The database server's certificate is not accepted: compare it with `sslrootcert` and the host in the address."
    ),
    "does not support SSL": "The database server does not offer TLS: turn on `ssl` there.",
    "authentication failed|no password supplied": (
        "The database server refused the role's password, or none was sent: look at SERAF_STORE_PASSWORD_FILE, or what is set in"
        " its place."
    ),
    "no pg_hba.conf entry|pg_hba.conf rejects": (
        "The database server admits no such role, database and machine with this kind of connection: add a line to its pg_hba.conf."
    ),
    "too many|connection slots": (
        "The database server has no connection left for the role: raise its limit, or max_connections. The bot goes on by itself."
    ),
    'FATAL: +database "': "There is no such database on the server, or it admits nobody: look at its name in the address.",
    'FATAL: +role "': "There is no such role on the server, or it may not log in: look at its name in the address.",
    "failed to resolve host": "The name of a database server is not found: compare the address, and ask this machine's DNS server.",
    "session is read-only": (
        "Only a standby answers: promote it, or start the server that takes the writes. The bot goes on by itself."
    ),
}
"""What the message of a connection that failed, which has no SQLSTATE, means for an operator. The first pattern found counts."""


def server_fault(error: psycopg.Error, outcome: str = "Nothing of this step was saved.") -> StoreFault:
    """Return the fault for an error of the server or the connection. Its message advises the operator, and ends with `outcome`."""
    state = error.sqlstate or ("08000" if isinstance(error, psycopg.OperationalError) else "")
    kind, advice = ADVICE.get(
        state[:2],
        (StoreFault, "The database did not do what it should; this is the bot's own fault. Please report it."),
    )
    if error.sqlstate is None and kind is StoreUnavailable:
        advice = next((cause for pattern, cause in CAUSES.items() if re.search(pattern, str(error))), advice)
    return kind(f"{advice} {outcome} ({type(error).__name__}{state and f' {state}'})")


class ServerConnection(psycopg.Connection[Any]):
    """A connection on which nothing is waited for longer than `until`, by the monotonic clock. Then it is closed."""

    until = float("inf")

    def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """Wait for a step of the protocol. Raise `psycopg.OperationalError` once `until` has passed."""
        left = self.until - monotonic()
        try:
            whole = self._sending(gen)
            return super().wait(whole, interval=interval, timeout=None if left == float("inf") else max(left, 0.001))
        except psycopg.Error:
            if monotonic() >= self.until:  # the server may yet answer, and nobody would know to what
                self.pgconn.finish()
            raise

    def _sending(self, gen: PQGen[Result]) -> PQGen[Result]:
        """Run a step of the protocol, and send what is left to be sent wherever the step waits for the server.

        In pipeline mode, psycopg waits for an answer to a statement of which a part was not sent, because the socket was full.
        """
        try:
            wanted = next(gen)
            while True:
                ready = yield WAIT_RW if (is_unsent := wanted == WAIT_R and self.pgconn.flush() == 1) else wanted
                if not is_unsent or ready != READY_W:
                    wanted = gen.send(ready)
        except StopIteration as end:
            result: Result = end.value
            return result


class StatementResult:
    """The result of a statement, which is waited for when it is first used."""

    __slots__ = ("_cursor", "_session")

    def __init__(self, cursor: psycopg.Cursor[Any], session: "PostgresSession") -> None:
        self._cursor, self._session = cursor, session

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return self._arrived().fetchone()

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
        return self._arrived().fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._arrived().fetchall())

    @property
    def rowcount(self) -> int:
        """The number of rows that were written or returned."""
        return self._arrived().rowcount

    def _arrived(self) -> psycopg.Cursor[Any]:
        # The cursor itself would ask the server to send what it has, and not end the series of statements. The server would
        # then wait for the next one without a limit, and hold the ledger's row for as long as this copy hangs or is cut off.
        if self._cursor.pgresult is None:
            self._session.sync()
        return self._cursor

    @property
    def description(self) -> list[Any] | None:
        """The columns, of each of which the first item is the name."""
        self._session.sync()
        return self._cursor.description


class PostgresSession(StoreSession):
    """A session on the connection that its engine gives it. The engine reads the head together with the transaction's beginning."""

    errors = psycopg.Error

    def __init__(self) -> None:
        super().__init__()
        self.connection: ServerConnection
        self.pipeline: psycopg.Pipeline | None = None
        self.known_head: Head | None = None
        self.demanded: list[tuple[StatementResult, Callable[[], StoreFault]]] = []
        self.ahead: tuple[str, tuple[object, ...], StatementResult] | None = None
        self.execute = self._execute

    def fault(self, error: Exception) -> StoreFault:
        assert isinstance(error, psycopg.Error)
        return server_fault(error)

    def head(self) -> Head:
        return self.known_head or super().head()

    def position(self, table: str) -> str:
        return KEYS[table]

    def defer_references(self) -> None:
        self._execute("SET CONSTRAINTS ALL DEFERRED")

    def fill(self, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        with self.connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def replace(self, table: str, column: str, values: Sequence[tuple[Any, bytes]], *, by: str = "") -> None:
        if not values:
            return
        kind = {bytes: "bytea", int: "bigint", str: "text"}[type(values[0][0])]
        # In one statement: the cost of each would be ten times that of SQLite.
        self._execute(
            f"UPDATE {table} SET {column} = fresh.value FROM unnest(?::{kind}[], ?::bytea[]) AS fresh (row, value)"
            f" WHERE {table}.{by or self.position(table)} = fresh.row",
            ([row for row, _ in values], [value for _, value in values]),
        )

    def every_row(self, table: StoredTable) -> Iterator[Row]:
        return iter(self._execute(f"SELECT {table.counted} FROM {table.name}"))

    def sync(self) -> None:
        """Wait until every statement sent so far was answered. Raise the error of the first that failed."""
        if self.pipeline is not None:
            self.pipeline.sync()

    def demand_one(self, answer: Any, missing: Callable[[], StoreFault]) -> None:
        if self.pipeline is None:
            super().demand_one(answer, missing)
        else:
            self.demanded.append((answer, missing))

    def ask_ahead(self, statement: str, values: tuple[object, ...]) -> None:
        if self.pipeline is not None:
            self.ahead = statement, values, self._execute(statement, values)

    def each(self, statement: str, every: Iterable[tuple[object, ...]]) -> Iterator[StatementResult]:
        left = iter(every)
        while some := tuple(islice(left, TOGETHER)):
            with self.connection.pipeline():
                answers = [self._execute(statement, values) for values in some]
            yield from answers

    def settle(self) -> None:
        """Raise what `demand_one` left to the end. Call this once every statement was answered."""
        for answer, missing in self.demanded:
            super().demand_one(answer, missing)

    def _execute(self, statement: str, values: Any = None) -> StatementResult:
        if self.ahead is not None and self.ahead[:2] == (statement, values):
            answer, self.ahead = self.ahead[2], None
            return answer
        return StatementResult(self.connection.execute(translated(statement), values or None), self)


FOREIGN = """SELECT 'trigger', tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
    UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = current_schema()
    UNION ALL SELECT 'policy', policyname FROM pg_policies WHERE schemaname = current_schema()
    LIMIT 1"""


def refuse_foreign_code(session: PostgresSession) -> None:
    """Raise `StoreFault` if the tables have triggers, rules or policies, which could write or hide rows as if they were the bot."""
    found = session.connection.execute(FOREIGN).fetchone()
    if found is not None:
        raise StoreFault(
            f"The database was changed from outside: it has the {found[0]} “{found[1]}”, and the bot makes none. Ask who"
            " administers the database who put it there, and let them take it away."
        )
