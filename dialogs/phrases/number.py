"""Texts about a result: its points, category and dates; and the source of a text."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from dialogs.core.script import Script
from dialogs.core.session import Session
from seraf.advice.contacts import LocalTime, months_after
from seraf.form.circumstances import OURS, Basis
from seraf.form.instrument import Band
from seraf.score.scoring import Extent, Findings, Score

INNER = str.maketrans("“”", "‘’")


def quotable(text: str) -> str:
    """Return a text that can be put in quotation marks: its own double quotation marks are made single."""
    return text.translate(INNER)


def as_cell(text: str) -> str:
    """Return a text for a cell of a CSV file, with an apostrophe in front if a spreadsheet would take it for a formula."""
    # These begin a formula, which could send the contents of other cells elsewhere.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


LONGEST = 72  # maximum number of characters of a heading that is shown in full

BEGINNING = 24  # number of characters kept from the start of a longer one; the others come from its end


def source_line(heading: str, script: Script) -> str:
    """Return the text that names this heading of the guidance, or that says that the source is our own."""
    if heading == OURS:
        return script.wording.say("source.ours")
    return script.wording.say("source.heading", heading=_shortened(heading))


def basis_lines(basis: Basis, script: Script, *, is_judged: bool) -> Iterator[str]:
    """Yield a line for each source of an action: the guidance with its heading, the law, our own reason. A pack of an
    older format has one source.

    Before the judgement, a heading that names a category is replaced: it could be taken for the category of the case.
    """
    say = script.wording.say
    if not basis.is_written:
        yield source_line(basis.source, script)
    if basis.says:
        yield say("basis.says", says=basis.says, heading=_heading(basis, script, is_judged=is_judged))
    if basis.law:
        yield say("basis.law", law=basis.law)
    if basis.ours:
        yield say("basis.ours", ours=basis.ours)


def basis_in_short(basis: Basis, script: Script, *, is_judged: bool = True) -> str:
    """Return the sources of an action as one line for paper: the heading, and whether the law or our own reason is added."""
    say = script.wording.say
    voices = (
        say("source.heading", heading=_heading(basis, script, is_judged=is_judged)) if basis.heading else "",
        say("basis.law-too") if basis.law else "",
        say("basis.ours-too") if basis.ours and (basis.heading or basis.law) else "",
    )
    return " · ".join(filter(None, voices)) or source_line(OURS, script)


def _heading(basis: Basis, script: Script, *, is_judged: bool) -> str:
    is_named = re.search(r"\bCategory \d", basis.heading) is not None
    return script.wording.say("basis.categories") if is_named and not is_judged else _shortened(basis.heading)


def _shortened(heading: str) -> str:
    if len(heading) <= LONGEST:
        return heading
    beginning, _, _ = heading[:BEGINNING].rpartition(" ")
    _, _, end = heading[BEGINNING - LONGEST :].partition(" ")
    return f"{beginning} … {end}"


LOW = 2  # the highest category that is shown with the sentence that it does not mean safe


def number_line(found: Findings, script: Script) -> str:
    """Return the sentence that gives the category, or the range of categories if the answers to some items are unknown."""
    key = "number.range" if found.score.is_range else "number.one"
    return script.wording.say(key, categories=categories(found.score, script))


def categories(score: Score, script: Script) -> str:
    """Return the category in words, or the range of categories if the answers to unknown items could change it."""
    if not score.is_range:
        return category_name(score.band, script)
    lowest, highest = (category_of(extent, script) for extent in (score.lowest, score.highest))
    return script.wording.say("category.range", lowest=lowest, highest=highest)


def standing_lines(found: Findings, script: Script) -> Iterable[str]:
    """Yield the total and how many items were answered, and for a low category, that it does not mean safe."""
    score, say = found.score, script.wording.say
    unknown, highest = len(score.unknown), score.highest.total
    key = "points" if highest == score.total else "so-far" if unknown else "so-far-age"
    yield say(
        f"number.{key}", total=score.total, answered=score.answered, of=score.of, unknown=unknown, highest=highest
    )
    if score.category <= LOW:
        yield say("number.low")


def category_of(extent: Extent, script: Script) -> str:
    """Return the category of a total in words, such as “Category 3 (moderate)”."""
    band = next(band for band in script.pack.instrument.bands if band.category == extent.category)
    return category_name(band, script)


def category_name(band: Band, script: Script) -> str:
    """Return a category in words. The lowest one's name is quoted as the form's, because it could be taken to mean safe."""
    key = "category.lowest" if band.lowest == 0 else "category.named"
    return script.wording.say(key, category=band.category, name=band.name)


def caution_lines(found: Findings, script: Script) -> tuple[str, ...]:
    """Return the cautions that belong to the points and category, one sentence each."""
    instrument = script.pack.instrument
    values = {
        "due": f"{instrument.edition.review_due:%B %Y}",
        "unknown": len(found.score.unknown),
        "next": min(found.score.category + 1, len(instrument.bands)),
    }
    return tuple(script.wording.say(f"caution.{caution}", **values) for caution in found.cautions)


def finished_on(session: Session, now: LocalTime) -> date:
    """Return the local day of the judgement, or the current day if there is no judgement yet."""
    return date.fromisoformat(session.result.finished) if session.result.finished else now.today


def review_on(finished: date, script: Script) -> date:
    """Return the day by which the next assessment is due."""
    return months_after(finished, script.pack.instrument.edition.review_months)


def in_words(day: date) -> str:
    """Return a day in words, such as “24 February 2027”."""
    return f"{day.day} {day:%B %Y}"
