"""The storing of rehearsals with others: rooms and pairs, the passes of guests, and screens."""

import hmac
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.storage.passes import TRAINER, Pass, PassDecision, PassView
from bot.storage.values import Decision, Shared, SharedEnded
from dialogs.core.acts import Rehearse, code_of
from dialogs.core.events import Occasion, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import (
    NOT_REHEARSING,
    Practice,
    awaits_trainer,
    case_of,
    decode_practice,
    encode_practice,
)
from dialogs.rehearsal.core.rooms import Room, decode_room, encode_room
from dialogs.rehearsal.guest.console import choosing, trainer_pressed
from dialogs.rehearsal.guest.seat import Coming, before_joining, guest_card, seat_pressed, seated
from dialogs.rehearsal.guest.slides import Screen, screen_of
from dialogs.rehearsal.together.room_turn import followed
from dialogs.rehearsal.turn.alone import RehearsalTurn, still_rehearsable
from seraf.advice.contacts import LocalTime
from state_machines.rehearsal import Stage, Together, Turn

LASTS = timedelta(days=1)  # how long a room or a pair is open at most
NO_ROOM = Toast("no-room")


def room_in(shared: Shared | None) -> Room | None:
    """Return the room that this stored row has, or None if there is no row or a newer release wrote it."""
    return None if shared is None else decode_room(shared.text)


def follows(practice: Practice) -> bool:
    """Return True if the person's card depends on their room: they are its host, or one of a pair."""
    return bool(practice.membership.room) and (practice.is_host or practice.together is Together.PAIR)


def sharing(decision: Decision, turned: RehearsalTurn, *, before: Shared | None, occasion: Occasion) -> Decision:
    """Return the decision. A write is added that stores the room that the turn changed, or deletes the one that it ended."""
    if turned.room is None:
        return replace(decision, writes=(*decision.writes, SharedEnded(turned.ends))) if turned.ends else decision
    person = decision.record.person
    others = tuple(other for other in (before.people if before else ()) if other != person)
    people = (*others, person) if follows(turned.practice) else others
    until = before.until if before else occasion.now.at.astimezone(UTC) + LASTS
    changed = Shared(turned.room.code, encode_room(turned.room), until, people)
    return replace(decision, writes=(*decision.writes, changed))


def practice_in(guest_pass: Pass | None) -> Practice:
    """Return the rehearsal in a guest's pass, or `NOT_REHEARSING` if there is no pass."""
    return NOT_REHEARSING if guest_pass is None else decode_practice(guest_pass.text, guest_pass.card)


@dataclass(frozen=True, slots=True)
class TakingASeat:
    """The decision about a visitor who joins a room. It is called with their pass and the room, and returns None if they have a seat."""

    name: str = field(repr=False)
    occasion: Occasion
    script: Script
    ticket: str = field(default="", repr=False)

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        room, practice = room_in(shared), practice_in(before)
        if before is not None and (before.host or practice.is_under_way):
            return None
        if shared is None or room is None:
            return PassDecision(before, (NO_ROOM,))
        turned = seated(room, Coming(self.occasion, self.ticket, practice), script=self.script)
        return _guest_decision(turned, before or Pass(self.name, shared.name, shared.until))


@dataclass(frozen=True, slots=True)
class Pressing:
    """The decision about a button that a guest pressed. It is called with their pass and the room, and returns None without a pass."""

    event: Pressed
    script: Script
    room: str = field(repr=False)

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        if before is None or before.host or before.room != self.room:
            return None
        practice, room = practice_in(before), room_in(shared)
        turned = seat_pressed(practice, self.event, script=self.script, card=before.card, room=room)
        return _guest_decision(turned, before)


def _guest_decision(turned: RehearsalTurn, before: Pass) -> PassDecision:
    """Return the changed pass and room, and the toasts. A guest who left before their answers counted loses the pass."""
    practice = turned.practice
    card, text = max(turned.card, before.card), encode_practice(practice)
    is_kept = practice.is_under_way or bool(practice.history.counted_in)
    after = Pass(before.name, before.room, before.until, card, text) if is_kept else None
    return PassDecision(after, _toasts(turned), "" if turned.room is None else encode_room(turned.room))


def _toasts(turned: RehearsalTurn) -> tuple[Toast, ...]:
    return tuple(effect for effect in turned.effects if isinstance(effect, Toast))


def is_seated(guest_pass: Pass | None) -> bool:
    """Return True if the pass is that of a guest who has a seat, or who goes on alone because the room has ended."""
    return guest_pass is not None and not guest_pass.host and practice_in(guest_pass).is_under_way


def awaited_code(guest_pass: Pass, script: Script) -> str:
    """Return the act code of the button by which a guest who waits goes on, or an empty text if they do not wait.

    They wait until the agreed answers are released for everybody, or until the trainer opens the next stage.
    """
    practice = still_rehearsable(practice_in(guest_pass), script.pack)
    if guest_pass.host or practice.stage not in (Stage.HELD, Stage.STORY):
        return ""
    if practice.stage is Stage.HELD:
        return code_of(Rehearse(Turn.REPORT))
    pages = len(case_of(practice, script.pack).parts)
    is_read = practice.page == pages and awaits_trainer(practice, script.pack)
    return code_of(Rehearse(Turn.PAGE, str(pages + 1))) if is_read else ""


