"""Every part of the contract is tried over both stores: each in a module of its own name that calls all that it promises."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol, get_type_hints

import pytest

from bot.storage.store import Store

HERE = Path(__file__).with_name("contract")
TRIED = {path.stem.removeprefix("test_"): path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py")}


class Letters(Protocol):
    """A part that nobody tries."""

    async def send(self) -> None:
        """Send."""

    async def burn(self) -> None:
        """Burn."""


class Wider(Protocol):
    """A store with that part, and with a method that nobody tries."""

    @property
    def letters(self) -> Letters:
        """The part."""
        ...

    async def shred(self) -> None:
        """Shred."""


def promised(contract: type) -> Mapping[str, set[str]]:
    """What each part promises, by its name; under "" what the store itself does."""
    public = {name: member for name, member in vars(contract).items() if not name.startswith("_")}
    parts = {
        name: get_type_hints(member.fget)["return"] for name, member in public.items() if isinstance(member, property)
    }
    return {"": public.keys() - parts.keys()} | {
        name: {method for method in vars(part) if not method.startswith("_")} for name, part in parts.items()
    }


def calls(source: str) -> Iterator[tuple[str, ...]]:
    """What is called on a store, by functions that are given one of each kind: ("audit", "append"), ("show",)."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef) and is_given_a_store(function):
            for node in ast.walk(function):
                match node:
                    case ast.Attribute(value=ast.Name(id="store"), attr=method):
                        yield (method,)
                    case ast.Attribute(value=ast.Attribute(value=ast.Name(id="store"), attr=part), attr=method):
                        yield part, method


def is_given_a_store(function: ast.AsyncFunctionDef | ast.FunctionDef) -> bool:
    """Whether the fixture with one store of each kind is a parameter."""
    return any(each.arg == "store" and ast.unparse(each.annotation or each) == "Store" for each in function.args.args)


def untried(contract: type, tests: Mapping[str, str]) -> list[str]:
    """What the contract promises and no test in the right place calls."""
    missing = []
    for part, methods in promised(contract).items():
        sources = tests.values() if not part else [tests.get(part, "")]
        found = {each for source in sources for each in calls(source)}
        missing += [
            f"{part}.{name}".lstrip(".") for name in methods if ((part, name) if part else (name,)) not in found
        ]
    return sorted(missing)


def test_everything_that_a_store_promises_is_tried() -> None:
    """A part without a module of its own, or a method that is called nowhere, is named here."""
    assert untried(Store, TRIED) == []


def test_a_part_that_is_not_tried_is_found() -> None:
    """Without a module, with one that calls another method, and with one that calls a store of one kind alone."""
    some = "async def test_it(store: Store) -> None:\n    await store.letters.send()\n"

    assert untried(Wider, {}) == ["letters.burn", "letters.send", "shred"]
    assert untried(Wider, {"letters": some}) == ["letters.burn", "shred"]
    assert untried(Wider, {"letters": some.replace("store: Store", "store: SqliteStore")}) == untried(Wider, {})
    assert untried(Wider, {"audit": some}) == untried(Wider, {})


@pytest.mark.parametrize("part", [part for part in promised(Store) if part])
def test_a_part_without_its_module_is_found(part: str) -> None:
    """Whichever it is."""
    without = {name: text for name, text in TRIED.items() if name != part}

    assert [each for each in untried(Store, without) if each.startswith(f"{part}.")] != []
