"""A client for Car-Net as it was described in 2019: plain aiohttp, its own cookies.

It knows nothing of Carport. Where it differs from one for the real cloud, it is in
the host names alone.
"""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
import html
import json
import re
import secrets
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit
from uuid import uuid4

import aiohttp

US: Final = "b-h-s.spr.us00.p.con-veh.net"
CA: Final = "b-h-s.spr.ca00.p.con-veh.net"
IDENTITY: Final = "identity.na.vwgroup.io"
US_CLIENT: Final = "2dae49f6-830b-4180-9af9-59dd0d060916@apps_vw-dilab_com"
CA_CLIENT: Final = "70e4f425-9ee8-4430-a5b1-b58b69a9b3bf_MYVW_IOS"
REDIRECT: Final = "car-net:///oauth-callback"

PASSWORDS: Final = {
    "tester@example.com": "Parked & plugged=in",
    "driver@example.com": "Open-Road-2016",
    "pilote@example.com": "Grand-Nord-2016",
}
PINS: Final = {
    "tester@example.com": "1357",
    "driver@example.com": "2468",
    "pilote@example.com": "8642",
}


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int
    url: str
    location: str | None
    text: str
    headers: Mapping[str, str]

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.text)


class Halted(Exception):
    """The sign-in went nowhere; `page` is where it ended."""

    def __init__(self, page: Page) -> None:
        """Keep the page."""
        super().__init__(f"{page.status}")
        self.page = page


