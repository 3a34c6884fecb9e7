"""What a text rests on, as it is said: the guidance first, then a law, then our own reason. Long headings are shortened."""

from collections.abc import Iterator

from dialogs.core.script import Script
from seraf.form.circumstances import OURS, Basis

LONGEST = 72
"""Characters of a heading that are shown whole."""

BEGINNING = 24
"""Characters of a longer one from which its beginning is taken; the rest are its end, in which headings differ."""


def source_line(heading: str, script: Script) -> str:
    """The heading of the guidance, or that the text is ours."""
    if heading == OURS:
        return script.wording.say("source.ours")
    return script.wording.say("source.heading", heading=_shortened(heading))


def basis_lines(basis: Basis, script: Script) -> Iterator[str]:
    """A line for each voice: the sentence of the guidance with its heading, the law, our reason. An older pack has its source alone."""
    say = script.wording.say
    if not basis.is_written:
        yield source_line(basis.source, script)
    if basis.says:
        yield say("basis.says", says=basis.says, heading=_shortened(basis.heading))
    if basis.law:
        yield say("basis.law", law=basis.law)
    if basis.ours:
        yield say("basis.ours", ours=basis.ours)


def basis_in_short(basis: Basis, script: Script) -> str:
    """Whose voices they are in one line, for paper: the heading without its sentence, and whether a law or a reason of ours adds to it."""
    say = script.wording.say
    voices = (
        say("source.heading", heading=_shortened(basis.heading)) if basis.heading else "",
        say("basis.law-too") if basis.law else "",
        say("basis.ours-too") if basis.ours and (basis.heading or basis.law) else "",
    )
    return " · ".join(filter(None, voices)) or source_line(OURS, script)


def _shortened(heading: str) -> str:
    if len(heading) <= LONGEST:
        return heading
    beginning, _, _ = heading[:BEGINNING].rpartition(" ")
    _, _, end = heading[BEGINNING - LONGEST :].partition(" ")
    return f"{beginning} … {end}"
