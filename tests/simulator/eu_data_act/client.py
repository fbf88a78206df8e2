"""A client for the portal, written from what is known of it: plain aiohttp, own cookies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import html
import io
import json
import re
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit
from uuid import uuid4
import zipfile

import aiohttp

PORTAL: Final = "eu-data-act.drivesomethinggreater.com"
IDENTITY: Final = "identity.vwgroup.io"
API: Final = "/proxy_api"
VOLKSWAGEN: Final = "9b58543e-1c15-4193-91d5-8a14145bebb0@apps_vw-dilab_com"
AUDI: Final = "cc29b87a-5e9a-4362-aecf-5adea6b01bbb@apps_vw-dilab_com"
SKODA: Final = "3ea88bf9-1d4e-4a68-b3ad-4098c1f1d246@apps_vw-dilab_com"
SEAT: Final = "f85e5b69-e3b2-43aa-9c0d-1b7d0e0b576f@apps_vw-dilab_com"
BENTLEY: Final = "d38aac0f-3d89-4a63-8538-b75b31322c7b@apps_vw-dilab_com"
CLIENTS: Final = {
    "VOLKSWAGEN_PASSENGER_CARS": VOLKSWAGEN,
    "VOLKSWAGEN_COMMERCIAL_VEHICLES": VOLKSWAGEN,
    "AUDI": AUDI,
    "SKODA": SKODA,
    "SEAT": SEAT,
    "CUPRA": SEAT,
    "BENTLEY": BENTLEY,
}
WORDS: Final = {
    "volkswagen": "VOLKSWAGEN_PASSENGER_CARS",
    "volkswagen_commercial": "VOLKSWAGEN_COMMERCIAL_VEHICLES",
    "audi": "AUDI",
    "skoda": "SKODA",
    "seat": "SEAT",
    "cupra": "CUPRA",
    "bentley": "BENTLEY",
}
AGENT: Final = "probe/1.0"
BROWSER: Final = {
    "User-Agent": AGENT,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "de-DE,de;q=0.9,en;q=0.8",
    "Upgrade-Insecure-Requests": "1",
}


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    url: str
    location: str | None
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass
class PortalClient:
    """One owner's client. Its fields are there to be spoilt by tests."""

    hosts: Mapping[str, str]
    username: str
    password: str
    brand: str = "VOLKSWAGEN_PASSENGER_CARS"
    headers: dict[str, str] = field(default_factory=lambda: dict(BROWSER))
    referers: bool = True
    in_flight: int = 0
    hidden: dict[str, str] = field(default_factory=dict)
    action: str = ""

    def __post_init__(self) -> None:
        """Open a session with a cookie jar as browsers have one."""
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True, quote_cookie=False)
        )
        self._last = ""

    async def close(self) -> None:
        """End the session."""
        await self.session.close()

    @property
    def signed_in(self) -> bool:
        """Whether the portal's session cookie is there."""
        return any(cookie.key == "access_token" for cookie in self.session.cookie_jar)

    async def call(self, method: str, url: str, **arguments: Any) -> Said:
        """Make one call; redirects are left to the caller."""
        self.in_flight += 1
        try:
            async with self.session.request(
                method, url, allow_redirects=False, **arguments
            ) as answer:
                body = await answer.read()
        finally:
            self.in_flight -= 1
        location = answer.headers.get("Location")
        return Said(
            answer.status,
            str(answer.url),
            None if location is None else urljoin(str(answer.url), location),
            body,
            answer.headers,
        )

    # The pages

    async def page(self, method: str, url: str, **arguments: Any) -> Said:
        """Call a page, naming the one before."""
        headers = dict(self.headers)
        if self._last and self.referers:
            headers["Referer"] = self._last
        self._last = url
        return await self.call(method, url, headers=headers, **arguments)

    async def follow(self, said: Said) -> Said:
        """Follow redirects to a page, or to the portal's session."""
        for _ in range(10):
            if said.location is None or "/callbacklogin" in said.url:
                return said
            said = await self.page("GET", said.location)
        raise AssertionError("too many redirects")

    async def authorize(self, **changes: str | None) -> Said:
        """Ask for a sign-in, and return the first answer."""
        parameters = {
            "client_id": CLIENTS[self.brand],
            "response_type": "code",
            "scope": "openid cars profile",
            "state": f"de__de__{self.brand}",
            "redirect_uri": f"https://{PORTAL}/login",
            "prompt": "login",
            **changes,
        }
        sent = {name: value for name, value in parameters.items() if value is not None}
        url = f"{self.hosts[IDENTITY]}/oidc/v1/authorize"
        return await self.page("GET", url, params=sent)

    async def give_email(self) -> Said:
        """Walk to the password page."""
        said = await self.follow(await self.authorize())
        self._read_form(said)
        form = {**self.hidden, "email": self.username}
        return await self.follow(await self.page("POST", self.action, data=form))

    async def give_password(self, said: Said, *, query: str = "") -> Said:
        """Send the password, and walk to wherever that leads."""
        model = json.loads(
            re.search(r"templateModel: (\{.*\}),\n", said.text)[1]  # type: ignore[index]
        )
        token = re.search(r"csrf_token: '(.*)'", said.text)
        assert token is not None
        client = model["clientLegalEntityModel"]["clientId"]
        path = f"/signin-service/v1/{client}/login/authenticate{query}"
        form = {
            "_csrf": token[1],
            "relayState": model["relayState"],
            "hmac": model["hmac"],
            "email": self.username,
            "password": self.password,
        }
        answer = await self.page("POST", urljoin(said.url, path), data=form)
        return await self.follow(answer)

    async def sign_in(self) -> Said:
        """Do all of it; return where it ended."""
        return await self.give_password(await self.give_email())

    async def give_code(self, said: Said, code: str) -> Said:
        """Send the code of an e-mail."""
        self._read_form(said)
        form = {**self.hidden, "code": code}
        return await self.follow(await self.page("POST", self.action, data=form))

    async def pass_marketing(self, said: Said) -> Said:
        """Go on behind the page that asks for consent to marketing."""
        (callback,) = parse_qs(urlsplit(said.url).query)["callback"]
        assert urlsplit(callback).path in {
            "/oidc/v1/oauth/client/callback",
            "/oidc/v1/oauth/client/callback/success",
        }
        return await self.follow(await self.page("GET", callback))

    def _read_form(self, said: Said) -> None:
        found = re.search(r'<form [^>]*?action="([^"]+)"', said.text, re.DOTALL)
        assert found is not None, said.text
        self.action = urljoin(said.url, html.unescape(found[1]))
        self.hidden = {}
        for tag in re.findall(r'<input [^>]*type="hidden"[^>]*>', said.text):
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            assert name is not None
            assert value is not None
            self.hidden[name[1]] = html.unescape(value[1])

    # The data

    async def api(
        self, path: str, method: str = "GET", *, lack: str = "", **more: Any
    ) -> Said:
        """Call the portal's programs; `lack` is a header to leave out."""
        headers = {
            "User-Agent": AGENT,
            "Accept": "application/json",
            "traceId": str(uuid4()),
            **more.pop("headers", {}),
        }
        headers.pop(lack, None)
        url = f"{self.hosts[PORTAL]}{API}{path}"
        return await self.call(method, url, headers=headers, **more)

    async def vins(self) -> list[str]:
        """Return the cars, wherever in the answer they stand."""
        said = await self.api("/consent/me/vehicles?viewPosition=FRONT_LEFT")
        assert said.status == 200
        return re.findall(r'"([A-HJ-NPR-Z0-9]{17})"', said.text)

    async def metadata(self, vin: str) -> Said:
        """Return the data requests of a car."""
        path = f"/euda-apim/datarequest/vehicles/{vin}/metadata/partial"
        return await self.api(path)

    async def create(self, vin: str, *, lack: str = "", **body: Any) -> Said:
        """Create a data request."""
        path = f"/euda-apim/datarequest/vehicles/{vin}/requests/partial"
        return await self.api(path, "POST", json=body, lack=lack)

    async def files(self, vin: str, identifier: str, *, lack: str = "") -> Said:
        """Return the list of deliveries."""
        path = f"/euda-apim/datadelivery/vehicles/{vin}/{identifier}/list"
        return await self.api(path, headers={"type": "partial"}, lack=lack)

    async def download(
        self, vin: str, identifier: str, name: str, *, lack: str = ""
    ) -> Said:
        """Return one delivery."""
        path = f"/euda-apim/datadelivery/vehicles/{vin}/{identifier}/download"
        headers = {"filename": name, "type": "partial"}
        return await self.api(path, headers=headers, lack=lack)


def unpacked(content: bytes) -> list[Any]:
    """Return the files of a delivery as JSON; an empty one is None."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = [archive.read(name) for name in archive.namelist()]
    return [json.loads(text) if text else None for text in texts]


def values(documents: list[Any]) -> dict[str, str]:
    """Return what a delivery says, by key."""
    return {
        entry["key"]: entry["value"]
        for document in documents
        for entry in document["Data"]
    }
