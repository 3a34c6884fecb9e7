"""The pages of a trainer without an account: the console that leads a room and its projector, and the papers of the session."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import quote

from aiohttp import web

from bot.channels.turn_queue import read_press
from bot.channels.web.drawing import Pen
from bot.channels.web.guard import Buckets, form_of, html
from bot.channels.web.markup import Markup, element, together
from bot.channels.web.page import CONSOLE as HOME
from bot.channels.web.page import UNSCRIPTED, Bar, Frame, bar_of, card_page, striped
from bot.channels.web.rooms.guests import A_GUEST, CONSOLE, LONGEST_CODE, GuestInbox, hold, name_in
from bot.channels.web.rooms.screen_pages import HOME as PROJECTOR
from bot.channels.web.rooms.screen_pages import LinkedPages, lend, live, slide_parts, wall_page
from bot.rehearsal.rooms import LASTS, elapsed, screen_in, trainer_in
from bot.runtime.clock import local_time
from bot.runtime.logs import FaultLog
from bot.storage.passes import TRAINER, PassView
from dialogs.core.acts import Rehearse, code_of
from dialogs.core.page import Calls, More
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.guest.console import clock_line, is_leading, session_papers, trainer_card
from dialogs.rehearsal.guest.slides import RoomIs, Screen, Shows
from dialogs.rehearsal.together.stages_in_rooms import stage_line
from seraf.rehearsal.session_plan import MINUTES
from state_machines.rehearsal import Turn

RELEASING = code_of(Rehearse(Turn.RELEASE))
NAMED = (Shows.ASK, Shows.BARS, Shows.TALK, Shows.REVEAL)  # the kinds of slides that the button to them names
USUAL = 90  # minutes of the plan whose clock a console shows unless the trainer chooses another


MayLead = Callable[[web.Request, str], Awaitable[bool]]  # given a request and the nonce of its form


@dataclass(frozen=True, slots=True)
class TrainerPages(LinkedPages):
    """The pages of trainers."""

    key, home, cookies = "console", HOME, (CONSOLE,)
    bar: Callable[[], Bar]  # whom to call about a real child
    may_lead: MayLead | None = None  # says who may have a console by their own sign-in; None if nobody signs in
    trainers: Buckets = field(default_factory=lambda: Buckets(A_GUEST))
    faults: FaultLog = field(default_factory=lambda: FaultLog("no console served"), kw_only=True)

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses of these pages, with their handlers."""
        return [
            web.get(HOME, self.show),
            web.post(HOME, self.act),
            web.get(f"{HOME}/events", self.follow),
            web.get(f"{HOME}/paper/{{kind}}", self.send),
            web.get(f"{HOME}/{{token}}", self.ask),
            web.post(f"{HOME}/{{token}}", self.open),
        ]

    async def opened(self, inbox: GuestInbox, request: web.Request, nonce: str) -> tuple[str, timedelta]:
        """Open the console that was made with the link."""
        name, came = await inbox.open_console(nonce, token=request.match_info["token"])
        return name, timedelta() if came.kept is None else came.kept.until - inbox.now()

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return the console: what the projector shows with the trainer's notes, or the card of a stage without slides."""
        inbox, view = await self._view(request)
        if inbox is None or view is None:
            self.strangers.demand(self.site.sender_of(request))
            return self.plain("console.none", status=404)
        name, script = name_in(request, CONSOLE), inbox.trainer_script()
        screen, now, toast = screen_in(view, script), local_time(inbox.now()), inbox.toasts.read(request, name)
        practice = trainer_in(view, script)
        card = trainer_card(practice, script, now=now, card=view.kept.card)
        if is_leading(practice) and screen.phase is not RoomIs.OVER:
            clock = clock_line(elapsed(view, inbox.now()), script, minutes=plan_of(request))
            offers = tuple((each.code, each.label) for each in card.buttons if isinstance(each.act, Rehearse))
            drawn = _Console(view, script, inbox.nonce(name), screen, practice, offers, clock, plan_of(request))
            response = html(drawn.page(toast, address=self.site.address, bar=self.bar()))
        else:
            frame = Frame(script, HOME, inbox.nonce(name), toast=toast, bar=bar_of(script, now))
            response = html(card_page(card, replace(frame, files=UNSCRIPTED)))
        inbox.toasts.write(request, response, name)
        return response

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Press a button of the console, then redirect to it. Forms with anything else change nothing."""
        inbox, view = await self._view(request)
        fields, name = await form_of(request), name_in(request, CONSOLE)
        back = web.Response(status=303, headers={"Location": f"{HOME}?plan={plan_of(request)}"})
        if inbox is not None and view is None and "command" in fields:
            return await self._admitted(inbox, request, nonce=fields.get("nonce", ""), back=back)
        if inbox is None or view is None:
            return back
        self.trainers.demand(name)
        press, nonce = read_press(fields.get("press", "")), fields.get("nonce", "")
        if press is None or len(press[1]) > LONGEST_CODE:
            return back
        said = self.words.say("browser.old")
        if inbox.is_of(nonce, name):
            came = await inbox.lead(name, press, nonce=nonce)
            said = came.said
            if came.kept is not None and came.kept.until > view.kept.until:  # a room was opened
                lasts = came.kept.until - inbox.now()
                hold(request, back, cookie=CONSOLE, name=name, seconds=lasts.total_seconds())
        inbox.toasts.write(request, back, name, text=said)
        return back

    async def _admitted(
        self, inbox: GuestInbox, request: web.Request, *, nonce: str, back: web.Response
    ) -> web.Response:
        """Give a trainer who signed in a console of its own, which knows nothing of their account."""
        if self.may_lead is not None and await self.may_lead(request, nonce):
            name, _ = await inbox.admit(nonce)
            lend(request, back, cookie=CONSOLE, name=name, lasts=LASTS)
        return back

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Send what the console follows, at once and whenever it changes, until the page is closed."""

        async def look() -> tuple[str, Mapping[str, str]] | None:
            inbox, view = await self._view(request)
            if inbox is None or view is None:
                return None
            script = inbox.trainer_script()
            clock = clock_line(elapsed(view, inbox.now()), script, minutes=plan_of(request))
            stage = " ".join(stage_line(trainer_in(view, script), script))
            return view.kept.name, {**live(screen_in(view, script)), "clock": clock, "stage": stage}

        return await self.stream(request, look)

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Return a paper of the session as a download."""
        from bot.rehearsal.documents import MAKING  # slow to import, and needed by no other page

        inbox, view = await self._view(request)
        kind = request.match_info["kind"]
        if inbox is None or view is None or kind not in MAKING:
            raise web.HTTPNotFound
        script = inbox.trainer_script()
        file = await asyncio.to_thread(MAKING[kind], trainer_in(view, script), script)
        if file is None:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return web.Response(body=file.content, headers=headers, content_type="application/octet-stream")

    async def _view(self, request: web.Request) -> tuple[GuestInbox | None, PassView | None]:
        """Return the inbox and the trainer's pass. Each is None if there is none."""
        inbox, view = await self.pass_of(request)
        return inbox, view if view is not None and view.kept.host == TRAINER else None