@dataclass
class SeedClient:
    """One owner's client. Its fields are there to be spoilt by tests."""

    hosts: Mapping[str, str]
    username: str
    password: str = ""
    base: str = US
    client_id: str = US_CLIENT
    challenge_method: str | None = None
    padded: bool = True
    verifier: str = field(default_factory=lambda: secrets.token_hex(32))
    in_flight: int = 0
    tokens: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    hops: list[str] = field(default_factory=list)
    account: dict[str, Any] = field(default_factory=dict)
    tsp_token: str = ""

    def __post_init__(self) -> None:
        """Open a session with a cookie jar as browsers have one."""
        self.password = self.password or PASSWORDS.get(self.username, "")
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True, quote_cookie=False)
        )

    async def close(self) -> None:
        """End the session."""
        await self.session.close()

    async def call(self, method: str, url: str, **arguments: Any) -> Page:
        """Make one call; redirects are left to the caller."""
        self.in_flight += 1
        try:
            async with self.session.request(
                method, url, allow_redirects=False, **arguments
            ) as answer:
                text = await answer.text()
        finally:
            self.in_flight -= 1
        location = answer.headers.get("Location")
        return Page(
            answer.status,
            str(answer.url),
            None if location is None else urljoin(str(answer.url), location),
            text,
            answer.headers,
        )

    async def follow(self, page: Page) -> Page:
        """Follow redirects to a page, or to the app."""
        for _ in range(30):
            if page.location is None or page.location.startswith("car-net:"):
                return page
            self.hops.append(page.location)
            page = await self.call("GET", page.location)
        raise Halted(page)

    def url(self, path: str, host: str | None = None) -> str:
        """Return an address at a real host, by default at the base."""
        return self.hosts[host or self.base] + path

    # Sign-in

    async def sign_in(self) -> None:
        """Do all of it."""
        await self.open_email_page()
        await self.give_email()
        code = self.code(await self.follow(await self.give_password()))
        page = await self.exchange(code)
        if page.status != 200:
            raise Halted(page)
        self.tokens = page.json()

    async def authorize(self, **changes: str | None) -> Page:
        """Ask for a code, and return the first answer."""
        challenge = urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode()
        self.state = str(uuid4())
        parameters = {
            "redirect_uri": REDIRECT,
            "scope": "openid",
            "prompt": "login",
            "code_challenge": challenge if self.padded else challenge.rstrip("="),
            "state": self.state,
            "response_type": "code",
            "client_id": self.client_id,
            "code_challenge_method": self.challenge_method,
            **changes,
        }
        sent = {name: value for name, value in parameters.items() if value is not None}
        return await self.call("GET", self.url("/oidc/v1/authorize"), params=sent)

    async def open_email_page(self) -> Page:
        """Walk to the e-mail page and take its fields."""
        page = await self.follow(await self.authorize())
        self.read_page(page)
        return page

    def read_page(self, page: Page) -> None:
        """Take the hidden fields of a page, whichever kind it is."""
        if form := re.search(
            r'<form id="\w+Form".*?action="([^"]+)"', page.text, re.DOTALL
        ):
            self.action = urljoin(page.url, html.unescape(form[1]))
            for tag in re.findall(r"<input [^>]*type=\"hidden\"[^>]*>", page.text):
                name = re.search(r'name="([^"]*)"', tag)
                value = re.search(r'value="([^"]*)"', tag)
                assert name is not None
                assert value is not None
                self.fields[name[1]] = html.unescape(value[1])
            return
        model = model_of(page)
        self.fields["_csrf"] = re.findall(r"csrf_token: '(.*)'", page.text)[0]
        self.fields["hmac"] = model["hmac"]
        self.fields["relayState"] = model["relayState"]
        client = model["clientLegalEntityModel"]["clientId"]
        path = f"/signin-service/v1/{client}/{model['postAction']}"
        self.action = urljoin(page.url, path)

    async def give_email(self, **changes: str) -> Page:
        """Send the e-mail form and walk to the next page."""
        form = {**self.fields, "email": self.username, **changes}
        page = await self.follow(await self.call("POST", self.action, data=form))
        self.email_answer = page
        if "credentialsForm" in page.text or '"loginAuthenticate"' in page.text:
            self.read_page(page)
        return page

    async def give_password(self, **changes: str) -> Page:
        """Send the password form and return the first answer."""
        form = {
            **self.fields,
            "email": self.username,
            "password": self.password,
            **changes,
        }
        return await self.call("POST", self.action, data=form)

    def code(self, page: Page) -> str:
        """Return the code of the last redirect."""
        if page.location is None or not page.location.startswith(REDIRECT):
            raise Halted(page)
        parts = urlsplit(page.location)
        answer = parse_qs(parts.query or parts.fragment)
        assert answer["state"] == [self.state]
        return answer["code"][0]

    async def exchange(self, code: str, **changes: str) -> Page:
        """Trade a code for tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self.client_id,
            "redirect_uri": REDIRECT,
            "code_verifier": self.verifier,
            **changes,
        }
        return await self.call("POST", self.url("/oidc/v1/token"), data=form)

    async def refresh(self, **changes: str | None) -> Page:
        """Trade the refresh token for new ones."""
        form = {
            "code_verifier": self.verifier,
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "refresh_token": self.tokens["refresh_token"],
            **changes,
        }
        sent = {name: value for name, value in form.items() if value is not None}
        return await self.call("POST", self.url("/oidc/v1/token"), data=sent)

    # Calls

    @property
    def bearer(self) -> dict[str, str]:
        """The header of every call."""
        return {"authorization": f"Bearer {self.tokens['access_token']}"}

    async def get(self, path: str, **arguments: Any) -> Page:
        """Read something."""
        return await self.call("GET", self.url(path), headers=self.bearer, **arguments)

    async def enroll(self) -> Page:
        """Fetch account and cars, and remember them."""
        page = await self.get(
            "/account/v1/enrollment/status",
            params={"idToken": self.tokens["id_token"]},
        )
        if page.status == 200:
            self.account = page.json()["data"]
        return page

    def car(self, number: int = 0) -> dict[str, Any]:
        """Return one of the cars."""
        car: dict[str, Any] = self.account["vehicleEnrollmentStatus"][number]
        return car

    async def status(self, number: int = 0) -> dict[str, Any]:
        """Read a car's status."""
        page = await self.get(f"/rvs/v1/vehicle/{self.car(number)['vehicleId']}")
        assert page.status == 200, page.text
        content: dict[str, Any] = page.json()["data"]
        return content

    async def open_session(self, number: int = 0, **changes: Any) -> Page:
        """Trade the PIN for a TSP token."""
        car = self.car(number)
        user = self.account["customer"]["userId"]
        body = {
            "accountNumber": car["rolesAndRights"]["tspAccountNum"],
            "idToken": self.tokens["id_token"],
            "tspPin": PINS[self.username],
            "tsp": car["vehicle"]["tspProvider"],
            **changes,
        }
        path = f"/ss/v1/user/{user}/vehicle/{car['vehicleId']}/session"
        page = await self.call("POST", self.url(path), headers=self.bearer, json=body)
        if page.status == 200:
            self.tsp_token = page.json()["data"]["tspToken"]
        return page

    async def command(
        self, method: str, path: str, number: int = 0, **body: Any
    ) -> Page:
        """Send a command."""
        customer = self.account["customer"]
        account = self.car(number)["rolesAndRights"]["tspAccountNum"]
        content = {
            "tsp_token": self.tsp_token,
            "email": self.username,
            "vw_id": customer["vwId"],
            **body,
        }
        headers = {
            **self.bearer,
            "content-type": "application/json;charset=UTF-8",
            "x-user-id": customer["userId"],
            "x-user-agent": "mobile-ios",
            "x-app-uuid": str(uuid4()),
        }
        return await self.call(
            method,
            self.url(f"/mps/v1/vehicles/{account}{path}"),
            headers=headers,
            data=json.dumps(content),
        )

    def start(self, method: str, path: str, **body: Any) -> asyncio.Task[Page]:
        """Send a command without waiting for its answer."""
        return asyncio.ensure_future(self.command(method, path, **body))


def model_of(page: Page) -> dict[str, Any]:
    """Return the model of a script page, as working clients find it."""
    found = re.findall(r"templateModel: (.*),\n", page.text)
    if not found:
        raise Halted(page)
    model: dict[str, Any] = json.loads(found[0])
    return model
