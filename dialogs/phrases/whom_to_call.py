"""Whom to call: a line that fits on any card, and the list of all contacts, with how far each number can be trusted."""

from collections.abc import Iterator

from dialogs.core.page import Call, Calls, PagePart, SectionPart, Text
from dialogs.core.script import Script
from dialogs.core.session import ADVISER, is_of_an_adult
from dialogs.phrases.number import source_line
from seraf.advice.action_plan import closing_time
from seraf.advice.contacts import ELSEWHERE, Contact, LocalTime
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import DECIDER, NOT_KNOWN, SCHOOL

OWN = "own"  # the id of the child's own team, whose number is in the person's own records


def contact_line(script: Script, now: LocalTime, *, answers: Responses = NOTHING, is_asked: bool = False) -> str:
    """Return whom to call in one line, in the order in which to ring.

    999 comes first if the child is in danger or missing. During office hours the allocated social worker comes next.
    Then comes social care of the area where the child lives, if that is another area; then the office that is open now,
    or near opening and closing time both offices, the likelier first. About a young adult, the line says to ask them
    before telling others, unless the person has asked them (`is_asked`).
    """
    say, contacts = script.wording.say, script.pack.contacts
    if answers.get("profession") == DECIDER:
        stands_in, _ = contacts.safeguarding(now)
        first = say("contact.own-manager") if contacts["art"].is_open(now) else _named(stands_in, script)
        police, emergency = contacts.police.value, contacts["emergency"].value
        return say("contact.line-decider", first=first, police=police, emergency=emergency)
    names, alone = front_names(script, now, is_short=False), True
    if answers.get("lives_elsewhere") == "yes":
        door = contacts[ELSEWHERE]
        first = say("contact.named", name=door.name, value=number_of(door, script)) if door.value else door.name
        source, alone = source_line(door.source, script), False
        names = say("contact.elsewhere", first=first, source=source, names=names)
    if contacts["art"].is_open(now) and (own := _own_team(answers)):
        names, alone = say(f"contact.{own}", names=names), False
    names = front_numbers(script, now, answers=answers, is_short=False) if alone else names
    return say(_line_key(answers, is_asked=is_asked), names=names, emergency=contacts["emergency"].value)


def _own_team(answers: Responses) -> str:
    """Return the wording key of the child's own team, which is rung first during office hours, or an empty text without one."""
    if is_of_an_adult(answers):
        return "leaving-care-own" if answers.get("profession") == ADVISER else "leaving-care"
    if answers.get("allocated") != "yes":
        return ""
    return "open-case-school" if answers.get("profession") == SCHOOL else "open-case"


def _line_key(answers: Responses, *, is_asked: bool) -> str:
    """Return the wording key of the line for this reader, with or without 999 first. Police are never told to ring 999."""
    if _is_emergency(answers):
        return "contact.line-danger"
    is_police = answers.get("profession") == "police"
    if not is_asked and asks_first(answers):
        return "contact.line-adult-police" if is_police else "contact.line-adult"
    return "contact.line-police" if is_police else "contact.line"


def asks_first(answers: Responses) -> bool:
    """Return True if the case is about a young adult who is not in danger, and so is asked before others are told."""
    is_safe = NOT_KNOWN not in (answers.get("danger"), answers.get("missing_now"))
    return is_of_an_adult(answers) and is_safe and not _is_emergency(answers)


def _is_emergency(answers: Responses) -> bool:
    """Return True if 999 comes first: the child is in danger or missing, and the reader is not the police."""
    if answers.get("profession") == "police":
        return False
    is_missing = answers.get("danger") == "missing" or answers.get("missing_now") == "yes"
    return is_missing or answers.get("danger") == "yes" or answers.get("safe") == "danger"


def care_numbers(script: Script, now: LocalTime, *, answers: Responses, is_short: bool) -> str:
    """Return whom to ring in social care, the likeliest to answer first. The person has the number of an allocated team
    in their own records.

    `is_short` omits telephone numbers in international form, which the card of the action itself shows.
    """
    say, contacts = script.wording.say, script.pack.contacts
    numbers = front_names(script, now, is_short=is_short)
    is_own_adult = answers.get("profession") == ADVISER and is_of_an_adult(answers)
    if answers.get("lives_elsewhere") == "yes" and not is_own_adult:
        door = number_of(contacts[ELSEWHERE], script, is_short=is_short)
        return say("care.elsewhere", door=door, numbers=numbers) if door else say("care.no-door", numbers=numbers)
    if contacts["art"].is_open(now) and (own := _own_team(answers)):
        return say(f"care.{own}", numbers=numbers)
    return front_numbers(script, now, answers=answers, is_short=is_short)


