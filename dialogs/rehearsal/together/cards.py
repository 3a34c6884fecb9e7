"""The cards and buttons of rooms and pairs. A host sees only counts."""

from collections.abc import Mapping
from dataclasses import replace

from dialogs.cards.plain_page import parts_of
from dialogs.core import keys
from dialogs.core.acts import Rehearse
from dialogs.core.keys import Key, Paragraphs
from dialogs.core.page import (
    Listed,
    PageKind,
    PagePart,
    SectionPart,
    TallyPart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.core.replies import ROOM, Paragraph, paged
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice, case_of
from dialogs.rehearsal.core.rooms import COUNTS, MOST, UNFINISHED, UNUSED, Beside, Counts, Door, Ended, NotOpen, spoken
from dialogs.rehearsal.core.stage_card import (
    BACK,
    REPORT,
    StageCard,
    about_case,
    case_page,
    led,
    stage_question,
    titled,
    turning,
    ways_to,
)
from dialogs.rehearsal.kit.papers import HANDOUT, KEY, NOTE, PLANS, SHEET
from dialogs.rehearsal.together.pair_cards import differences_page, pair_pages
from dialogs.rehearsal.together.room_report import Report, ReportRow, cell_words, report, row_text
from dialogs.rehearsal.together.stages_in_rooms import next_stage_row, stage_counts, stage_line
from seraf.rehearsal.agreement import Compared
from state_machines.rehearsal import Stage, Together, Turn

QR, LINKS, MAP, PAPER, RESULTS = "room-qr", "room-links", "room-map", "room-paper", "room-results"
"""What a host can request besides `PAPERS`: the QR code, personal links, the heat map, the report, the table of answers."""

PAPERS = Key(Rehearse(Turn.PAPERS), "papers")
END = Key(Rehearse(Turn.END), "end-room")
SCREEN = Key(Rehearse(Turn.SCREEN), "room-screen")
SEATS = Key(Rehearse(Turn.SEATS), "room-seats")
FREE = {seats: Key(Rehearse(Turn.FREE, seats), f"free-{seats}") for seats in (UNUSED, UNFINISHED)}
DOORS = {door: Key(Rehearse(Turn.DOOR, door), f"door-{door}") for door in Door}
TICKETS = tuple(Key(Rehearse(Turn.TICKETS, str(count)), "make-links", number=str(count)) for count in COUNTS)
COMPARE = Key(Rehearse(Turn.COMPARE), "differences")
JOIN = {Together.ROOM: Key(Rehearse(Turn.AGREE), "join-room"), Together.PAIR: Key(Rehearse(Turn.AGREE), "agree-pair")}
RELEASE = Key(Rehearse(Turn.RELEASE), "release-key")
OPEN = {Together.ROOM: Key(Rehearse(Turn.HOST), "open-room"), Together.PAIR: JOIN[Together.PAIR]}


def _fetching(kind: str) -> Key:
    return Key(Rehearse(Turn.DRAW, kind), f"fetch-{kind}")


def link_to(practice: Practice, script: Script) -> str:
    """Return the link that opens the bot in the messenger and joins the room or pair."""
    return f"{script.link}{practice.membership.room}"


def room_page(practice: Practice, script: Script) -> str:
    """Return the link that joins the room in any browser, or an empty text for a pair or without web pages."""
    is_page = script.pages and practice.together is Together.ROOM
    return f"{script.pages}/room/{practice.membership.room}" if is_page else ""


def room_report(practice: Practice, script: Script) -> Report | None:
    """Return the report of the room that this person hosted and closed, or None if there is no such room."""
    if not isinstance(practice.membership.seen, Ended):
        return None
    return report(case_of(practice, script.pack), practice.membership.seen, pack=script.pack, wording=script.wording)


def room_pages(practice: Practice, script: Script) -> tuple[Paragraphs, ...]:
    """Return the report of a closed room, divided into pages, without the line that is at the top of every card."""
    told = room_report(practice, script)
    assert told is not None, "a closed room was worked out when it was closed"
    parts = (
        *((name, [row_text(row, script.wording) for row in rows]) for name, rows in told.parts),
        ("numbers", [f"{figure.title}\n{figure.words}".strip() for figure in told.plain_figures]),
        ("closing", ["\n".join(told.closing)]),
    )
    paragraphs: list[Paragraph] = []
    for name, texts in parts:
        if texts:
            paragraphs.append(Paragraph(script.wording.say(f"rehearsal-report.part.{name}"), is_strong=True))
            paragraphs += map(Paragraph, texts)
    opening = "\n".join((told.finished, *told.notes))
    lead = map(Paragraph, (*told.lead, *stage_counts(practice, script), opening, _goes(told, script)))
    return paged((Paragraph(told.vignette, is_strong=True), *lead, *paragraphs), room=ROOM - 2)


def _goes(told: Report, script: Script) -> str:
    return script.wording.say(f"rehearsal.room-report.{'goes' if told.figures else 'opens'}")


def _room_report_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the report of a closed room as one page, with the agreed answers, for its host alone."""
    told, say = room_report(practice, script), script.wording.say
    assert told is not None, "a closed room was worked out when it was closed"
    figures = tuple(
        part for each in told.plain_figures for part in (Text(each.title, TextLook.STRONG), Text(each.words))
    )
    sections: tuple[tuple[str, tuple[PagePart, ...]], ...] = (
        *((name, tuple(_row_section(row, script) for row in rows)) for name, rows in told.parts),
        ("numbers", figures),
        ("closing", (Listed(told.closing),)),
    )
    opens = Text(say("rehearsal.room-report.closed"), TextLook.STRONG) if practice.is_held else None
    parts: tuple[PagePart, ...] = (
        *((opens,) if opens else ()),
        *map(Text, (*told.lead, *stage_counts(practice, script), told.finished, *told.notes, _goes(told, script))),
        *ways_to(plain, Turn.RELEASE, Turn.DRAW, Turn.PAPERS, Turn.LEAVE, is_main=practice.is_held),
        *(SectionPart(say(f"rehearsal-report.part.{name}"), inner) for name, inner in sections if inner),
    )
    return replace(plain, shape=PageKind.ROOM, caption=say("leaf.group"), heading=told.vignette, parts=parts)


def _row_section(row: ReportRow, script: Script) -> SectionPart:
    reading, cells = row.reading, tuple(cell_words(cell, script.wording) for cell in row.cells)
    counts = (Listed(cells),) if cells else ()
    texts = (row.label, row.words, reading.key, reading.cites, reading.other, row.prompt)
    looks = {reading.cites: TextLook.READ, row.label: TextLook.HINT}
    return SectionPart(row.title, (*counts, *(Text(each, looks.get(each, TextLook.PLAIN)) for each in texts if each)))


def _room_words(practice: Practice, script: Script) -> Paragraphs:
    """Return the room's code and how many people have joined, finished and answered each item, but none of their answers."""
    if not practice.membership.room:
        return titled("room-over", script)
    say, instrument, seen = script.wording.say, script.pack.instrument, host_counts(practice)
    title = say("rehearsal.room.title", title=case_of(practice, script.pack).title)
    page = [Paragraph(title, is_strong=True), _code(practice, script)]
    link = screen_link(practice, script)
    page += (Paragraph(say("rehearsal.room.screen", link=link)),) if link else ()
    page += (_people_line(seen, script), *map(Paragraph, stage_line(practice, script)))
    if seen.joined:
        lines, answered = [say("rehearsal.room.items")], dict(seen.answered)
        for section in instrument.sections:
            items = (
                say("rehearsal.room.item", number=instrument.number(item.id), people=answered.get(item.id, 0))
                for item in instrument.items
                if item.section == section
            )
            lines.append(say("rehearsal.room.section", section=section.title, items=" ".join(items)))
        page.append(Paragraph("\n".join(lines)))
    else:
        page.append(Paragraph(say("rehearsal.room.nobody")))
    return (*page, Paragraph(say("rehearsal.room.numbers")))


def _room_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the console of an open room: how to join, how many are in, and how many have answered each item."""
    if not practice.membership.room:
        return plain
    say, seen, instrument = script.wording.say, host_counts(practice), script.pack.instrument
    code = (Text(spoken(practice.membership.room), TextLook.CODE),) if seen.door is Door.OPEN else ()
    link = screen_link(practice, script)
    screen = (Text(say("rehearsal.room.screen", link=link)),) if link else ()
    answered, tallies = dict(seen.answered), []
    for section in instrument.sections:
        counts = [
            (str(instrument.number(item.id)), answered.get(item.id, 0)) for item in instrument.of_section(section.id)
        ]
        tallies.append(TallyPart(section.title, tuple(counts)))
    parts: tuple[PagePart, ...] = (
        Text(_people_line(seen, script).text, TextLook.STRONG),
        *map(Text, stage_line(practice, script)),
        *ways_to(plain, Turn.GO_ON, is_main=True),
        Text(say("leaf.trainer"), TextLook.HINT),
        SectionPart(
            say("leaf.join"),
            (*code, *parts_of(_code(practice, script)), *ways_to(plain, Turn.DRAW, Turn.SEATS)),
        ),
        SectionPart(say("leaf.screen"), (*screen, *ways_to(plain, Turn.SCREEN, is_main=not link))),
        SectionPart(say("leaf.answered"), tuple(tallies) if seen.joined else (Text(say("rehearsal.room.nobody")),)),
        *ways_to(plain, Turn.PAPERS, Turn.END),
        Text(say("rehearsal.room.numbers"), TextLook.HINT),
    )
    heading = case_of(practice, script.pack).title
    return replace(plain, shape=PageKind.ROOM, caption=say("leaf.your-room"), heading=heading, parts=parts)


def screen_link(practice: Practice, script: Script) -> str:
    """Return the link that opens the host's screen once, or an empty text if there is none."""
    screen = host_counts(practice).screen
    return f"{script.pages}/screen/{practice.membership.room}/{screen}" if script.pages and screen else ""


def _closing_words(practice: Practice, script: Script) -> Paragraphs:
    """Return the question whether to close the room, with a warning if too few people have finished for results."""
    if not practice.membership.room:
        return titled("room-over", script)
    title, *text = titled("closing", script)
    say, seen = script.wording.say, host_counts(practice)
    few = say("rehearsal.closing.few", fewest=say(f"in-words.{seen.fewest}"))
    return (title, _people_line(seen, script), *((Paragraph(few),) if seen.finished < seen.fewest else ()), *text)


def host_counts(practice: Practice) -> Counts:
    """Return the counts that the host of an open room sees, or empty ones if there is no open room."""
    return practice.membership.seen if isinstance(practice.membership.seen, Counts) else Counts()


def _people_line(seen: Counts, script: Script) -> Paragraph:
    most = MOST[Together.ROOM]
    text = script.wording.say("rehearsal.room.people", joined=seen.joined, most=most, finished=seen.finished)
    return Paragraph(text, is_strong=True)


def _waiting_words(practice: Practice, script: Script) -> Paragraphs:
    """Return the code of a pair for the other person, or the text that both have agreed or that the pair is over."""
    seen = practice.membership.seen
    if not practice.membership.room or (isinstance(seen, Beside) and seen.has_left):
        return titled("pair-over", script)
    title = Paragraph(case_of(practice, script.pack).title, is_strong=True)
    if isinstance(seen, Beside) and seen.is_here:
        return (title, *titled("both-agreed", script))
    return (title, _code(practice, script), *titled("waiting", script))


def _code(practice: Practice, script: Script) -> Paragraph:
    seen = practice.membership.seen
    if isinstance(seen, Counts) and seen.door is not Door.OPEN:
        return Paragraph(script.wording.say(f"rehearsal.room.{seen.door}", code=spoken(practice.membership.room)))
    page, code, link = room_page(practice, script), spoken(practice.membership.room), link_to(practice, script)
    if page:
        return Paragraph(script.wording.say("rehearsal.room.code-or-page", page=page, code=code, link=link))
    return Paragraph(script.wording.say("rehearsal.room.code", code=code, link=link))


def _waiting_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page with the code of the pair in large letters, as long as somebody has to put it in."""
    seen, room = practice.membership.seen, practice.membership.room
    is_awaited = room and not (isinstance(seen, Beside) and (seen.is_here or seen.has_left))
    code = (Text(spoken(room), TextLook.CODE),) if is_awaited else ()
    return replace(plain, parts=(*code, *led(plain).parts))


def _on_page(pages: tuple[Paragraphs, ...], practice: Practice, *, script: Script) -> Paragraphs:
    page = min(practice.page, len(pages))
    head = script.wording.say(f"rehearsal.{practice.stage}.head", page=page, pages=len(pages))
    held = f" · {script.wording.say('rehearsal.room-report.closed')}" if practice.is_held else ""
    return (Paragraph(f"{head}{held}"), *pages[page - 1])


def _asking_words(practice: Practice, script: Script) -> Paragraphs:
    """Return what the case is about and which answers others will see, before the person opens or joins a room or pair."""
    asking = "joining" if practice.stage is Stage.JOINING else "opening"
    consent = script.wording.say(f"rehearsal.{asking}.{practice.together or Together.ROOM}")
    return about_case(practice, script, how=tuple(map(Paragraph, consent.split("\n\n"))))


def _opening_rows(practice: Practice, script: Script) -> keys.Rows:
    """Return the button that opens the room or pair, and for a room also the one to the training documents."""
    papers = ((PAPERS,),) if practice.together is Together.ROOM and script.channel.sends_files else ()
    return ((OPEN[practice.together], BACK), *papers) if practice.together else ()


def _leaving_words(practice: Practice, script: Script) -> Paragraphs:
    """Return the question whether to leave, which says what would be lost."""
    if practice.is_host and isinstance(practice.membership.seen, Ended):
        lost = "comparison"
    elif practice.is_host and practice.membership.room:
        lost = "room"
    elif practice.is_bound:
        lost = "pair"
    else:
        lost = "text" if practice.result.first_call is None else "finished"
    title, *_ = titled(practice.stage, script)
    return (title, Paragraph(script.wording.say(f"rehearsal.leaving.{lost}")))


def _room_rows(practice: Practice, script: Script) -> keys.Rows:
    if not practice.membership.room:
        return ()
    papers = (_fetching(QR), PAPERS) if host_counts(practice).door is Door.OPEN else (PAPERS,)
    rows = (papers,) if script.channel.sends_files else ()
    return (*next_stage_row(practice, script), *rows, (SCREEN, SEATS) if script.pages else (SEATS,))


def _report_rows(practice: Practice, script: Script) -> keys.Rows:
    shown = (_fetching(MAP), _fetching(PAPER)) if _has_results(practice) else ()
    papers = ((*shown, PAPERS),) if script.channel.sends_files else ()
    turns = turning(practice.page, len(room_pages(practice, script)))
    return (*((turns,) if turns else ()), *papers, (RELEASE,))


def _papers_rows(practice: Practice, _script: Script) -> keys.Rows:
    plans = tuple(Key(Rehearse(Turn.DRAW, kind), "fetch-plan", number=str(length)) for length, kind in PLANS.items())
    results = ((_fetching(RESULTS),),) if _has_results(practice) else ()
    return ((_fetching(HANDOUT), _fetching(SHEET)), plans, (_fetching(KEY), _fetching(NOTE)), *results)


def _has_results(practice: Practice) -> bool:
    """Return True if the room is closed and enough people finished, so that there are results."""
    return isinstance(practice.membership.seen, Ended) and isinstance(practice.membership.seen.outcome, Compared)


def _seats_words(practice: Practice, script: Script) -> Paragraphs:
    """Return who can join, how many seats are unused, and how the host can free seats and make personal links."""
    if not practice.membership.room:
        return titled("room-over", script)
    say = script.wording.say
    how = ("free", "links-how") if _makes_links(script) else ("free",)
    title = Paragraph(say("rehearsal.seats.title"), is_strong=True)
    texts = ("\n".join(_seats_lines(practice, script)), *(say(f"rehearsal.seats.{name}") for name in how))
    return (title, _people_line(host_counts(practice), script), *map(Paragraph, texts))


def _seats_lines(practice: Practice, script: Script) -> list[str]:
    """Return who can join, how many seats are unused, and how many have to finish."""
    say, seen = script.wording.say, host_counts(practice)
    count = seen.tickets.count if seen.tickets is not None else 0
    door = "accounts" if seen.door is Door.OPEN and not script.pages else seen.door
    lines = [say(f"rehearsal.seats.{door}", count=count)]
    if seen.unused:
        lines.append(say("rehearsal.seats.unused", unused=seen.unused))
    if script.pages:
        lines.append(say("rehearsal.seats.fewest"))
    return lines


def _seats_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    if not practice.membership.room:
        return plain
    say, links = script.wording.say, ways_to(plain, Turn.TICKETS)
    parts: tuple[PagePart, ...] = (
        Text(_people_line(host_counts(practice), script).text, TextLook.STRONG),
        *map(Text, _seats_lines(practice, script)),
        *ways_to(plain, Turn.DOOR),
        SectionPart(say("leaf.seats"), (Text(say("rehearsal.seats.free")), *ways_to(plain, Turn.FREE))),
        *((SectionPart(say("leaf.links"), (Text(say("rehearsal.seats.links-how")), *links)),) if links else ()),
    )
    return replace(plain, shape=PageKind.ROOM, parts=parts)


def _papers_page(practice: Practice, script: Script, plain: WholePage) -> WholePage:
    """Return the page of the papers, each kind below what it is for."""
    drawn = ways_to(plain, Turn.DRAW)[0].buttons
    group, alone, results = (
        Ways(tuple(each for each in drawn if isinstance(each.act, Rehearse) and each.act.about in kinds))
        for kinds in ((HANDOUT, SHEET), (KEY, NOTE, *PLANS.values()), (RESULTS,))
    )
    _, for_group, for_you = titled(practice.stage, script)
    say = script.wording.say
    parts: tuple[PagePart, ...] = (
        SectionPart(say("leaf.for-group"), (Text(for_group.text), group)),
        SectionPart(say("leaf.for-you"), (Text(for_you.text), alone, *((results,) if results.buttons else ()))),
    )
    case = case_of(practice, script.pack).title
    return replace(plain, shape=PageKind.ROOM, caption=case, heading=say("rehearsal.papers.title"), parts=parts)


def _seats_rows(practice: Practice, script: Script) -> keys.Rows:
    if not practice.membership.room:
        return ()
    seen = host_counts(practice)
    begun = seen.joined - seen.finished - seen.unused
    free = tuple(FREE[seats] for seats, count in ((UNUSED, seen.unused), (UNFINISHED, begun)) if count)
    others = (door for door in Door if door is not seen.door and (door is not Door.LINKS or seen.tickets))
    doors = tuple(DOORS[door] for door in others)
    links = TICKETS if _makes_links(script) else ()
    return tuple(row for row in (free, doors, links) if row)


def _makes_links(script: Script) -> bool:
    """Return True if the host can make personal links: there are web pages, and the channel can send files."""
    return bool(script.pages) and script.channel.sends_files


OPENING_CARD = StageCard(_asking_words, _opening_rows, case_page)
CLOSE = (Key(Rehearse(Turn.CLOSE), "close-room"), Key(Rehearse(Turn.GO_ON), "keep-open"))
CARDS: Mapping[Stage, StageCard] = {
    Stage.JOINING: StageCard(
        _asking_words,
        lambda practice, _script: ((JOIN[practice.together],),) if practice.together else (),
        case_page,
    ),
    Stage.LEAVING: StageCard(
        _leaving_words,
        lambda _practice, _script: ((Key(Rehearse(Turn.GO_ON), "keep-rehearsing"),),),
        lambda _practice, _script, plain: stage_question(plain),
    ),
    Stage.WAITING: StageCard(
        _waiting_words,
        lambda practice, _script: ((Key(Rehearse(Turn.TELL), "to-story"),),) if practice.membership.room else (),
        _waiting_page,
    ),
    Stage.ROOM: StageCard(_room_words, _room_rows, _room_page),
    Stage.SEATS: StageCard(_seats_words, _seats_rows, _seats_page),
    Stage.CLOSING: StageCard(
        _closing_words,
        lambda practice, _script: (CLOSE,) if practice.membership.room else (),
        lambda practice, _script, plain: stage_question(plain) if practice.membership.room else plain,
    ),
    Stage.ROOM_REPORT: StageCard(
        lambda practice, script: _on_page(room_pages(practice, script), practice, script=script),
        _report_rows,
        _room_report_page,
    ),
    Stage.PAPERS: StageCard(
        lambda practice, script: (
            Paragraph(case_of(practice, script.pack).title, is_strong=True),
            *titled(practice.stage, script),
        ),
        _papers_rows,
        _papers_page,
    ),
    Stage.DIFFERENCES: StageCard(
        lambda practice, script: _on_page(pair_pages(practice, script), practice, script=script),
        lambda practice, script: ((*turning(practice.page, len(pair_pages(practice, script))), BACK),),
        differences_page,
    ),
    Stage.HELD: StageCard(
        lambda practice, script: titled(
            "not-open" if isinstance(practice.membership.seen, NotOpen) else "held", script
        ),
        lambda _practice, _script: ((REPORT, BACK),),
    ),
}
"""The card of each stage of rooms and pairs. Where a case has just been chosen for one, `OPENING_CARD` is shown instead."""
