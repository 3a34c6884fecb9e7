"""A rule's quotation must occur word for word under its heading in the guidance. Otherwise the pack does not start."""

import base64
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.runtime.packs import SHIPPED, pack_files
from seraf.advice.guidance import Guidance, Step
from seraf.errors import PackFault
from seraf.form.circumstances import Basis
from seraf.pack import FILES as OWN_FILES
from seraf.pack import QUOTES
from seraf.reading.checks.quotes import basis_rows, quote_faults, quotes_file
from seraf.reading.pack import read_pack
from seraf.reading.toml.tables import Faults
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import faults_of, parsed, read
from tests.support.shipped import PACK

FILES = {name: pack_files(SHIPPED)[name] for name in (*OWN_FILES, QUOTES)}
"""The files of the shipped pack without the made-up cases and the search, whose proofs take most of the time."""

QUOTED = sorted({row.basis for _, rows in basis_rows(PACK.guidance) for row in rows if row.basis.says}, key=repr)
"""The basis of every rule of the shipped pack that quotes the guidance."""

TEXT = """\
A line before any heading is left out.
# Where to ring
If schools have any concern, they must ring the **Gate** "today" – and the Gate's
own team answers. See [the other page](https://example.org/page) for more.

They write it down, with the reasons.
## What 'follows' (0-5)
A manager then decides with others whether the child is safe tonight.
"""

SOUND = Basis(says="they must ring the Gate today and the Gates own team answers", heading="Where to ring")


def wrong(*bases: Basis, content: bytes | None = FILES[QUOTES]) -> set[int]:
    steps = tuple(Step(str(at), "Do it.", each) for at, each in enumerate(bases))
    found = quote_faults(Guidance((), steps, (), ()), content, faults=Faults())
    return {int(re.search(r"steps\[(\d+)\]", path)[1]) for path, _ in found}  # type: ignore[index]


def faults(files: Mapping[str, bytes]) -> tuple[str, ...]:
    with pytest.raises(PackFault) as caught:
        read_pack(files)
    return caught.value.faults


def test_every_sentence_that_the_shipped_pack_quotes_is_under_its_heading() -> None:
    assert len(QUOTED) > 100
    assert wrong(*QUOTED) == set()


def test_a_quotation_with_any_one_word_changed_is_refused() -> None:
    changed = [
        replace(basis, says=" ".join((*words[:at], "otherwise", *words[at + 1 :])))
        for basis in QUOTED
        for words in (basis.says.split(),)
        for at, word in enumerate(words)
        if any(map(str.isalnum, word))
    ]

    assert len(changed) > 2_000
    assert wrong(*changed) == set(range(len(changed)))


def test_a_quotation_with_a_word_left_out_is_refused() -> None:
    """A missing “not” would reverse a duty. Words at the beginning or end may be left out."""
    changed = [
        replace(basis, says=" ".join((*words[:at], *words[at + 1 :])))
        for basis in QUOTED
        for words in (basis.says.split(),)
        for at, word in enumerate(words)
        if any(map(str.isalnum, word)) and 0 < at < len(words) - 1
        if "…" not in (words[at - 1], words[at + 1])
    ]

    assert wrong(*changed) == set(range(len(changed)))


def test_a_quotation_under_another_heading_is_refused() -> None:
    elsewhere = [replace(basis, heading="Introduction") for basis in QUOTED]

    assert wrong(*elsewhere) == set(range(len(elsewhere)))
    assert wrong(*(replace(basis, heading=f"{basis.heading}s") for basis in QUOTED)) == set(range(len(QUOTED)))


def test_a_quotation_is_compared_by_its_words_alone() -> None:
    """Capitals, punctuation, markup and line ends are ignored. “…” may join two parts of one passage."""
    made = quotes_file(TEXT)
    sound = (
        SOUND,
        replace(SOUND, says="THEY MUST RING THE “GATE” 'TODAY', and the Gate's own team answers."),
        replace(SOUND, says="If schools have any concern … They write it down, with the reasons."),
        Basis(says="A manager then decides with others", heading="What 'follows' (0-5)"),
    )
    unsound = (
        replace(SOUND, says="they must ring … They write it down, with the reasons."),
        replace(SOUND, says="with the reasons. A manager then decides with others"),
        replace(SOUND, says="A line before any heading is left out."),
        replace(SOUND, heading="Where To Ring"),
    )

    assert wrong(*sound, content=made) == set()
    assert wrong(*unsound, content=made) == {0, 1, 2, 3}


