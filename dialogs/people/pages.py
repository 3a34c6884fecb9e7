"""The pages on which an administrator manages access in a browser: whole lists as tables, and one person as rows.

The cards of a chat show a few people at a time. What a page shows is stored as text with its card, so that it can be
drawn again without reading all people.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from dialogs.core.acts import Administer, Copy, PeopleDeed, act_of
from dialogs.core.keys import turning
from dialogs.core.page import (
    AnswerRow,
    AnswerRows,
    Button,
    Field,
    PageKind,
    PagePart,
    TablePart,
    Text,
    TextLook,
    Ways,
    WholePage,
)
from dialogs.core.role import Role
from dialogs.core.script import Script
from dialogs.people.roster import Awaited, Colleague, deeds_on
from dialogs.phrases.number import in_words

WHOLE, A_PAGE = 200, 50  # maximum number of rows of a table; a longer list has pages of so many
Person = TypeVar("Person", Colleague, Awaited)


def find_field(script: Script) -> Field:
    """Return the field that finds people by what they are called, or, if nobody is called that, invites somebody."""
    say = script.wording.say
    hint, send = say("leaf.people.find-hint"), say("browser.look-up.people")
    return Field("words", say("leaf.people.find"), send, hint, command="people")


def list_parts(people: Sequence[Colleague], script: Script, *, name: str, page: int = 1) -> Iterator[PagePart]:
    """Yield the table of a list of people. A column that would be empty is left out."""
    rows = {each: _row(each, script) for each in people}
    columns = [at for at in range(5) if at < 3 or any(row[at] for row in rows.values())]
    cells = {each: tuple(row[at] for at in columns) for each, row in rows.items()}
    heads = tuple(("called", "role", "access", "matter", "way")[at] for at in columns)
    return _table(people, script, name=name, heads=heads, cells=cells.__getitem__, page=page)


def offers_parts(awaited: Sequence[Awaited], script: Script, *, page: int) -> Iterator[PagePart]:
    """Yield the table of the invitations that nobody has used yet."""

    def cells(each: Awaited) -> tuple[str | Button, ...]:
        named = Button(each.label, Administer(PeopleDeed.OFFER, each.who))
        return named, role_of(each.role, script), in_words(each.until)

    return _table(awaited, script, name="offers", heads=("called", "role", "code-until"), cells=cells, page=page)


def _row(each: Colleague, script: Script) -> tuple[str | Button, ...]:
    """Return what they are called, their role, the end of their access, what needs attention, and the way to mend that."""
    say = script.wording.say
    ends, never = each.is_over or each.is_ending, each.is_ending and each.is_unused
    is_soon = each.is_ending and not each.is_over
    matters = (each.is_self, "self"), (is_soon, "ending"), (never, "unused"), (each.is_barred, "barred")
    said = [say(f"leaf.people.{key}") for applies, key in matters if applies]
    renew = Button(say("button.people-renew"), Administer(PeopleDeed.RENEW, each.who), about=each.label)
    return (
        Button(each.label, Administer(PeopleDeed.PERSON, each.who)),
        role_of(each.role, script),
        say("leaf.people.ran-out" if each.is_over else "leaf.people.until", date=in_words(each.until)),
        ", ".join(said),
        renew if ends and PeopleDeed.RENEW in deeds_on(each) else "",
    )


def _table(
    people: Sequence[Person],
    script: Script,
    *,
    name: str,
    heads: tuple[str, ...],
    cells: Callable[[Person], tuple[str | Button, ...]],
    page: int,
) -> Iterator[PagePart]:
    """Yield the table of a list, or of one page of it and the ways to its other pages."""
    say, pages = script.wording.say, 1 if len(people) <= WHOLE else -(-len(people) // A_PAGE)
    page = min(max(page, 1), pages)
    shown = people if pages == 1 else people[(page - 1) * A_PAGE : page * A_PAGE]
    if not shown:
        yield Text(say("people.no-offers" if name == "offers" else "people.nobody"))
        return
    caption = say(f"leaf.people.list-{name}", count=len(people))
    yield TablePart(caption, tuple(say(f"leaf.people.{each}") for each in heads), tuple(map(cells, shown)))
    if pages > 1:
        deed, about = (PeopleDeed.OFFERS, "") if name == "offers" else (PeopleDeed.LIST, f"{name}:")
        turns = turning(page, pages, lambda to: Administer(deed, f"{about}{to}"))
        yield Text(say("leaf.people.page", page=page, pages=pages), TextLook.HINT)
        yield Ways(tuple(Button(say(f"button.{key.word}"), key.act) for key in turns))


IN_ROWS = (PeopleDeed.ROLE, PeopleDeed.RENEW, PeopleDeed.UNLOCK)
"""What stands in the row of what it changes. Everything else stands below the rows."""


def person_parts(
    each: Colleague, script: Script, *, state: str, notes: Iterable[str], ways: Mapping[PeopleDeed, Button]
) -> Iterator[PagePart]:
    """Yield one person: what needs attention, rows with the way that changes each, and the other ways below."""
    say = script.wording.say
    role, renew, unlock = [ways[deed]._replace(about=each.label) if deed in ways else None for deed in IN_ROWS]
    yield from (Text(note, TextLook.WARNING) for note in notes)
    barred = (AnswerRow(say("leaf.people.pin"), say("leaf.people.pin-barred"), unlock),) if each.is_barred else ()
    own_role, access = (
        AnswerRow(say("leaf.people.role"), role_of(each.role, script).capitalize(), role),
        AnswerRow(say("leaf.people.access"), state, renew),
    )
    told = () if each.is_led else (AnswerRow(say("leaf.people.id"), each.who),)
    yield AnswerRows((own_role, access, *barred, *told))
    if others := tuple(way for deed, way in ways.items() if deed not in IN_ROWS):
        yield Ways(others)


def role_of(role: Role, script: Script) -> str:
    """Return the name of a role."""
    return script.wording.say(f"role.{role}")


def as_stored(page: WholePage) -> list[Any]:
    """Return what a page shows, in lists that JSON can hold."""
    return [page.title, page.heading, _written(page.parts), _written(page.back)]


def read(values: Sequence[Any]) -> WholePage:
    """Return the page from these lists. Raise `TypeError` or `ValueError` if they cannot be read."""
    title, heading, parts, back = values
    return WholePage(PageKind.PEOPLE, title, heading, _read(parts), back=_read(back))


def _written(value: Any) -> Any:
    if isinstance(value, Button):
        copied = value.act.text if isinstance(value.act, Copy) else ""
        return [Button.__name__, value.label, value.code, copied, value.is_chosen, value.about]
    if isinstance(value, tuple):
        return [type(value).__name__, *map(_written, value)]
    return value


KINDS: Mapping[str, Any] = {kind.__name__: kind for kind in (*get_args(PagePart), AnswerRow)}


def _read(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, *values = value
    if kind == Button.__name__:
        return button_of(*values)
    read = map(_read, values)
    return tuple(read) if kind == tuple.__name__ else KINDS[kind](*read)


def button_of(label: str, code: str, copied: str, is_chosen: bool = False, about: str = "") -> Button:
    """Return the button with this code, or one that copies a text. Raise `ValueError` if this release knows no such act."""
    act = Copy(copied) if copied else act_of(code)
    if act is None:
        raise ValueError("a button of another release")
    return Button(label, act, is_chosen, about)