def plan_of(request: web.Request) -> int:
    """Return for how many minutes the trainer has planned the session."""
    asked = request.query.get("plan", "")
    return next((minutes for minutes in MINUTES if str(minutes) == asked), USUAL)


@dataclass(frozen=True, slots=True)
class _Console:
    """What is needed to draw a console that leads a room. `offers` are the buttons of its stage: act code and label."""

    view: PassView
    script: Script
    nonce: str = field(repr=False)
    screen: Screen
    practice: Practice
    offers: tuple[tuple[str, str], ...]
    clock: str
    plan: int  # its length in minutes

    def page(self, toast: str, *, address: str, bar: Bar) -> str:
        """Return the console as a page."""
        say, screen = self.script.wording.say, self.screen
        slide = screen.slides[screen.at - 1]
        shown = slide_parts(slide, screen, self.script.wording, page=f"{address}/room")
        # Above the buttons: as a row of its own, it would push the slide below the overview.
        said = element("p", toast, class_="say", role="status") if toast else ""
        lines = (element("li", line) for line in slide.notes)
        notes = (element("h2", say("console.notes")), element("ul", *lines)) if slide.notes else ()
        plans = (element("a", say("console.plan", minutes=each), href=f"{HOME}?plan={each}") for each in MINUTES)
        real = More(say("leaf.real-child"), (Calls(bar.everybody),))
        main = element(
            "main",
            striped(" · ".join(filter(None, (say("rehearsal.head"), slide.about)))),
            element("p", element("b", self.clock, data_live="clock"), " ", *plans, class_="clock"),
            element("div", *shown, class_=f"shown shows-{slide.shows}"),
            element("section", said, self._turns(), *notes),
            element("section", element("h2", say("console.overview")), self._overview(), *self._ways()),
            Pen(0, "", "", "").part(real),
            id="slide",
            class_="console",
            data_home=HOME,
            data_phase=screen.phase,
            data_at=live(screen)["at"],
        )
        title = say("console.title")
        return wall_page(self.script.wording, main, title=title, again=20, look="console-page")

    def _turns(self) -> Markup:
        """Return the buttons that turn the slides, and instead of a closed answer the one that opens it for everybody."""
        say, screen, at = self.script.wording.say, self.screen, self.screen.at
        after = screen.slides[at] if at < len(screen.slides) else None
        buttons = [self._turn(at - 1, say("screen.earlier"), turn="prev")] if at > 1 else []
        is_closed = after is not None and after.shows is Shows.REVEAL and screen.is_held
        if is_closed:
            buttons += [self._button(*each, class_="main") for each in self.offers if each[0] == RELEASING]
            after = screen.slides[at + 1]  # after a closed answer there is always another slide
        if after is not None:
            label = say(f"console.to.{after.shows}") if after.shows in NAMED else say("screen.next")
            look = "" if is_closed else "main"
            buttons.append(self._turn(at + (2 if is_closed else 1), label, turn="next", class_=look))
        counted = element("span", say("screen.place", number=at, of=len(screen.slides)))
        return self._form(*buttons, counted, class_="row")

    def _overview(self) -> Markup:
        """Return a button for each topic, which jumps to its first slide."""
        slides, at = self.screen.slides, self.screen.at
        begins = [number for number, slide in enumerate(slides, 1) if slide.topic]
        here = max((number for number in begins if number <= at), default=1)
        jumps = (self._turn(each, slides[each - 1].topic, is_here=each == here) for each in begins)
        return self._form(*jumps, class_="jumps")

    def _ways(self) -> Iterator[Markup]:
        """Yield what else a trainer can do: the projector's window, the buttons of the stage, and the papers."""
        say = self.script.wording.say
        projector = element("a", say("console.projector"), href=PROJECTOR, target="projector", class_="button")
        yield element("p", projector, class_="row")
        yield from (element("p", each, data_live="stage") for each in stage_line(self.practice, self.script))
        yield self._form(*(self._button(*each) for each in self.offers), class_="row")
        papers = (
            element("li", element("a", label, href=f"{HOME}/paper/{kind}", download=True))
            for kind, label in session_papers(self.practice, self.script)
        )
        yield element("details", element("summary", say("button.papers")), element("ul", *papers))

    def _turn(self, number: int, label: str, *, turn: str = "", class_: str = "", is_here: bool = False) -> Markup:
        code = code_of(Rehearse(Turn.PAGE, str(number)))
        return self._button(code, label, turn=turn, class_=class_, is_here=is_here)

    def _button(self, code: str, label: str, *, turn: str = "", class_: str = "", is_here: bool = False) -> Markup:
        return element(
            "button",
            label,
            name="press",
            value=f"{self.view.kept.card}:{code}",
            data_turn=turn or None,
            class_=class_ or None,
            aria_current="true" if is_here else None,
        )

    def _form(self, *content: Markup, class_: str) -> Markup:
        nonce = element("input", type="hidden", name="nonce", value=self.nonce)
        action = f"{HOME}?plan={self.plan}"
        return element("form", nonce, together(*content), method="post", action=action, class_=class_)
