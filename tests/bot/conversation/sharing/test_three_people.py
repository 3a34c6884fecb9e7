"""Three people play whole cases in plain text: at the store, in Telegram, on pages, and some here and some there."""

from pathlib import Path

import pytest

from tests.support.counts import IS_FULL
from tests.support.second_look.places import at_the_store, channels
from tests.support.second_look.transcript import NAMES, played, read, transcripts

PLACES = {
    "telegram": frozenset[str](),
    "pages": frozenset(NAMES),
    "worker-on-pages": frozenset({"Sam"}),
    "others-on-pages": frozenset({"Dana", "Jo"}),
}
each_transcript = pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
EACH = [(number, name) for number in range(len(transcripts())) for name in PLACES]
FEW = [(0, "telegram"), (3, "others-on-pages"), (4, "pages"), (5, "telegram"), (9, "worker-on-pages"), (11, "telegram")]


@each_transcript
async def test_the_store_says_what_the_transcript_says(path: Path) -> None:
    transcript = read(path)

    assert await at_the_store(transcript) == transcript.text


@pytest.mark.prove
@pytest.mark.parametrize(("number", "where"), EACH if IS_FULL else FEW)
async def test_chats_and_pages_show_what_the_transcript_says(number: int, where: str, tmp_path: Path) -> None:
    transcript = read(transcripts()[number])

    async with channels(transcript, tmp_path, on_pages=PLACES[where]) as place:
        assert await played(transcript, place) == transcript.text
