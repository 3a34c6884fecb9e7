"""The rules of the house that a machine can check: the inner packages are pure, frozen and small, and nothing is left undone."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

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


@cache
def read(path: Path) -> str:
    """A module's text, read once."""
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """A module's tree, parsed once."""
    return ast.parse(read(path))


def found(check: Callable[[ast.Module], Iterable[object]], *rooms: str) -> dict[str, list[object]]:
    """What a check finds in the modules of these rooms, by the module, where it finds anything."""
    faults = {name_of(path): list(check(parsed(path))) for path in modules(*rooms)}
    return {name: wrong for name, wrong in faults.items() if wrong}


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


def too_long(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions that do not fit a hand: more than 30 lines."""
    for each in functions(tree):
        length = (each.end_lineno or 0) - each.lineno + 1
        if length > 30:
            yield each.name, length


def unsaid(tree: ast.Module) -> Iterator[str]:
    """What is public and has no docstring; a function within another is nobody else's."""
    if not ast.get_docstring(tree):
        yield "the module"
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                if not name.startswith("_") and not ast.get_docstring(node):
                    yield name
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def test_the_inner_packages_are_pure() -> None:
    """No clock, file, lot, log, print or wait in what decides and what is said."""
    assert found(impurities, *INNER) == {}


def test_every_dataclass_of_the_inner_packages_is_frozen_and_slotted() -> None:
    """A value never changes under somebody's hands."""
    assert found(unfrozen, *INNER) == {}


def test_a_module_fits_a_screen_or_two_and_a_function_fits_a_hand() -> None:
    """At most 200 lines a module and 30 a function."""
    long = {name_of(path): len(read(path).splitlines()) for path in modules(*PRODUCT)}

    assert {name: lines for name, lines in long.items() if lines > 200} == {}
    assert found(too_long, *PRODUCT) == {}


def test_every_module_class_function_and_test_says_what_it_is_for() -> None:
    """A docstring on everything public, tests too."""
    assert found(unsaid, *PRODUCT, "tests") == {}


def test_nothing_is_left_undone() -> None:
    """No mark of it in the product or in a test."""
    marked = {name_of(path): [mark for mark in MARKS if mark in read(path)] for path in modules(*PRODUCT, "tests")}

    assert {name: marks for name, marks in marked.items() if marks} == {}


def test_everything_is_caught_in_at_most_one_place() -> None:
    """One broad except in the whole product: the store's turn, which undoes what failed and goes on."""
    trees = {name_of(path): parsed(path) for path in modules(*PRODUCT)}
    broad = [name for name, tree in trees.items() for _ in broad_handlers(tree)]

    assert len(broad) <= 1, broad


def test_what_is_barred_is_found_where_it_is() -> None:
    """The checks themselves can fail."""
    impure = "import random\nfrom time import sleep\nopen('x')\ndatetime.now()\ndate.today()\nasync def f(): await g()"

    assert sorted(impurities(ast.parse(impure))) == ["await", "await", "now", "open", "random", "time", "today"]
    assert list(unfrozen(ast.parse("@dataclass(frozen=True)\nclass Loose: pass"))) == ["Loose"]
    assert len(list(broad_handlers(ast.parse("try: f()\nexcept Exception: raise\nexcept: pass")))) == 1
    assert list(too_long(ast.parse("def tall():\n" + "    pass\n" * 30))) == [("tall", 31)]
    assert sorted(
        unsaid(ast.parse("class Mute:\n    def f(self):\n        def own(): pass\n    def _g(self): pass"))
    ) == [
        "Mute",
        "f",
        "the module",
    ]
