"""Every recorded conversation (walk), except one with a sent photo, plays over HTTP in a browser without JavaScript."""

import pytest

from tests.support.walks.channels import played_in
from tests.support.walks.core import replayed
from tests.support.walks.model import WEB, Walk
from tests.support.walks.reading import read_walk, walk_files
from tests.support.web.walker import browse_all, browsing, is_for_a_browser

FILES = {path.stem: path for path in walk_files()}
WALKS = {stem: walk for stem, path in FILES.items() if is_for_a_browser(walk := read_walk(path))}

LEFT_OUT = {"20-typed-text-and-a-photo"}


def test_nearly_every_walk_is_for_a_browser() -> None:
    assert FILES.keys() - WALKS.keys() == LEFT_OUT


@pytest.mark.prove
@pytest.mark.parametrize("stem", played_in(WEB))
async def test_a_browser_shows_what_the_core_shows(stem: str) -> None:
    walk: Walk = WALKS[stem]
    scenes = replayed(FILES[stem], WEB)

    async with browsing(walk) as browser:
        assert await browse_all(browser, scenes) == {}
