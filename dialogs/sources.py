"""How the heading that a text rests on is named on a card, where long headings keep their beginning and their end."""

from dialogs.script import Script

LONGEST = 72
"""Characters of a heading that are shown whole."""


def source_line(heading: str, script: Script) -> str:
    """The heading of the guidance, or that the text is ours."""
    if heading == "ours":
        return script.wording.say("source.ours")
    return script.wording.say("source.heading", heading=_shortened(heading))


def _shortened(heading: str) -> str:
    if len(heading) <= LONGEST:
        return heading
    beginning, _, _ = heading[: LONGEST // 2].rpartition(" ")
    _, _, end = heading[-LONGEST // 2 :].partition(" ")
    return f"{beginning} … {end}"
