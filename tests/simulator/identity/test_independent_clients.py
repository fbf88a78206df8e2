"""What independent clients of the identity pages send, and need to be answered."""

from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import aiohttp
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
import pytest

from tests.conftest import account_of
from tests.simulator.seed_client import IDENTITY as AMERICA, SeedClient
from tests.world import World

from .client import IDENTITY, IdentityClient, Page, claims_of, tokens_of

PAGES = ("A", "B", "B_tidy")
OWNER = "prueferin@example.com"


@pytest.fixture
async def browser(world: World) -> AsyncIterator[IdentityClient]:
    """Give an owner's browser."""
    spec = account_of(OWNER)
    jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield IdentityClient(
            world.address(IDENTITY), spec.username, spec.password, session
        )


async def signed_in(browser: IdentityClient) -> dict[str, str]:
    """Sign in, and return what the last address brings."""
    return tokens_of(await browser.give_password(await browser.password_page()))


async def test_8_3_01_where_everything_is(
    browser: IdentityClient, client: SeedClient
) -> None:
    """The document names the addresses, and they answer."""
    path = "/.well-known/openid-configuration"
    said = json.loads((await browser.call("GET", path)).text)
    assert said["issuer"] == f"https://{IDENTITY}"
    assert (await browser.call("GET", said["jwks_uri"])).status == 200
    page = await browser.call("GET", said["authorization_endpoint"])
    assert page.status == 400
    assert (await browser.call("POST", said["token_endpoint"])).status != 404
    america = (await client.call("GET", client.url(path, AMERICA))).json()
    assert america["issuer"] == f"https://{AMERICA}"


def _number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


@pytest.mark.parametrize("kind", ["id_token", "access_token"])
async def test_8_3_02_tokens_can_be_checked(browser: IdentityClient, kind: str) -> None:
    """With the key that the host shows, by the number that the token names."""
    token = (await signed_in(browser))[kind]
    keys = json.loads((await browser.call("GET", "/oidc/v1/keys")).text)["keys"]
    signed, _, seal = token.rpartition(".")
    head = signed.partition(".")[0]
    header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    assert header["alg"] == "RS256"
    (key,) = [one for one in keys if one["kid"] == header["kid"]]
    public = RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
    raw = urlsafe_b64decode(seal + "=" * (-len(seal) % 4))
    public.verify(raw, signed.encode(), PKCS1v15(), SHA256())


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("openid profile mbb cars birthdate nickname address phone email", 302),
        ("email phone address nickname birthdate cars mbb profile openid", 302),
        ("openid profile mbb cars", 400),
    ],
)
async def test_8_3_03_scopes_are_a_set(
    browser: IdentityClient, scope: str, status: int
) -> None:
    """More than the client's own is fine, less is not."""
    assert (await browser.authorize(scope=scope)).status == status


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("id_token token code", 302),
        ("token code id_token", 302),
        ("code id_token", 400),
        ("code id_token token token", 400),
    ],
)
async def test_8_3_04_the_order_means_nothing(
    browser: IdentityClient, kind: str, status: int
) -> None:
    """All three words, each once, in any order."""
    assert (await browser.authorize(response_type=kind)).status == status


async def test_8_3_05_the_fields_as_they_stand(
    world: World, browser: IdentityClient
) -> None:
    """The older page holds all fields that it takes."""
    world.control.account(OWNER, password_page="A")
    page = await browser.password_page()
    assert page.form().hidden.keys() == {"_csrf", "relayState", "email", "hmac"}
    assert "code" in tokens_of(await browser.give_password(page))


async def test_8_3_06_pages_are_xml(world: World, browser: IdentityClient) -> None:
    """But for an attribute, which clients of that time cut out."""
    world.control.account(OWNER, password_page="A")
    first = await browser.follow(await browser.authorize())
    second = await browser.password_page()
    with pytest.raises(ET.ParseError):
        ET.fromstring(second.text)
    for page in (first, second):
        root = ET.fromstring(re.sub(r'onclick="[^"]*"', "", page.text))
        found = root.findall(".//input[@name='hmac']")
        assert [one.get("value") for one in found] == [page.form().hidden["hmac"]]


