"""The independent client signs in, with a code and without, and is refused as in life."""

from collections.abc import Callable
import json
import shlex
from urllib.parse import urlsplit

import pytest
from renault_api.exceptions import NotAuthenticatedException
from renault_api.gigya.exceptions import (
    GigyaResponseException,
    InvalidCredentialsException,
    InvalidVerificationCodeException,
    PendingTwoFactorAuthenticationException,
)

from simulator.my_renault.regions import REGIONS
from tests.documents import DOCS, blocks
from tests.world import World

from .conftest import Owner

type OwnerOf = Callable[[str], Owner]


@pytest.mark.parametrize(
    ("name", "cars"),
    [("my.renault.tester", 2), ("zoe.down.under", 1), ("megane.en.mexico", 1)],
)
async def test_plain_sign_in(owner_of: OwnerOf, name: str, cars: int) -> None:
    """A password is enough in every region, and no e-mail goes out."""
    owner = owner_of(name)
    await owner.sign_in()
    accounts = await owner.client.get_api_accounts()
    found = [await account.get_api_vehicles() for account in accounts]
    assert sum(len(one) for one in found) == cars
    assert owner.codes == []


async def test_wrong_password(owner_of: OwnerOf) -> None:
    """Status 200 as script, with the error in the body."""
    owner = owner_of("my.renault.tester")
    with pytest.raises(InvalidCredentialsException):
        await owner.client.session.login(owner.spec.username, "wrong")
    region = REGIONS["eu"]
    async with owner.world.session.post(
        owner.world.address(region.gigya, "/accounts.login"),
        data={"ApiKey": region.gigya_key, "loginID": "x", "password": "y"},
    ) as answer:
        assert (answer.status, answer.content_type) == (200, "text/javascript")
        assert json.loads(await answer.text())["errorCode"] == 403042


async def test_replaced_key(owner_of: OwnerOf, world: World) -> None:
    """The right password is refused as if it were wrong."""
    owner = owner_of("my.renault.tester")
    world.control.service("my_renault", gigya_key="4_another")
    with pytest.raises(InvalidCredentialsException):
        await owner.sign_in()


async def test_sign_in_with_a_code(owner_of: OwnerOf) -> None:
    """One e-mail for one request; then the device is known for thirty days."""
    owner = owner_of("code.by.mail")
    owner.turn(code="unknown_device")
    session = owner.client.session
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner.sign_in()
    assert owner.codes == []
    (address,) = await session.get_two_factor_auth_emails()
    assert address.obfuscated == "co***@ex***.com"
    await session.request_two_factor_auth_code()
    assert len(owner.codes) == 1
    with pytest.raises(InvalidVerificationCodeException):
        await session.complete_two_factor_auth("12345")
    await session.complete_two_factor_auth(owner.codes[0])
    assert len(await owner.client.get_api_accounts()) == 2
    await owner.sign_in()
    await owner.world.advance(29 * 86_400)
    await owner.sign_in()
    await owner.world.advance(2 * 86_400)
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner.sign_in()
    assert len(owner.codes) == 1


async def test_how_the_demo_is_told_to_want_a_code(
    owner_of: OwnerOf, world: World
) -> None:
    """What docs/demo.md prints for a terminal, on the account that stands there."""
    (line,) = [line for line in blocks(DOCS / "demo.md", "") if line.startswith("curl")]
    _, _, body, url = shlex.split(line)
    address = f"{world.simulator.address}{urlsplit(url).path}"
    async with world.session.post(address, data=body) as answer:
        assert answer.status == 200
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner_of("code.by.mail").sign_in()


async def test_a_new_code_voids_the_old_one(owner_of: OwnerOf) -> None:
    """A client that asks again has to give the newer one."""
    owner = owner_of("code.by.mail")
    owner.turn(code="always")
    session = owner.client.session
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner.sign_in()
    await session.request_two_factor_auth_code()
    await session.request_two_factor_auth_code()
    new, old = owner.codes
    with pytest.raises(InvalidVerificationCodeException):
        await session.complete_two_factor_auth(old)
    await session.complete_two_factor_auth(new)
    # Asked always: the device that was just confirmed signs in once only.
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner.sign_in()


async def test_the_run_ends_after_an_hour(owner_of: OwnerOf) -> None:
    """Then not even an e-mail can be asked for."""
    owner = owner_of("code.by.mail")
    owner.turn(code="always")
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner.sign_in()
    await owner.world.advance(3601)
    with pytest.raises(GigyaResponseException):
        await owner.client.session.request_two_factor_auth_code()
    assert owner.codes == []


async def test_several_addresses(owner_of: OwnerOf, world: World) -> None:
    """The code goes to the one that was chosen."""
    owner = owner_of("code.by.mail")
    owner.turn(code="always", several_addresses=True)
    session = owner.client.session
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner.sign_in()
    _, other = await session.get_two_factor_auth_emails()
    await session.request_two_factor_auth_code(other.id)
    assert owner.codes == []
    mails = world.control.mail("other.code.by.mail@example.com")
    assert [mail.language for mail in mails] == ["fr"]
    await session.complete_two_factor_auth(mails[0].code)


@pytest.mark.parametrize("code", [403005, 403013])
async def test_dead_login_token(tester: Owner, world: World, code: int) -> None:
    """It is told by one of two codes."""
    world.control.service("my_renault", dead_token=code)
    tester.turn(revoke="all")
    tester.store.clear_keys(["gigya_jwt"])
    with pytest.raises(NotAuthenticatedException):
        await tester.client.get_person()


async def test_the_mailbox_over_http(owner_of: OwnerOf, world: World) -> None:
    """Newest first, with times; without an address it says what it wants."""
    owner = owner_of("code.by.mail")
    owner.turn(code="always")
    with pytest.raises(PendingTwoFactorAuthenticationException):
        await owner.sign_in()
    await owner.client.session.request_two_factor_auth_code()
    await world.advance(60)
    await owner.client.session.request_two_factor_auth_code()
    address = f"{world.simulator.address}/control/mail"
    async with world.session.get(f"{address}?to={owner.spec.username}") as answer:
        mails = await answer.json()
    assert [mail["code"] for mail in mails] == owner.codes
    assert mails[0]["at"] > mails[1]["at"]
    async with world.session.get(address) as answer:
        assert answer.status == 400


async def test_registration_cannot_be_finalized(tester: Owner, world: World) -> None:
    """A way that looks right and leads nowhere."""
    region = REGIONS["eu"]
    async with world.session.get(
        world.address(region.gigya, "/accounts.finalizeRegistration"),
        params={"APIKey": region.gigya_key, "regToken": "x"},
    ) as answer:
        assert json.loads(await answer.text())["statusCode"] == 400
