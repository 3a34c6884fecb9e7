"""A report as the numbers that Prometheus reads: each with its name, its kind and what it is. No number is about a person."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.watch.vitals import Ailment, Vitals

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
        lambda it: _time(it.asked),
    ),
    Metric(
        "seraf_polled_time_seconds", "gauge", "when Telegram last said what people did", lambda it: _time(it.polled)
    ),
    Metric(
        "seraf_answered_time_seconds", "gauge", "when Telegram last answered any call", lambda it: _time(it.answered)
    ),
    Metric(
        "seraf_delivered_time_seconds",
        "gauge",
        "when whom to call was last delivered to anybody in Telegram",
        lambda it: _time(it.reach.delivered),
    ),
    Metric("seraf_kept_time_seconds", "gauge", "when the store last kept something", lambda it: _time(it.kept)),
    Metric("seraf_has_store", "gauge", "1 while the store is open, else 0", lambda it: it.has_store),
    Metric("seraf_people_today", "gauge", "people who were served since midnight", lambda it: it.around.people_today),
    Metric(
        "seraf_telegram_refusals_total",
        "counter",
        "calls that Telegram refused for a while (429)",
        lambda it: it.refusals,
    ),
    Metric("seraf_silence_seconds_total", "counter", "seconds for which it did so, summed up", lambda it: it.silence),
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
    """The report as the text that Prometheus reads."""
    return "".join(f"{line}\n" for line in (*_plain(vitals), *_labelled(vitals, ails), *_counted(vitals)))


def _plain(vitals: Vitals) -> Iterator[str]:
    for metric in METRICS:
        number = metric.number(vitals)
        if number is not None:
            yield from (*_head(metric.name, metric.kind, metric.about), f"{metric.name} {number:.10g}")


def _labelled(vitals: Vitals, ails: tuple[Ailment, ...]) -> Iterator[str]:
    reasons = {str(each): int(each in ails) for each in Ailment}
    quantiles = {"0.5": vitals.tap_p50, "0.99": vitals.tap_p99}
    found: tuple[Mapping[str, float | None], ...] = (reasons, quantiles, vitals.events)
    for (name, kind, about, label), values in zip(LABELLED, found, strict=True):
        yield from _head(name, kind, about)
        yield from (f'{name}{{{label}="{key}"}} {value:.10g}' for key, value in values.items() if value is not None)
        if kind == "summary":
            yield f"{name}_count {vitals.taps}"


def _counted(vitals: Vitals) -> Iterator[str]:
    around = vitals.around
    if around.counted:
        yield from _head(*COUNTED)
    for kind, words in around.counted.items():
        labels = f'month="{around.counted_month}",kind="{kind}"'
        yield from (f'{COUNTED[0]}{{{labels},word="{word}"}} {count}' for word, count in words.items())


def _head(name: str, kind: str, about: str) -> tuple[str, str]:
    return f"# HELP {name} {about}", f"# TYPE {name} {kind}"
