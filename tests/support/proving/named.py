"""Which promises a test tries, and its seeds, read from the source without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REST = "rest"
"""What stands for a promise's name at tests that are marked for proving and name none."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Tries:
    """The promises that one test tries, by name, and its seeds."""

    promises: frozenset[str]
    seeds: str


@cache
def tries_of(path: Path) -> dict[str, Tries]:
    """Return every test of a module, by function name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (each for each in ast.walk(tree) if isinstance(each, Function) and each.name.startswith("test_"))
    return {each.name: Tries(frozenset(_promises(each)) or frozenset({REST}), _seeds(each)) for each in found}


def all_promises(tests: Path) -> dict[str, list[Path]]:
    """Return a mapping from each promise (docs/promises.md) to the modules that test it, by number; `REST` is last."""
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
