"""Rules for the code that a machine can check, such as: the inner packages are pure and their values frozen."""

import ast
import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar, get_args

from bot.access.account import AnyAccount
from bot.channels.protocol import Heard
from bot.storage.values import Outcome
from dialogs.core.events import Event
from tests.project.measures import INNER, PRODUCT, modules, name_of, parsed

T = TypeVar("T")

BARRED_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
BARRED_MODULES = {"subprocess", "sys"}  # a contract in pyproject.toml bars the others
BARRED_METHODS = {"now", "utcnow", "read_text", "write_text"}
MARKS = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
CLOSED = {each.__name__ for union in (Event, Heard, Outcome, AnyAccount) for each in get_args(union)}
"""The classes of closed unions. A `match` over one of these unions must name every class."""


@cache  # and not while tests are collected, which every worker does
def described() -> frozenset[str]:
    """Return the names of methods that a protocol or an abstract class describes."""
    return frozenset({*_in_protocols(), *(name for name in dir(asyncio.Protocol) if not name.startswith("_"))})


def _in_protocols() -> Iterator[str]:
    for tree in parsed(*PRODUCT).values():
        for node in ast.walk(tree):
            bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
            if isinstance(node, ast.ClassDef) and any("Protocol" in base or base == "ABC" for base in bases):
                yield from (each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def faults(find: Callable[[ast.Module], Iterable[T]], *folders: str) -> dict[str, list[T]]:
    found = {module: list(find(tree)) for module, tree in parsed(*folders).items()}
    return {module: each for module, each in found.items() if each}


def impurities(tree: ast.Module) -> Iterator[str]:
    """Yield each impurity of a module: reading a clock, a file or random numbers, printing, logging or waiting."""
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


def strangers(tree: ast.Module) -> Iterator[str]:
    """Yield the imported libraries that are neither in the standard library nor an inner package."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = [each.name for each in names]
            case ast.ImportFrom(module=str(name)):
                found = [name]
            case _:
                continue
        tops = (each.partition(".")[0] for each in found)
        yield from (top for top in tops if top not in sys.stdlib_module_names and top not in INNER)


def unfrozen(tree: ast.Module) -> Iterator[str]:
    """Yield the dataclasses that are not frozen, or that have no slots although they cache no property."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            keeps = any(
                "cached_property" in map(ast.unparse, getattr(part, "decorator_list", ())) for part in node.body
            )
            wanted = "dataclass(frozen=True)" if keeps else "dataclass(frozen=True, slots=True)"
            for decorator in map(ast.unparse, node.decorator_list):
                if decorator.startswith("dataclass") and decorator != wanted:
                    yield node.name


def passed_over(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Match) and any(map(_is_of_closed, node.cases)):
            last = node.cases[-1]
            is_reached = not ast.unparse(last.body[0]).startswith("assert_never(")
            if ast.unparse(last.pattern) == "_" and is_reached:
                yield ast.unparse(node.subject)


def _is_of_closed(case: ast.match_case) -> bool:
    found = (each for each in ast.walk(case.pattern) if isinstance(each, ast.MatchClass))
    return any(isinstance(each.cls, ast.Name) and each.cls.id in CLOSED for each in found)


def broad_handlers(tree: ast.Module) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(tree):
        match node:
            case ast.ExceptHandler(body=[*_, ast.Raise()]):
                continue
            case ast.ExceptHandler(type=None | ast.Name(id="Exception" | "BaseException")):
                yield node


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Yield each public module, class, function or method without a docstring, unless a protocol documents it."""
    if not ast.get_docstring(tree):
        yield "the module"
    inner = {id(each) for outer in _outermost(tree) for each in ast.walk(outer) if each is not outer}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            inner |= {id(each) for each in node.body if getattr(each, "name", "") in described()}
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            is_public = not node.name.startswith(("_", "test_")) and id(node) not in inner
            if is_public and not ast.get_docstring(node):
                yield node.name


def _outermost(node: ast.AST) -> Iterator[ast.AST]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield each
        else:
            yield from _outermost(each)


def test_the_inner_packages_are_pure() -> None:
    assert faults(impurities, *INNER) == {}


def test_the_inner_packages_import_only_the_standard_library() -> None:
    """There are two exceptions: `state_machines` may import `transitions`, and the search two libraries of words."""
    others = faults(strangers, "seraf", "dialogs")
    assert {each for found in others.values() for each in found} == {"rapidfuzz", "snowballstemmer"}
    assert {name.rpartition("/")[0] for name in others} == {"seraf/search"}
    assert {each for found in faults(strangers, "state_machines").values() for each in found} == {"transitions"}


def test_every_dataclass_of_the_inner_packages_is_frozen_and_slotted() -> None:
    assert faults(unfrozen, *INNER) == {}


def test_every_module_class_and_function_has_a_docstring() -> None:
    assert faults(undocumented, *PRODUCT, "docs", "bench") == {}


def test_a_new_event_or_outcome_is_passed_over_nowhere() -> None:
    """Without a default, mypy names every such `match` when a member is added to the union."""
    assert faults(passed_over, *PRODUCT) == {}


def test_nothing_is_left_undone() -> None:
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in modules(*PRODUCT, "tests", "docs", "bench")}

    assert [name for name, text in texts.items() if any(mark in text for mark in MARKS)] == []


def test_everything_is_caught_in_at_most_one_place() -> None:
    """The one broad `except` is in the store: it rolls a failed turn back."""
    found = faults(broad_handlers, *PRODUCT)

    assert sum(map(len, found.values())) <= 1, found


def test_barred_code_is_found_at_its_place() -> None:
    impure = "import sys\nfrom subprocess import run\nopen('x')\ndatetime.now()\ndate.today()\nasync def f(): await g()"

    assert sorted(impurities(ast.parse(impure))) == ["await", "await", "now", "open", "subprocess", "sys", "today"]
    assert list(strangers(ast.parse("import re, attrs.x\nfrom rich import box\nfrom seraf.form import rules"))) == [
        "attrs",
        "rich",
    ]
    assert list(unfrozen(ast.parse("@dataclass(frozen=True)\nclass Loose: pass"))) == ["Loose"]
    assert list(undocumented(ast.parse("class A:\n    def f(self): ...\n    def _g(self): ..."))) == [
        "the module",
        "A",
        "f",
    ]
    assert list(
        passed_over(
            ast.parse(
                "match event:\n    case Began() | Typed(): ...\n    case _: ...\n"
                "match outcome:\n    case Done(): ...\n    case _: assert_never(outcome)\n"
                "match name:\n    case 'explain': ...\n    case _: ..."
            )
        )
    ) == ["event"]
    assert len(list(broad_handlers(ast.parse("try: f()\nexcept Exception: raise\nexcept: pass")))) == 1
