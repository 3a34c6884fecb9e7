"""The page for staff, to be printed: what the bot is and is not, how to begin, and whom to call when it is down. It knows no case."""

from collections.abc import Iterator
from datetime import date

from dialogs.core.wording import Wording
from dialogs.phrases.number import in_words
from dialogs.rehearsal.kit.paper import Blank, Boxed, Bullets, Leaf, TrainingPaper
from seraf.advice.contacts import Contact, Contacts


def staff_paper(contacts: Contacts, wording: Wording, *, today: date) -> TrainingPaper:
    """The page with these contacts, as people found them, in the order of the pack; what only the organisation knows is left blank."""
    say = wording.say
    numbers = tuple(_line(each, wording, today=today) for each in contacts.all if each.value)
    return TrainingPaper(
        name="staff",
        title=say("staff.title"),
        about=say("staff.about"),
        leaves=(
            Leaf("", (Boxed(tuple(say("staff.first").split("\n"))),)),
            Leaf(say("staff.call"), (Bullets(numbers),)),
            Leaf(say("staff.is"), (Bullets(tuple(say("staff.is-text").split("\n"))), Blank(say("staff.use")))),
            Leaf(say("staff.is-not"), (Bullets(tuple(say("staff.is-not-text").split("\n"))),)),
            Leaf(say("staff.begin"), (Bullets(tuple(say("staff.begin-text").split("\n"))), Blank(say("staff.place")))),
            Leaf(say("staff.down"), (Bullets(tuple(say("staff.down-text").split("\n"))), Blank(say("staff.ask")))),
        ),
        footer=say("staff.footer", date=in_words(today)),
    )


def _line(contact: Contact, wording: Wording, *, today: date) -> str:
    return " ".join(filter(None, (f"{contact.name}: {contact.value}.", contact.when, *_doubt(contact, wording, today))))


def _doubt(contact: Contact, wording: Wording, today: date) -> Iterator[str]:
    if contact.is_doubtful(today):
        yield wording.say("staff.doubtful")
