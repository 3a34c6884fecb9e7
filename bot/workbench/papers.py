"""Papers of a pack: everything that it can show somebody, to be read and signed with ink (PDF or HTML), and the page for staff."""

from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import groupby

from bot.pictures.papers import as_training_paper
from bot.workbench.comparing import CARDS, Statement, pack_statements
from dialogs.core.script import Wording
from dialogs.phrases.number import in_words
from dialogs.rehearsal.kit.paper import Blank, Boxed, Bullets, Leaf, TrainingPaper
from seraf.advice.contacts import Contact, Contacts
from seraf.pack import Pack
from seraf.reading.toml.places import fill

SIGNED = ("Read and found right by, role, date", "Second person, role, date")
"""Lines under each item, and at the end."""

OWN = "The bot's own sentences"

STYLE = (
    "body{font:1rem/1.4 serif;max-width:46rem;margin:2rem auto;padding:0 1rem}h2{break-after:avoid;margin-bottom:.2rem}"
    "dl{margin:0}dt{color:#555;font-size:.85rem}dd{margin:0 0 .4rem;white-space:pre-line}.sign{border-bottom:1px solid;margin-top:1.6rem}"
)


def cards_of_pack(pack: Pack, wording: Wording) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """Yield each card with what stands on it: those of the pack, then all that the bot says of its own with this pack."""
    for card, rows in groupby(pack_statements(pack), key=lambda each: each.card):
        yield card, tuple(rows)
    places = {**pack.instrument.edition.places, **pack.names}
    yield OWN, tuple(Statement(OWN, key, fill(text, places)) for key, text in wording.texts.items())


def item_cards(pack: Pack) -> frozenset[str]:
    """Return the cards of items: each is signed by itself."""
    return frozenset(f"{CARDS['instrument']}: items {each.id}" for each in pack.instrument.items)


def as_pdf_preview(pack: Pack, wording: Wording) -> bytes:
    """Return the paper, as the bytes of a PDF."""
    leaves, signed = [Leaf("", (Boxed(which_pack(pack)),))], item_cards(pack)
    for card, rows in cards_of_pack(pack, wording):
        blanks = tuple(Blank(each) for each in SIGNED) if card in signed else ()
        leaves.append(Leaf(card, (Bullets(tuple(f"{each.part}: {each.text}" for each in rows)), *blanks)))
    leaves.append(Leaf("All of it", tuple(Blank(each) for each in SIGNED)))
    title = f"{pack.instrument.edition.name}, {pack.instrument.edition.board}"
    return as_training_paper(
        TrainingPaper("preview", title, pack.instrument.edition.label, tuple(leaves), " · ".join(which_pack(pack)[:2])),
        wording,
    )


def as_html_preview(pack: Pack, wording: Wording) -> bytes:
    """Return the page, as bytes; nothing in it is read as markup, and it asks for nothing from anywhere."""
    title = escape(f"{pack.instrument.edition.name}, {pack.instrument.edition.board}")
    signed = item_cards(pack)
    body = "".join(_card(card, rows, is_signed=card in signed) for card, rows in cards_of_pack(pack, wording))
    intro = "".join(f"<p>{escape(each)}</p>" for each in which_pack(pack))
    page = (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>'
        f"<body><h1>{title}</h1>{intro}{body}<h2>All of it</h2>{_lines()}</body></html>\n"
    )
    return page.encode("utf-8")


def which_pack(pack: Pack) -> tuple[str, ...]:
    """Return the lines about which pack it is, and what to do with the paper."""
    return (
        f"{pack.instrument.edition.board}: {pack.instrument.edition.label}",
        f"List {pack.instrument.fingerprint[:12]}",
        "Everything that this pack, and the bot with it, can show somebody, by card.",
        "Made-up cases have papers of their own: seraf-bot vignette preview.",
    )


def _card(card: str, rows: tuple[Statement, ...], *, is_signed: bool) -> str:
    told = "".join(f"<dt>{escape(each.part)}</dt><dd>{escape(each.text)}</dd>" for each in rows)
    return f"<h2>{escape(card)}</h2><dl>{told}</dl>{_lines() if is_signed else ''}"


def _lines() -> str:
    return "".join(f'<p class="sign">{escape(each)}</p>' for each in SIGNED)


def staff_paper(contacts: Contacts, wording: Wording, *, today: date) -> TrainingPaper:
    """Return the page with these contacts, in the order of the pack. What only the organisation knows is left blank."""
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
