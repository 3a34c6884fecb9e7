"""The picture of each package's folders, layered by imports: a folder is one floor above the highest that it imports.

No folder is listed by hand, so a new folder appears by itself. If imports form a cycle, an error names the folders.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from html import escape
from pathlib import Path

ROOT = Path(__file__).parent.parent

STOREYS = (("bot",), ("dialogs",), ("state_machines", "seraf"))
"""The packages from top to bottom. Packages of one storey do not import each other."""

PACKAGES = tuple(package for storey in STOREYS for package in storey)

WIDE, MARGIN, TITLE, ROW, BRICK = 760, 14, 34, 32, 27
"""Sizes in the picture (px): its width, the space around a package, and the heights of a title, a floor and a folder."""

TEXT, SMALL = 14.0, 12.0
"""Font sizes (px)."""

COLOURS: Mapping[str, tuple[str, str]] = {
    "bot": ("#eef3f7", "#4b7088"),
    "dialogs": ("#eef6ef", "#3f7d57"),
    "state_machines": ("#f7f2e8", "#8a6a25"),
    "seraf": ("#f4eef7", "#77538f"),
}
"""For each package its background colour, and the colour of its folders."""

WHOLE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" \
aria-labelledby="title">
<title id="title">The folders of each package by floor: each imports only from floors below its own</title>
<style>text {{ font-family: system-ui, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }}</style>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{parts}
</svg>
"""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder or module of the product: its dotted name, and the neighbours that it imports."""

    name: str
    imports: tuple[str, ...]

    @property
    def label(self) -> str:
        """The last part of its dotted name."""
        return self.name.rpartition(".")[2]


def sources(root: Path, *packages: str) -> dict[str, ast.Module]:
    """Return every module of these packages, by its dotted name. An `__init__.py` has the name of its folder."""
    found = {}
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def neighbours(parent: str, modules: Mapping[str, ast.Module]) -> tuple[Folder, ...]:
    """Return the folders and modules directly within a package, each with its neighbours there that it imports."""
    depth = parent.count(".") + 1
    inside = [name for name in modules if name.startswith(f"{parent}.")]
    names = sorted({_cut(name, depth) for name in inside})
    used: dict[str, set[str]] = {name: set() for name in names}
    for name in inside:
        used[_cut(name, depth)] |= {_cut(each, depth) for each in _imported(modules[name])} & used.keys()
    return tuple(Folder(name, tuple(sorted(used[name] - {name}))) for name in names)


def floors(folders: Iterable[Folder]) -> tuple[tuple[Folder, ...], ...]:
    """Return the folders on each floor, the highest floor first. Raise `CycleError` if imports form a cycle."""
    by_name = {folder.name: folder for folder in folders}
    order = TopologicalSorter({name: folder.imports for name, folder in by_name.items()}).static_order()
    at: dict[str, int] = {}
    for name in order:
        at[name] = 1 + max((at[each] for each in by_name[name].imports), default=0)
    return tuple(
        tuple(folder for name, folder in by_name.items() if at[name] == floor)
        for floor in range(max(at.values(), default=0), 0, -1)
    )


def floors_picture() -> str:
    """Return the picture as SVG: a storey for each package, a row for each floor, a box for each folder."""
    modules = sources(ROOT, *PACKAGES)
    parts: list[str] = []
    top = MARGIN
    for storey in STOREYS:
        wide = (WIDE - MARGIN * (len(storey) + 1)) / len(storey)
        drawn = {package: floors(neighbours(package, modules)) for package in storey}
        high = TITLE + ROW * max(map(len, drawn.values())) + MARGIN / 2
        for place, (package, rows) in enumerate(drawn.items()):
            parts += _package(package, rows, (MARGIN + place * (wide + MARGIN), top), (wide, high))
        top += int(high) + MARGIN
    return WHOLE.format(width=WIDE, height=top, parts="\n".join(parts))


def _cut(name: str, depth: int) -> str:
    return ".".join(name.split(".")[: depth + 1])


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(name), names=names):
                yield from (f"{name}.{each.name}" for each in names)


def _package(
    package: str, rows: tuple[tuple[Folder, ...], ...], at: tuple[float, float], size: tuple[float, float]
) -> Iterator[str]:
    (left, top), (wide, high), (ground, brick) = at, size, COLOURS[package]
    yield f'<rect x="{left:g}" y="{top:g}" width="{wide:g}" height="{high:g}" rx="10" fill="{ground}"/>'
    yield _text(f"{package}/", left + MARGIN, top + 23, size=TEXT + 2, fill="#111111", anchor="start", weight=700)
    for number, row in enumerate(rows):
        y = top + TITLE + number * ROW
        yield _text(str(len(rows) - number), left + MARGIN, y + 18, size=SMALL, fill="#667480", anchor="start")
        room = wide - 3 * MARGIN - 8
        broad = (room - 5 * (len(row) - 1)) / len(row)
        for place, folder in enumerate(row):
            x = left + 2 * MARGIN + 8 + place * (broad + 5)
            yield f'<rect x="{x:.1f}" y="{y:g}" width="{broad:.1f}" height="{BRICK}" rx="5" fill="{brick}"/>'
            yield _text(folder.label, x + broad / 2, y + 18, size=TEXT, fill="#ffffff", anchor="middle")


def _text(text: str, x: float, y: float, *, size: float, fill: str, anchor: str, weight: int = 400) -> str:
    place = f'x="{x:.1f}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text, quote=False)}</text>"
