"""Private servers, honest ones and others, and what they have received."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import unquote_plus

from aiohttp import BasicAuth, web
from aiohttp.test_utils import TestServer

from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from tests.cloud.small_cloud import SmallCloud
from tests.conftest import account_of, async_choose
from tests.world import World

from .flow_pages import typed

AMERICAN_CLOUD: Final = "b-h-s.spr.us00.p.con-veh.net"
BMW_TESTER: Final = "i3.tester@example.com"
TYPED: Final = "Typed-For-The-Other-One"


class Index:
    """A private server's index, whose map a test can change."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        """Begin with a map."""
        self.hosts = dict(hosts)
        self.address = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Tell the map as it is now."""
        return web.json_response({"hosts": self.hosts})


@asynccontextmanager
async def index_of(world: World) -> AsyncIterator[Index]:
    """Serve an index of a world's clouds."""
    index = Index(world.simulator.hosts)
    app = web.Application()
    app.router.add_get("/", index.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        index.address = f"http://127.0.0.1:{server.port}"
        yield index


@asynccontextmanager
async def stranger(world: World) -> AsyncIterator[SmallCloud]:
    """Serve an index that names itself for every host, and note what comes in."""
    cloud = SmallCloud()
    await cloud.start()
    try:
        # It speaks HTTP alone; what speaks MQTT goes on elsewhere.
        hosts = {
            host: cloud.origin if origin.startswith("http") else origin
            for host, origin in world.simulator.hosts.items()
        }
        cloud.answers.append(web.json_response({"hosts": hosts}))
        yield cloud
    finally:
        await cloud.stop()


def received_by(cloud: SmallCloud) -> str:
    """Return all that came in, with what headers of basic authentication say."""
    basic = [
        BasicAuth.decode(value).password
        for _, _, headers, _ in cloud.requests
        for value in headers.values()
        if value.startswith("Basic ")
    ]
    return repr(
        (cloud.requests, basic, [unquote_plus(one[3]) for one in cloud.requests])
    )


def texts_of(tokens: Mapping[str, Any]) -> list[str]:
    """Return every token and credential that is kept, but for the account's name."""
    return [
        value
        for key, value in tokens.items()
        if isinstance(value, str) and value and key != "username"
    ]


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the repairs of Carport's accounts by the keys of their texts."""
    return {
        issue.translation_key or "": issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
    }


def state_of(entry: ConfigEntry[Any]) -> ConfigEntryState:
    """Return how an account is now."""
    return entry.state


async def async_reload(
    hass: HomeAssistant, world: World, entry: ConfigEntry[Any]
) -> None:
    """Start an account anew."""
    await world.result(hass.config_entries.async_reload(entry.entry_id))
    await hass.async_block_till_done()


async def async_add(
    hass: HomeAssistant, world: World, index: Index
) -> ConfigEntry[Any]:
    """Set the tester's account up at an index."""
    server = {"server": index.address}
    result = await async_choose(
        hass, "car_net", **typed(world, pin="1357", own_server=server)
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    entry = result["result"]
    assert state_of(entry) is ConfigEntryState.LOADED
    return entry


async def async_add_bmw(hass: HomeAssistant, world: World) -> ConfigEntry[Any]:
    """Set an account up whose credentials are kept among its tokens."""
    account = account_of(BMW_TESTER)
    result = await async_choose(
        hass,
        account.service,
        username=account.username,
        password=account.password,
        region=account.region,
        own_server={"server": world.simulator.address},
        **account.more,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return result["result"]
