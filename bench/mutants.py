"""Change calls between modules in `bot/` and `dialogs/`, and see whether the tests notice: `python -m bench.mutants`.

A call counts if it is in a function and goes to a function or method of another module of the product: by an imported
name, or on a value whose class is known from annotations. Left out are calls that create a value of a class
(dataclasses, paragraphs, errors), calls to `bot.watch` (metrics) and `bot.runtime.logs`, calls in f-strings and
assertions, and all calls to other libraries, such as `isinstance`.

A call that is a statement is removed. A condition is negated. Any other result is replaced by the empty value of its
type, or by an argument of the same class. An optional keyword argument is dropped, or a boolean one negated. One change
is tried for each call that is drawn.
"""

import ast
import inspect
import json
import os
import re
import signal
import subprocess
import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import cache_from_source
from itertools import accumulate, count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from coverage import CoverageData
from rich.console import Console

from tests.project.measures import PRODUCT, Function, modules, name_of
from tests.support.places import ROOT

TOP = ast.Module | ast.ClassDef

FOLDERS, NOT_ASKED = ("bot", "dialogs"), ("bot.watch", "bot.runtime.logs")

GOAL, FIRST, TESTS, LONG, SECONDS = 0.85, 30, 300, 5, 120
"""Limits of a run.

They are the share of changes that the tests must notice; how many tests run first for each change, and how many at
most; the duration from which a test runs last (s); and the time limit for a run of tests (s). Thirty tests first are
not enough: of the first eleven changes that they missed, other tests noticed four.
"""

REACHED = ROOT / "build" / "reached"
"""The folder that records which tests reach which lines: the lines that each test reaches (`lines`), the commit and the
seconds that each test takes (`tests.json`), and the last output of pytest (`run.txt`).
"""

SETTINGS = "[run]\nsource = bot, dialogs\nrelative_files = true\nconcurrency = thread\n"
"""The settings of coverage for that record. Branches are left out, since they would take many times the space."""

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")

EMPTY = (str, bytes, int, list, dict, set, frozenset)

EQUIVALENT: dict[tuple[str, str], str] = {}
"""The changes that no test can notice, by file and beginning of the description, with the reason. None is drawn."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of a module: its file and line, a description, and the text of the module with the change."""

    file: str
    line: int
    change: str
    text: bytes


@cache
def hints(thing: object) -> dict[str, Any]:
    """Return the annotations of a function or class. Empty if some of their names exist only for type checkers."""
    with suppress(NameError, TypeError, AttributeError):
        return get_type_hints(thing)
    return {}


def class_in(hint: object) -> Any:
    """Return the one class that an annotation names besides None. Return None if it does not name exactly one."""
    found = [each for each in (get_args(hint) if isinstance(hint, UnionType) else (hint,)) if each is not type(None)]
    return found[0] if len(found) == 1 and isinstance(found[0], type) else None


class Scope:
    """The names that a function can use: the objects that they refer to, and the classes of its variables."""

    def __init__(self, module: Any, function: ast.AST, owner: type | None) -> None:
        self.names, self.held = dict(vars(module)), {"self": owner, "cls": owner}
        nodes = (each for each in ast.walk(function) if isinstance(each, ast.stmt | ast.expr | ast.arg))
        for node in sorted(nodes, key=lambda each: (not isinstance(each, ast.arg), each.lineno)):
            match node:
                case ast.ImportFrom(module=str(home)):
                    self.names.update({each.name: getattr(import_module(home), each.name) for each in node.names})
                case ast.arg(name, annotation) | ast.AnnAssign(ast.Name(name), annotation) if annotation:
                    with suppress(NameError, TypeError, AttributeError):
                        self.held[name] = class_in(eval(ast.unparse(annotation), self.names))
                case ast.Assign([ast.Name(name)], value) | ast.NamedExpr(ast.Name(name), value):
                    self.held.setdefault(name, self.class_of(value))

    def called(self, call: ast.Call) -> Any:
        """Return the function or class that is called, or None if it cannot be determined."""
        found: Any = None
        match call.func:
            case ast.Name(name) if name not in self.held:
                found = self.names.get(name)
            case ast.Attribute(ast.Name(home), name) if home not in self.held:
                found = getattr(self.names.get(home), name, None)
            case ast.Attribute(value, name):
                found = getattr(self.class_of(value), name, None)
        return inspect.unwrap(getattr(found, "__func__", found)) if callable(found) else None

    def class_of(self, node: ast.AST) -> Any:
        """Return the class of an expression, or None if it cannot be determined."""
        match node:
            case ast.Name(name):
                return self.held.get(name)
            case ast.Await(value):
                return self.class_of(value)
            case ast.Attribute(value, name) if owner := self.class_of(value):
                made = hints(owner.__init__).get(name.lstrip("_"))
                read = getattr(inspect.getattr_static(owner, name, None), "fget", None)
                return class_in(hints(read).get("return") if read else hints(owner).get(name, made))
            case ast.Call() if found := self.called(node):
                return found if isinstance(found, type) else class_in(hints(found).get("return"))
        return None


