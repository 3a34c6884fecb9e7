"""What makes a walk readable for people keeps it exact for the tests: how its file is read, written, and brought up to date."""

from collections import Counter
from pathlib import Path

import pytest

from tests.support.counts import IS_FULL
from tests.support.walks.channels import channels_of, chosen, is_about_telegram
from tests.support.walks.core import replay
from tests.support.walks.model import TELEGRAM, TERMINAL, WEB, Block, Press, Walk
from tests.support.walks.reading import NoWalk, read_walk, walk_files
from tests.support.walks.showing import shown_by_the_core
from tests.support.walks.terminal import typed
from tests.support.walks.writing import written
from tests.walks import __main__ as command

HEAD = "Title: A walk\nWhen: Wednesday 4 March 2026, 10:20\nReference: BRISK OTTER 41\nShows: Something\n\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.walk"
    path.write_text(f"{HEAD}> /start\n\n> [Start] → [School] → [Neither]\n", encoding="utf-8")
    return path


def test_the_cards_are_put_in(file: Path) -> None:
    shown = shown_by_the_core(read_walk(file))

    assert shown.turns[1].seen[0] == Block("BRISK OTTER 41 · before we start 2 of 5")


def test_a_long_line_is_folded_and_read_whole(file: Path) -> None:
    shown = shown_by_the_core(read_walk(file))

    file.write_text(written(shown), encoding="utf-8")

    assert max(map(len, file.read_text(encoding="utf-8").splitlines())) <= 100
    assert read_walk(file).turns == shown.turns


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("# The bot sneezes.\n\n> /start\n", "no step"),
        ("Hello\n", "neither an act"),
        ("# It is now Tuesday 4 March 2026, 10:20.\n\n> /start\n", "this is a Wednesday"),
    ],
)
def test_what_is_no_walk_is_refused(file: Path, more: str, said: str) -> None:
    file.write_text(f"{HEAD}{more}", encoding="utf-8")

    with pytest.raises(NoWalk, match=said):
        read_walk(file)


def test_a_terminal_hears_labels_numbers_and_beginnings() -> None:
    scenes = replay(_walk("04-under-13"), TERMINAL)
    presses = {(scene.act, typed(scene, number)) for scene in scenes[1:] for number in range(3)}

    assert {(Press("Under 13"), line) for line in ("Under 13", "1", "un")} <= presses
    assert {(Press("6–12 months ago"), line) for line in ("6–12 months ago", "2", "6-")} <= presses
    assert {(Press("Not in 12 months"), line) for line in ("4", "not i")} <= presses


def test_the_command_says_which_walks_are_out_of_date(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "walk_files", lambda: [file])

    counts = [command.main([]), command.main(["--write"]), command.main([])]

    assert counts == [1, 0, 0]
    assert capsys.readouterr().out == "a.walk: out of date\na.walk: written\n"


def _walk(stem: str) -> Walk:
    return next(read_walk(path) for path in walk_files() if path.stem == stem)


def test_each_walk_is_played_in_a_channel_that_can_show_it_and_each_channel_in_its_turn() -> None:
    walks = [read_walk(path) for path in walk_files()]
    found = [(walk, chosen(number, walk)) for number, walk in enumerate(walks)]

    assert all(set(channels) <= set(channels_of(walk)) for walk, channels in found)
    assert {channels for walk, channels in found if is_about_telegram(walk) and not IS_FULL} <= {(TELEGRAM,)}
    counts = Counter(each for _, channels in found for each in channels)
    assert min(counts[each] for each in (TELEGRAM, TERMINAL, WEB)) >= len(walks) // 4
