"""Tests that a valid sign-in is accepted, and that each single mismatch is refused."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey

from bot.runtime.errors import SettingsFault
from bot.sign_in import provider as provider_module
from bot.sign_in.provider import Amiss, NotSignedIn, ProviderFault
from bot.sign_in.relying import Client
from tests.bot.sign_in.conftest import OURS, TRIPS, Visit, refusal
from tests.fakes.openid.provider import FakeProvider
from tests.fakes.openid.signing import FIRST, SECOND

Err = Callable[[FakeProvider], object]


def set_all(of: object, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(of, name, value)


def overriding(**claims: Any) -> Err:
    return lambda there: there.signer.overrides.update(claims)


def setting(**errors: Any) -> Err:
    return lambda there: set_all(there.errs, errors)


def signing(**ways: Any) -> Err:
    return lambda there: set_all(there.signer, ways)


async def why(visit: Visit) -> Amiss | None:
    return await refusal(visit.come())


async def test_a_visitor_is_identified_by_their_subject(visit: Visit) -> None:
    visit.there.more = {"groups": ["one"]}

    first, second = await visit.come(), await visit.come()

    assert (first.subject, first.sid, first.claims["groups"]) == ("ada", "sid-1", ["one"])
    assert second.subject == first.subject
    one, other = visit.there.authorizations
    assert one["scope"] == "openid"
    assert all(one[name] != other[name] for name in ("state", "nonce", "code_challenge"))
    assert not {"prompt", "max_age"} & one.keys()


@pytest.mark.parametrize(
    ("errs", "found"),
    [
        (setting(state="other"), Amiss.STATE),
        (setting(nonce="other"), Amiss.NONCE),
        (setting(nonce=""), Amiss.NONCE),
        (overriding(nonce=None), Amiss.NONCE),
        (overriding(nonce=["x"]), Amiss.NONCE),
        (setting(iss="https://other.example"), Amiss.ISSUER),
        (overriding(iss="https://other.example"), Amiss.ISSUER),
        (overriding(iss=None), Amiss.ISSUER),
        (overriding(aud="other"), Amiss.AUDIENCE),
        (overriding(aud=None), Amiss.AUDIENCE),
        (overriding(aud=[]), Amiss.AUDIENCE),
        (overriding(aud=["seraf", "other"]), Amiss.AUDIENCE),
        (overriding(azp="other"), Amiss.AUDIENCE),
        (overriding(sub=None), Amiss.SUBJECT),
        (overriding(sub=""), Amiss.SUBJECT),
        (overriding(sub=7), Amiss.SUBJECT),
        (overriding(sub="x" * 256), Amiss.SUBJECT),
        (overriding(exp=None), Amiss.TIME),
        (overriding(exp="never"), Amiss.TIME),
        (overriding(exp=True), Amiss.TIME),
        (overriding(iat=None), Amiss.TIME),
        (overriding(iat=1e300), Amiss.TIME),
        (overriding(nbf=2e9), Amiss.TIME),
        (signing(algorithm="none"), Amiss.SIGNATURE),
        (signing(algorithm="HS256"), Amiss.SIGNATURE),
        (signing(key=SECOND), Amiss.SIGNATURE),
        (signing(key=SECOND, header={"kid": "first"}), Amiss.SIGNATURE),
        (setting(error="access_denied"), Amiss.SAID_NO),
    ],
)
async def test_a_token_or_answer_that_does_not_fit_is_refused(visit: Visit, errs: Err, found: Amiss) -> None:
    errs(visit.there)

    assert await why(visit) is found


async def test_two_audiences_are_taken_where_the_token_was_made_for_this_client(visit: Visit) -> None:
    visit.there.signer.overrides = {"aud": ["seraf", "other"], "azp": "seraf"}

    assert await why(visit) is None


@pytest.mark.parametrize(
    ("shift", "found"), [(59, None), (62, Amiss.TIME), (-59, None), (-360 + 2, None), (-362, Amiss.TIME)]
)
async def test_clocks_may_be_a_minute_apart(visit: Visit, shift: int, found: Amiss | None) -> None:
    visit.there.signer.shift = timedelta(seconds=shift)

    assert await why(visit) is found


async def test_an_old_token_is_refused_whatever_its_expiry(visit: Visit) -> None:
    visit.there.signer.shift = timedelta(minutes=-11, seconds=-1)
    visit.there.signer.overrides = {"exp": 2e9}

    assert await why(visit) is Amiss.TIME


@pytest.mark.parametrize(("kind", "algorithm"), [("P-256", "ES256"), ("", "PS256")])
async def test_other_kinds_of_keys_sign_as_well(visit: Visit, kind: str, algorithm: str) -> None:
    named: Any = {"kid": "curve", "use": "sig"}
    visit.there.rotate(ECKey.generate_key("P-256", parameters=named) if kind else FIRST, algorithm)

    assert await why(visit) is None


async def test_a_rotated_key_is_fetched_and_the_one_before_it_counts_no_more(visit: Visit) -> None:
    await visit.come()
    visit.clock.wait(seconds=11)
    visit.there.rotate(SECOND)

    assert await why(visit) is None
    visit.there.signer.key = FIRST
    assert await why(visit) is Amiss.SIGNATURE


async def test_a_withdrawn_key_counts_for_an_hour_at_most(visit: Visit) -> None:
    await visit.come()
    visit.there.keys = [SECOND]

    assert await why(visit) is None
    visit.clock.wait(hours=1)
    assert await why(visit) is Amiss.SIGNATURE


async def test_unknown_keys_do_not_make_the_bot_ask_again_and_again(visit: Visit) -> None:
    await visit.come()
    visit.clock.wait(seconds=10)
    visit.there.signer.key = SECOND
    tokens = [visit.there.signer.logout_token(sub="ada") for _ in range(100)]

    results = await asyncio.gather(*(visit.here.departed(each) for each in tokens), return_exceptions=True)

    assert all(isinstance(each, NotSignedIn) and each.why is Amiss.SIGNATURE for each in results)
    assert visit.there.times("/keys") == 2


async def test_a_key_for_encryption_and_a_shared_one_sign_nothing(visit: Visit) -> None:
    visit.there.keys = [type(SECOND).import_key(SECOND.as_dict(private=True) | {"use": "enc"})]
    visit.there.signer.key = SECOND

    assert await why(visit) is Amiss.SIGNATURE


async def test_a_token_without_a_key_name_is_checked_with_the_only_key(visit: Visit) -> None:
    visit.there.signer.is_kid_named = False

    assert await why(visit) is None
    visit.there.keys = [FIRST, SECOND]
    visit.anew()
    assert await why(visit) is Amiss.SIGNATURE


@pytest.mark.parametrize(("forgets_pkce", "found"), [(False, Amiss.CODE), (True, Amiss.NONCE)])
async def test_a_code_is_only_redeemed_by_the_client_that_asked_for_it(
    visit: Visit, found: Amiss, *, forgets_pkce: bool
) -> None:
    """If the provider ignores PKCE, the nonce still stops a stolen code."""
    visit.there.errs.forgets_pkce = forgets_pkce
    address, _ = await visit.here.begin(TRIPS)
    stolen = (await visit.there.let_in(address))["code"]
    _, own = await visit.here.begin(TRIPS)

    assert await refusal(visit.here.finish(own.cookie, {"state": own.state, "code": stolen}, secret=TRIPS)) is found


async def test_a_way_back_counts_once(visit: Visit) -> None:
    address, trip = await visit.here.begin(TRIPS)
    back = await visit.there.let_in(address)
    await visit.here.finish(trip.cookie, back, secret=TRIPS)

    assert await refusal(visit.here.finish(trip.cookie, back, secret=TRIPS)) is Amiss.CODE


@pytest.mark.parametrize("minutes", [10, 10.1, -1])
async def test_ten_minutes_are_enough_for_the_way(visit: Visit, minutes: float) -> None:
    address, trip = await visit.here.begin(TRIPS)
    back = await visit.there.let_in(address)
    visit.clock.wait(minutes=minutes)

    assert await refusal(visit.here.finish(trip.cookie, back, secret=TRIPS)) is (
        None if minutes == 10 else Amiss.NOT_BEGUN
    )


@pytest.mark.parametrize("cookie", ["", "1", "1.", "x.y", "9" * 40 + ".y", "-1.y", "١.y"])
async def test_another_browser_cannot_come_back(visit: Visit, cookie: str) -> None:
    address, trip = await visit.here.begin(TRIPS)
    back = await visit.there.let_in(address)
    visit.clock.wait(seconds=5)
    later = f"{int(trip.cookie.partition('.')[0]) + 1}.{trip.cookie.partition('.')[2]}"

    for wrong in (cookie, later):
        assert await refusal(visit.here.finish(wrong, back, secret=TRIPS)) in (Amiss.NOT_BEGUN, Amiss.STATE)
    assert visit.there.times("/token") == 0


async def test_a_sign_in_that_names_itself_has_to(visit: Visit) -> None:
    """If a provider announces that its answers name it, an answer without that name may be from another provider."""
    visit.there.errs.discovery = {"authorization_response_iss_parameter_supported": True}

    assert await why(visit) is Amiss.ISSUER
    visit.there.errs.iss = visit.there.issuer
    assert await why(visit) is None


async def test_a_fresh_sign_in_is_requested_and_checked(visit: Visit) -> None:
    visit.asking_for_fresh()
    now = visit.clock.now().timestamp()

    assert await why(visit) is Amiss.NOT_FRESH
    for seconds in (-61, 61):
        visit.there.more = {"auth_time": now + seconds}
        assert await why(visit) is Amiss.NOT_FRESH
    visit.there.more = {"auth_time": now}
    assert await why(visit) is None
    assert {"prompt": "login", "max_age": "0"}.items() <= visit.there.authorizations[-1].items()


async def test_the_secret_goes_as_the_sign_in_wants_it(visit: Visit) -> None:
    assert await why(visit) is None
    visit.there.has_basic = False
    visit.anew()
    assert await why(visit) is None


@pytest.mark.parametrize("has_basic", [True, False])
@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
async def test_a_client_that_is_refused_is_a_fault_of_the_settings(visit: Visit, error: str, has_basic: bool) -> None:
    visit.there.has_basic, visit.there.errs.refuses = has_basic, error
    visit.anew(Client(OURS.id, "wrong-one", OURS.returns_to, OURS.left_to))

    with pytest.raises(SettingsFault, match=error) as fault:
        await visit.come()

    assert "SERAF_OIDC_SECRET" in str(fault.value)
    assert "wrong-one" not in str(fault.value)


@pytest.mark.parametrize(
    "errs",
    [
        setting(is_down=True),
        setting(redirects=True),
        setting(is_long=True),
        setting(discovery={"issuer": "https://other.example"}),
        setting(discovery={"token_endpoint": "http://other.example/token"}),
        setting(discovery={"jwks_uri": None}),
        setting(discovery={"authorization_endpoint": "javascript:alert(1)"}),
    ],
)
async def test_a_sign_in_that_is_not_what_it_should_be_is_a_fault(visit: Visit, errs: Err) -> None:
    errs(visit.there)

    with pytest.raises(ProviderFault):
        await visit.here.begin(TRIPS)
    assert "/elsewhere" not in visit.there.requests


async def test_a_sign_in_that_comes_back_is_used_again(visit: Visit) -> None:
    address, trip = await visit.here.begin(TRIPS)
    back = await visit.there.let_in(address)
    visit.there.errs.is_down = True
    with pytest.raises(ProviderFault):
        await visit.here.finish(trip.cookie, back, secret=TRIPS)
    visit.there.errs.is_down = False

    visit.clock.wait(seconds=10)

    assert await why(visit) is None
    assert timedelta(seconds=10) == provider_module.AGAIN


async def test_the_sign_out_page_of_the_organisation_is_linked(visit: Visit) -> None:
    assert (await visit.here.leaving()).startswith(f"{visit.there.issuer}/leave?client_id=seraf&")
    visit.there.errs.discovery = {"end_session_endpoint": None}
    visit.anew()
    assert await visit.here.leaving() == ""