def changes(call: ast.Call, parents: dict[ast.AST, ast.AST], scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    """Yield the possible changes of a call: the expression to replace, and its replacement."""
    function, parent = scope.called(call), parents[call]
    whole = parent if isinstance(parent, ast.Await) else call
    hint, place = hints(function).get("return"), parents[whole]
    kind: Any = get_origin(hint) or hint
    if isinstance(place, ast.Expr):
        yield whole, "pass"
    elif hint is bool or whole in (getattr(place, "test", None), *getattr(place, "ifs", ())):
        yield whole, f"(not {ast.unparse(whole)})"
    elif isinstance(hint, UnionType) and type(None) in get_args(hint):
        yield whole, "None"
    elif get_args(hint)[1:] == (...,) or kind in EMPTY:
        yield whole, f"{kind.__name__}()"
    result, given = scope.class_of(call), (getattr(call.func, "value", call.func), *call.args)
    if result and result not in (*EMPTY, bool) and not isinstance(place, ast.Expr):
        yield from ((whole, f"({ast.unparse(each)})") for each in given if scope.class_of(each) is result)
    for word in call.keywords:
        known = inspect.signature(function).parameters.get(word.arg or "")
        if known and known.default is not known.empty:
            left = [each for each in call.keywords if each is not word]
            yield call, ast.unparse(ast.Call(call.func, call.args, left))
        if known and hints(function).get(known.name) is bool:
            yield word.value, f"(not {ast.unparse(word.value)})"


def calls(module: Any, file: str, text: bytes) -> Iterator[list[Mutant]]:
    """Yield, for each call in a module to another module of the product, a list of its possible changes."""
    tree, starts = ast.parse(text), [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    apart = {each for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Assert) for each in ast.walk(node)}
    tops = [each for each in parents if isinstance(each, Function) and isinstance(parents[each], TOP)]
    for function in tops:
        scope = Scope(module, function, vars(module).get(getattr(parents[function], "name", "")))
        for call in (each for line in function.body for each in ast.walk(line) if isinstance(each, ast.Call)):
            target, found = scope.called(call), list[Mutant]()
            home = target.__module__ if inspect.isfunction(target) and call not in apart else ""
            if home.split(".")[0] not in PRODUCT or home == module.__name__ or home.startswith(NOT_ASKED):
                continue
            for old, new in changes(call, parents, scope):
                first = starts[old.lineno - 1] + old.col_offset
                last = starts[(old.end_lineno or 0) - 1] + (old.end_col_offset or 0)
                change = " ".join(f"{text[first:last].decode()} → {new}".split())
                if not any(each == file and change.startswith(start) for each, start in EQUIVALENT):
                    found.append(Mutant(file, old.lineno, change, text[:first] + new.encode() + text[last:]))
            yield found


def drawn(folders: Sequence[str], *, count: int, seed: int) -> list[Mutant]:
    """Draw `count` calls at random, with a seed, from the modules in these folders. Return one change of each call."""
    found: list[list[Mutant]] = []
    for path in modules(*FOLDERS):
        if (file := name_of(path)).startswith(tuple(folders or FOLDERS)):
            module = import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
            found += filter(None, calls(module, file, path.read_bytes()))
    random = Random(seed)
    return [random.choice(each) for each in random.sample(found, min(count, len(found)))]


def passes(copy: Path, *words: str, seconds: float | None = None) -> bool:
    """Return True if pytest succeeds in this copy of the project within `seconds`. End all processes that it began."""
    environment = os.environ | {"PYTHONPATH": str(copy), "COVERAGE_FILE": str(REACHED / "lines")}
    with (REACHED / "run.txt").open("w") as out:
        it = subprocess.Popen((*PYTEST, *words), cwd=copy, env=environment, stdout=out, stderr=out, process_group=0)
        with suppress(subprocess.TimeoutExpired):
            it.wait(seconds)
        status = it.poll()
        with suppress(ProcessLookupError):
            os.killpg(it.pid, signal.SIGKILL)
    return status == 0


def make_map(copy: Path, tests: Sequence[str]) -> None:
    """Record which lines each test reaches and how long it takes. If `tests` are named, add only those to the record."""
    settings, times = REACHED / "settings.ini", REACHED / "tests.json"
    settings.write_text(SETTINGS, encoding="utf-8")
    words = ("-n4", "--dist=worksteal", "--cov", "--cov-context=test", "--cov-report=", "--durations=0")
    passes(copy, *words, f"--cov-config={settings}", *(("--cov-append", *tests) if tests else ()))
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=copy, text=True).strip()
    known: dict[str, Any] = {"commit": commit, "seconds": {}}
    if tests and times.exists():
        known = json.loads(times.read_text(encoding="utf-8"))
    printed = (REACHED / "run.txt").read_text(encoding="utf-8")
    took = {test: float(seconds) for seconds, test in re.findall(r"(?m)^([\d.]+)s call +(\S.*)$", printed)}
    # A test that fails without any change is never run, since it cannot tell whether a change is noticed.
    took |= dict.fromkeys(re.findall(r"(?m)^(?:FAILED|ERROR) (.+?)(?: - .*)?$", printed), float(SECONDS))
    times.write_text(json.dumps({**known, "seconds": {**known["seconds"], **took}}), encoding="utf-8")


