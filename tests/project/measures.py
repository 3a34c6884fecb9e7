"""Counts from the source code: lengths, files per folder, names, and parameters."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.support.places import ROOT

INNER = ("seraf", "state_machines", "dialogs")
PRODUCT = (*INNER, "bot")

SUPPORT = ("tests/fakes/", "tests/support/")
"""Folders of shared test code, which contain no tests of the product."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Trees = Mapping[str, ast.Module]


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(*folders: str) -> Trees:
    return {name_of(path): tree_of(path) for path in modules(*folders)}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def lines(paths: Iterable[Path]) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def in_folders(paths: Iterable[Path]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for path in paths:
        found[name_of(path.parent)] += 1
    return dict(found)


def with_two_meanings(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for module, name in names:
        found[name].add(module)
    return {name: sorted(places) for name, places in found.items() if len(places) > 1}


def class_names(trees: Trees) -> Iterator[tuple[str, str]]:
    for module, tree in trees.items():
        yield from ((module, node.name) for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
        yield from ((module, name) for node in tree.body if (name := _named_union(node)))


def _named_union(node: ast.stmt) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(op=ast.BitOr())) if not name.isupper():
            return name
        case _:
            return ""


def public_function_names(trees: Trees) -> Iterator[tuple[str, str]]:
    for module, tree in trees.items():
        yield from ((module, each.name) for each in tree.body if isinstance(each, Function) and each.name[0] != "_")


def positional(function: Function) -> int:
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def at_share(numbers: Sequence[int], share: float) -> int:
    return sorted(numbers)[int(share * len(numbers))]


def leaving_members_out(tree: ast.Module) -> Iterator[ast.Match]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Match) and any(_is_member(case.pattern) for case in node.cases):
            others = [case for case in node.cases if _is_any(case.pattern)]
            if any("assert_never" not in ast.unparse(case) for case in others):
                yield node


def _is_member(pattern: ast.pattern) -> bool:
    """Return True if a pattern is, or begins with, a dotted name such as `Phase.ITEMS`."""
    match pattern:
        case ast.MatchValue(value=ast.Attribute()):
            return True
        case ast.MatchOr(patterns=[first, *_]) | ast.MatchAs(pattern=ast.pattern() as first):
            return _is_member(first)
        case _:
            return False


def _is_any(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def modules_of_tests() -> list[Path]:
    return [path for path in modules("tests") if not name_of(path).startswith(SUPPORT)]


def largest_value() -> tuple[int, str]:
    """Return the largest number of fields in a dataclass of the product, and the module and name of that class."""
    counted = [
        (sum(isinstance(each, ast.AnnAssign) for each in node.body), f"{module}: {node.name}")
        for module, tree in parsed(*PRODUCT).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(each) for each in node.decorator_list)
    ]
    return max(counted)
