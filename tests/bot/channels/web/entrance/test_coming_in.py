"""Tests of signing in with the organisation's provider: cookies, pages, identity, and who is admitted."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.access.account import MOST_TRIES, Removed, read_account
from bot.access.admission import Invitation
from bot.channels.web import entrance
from bot.channels.web.guard import Rate
from bot.conversation.changes import removal
from bot.runtime.person_id import PersonId
from bot.storage.tables.admission import TRIES
from bot.storage.values import Inbound
from dialogs.core.role import Role
from tests.support.people.accounts import altered
from tests.support.people.admitting import access, admit
from tests.support.store.builders import sign_in_of
from tests.support.web.seeing import seen
from tests.support.web.signing_in import Browser, House, opened

ROLES = (("practitioner", "workers"), ("manager", "leads"))
TITLE = "You are not signed in"
RINGS = "href=tel:999>999<"


def heading(text: str) -> str:
    return text.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]


async def admitted(house: House) -> Browser:
    await admit(house.serving.store, [house.person], access(house.serving.keys, at=house.around.now()))
    return await house.signed_in()


async def test_a_visitor_who_is_not_signed_in_sees_the_way_in_and_whom_to_call(house: House) -> None:
    """“Sign in” is a link and no form, because the content security policy lets forms be sent to this site alone."""
    seen = await house.browser().get("/")

    assert '<a href="/sign-in"' in seen.text
    assert "<form" not in seen.text
    assert RINGS in seen.text


async def test_the_browser_is_sent_there_with_a_cookie_that_comes_back(house: House) -> None:
    """The cookie is `SameSite=Lax`, lasts ten minutes, is sent to this host alone and is hidden from scripts."""
    sent = await house.browser().get("/sign-in")

    assert sent.status == 303
    assert sent.headers["Location"].startswith(f"{house.there.issuer}/authorize?")
    assert sent.headers["Cache-Control"] == "no-store"
    cookie = sent.cookies["__Host-o"]
    assert (cookie["samesite"], cookie["max-age"], cookie["path"], cookie["domain"]) == ("Lax", "600", "/", "")
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie.value not in sent.headers["Location"]


async def test_the_way_back_ends_at_a_page_that_reloads(house: House) -> None:
    """The browser would not send a `SameSite=Strict` cookie after a redirect. The referrer policy hides the address."""
    answer = await house.come_back(house.browser())

    assert (answer.status, "Location" in answer.headers) == (200, False)
    assert '<meta http-equiv=refresh content="0; url=/">' in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.cookies["__Host-s"]
    assert (cookie["samesite"], cookie["max-age"], cookie["path"], cookie["domain"]) == ("Strict", "43200", "/", "")
    assert cookie["httponly"]
    assert cookie["secure"]
    assert answer.cookies["__Host-o"]["max-age"] == "0"


async def test_an_invitation_lets_somebody_in_who_was_never_admitted(house: House) -> None:
    invitation = Invitation("0a0b0c0d", Role.PRACTITIONER)
    store, until = house.serving.store, house.around.now() + timedelta(days=1)
    await store.write(lambda t: t.invitation_codes.issue("ABCDEFGHJKMNPQ", invitation.text(), until=until))
    own, house.there.subject = house.there.subject, "bea"
    other = await house.signed_in()
    wrong = seen((await other.get("/")).text)
    for number in range(TRIES + 1):
        await other.post("/", {"nonce": wrong.nonce, "command": "start", "words": f"WRNG-{number:04}"})
    house.there.subject = own
    browser = await house.signed_in()
    page = seen((await browser.get("/")).text)
    assert heading((await browser.get("/")).text) == "No access yet"
    assert await store.recall(house.person) is None

    await browser.post("/", {"nonce": page.nonce, "command": "start", "words": "ABCD-EFGH-JKMN-PQ"})

    assert (await house.standing()).audit_id == "0a0b0c0d"
    assert heading((await browser.get("/")).text) != "No access yet"
    assert await house.said() == ["admitted"]
    await house.signed_in()
    assert await house.said() == ["admitted", "signed-in"]


async def test_a_person_is_the_issuer_and_the_subject_and_nothing_else(house: House) -> None:
    first = house.person
    browser = await admitted(house)
    house.there.more = {"email": "b@example.org", "name": "B", "preferred_username": "b"}
    await house.come_back(browser)
    house.there.subject, house.there.more = "bea", {"email": "a@example.org", "name": "A"}
    other = await house.signed_in()

    people = {record.person for record, _ in await house.serving.store.everyone()}

    assert people == {first}
    assert heading((await other.get("/")).text) == "No access yet"
    assert first == str(PersonId.on_web(house.there.issuer, "ada")) != str(PersonId.on_web("https://x.example", "ada"))
    assert PersonId.on_web("ab", "c") != PersonId.on_web("a", "bc")
    # Of “ada” alone nothing could be said: all its letters are hexadecimal digits, and stand there by chance now and then.
    assert "somebody" not in str(PersonId.on_web(house.there.issuer, "somebody"))
    assert re.fullmatch(r"web:[0-9a-f]{32}", first)


async def test_a_group_lets_somebody_in_and_changes_their_role() -> None:
    async with opened(oidc_roles=ROLES) as house:
        house.there.more = {"groups": ["others", "workers"]}
        first = await house.signed_in()
        assert (await house.standing()).admission.role is Role.PRACTITIONER
        assert heading((await first.get("/")).text) != "No access yet"

        house.there.more = {"groups": ["workers", "leads"]}
        await house.signed_in()
        assert (await house.standing()).admission.role is Role.MANAGER
        assert (await house.standing()).door.is_locked
        house.there.more = {"groups": ["others"]}
        away = await house.come_back(house.browser())

        assert (away.status, heading(away.text)) == (403, "You have no access")
        assert "__Host-s" not in away.cookies
        assert "Sign in" in (await first.get("/")).text
        assert await house.said() == ["admitted", "signed-in", "role-manager", "signed-in"]


async def test_a_group_renews_only_people_that_it_admitted() -> None:
    async with opened(oidc_roles=ROLES) as house:
        house.there.more = {"groups": "workers"}
        await house.signed_in()
        first = await house.standing()
        house.around.pass_seconds(86_400)
        await house.signed_in()
        assert (await house.standing()).admission.until == first.admission.until + timedelta(days=1)

        house.there.subject = "bea"
        await admitted(house)
        before = await house.standing()
        house.there.more = {"groups": ["leads"]}
        await house.signed_in()
        after = await house.standing()
        assert (after.admission.role, after.admission.until, after.admission.is_vouched) == (
            before.admission.role,
            before.admission.until,
            False,
        )
        house.there.more = {}
        await house.signed_in()


async def test_a_removed_person_is_out_at_the_next_request_and_cannot_return(house: House) -> None:
    first, second = await admitted(house), await house.signed_in()
    now = house.around.now()

    await house.serving.store.turns([Inbound("remove", now, house.person, removal(now), None)])

    for browser in (first, second):
        assert "Sign in" in (await browser.get("/")).text
        assert await sign_in_of(house.serving.store, browser.jar["__Host-s"], now) is None
    away = await house.come_back(first)
    assert (away.status, heading(away.text)) == (403, "You have no access")
    assert isinstance(read_account((await house.record()).access), Removed)


async def test_a_page_that_was_left_locks_and_opens_with_the_pin(house: House) -> None:
    """The person stays signed in. Signing in again does not unlock: a browser may do that for whoever uses it next."""
    browser = await admitted(house)
    open_title = heading((await browser.get("/")).text)
    house.around.pass_seconds(11 * 60)

    locked = await browser.get("/")

    assert heading(locked.text) != open_title
    assert "<button" in locked.text
    again = await house.signed_in()
    assert heading((await again.get("/")).text) == heading(locked.text)


async def test_sign_in_unlocking_needs_no_pin() -> None:
    async with opened(oidc_roles=ROLES, oidc_unlock="sign-in") as house:
        house.there.more = {"groups": ["workers"]}
        refused = await house.come_back(house.browser())
        assert (refused.status, heading(refused.text)) == (403, TITLE)

        house.there.more |= {"auth_time": house.around.now().timestamp()}
        browser = await house.signed_in()
        page = seen((await browser.get("/")).text)
        agree = page.widget("I understand")
        await browser.post("/", {"nonce": page.nonce, agree.attributes["name"]: agree.attributes["value"]})
        access = await house.standing()
        assert (access.pin.hash, access.door.is_locked, access.door.noticed is not None) == ("", False, True)
        open_title = heading((await browser.get("/")).text)

        house.around.pass_seconds(11 * 60)
        assert "Sign in</a>" in (await browser.get("/")).text
        stale = await house.come_back(browser)
        assert stale.status == 403
        house.there.more |= {"auth_time": house.around.now().timestamp()}
        await house.come_back(browser)
        assert heading((await browser.get("/")).text) == open_title


async def test_signing_in_opens_no_page_that_is_barred() -> None:
    async with opened(oidc_roles=ROLES, oidc_unlock="sign-in") as house:
        standing = access(house.serving.keys, at=house.around.now())
        await admit(house.serving.store, [house.person], altered(standing, tries=MOST_TRIES))
        house.there.more = {"groups": ["workers"], "auth_time": house.around.now().timestamp()}

        await house.come_back(house.browser())

        assert (await house.standing()).pin.tries == MOST_TRIES


@pytest.mark.parametrize("change", [{"code": ""}, {"state": "x"}, {"iss": "https://other.example"}, {"error": "x"}])
async def test_a_wrong_callback_leads_back_to_the_sign_in_page(house: House, change: dict[str, str]) -> None:
    browser = house.browser()
    back = await house.there.let_in((await browser.get("/sign-in")).headers["Location"])

    answer = await browser.get(f"/callback?{'&'.join(f'{name}={value}' for name, value in (back | change).items())}")

    assert (answer.status, heading(answer.text)) == (403, TITLE)
    assert "__Host-s" not in answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert RINGS in answer.text


async def test_another_browser_and_a_name_twice_sign_nobody_in(house: House) -> None:
    """A forwarded link finds no matching cookie, so it signs nobody in. A query with two codes is refused."""
    browser = house.browser()
    back = await house.there.let_in((await browser.get("/sign-in")).headers["Location"])
    query = f"/callback?state={back['state']}&code={back['code']}"

    assert (await house.browser().get(query)).status == 403
    assert (await browser.get(f"{query}&code=other")).status == 403
    assert await house.said() == []


async def test_an_unreachable_sign_in_or_store_is_reported_and_recovers(house: House) -> None:
    browser = house.browser()
    house.there.errs.is_down = True
    down = await browser.get("/sign-in")
    assert (down.status, heading(down.text)) == (503, "Nobody can sign in just now")
    assert RINGS in down.text

    house.there.errs.is_down = False
    house.around.pass_seconds(1)
    sent = await browser.get("/sign-in")
    back = await house.there.let_in(sent.headers["Location"])
    house.is_open = False
    assert (await browser.get("/sign-in")).status == 503
    assert (await browser.get(f"/callback?{urlencode(back)}")).status == 503
    house.is_open = True
    assert (await house.come_back(browser)).status == 200


async def test_a_sign_in_that_fails_is_asked_less_and_less(house: House) -> None:
    browser, asked = house.browser(), []
    house.there.errs.is_down = True

    for _ in range(10):
        for path in ("/sign-in", "/signed-out", "/sign-in"):
            await browser.get(path)
        asked.append(house.there.times("/.well-known/openid-configuration"))
        house.around.pass_seconds(1)
    house.around.pass_seconds(60)
    house.there.errs.is_down = False

    assert asked == [1, 2, 2, 3, 3, 3, 3, 4, 4, 4]
    assert (await browser.get("/sign-in")).status == 303
    assert "leave" in (await browser.get("/signed-out")).text


async def test_a_wrong_client_secret_does_not_count_as_a_failed_sign_in() -> None:
    async with opened(oidc_secret="a-wrong-one") as house:
        with capture_logs() as logs:
            answers = [await house.come_back(house.browser()) for _ in range(2)]

    assert [(each.status, heading(each.text)) for each in answers] == [(503, "Signing in does not work")] * 2
    assert RINGS in answers[0].text
    assert "__Host-s" not in answers[0].cookies
    assert [each["event"] for each in logs] == ["sign-in settings are wrong"]
    assert "a-wrong-one" not in repr(logs)


async def test_the_log_reports_when_settings_are_correct_again(house: House) -> None:
    client, house.there.secret = house.there.secret, "another"
    with capture_logs() as logs:
        await house.come_back(house.browser())
        await house.browser().get("/sign-in")
        house.there.secret = client
        await house.signed_in()

    assert [each["event"] for each in logs] == ["sign-in settings are wrong", "over: sign-in settings are wrong"]


async def test_no_log_reveals_who_signed_in_or_how(house: House) -> None:
    house.there.more = {"groups": ["a-group"], "email": "mail@example.org"}
    with capture_logs() as logs:
        browser = house.browser()
        back = await house.there.let_in((await browser.get("/sign-in")).headers["Location"])
        await browser.get(f"/callback?state={back['state']}&code={back['code']}")
        away = await browser.get(f"/callback?state={back['state']}&code={back['code']}")
        secret, token = browser.jar["__Host-s"], house.there.signer.logout_token(sub="ada", nonce="n")
        await browser.post("/back-channel", {"logout_token": token}, origin="")
        house.there.errs.is_down = True
        house.around.pass_seconds(3600)
        await browser.get("/sign-in")

    said = repr(logs)
    words = ["ada", house.person, *back.values(), secret, token, "a-group", "mail@example.org", "sid-1"]
    assert away.status == 403
    assert len(logs) == 3
    assert [word for word in words if word in said] == []


async def test_nobody_floods_the_sign_in_through_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "A_STRANGER", Rate(at_once=5, a_second=0.001))
    with capture_logs() as logs:
        async with opened() as house:
            browser = house.browser()
            sent = await browser.get("/sign-in")
            state = (await house.there.let_in(sent.headers["Location"]))["state"]
            cookie, statuses = dict(browser.jar), []
            for number in range(10):
                browser.jar = dict(cookie)
                statuses.append((await browser.get(f"/callback?state={state}&code={number}")).status)

            assert statuses == [403] * 4 + [429] * 6
            assert house.there.times("/token") == 4
            refused = await browser.get(f"/callback?state={state}&code=10")
            assert (refused.status, refused.headers["Referrer-Policy"]) == (429, "no-referrer")
            assert {(await browser.get(path)).status for path in ("/sign-in", "/signed-out")} == {429}

    assert [(each["event"], each.get("fault")) for each in logs] == [
        ("not signed in", "code refused"),
        ("page refused", None),
    ]
