"""Tests that a summary can be downloaded only by its own person, only while it is pending, and is stored nowhere."""

import pytest

from dialogs.core.role import Role
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import replayed
from tests.support.walks.model import WEB, Press
from tests.support.walks.reading import read_walk, walk_files
from tests.support.web.browser import Browser
from tests.support.web.others import OthersBeside
from tests.support.web.serving import BADGE, KIM, SAM, let_in, made
from tests.support.web.walker import Browsing

SUMMARY = next(path for path in walk_files() if path.stem == "62-a-summary")
WALK = read_walk(SUMMARY)


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(WALK.at, WALK.reference)


async def test_a_summary_is_a_file_for_its_person_alone(around: Surroundings) -> None:
    script = script_of(WEB, WALK)
    house = made(around, script=script)
    await let_in(house, [SAM, KIM], role=Role(WALK.role), now=around.now())
    async with house.listening():
        sam = Browser(house.port)
        await sam.open()
        browsing = Browsing(sam, around, OthersBeside(house), script)
        for scene in replayed(SUMMARY, WEB):
            await browsing.play(scene)
            if isinstance(scene.act, Press) and scene.act.label == "Text":
                break
        (link,) = [each for each in sam.page.links if "download" in each.attributes]
        assert (link.words, link.attributes["href"]) == ("Save the summary (text)", "/document/text")

        mine = await sam.wire.get("/document/text", sam.headers)
        theirs = await sam.wire.get("/document/text", {**sam.headers, "Cookie": f"{BADGE}=kim"})
        nobodys = await sam.wire.get("/document/text", {})
        not_asked_for = await sam.wire.get("/document/pdf", sam.headers)

        assert mine.status == 200
        assert WALK.reference in mine.text
        assert mine.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert mine.headers["cache-control"] == "no-store"
        assert (theirs.status, nobodys.status, not_asked_for.status) == (303, 303, 303)
        await sam.press("Lock")
        assert (await sam.wire.get("/document/text", sam.headers)).status == 303
        assert [each for each in sam.page.links if "download" in each.attributes] == []
        await sam.close()
