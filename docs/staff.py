"""Generates the page for staff, like `seraf-bot contacts print`, with the shipped pack's telephone numbers."""

from datetime import date

from bot.runtime.packs import SHIPPED, load_pack, load_wording
from bot.workbench.papers import staff_paper
from dialogs.rehearsal.kit.paper import Blank, Block, Boxed, Bullets
from docs.markdown import page

ABOUT = """
To print it with your own pack's numbers, and without the note at those that you have called:
`seraf-bot contacts print --to staff.pdf`. It is one side of A4. Call every number first, fill in the lines by hand, and print it
again when a number changes.
"""


def staff_page() -> str:
    """Return the page for staff. No number is marked as past its review date, since that depends on the day of reading."""
    paper = staff_paper(load_pack(SHIPPED).contacts, load_wording(), today=date.min)
    parts = ((f"## {leaf.title}",) if leaf.title else () for leaf in paper.leaves)
    blocks = (map(_block, leaf.blocks) for leaf in paper.leaves)
    written = (each for head, body in zip(parts, blocks, strict=True) for each in (*head, *body))
    return page(f"{paper.title}: {paper.about}", ABOUT, *written)


def _block(block: Block) -> str:
    match block:
        case Boxed(lines):
            return "\n".join(f"> {line}  " for line in lines).rstrip()
        case Bullets(lines):
            return "\n".join(f"- {line}" for line in lines)
        case Blank(label):
            return f"{label} ________________________________"
        case _:
            raise ValueError(f"the page for staff has a block that is not written here: {block}")
