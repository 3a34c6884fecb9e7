"""Documents made from a pack: the preview of all its texts, to be signed with ink (PDF or HTML), and the page for staff."""

from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import groupby

from bot.pictures.papers import as_training_paper
from bot.workbench.comparing import CARDS, Statement, pack_statements
from dialogs.core.script import Wording
from dialogs.phrases.number import in_words
from dialogs.rehearsal.kit.paper import Blank, Boxed, Bullets, Leaf, TrainingPaper
from seraf.advice.contacts import Contacts
from seraf.pack import Pack
from seraf.reading.toml.places import fill

SIGNED = (
    "Read and found right by, role, date",
    "Second person, role, date",
)  # lines to sign on, for each item and at the end
OWN = "The bot's own sentences"

STYLE = (
    "body{font:1rem/1.4 serif;max-width:46rem;margin:2rem auto;padding:0 1rem}h2{break-after:avoid;margin-bottom:.2rem}"
    "dl{margin:0}dt{color:#555;font-size:.85rem}dd{margin:0 0 .4rem;white-space:pre-line}.sign{border-bottom:1px solid;margin-top:1.6rem}"
)


def cards_of_pack(pack: Pack, wording: Wording) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """Yield each card with its texts: the pack's cards, then one with the bot's own sentences, filled in for this pack."""
    for card, rows in groupby(pack_statements(pack), key=lambda statement: statement.card):
        yield card, tuple(rows)
    places = {**pack.instrument.edition.places, **pack.names}
    yield OWN, tuple(Statement(OWN, key, fill(text, places)) for key, text in wording.texts.items())


def as_pdf_preview(pack: Pack, wording: Wording) -> bytes:
    """Return the preview of a pack as PDF."""
    title, intro, signed = _heading(pack)
    signing = tuple(Blank(line) for line in SIGNED)
    leaves = [Leaf("", (Boxed(intro),))]
    for card, rows in cards_of_pack(pack, wording):
        bullets = Bullets(tuple(f"{row.part}: {row.text}" for row in rows))
        leaves.append(Leaf(card, (bullets, *(signing if card in signed else ()))))
    leaves.append(Leaf("All of it", signing))
    paper = TrainingPaper("preview", title, pack.instrument.edition.label, tuple(leaves), " · ".join(intro[:2]))
    return as_training_paper(paper, wording)


def as_html_preview(pack: Pack, wording: Wording) -> bytes:
    """Return the preview of a pack as an HTML page with all texts escaped. The page loads nothing from elsewhere."""
    title, intro, signed = _heading(pack)
    signing = "".join(f'<p class="sign">{escape(line)}</p>' for line in SIGNED)
    body = "".join(f"<p>{escape(line)}</p>" for line in intro)
    for card, rows in cards_of_pack(pack, wording):
        texts = "".join(f"<dt>{escape(row.part)}</dt><dd>{escape(row.text)}</dd>" for row in rows)
        body += f"<h2>{escape(card)}</h2><dl>{texts}</dl>{signing if card in signed else ''}"
    page = (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{body}<h2>All of it</h2>{signing}</body></html>\n"
    )
    return page.encode("utf-8")


def _heading(pack: Pack) -> tuple[str, tuple[str, ...], frozenset[str]]:
    """Return the title, the lines that identify the pack, and the names of the cards of items, which are signed one by one."""
    form = pack.instrument
    intro = (
        f"{form.edition.board}: {form.edition.label}",
        f"List {form.fingerprint[:12]}",
        "Everything that this pack, and the bot with it, can show somebody, by card.",
        "Made-up cases have papers of their own: seraf-bot vignette preview.",
    )
    signed = frozenset(f"{CARDS['instrument']}: items {item.id}" for item in form.items)
    return f"{form.edition.name}, {form.edition.board}", intro, signed


def staff_paper(contacts: Contacts, wording: Wording, *, today: date) -> TrainingPaper:
    """Return the page for staff: the contacts in the pack's order, and blank lines that the organisation fills in."""
    say, numbers = wording.say, list[str]()
    for contact in contacts.all:
        if contact.value:
            doubt = say("staff.doubtful") if contact.is_doubtful(today) else ""
            numbers.append(" ".join(filter(None, (f"{contact.name}: {contact.value}.", contact.when, doubt))))

    def listed(key: str) -> Bullets:
        return Bullets(tuple(say(key).split("\n")))

    return TrainingPaper(
        name="staff",
        title=say("staff.title"),
        about=say("staff.about"),
        leaves=(
            Leaf("", (Boxed(listed("staff.first").lines),)),
            Leaf(say("staff.call"), (Bullets(tuple(numbers)),)),
            Leaf(say("staff.is"), (listed("staff.is-text"), Blank(say("staff.use")))),
            Leaf(say("staff.is-not"), (listed("staff.is-not-text"),)),
            Leaf(say("staff.begin"), (listed("staff.begin-text"), Blank(say("staff.place")))),
            Leaf(say("staff.down"), (listed("staff.down-text"), Blank(say("staff.ask")))),
        ),
        footer=say("staff.footer", date=in_words(today)),
    )
