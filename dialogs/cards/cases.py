"""The card that lists the SERAFs of a person, the most urgent first, and what leads each of them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.cards.keyboard import base_rows
from dialogs.cards.plain_page import simple_page
from dialogs.cards.show import button, with_heading
from dialogs.core.acts import Go, OpenCase
from dialogs.core.keys import Key, Rows, in_rows
from dialogs.core.page import PageKind, PagePart, SectionPart, Text, Ways
from dialogs.core.replies import Card, Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.reasons import urgency_so_far
from dialogs.result.actions import clock, lines_of
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime
from state_machines.assessment import Phase, Trigger

MOST = 8  # the maximum number of SERAFs of one person


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A SERAF in the list: its reference, the urgency of what leads (0 before anything does) and by when, and how far it is."""

    reference: str
    lead: int
    by: datetime | None
    answered: int
    is_judged: bool

    def is_late(self, now: LocalTime) -> bool:
        """Return True if what leads was due before now."""
        return self.by is not None and now.is_past(self.by)

    @property
    def check(self) -> str:
        """A short number made of the reference, so that a button never opens another SERAF that has come to its place."""
        return f"{zlib.crc32(self.reference.encode()):08x}"


def what_leads(session: Session, script: Script, *, now: LocalTime) -> tuple[int, datetime | None]:
    """Return the urgency of what leads in a session with a case, and when the first open action of its card is due, if one is."""
    if session.phase is not Phase.RESULT and session.detour.paused_in is not Phase.RESULT:
        return (int(urgency_so_far(session, script.pack)) if session.told.urgency else 0), None
    lines = lines_of(session, script, now=now)
    first = next((line for line in lines if not line.is_closed and not line.planned.deadline.from_now), None)
    lead = session.view(script.pack.instrument).advice(script.pack.guidance).leads[0].urgency
    return int(lead), first.due if first is not None else None


def in_order(cases: Sequence[ListedCase], now: LocalTime) -> tuple[ListedCase, ...]:
    """Return the SERAFs in the order of the list: what is overdue, then by urgency, then by time."""
    far = datetime.max.replace(tzinfo=now.at.tzinfo)
    return tuple(sorted(cases, key=lambda each: (not each.is_late(now), -each.lead, each.by or far, each.reference)))


def opened_by(act: OpenCase, cases: Sequence[ListedCase], *, now: LocalTime) -> str:
    """Return the reference of the SERAF that a button of the list opens, or an empty text if another one stands there now."""
    listed = in_order(cases, now)
    if not 1 <= act.place <= len(listed) or listed[act.place - 1].check != act.check:
        return ""
    return listed[act.place - 1].reference


def cases_card(
    home: Session,
    cases: Sequence[ListedCase],
    *,
    closed: Sequence[str],
    script: Script,
    now: LocalTime,
    notice: str = "",
) -> Card:
    """Return the card of the list. `home` is the session without a case; `closed` are the SERAFs that cannot be opened."""
    say, listed = script.wording.say, in_order(cases, now)
    lines = [_line(at, each, script=script, now=now) for at, each in enumerate(listed, 1)]
    wrong = [say("cases.closed", reference=each) if each else say("cases.closed-one") for each in closed]
    paragraphs = (
        *((Paragraph(notice),) if notice else ()),
        Paragraph(say("cases.title", count=len(cases), most=MOST), is_strong=True),
        *([Paragraph("\n".join(lines))] if lines else []),
        *(Paragraph(each) for each in wrong),
        *((Paragraph(say("cases.check")),) if listed else ()),
    )
    keys = _keys(home, listed, script=script, now=now)
    rows = tuple([tuple([button(key, script) for key in row]) for row in keys])
    card = with_heading(Card(home.card, paragraphs, rows), above=1 if notice else 0)
    if not script.channel.draws_pages:
        return card
    opening = tuple(each for each in card.buttons if isinstance(each.act, OpenCase))
    ways = tuple(each for each in card.buttons if not isinstance(each.act, OpenCase))
    yours: list[PagePart] = [
        part for line, each in zip(lines, opening, strict=True) for part in (Text(line), Ways((each,)))
    ]
    parts: tuple[PagePart, ...] = (
        *((SectionPart(say("leaf.your-serafs"), (*yours, Text(say("cases.check")))),) if listed else ()),
        *(Text(each) for each in wrong),
        SectionPart(say("leaf.or"), (Ways(ways),)),
    )
    plain = simple_page(card, script, notice=notice)
    page = replace(plain, shape=PageKind.CASES, title=say("leaf.titles.cases"), parts=parts)
    return replace(card, page=page)


def _line(place: int, case: ListedCase, *, script: Script, now: LocalTime) -> str:
    say = script.wording.say
    parts = [f"{place} {case.reference}"]
    parts += [say(f"cases.lead.{Urgency(case.lead).word}")] if case.lead else []
    if case.by is not None:
        parts.append(say("cases.late" if case.is_late(now) else "cases.by", by=clock(case.by, now)))
    if not case.is_judged:
        of = len(script.pack.instrument.items)
        parts.append(say("cases.unfinished", answered=case.answered, of=of))
    return " · ".join(parts)


def _keys(home: Session, listed: Sequence[ListedCase], *, script: Script, now: LocalTime) -> Rows:
    opening = [Key(OpenCase(at, each.check), text=each.reference) for at, each in enumerate(listed, 1)]
    start = Go(Trigger.START)
    rows = [
        tuple([key._replace(word="start-another") if listed and key.act == start else key for key in row])
        for row in base_rows(home, script, now=now, pages=())
    ]
    if len(listed) >= MOST:
        rows = [tuple([key for key in row if key.act != start]) for row in rows]
    return (*in_rows(opening, 2), *rows)
