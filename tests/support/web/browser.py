"""A simulated browser without JavaScript: it keeps a cookie, parses pages, and submits the form of a pressed button."""

from collections.abc import Mapping

from tests.support.web.seeing import Page, Widget, seen
from tests.support.web.serving import BADGE
from tests.support.web.wire import ORIGIN, Answer, Wire


class Browser:
    def __init__(self, port: int, badge: str = "sam", home: str = "/", *, cookie: str = BADGE) -> None:
        self.wire = Wire(port)
        self.badge = badge
        self.home = home
        self.jar = {cookie: badge}
        self.cookie = {"Cookie": f"{cookie}={badge}"}
        self.page = Page()
        self.answer = Answer(0, {}, b"")
        self.sent: Mapping[str, str] = {}
        self.origin = ORIGIN

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request from the browser's own page."""
        return {**self.cookie, "Sec-Fetch-Site": "same-origin", "Origin": self.origin}

    def origin_is(self, address: str) -> None:
        """Use this address of the pages in place of `ORIGIN`."""
        self.origin = address
        self.wire.host = address.partition("://")[2]

    def beside(self) -> "Browser":
        """Return a second connection of the same browser, with the same cookie."""
        other = Browser(self.wire.port)
        other.cookie, other.jar, other.home = self.cookie, self.jar, self.home
        other.origin_is(self.origin)
        return other

    async def open(self) -> Page:
        self.answer = self._kept(await self.wire.get(self.home, self.cookie))
        self.page = seen(self.answer.text)
        return self.page

    async def press(self, label: str) -> Page:
        """Press the button with this label, which must occur once. A choice or an answer to the rest is sent with its form.

        A check box is only ticked, and More only opened: neither sends anything.
        """
        if label == "More":
            self.page.is_more_open = True
            return self.page
        widget = self.page.widget(label)
        if widget.attributes.get("type") == "checkbox":
            self.tick(widget)
            return self.page
        return await self.submit(widget)

    def tick(self, box: Widget) -> None:
        """Tick a check box, or clear it if it is ticked. Nothing is sent."""
        ticked = box.node.attributes
        ticked.update({"checked": ""}) if "checked" not in ticked else ticked.pop("checked")

    def button(self, label: str) -> Widget:
        """Return the button with this label, which must occur once."""
        return self.page.widget(label)

    def form_of(self, label: str) -> dict[str, str]:
        """Return the form that a press on the button with this label sends."""
        return self.page.sent_by(self.page.widget(label))

    async def submit(self, button: Widget, **fields: str) -> Page:
        """Press a button. `fields` has what the person typed into the form."""
        return await self.send({**self.page.sent_by(button), **fields})

    async def give_pin(self, pin: str) -> Page:
        """Type a PIN into its field and send it, or tap its digits if the page has a keypad."""
        typed = next((each for each in self.page.fields if each.attributes.get("id") == "pin"), None)
        if typed is not None:
            return await self.submit(next(each for each in self.page.buttons if each.node.is_in("main")), pin=pin)
        for digit in pin:
            await self.press(digit)
        return self.page

    async def command(self, name: str, words: str = "") -> Page:
        """Send a command from the menu of the page."""
        return await self.send({"nonce": self.page.nonce, "command": name, "words": words})

    async def send(self, fields: Mapping[str, str]) -> Page:
        """Send a form, and follow the redirect to the next page."""
        self.sent = fields
        self.answer = self._kept(await self.wire.post(self.home, fields, self.headers))
        if self.answer.status == 303:
            return await self.open()
        self.page = seen(self.answer.text)
        return self.page

    async def send_on(self, fields: Mapping[str, str]) -> None:
        """Send a form without following the redirect."""
        self.sent = fields
        self.answer = self._kept(await self.wire.post(self.home, fields, self.headers))

    def _kept(self, answer: Answer) -> Answer:
        """Return the answer, with its cookie in the jar."""
        name, _, value = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")
        if name:
            self.jar[name] = value
            if value in ("", '""'):
                del self.jar[name]
            self.cookie["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        return answer

    async def close(self) -> None:
        await self.wire.close()