def goes_on(guest_pass: Pass, shared: Shared | None, script: Script) -> bool:
    """Return True if a guest who waits has nothing to wait for any more, given their room as it is now."""
    practice, room = practice_in(guest_pass), room_in(shared)
    if room is None or practice.stage is not Stage.STORY:
        return shared is None
    return not awaits_trainer(followed(practice, room, pack=script.pack), script.pack)


def card_of(guest_pass: Pass, script: Script, *, now: LocalTime) -> Card | None:
    """Return a guest's card, or None if they have left or the pass is that of a screen."""
    if guest_pass.host:
        return None
    return guest_card(practice_in(guest_pass), script, now=now, card=guest_pass.card)


def card_before_joining(
    guest_pass: Pass | None, shared: Shared | None, script: Script, *, occasion: Occasion, ticket: str
) -> tuple[Card | None, tuple[Toast, ...]]:
    """Return the card that a visitor sees before they join. If they cannot join, return None, and toasts that say why."""
    room = room_in(shared)
    if room is None:
        return None, (NO_ROOM,)
    turned = before_joining(room, Coming(occasion, ticket, practice_in(guest_pass)), script=script)
    return guest_card(turned.practice, script, now=occasion.now, card=turned.card), _toasts(turned)


@dataclass(frozen=True, slots=True)
class OpeningAScreen:
    """The decision that gives whoever has the link to a room's screen a pass, once. For any other link, it returns None."""

    name: str = field(repr=False)
    token: str = field(repr=False)

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        room = room_in(shared)
        if before is not None or shared is None or room is None or len(shared.people) != 1:
            return None
        if not room.screen or not hmac.compare_digest(room.screen.encode(), self.token.encode()):
            return None
        screen_pass = Pass(self.name, shared.name, shared.until, host=shared.people[0])
        return PassDecision(screen_pass, (), encode_room(replace(room, screen="")))


@dataclass(frozen=True, slots=True)
class Admitting:
    """The decision that makes the pass of a trainer without an account, whose console is at the list of cases.

    With a `case` of the pack, its room is open from the beginning.
    """

    name: str = field(repr=False)
    occasion: Occasion
    script: Script
    case: str = ""

    def __call__(self, before: Pass | None, _shared: Shared | None) -> PassDecision | None:
        if before is not None:
            return None
        until = self.occasion.now.at.astimezone(UTC) + LASTS
        turned = choosing(self.occasion, self.script, case=self.case)
        return _trainer_decision(turned, Pass(self.name, "", until, host=TRAINER), self.occasion)


LINK = "link"  # the host in the pass that stands for the link to a console


@dataclass(frozen=True, slots=True)
class Linking:
    """The decision that makes the link to a console, which can be opened for a day. `case` is as for `Admitting`."""

    name: str = field(repr=False)
    now: datetime
    case: str = ""

    def __call__(self, before: Pass | None, _shared: Shared | None) -> PassDecision | None:
        if before is not None:
            return None
        return PassDecision(Pass(self.name, "", self.now + LASTS, text=self.case, host=LINK))


@dataclass(frozen=True, slots=True)
class OpeningALink:
    """The decision that notes which form opened the link to a console: the first. A repeat of it finds its own nonce there."""

    nonce: str = field(repr=False)

    def __call__(self, before: Pass | None, _shared: Shared | None) -> PassDecision | None:
        if before is None or before.host != LINK or "\n" in before.text:
            return None
        return PassDecision(replace(before, text=f"{before.text}\n{self.nonce}"))


def opened_with(link: Pass | None, nonce: str) -> str | None:
    """Return the case that a link was made with, which may be empty, or None unless the form with this nonce opened it."""
    case, _, first = link.text.partition("\n") if link is not None and link.host == LINK else ("", "", "")
    return case if first == nonce else None


@dataclass(frozen=True, slots=True)
class LeadingARoom:
    """The decision about a button that a trainer pressed. It is called with their pass and the room, and returns None without them."""

    event: Pressed
    script: Script

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        if before is None or before.host != TRAINER:
            return None
        practice, room = practice_in(before), room_in(shared)
        turned = trainer_pressed(practice, self.event, script=self.script, card=before.card, room=room)
        return _trainer_decision(turned, before, self.event.occasion)


def _trainer_decision(turned: RehearsalTurn, before: Pass, occasion: Occasion) -> PassDecision:
    """Return the changed pass, and the room that the trainer opened, changed or ended.

    A room lasts as long as the pass, and both begin anew when a room is opened.
    """
    room, text = turned.room, encode_practice(turned.practice)
    is_new = room is not None and room.code != before.room
    until = occasion.now.at.astimezone(UTC) + LASTS if is_new else before.until
    changed = None if room is None else Shared(room.code, encode_room(room), until)
    name = before.room if changed is None else changed.name
    after = replace(before, room=name, until=until, card=max(turned.card, before.card), text=text)
    return PassDecision(after, _toasts(turned), opens=changed, ends=bool(turned.ends))


def trainer_in(view: PassView, script: Script) -> Practice:
    """Return the rehearsal in a trainer's pass, with what the trainer sees of the room now."""
    practice = still_rehearsable(practice_in(view.kept), script.pack)
    return followed(practice, room_in(view.room), pack=script.pack)


def elapsed(view: PassView, now: datetime) -> timedelta:
    """Return how long ago the trainer opened the room, which is when the session began."""
    return now - (view.kept.until - LASTS)


def screen_in(view: PassView, script: Script) -> Screen:
    """Return what the room's screen shows now."""
    practice, room = decode_practice(view.hosted, 0), room_in(view.room)
    return screen_of(practice, room, code=view.kept.room, script=script, is_led=view.kept.host == TRAINER)
