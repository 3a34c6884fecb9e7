"""The papers of the trainer's kit (A4, PDF/UA-1), all in one look: what each says comes as a value."""

from typing import Any, assert_never

from bot.pictures.setting import pdf
from dialogs.core.script import Wording
from dialogs.rehearsal.kit.paper import (
    Blank,
    Block,
    Boxed,
    Bullets,
    Circles,
    Leaf,
    Prose,
    Quoted,
    ThreeColumns,
    TrainingPaper,
)


def as_training_paper(paper: TrainingPaper, wording: Wording) -> bytes:
    """Return the paper as the bytes of a PDF; the same paper gives the same bytes."""
    told = {
        "title": paper.title,
        "about": paper.about,
        "leaves": [_leaf(leaf) for leaf in paper.leaves],
        "footer": paper.footer,
        "page": wording.say("rehearsal-report.page", page="{page}", pages="{pages}"),
    }
    return pdf("training_paper.typ", told)


def _leaf(leaf: Leaf) -> dict[str, Any]:
    blocks = [_block(each) for each in leaf.blocks]
    return {"title": leaf.title, "blocks": blocks, "begins": leaf.begins_page, "whole": leaf.is_whole}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Prose(text, is_strong):
            return {"kind": "prose", "text": text, "strong": is_strong}
        case Bullets(lines):
            return {"kind": "bullets", "lines": lines}
        case Quoted(text):
            return {"kind": "quoted", "text": text}
        case Boxed(lines):
            return {"kind": "boxed", "lines": lines}
        case ThreeColumns(head, rows):
            return {"kind": "columns", "head": head, "rows": rows}
        case Circles(letters, lines):
            return {"kind": "circles", "letters": letters, "lines": lines}
        case Blank(label, lines):
            return {"kind": "blank", "label": label, "lines": lines}
    assert_never(block)
