"""The few pages of the way in, as HTML. Each says whom to ring, since nobody has to sign in for that."""

from bot.channels.web.page.fixed import urgent_words
from bot.channels.web.page.markup import Content, Markup, element
from bot.channels.web.page.whole import page, plain_page
from bot.runtime.clock import Clock, local_time
from dialogs.core.script import Script

SIGN_IN, CALLBACK, SIGN_OUT, SIGNED_OUT, BACK_CHANNEL = (
    *("/sign-in", "/callback", "/sign-out"),
    *("/signed-out", "/back-channel"),
)


def front_page(script: Script, clock: Clock) -> str:
    """What everybody sees who is not signed in."""
    return _page(script, clock, "front", _sign_in(script))


def refused_page(script: Script, clock: Clock, why: str) -> str:
    """That somebody was not signed in: by their own organisation (`failed`), by us (`away`), or by nobody who answers.

    Where the settings are wrong (`unset`), nobody is before whoever runs this puts them right.
    """
    return _page(script, clock, why, _sign_in(script))


def signed_out_page(script: Script, clock: Clock, leaving: str) -> str:
    """That somebody is signed out here; the organisation's sign-in may know them still, and is left by a link."""
    say = script.wording.say
    links = [element("p", element("a", say("browser.sign-in.leave"), href=leaving), class_="row")] if leaving else []
    return _page(script, clock, "out", *links, _sign_in(script))


def moving_on_page(script: Script) -> str:
    """A page that leads on by itself: a Strict cookie goes along from a page of ours, and not from the sign-in's redirect."""
    say = script.wording.say
    on = element("p", element("a", say("browser.go-on"), href="/"), class_="row")
    main = element("main", element("h1", say("browser.sign-in.in")), on, id="card")
    return page(script.wording, main, onto="/")


def sign_out_form(script: Script) -> Markup:
    """What stands under every card: signing out. It leaves the page, so that a script has no part in it."""
    button = element("button", script.wording.say("browser.sign-in.sign-out"))
    return element("form", element("p", button, class_="row"), method="post", action=SIGN_OUT, data_leaves=True)


def _page(script: Script, clock: Clock, name: str, *content: Content) -> str:
    say = script.wording.say
    about = element("p", say(f"browser.sign-in.{name}.text"))
    return plain_page(
        script.wording,
        about,
        *content,
        urgent_words(script, local_time(clock.now())),
        heading=say(f"browser.sign-in.{name}.title"),
    )


def _sign_in(script: Script) -> Markup:
    """A link, since a form would be held to go to us alone."""
    return element("p", element("a", script.wording.say("browser.sign-in.sign-in"), href=SIGN_IN), class_="row")
