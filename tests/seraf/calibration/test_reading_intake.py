"""The shares of an assumed intake: what names nothing of the pack, or adds up to something else, is a fault with its path."""

import pytest

from seraf.reading.cases.intake import read_intake
from seraf.reading.toml.tables import Faults, TomlTable
from tests.support.pack.toml import Raw
from tests.support.shipped import INSTRUMENT, PACK


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"harm": ["V99"]}, "intake.toml.harm: 'V99' is not one of"),
        ({"seldom": {"V99": 60}}, "intake.toml.seldom.V99: not the id of an item"),
        ({"seldom": {"V2": 0}}, "intake.toml.seldom.V2: must be 1 or more"),
        ({"answers": {"gang": {"yes": 1000}}}, "intake.toml.answers.gang: not the id of a question"),
        ({"answers": {"moved": 8}}, "intake.toml.answers.moved: must be a table"),
        ({"answers": {"moved": {"perhaps": 1000}}}, "intake.toml.answers.moved.perhaps: not an answer"),
        ({"answers": {"moved": {"yes": 8}}}, "intake.toml.answers.moved: the answers must add up to 1,000 cases"),
        ({"rare": {}}, "intake.toml.rare: not a key that is known here"),
    ],
)
def test_what_does_not_fit_the_pack_is_named(raw: Raw, path: str) -> None:
    faults = Faults()

    read_intake(TomlTable("intake.toml", dict(raw), faults), INSTRUMENT, PACK.guidance)

    assert [fault[: len(path)] for fault in faults.found] == [path]
