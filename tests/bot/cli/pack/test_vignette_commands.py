"""Tests of `seraf-bot vignette`: a made-up case typed in, with errors and interruptions, or checked and previewed."""

import errno
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.runtime.packs import SHIPPED
from dialogs.rehearsal.writing.form import (
    after_answer_typed,
    form_mistakes,
    keyed_so_far,
    next_question,
    written_vignette,
)
from dialogs.rehearsal.writing.question import Given, cited_by, numbered, numbers_in
from seraf.cases.vignette import Keyed, Part, Vignette
from seraf.reading.cases.vignettes import read_vignette
from tests.support.command_line.cli import Ran, run
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, PACK, SCRIPT, WORDING
from tests.support.talk.authors import Answered, Author, answered_by

ADA = next(each for each in PACK.vignettes if each.id == "ada")
ADA_FILE = SHIPPED / "vignettes" / "ada.toml"


@cache
def ada_typed() -> tuple[tuple[Answered, ...], Given]:
    return answered_by(Author(ADA))


def lines() -> list[str]:
    return [each.line for each in ada_typed()[0]]


def types(folder: Path, lines: Sequence[str]) -> Ran:
    return run(folder, "vignette", "new", "own.toml", typed="".join(f"{line}\n" for line in lines).encode())


def written(folder: Path) -> Vignette:
    content = (folder / "own.toml").read_bytes()
    return read_vignette("own.toml", content, INSTRUMENT, guidance=PACK.guidance)


def at(name: str) -> int:
    return [each.name for each in ada_typed()[0]].index(name)


def test_a_whole_case_is_written_with_stops_and_slips_and_loads(tmp_path: Path) -> None:
    typed, first, second = lines(), at("part-4-text"), at("S2/cites")
    slips = ["", "x" * 800, "What is typed too early.", "back"]
    later = ["story", "99", "again nothing", "again M5", *typed[at("M5") : at("M5") + 4]]

    begun = types(tmp_path, [*typed[:first], *slips])
    more = types(tmp_path, [*typed[first:second], *later])
    draft = json.loads((tmp_path / "own.toml.draft").read_text(encoding="utf-8"))
    done = types(tmp_path, typed[second:])

    assert [each.status for each in (begun, more, done)] == [0, 0, 0]
    assert "Go on with: seraf-bot vignette new own.toml" in begun.out
    assert "Going on with “The game after school”" in more.out
    assert "1. Ada is 11." in more.out
    assert "“nothing” is not answered yet" in more.out
    assert len(draft) == second
    assert "is written: 17 points, Category 4." in done.out
    assert not (tmp_path / "own.toml.draft").exists()
    own = written(tmp_path)
    result = {each.place: replace(each, rules=tuple(sorted(each.rules))) for each in ADA.key.keyed}
    assert {each.place: replace(each, rules=tuple(sorted(each.rules))) for each in own.key.keyed} == result
    assert replace(own, id=ADA.id, key=ADA.key) == ADA
    assert (
        run(tmp_path, "vignette", "check", "own.toml").out
        == "own.toml: “The game after school”, 17 points, Category 4. In order.\n"
    )


def test_a_full_disk_at_the_end_loses_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.rehearsal.typed_files.write_private", refuse)
    ran = types(tmp_path, lines())
    monkeypatch.undo()

    assert "Every answer is in own.toml.draft" in ran.err
    assert "is written: 17 points, Category 4." in types(tmp_path, []).out


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("id", "two words", "Up to 16 letters"),
        ("id", "ada", "has a case “ada” already"),
        ("title", "x" * 41, "41 characters; at most 40 fit"),
        ("warning", "It is about S2.", "a code that nobody sees"),
        ("about", "A girl\u200b.", "characters that nobody sees"),
        ("themes", "1, 99", "Numbers from 1 to"),
        ("part-2-text", "word " * 260, "at most 250 can be read"),
        ("part-3-title", "", "This needs an answer."),
        ("age", "z", "One of these letters: a b c d ?"),
        ("danger/cites", "3-40", "The number of a sentence"),
        ("V4/cites", "", "has to rest on a sentence"),
        ("V3/other", "?", "One of these letters: y n"),
        ("V3/because", "", "This needs an answer."),
        ("first-call", "f", "That does not follow from the answers. These would: b ART"),
        ("rules", "0", "Numbers from 1 to"),
    ],
)
def test_a_wrong_answer_is_reported_at_once_and_changes_nothing(name: str, line: str, said: str) -> None:
    given = ada_typed()[0][at(name)].before

    after = after_answer_typed(given, line, SCRIPT)

    assert said in after.said
    assert after.given == given


def test_an_answer_that_another_made_wrong_is_asked_again() -> None:
    assert next_question(ada_typed()[1], SCRIPT) is None

    given = after_answer_typed(ada_typed()[1], "again part-1-text", SCRIPT).given
    given = after_answer_typed(given, "Ada is 11. " + "Her father is kind. " * 20, SCRIPT).given
    asked = next_question(given, SCRIPT)

    assert asked is None or asked.name.endswith(("/cites", "-text", "-title"))
    assert after_answer_typed(given, "again S2", SCRIPT).given.keys() == {
        each for each in given if each.partition("/")[0] != "S2"
    }


def test_remaining_faults_are_listed_at_the_end_and_can_be_corrected(tmp_path: Path) -> None:
    types(tmp_path, lines()[:-1])
    draft = tmp_path / "own.toml.draft"
    kept = json.loads(draft.read_text(encoding="utf-8"))
    draft.write_text(json.dumps({**kept, "title": "x" * 50}), encoding="utf-8")

    wrong = types(tmp_path, lines()[-1:])
    left = (tmp_path / "own.toml").exists()
    right = types(tmp_path, ["again title", ADA.title])

    assert "own.title: 50 characters; at most 40 fit" in wrong.out
    assert "Type “again” and a name" in wrong.out
    assert not left
    assert right.status == 0
    assert written(tmp_path).title == ADA.title


