"""What is remembered of a question that can change afterwards: it is compared by value, or nothing is remembered of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.project.measures import modules, name_of, tree_of

MEMORIES = ("remembered", "prepared")

BY_VALUE = "CHANGEABLE"
"""What a memory names that copies mappings, and compares them by value."""

CHANGING = {"Facts", "Mapping", "dict", "list", "set", "MutableMapping"}
"""Types of what somebody else may change in place."""


def asked_of(function: ast.FunctionDef) -> set[str]:
    """The names of all types of what it is asked about, however they are written."""
    arguments = function.args
    notes = [each.annotation for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return {word for each in notes if each for word in re.findall(r"\w+", ast.unparse(each))}


def memory_of(function: ast.FunctionDef) -> ast.expr | None:
    """What remembers the answers of a function; None where nothing does."""
    for each in function.decorator_list:
        called = each.func if isinstance(each, ast.Call) else each
        if isinstance(called, ast.Name) and called.id in MEMORIES:
            return each
    return None


def remembering(path: Path) -> Iterator[tuple[ast.FunctionDef, ast.expr]]:
    """The functions of a module with a memory, and that memory."""
    for each in ast.walk(tree_of(path)):
        if isinstance(each, ast.FunctionDef) and (memory := memory_of(each)) is not None:
            yield each, memory


def trusting(path: Path) -> list[str]:
    """The functions that would take what was changed since for what it was."""
    return [
        each.name
        for each, memory in remembering(path)
        if asked_of(each) & CHANGING and BY_VALUE not in ast.dump(memory)
    ]


def test_what_can_be_changed_in_place_is_compared_by_value() -> None:
    """Else a case that was changed would be given the answer of before, with the same object in its hand."""
    every = [each for path in modules("seraf", "dialogs", "bot") for each in remembering(path)]

    assert len(every) > 20
    assert {name_of(path): found for path in modules("seraf", "dialogs", "bot") if (found := trusting(path))} == {}


def test_a_memory_that_trusts_a_mapping_is_found(tmp_path: Path) -> None:
    """One that names no mappings, or is for packs alone; one that compares them by value is not, nor one that is asked of none."""
    module = tmp_path / "module.py"
    module.write_text(
        "@remembered()\ndef first(facts: Facts) -> int: ...\n"
        "@prepared\ndef second(*, of: Mapping[str, int]) -> int: ...\n"
        "@remembered(*CHANGEABLE)\ndef third(facts: Facts) -> int: ...\n"
        "@remembered(tuple)\ndef fourth(case: Case, every: tuple[Case, ...]) -> int: ...\n"
        "def fifth(facts: Facts) -> int: ...\n"
        "@remembered()\ndef sixth(facts: 'Facts') -> int: ...\n"
        "@remembered()\ndef seventh(facts: typing.Mapping | None) -> int: ...\n",
        encoding="utf-8",
    )

    assert trusting(module) == ["first", "second", "sixth", "seventh"]
