"""A made-up board whose pack began as the shipped one: other names, look-back periods and bands, one more item."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from bot.runtime.packs import SHIPPED
from bot.workbench.editing import begun_from
from dialogs.core.script import Script
from seraf.pack import FILES, QUOTES, SEARCH, Pack
from seraf.reading.pack import read_pack
from tests.support.pack.toml import Raw, written
from tests.support.shipped import TELEGRAM, WORDING

BOARD = "Nowhereshire"
NAMES = {
    "front_door": "Lantern",
    "front_door_full": "the Nowhereshire Front Door",
    "duty_team": "the Night Lantern Team",
    "duty_team_short": "NLT",
    "specialist": "the Harbour service",
}
OTHERS = {"safeguarding_board": "the Nowhereshire Partnership", "safeguarding_board_short": "NSP"}
CONTACTS: dict[str, Raw] = {
    "art": {
        "value": "101",
        "when": "Mon–Fri 8–6.",
        "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "18:00"}],
    },
    "edt": {"value": "101", "when": "When {front_door} is closed."},
    "specialist": {"name": "{specialist_name}"},
}
"""The contacts that this board's safeguarding lead entered, with national numbers in place of real ones."""

OWN_ITEM: Raw = {
    "id": "V12",
    "section": "vulnerability",
    "label": "Young carer without support",
    "short": "Young carer",
    "consider": "Does the child look after somebody at home, with nobody to help?",
    "explanation": "A child who cares for others has little time for friends, and may take help from anyone who offers it.",
    "counts": ["Looks after a parent, a brother or a sister on most days", "Help was promised, and has not come"],
    "excludes": ["Chores such as most children of that age have", "A carer who has help, and somebody to talk to"],
    "ask": ["school", "preventative", "social-care", "child"],
    "why": "Help at home takes away what others offer.",
    "spoken": "caring for others alone",
    "source": "ours",
    "verified": False,
}
"""The vulnerability that the form of this board has in addition to those of the shipped board."""

LOCAL = {
    **{"PSW/CSW": "Beacon", "PSW": "Beacon", "CSW": "Beacon team", "FYPS": "Youth Quay", "SAFeh": "Compass"},
    "Single Assessment Framework": "Compass",
    **{
        "Safeguarding Coordination Unit": "Anchor Unit",
        "SCU": "AU",
        "Avon and Somerset": "Nowhere Coast",
        "BASE": "Harbour",
    },
}
"""Names that only the shipped board uses, and what this board says instead."""

OF_THE_FIRST = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, LOCAL))})(?!\w)")

FIRST_BOARD = (
    *("ART", "Access and Response", "Emergency Duty", "EDT", "South Gloucestershire", "SGSCB", "01454"),
    *LOCAL,
    "Mon–Thu 9–5",
)
"""Words of the shipped board that must not appear in the pack of this one."""

OF_ANOTHER = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, FIRST_BOARD))})(?!\w)")
"""Matches a word of the shipped board. A quotation with such a word comes from that board's guidance."""

SHIPPED_FILES = {name: (SHIPPED / name).read_bytes() for name in (*FILES, SEARCH, QUOTES)}


def files() -> dict[str, bytes]:
    return {name: written(raw) for name, raw in finished(begun_from(SHIPPED_FILES, BOARD)).items()}


def finished(begun: Mapping[str, bytes]) -> dict[str, Raw]:
    """Return the parsed files of the new pack, with the texts of this board's lead."""
    raw = {name: tomllib.loads(content.decode()) for name, content in begun.items()}
    instrument = raw["instrument.toml"]
    instrument["instrument"] |= {
        **{"edition": "first edition", "review_due": date(2027, 4, 30), "review_months": 2},
        "notes": ["This board is nowhere, and its list is nobody's form."],
    }
    del instrument["missing"]
    instrument["names"] |= {**NAMES, "others": OTHERS}
    instrument["sections"][1]["windows"], instrument["sections"][2]["windows"] = [3], [3, 8]
    for band, (edge, name) in zip(instrument["bands"][1:], ((5, "some"), (9, "high"), (14, "very high")), strict=True):
        band |= {"from": edge, "name": name}
    instrument["items"].insert(11, {**OWN_ITEM})
    for contact in raw["contacts.toml"]["contacts"]:
        contact |= CONTACTS.get(contact["id"], {})
    for deadline in raw["guidance.toml"]["deadlines"]:
        deadline |= {"months": 2} if "months" in deadline else {}
    _put_right(raw)
    return {name: each if name == QUOTES else _in_own_words(each) for name, each in raw.items()}


def _in_own_words(value: Any) -> Any:
    """Replace the shipped board's names in a value, except in `former`, the list of names that must not appear."""
    match value:
        case str():
            return OF_THE_FIRST.sub(lambda found: LOCAL[found[0]], value)
        case dict():
            return {key: each if key == "former" else _in_own_words(each) for key, each in value.items()}
        case list():
            return [_in_own_words(each) for each in value]
        case _:
            return value


def _put_right(raw: dict[str, Raw]) -> None:
    """Correct what was left of the shipped board: headings of its guidance, and a label too short for a longer name."""
    for topic in raw["guide.toml"]["topics"]:
        if "{front_door}" in topic.get("short", ""):
            topic["short"] = "After the call"
    for table in _tables({name: each for name, each in raw.items() if name != QUOTES}):
        for key in ("source", "sources"):
            if FIRST_BOARD[4] in str(table.get(key)):
                table[key] = "ours" if key == "source" else ["ours"]
        if OF_ANOTHER.search(f"{table.get('says', '')} {table.get('heading', '')}"):
            del table["says"], table["heading"]
            table.setdefault("ours", "It is how our board does it.")


def _tables(value: object) -> Iterator[Raw]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _tables(each)


@cache  # and not at the import, which every process of a run pays for
def pack() -> Pack:
    return read_pack(files())


@cache
def script() -> Script:
    return Script(pack(), WORDING, TELEGRAM)