def front_names(script: Script, now: LocalTime, *, is_short: bool) -> str:
    """Return the names and telephone numbers of the offices that answer now: near opening and closing time two, the likelier first."""
    names = [_named(each, script, is_short=is_short) for each in script.pack.contacts.answering(now)]
    return script.wording.say("care.both", first=names[0], second=names[1]) if len(names) > 1 else names[0]


def front_numbers(script: Script, now: LocalTime, *, answers: Responses, is_short: bool) -> str:
    """Return the office that answers now, and what to do if nobody answers: ring the other office near opening and
    closing time, otherwise the same one again, then 101.

    The police are not told to ring 101, which is their own number.
    """
    say, contacts = script.wording.say, script.pack.contacts
    first, *others = [_named(each, script, is_short=is_short) for each in contacts.answering(now)]
    if others:
        closes = closing_time(now, contacts["art"].hours)
        key = "care.numbers-closing" if closes else "care.numbers"
        return say(key, first=first, second=others[0], time=f"{closes:%H:%M}" if closes else "")
    if answers.get("profession") == "police":
        return say("care.number-police", first=first)
    return say("care.number", first=first, police=contacts.police.value)


def urgent_line(script: Script, now: LocalTime) -> str:
    """Return whom to call in one line that is the same for every case, with 999 first."""
    contacts = script.pack.contacts
    names = " · ".join(_named(contact, script) for contact in contacts.safeguarding(now))
    return script.wording.say("contact.line-urgent", names=names, emergency=contacts["emergency"].value)


def urgent_calls(script: Script, now: LocalTime) -> tuple[Call, ...]:
    """Return whom to ring about any case: 999, the office that is likelier to answer and the other one, and 101."""
    contacts = script.pack.contacts
    each = (contacts["emergency"], *contacts.safeguarding(now), contacts.police)
    return tuple([call_of(contact, script, now=now) for contact in dict.fromkeys(each)])


def call_of(contact: Contact, script: Script, *, now: LocalTime) -> Call:
    """Return a contact as somebody to ring, in a rehearsal too: whether they answer now or when, and any doubt about the number."""
    call = call_about(contact, script, _when(contact, script, now=now), now=now)
    return call._replace(dial=_dialled(contact))


def _when(contact: Contact, script: Script, *, now: LocalTime) -> str:
    is_first = contact == script.pack.contacts.answering(now)[0]
    return script.wording.say("leaf.answers-now") if is_first else contact.when.removesuffix(".")


def _dialled(contact: Contact) -> str:
    return (contact.dial or contact.value).replace(" ", "")


def call_about(contact: Contact, script: Script, *notes: str, now: LocalTime) -> Call:
    """Return a contact as somebody to ring about the case, with these notes and any doubt about the number.

    In a rehearsal nobody is dialled.
    """
    dial = "" if script.is_rehearsal else _dialled(contact)
    is_doubtful = script.pack.contacts.can_dial and contact.is_doubtful(now.today)
    doubt = (script.wording.say("leaf.doubt"),) if is_doubtful else ()
    return Call(contact.name, contact.value, dial, " · ".join(filter(None, (*notes, *doubt))), contact.id)


def contact_calls(script: Script, now: LocalTime, *, answers: Responses) -> tuple[Call, ...]:
    """Return those whom `contact_line` names, each as somebody to ring, in the order in which to ring."""
    say, contacts = script.wording.say, script.pack.contacts
    in_danger = call_about(contacts["emergency"], script, say("leaf.in-danger"), now=now)
    if answers.get("profession") == DECIDER:
        stands_in, _ = contacts.safeguarding(now)
        is_open = contacts["art"].is_open(now)
        first = (
            Call(say("contact.own-manager"), "", "")
            if is_open
            else call_about(stands_in, script, _when(stands_in, script, now=now), now=now)
        )
        return (first, call_about(contacts.police, script, now=now), in_danger)
    calls = care_calls(script, now, answers=answers, is_general=True)
    if _is_emergency(answers):
        return (call_about(contacts["emergency"], script, say("leaf.first"), now=now), *calls)
    return calls if answers.get("profession") == "police" else (*calls, in_danger)