def tests_of(mutant: Mutant, reached: CoverageData, seconds: Mapping[str, float]) -> list[str]:
    """Return the tests to run for a change, nearest and quickest first: one case of each test, then the other cases.

    Tests of unknown duration are left out. If only separate processes reach the line, the tests that reach another line
    of the module are returned.
    """
    lines = reached.contexts_by_lineno(mutant.file)
    named = {line: {each.partition("|")[0] for each in contexts} - {""} for line, contexts in lines.items()}
    home, cases, ranked = f"tests/{mutant.file}".split("/"), defaultdict[str, Iterator[int]](count), []
    for test in sorted(named.get(mutant.line) or set().union(*named.values())):
        took, case = seconds.get(test, float(SECONDS)), next(cases[test.partition("[")[0]])
        near = sum(a == b for a, b in zip(home, test.split("/"), strict=False))
        ranked.append((took > LONG, case, -near, took, test))
    ranked.sort()
    total = accumulate(took for *_, took, _ in ranked)
    return [test for (*_, test), until in zip(ranked, total, strict=True) if until < SECONDS / 4][:TESTS]


def is_noticed(mutant: Mutant, copy: Path, tests: Sequence[str]) -> bool:
    """Return True if, with the change, one of these tests fails or does not end in time."""
    path = copy / mutant.file
    text, compiled = path.read_bytes(), Path(cache_from_source(str(path)))
    path.write_bytes(mutant.text)
    compiled.unlink(missing_ok=True)  # Python does not see a change of the same length within the same second.
    parts = [each for each in (tests[:FIRST], tests[FIRST:]) if each]
    is_failing = any(not passes(copy, "-x", *each, seconds=SECONDS) for each in parts)
    path.write_bytes(text)
    compiled.unlink(missing_ok=True)
    return is_failing


def main() -> int:
    """Print each change that no test notices, and the share of noticed changes. Return 1 if it is below `GOAL`."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", help="only calls in these, such as bot/access")
    parser.add_argument("--count", type=int, default=100, help="how many calls")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--map", nargs="*", metavar="TESTS", help="first find what all tests reach, or these besides")
    asked, console, missed = parser.parse_args(), Console(highlight=False, markup=False, soft_wrap=True), 0
    REACHED.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", ROOT, copy := Path(folder)], check=True)
        if asked.map is not None or not (REACHED / "tests.json").exists():
            make_map(copy, asked.map or ())
        known = json.loads((REACHED / "tests.json").read_text(encoding="utf-8"))
        if subprocess.run(["git", "diff", "--quiet", known["commit"], "--", *FOLDERS], cwd=ROOT).returncode:
            sys.exit("What is tested has changed since it was found which test reaches it. Give --map and no tests.")
        there = subprocess.check_output((*PYTEST, "--collect-only"), cwd=copy, text=True).splitlines()
        seconds = {test: known["seconds"].get(test, 0) for test in there}
        reached = CoverageData(str(REACHED / "lines"))
        reached.read()
        mutants = drawn(asked.folders, count=asked.count, seed=asked.seed)
        for number, mutant in enumerate(mutants, 1):
            tests = tests_of(mutant, reached, seconds)
            if not is_noticed(mutant, copy, tests):
                missed += 1
                console.print(f"{number}. {mutant.file}:{mutant.line}: {mutant.change} ({len(tests)} tests)")
    share = 1 - missed / len(mutants)
    console.print(f"Noticed: {len(mutants) - missed} of {len(mutants)}, {share:.0%}; the goal is {GOAL:.0%}.")
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
