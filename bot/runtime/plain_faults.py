"""What is wrong with a setting, in plain words in place of the library's. What was written there is never repeated."""

from collections.abc import Mapping
from typing import Any

WORDS = {
    "int_parsing": "write a whole number",
    "bool_parsing": "write on or off",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be {expected}",
}
"""By the kind of the fault; others are said in words of ours already."""


def in_plain_words(fault: Mapping[str, Any]) -> str:
    """What has to be written instead."""
    words = WORDS.get(fault["type"])
    return words.format(**fault.get("ctx", {})) if words else str(fault["msg"]).removeprefix("Value error, ")
