"""A card about sharing a case, without its token, and the line that says which case it is about."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogs.cards.plain_page import simple_page
from dialogs.cards.show import button, landmarked
from dialogs.core.acts import Share, ShareDeed, code_of
from dialogs.core.keys import CALL, URGENT, Key, Rows
from dialogs.core.page import Field, PageKind, Ways
from dialogs.core.replies import Card, Paragraph, closed_up
from dialogs.core.script import Script
from dialogs.notes.noting import LONGEST
from dialogs.result.actions import by_words, clock
from seraf.advice.action_plan import Urgency
from seraf.advice.contacts import LocalTime

LEAVE = Key(Share(ShareDeed.CLOSE), "back")
LATER = Key(Share(ShareDeed.CLOSE), "share-later")
NUMBERS = (CALL, URGENT)


@dataclass(frozen=True, slots=True)
class SharedCase:
    """What somebody who is only asked may know of a case: its reference, and what leads it by when (None if nothing leads yet)."""

    reference: str
    lead: Urgency | None = None
    by: datetime | None = None

    def line(self, script: Script, now: LocalTime) -> str:
        """Return the line that names the case, such as “BRISK OTTER 41 · talk by 15:40”."""
        say = script.wording.say
        if self.lead is None:
            return say("share.unfinished", reference=self.reference)
        lead = say(f"share.lead.{self.lead.word}")
        if self.by is None:
            return say("share.case", reference=self.reference, lead=lead)
        is_late = self.by < now.at
        by = say("share.was-due", time=clock(self.by, now)) if is_late else by_words(self.by, now, script=script)
        return say("share.case-by", reference=self.reference, lead=lead, by=by)


@dataclass(frozen=True, slots=True)
class SharingCard:
    """A card about sharing a case. `asks_for` is the command whose argument can be typed while it is shown, if any.

    If it has a `draft`, text typed while it is shown is sent with a second person's view; on a page the field has that name.
    """

    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    rows: Rows = field(repr=False)
    kind: PageKind = PageKind.REQUEST
    reference: str = ""
    asks_for: str = ""
    draft: str = ""

    def card(self, token: int, script: Script, *, notice: str = "") -> Card:
        """Return the card with this token, and with `notice` at its top unless that is empty."""
        above = (Paragraph(notice),) if notice else ()
        rows = tuple(tuple(button(key, script) for key in row) for row in self.rows if row)
        said = (*above, *self.paragraphs)
        if notice and not script.channel.draws_pages:
            said = closed_up(said, len(rows))
        said = landmarked(said, script, above=len(above))
        card = Card(token, said, rows, takes_words=bool(self.draft), asks_for=self.asks_for)
        if not script.channel.draws_pages:
            return card
        page = simple_page(card, script, notice=notice, reference=self.reference)
        if self.draft:
            say = script.wording.say
            hint = say("leaf.note-hint", most=LONGEST)
            field = Field(
                "typed", say("share.words.label"), say("share.words.send"), hint, most=LONGEST, draft=self.draft
            )
            texts = tuple(part for part in page.parts if not isinstance(part, Ways))
            page = replace(page, parts=(*texts, field, *page.parts[len(texts) :]))
        return replace(card, page=replace(page, shape=self.kind, title=script.wording.say("leaf.titles.share")))

    def offers(self, code: str) -> bool:
        """Return True if a button of the card has this code."""
        return any(code_of(key.act) == code for row in self.rows for key in row)


def card_about(
    place: str, title: str, *, texts: Iterable[str], rows: Rows, kind: PageKind = PageKind.REQUEST, reference: str = ""
) -> SharingCard:
    """Return a card with the line of a case above its title, and texts below it. Without a case, `place` is empty."""
    above = (Paragraph(place),) if place else ()
    said = (*above, Paragraph(title, is_strong=True), *(Paragraph(text) for text in texts if text))
    return SharingCard(said, rows, kind, reference)
