"""The card on which the host of a room says who may join, frees seats, and makes links for one person each."""

from dialogs.core.keys import Key, Rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rooms import UNFINISHED, UNUSED, Counts, Door
from dialogs.rehearsal.core.stage_card import Page, StageCard, titled
from dialogs.rehearsal.together.cards import host_counts, people_line
from dialogs.rehearsal.together.keys import DOORS, FREE, TICKETS


def _words(practice: Practice, script: Script) -> Page:
    if not practice.room:
        return titled("room-over", script)
    say, seen = script.wording.say, host_counts(practice)
    count = seen.tickets.count if seen.tickets is not None else 0
    door = "accounts" if seen.door is Door.OPEN and not script.pages else seen.door
    lines = [say(f"rehearsal.seats.{door}", count=count)]
    if seen.unused:
        lines.append(say("rehearsal.seats.unused", unused=seen.unused))
    if script.pages:
        lines.append(say("rehearsal.seats.fewest"))
    makes = ("links-how",) if _makes_links(script) else ()
    how = (Paragraph(say(f"rehearsal.seats.{each}")) for each in ("free", *makes))
    title = Paragraph(say("rehearsal.seats.title"), is_strong=True)
    return (title, people_line(seen, script), Paragraph("\n".join(lines)), *how)


def _rows(practice: Practice, script: Script) -> Rows:
    if not practice.room:
        return ()
    seen = host_counts(practice)
    begun = seen.joined - seen.finished - seen.unused
    free = tuple(FREE[each] for each, count in ((UNUSED, seen.unused), (UNFINISHED, begun)) if count)
    links = TICKETS if _makes_links(script) else ()
    return tuple(row for row in (free, _doors(seen), links) if row)


def _doors(seen: Counts) -> tuple[Key, ...]:
    return tuple(DOORS[each] for each in Door if each is not seen.door and (each is not Door.LINKS or seen.tickets))


def _makes_links(script: Script) -> bool:
    """Whether there are pages in a browser that a link could lead to, and a file can be sent."""
    return bool(script.pages) and script.channel.sends_files


SEATS_CARD = StageCard(_words, _rows)
