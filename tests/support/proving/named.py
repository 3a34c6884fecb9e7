"""Finds out which promises a test tries and which seeds it uses, from the source, without running the test."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REST = "rest"
"""Stands for a promise's name if a test is marked with `prove` but records no count of a promise."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Tries:
    """The names of the promises that a test tries, and its seeds as text."""

    promises: frozenset[str]
    seeds: str


@cache
def tries_of(path: Path) -> dict[str, Tries]:
    """Return what each test of a module tries, by the name of its function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (each for each in ast.walk(tree) if isinstance(each, Function) and each.name.startswith("test_"))
    return {each.name: Tries(frozenset(_promises(each)) or frozenset({REST}), _seeds(each)) for each in found}


def all_promises(tests: Path) -> dict[str, list[Path]]:
    """Return a mapping from promise to the test modules that try it, ordered by number. `REST` is last."""
    found: dict[str, list[Path]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        if "mark.prove" in path.read_text(encoding="utf-8") or "each_seed" in path.read_text(encoding="utf-8"):
            for name in {name for tries in tries_of(path).values() for name in tries.promises}:
                found.setdefault(name, []).append(path)
    return dict(sorted(found.items(), key=lambda each: (each[0] == REST, int(each[0][1:]) if each[0] != REST else 0)))


def _calls(within: ast.AST, name: str) -> Iterator[ast.Call]:
    for each in ast.walk(within):
        if isinstance(each, ast.Call) and name == getattr(each.func, "attr", getattr(each.func, "id", "")):
            yield each


def _promises(test: Function) -> Iterator[str]:
    for call in _calls(test, "reached"):
        if call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def _seeds(test: Function) -> str:
    if any(each.arg == "seed" for each in test.args.args):
        return "each, from 0"
    arguments = [call.args[0] if call.args else None for call in _calls(test, "Random")]
    numbers = {str(each.value) for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, int)}
    return ", ".join(sorted(numbers)) or ("each" if arguments else "–")
