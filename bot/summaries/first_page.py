"""What stands on the first page of a summary on paper: what to do, the number, and what is ticked with its reasons."""

from typing import Any

from dialogs.core.wording import Wording
from dialogs.summary.summary import Summary, SummaryAction
from dialogs.summary.text import (
    action_about,
    beside_the_number,
    log_lines,
    own_words,
    points_line,
    tapped_reason,
    why_line,
)

SCALE = 24
"""The smallest scale of the bar, in points."""

MARKED = 0.05
"""The smallest share of the bar that has room for a label."""

ACTIONS = ("number", "action", "by", "done")
TICKED = ("number", "item", "reason")


def do(summary: Summary, wording: Wording) -> dict[str, Any]:
    """What leads, whole, and the other reasons by their titles; then the lines of the card, with what was done."""
    say = wording.say
    first, *others = summary.leads or (None,)
    return {
        "title": say("summary.part.do") if first else "",
        "lead": {"title": first.title, "text": first.text, "source": first.source} if first else None,
        "also": say("summary.also", titles=" ".join(each.title for each in others)) if others else "",
        "head": head(ACTIONS, wording),
        "lines": [
            _action(number_part, each, summary=summary, wording=wording)
            for number_part, each in enumerate(summary.actions, 1)
        ],
        "call": summary.contacts[0],
    }


def _action(number_part: int, action: SummaryAction, *, summary: Summary, wording: Wording) -> dict[str, Any]:
    return {
        "number": str(number_part),
        "title": action.title,
        "about": action_about(action),
        "why": why_line(action, wording),
        "by": action.by_words,
        "done": log_lines(action, summary, wording=wording),
        "open": action.state != "closed",
    }


def number_part(summary: Summary, wording: Wording) -> dict[str, Any]:
    """The number in words, with the notes that belong to it."""
    count = summary.count
    return {
        "title": wording.say("summary.part.number"),
        "words": count.words,
        "lines": count.lines,
        "beside": beside_the_number(summary),
        "mind": wording.say("result.mind"),
        "cautions": summary.cautions,
    }


def bar(summary: Summary, wording: Wording) -> dict[str, Any]:
    """The points as a bar, and the same in words."""
    say, count = wording.say, summary.count
    made = [(f"{part.title[:1]} {part.points}", part.points) for part in summary.parts]
    made += [(f"+{each.points}", each.points) for each in summary.additions]
    scale = max(SCALE, count.total)
    parts = [{"mark": mark if points / scale >= MARKED else "", "points": points} for mark, points in made]
    lines = [*(points_line(part, wording) for part in summary.parts)]
    lines += [f"{each.label}: {each.points}" for each in summary.additions if each.points]
    text = "; ".join((*lines, say("summary.total", total=count.total))) + "."
    begins = ", ".join(
        say("summary.begins", category=say("summary.band", category=band.category), lowest=band.lowest)
        for band in summary.form.bands
    )
    opened = f" {say('summary.bar-open', highest=count.highest)}" if count.highest > count.total else ""
    return {
        "scale": scale,
        "parts": parts,
        "open": min(count.highest, scale) - count.total,
        "bands": [
            {"lowest": band.lowest, "label": say("summary.band", category=band.category)} for band in summary.form.bands
        ],
        "text": text,
        "alt": say("summary.bar", parts=text, bands=begins) + opened,
    }


def ticked_part(summary: Summary, wording: Wording) -> dict[str, Any]:
    """What is ticked, each with its reason; where own words are not there yet, there is room to write them."""
    lines = [line for line in summary.lines if line.is_ticked]
    return {
        "title": wording.say("summary.part.ticked"),
        "none": wording.say("summary.ticked-none", low=summary.count.low),
        "head": head(TICKED, wording),
        "lines": [
            {
                "number": str(line.number),
                "label": line.label,
                "answer": line.answer,
                "tapped": tapped_reason(line, wording),
                "words": own_words(line, wording, text=line.note),
                "blank": not line.note,
            }
            for line in lines
        ],
    }


def head(columns: tuple[str, ...], wording: Wording) -> list[str]:
    """The heads of the columns of a table."""
    return [wording.say(f"summary.column.{each}") for each in columns]
