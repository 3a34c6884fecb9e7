"""The cards on which an administrator manages access: lists of people, one person, invitations, and confirmations."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from dialogs.cards.plain_page import parts_of
from dialogs.cards.show import button, with_heading
from dialogs.core.acts import Administer, Copy, PeopleDeed, code_of
from dialogs.core.keys import Key, Rows, in_rows, titled, turning
from dialogs.core.page import (
    Button,
    Listed,
    PageKind,
    PagePart,
    QuestionPart,
    TablePart,
    Text,
    TextLook,
    Ways,
    WholePage,
    offered_acts,
)
from dialogs.core.replies import Card, Paragraph
from dialogs.core.role import ADMINISTERING, GIVEN, Role
from dialogs.core.script import Script
from dialogs.people.pages import as_stored, button_of, find_field, list_parts, offers_parts, person_parts, read, role_of
from dialogs.people.roster import FOUND, Colleague, Roster, deeds_on
from dialogs.phrases.number import in_words


@dataclass(frozen=True, slots=True)
class PeopleCard:
    """A card of access management, without a token. `name` is that of a person who is being invited, otherwise empty."""

    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(repr=False)
    name: str = field(default="", repr=False)
    page: WholePage | None = field(default=None, repr=False)  # what a browser shows in place of the paragraphs and rows

    def card(self, token: int, notice: str = "") -> Card:
        """Return the card with this token, and with `notice` at its top unless that is empty."""
        above = (Paragraph(notice),) if notice else ()
        card = with_heading(Card(token, (*above, *self.paragraphs), self.rows, asks_for="people"), above=len(above))
        return replace(card, page=replace(self.page, notice=notice), asks_for="") if self.page else card

    def has(self, code: str) -> bool:
        """Return True if a button of the card or of its page has this code."""
        acts = (*(each.act for row in self.rows for each in row), *(offered_acts(self.page) if self.page else ()))
        return any(code_of(act) == code for act in acts)


def people_card(
    paragraphs: tuple[Paragraph, ...], rows: Rows, script: Script, *, name: str = "", parts: Iterable[PagePart] = ()
) -> PeopleCard:
    """Return the card with these paragraphs, and with buttons made from these keys. The last key leads back.

    Its page, on a channel that has pages, shows these parts, or else what the card shows.
    """
    title, *texts = paragraphs
    buttons = tuple(tuple(button(key, script) for key in row) for row in rows if row)
    card = PeopleCard(paragraphs, buttons, name)
    if not script.channel.draws_pages:
        return card
    shown = tuple(parts) or (*(part for each in texts for part in parts_of(each)), *map(Ways, buttons[:-1]))
    page = WholePage(PageKind.PEOPLE, script.wording.say("leaf.people.title"), title.text, shown)
    back = buttons[-1][0]
    return replace(card, page=page if back.act in offered_acts(page) else replace(page, back=back))


def write_people_card(card: PeopleCard) -> str:
    """Return the card as text, which the caller encrypts."""
    paragraphs = [[each.text, each.is_strong] for each in card.paragraphs]
    rows = [
        [[each.label, each.code, each.act.text if isinstance(each.act, Copy) else ""] for each in row]
        for row in card.rows
    ]
    return json.dumps([paragraphs, rows, card.name, *([as_stored(card.page)] if card.page else [])])


def read_people_card(text: str) -> PeopleCard | None:
    """Return the card from a text, or None if the text is empty or cannot be read, as when another release wrote it."""
    try:
        paragraphs, rows, name, *page = json.loads(text or "null")
        return PeopleCard(
            tuple(Paragraph(words, is_strong) for words, is_strong in paragraphs),
            tuple(tuple(button_of(*each) for each in row) for row in rows),
            name,
            read(page[0]) if page else None,
        )
    except (KeyError, TypeError, ValueError):
        return None


HOME = Key(Administer(PeopleDeed.HOME), "back")
LISTS = ("ending", "barred")  # the lists of people who need attention: admission ends soon, chat barred
SEVERAL = (2, 3, 4, 5, 6, 7, 8, 9, 10)  # the numbers of people who can be invited at once, whose codes fit on one card

ASKING = {
    PeopleDeed.NEW_PIN: PeopleDeed.ASK_PIN,
    PeopleDeed.ROLE: PeopleDeed.ROLES,
    PeopleDeed.PUT: PeopleDeed.PLACES,
    PeopleDeed.REMOVE: PeopleDeed.ASK_REMOVE,
}
"""For each action that needs a confirmation or a choice first, the action that asks for it."""


def home_card(roster: Roster, script: Script) -> PeopleCard:
    """Return the first card: how many people there are, how many need attention, and buttons to the lists."""
    say, me = script.wording.say, next((each for each in roster.colleagues if each.is_self), None)
    counts = {each: len(roster.listed(each)) for each in LISTS}
    lines = [say("people.count", count=len(roster.colleagues))]
    lines += [say(f"people.{each}", count=count) for each, count in counts.items() if count]
    own = [say("people.own-end", date=in_words(me.until), who=me.who)] if me and me.is_ending else []
    matters = [_listing(each, number=str(count)) for each, count in counts.items() if count]
    awaited = str(len(roster.awaited))
    offers = (Key(Administer(PeopleDeed.OFFERS, "1"), "people-offers", number=awaited),) if roster.awaited else ()
    if roster.teams:
        offers = (*offers, Key(Administer(PeopleDeed.TEAMS, "1"), "people-teams", number=str(len(roster.teams))))
    first, last = Key(Administer(PeopleDeed.HOW), "people-invite"), Key(Administer(PeopleDeed.CLOSE), "people-close")
    rows = ((_listing("all"), first), *((each,) for each in matters), offers, (last,))
    ways = Ways(tuple(button(each, script) for each in (*matters, *offers)))
    parts = (
        *(Text(each, TextLook.WARNING) for each in own),
        Text(" ".join(lines), TextLook.HINT),
        find_field(script),
        *((ways,) if ways.buttons else ()),
    )
    listed = list_parts(roster.colleagues, script, name="all")
    return people_card(titled("people", script, *lines, *own), rows, script, parts=chain(parts, listed))


def list_card(roster: Roster, script: Script, *, name: str, page: int) -> PeopleCard:
    """Return a page of a list of people, with a button for each. The list of ending admissions can be renewed as a whole."""
    people = roster.listed(name)
    pages, to = pages_of(len(people)), page
    page = min(max(page, 1), pages)
    turns = turning(page, pages, lambda to: Administer(PeopleDeed.LIST, f"{name}:{to}"))
    renewable = len(roster.renewable()) if name == "ending" else 0
    renew = (Key(Administer(PeopleDeed.ASK_RENEW_ALL), "people-renew-all", number=str(renewable)),) if renewable else ()
    shown = people[(page - 1) * FOUND : page * FOUND]
    lines = [_line(at, each, script) for at, each in enumerate(shown, 1)] or [script.wording.say("people.nobody")]
    words = titled(f"people.list-{name}", script, "\n".join(lines))
    ways = (Ways(tuple(button(key, script) for key in renew)),) if renew else ()
    parts = chain(list_parts(people, script, name=name, page=to), ways)
    return people_card(words, (*_choices(shown), turns, renew, (HOME,)), script, parts=parts)


def found_card(found: tuple[Colleague, ...], script: Script) -> PeopleCard:
    """Return the card of the people whose names match a search. It lists the first `FOUND` of them, and counts the others."""
    lines = [_line(at, each, script) for at, each in enumerate(found[:FOUND], 1)]
    more = [script.wording.say("people.more", count=len(found) - FOUND)] if len(found) > FOUND else []
    words = titled("people.found", script, "\n".join(lines), *more)
    parts = chain(list_parts(found, script, name="found"), (find_field(script),))
    return people_card(words, (*_choices(found[:FOUND]), (HOME,)), script, parts=parts)


def person_card(each: Colleague, script: Script, *, has_teams: bool = False) -> PeopleCard:
    """Return the card of one person: their role, the end of their admission, what needs attention, and buttons for actions."""
    say, led = script.wording.say, "-led" if each.is_led else ""
    state = say("people.over" if each.is_over else "people.until", date=in_words(each.until))
    lines = [f"{role_of(each.role, script).capitalize()}. {state}"]
    lines += [say(f"people.barred-one{led}")] if each.is_barred else []
    lines += [say(f"people.self{led}", who=each.who)] if each.is_self else []
    lines += [say(f"people.of-admin{led}")] if each.role in ADMINISTERING and not each.is_self else []
    deeds = [deed for deed in deeds_on(each) if deed is not PeopleDeed.PUT or has_teams]
    keys = {deed: Key(Administer(ASKING.get(deed, deed), each.who), f"people-{deed}") for deed in deeds}
    title = Paragraph(each.label, is_strong=True)
    told = () if each.is_led else (say("people.id", who=each.who),)
    words = (title, *map(Paragraph, (*lines, *told)))
    ways = {deed: button(key, script) for deed, key in keys.items()}
    parts = person_parts(each, script, state=state, notes=lines[1:], ways=ways)
    back = Key(Administer(PeopleDeed.TEAMS, "1"), "back") if each.is_led else HOME
    return people_card(words, (*in_rows(tuple(keys.values()), 2), (back,)), script, parts=parts)


def asking_card(deed: PeopleDeed, each: Colleague, script: Script) -> PeopleCard:
    """Return the card that asks for confirmation before a person is removed or loses their PIN."""
    say, back = script.wording.say, Key(Administer(PeopleDeed.PERSON, each.who), "back")
    title, text = Paragraph(say(f"people.{deed}.title", label=each.label), is_strong=True), say(f"people.{deed}.text")
    sure = Key(Administer(deed, each.who), f"people-{deed}-now")
    parts = (Text(text), Ways((button(sure, script),), is_main=True))
    return people_card((title, Paragraph(text)), ((sure,), (back,)), script, parts=parts)


def renewing_card(roster: Roster, script: Script) -> PeopleCard:
    """Return the card that asks for confirmation before all are renewed. It names those who never used their access."""
    say, renewable = script.wording.say, roster.renewable()
    unused = [each.label for each in renewable if each.is_unused]
    lines = [say("people.renew-all.text")]
    lines += [say("people.renew-all.unused", count=len(unused), labels=", ".join(unused[:FOUND]))] if unused else []
    named = (Text(say("leaf.people.never-used", count=len(unused))), Listed(tuple(unused))) if unused else ()
    title = Paragraph(say("people.renew-all.title", count=len(renewable)), is_strong=True)
    sure = Key(Administer(PeopleDeed.RENEW_ALL), "people-renew-all-now")
    back = Key(Administer(PeopleDeed.LIST, "ending:1"), "back")
    parts = (Text(lines[0]), *named, Ways((button(sure, script),), is_main=True))
    return people_card((title, *map(Paragraph, lines)), ((sure,), (back,)), script, parts=parts)


def roles_card(each: Colleague, script: Script) -> PeopleCard:
    """Return the card with the roles that a person can be given."""
    keys = [
        Key(
            Administer(PeopleDeed.ROLE, f"{each.who}:{role}"),
            text=role_of(role, script).capitalize(),
            is_chosen=role is each.role,
        )
        for role in GIVEN
    ]
    title = Paragraph(script.wording.say("people.roles.title", label=each.label), is_strong=True)
    back = Key(Administer(PeopleDeed.PERSON, each.who), "back")
    text = script.wording.say("people.roles.text")
    asked = radios(keys, text, script.wording.say("leaf.people.give-role"), script)
    return people_card((title, Paragraph(text)), (*in_rows(keys, 2), (back,)), script, parts=(asked,))


def how_card(script: Script) -> PeopleCard:
    """Return the card that says how to invite a person: by typing their name after the command."""
    text = script.wording.say("people.how.text")
    parts = (*parts_of(Paragraph(text)), find_field(script))
    return people_card(titled("people.how", script, text), ((HOME,),), script, parts=parts)


def invite_card(name: str, script: Script, *, number: int = 1) -> PeopleCard:
    """Return the card that asks in which role to invite one person, or `number` people."""
    say, about = script.wording.say, f":{number}" if number > 1 else ""
    keys = [
        Key(Administer(PeopleDeed.INVITE, f"{role}{about}"), text=role_of(role, script).capitalize()) for role in GIVEN
    ]
    title = say("people.invite.several", count=number, label=name) if about else say("people.invite.title", label=name)
    several = () if about else (Key(Administer(PeopleDeed.SEVERAL), "people-several"),)
    text = say("people.invite.text")
    more = Ways(tuple(button(key, script)._replace(label=say("leaf.people.several")) for key in several))
    asked = radios(keys, text, say("leaf.people.make-codes" if about else "leaf.people.make-code"), script)
    parts = (asked, more) if several else (asked,)
    paragraphs = (Paragraph(title, is_strong=True), Paragraph(text))
    return people_card(paragraphs, (*in_rows(keys, 2), several, (HOME,)), script, name=name, parts=parts)


def several_card(name: str, script: Script) -> PeopleCard:
    """Return the card that asks how many people to invite at once."""
    say, keys = script.wording.say, [Key(Administer(PeopleDeed.SEVERAL, str(each)), text=str(each)) for each in SEVERAL]
    title = Paragraph(say("people.several.title", label=name), is_strong=True)
    text = say("people.several.text", label=name)
    asked = QuestionPart(tuple(button(key, script) for key in keys), (text,))
    return people_card((title, Paragraph(text)), (*in_rows(keys), (HOME,)), script, name=name, parts=(asked,))


def codes_card(name: str, codes: Sequence[str], script: Script, *, until: str) -> PeopleCard:
    """Return the card with the codes of one or more invitations. They are never shown again after the next tap."""
    say, ways, done = script.wording.say, script.ways_in, Key(Administer(PeopleDeed.HOME), "people-done")
    sent = [f"/start {code}" if ways.word == "chat" else code for code in codes]
    if len(sent) == 1:
        said, lines, copying = "code", sent[0], [Key(Copy(sent[0]), "people-copy")]
    else:
        said, lines = "codes", "\n".join(f"{at}. {each}" for at, each in enumerate(sent, 1))
        copying = [Key(Copy(each), "people-copy-one", number=str(at)) for at, each in enumerate(sent, 1)]
    paragraphs = (
        Paragraph(say(f"people.{said}.title", label=name, count=len(sent)), is_strong=True),
        Paragraph(lines, is_strong=True),
        Paragraph(say(f"people.{said}.{ways.word}", date=until, pages=ways.pages)),
        Paragraph(say(f"people.{said}.once")),
    )
    shown: tuple[PagePart, ...] = (Text(lines, TextLook.CODE), Ways((button(copying[0], script),)))
    if len(sent) > 1:
        rows = [
            (str(at), each, button(key, script)) for at, (each, key) in enumerate(zip(sent, copying, strict=True), 1)
        ]
        heads = tuple(say(f"leaf.people.{each}") for each in ("number", "code", "copy"))
        shown = (TablePart(say("leaf.people.codes"), heads, tuple(rows)),)
    told = (
        Text(paragraphs[2].text),
        Text(paragraphs[3].text, TextLook.WARNING),
        Ways((button(done, script),), is_main=True),
    )
    rows_of_card = (*in_rows(copying if script.channel.copies else []), (done,))
    return people_card(paragraphs, rows_of_card, script, parts=(*shown, *told))


def offers_card(roster: Roster, script: Script, *, page: int) -> PeopleCard:
    """Return a page of the list of invitations that nobody has used yet."""
    pages, to = pages_of(len(roster.awaited)), page
    page = min(max(page, 1), pages)
    shown = roster.awaited[(page - 1) * FOUND : page * FOUND]
    say = script.wording.say
    lines = [
        say("people.line", number=at, label=each.label, role=role_of(each.role, script), date=in_words(each.until))
        for at, each in enumerate(shown, 1)
    ] or [say("people.no-offers")]
    keys = [Key(Administer(PeopleDeed.OFFER, each.who), text=str(at)) for at, each in enumerate(shown, 1)]
    turns = turning(page, pages, lambda to: Administer(PeopleDeed.OFFERS, to))
    parts = offers_parts(roster.awaited, script, page=to)
    words = titled("people.offers", script, "\n".join(lines))
    return people_card(words, (*in_rows(keys), turns, (HOME,)), script, parts=parts)


def offer_card(who: str, label: str, script: Script, *, role: Role, until: date) -> PeopleCard:
    """Return the card of an invitation that nobody has used yet, with the button that withdraws it."""
    said = script.wording.say("people.offer", role=role_of(role, script), date=in_words(until))
    withdraw = Key(Administer(PeopleDeed.WITHDRAW, who), "people-withdraw")
    back = Key(Administer(PeopleDeed.OFFERS, "1"), "back")
    return people_card((Paragraph(label, is_strong=True), Paragraph(said)), ((withdraw,), (back,)), script)


def radios(keys: Sequence[Key], lead: str, send: str, script: Script) -> QuestionPart:
    """Return the choice of a role, which is sent by a button, since much follows from it."""
    return QuestionPart(tuple(button(key, script) for key in keys), (lead,), is_radio=True, send=send)


def _listing(name: str, number: str = "") -> Key:
    return Key(Administer(PeopleDeed.LIST, f"{name}:1"), f"people-{name}", number=number)


def pages_of(count: int) -> int:
    """Return the number of pages of a list of so many."""
    return max(-(-count // FOUND), 1)


def _choices(shown: tuple[Colleague, ...]) -> Rows:
    return in_rows(by_number([Administer(PeopleDeed.PERSON, each.who) for each in shown]))


def by_number(acts: Iterable[Administer]) -> list[Key]:
    """Return a button for each act, labelled with its number."""
    return [Key(act, text=str(at)) for at, act in enumerate(acts, 1)]


def _line(at: int, each: Colleague, script: Script) -> str:
    role, until = role_of(each.role, script), in_words(each.until)
    key = "people.line-unused" if each.is_unused and each.is_ending else "people.line"
    return script.wording.say(key, number=at, label=each.label, role=role, date=until)
