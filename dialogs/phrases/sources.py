"""How the heading that a text rests on is named on a card, where long headings keep their beginning and their end."""

from dialogs.core.script import Script

LONGEST = 72
"""Characters of a heading that are shown whole."""

BEGINNING = 24
"""Characters of a longer one from which its beginning is taken; the rest are its end, in which headings differ."""


def source_line(heading: str, script: Script) -> str:
    """The heading of the guidance, or that the text is ours."""
    if heading == "ours":
        return script.wording.say("source.ours")
    return script.wording.say("source.heading", heading=_shortened(heading))


def _shortened(heading: str) -> str:
    if len(heading) <= LONGEST:
        return heading
    beginning, _, _ = heading[:BEGINNING].rpartition(" ")
    _, _, end = heading[BEGINNING - LONGEST :].partition(" ")
    return f"{beginning} … {end}"
