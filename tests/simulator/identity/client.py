"""A client for the identity pages of Europe, written from their description alone.

It knows nothing of Carport, and is strict where clients of their time were.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
import json
import re
import secrets
from typing import Any, Final, override
from urllib.parse import parse_qs, urljoin, urlsplit

import aiohttp

IDENTITY: Final = "identity.vwgroup.io"
CLIENT: Final = "9496332b-ea03-4091-a224-8c746b885068@apps_vw-dilab_com"
REDIRECT: Final = "carnet://identity-kit/login"


@dataclass(frozen=True, slots=True)
class Page:
    """An answer."""

    status: int
    url: str
    location: str | None
    text: str

    @property
    def kit(self) -> str:
        """What `<meta name="identitykit">` says; clients break without it."""
        found = re.search(r'<meta name="identitykit" content="([^"]*)"', self.text)
        assert found is not None
        return found[1]

    def form(self) -> Form:
        """Return the page's form."""
        form = Form()
        form.feed(self.text)
        return form

    def script(self) -> dict[str, Any]:
        """Read what the script assigns, as JSON once its keys and texts are quoted."""
        found = re.search(r"window\._IDK = (\{.*\})\s*</script>", self.text, re.DOTALL)
        assert found is not None
        quoted = re.sub(r"(?<=[{\s])(\w+): ", r'"\1": ', found[1])
        quoted = re.sub(r"(?<=[ {])'([^']*)'", r'"\1"', quoted)
        content: dict[str, Any] = json.loads(quoted)
        return content


class Form(HTMLParser):
    """The first form of a page: where it goes, and its hidden fields."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a client takes."""
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = known["action"]
        if tag == "input" and known.get("type") == "hidden":
            self.hidden[known["name"]] = known["value"]


@dataclass
class IdentityClient:
    """One owner's browser."""

    address: str
    username: str
    password: str
    session: aiohttp.ClientSession
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    async def call(self, method: str, url: str, **arguments: Any) -> Page:
        """Make one call; redirects are left to the caller."""
        async with self.session.request(
            method, urljoin(self.address, url), allow_redirects=False, **arguments
        ) as answer:
            text = await answer.text()
            location = answer.headers.get("Location")
            url = str(answer.url)
        onward = None if location is None else urljoin(url, location)
        return Page(answer.status, url, onward, text)

    async def follow(self, page: Page) -> Page:
        """Follow redirects to a page, or to the app."""
        while page.location is not None and not page.location.startswith("carnet:"):
            page = await self.call("GET", page.location)
        return page

    async def authorize(self, **changes: str) -> Page:
        """Ask for tokens, and return the first answer."""
        digest = sha256(self.verifier.encode()).digest()
        query = {
            "client_id": CLIENT,
            "redirect_uri": REDIRECT,
            "scope": "openid profile mbb cars birthdate nickname address phone",
            "response_type": "code id_token token",
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "state": "state",
            "nonce": "nonce",
            **changes,
        }
        return await self.call("GET", "/oidc/v1/authorize", params=query)

    async def password_page(self) -> Page:
        """Walk to the page that asks for the password."""
        page = await self.follow(await self.authorize())
        form = page.form()
        fields = {**form.hidden, "email": self.username}
        return await self.follow(await self.call("POST", form.action, data=fields))

    async def give_password(self, page: Page, password: str | None = None) -> Page:
        """Post the fields of a page, of whichever kind, as they stand."""
        typed = password or self.password
        if "window._IDK" not in page.text:
            form = page.form()
            fields = {**form.hidden, "password": typed}
            return await self.follow(await self.call("POST", form.action, data=fields))
        (model,) = re.findall(r"templateModel: (.*),\n", page.text)
        (csrf,) = re.findall(r"csrf_token: '(.*)'", page.text)
        content = json.loads(model)
        fields = {
            "_csrf": csrf,
            "relayState": content["relayState"],
            "hmac": content["hmac"],
            "email": self.username,
            "password": typed,
        }
        path = f"/signin-service/v1/{CLIENT}/{content['postAction']}"
        return await self.follow(await self.call("POST", path, data=fields))


def tokens_of(page: Page) -> dict[str, str]:
    """Return what the last address brings."""
    assert page.location is not None
    found = parse_qs(urlsplit(page.location).fragment)
    return {name: values[0] for name, values in found.items()}


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says."""
    part = token.split(".")[1]
    content = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    claims: dict[str, Any] = json.loads(content)
    return claims
