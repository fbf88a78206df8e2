"""Every way in which a sign-in at Car-Net can end, over real HTTP."""

from typing import Any

import pytest

from carport.cloud.sign_in import SignInOutcome
from carport.makers.car_net.login import IDENTITY_HOST
from tests.conftest import account_of
from tests.identity_pages import Account, IdentityPages
from tests.world import World

from .account import CarNetAccount

TOKENS = "/oidc/v1/token"


class TestCarNetPages(IdentityPages):
    """The pages that two continents share."""

    tokens = TOKENS
    host = IDENTITY_HOST

    @pytest.mark.parametrize("page", ["A", "B"])
    async def test_an_outage_at_the_pages(self, account: Account, page: str) -> None:
        """The cloud's answer to an account of the other country is the same."""
        await self.check_end(account, "outage", SignInOutcome.WRONG_REGION, page)


@pytest.mark.parametrize("email_page", ["A", "B", "B_tidy"])
@pytest.mark.parametrize("password_page", ["A", "A_short", "B", "B_tidy"])
@pytest.mark.parametrize("code_in_fragment", [True, False])
async def test_both_variants_of_both_pages(
    account: CarNetAccount, email_page: str, password_page: str, code_in_fragment: bool
) -> None:
    """Forms and scripts, the code in the query or in the fragment."""
    account.world.control.service(
        "car_net",
        email_page=email_page,
        password_page=password_page,
        code_in_fragment=code_in_fragment,
    )
    assert await account.sign_in() is None
    assert account.saves == 1
    assert await account.car()


async def test_a_sign_in_takes_no_detour(account: CarNetAccount) -> None:
    """Each step once: the chain of redirects, two forms, one token call."""
    assert await account.sign_in() is None
    calls = account.world.control.calls()
    assert len(calls) == 11
    assert [call.method for call in calls].count("POST") == 3
    assert account.transport.ledger.counts_today() == {"sign_in": 10, "token": 1}


async def test_the_proof_key_is_padded_as_the_app_sent_it(
    account: CarNetAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A private server may compare it as it stands; the app sent no method either."""
    asked: list[dict[str, str]] = []
    request = account.transport.request

    async def noted(method: str, url: Any, **more: Any) -> Any:
        if not asked:
            asked.append(dict(url.query))
        return await request(method, url, **more)

    monkeypatch.setattr(account.transport, "request", noted)
    assert await account.sign_in() is None
    assert asked[0]["code_challenge"].endswith("=")
    assert sorted(asked[0]) == [
        "client_id",
        "code_challenge",
        "prompt",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ]


@pytest.mark.parametrize("mode", ["presence", "enforced"])
async def test_a_client_that_is_locked_out(account: CarNetAccount, mode: str) -> None:
    """A refusal after good credentials is not the owner's fault."""
    account.world.control.service("car_net", attestation=mode)
    assert await account.sign_in() is SignInOutcome.CLIENT_REFUSED


async def test_an_account_of_the_other_country(world: World) -> None:
    """The cloud answers such a password with an error of its own."""
    account = CarNetAccount(world, account_of("pilote@example.com"))
    assert await account.sign_in() is SignInOutcome.WRONG_REGION


@pytest.mark.parametrize(
    ("path", "fault", "outcome"),
    [
        (TOKENS, {"kind": "status", "status": 400}, "client_refused"),
        (TOKENS, {"kind": "change", "remove": ["id_token"]}, "page_not_understood"),
    ],
)
async def test_faults_on_the_way(
    account: CarNetAccount, path: str, fault: dict[str, str], outcome: str
) -> None:
    """Whatever breaks, the end has a name and nothing is stored."""
    account.world.control.fault(path=path, **fault)
    assert await account.sign_in() == outcome
    assert account.stored is None


async def test_camel_case_tokens(account: CarNetAccount) -> None:
    """The cloud has used both spellings."""
    account.world.control.service("car_net", camel_case=True)
    assert await account.sign_in() is None
