"""The rules of the house that a machine can check: the inner packages are pure, frozen and small, and nothing is left undone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT

INNER = ("seraf", "state_machines", "dialogs")
PRODUCT = (*INNER, "bot")
BARRED_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
BARRED_MODULES = {
    "random",
    "time",
    "logging",
    "os",
    "io",
    "pathlib",
    "asyncio",
    "socket",
    "secrets",
    "subprocess",
    "sys",
}
BARRED_METHODS = {"now", "utcnow", "read_text", "write_text"}
MARKS = ("TO" + "DO", "FIX" + "ME", "XX" + "X")


def modules(*rooms: str) -> list[Path]:
    """Every module of these rooms."""
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    """A module's path from the root, to name it in a test."""
    return str(path.relative_to(ROOT))


def impurities(tree: ast.Module) -> Iterator[str]:
    """What a pure module must not do: read a clock, a file or lots, print, log or wait."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in BARRED_CALLS:
                yield name
            case ast.Call(func=ast.Attribute(attr=name)) if name in BARRED_METHODS:
                yield name
            case ast.Attribute(value=ast.Name(id="date" | "datetime"), attr="today"):
                yield "today"
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name.partition(".")[0] in BARRED_MODULES)
            case ast.ImportFrom(module=str(name)) if name.partition(".")[0] in BARRED_MODULES:
                yield name
            case ast.Await() | ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith():
                yield "await"


def unfrozen(tree: ast.Module) -> Iterator[str]:
    """Dataclasses that are not frozen or have no slots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                if ast.unparse(decorator).startswith("dataclass") and (
                    ast.unparse(decorator) != "dataclass(frozen=True, slots=True)"
                ):
                    yield node.name


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def broad_handlers(tree: ast.Module) -> Iterator[ast.ExceptHandler]:
    """Every handler that keeps whatever it caught: one that tidies up and raises it again keeps nothing."""
    for node in ast.walk(tree):
        match node:
            case ast.ExceptHandler(body=[*_, ast.Raise()]):
                continue
            case ast.ExceptHandler(type=None | ast.Name(id="Exception" | "BaseException")):
                yield node


@pytest.mark.parametrize("path", modules(*INNER), ids=name_of)
def test_the_inner_packages_are_pure(path: Path) -> None:
    """No clock, file, lot, log, print or wait in what decides and what is said."""
    assert list(impurities(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", modules(*INNER), ids=name_of)
def test_every_dataclass_of_the_inner_packages_is_frozen_and_slotted(path: Path) -> None:
    """A value never changes under somebody's hands."""
    assert list(unfrozen(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", modules(*PRODUCT), ids=name_of)
def test_a_module_fits_a_screen_or_two_and_a_function_fits_a_hand(path: Path) -> None:
    """At most 300 lines a module and 30 a function."""
    text = path.read_text(encoding="utf-8")
    lengths = {each.name: (each.end_lineno or 0) - each.lineno + 1 for each in functions(ast.parse(text))}

    assert len(text.splitlines()) <= 300
    assert {name: length for name, length in lengths.items() if length > 30} == {}


@pytest.mark.parametrize("path", modules(*PRODUCT, "tests"), ids=name_of)
def test_every_module_class_function_and_test_says_what_it_is_for(path: Path) -> None:
    """A docstring on everything public, tests too, and none is left undone."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    bare = [
        node.name
        for node in [*functions(tree), *(each for each in ast.walk(tree) if isinstance(each, ast.ClassDef))]
        if not node.name.startswith("_") and not ast.get_docstring(node) and not is_nested(node, tree)
    ]

    assert bare == []
    assert ast.get_docstring(tree)
    assert [mark for mark in MARKS if mark in text] == []


def is_nested(node: ast.stmt, tree: ast.Module) -> bool:
    """Whether a function stands within another, where it is nobody else's."""
    return any(node in ast.walk(outer) and node is not outer for outer in functions(tree))


def test_everything_is_caught_in_at_most_one_place() -> None:
    """One broad except in the whole product: the store's turn, which undoes what failed and goes on."""
    trees = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in modules(*PRODUCT)}
    broad = [name for name, tree in trees.items() for _ in broad_handlers(tree)]

    assert len(broad) <= 1, broad


def test_what_is_barred_is_found_where_it_is() -> None:
    """The checks themselves can fail."""
    impure = "import random\nfrom time import sleep\nopen('x')\ndatetime.now()\ndate.today()\nasync def f(): await g()"

    assert sorted(impurities(ast.parse(impure))) == ["await", "await", "now", "open", "random", "time", "today"]
    assert list(unfrozen(ast.parse("@dataclass(frozen=True)\nclass Loose: pass"))) == ["Loose"]
    assert len(list(broad_handlers(ast.parse("try: f()\nexcept Exception: raise\nexcept: pass")))) == 1
