"""A training document as a value: its content and order. The code that prints it decides the layout."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph. `is_strong` makes it stand out."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text that is quoted literally."""

    text: str


@dataclass(frozen=True, slots=True)
class Boxed:
    """A box that should be read first. Its first line stands out."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreeColumns:
    """A table of three columns. Each cell contains one or more paragraphs."""

    head: tuple[str, str, str]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Circles:
    """Lines with letters to circle: the letters with their meanings, then the lines with their numbers and texts."""

    letters: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Space for handwriting with a label."""

    label: str
    lines: int = 1


Block = Prose | Bullets | Quoted | Boxed | ThreeColumns | Circles | Blank


@dataclass(frozen=True, slots=True)
class Leaf:
    """Blocks under a title, which may be empty. `begins_page`: they start a page; `is_whole`: they share one page."""

    title: str
    blocks: tuple[Block, ...]
    begins_page: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class TrainingPaper:
    """A training document: `name` is its file name, `about` its case, and `footer` is printed on every page."""

    name: str
    title: str
    about: str
    leaves: tuple[Leaf, ...]
    footer: str