def test_the_file_has_no_word_of_the_guidance_and_nothing_of_its_order() -> None:
    raw = tomllib.loads(quotes_file(TEXT).decode())

    assert [each["name"] for each in raw["headings"]] == ["Where to ring", "What 'follows' (0-5)"]
    assert set(raw) == {"headings"}
    for each in (*raw["headings"], *tomllib.loads(FILES[QUOTES].decode())["headings"]):
        assert set(each) == {"name", "runs"}
        held = base64.b64decode("".join(each["runs"].split()), validate=True)
        hashes = [held[at : at + 4] for at in range(0, len(held), 4)]
        assert hashes == sorted(set(hashes))


def test_a_text_without_a_heading_makes_no_file() -> None:
    with pytest.raises(ValueError, match="no line begins with #"):
        quotes_file("Where to ring\nThey must ring the Gate.")


def test_a_wrong_quotation_is_one_fault_that_names_the_right_heading() -> None:
    raw = parsed(SHIPPED)
    row = next(each for each in raw["guidance.toml"]["leads"] if each["id"] == "school")
    at = raw["guidance.toml"]["leads"].index(row)
    row["heading"] = "Information sharing"

    (fault,) = faults_of(raw)
    assert fault.startswith(
        f"guidance.toml.leads[{at}].says: “{row['says']}” does not stand under 'Information sharing'"
    )
    assert "it stands under 'Schools role in identifying" in fault


def test_quotations_without_the_file_of_hashes_are_refused_once() -> None:
    (fault,) = faults({name: content for name, content in FILES.items() if name != QUOTES})

    assert fault.endswith("cannot be checked without quotes.toml; make it with `seraf-bot pack quotes`")
    assert read(parsed(FOLDER)).guidance.leads


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content.replace(b'runs = """\n', b'runs = """\n!'), "headings[0].runs: was changed by hand"),
        (lambda content: content.replace(b"runs =", b"run =", 1), "headings[0].run: not a key that is known here"),
        (lambda content: content + b"\nmore =", "quotes.toml: not TOML"),
        (lambda _: b"", "quotes.toml.headings: needs at least 1, has 0"),
    ],
    ids=["by hand", "key", "no TOML", "empty"],
)
def test_a_file_of_hashes_that_was_changed_is_a_fault(spoil: object, said: str) -> None:
    spoilt = {**FILES, QUOTES: spoil(FILES[QUOTES])}  # type: ignore[operator]

    assert said in "\n".join(faults(spoilt))


def test_a_pack_that_was_proven_pays_nothing_for_its_quotations() -> None:
    assert read_pack({**FILES, QUOTES: b"no TOML at all ="}, is_proven=True) == read_pack(FILES, is_proven=True)


ROWS: list[tuple[dict[str, object], str]] = [
    ({"says": "If schools have any concerns they must discuss this"}, "steps[0].heading: missing; name the heading"),
    ({"heading": "Consent"}, "steps[0].says: missing; quote the sentence under this heading"),
    ({"ours": "because it is so"}, "steps[0].ours: must be a whole sentence"),
    ({"ours": "Because it is so"}, "steps[0].ours: must be a whole sentence"),
    ({"ours": ""}, "steps[0].ours: empty; write a text"),
    ({"law": 1989}, "steps[0].law: must be a text, not a whole number"),
    ({}, "steps[0].ours: missing; write `says` with its `heading`"),
    ({"ours": "It is so.", "source": "ours"}, "steps[0].source: stands next to what takes its place"),
    ({"says": "so " * 41, "heading": "Consent"}, "steps[0].says: 41 words; quote at most 40"),
]


@pytest.mark.parametrize(("voices", "said"), ROWS)
def test_a_row_names_its_basis(voices: dict[str, object], said: str) -> None:
    raw = parsed(FOLDER)
    row = raw["guidance.toml"]["steps"][0]
    del row["source"]
    row |= voices

    assert f"guidance.toml.{said}" in "\n".join(faults_of(raw))


@pytest.mark.parametrize(("source", "basis"), [("ours", Basis()), ("Where to ring", Basis(heading="Where to ring"))])
def test_a_row_of_an_older_pack_keeps_its_source(source: str, basis: Basis) -> None:
    raw = parsed(FOLDER)
    raw["guidance.toml"]["steps"][0]["source"] = source

    read_back = read(raw).guidance.steps[0].basis

    assert read_back == basis
    assert (read_back.source, read_back.is_written) == (source, False)


def test_a_law_alone_is_a_separate_source() -> None:
    sources = [Basis(law="An Act").source, Basis(law="An Act", ours="It is so.").source, SOUND.source]

    assert sources == ["law", "ours", "Where to ring"]
