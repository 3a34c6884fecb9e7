"""Tests of `seraf-bot vignette`: a made-up case begun from its template, checked and previewed."""

import re
from pathlib import Path

import pytest

from bot.runtime.packs import SHIPPED
from dialogs.rehearsal.kit.new_case import new_case
from seraf.cases.vignette import Vignette
from seraf.errors import PackFault
from seraf.reading.cases.vignettes import read_vignette
from seraf.rehearsal.checking import NEEDED
from tests.support.command_line.cli import run
from tests.support.shipped import INSTRUMENT, PACK, SCRIPT

MILO_FILE = SHIPPED / "vignettes" / "milo.toml"


def read(text: str) -> Vignette:
    return read_vignette("own.toml", text.encode(), INSTRUMENT, guidance=PACK.guidance)


def filled(template: str, answers: dict[str, str]) -> str:
    """Return the template with each key that is named here filled in, wherever it stands empty."""
    for key, value in answers.items():
        template = re.sub(rf'^{key} = ""', f'{key} = "{value}"', template, flags=re.MULTILINE)
    return template


def test_a_template_says_what_is_empty_and_is_whole_once_it_is_filled_in() -> None:
    """A case in which nobody looked into anything: what is written for one part is written for all of them."""
    template = new_case("own", SCRIPT, file="own.toml")
    story = "She is in class. " + "Nobody knows more than that about her today. " * 5
    texts = {"title": "Her teacher", "about": "A girl.", "warning": "It speaks of little.", "text": story.strip()}
    key = {"age": "13-15", "first_call": "lead", "first_call_because": "Nothing is known."}
    answers = {"answer": "no", "because": "Nobody said.", "cites": "She is in class."}

    with pytest.raises(PackFault) as empty:
        read(template)
    text = filled(template, texts | key | answers).replace('["stage"]\nanswer = "no"', '["stage"]\nanswer = "first"')
    with pytest.raises(PackFault) as wrong:
        read(text.replace('first_call = "lead"', 'first_call = "art"'))

    assert {fault.partition(": ")[2] for fault in empty.value.faults} == {"empty; write a text"}
    assert [*wrong.value.faults] == [
        "own.toml.key.first_call: art is not step 1 of the card for these answers; write lead"
    ]
    assert {keyed.place for keyed in read(text).key.keyed} == {*NEEDED, *(item.id for item in INSTRUMENT.items)}


def test_all_faults_of_all_files_are_named_with_their_paths(tmp_path: Path) -> None:
    text = MILO_FILE.read_text(encoding="utf-8")
    (tmp_path / "one.toml").write_text(text.replace('age = "under-13"', 'age = "11"').replace("about", "abuot", 1))
    (tmp_path / "two.toml").write_text(text.replace("total = 7", "total = 15"))
    (tmp_path / "fine.toml").write_text(text)
    key = text.splitlines().index("[key]") + 1

    ran = run(tmp_path, "vignette", "check", "one.toml", "two.toml", "fine.toml")
    gone = run(tmp_path, "vignette", "check", "none.toml")

    assert ran.status == 2
    assert "fine.toml: “The headset”" in ran.out
    for fault in (
        "one.toml, line 3 (abuot): is not a key; did you mean 'about'?",
        f"one.toml, line {key + 1} (key → age): '11'",
        f"two.toml, line {key + 2} (key → total): 15",
    ):
        assert fault in ran.err
    assert (gone.status, "none.toml: cannot be read" in gone.err) == (2, True)


def test_a_new_case_is_written_over_nothing_and_checked_by_the_line(tmp_path: Path) -> None:
    made, again, checked = (run(tmp_path, "vignette", what, "own.toml") for what in ("new", "new", "check"))

    assert [each.status for each in (made, again, checked)] == [0, 2, 2]
    assert "own.toml, line 9 (title): empty; write a text" in checked.err


@pytest.mark.parametrize(("case", "status"), [("fine.toml", 0), ("tess", 0), ("tesss", 2)])
def test_a_case_is_previewed_in_a_new_pdf(tmp_path: Path, case: str, status: int) -> None:
    (tmp_path / "fine.toml").write_text(MILO_FILE.read_text(encoding="utf-8"))

    made, again = (run(tmp_path, "vignette", "preview", case, "--to", "x.pdf") for _ in range(2))

    assert (made.status, again.status) == (status, 2)
    assert [file.read_bytes()[:4] for file in tmp_path.glob("*.pdf")] == [b"%PDF"] * (status == 0)
