"""The model of other sizes: it agrees with what was measured, and finds the first limit where inputs are changed by hand."""

from dataclasses import replace
from typing import Any

import pytest

from bench.figures import kept
from bench.scale import ASSUMED, SIZES, Service, busiest, first, simulated, staff_at, together

FACTOR = 2.5
"""By which taps a second and the middle wait may differ. Of p99 nothing is demanded: on a busy machine it was six times as long."""

STORE = {"person": 10_000, "tap": 100, "entry": 300, "erasure": 0.01, "erasure log": 0, "night": 0.01, "night log": 0}
FIGURES: dict[str, Any] = {
    "batches": {"0": {"1": 2.0, "20": 21.0, "late": [0.0]}, "0.5": {"1": 6.0, "20": 25.0, "late": [0.0]}},
    "log": {"first": 10_000, "again": 5_000, "idle": 0},
    "size": {"300": {**STORE, "rotation": 0.1}, "5000": {**STORE, "rotation": 0.1}},
}
"""Round figures: a transaction lasts one millisecond and another for each turn; nothing grows with the number of people."""


@pytest.mark.parametrize("delay", ["0", "0.5", "1"])
@pytest.mark.parametrize("copies", ["1", "2", "4"])
def test_the_simulation_agrees_with_what_was_measured(delay: str, copies: str) -> None:
    measured = kept()["copies"][delay][copies]

    modelled = together(int(copies), kept(), delay=float(delay))

    assert measured["rate"] / FACTOR < modelled.rate < measured["rate"] * FACTOR
    assert measured["p50"] / FACTOR < modelled.p50 < measured["p50"] * FACTOR


def test_the_first_limit_is_the_one_whose_knob_was_turned_down() -> None:
    service = Service(1_000)

    assert first(replace(service, telegram=0.1), FIGURES).name == "Telegram, one token"
    assert first(replace(service, connections=5), FIGURES).name == "connections to one server"
    assert first(replace(service, disk=1e9), FIGURES).name == "one server's disk"


def test_the_first_limit_moves_to_the_lock_where_a_transaction_takes_longer() -> None:
    slow = {**FIGURES, "batches": {"0.5": {"1": 1_000.0, "20": 20_000.0, "late": [0.0]}}}

    assert first(Service(5_000), slow).name == "the one writer's lock"
    assert busiest(Service(5_000), slow) is None


def test_the_staff_at_which_telegram_is_full_is_what_a_pocket_calculator_says() -> None:
    """30 messages a second are 108,000 an hour; a person's share of them is 2 SERAFs × 60 taps × 0.02 = 2.4."""
    assert staff_at(Service(300), FIGURES, of=["Telegram, one token"]) == pytest.approx(45_000, rel=0.01)


def test_more_boards_take_connections_and_not_the_lock() -> None:
    one, many = Service(700), Service(140_000, boards=200)

    assert one.taps() == many.taps()
    assert first(many, FIGURES).name == "connections to one server"
    assert staff_at(many, FIGURES, of=["connections to one server"]) == pytest.approx(16.5 * 700, rel=0.01)


def test_a_copy_waits_for_the_lock_of_another_for_all_but_its_way() -> None:
    """Each transaction of one turn lasts 6 ms, of which 1 ms is the way there and back."""
    waits = simulated([[0.0], [0.0]], FIGURES, delay=0.5)

    assert waits.p99 == pytest.approx(0.5 + 5 + 5 + 0.5)


def test_taps_that_wait_at_a_copy_share_its_next_transaction() -> None:
    """Five at once: 2 ms each alone, 6 ms together, since each turn but the first costs one more."""
    assert simulated([[0.0] * 5], FIGURES, delay=0).p99 == pytest.approx(6)


def test_every_size_uses_what_is_assumed() -> None:
    assert all(dict(service.use) == {name: each.usual for name, each in ASSUMED.items()} for service in SIZES.values())