def care_calls(
    script: Script,
    now: LocalTime,
    *,
    answers: Responses,
    at: LocalTime | None = None,
    has_team: bool = True,
    is_general: bool = False,
) -> tuple[Call, ...]:
    """Return whom to ring in social care at `at` (by default now), in order, and at last 101, unless the police ask.

    Without `has_team`, only offices are named. If `is_general`, both the child's own team and the other area are named,
    as in `contact_line`; otherwise one of them, as in `care_numbers`.
    """
    say, contacts, at = script.wording.say, script.pack.contacts, at or now
    calls: list[Call] = []
    ask = ""
    is_own_adult = answers.get("profession") == ADVISER and is_of_an_adult(answers)
    is_elsewhere = has_team and answers.get("lives_elsewhere") == "yes" and (is_general or not is_own_adult)
    is_there = has_team and contacts["art"].is_open(at) and (is_general or not is_elsewhere)
    own = _own_team(answers) if is_there else ""
    if own == "leaving-care":
        ask = say("leaf.team.leaving-care")
    elif own:
        calls.append(Call(say(f"leaf.team.{own}"), "", "", say("leaf.in-records"), OWN))
    if is_elsewhere:
        door = contacts[ELSEWHERE]
        ask = "" if door.value else door.name
        calls += [call_about(door, script, say("leaf.its-door"), now=now)] if door.value else []
    first, *others = contacts.answering(at)
    if ask:
        why = say("leaf.ask-number", whom=f"{ask[:1].lower()}{ask[1:]}")
    elif calls:
        why = say("leaf.call-too" if own == "open-case-school" else "leaf.if-not-there")
    else:
        why = _when(first, script, now=now)
    calls.append(call_about(first, script, why, now=now))
    calls += [
        call_about(each, script, say("leaf.if-not", name=first.name), each.when.removesuffix("."), now=now)
        for each in others
    ]
    last = (
        ()
        if answers.get("profession") == "police"
        else (call_about(contacts.police, script, say("leaf.if-nobody"), now=now),)
    )
    return (*calls, *last)


def doubt_line(script: Script, now: LocalTime) -> tuple[str, ...]:
    """Return what to do if a telephone number is wrong. Empty if all in `urgent_line` are confirmed and were rechecked in time."""
    is_sure = not any(contact.is_doubtful(now.today) for contact in script.pack.contacts.safeguarding(now))
    return () if is_sure else (script.wording.say("contact.doubt"),)


def contact_entries(script: Script, now: LocalTime) -> tuple[str, ...]:
    """Return a text for each contact, the likeliest to answer first: number, hours, notes, and when the number was confirmed."""
    return tuple(contact_entry(contact, script, now=now) for contact in script.pack.contacts.by_likelihood(now))


def contact_sections(script: Script, now: LocalTime) -> Iterator[SectionPart]:
    """Yield what `contact_entries` say, with each contact under a heading."""
    for contact in script.pack.contacts.by_likelihood(now):
        call = call_of(contact, script, now=now)._replace(note=_when(contact, script, now=now))
        about = (*(() if contact.value else (contact.when,)), contact.note, *_known(contact, script, now=now))
        nobody = _no_number(contact, script)
        number: PagePart = Calls((call,)) if contact.value else Text(f"{nobody[:1].upper()}{nobody[1:]}.")
        yield SectionPart(contact.name, (number, Text(" ".join(filter(None, about)))))


def number_of(contact: Contact, script: Script, *, is_short: bool = False) -> str:
    """Return the telephone number as people write it. If a tap dials it, and unless `is_short`, add its international form."""
    if is_short or not script.channel.dials or contact.dial in ("", contact.value):
        return contact.value
    return script.wording.say("contact.number", value=contact.value, dial=contact.dial)


def _named(contact: Contact, script: Script, *, is_short: bool = False) -> str:
    return script.wording.say("contact.named", name=contact.name, value=number_of(contact, script, is_short=is_short))


def contact_entry(contact: Contact, script: Script, *, now: LocalTime) -> str:
    """Return what is said of a contact: number, hours, notes, and when the number was confirmed."""
    say = script.wording.say
    value = number_of(contact, script) or _no_number(contact, script)
    about = " ".join(part for part in (contact.when, contact.note, *_known(contact, script, now=now)) if part)
    return say("contact.entry", name=contact.name, value=value, about=about)


def _no_number(contact: Contact, script: Script) -> str:
    return script.wording.say(f"contact.ask-{'elsewhere' if contact.id == ELSEWHERE else 'art'}")


def _known(contact: Contact, script: Script, *, now: LocalTime) -> tuple[str, ...]:
    """Return sentences about how far the number can be trusted, or an empty tuple if there is no number or it never changes."""
    say, seen = script.wording.say, contact.checked_on
    if not contact.value:
        return ()
    if not contact.confirmed:
        known = [say("contact.unconfirmed", date=f"{seen:%B %Y}") if seen else say("contact.unconfirmed-ever")]
    else:
        known = [say("contact.checked", date=f"{seen.day} {seen:%B %Y}")] if seen else []
    if contact.is_overdue(now.today):
        known.append(say("contact.overdue"))
    return tuple(known)
