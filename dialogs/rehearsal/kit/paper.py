"""A paper as a value: its content and order. The layout is decided by the printer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph; `is_strong` makes it stand out."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words quoted literally."""

    text: str


@dataclass(frozen=True, slots=True)
class Boxed:
    """A box to be read first; its first line stands out."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreeColumns:
    """A table of three columns; each cell holds one or more paragraphs."""

    head: tuple[str, str, str]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Circles:
    """Lines with letters to circle: the meaning of each letter, then the number and text of each line."""

    letters: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Space for handwriting, under or next to its label."""

    label: str
    lines: int = 1


Block = Prose | Bullets | Quoted | Boxed | ThreeColumns | Circles | Blank


@dataclass(frozen=True, slots=True)
class Leaf:
    """Blocks under a title, which may be empty. `begins_page` starts a new page; `is_whole` keeps them on one page."""

    title: str
    blocks: tuple[Block, ...]
    begins_page: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class TrainingPaper:
    """A paper of the kit: `name` is its file name, `about` the case, `footer` is printed on every page."""

    name: str
    title: str
    about: str
    leaves: tuple[Leaf, ...]
    footer: str
