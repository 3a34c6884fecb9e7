"""A report as the numbers that Prometheus reads, and the port of this machine on which monitors read them. No number is about a person."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from bot.runtime.addresses import host_and_port, is_this_machine
from bot.runtime.errors import InUse
from bot.watch.vitals import Ailment, Vitals, ailments

Number = Callable[[Vitals], float | None]
"""Finds a number in a report; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number: its name, its kind, what it is, and where it is found."""

    name: str
    kind: str
    about: str
    number: Number


def _time(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _entries(vitals: Vitals) -> float | None:
    number = vitals.around.audit.partition(":")[0]
    return int(number) if number else None


METRICS = (
    Metric("seraf_started_time_seconds", "gauge", "when it was started", lambda it: _time(it.started)),
    Metric(
        "seraf_asked_time_seconds",
        "gauge",
        "when Telegram was last asked for what people did",
        lambda it: _time(it.last.asked),
    ),
    Metric("seraf_polled_time_seconds", "gauge", "when Telegram last sent updates", lambda it: _time(it.last.polled)),
    Metric(
        "seraf_answered_time_seconds", "gauge", "when Telegram last answered a call", lambda it: _time(it.last.answered)
    ),
    Metric(
        "seraf_delivered_time_seconds",
        "gauge",
        "when whom to call was last delivered to anybody in Telegram",
        lambda it: _time(it.reach.delivered),
    ),
    Metric("seraf_kept_time_seconds", "gauge", "when the store last kept something", lambda it: _time(it.last.kept)),
    Metric("seraf_has_store", "gauge", "1 while the store is open, else 0", lambda it: it.has_store),
    Metric("seraf_people_today", "gauge", "people who were served since midnight", lambda it: it.around.people_today),
    Metric(
        "seraf_telegram_refusals_total",
        "counter",
        "calls that Telegram refused for a while (429)",
        lambda it: it.traffic.refusals,
    ),
    Metric(
        "seraf_silence_seconds_total",
        "counter",
        "seconds for which it did so, summed up",
        lambda it: it.traffic.silence,
    ),
    Metric("seraf_backups", "gauge", "backups of the store in their folder", lambda it: it.around.backups),
    Metric(
        "seraf_newest_backup_time_seconds",
        "gauge",
        "when the newest of them was made",
        lambda it: _time(it.around.newest_backup),
    ),
    Metric("seraf_disk_free_bytes", "gauge", "room on the disk of the store", lambda it: it.around.disk_free),
    Metric("seraf_store_bytes", "gauge", "size of the store", lambda it: it.around.store_bytes),
    Metric("seraf_admissions_ending", "gauge", "admissions that run out within 14 days", lambda it: it.around.ending),
    Metric("seraf_admissions_ended", "gauge", "admissions that have run out", lambda it: it.around.ended),
    Metric("seraf_audit_entries", "gauge", "the number of the last entry of the audit", _entries),
)
"""Numbers without a label."""

LABELLED = (
    ("seraf_ails", "gauge", "1 for each reason why `/healthz` is 503, else 0", "reason"),
    (
        "seraf_tap_seconds",
        "summary",
        "from a tap that was heard to its answer, of the latest 1,000; and how many",
        "quantile",
    ),
    ("seraf_events_total", "counter", "events since the start, by name", "event"),
)
"""Numbers of which there are several, each with its label."""


COUNTED = (
    "seraf_counted",
    "gauge",
    "cases or calls in the last month that is over, where counting is on; none under five",
)
"""What is counted by month, by its month, kind and word."""


def as_metrics(vitals: Vitals, ails: tuple[Ailment, ...]) -> str:
    """Return the report as the text that Prometheus reads."""
    return "".join(f"{line}\n" for line in (*_plain(vitals), *_labelled(vitals, ails), *_counted(vitals)))


def _plain(vitals: Vitals) -> Iterator[str]:
    for metric in METRICS:
        number = metric.number(vitals)
        if number is not None:
            yield from (*_head(metric.name, metric.kind, metric.about), f"{metric.name} {number:.10g}")


def _labelled(vitals: Vitals, ails: tuple[Ailment, ...]) -> Iterator[str]:
    reasons = {str(each): int(each in ails) for each in Ailment}
    quantiles = {"0.5": vitals.traffic.tap_p50, "0.99": vitals.traffic.tap_p99}
    found: tuple[Mapping[str, float | None], ...] = (reasons, quantiles, vitals.events)
    for (name, kind, about, label), values in zip(LABELLED, found, strict=True):
        yield from _head(name, kind, about)
        yield from (f'{name}{{{label}="{key}"}} {value:.10g}' for key, value in values.items() if value is not None)
        if kind == "summary":
            yield f"{name}_count {vitals.traffic.taps}"


def _counted(vitals: Vitals) -> Iterator[str]:
    around = vitals.around
    if around.counted:
        yield from _head(*COUNTED)
    for kind, words in around.counted.items():
        labels = f'month="{around.counted_month}",kind="{kind}"'
        yield from (f'{COUNTED[0]}{{{labels},word="{word}"}} {count}' for word, count in words.items())


def _head(name: str, kind: str, about: str) -> tuple[str, str]:
    return f"# HELP {name} {about}", f"# TYPE {name} {kind}"


Observe = Callable[[], tuple[Vitals, datetime]]
"""Says how the bot is at this moment, and which moment that is."""


class MonitorPort:
    """Answers monitors until it is closed."""

    def __init__(self, address: str, observe: Observe) -> None:
        self._address = address
        self._observe = observe
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def open(self) -> None:
        """Listen. Raise `InUse` if the port is taken."""
        host, port = host_and_port(self._address)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.close()
            raise InUse(
                f"SERAF_WATCH_ADDRESS: {self._address} cannot be listened at: {error.strerror}. Is another program there?"
            ) from None

    async def close(self) -> None:
        """Listen no longer."""
        await self._runner.cleanup()

    async def _healthz(self, request: web.Request) -> web.Response:
        """200 where the bot is in order, else 503; with the reasons, and with when whom to call was last delivered."""
        if not _is_asked_by_this_machine(request):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        vitals, now = self._observe()
        ails, delivered = ailments(vitals, now), vitals.reach.delivered
        status = HTTPStatus.SERVICE_UNAVAILABLE if ails else HTTPStatus.OK
        told = {"in_order": not ails, "ails": ails, "delivered": delivered and delivered.isoformat()}
        return web.json_response(told, status=status)

    async def _metrics(self, request: web.Request) -> web.Response:
        """Return every number that there is."""
        if not _is_asked_by_this_machine(request):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        vitals, now = self._observe()
        return web.Response(text=as_metrics(vitals, ailments(vitals, now)), content_type="text/plain")


def _is_asked_by_this_machine(request: web.Request) -> bool:
    """Return True if it was asked for by an address of this machine: a page in a browser could come by a name of its own."""
    return is_this_machine(host_and_port(request.host)[0])