@pytest.mark.parametrize("variant", PAGES)
async def test_8_3_07_a_wrong_password_is_named(
    world: World, browser: IdentityClient, variant: str
) -> None:
    """The kind of page in its head, the error in its address."""
    world.control.account(OWNER, password_page=variant)
    first = await browser.password_page()
    page = await browser.give_password(first, "wrong")
    assert page.kit == "loginAuthenticate"
    assert "error=login.errors.password_invalid" in page.url
    assert "login.errors.password_invalid" in page.text


async def test_8_3_07_an_error_has_a_kind(browser: IdentityClient) -> None:
    """The page that says nothing more."""
    assert (await browser.authorize(state="")).kit == "error"


@pytest.mark.parametrize("booleans", [("True", "False"), ("yes", "no")])
@pytest.mark.parametrize("every_key", [True, False])
async def test_8_3_07_terms_are_accepted(
    world: World, browser: IdentityClient, booleans: tuple[str, str], every_key: bool
) -> None:
    """Booleans in either form, with all keys of the document or those that matter."""
    world.control.account(OWNER, sign_in="terms", password_page="B_tidy")
    page = await browser.give_password(await browser.password_page())
    assert page.kit == "termsAndConditions"
    script = page.script()
    model = script["templateModel"]
    left_out = set() if every_key else {"skipLink", "declineLink", "majorVersion"}
    fields = {
        f"legalDocuments[0].{key}": booleans[not value]
        if isinstance(value, bool)
        else str(value)
        for key, value in model["legalDocuments"][0].items()
        if key not in left_out
    }
    form = {
        "_csrf": script["csrf_token"],
        "relayState": model["relayState"],
        "hmac": model["hmac"],
        "countryOfResidence": script["userSession"]["countryOfResidence"],
    }
    path = urlsplit(page.url).path
    short = {key: fields[key] for key in list(fields)[1:]}
    refused = await browser.call("POST", path, data={**form, **short})
    assert refused.status == 400
    onward = await browser.call("POST", path, data={**form, **fields})
    assert "code" in tokens_of(await browser.follow(onward))


async def test_8_3_08_a_cookie_of_the_page_itself(
    world: World, browser: IdentityClient
) -> None:
    """Who asks for the page without one is given one, with which it goes on."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as plain:
        spec = account_of(OWNER)
        lost = IdentityClient(browser.address, spec.username, spec.password, plain)
        address = (await lost.authorize()).location
    assert address is not None
    page = await browser.call("GET", address)
    assert page.status == 200
    form = page.form()
    fields = {**form.hidden, "email": browser.username}
    page = await browser.follow(await browser.call("POST", form.action, data=fields))
    assert "code" in tokens_of(await browser.give_password(page))
    strange = re.sub(r"relayState=\w+", "relayState=0", address)
    assert (await browser.call("GET", strange)).status == 400


async def test_8_3_09_fields_in_the_address(
    world: World, browser: IdentityClient
) -> None:
    """A form without a body has its fields there."""
    world.control.account(OWNER, password_page="A")
    form = (await browser.follow(await browser.authorize())).form()
    fields = {**form.hidden, "email": browser.username}
    answer = await browser.call("POST", form.action, params=fields)
    form = (await browser.follow(answer)).form()
    fields = {**form.hidden, "password": browser.password}
    answer = await browser.call("POST", form.action, params=fields)
    assert "code" in tokens_of(await browser.follow(answer))


async def test_8_3_10_the_script_is_json(world: World, browser: IdentityClient) -> None:
    """In the variant of 2022, and not in the other."""
    world.control.account(OWNER, password_page="B_tidy")
    page = await browser.password_page()
    assert page.script()["templateModel"]["template"] == "loginAuthenticate"
    world.control.account(OWNER, password_page="B")
    with pytest.raises(json.JSONDecodeError):
        (await browser.password_page()).script()
    world.control.service("we_connect", email_page="B_tidy")
    first = await browser.follow(await browser.authorize())
    assert first.script()["templateModel"]["template"] == "loginIdentifier"


async def test_8_3_11_what_tokens_say(
    browser: IdentityClient, signed_in: SeedClient
) -> None:
    """Who has made them, and whole seconds."""
    page: Page = await browser.give_password(await browser.password_page())
    claims = claims_of(tokens_of(page)["id_token"])
    assert claims["iss"] == f"https://{IDENTITY}"
    assert (type(claims["exp"]), type(claims["iat"])) == (int, int)
    america = claims_of(signed_in.tokens["id_token"])
    assert america["iss"] == f"https://{AMERICA}"
    assert isinstance(america["exp"], int)
