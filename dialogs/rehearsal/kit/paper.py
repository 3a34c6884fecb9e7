"""A paper as a value: what stands on it in which order. How it looks is decided where it is set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph; `is_strong` where it must not be overlooked."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short lines, one under the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is said or was written word for word."""

    text: str


@dataclass(frozen=True, slots=True)
class Boxed:
    """What has to be read first, in a box: the first line stands out."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreeColumns:
    """A table of three columns under their heads; each cell is one text or more, a paragraph each."""

    head: tuple[str, str, str]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Circles:
    """Lines on which one of a few letters is circled: what each letter means, then number and text of each line."""

    letters: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Room to write by hand, under or beside what it is for."""

    label: str
    lines: int = 1


Block = Prose | Bullets | Quoted | Boxed | ThreeColumns | Circles | Blank
"""What may stand on a paper."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Blocks under a title, which may be empty. `begins_page` puts them on a page of their own; `is_whole` keeps them on one."""

    title: str
    blocks: tuple[Block, ...]
    begins_page: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class TrainingPaper:
    """A paper of the kit: `name` is what its file is called, `about` the case, `footer` stands on every page."""

    name: str
    title: str
    about: str
    leaves: tuple[Leaf, ...]
    footer: str
