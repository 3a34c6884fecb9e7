"""The file with which an author begins a made-up case: what is asked, in comments, and nothing answered yet."""

from collections.abc import Iterable

from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import asked_line
from seraf.cases.vignette import FirstCall, Rule, Theme
from seraf.form.instrument import Instrument, Section
from seraf.form.vocabulary import Age
from seraf.reading.cases.vignettes import MAX_ABOUT, MAX_BECAUSE, MAX_PART, MAX_TITLE, MAX_WARNING
from seraf.rehearsal.checking import NEEDED, PARTS, WORDS


def new_case(name: str, script: Script, *, file: str) -> str:
    """Return the text of a TOML file for a made-up case with this id. `file` is the path that its comments name."""
    say, instrument, questions = script.wording.say, script.pack.instrument, script.pack.instrument.questions
    short = tuple((each.id, f"{each.ask} [{_words(each.words)}]") for each in script.pack.guidance.circumstances)
    short += tuple((each, _asked(each, script)) for each in ("known", *(question.id for question in questions)))
    return say(
        "new-case.file",
        id=name,
        file=file,
        title=MAX_TITLE,
        about=MAX_ABOUT,
        warning=MAX_WARNING,
        part=MAX_PART,
        because=MAX_BECAUSE,
        themes=_words(Theme),
        ages=_words(Age),
        calls=_words(FirstCall),
        parts=f"{PARTS[0]} to {PARTS[1]}",
        words=f"{WORDS[0]} to {WORDS[1]}",
        asked="\n\n".join(say("new-case.answer", place=place, about=_asked(place, script)) for place in NEEDED),
        unknown=", ".join(f'"{item.id}"' for item in instrument.items),
        example=instrument.items[0].id,
        items="\n".join(_section(section, instrument) for section in instrument.sections),
        short=_listed(short),
        rules=_listed((rule, say(f"rule.{rule}.text")) for rule in Rule),
    )


def _section(section: Section, instrument: Instrument) -> str:
    """Return the items of a section below what it asks, with the ids of the answers and their labels."""
    answers = ", ".join(f"{option.id} ({option.label})" for option in section.options)
    items = _listed((item.id, item.label) for item in instrument.of_section(section.id))
    return f"# {section.title}. {section.ask} {answers}\n{items}"


def _asked(place: str, script: Script) -> str:
    """Return what a question asks, with the ids of its answers."""
    line = asked_line(place, script)
    return f"{line.about} [{_words(answer.answer for answer in line.answers)}]"


def _words(words: Iterable[str]) -> str:
    return " ".join(words)


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"#   {name}: {about}" for name, about in pairs)
