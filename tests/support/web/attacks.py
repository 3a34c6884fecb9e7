"""Dishonest web requests, each generated from a seed: forged, replayed, of another person or site, or stolen."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tests.support.web.browser import Browser
from tests.support.web.seeing import seen
from tests.support.web.serving import BADGE, KIM, SAM, Serving
from tests.support.web.wire import HOST, ORIGIN, Answer

COMMANDS = ("start", "lock", "panic", "erase", "cancel", "review", "room", "people", "pause", "join", "explain")
CODES = (
    "g:start",
    "g:erase",
    "s:school",
    "s:yes",
    "s:no",
    "x",
    "o:urgent:",
    "k:0:1",
    "y",
    "d:pdf",
    "a:remove:00000001",
)

ELSEWHERE = ("https://elsewhere.test", f"http://{HOST}", f"{ORIGIN}.elsewhere.test", f"{ORIGIN}:444", "null", "")
SITES = ("cross-site", "same-site", "none", "", "same-origin, cross-site")


@dataclass(frozen=True, slots=True)
class Scene:
    """Two people with a case each, and the forms that Kim's browser has sent."""

    serving: Serving
    sam: Browser
    kim: Browser
    past: tuple[Mapping[str, str], ...]
    """The forms that Kim's browser has sent, oldest first."""

    async def state(self) -> tuple[object, ...]:
        """Return the stored rows of both people, and the number of people in the store."""
        recall = self.serving.store.recall
        return (await recall(SAM), await recall(KIM), len(await self.serving.store.everyone()))


Attack = Callable[[Scene, random.Random], Awaitable[Answer]]


async def forged(scene: Scene, chance: random.Random) -> Answer:
    """Send a forged form to the person's own page, with an invalid nonce."""
    nonce = _spoilt(scene.sam.page.nonce, chance)
    return await scene.sam.wire.post("/", {"nonce": nonce, **_act(scene, chance)}, scene.sam.headers)


async def replayed(scene: Scene, chance: random.Random) -> Answer:
    """Send an earlier form of the same person again."""
    return await scene.kim.wire.post("/", chance.choice(scene.past), scene.kim.headers)


async def of_another_person(scene: Scene, chance: random.Random) -> Answer:
    """Send a form of another person, with one's own cookie."""
    fields = chance.choice((*scene.past, {"nonce": scene.kim.page.nonce, **_act(scene, chance)}))
    return await scene.sam.wire.post("/", fields, scene.sam.headers)


async def from_another_origin(scene: Scene, chance: random.Random) -> Answer:
    """Send a valid form, with headers that name another site as its origin."""
    fields = {"nonce": scene.kim.page.nonce, **_act(scene, chance)}
    cookie = {"Cookie": f"{BADGE}={scene.kim.badge}"}
    site, origin = chance.choice(SITES), chance.choice(ELSEWHERE)
    sent = {**cookie, **({"Sec-Fetch-Site": site} if site else {}), **({"Origin": origin} if origin else {})}
    return await scene.kim.wire.post("/", fields, sent)


async def from_an_older_tab(scene: Scene, chance: random.Random) -> Answer:
    """Press a button of an outdated card, with a valid nonce."""
    older = [each for each in scene.past if "press" in each]
    fields = {"nonce": scene.kim.page.nonce, "press": chance.choice(older)["press"]}
    return await scene.kim.wire.post("/", fields, scene.kim.headers)


async def stolen(scene: Scene, chance: random.Random) -> Answer:
    """Use a cookie that is no longer valid, to get a page or to send a form."""
    scene.serving.badges.taken.add("kim.old")
    headers = {**scene.kim.headers, "Cookie": f"{BADGE}=kim.old"}
    if chance.random() < 0.5:
        return await scene.sam.wire.get(chance.choice(("/", "/events", "/document/pdf")), headers)
    return await scene.sam.wire.post("/", {"nonce": scene.kim.page.nonce, **_act(scene, chance)}, headers)


ATTACKS: Mapping[str, Attack] = {
    "forged": forged,
    "replayed": replayed,
    "of another person": of_another_person,
    "from another origin": from_another_origin,
    "from an older tab": from_an_older_tab,
    "stolen": stolen,
}
"""Every kind of attack, by name."""


def shows_case_of(answer: Answer, reference: str) -> bool:
    """Return True if a page shows this reference in its text or title."""
    return reference in answer.text or reference in seen(answer.text).title


def _act(scene: Scene, chance: random.Random) -> dict[str, str]:
    kind = chance.randrange(5)
    if kind == 0:
        return {"command": chance.choice(COMMANDS), "words": chance.choice(("", "AB2CDE-F3GHJK", "<b>", "x" * 399))}
    if kind == 1:
        return {"press": f"{chance.randrange(12)}:{chance.choice(CODES)}"}
    if kind == 2:
        return {"press": chance.choice(scene.kim.page.presses)}
    if kind == 3:
        ticked = {f"tick-{chance.randrange(70)}": "1" for _ in range(chance.randrange(4))}
        return {"ticks": f"{chance.randrange(12)}", "rest": chance.choice(("no", "unknown", "=0", "x" * 60)), **ticked}
    return {"typed": "words"}


def _spoilt(nonce: str, chance: random.Random) -> str:
    """Return a nonce that is slightly wrong, or absurd."""
    at = chance.randrange(len(nonce))
    other = chance.choice([each for each in "AZaz09-_" if each != nonce[at]])
    return chance.choice(
        ("", nonce[:-1], nonce + "A", nonce[:at] + other + nonce[at + 1 :], "é" * 40, "=" * 40, "\0" * 40)
    )
