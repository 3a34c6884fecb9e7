"""A summary as JSON in our own schema (docs/summary.schema.json): each text with its id, nothing computed again."""

import json
from dataclasses import asdict
from typing import Any

from dialogs.summary.summary import Summary

SCHEMA = "seraf-summary"
VERSION = 1
"""The version of the schema. A program that reads it must refuse a version that it does not know."""


def as_values(summary: Summary) -> dict[str, Any]:
    """The summary as plain values."""
    return {"schema": SCHEMA, "version": VERSION, **asdict(summary)}


def as_json(summary: Summary) -> bytes:
    """The summary as the bytes of a JSON document."""
    return (json.dumps(as_values(summary), ensure_ascii=False, indent=2) + "\n").encode()
