"""A vignette as the text of its file, which reads back as the same vignette."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from seraf.cases.vignette import Keyed, Vignette


def vignette_file(vignette: Vignette) -> str:
    """The TOML of a vignette. Answers that say the same of several places stand once, in their order."""
    key = vignette.key
    around = {"id": vignette.id, "title": vignette.title, "about": vignette.about, "warning": vignette.warning}
    stated = {"age": key.age, "total": key.total, "category": key.category, "first_call": key.first_call}
    because = {"first_call_because": key.first_call_because, "rules": key.rules}
    tables: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("", {**around, "themes": vignette.themes}),
        *(("[[parts]]", {"title": part.title, "text": part.text}) for part in vignette.parts),
        ("[key]", {**stated, **because}),
        *(("[[key.answers]]", row) for row in _answers(key.keyed)),
    )
    return "\n\n".join("\n".join(_lines(head, values)) for head, values in tables) + "\n"


def _answers(keyed: Iterable[Keyed]) -> Iterator[dict[str, object]]:
    for said, alike in groupby(keyed, key=lambda each: replace(each, place="")):
        yield {
            "places": tuple(each.place for each in alike),
            "answer": said.answer,
            "because": said.because,
            "cites": said.cites,
            "rules": said.rules,
            "other": said.other,
            "other_because": said.other_because,
        }


def _lines(head: str, values: Mapping[str, object]) -> Iterator[str]:
    if head:
        yield head
    yield from (f"{name} = {_written(value)}" for name, value in values.items() if value not in ("", ()))


def _written(value: object) -> str:
    """A value as TOML has it: its texts are written as those of JSON, but for one sign that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
