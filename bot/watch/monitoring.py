"""The metrics of a bot for Prometheus, and the port where monitoring on this machine reads them. None is about a person."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.runtime.addresses import host_and_port, is_this_machine
from bot.runtime.errors import InUse
from bot.watch.vitals import Ailment, Vitals, ailments

# Each metric's name and description, and the function that takes its value from a report, which is None if unknown.
METRICS: tuple[tuple[str, str, Callable[[Vitals], float | datetime | None]], ...] = (
    ("seraf_started_time_seconds", "when it was started", lambda it: it.started),
    ("seraf_asked_time_seconds", "when Telegram was last asked for what people did", lambda it: it.last.asked),
    ("seraf_polled_time_seconds", "when Telegram last sent updates", lambda it: it.last.polled),
    ("seraf_answered_time_seconds", "when Telegram last answered a call", lambda it: it.last.answered),
    (
        "seraf_delivered_time_seconds",
        "when whom to call was last delivered to anybody in Telegram",
        lambda it: it.reach.delivered,
    ),
    ("seraf_kept_time_seconds", "when the store last kept something", lambda it: it.last.kept),
    ("seraf_has_store", "1 while the store is open, else 0", lambda it: it.has_store),
    ("seraf_leader", "1 while this copy polls Telegram and does the housekeeping, else 0", lambda it: it.leads),
    ("seraf_people_today", "people who were served since midnight", lambda it: it.around.people_today),
    ("seraf_telegram_refusals_total", "calls that Telegram refused for a while (429)", lambda it: it.traffic.refusals),
    ("seraf_silence_seconds_total", "seconds for which it did so, summed up", lambda it: it.traffic.silence),
    ("seraf_backups", "backups of the store in their folder", lambda it: it.around.backups),
    ("seraf_newest_backup_time_seconds", "when the newest of them was made", lambda it: it.around.newest_backup),
    ("seraf_disk_free_bytes", "room on the disk of the store", lambda it: it.around.disk_free),
    ("seraf_store_bytes", "size of the store", lambda it: it.around.store_bytes),
    ("seraf_admissions_ending", "admissions that run out within 14 days", lambda it: it.around.ending),
    ("seraf_admissions_ended", "admissions that have run out", lambda it: it.around.ended),
    (
        "seraf_audit_entries",
        "the number of the last entry of the audit",
        lambda it: int(it.around.audit.partition(":")[0]) if it.around.audit else None,
    ),
)
LABELLED = (  # metrics with a label: name, description, and the name of the label
    ("seraf_ails", "1 for each reason why `/healthz` is 503, else 0", "reason"),
    ("seraf_tap_seconds", "from a tap that was heard to its answer, of the latest 1,000; and how many", "quantile"),
    ("seraf_events_total", "events since the start, by name", "event"),
)
COUNTED = "cases or calls in the last month that is over, where counting is on; none under five"


def as_metrics(vitals: Vitals, ails: tuple[Ailment, ...]) -> str:
    """Return a report and its faults in the text format of Prometheus."""
    lines = list[str]()
    for name, about, read in METRICS:
        number = read(vitals)
        if number is not None:
            value = number.timestamp() if isinstance(number, datetime) else number
            lines += (*_head(name, about), f"{name} {value:.10g}")
    reasons = {str(ailment): int(ailment in ails) for ailment in Ailment}
    quantiles = {"0.5": vitals.traffic.tap_p50, "0.99": vitals.traffic.tap_p99}
    samples: tuple[Mapping[str, float | None], ...] = (reasons, quantiles, vitals.events)
    for (name, about, label), values in zip(LABELLED, samples, strict=True):
        is_summary = label == "quantile"
        lines += _head(name, about, "summary" if is_summary else "")
        lines += (f'{name}{{{label}="{key}"}} {value:.10g}' for key, value in values.items() if value is not None)
        lines += [f"{name}_count {vitals.traffic.taps}"] if is_summary else []
    if vitals.around.counted:
        lines += _head("seraf_counted", COUNTED)
    for kind, words in vitals.around.counted.items():
        labels = f'month="{vitals.around.counted_month}",kind="{kind}"'
        lines += (f'seraf_counted{{{labels},word="{word}"}} {count}' for word, count in words.items())
    return "".join(f"{line}\n" for line in lines)


def _head(name: str, about: str, kind: str = "") -> tuple[str, str]:
    """Return the HELP and TYPE lines of a metric. If `kind` is empty, a name that ends in `_total` is a counter, any other a gauge."""
    kind = kind or ("counter" if name.endswith("_total") else "gauge")
    return f"# HELP {name} {about}", f"# TYPE {name} {kind}"


class MonitorPort:
    """An HTTP server for monitoring. `observe` returns the current report and the current time."""

    def __init__(self, address: str, observe: Callable[[], tuple[Vitals, datetime]]) -> None:
        self._address, self._observe = address, observe
        app = web.Application(middlewares=[_refuse_other_hosts])
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def open(self) -> None:
        """Begin to listen. Raise `InUse` if that is impossible at this address."""
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
        await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        """Return status 200 if there are no faults, otherwise 503. The body has the faults and when a card was last delivered."""
        vitals, now = self._observe()
        ails, delivered = ailments(vitals, now), vitals.reach.delivered
        status = HTTPStatus.SERVICE_UNAVAILABLE if ails else HTTPStatus.OK
        report = {"in_order": not ails, "ails": ails, "delivered": delivered and delivered.isoformat()}
        return web.json_response(report, status=status)

    async def _readyz(self, _: web.Request) -> web.Response:
        """Return status 200 while answers can be saved, whether or not this copy leads, else 503."""
        vitals, _now = self._observe()
        is_ready = vitals.has_store and vitals.is_keeping
        return web.Response(status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)

    async def _metrics(self, _: web.Request) -> web.Response:
        vitals, now = self._observe()
        return web.Response(text=as_metrics(vitals, ailments(vitals, now)), content_type="text/plain")


@web.middleware
async def _refuse_other_hosts(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer only requests for a host name of this machine. Otherwise a web page could reach the port by DNS rebinding."""
    if is_this_machine(host_and_port(request.host)[0]):
        return await handler(request)
    return web.Response(status=HTTPStatus.FORBIDDEN)
