"""The cards of teams: who is in one and until when, who is on call, and in which teams somebody is. Nothing on them is about cases."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain

from dialogs.cards.show import button
from dialogs.core.acts import Administer, PeopleDeed
from dialogs.core.keys import Key, in_rows, titled, turning
from dialogs.core.page import TablePart, Text, Ways
from dialogs.core.replies import Paragraph
from dialogs.core.role import ROWS, Role
from dialogs.core.script import Script
from dialogs.core.teams import NOBODY, Duty, Team, TeamPlace, duties, is_away, on_call
from dialogs.people.cards import HOME, PeopleCard, by_number, pages_of, people_card, radios
from dialogs.people.pages import list_parts, role_of
from dialogs.people.roster import FOUND, Colleague, Roster
from dialogs.phrases.number import in_words
from seraf.advice.contacts import LocalTime

NOWHERE = "none"  # in place of a place: not in the team
LATER = 2  # how many duties after the present ones a card shows


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who looks at a team: their id and role, and the local time."""

    who: str = field(repr=False)
    role: Role
    now: LocalTime


def teams_card(roster: Roster, viewer: Viewer, script: Script, *, page: int = 1) -> PeopleCard:
    """Return the list of teams. Somebody who manages one team alone gets its card instead."""
    if roster.is_led and len(roster.teams) == 1:
        return team_card(roster, roster.teams[0], viewer, script)
    pages = pages_of(len(roster.teams))
    page = min(max(page, 1), pages)
    shown = roster.teams[(page - 1) * FOUND : page * FOUND]
    say = script.wording.say
    lines = [
        say("people.team.named", number=at, name=team.name, count=len(_people(roster, team)))
        for at, team in enumerate(shown, 1)
    ] or [say("people.team.none-led" if roster.is_led else "people.team.none")]
    keys = by_number([Administer(PeopleDeed.TEAM, f"{team.id}:1") for team in shown])
    turns = turning(page, pages, lambda to: Administer(PeopleDeed.TEAMS, to))
    ways = [button(key, script)._replace(label=team.name) for key, team in zip(keys, shown, strict=True)]
    parts = tuple(Ways(tuple(each)) for each in (ways, [button(key, script) for key in turns]) if each)
    words = titled("people.teams", script, "\n".join(lines))
    return people_card(words, (*in_rows(keys), turns, (_back(roster),)), script, parts=parts)


def team_card(roster: Roster, team: Team, viewer: Viewer, script: Script, *, page: int = 1) -> PeopleCard:
    """Return the card of a team: who is on call, and the labels, roles and dates of its people."""
    say = script.wording.say
    people = _people(roster, team)
    pages = pages_of(len(people))
    page = min(max(page, 1), pages)
    shown = people[(page - 1) * FOUND : page * FOUND]
    called = [say("people.team.on-call", names=_names(team, roster, now=viewer.now, script=script))]
    lines = [_line(at, each, team=team, now=viewer.now, script=script) for at, each in enumerate(shown, 1)] or [
        say("people.nobody")
    ]
    title = Paragraph(say("people.team.title", name=team.name, count=len(people)), is_strong=True)
    turns = turning(page, pages, lambda to: Administer(PeopleDeed.TEAM, f"{team.id}:{to}"))
    to_rota = Key(Administer(PeopleDeed.ON_CALL, team.id), "people-on-call")
    last = (to_rota, Key(Administer(PeopleDeed.TEAMS, "1"), "back"))
    if roster.is_led and len(roster.teams) == 1:
        last = (to_rota, _back(roster))
    paragraphs = (title, *map(Paragraph, (*called, "\n".join(lines), say("people.team.no-case"))))
    absent = [(each, day) for each in people if (day := _away(each, team, viewer.now)) is not None]
    away = [say("people.team.away", label=each.label, date=in_words(day)) for each, day in absent]
    parts = chain(
        (Text(text) for text in (*called, *away)),
        list_parts(people, script, name="team"),
        (Text(say("people.team.no-case")), Ways((button(to_rota, script),))),
    )
    keys = by_number([Administer(PeopleDeed.PERSON, each.who) for each in shown])
    return people_card(paragraphs, (*in_rows(keys), turns, last), script, parts=parts)


def on_call_card(roster: Roster, team: Team, viewer: Viewer, script: Script) -> PeopleCard:
    """Return the card that says who is on call now, next and then, and lets that be changed for tonight."""
    say, now, at = script.wording.say, viewer.now, viewer.now.at.astimezone(UTC)
    coming = [duty for duty in duties(team, now) if duty.begins > at][:LATER]
    lines = [say("people.team.now", names=_names(team, roster, now=now, script=script))]
    for key, duty in zip(("next", "then"), coming, strict=False):
        lines.append(say(f"people.team.{key}", name=_name(duty.who, roster, script=script), span=_span(duty, now)))
    present = [duty.who for duty in on_call(team, now)]
    keys = [Key(Administer(PeopleDeed.NOBODY, team.id), "people-nobody")]
    keys[:0] = [
        Key(Administer(PeopleDeed.GOES_ON, f"{team.id}:{who}"), "people-goes-on", number=_short(roster.label_of(who)))
        for who in present[:1]
    ]
    if ROWS[viewer.role].is_asked and viewer.who not in present:
        keys.insert(0, Key(Administer(PeopleDeed.ON_ME, team.id), "people-on-me"))
    title = Paragraph(say("people.team.rota-title", name=team.name), is_strong=True)
    text = say("people.team.rota-text")
    back = Key(Administer(PeopleDeed.TEAM, f"{team.id}:1"), "back")
    rows = [tuple(line.partition(": ")[::2]) for line in lines]
    table = TablePart(
        say("people.team.rota-title", name=team.name), (say("leaf.people.when"), say("leaf.people.who")), tuple(rows)
    )
    parts = (table, Text(text), Ways(tuple(button(key, script) for key in keys)))
    paragraphs = (title, Paragraph("\n".join(lines)), Paragraph(text))
    return people_card(paragraphs, (*in_rows(keys, 2), (back,)), script, parts=parts)


