"""Conversations of three people with the bot, in plain text: what each does, what happens meanwhile, and what each is shown.

`Sam > [More] → [Both views]` presses buttons, `Jo > /look {code}` types a command with the latest code that was shown, or words, and
`Dana >` looks at what the chat has come to show. A line with `#` is what happens meanwhile. Cards are indented.
"""

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.conversation.changes import RecordChange, giving_role, holding, letting_go, locking, removal
from bot.runtime.clock import LONDON
from dialogs.core.role import Role
from tests.support.people.visiting import REFERENCE
from tests.support.places import TESTS
from tests.support.walks.model import Sight

FOLDER = TESTS / "walks" / "three"
NAMES = ("Sam", "Dana", "Jo")
MOMENT = "%A %d %B %Y, %H:%M"
CODE = re.compile(r"^([2-9A-Z]{5} [2-9A-Z]{5})\n.* · .*$", re.MULTILINE)
SAMPLE = "K7M4X 2RTDF"
SPELT = f"{SAMPLE}\nKilo seven Mike four X-ray · two Romeo Tango Delta Foxtrot"
"""What stands in a transcript for a code, which is another one each time."""

KEYPAD = re.compile(r"(^\[\d\] .*\n)+", re.MULTILINE)
"""The rows of a keypad, whose digits are shuffled."""

ACT = re.compile(r"(Sam|Dana|Jo) >(.*)")
TIME = re.compile(r"# (\d+) (minutes|hours|days) pass\.")
ORDER = re.compile(r"# An operator (removes|locks) (Sam|Dana|Jo)\.")
ROLE = re.compile(r"# An operator makes (Sam|Dana|Jo) a (\w+)\.")
HOLD = re.compile(r"# An operator (holds|lets go of) Sam’s case\.")


class Place(Protocol):
    """Where three people use the bot, each with a chat or a page."""

    async def press(self, name: str, label: str) -> str:
        """Press a button, and return the toast."""

    async def type(self, name: str, line: str) -> None:
        """Type a command, or words."""

    async def sight(self, name: str, expected: Sight) -> Sight:
        """Return what the person is shown, once it is what is expected or for long is not."""

    async def change(self, name: str, change: RecordChange) -> None:
        """Change a person as an operator does."""

    async def later(self, time: timedelta) -> None:
        """Let time pass. Whose chat is idle opens it again."""

    def now(self) -> datetime:
        """Return the time of the place."""

    async def words(self) -> list[str]:
        """Return the kinds of the entries of the audit since the beginning, in order."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of a transcript, the lines of its head, and each act or step with what was shown after it."""

    text: str
    head: dict[str, str]
    parts: tuple[tuple[str, Sight], ...]

    @property
    def at(self) -> datetime:
        """When it begins."""
        return datetime.strptime(self.head["When"], MOMENT).replace(tzinfo=LONDON)


def transcripts() -> list[Path]:
    """Return the paths of all transcripts."""
    return sorted(FOLDER.glob("*.walk"))


def read(path: Path) -> Transcript:
    """Return the transcript in a file."""
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("\n\n")
    named = (line.partition(":") for line in re.sub(r"\n +", " ", head).split("\n"))
    parts, shown = list[tuple[str, Sight]](), list[str]()
    for line in [*rest.split("\n"), "end"]:
        if line.startswith("      "):
            shown[-1] += f" {line.strip()}"
        elif line.startswith("    "):
            shown.append(line.strip())
        elif line:
            if parts:
                parts[-1] = (parts[-1][0], tuple("\n".join(shown).strip().split("\n\n")) if shown else ())
            parts.append((line, ()))
            shown = []
        elif shown:
            shown.append("")
    return Transcript(text, {name: words.strip() for name, _, words in named}, tuple(parts[:-1]))


def written(head: dict[str, str], parts: Iterable[tuple[str, Sight]]) -> str:
    """Return the content of a transcript's file."""
    lines = [textwrap.fill(f"{name}: {text}", 100, subsequent_indent="  ") for name, text in head.items()]
    for line, sight in parts:
        lines += ["", line]
        for at, block in enumerate(sight):
            lines += [""] if at else []
            lines += [_folded(each) for each in block.split("\n")]
    return "\n".join(lines) + "\n"


def _folded(line: str) -> str:
    return textwrap.fill(f"    {line}", 100, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)


def settled(block: str) -> str:
    """Return a part of a card without what is drawn at random: a code and the order of a keypad."""
    return KEYPAD.sub("[keypad]\n", CODE.sub(SPELT, block))


async def played(transcript: Transcript, place: Place) -> str:
    """Play a transcript in a place, and return it with what was shown there."""
    parts, code = list[tuple[str, Sight]](), ""
    for line, expected in transcript.parts:
        if (act := ACT.fullmatch(line)) is None:
            await _happen(line, place)
            parts.append((line, ()))
            continue
        name, deed, toast = act[1], act[2].strip(), ""
        if deed and not deed.startswith("["):
            await place.type(name, deed.replace("{code}", code))
        elif deed:
            for label in deed.split(" → "):
                toast = await place.press(name, label.strip("[]"))
        said = (f"({toast})",) if toast else ()
        sight = (*said, *await place.sight(name, tuple(each for each in expected if each not in said)))
        found = CODE.search("\n\n".join(sight))
        code = found[1] if found else code
        parts.append((line, tuple(settled(each) for each in sight)))
    head = {**transcript.head, "Audit": " ".join(await place.words())}
    return written(head, parts)


async def _happen(line: str, place: Place) -> None:
    now = place.now()
    if line.startswith("##"):
        return
    if time := TIME.fullmatch(line):
        await place.later(timedelta(**{time[2]: int(time[1])}))
    elif order := ORDER.fullmatch(line):
        await place.change(order[2], removal(now) if order[1] == "removes" else locking(now))
    elif role := ROLE.fullmatch(line):
        await place.change(role[1], giving_role(Role(role[2]), now))
    elif hold := HOLD.fullmatch(line):
        await place.change("Sam", (holding if hold[1] == "holds" else letting_go)(REFERENCE, now))
    else:
        raise ValueError(f"nobody knows what this means: {line}")