def test_an_existing_file_is_kept_and_an_invalid_draft_writes_none(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("mine", encoding="utf-8")
    there = types(tmp_path, lines())
    (tmp_path / "own.toml").unlink()
    (tmp_path / "own.toml.draft").write_text("[1]", encoding="utf-8")
    none = types(tmp_path, lines())

    assert (there.status, "own.toml is there already" in there.err) == (2, True)
    assert (none.status, "cannot be read as a draft" in none.err) == (2, True)
    assert (tmp_path / "own.toml.draft").read_text(encoding="utf-8") == "[1]"


def test_all_faults_of_all_files_are_named_with_their_paths(tmp_path: Path) -> None:
    text = ADA_FILE.read_text(encoding="utf-8")
    (tmp_path / "one.toml").write_text(text.replace('age = "under-13"', 'age = "11"').replace("about", "abuot", 1))
    (tmp_path / "two.toml").write_text(text.replace("total = 17", "total = 15"))
    (tmp_path / "fine.toml").write_text(text)

    ran = run(tmp_path, "vignette", "check", "one.toml", "two.toml", "fine.toml")
    gone = run(tmp_path, "vignette", "check", "none.toml")

    assert ran.status == 2
    assert "fine.toml: “The game after school”" in ran.out
    for fault in (
        "one.toml.about: missing",
        "one.toml.abuot: not a key",
        "one.toml.key.age: '11'",
        "two.toml.key.total: 15",
    ):
        assert fault in ran.err
    assert (gone.status, "none.toml: cannot be read" in gone.err) == (2, True)


def test_a_preview_is_written_to_a_new_pdf(tmp_path: Path) -> None:
    (tmp_path / "fine.toml").write_text(ADA_FILE.read_text(encoding="utf-8"))

    made, again = (run(tmp_path, "vignette", "preview", "fine.toml", "--to", "x.pdf") for _ in range(2))

    assert (made.status, again.status) == (0, 2)
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def test_sentences_are_numbered_as_a_reader_would_part_them() -> None:
    texts = ["She wakes to see “if Max is on”. The nurse said: “No.” At 1.30 she slept!", "He left. Why?"]

    assert [each.partition(". ")[2] for each in numbered(texts)] == [
        "She wakes to see “if Max is on”.",
        "The nurse said: “No.”",
        "At 1.30 she slept!",
        "He left.",
        "Why?",
    ]
    assert cited_by("2-3", texts) == "The nurse said: “No.” At 1.30 she slept!"
    assert [cited_by(each, texts) for each in ("3-4", "6", "0", "1, 3", "", "x")] == [None] * 6
    assert numbers_in("5-8, 13 2") == (5, 6, 7, 8, 13, 2)
    assert [cited_by(each, ["“He is kind. He pays.”"]) for each in ("1", "2", "1-2")] == [
        *("He is kind.", "He pays."),
        "“He is kind. He pays.”",
    ]


def test_a_case_of_four_parts_in_a_pack_that_asks_nothing_else() -> None:
    now = Part("Now", " ".join(part.text for part in ADA.parts[3:]))
    own = replace(ADA, parts=(*ADA.parts[:3], now))
    pack = replace(PACK, guidance=replace(PACK.guidance, circumstances=()))
    script = replace(SCRIPT, pack=pack)
    author = Author(own)
    author.silence = "every item is answered by itself"
    _, given = answered_by(author, script)

    left_over = {**given, "part-5-title": "", "part-5-text": "Begun, and given up."}
    assert written_vignette(left_over, script).parts == own.parts
    assert "beside" not in given
    assert after_answer_typed(given, "more", script).said == WORDING.say("writing.all-answered")
    assert after_answer_typed(given, "back", script).given.keys() < given.keys()
    assert after_answer_typed({}, "back", script).said == WORDING.say("writing.at-start")


def test_a_fifth_part_needs_words_enough_and_half_a_key_describes_half_a_case() -> None:
    given = {f"part-{number}-{kind}": "Short." for number in range(1, 5) for kind in ("title", "text")}
    around = {"id": "own", "title": "A", "about": "B", "warning": "C", "themes": "", "part-5-title": "D"}

    fifth = after_answer_typed({**given, **around}, "Short too.", SCRIPT)
    fourth = after_answer_typed({**{name: given[name] for name in given if "-4-" not in name}, **around}, "", SCRIPT)

    assert "it needs at least 120" in fifth.said
    assert "it needs at least 120" in fourth.said
    assert keyed_so_far({"danger": "n", "silent": "1"}, SCRIPT) == (
        Keyed("V1", "not-known", ""),
        Keyed("danger", "no", ""),
    )


@each_seed(len(PACK.vignettes), 1)
def test_every_shipped_case_can_be_typed_in_and_comes_out_the_same(seed: int) -> None:
    made = PACK.vignettes[-1 - seed]
    _, given = answered_by(Author(made))

    own = written_vignette(given, SCRIPT)

    assert form_mistakes(given, SCRIPT) == ()
    assert replace(own, id=made.id, key=made.key) == made
    assert {each.place for each in own.key.keyed} == {each.place for each in made.key.keyed}
    for each in own.key.keyed:
        said = made.key.of(each.place)
        assert said is not None
        assert said.cites in each.cites
        assert {*each.rules} == {*said.rules}
        assert replace(each, cites=said.cites, rules=said.rules) == said