def places_card(roster: Roster, each: Colleague, script: Script, *, page: int = 1) -> PeopleCard:
    """Return the card that says in which teams a person is, with a button for each team."""
    say, pages = script.wording.say, pages_of(len(roster.teams))
    page = min(max(page, 1), pages)
    shown = roster.teams[(page - 1) * FOUND : page * FOUND]
    lines = [
        say("people.team.of-one", number=at, name=team.name, place=say(f"people.place.{_place(team, each)}"))
        for at, team in enumerate(shown, 1)
    ]
    acts = [Administer(PeopleDeed.PLACE, f"{each.who}:{team.id}") for team in shown]
    keys = by_number(acts)
    ways = [button(key, script)._replace(label=line) for key, line in zip(keys, lines, strict=True)]
    turns = turning(page, pages, lambda to: Administer(PeopleDeed.PLACES, f"{each.who}:{to}"))
    back = Key(Administer(PeopleDeed.PERSON, each.who), "back")
    title = Paragraph(say("people.places.title", label=each.label), is_strong=True)
    parts = tuple(Ways(tuple(each)) for each in (ways, [button(key, script) for key in turns]) if each)
    return people_card((title, Paragraph("\n".join(lines))), (*in_rows(keys), turns, (back,)), script, parts=parts)


def place_card(each: Colleague, team: Team, script: Script) -> PeopleCard:
    """Return the card that asks which place a person has in a team. Only roles that may be offered can manage one."""
    say, row, place = script.wording.say, ROWS[each.role], _place(team, each)
    offered = [TeamPlace.MEMBER, *([TeamPlace.MANAGES] if row.is_offered else []), NOWHERE]
    keys = [
        Key(
            Administer(PeopleDeed.PUT, f"{each.who}:{team.id}:{one}"),
            text=say(f"people.place.{one}").capitalize(),
            is_chosen=one == place,
        )
        for one in offered
    ]
    title = Paragraph(say("people.place.title", label=each.label, name=team.name), is_strong=True)
    text = say("people.place.text" if row.is_offered else "people.place.text-member")
    back = Key(Administer(PeopleDeed.PLACES, f"{each.who}:1"), "back")
    asked = radios(keys, text, say("leaf.people.put"), script)
    return people_card((title, Paragraph(text)), (*in_rows(keys, 2), (back,)), script, parts=(asked,))


def _back(roster: Roster) -> Key:
    return Key(Administer(PeopleDeed.CLOSE), "people-close") if roster.is_led else HOME


def _people(roster: Roster, team: Team) -> list[Colleague]:
    whose = {member.who for member in team.members}
    return [each for each in roster.colleagues if each.who in whose]


def _place(team: Team, each: Colleague) -> str:
    member = team.member(each.who)
    return NOWHERE if member is None else member.place


def _line(at: int, each: Colleague, *, team: Team, now: LocalTime, script: Script) -> str:
    """Return a person's line: their label and role, and what matters most of their access."""
    say, away = script.wording.say, _away(each, team, now)
    if each.is_barred:
        state = say("people.team.barred")
    elif each.is_over:
        state = say("leaf.people.ran-out", date=in_words(each.until))
    elif away is not None:
        state = say("people.team.away-until", date=in_words(away))
    elif each.is_ending:
        state = say("people.team.ends", days=(each.until - now.today).days)
    else:
        state = say("leaf.people.until", date=in_words(each.until))
    return say("people.team.line", number=at, label=each.label, role=role_of(each.role, script), state=state)


def _away(each: Colleague, team: Team, now: LocalTime) -> date | None:
    """Return the day until which a person is away, or None if they are there."""
    member = team.member(each.who)
    return member.away if member is not None and is_away(member, now) else None


def _names(team: Team, roster: Roster, *, now: LocalTime, script: Script) -> str:
    """Return who is on call now and until when, or who is asked if nobody is."""
    say, present = script.wording.say, on_call(team, now)
    if present:
        until = [
            say("people.team.until", name=_name(duty.who, roster, script=script), time=_moment(duty.ends, now))
            for duty in present
        ]
        return "; ".join(until)
    return say("people.team.nobody" if team.rota or team.tonight else "people.team.no-rota")


def _name(who: str, roster: Roster, *, script: Script) -> str:
    return script.wording.say("people.team.no-one") if who == NOBODY else roster.label_of(who)


def _short(label: str) -> str:
    """Return the first word of a label, which fits on a button."""
    return label.split()[0][:11].rstrip(",.:;")


def _moment(at: datetime, now: LocalTime) -> str:
    local = at.astimezone(now.at.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.today else f"{local:%A %H:%M}"


def _span(duty: Duty, now: LocalTime) -> str:
    begins, ends = (at.astimezone(now.at.tzinfo) for at in (duty.begins, duty.ends))
    return f"{begins:%a %H:%M}–{ends:%H:%M}" if begins.date() == ends.date() else f"{begins:%a %H:%M}–{ends:%a %H:%M}"
