"""A training document as a value: what it contains, in which order. The modules that print it decide how it looks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. If `is_strong`, it stands out."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list with a bullet before each line."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words to be quoted exactly."""

    text: str


@dataclass(frozen=True, slots=True)
class Boxed:
    """A box to be read first, whose first line stands out."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreeColumns:
    """A table with three columns. Each cell is one or more paragraphs."""

    head: tuple[str, str, str]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Circles:
    """Rows with letters to circle. `letters` are the letters and their meanings, `lines` the numbers and texts of the rows."""

    letters: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """A label with space for handwriting."""

    label: str
    lines: int = 1


Block = Prose | Bullets | Quoted | Boxed | ThreeColumns | Circles | Blank


@dataclass(frozen=True, slots=True)
class Leaf:
    """Blocks under a title, which may be empty. `begins_page`: they begin on a new page. `is_whole`: no page break divides them."""

    title: str
    blocks: tuple[Block, ...]
    begins_page: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class TrainingPaper:
    """A training document. `name` is its file name, `about` its case, and `footer` is printed on every page."""

    name: str
    title: str
    about: str
    leaves: tuple[Leaf, ...]
    footer: str
