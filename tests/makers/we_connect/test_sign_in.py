"""Every way in which a sign-in at We Connect can end, over real HTTP."""

from datetime import timedelta
import json

import pytest

from carport.cloud.sign_in import SignInOutcome
from carport.makers.we_connect.endpoints import IDENTITY_HOST
from tests.identity_pages import Account, IdentityPages

from .account import WeConnectAccount

EXCHANGE = "/exchangeAuthCode"
REGISTER = "/mbbcoauth/mobile/register/v1"
TOKENS = "/mbbcoauth/mobile/oauth2/v1/token"
PROFILE = "/v1/customers/*"
REAL_CARS = "/v1/customers/*/realCarData"
VEHICLES = "*/usermanagement/users/v1/VW/*/vehicles"
HOMES = "*/homeRegion"


class TestWeConnectPages(IdentityPages):
    """The pages that two continents share."""

    tokens = EXCHANGE
    host = IDENTITY_HOST

    @pytest.mark.parametrize("page", ["A", "B"])
    async def test_an_outage_at_the_pages(self, account: Account, page: str) -> None:
        """The cloud's own, and nobody's fault."""
        await self.check_end(account, "outage", SignInOutcome.MAKER_OUTAGE, page)


@pytest.mark.parametrize("email_page", ["A", "B", "B_tidy"])
@pytest.mark.parametrize("password_page", ["A", "A_short", "B", "B_tidy"])
async def test_both_variants_of_both_pages(
    account: WeConnectAccount, email_page: str, password_page: str
) -> None:
    """Forms as until January 2022, and scripts as since then."""
    account.world.control.service(
        "we_connect", email_page=email_page, password_page=password_page
    )
    assert await account.sign_in() is None
    assert await account.car()


async def test_a_sign_in_takes_no_detour(account: WeConnectAccount) -> None:
    """Each step once; the installation is registered once for all sign-ins."""
    control = account.world.control
    assert await account.sign_in() is None
    for path in (EXCHANGE, REGISTER, TOKENS):
        assert len(control.calls(path)) == 1
    # Who the owner is, in two calls, and which cars the profile has.
    assert len(control.calls(PROFILE)) == 3
    assert account.transport.ledger.counts_today() == {
        "sign_in": 8,
        "token": 3,
        "list": 3,
    }
    account.rebuild()
    assert await account.sign_in() is None
    assert len(control.calls(REGISTER)) == 1


async def test_nothing_waits_that_could_go_beside(account: WeConnectAccount) -> None:
    """Eight pages, one exchange after the other; the rest is done meanwhile."""
    start = account.world.clock.now()
    account.world.control.fault("slow", path="*", seconds=1)
    assert await account.sign_in() is None
    assert account.world.clock.now() - start == timedelta(seconds=10)


async def test_8_4_the_profiles_cars_are_listed_beside_the_tokens(
    account: WeConnectAccount,
) -> None:
    """So their homes are asked for beside the list, and nothing is asked twice."""
    control = account.world.control
    assert await account.sign_in() is None
    control.fault("slow", path="*", seconds=1)
    start = account.world.clock.now()
    first = await account.run(account.service.cars())
    assert account.world.clock.now() - start == timedelta(seconds=2)
    assert len(control.calls(REAL_CARS)) == 1
    assert len(control.calls(HOMES)) == len(first)
    # Later it is known to none but the cloud.
    assert await account.run(account.service.cars()) == first
    assert len(control.calls(REAL_CARS)) == 2


async def test_8_4_a_car_of_the_profile_that_is_not_listed(
    account: WeConnectAccount,
) -> None:
    """It is none of the account's, and nothing is advised about it."""
    control = account.world.control
    gone, *listed = account.spec.vins
    control.fault("change", path=VEHICLES, set={"userVehicles.vehicle": listed})
    control.fault("status", path=f"*/operationlist/v3/vehicles/{gone}", status=401)
    assert await account.sign_in() is None
    cars = await account.run(account.service.cars())
    assert {car.vin for car in cars} == set(listed)
    assert not list(account.service.advice())


@pytest.mark.parametrize(
    ("refusal", "beside"), [(EXCHANGE, REGISTER), (TOKENS, PROFILE)]
)
async def test_a_refusal_stops_what_goes_beside(
    account: WeConnectAccount, refusal: str, beside: str
) -> None:
    """Nobody waits for it, and no call is left under way."""
    control, start = account.world.control, account.world.clock.now()
    control.fault("status", path=refusal, status=403)
    control.fault("slow", path=beside, seconds=20)
    assert await account.sign_in() is SignInOutcome.CLIENT_REFUSED
    assert account.world.clock.now() == start
    assert account.transport.in_flight == 0
    await account.world.advance(60)


@pytest.mark.parametrize("slow", [TOKENS, PROFILE])
async def test_of_two_failures_the_earlier_step_is_told(
    account: WeConnectAccount, slow: str
) -> None:
    """Whichever answer was faster: what it says must not depend on chance."""
    control = account.world.control
    control.service("we_connect", mbb_closed=True)
    control.fault("slow", path=slow, seconds=20)
    control.fault("status", path=PROFILE, status=503)
    assert await account.sign_in() is SignInOutcome.CLIENT_REFUSED
    await account.world.advance(60)


async def test_the_end_of_the_service(account: WeConnectAccount) -> None:
    """A refusal after good credentials is not the owner's fault."""
    account.world.control.service("we_connect", mbb_closed=True)
    assert await account.sign_in() is SignInOutcome.CLIENT_REFUSED


@pytest.mark.parametrize(
    ("path", "fault", "outcome"),
    [
        (EXCHANGE, {"kind": "status", "status": 400}, "client_refused"),
        (EXCHANGE, {"kind": "change", "set": {"error": "no"}}, "client_refused"),
        (
            EXCHANGE,
            {"kind": "change", "remove": ["access_token"]},
            "page_not_understood",
        ),
        (EXCHANGE, {"kind": "change", "remove": ["id_token"]}, "page_not_understood"),
        (REGISTER, {"kind": "status", "status": 503}, "maker_outage"),
        (REGISTER, {"kind": "change", "remove": ["client_id"]}, "page_not_understood"),
        (TOKENS, {"kind": "status", "status": 401}, "client_refused"),
        (TOKENS, {"kind": "status", "status": 403}, "client_refused"),
        (TOKENS, {"kind": "status", "status": 503}, "maker_outage"),
        (TOKENS, {"kind": "html"}, "page_not_understood"),
    ],
)
async def test_faults_on_the_way(
    account: WeConnectAccount, path: str, fault: dict[str, str], outcome: str
) -> None:
    """Whatever breaks, the end has a name and no tokens for cars are stored."""
    account.world.control.fault(path=path, **fault)
    assert await account.sign_in() == outcome
    assert "mbb_access" not in json.loads(account.stored or "{}")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "status", "status": 429}, "quota"),
        ({"kind": "status", "status": 503}, "maker_outage"),
        ({"kind": "status", "status": 403}, "consent_missing"),
        ({"kind": "html"}, "page_not_understood"),
        (
            {"kind": "change", "remove": ["businessIdentifierValue", "mbbUserId"]},
            "page_not_understood",
        ),
    ],
)
async def test_an_owner_without_a_profile(
    account: WeConnectAccount, fault: dict[str, str], outcome: str
) -> None:
    """The pages were passed, and still the account cannot be used."""
    account.world.control.fault(path=PROFILE, **fault)
    assert await account.sign_in() == outcome
