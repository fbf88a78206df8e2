"""A server is trusted as far as its owner has agreed to it, and no further."""

import json
from typing import Any, cast

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from scripts.demo_home import accounts
from scripts.demo_home.home import Home
from tests.conftest import (
    TESTER,
    account_of,
    async_add_account,
    async_choose,
    async_poll,
)
from tests.world import World

from .flow_pages import (
    TEXTS,
    assert_form,
    async_reauth,
    async_reconfigure,
    fields,
    kept,
    password_posts,
    placeholders,
    schema,
    submit,
    typed,
)
from .servers import (
    AMERICAN_CLOUD,
    BMW_TESTER,
    TYPED,
    async_add,
    async_add_bmw,
    async_reload,
    index_of,
    issues,
    received_by,
    state_of,
    stranger,
    texts_of,
)


@pytest.mark.parametrize("username", [TESTER, BMW_TESTER])
async def test_5_5_another_server_gets_nothing_of_the_present_one(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    username: str,
) -> None:
    """Without a whole sign-in it is not even called; with one it gets what is typed."""
    account = account_of(username)
    entry = await (async_add_bmw if account.more else async_add_account)(
        hass, hass_world
    )
    secrets = [account.password, *texts_of(kept(hass_storage)["tokens"])]
    async with stranger(hass_world) as other:
        server = {"server": other.origin}
        result = await async_reconfigure(hass, entry)
        for incomplete in ({}, {"password": TYPED} if account.more else {}):
            result = await submit(hass, result, {**incomplete, "own_server": server})
            assert_form(result, "reconfigure", "server_needs_sign_in")
        assert other.requests == []
        anew = dict.fromkeys(("password", *account.more), TYPED)
        result = await hass_world.result(
            submit(hass, result, {**anew, "own_server": server})
        )
        assert result["type"] is FlowResultType.FORM
        received = received_by(other)
    assert len(other.requests) > 1
    for secret in secrets:
        assert secret not in received
    # The account goes on where it was.
    assert entry.data["server"] == hass_world.simulator.address
    assert texts_of(kept(hass_storage)["tokens"]) == secrets[1:]


async def test_5_5_a_new_sign_in_moves_the_account(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """The other server sees no old token and no stored PIN; nothing is revoked there."""
    entry = await async_add_account(hass, hass_world)
    before = texts_of(kept(hass_storage)["tokens"])
    old = entry.runtime_data.service.context
    async with World().opened() as other:
        server = {"server": other.simulator.address}
        result = await async_reconfigure(hass, entry)
        assert hass_world.simulator.hosts.items() <= {
            tuple(line.split(" → "))
            for line in placeholders(result)["there"].split(", ")
        }
        password = account_of(TESTER).password
        result = await submit(
            hass, result, {"password": password, "own_server": server}
        )
        calls = len(hass_world.control.calls())
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert state_of(entry) is ConfigEntryState.LOADED
        assert entry.runtime_data.stored_pin is None
        assert password_posts(other) == 1
        assert all(call.status != 401 for call in other.control.calls())
        assert not other.control.calls("*revoke*")
        assert len(hass_world.control.calls()) == calls
        tokens = kept(hass_storage)["tokens"]
        assert not set(before) & set(texts_of(tokens))
        # What the old server's account would still have kept is too late.
        await old.save_tokens({"access_token": "old"})
        assert kept(hass_storage)["tokens"] == tokens
        await hass.config_entries.async_unload(entry.entry_id)


async def test_5_5_tokens_stay_with_their_server(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """An entry that was edited by hand signs in anew; the other one gets no token."""
    entry = await async_add_account(hass, hass_world)
    secrets = texts_of(kept(hass_storage)["tokens"])
    async with stranger(hass_world) as other:
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, "server": other.origin}
        )
        await async_reload(hass, hass_world, entry)
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN):
            assert flow["context"]["source"] == "reauth"
        received = received_by(other)
    assert other.paths[0] == "/"
    for secret in secrets:
        assert secret not in received
    assert kept(hass_storage)["tokens"] is None


async def test_5_5_kept_credentials_stay_with_their_server(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """A sign-in with the password alone takes the rest from no other server's tokens."""
    entry = await async_add_bmw(hass, hass_world)
    secrets = texts_of(kept(hass_storage)["tokens"])
    await hass.config_entries.async_unload(entry.entry_id)
    async with stranger(hass_world) as other:
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, "server": other.origin}
        )
        result = await async_reauth(hass, entry)
        result = await hass_world.result(submit(hass, result, {"password": TYPED}))
        assert result["type"] is FlowResultType.FORM
        received = received_by(other)
    assert other.paths[0] == "/"
    for secret in secrets:
        assert secret not in received


async def test_5_5_another_map_is_refused(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    hass_client: ClientSessionGenerator,
) -> None:
    """A repair says which addresses are new; only Reconfigure goes on from there."""
    password = account_of(TESTER).password
    async with index_of(hass_world) as index:
        entry = await async_add(hass, hass_world, index)
        told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
        assert set(told["server_hosts"]) == set(index.hosts)
        assert set(told["server_hosts"].values()) == {
            "http, own machine, local",
            "mqtt, own machine, local",
        }
        assert index.address not in json.dumps(told)

        (host, *_) = hass_world.simulator.hosts
        moved = index.hosts[host].replace("http://", "https://")
        index.hosts[host] = moved
        calls = len(hass_world.control.calls())
        await async_reload(hass, hass_world, entry)
        assert state_of(entry) is ConfigEntryState.SETUP_ERROR
        assert entry.error_reason_translation_key == "server_changed"
        issue = issues(hass)["server_changed"]
        assert issue.translation_placeholders == {
            "account": entry.title,
            "hosts": f"{host} → {moved}",
        }
        for texts in TEXTS.values():
            assert "{hosts}" in texts["issues"]["server_changed"]["description"]
            assert texts["exceptions"]["server_changed"]["message"]

        result = await async_reauth(hass, entry)
        result = await submit(hass, result, {"password": password})
        assert_form(result, "reauth_confirm", "server_changed")
        hass.config_entries.flow.async_abort(result["flow_id"])

        server: dict[str, Any] = {"server": index.address}
        result = await async_reconfigure(hass, entry)
        result = await submit(hass, result, {"own_server": server})
        assert_form(result, "reconfigure", "server_needs_sign_in")
        result = await submit(
            hass, result, {"password": password, "own_server": server}
        )
        assert_form(result, "reconfigure", "server_far")
        assert placeholders(result)["hosts"] == f"{host} → {moved}"
        assert len(hass_world.control.calls()) == calls

        # What was agreed to is that address, and none that comes up afterwards.
        agreed = {**server, "agreed": True}
        index.hosts[host] = moved.replace("127.0.0.1", "localhost")
        result = await submit(
            hass, result, {"password": password, "own_server": agreed}
        )
        assert_form(result, "reconfigure", "server_far")
        index.hosts[host] = hass_world.simulator.hosts[host]
        result = await submit(
            hass, result, {"password": password, "own_server": server}
        )
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert state_of(entry) is ConfigEntryState.LOADED
        assert "server_changed" not in issues(hass)
        assert kept(hass_storage)["server"]["hosts"] == hass_world.simulator.hosts


async def test_5_5_agreed_addresses_are_used(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The box appears with the question, and the form goes on once it is ticked."""
    async with index_of(hass_world) as index:
        server: dict[str, Any] = {"server": index.address}
        host = AMERICAN_CLOUD
        index.hosts[host] = index.hosts[host].replace("http://", "https://")
        result = await async_choose(hass, "car_net")
        section = schema(result)["own_server"]
        assert [str(field) for field in section.schema.schema] == ["server"]
        answers = typed(hass_world, own_server=server)
        for _ in range(2):
            result = await submit(hass, result, answers)
            assert_form(result, "account_closed", "server_far")
        section = schema(result)["own_server"]
        assert [str(field) for field in section.schema.schema] == ["server", "agreed"]
        for texts in TEXTS.values():
            for step in ("account", "account_closed", "demo", "reconfigure"):
                box = texts["config"]["step"][step]["sections"]["own_server"]
                assert box["data"]["agreed"]
                assert box["data_description"]["agreed"]
        answers["own_server"] = {**server, "agreed": True}
        result = await hass_world.result(submit(hass, result, answers))
        # It was called: nobody speaks TLS there.
        assert_form(result, "account_closed", "maker_outage")


@pytest.mark.parametrize(
    "address", ["http://cloud.example", "cloud.example:8700", "http://134744072/"]
)
async def test_5_5_plain_http_outside_is_refused(
    hass: HomeAssistant, hass_world: World, address: str
) -> None:
    """Neither the server's own address nor one that it names may be in clear."""
    result = await async_choose(hass, "car_net")
    result = await submit(
        hass, result, typed(hass_world, own_server={"server": address})
    )
    assert_form(result, "account_closed", "server_plain")
    assert (
        address.rsplit("://", maxsplit=1)[-1].strip("/")
        in placeholders(result)["hosts"]
    )
    async with index_of(hass_world) as index:
        host = next(iter(index.hosts))
        index.hosts[host] = "http://cloud.example"
        result = await submit(
            hass, result, typed(hass_world, own_server={"server": index.address})
        )
        assert_form(result, "account_closed", "server_plain")
        assert placeholders(result)["hosts"] == f"{host} → http://cloud.example"
    assert hass_world.control.calls() == []


async def test_5_5_other_ports_of_the_same_machine_are_no_change(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """A simulator that was started anew goes on, and the map follows."""
    async with index_of(hass_world) as index:
        entry = await async_add(hass, hass_world, index)
        before = dict(hass_world.simulator.hosts)
        await hass_world.simulator.stop()
        await hass_world.simulator.start()
        index.hosts = dict(hass_world.simulator.hosts)
        assert index.hosts != before
        await async_reload(hass, hass_world, entry)
        assert state_of(entry) is ConfigEntryState.LOADED
        assert kept(hass_storage)["server"]["hosts"] == index.hosts
        assert password_posts(hass_world) == 1


async def test_5_5_accounts_of_old_are_pinned_at_their_first_start(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """Tokens go on; only what would never have been agreed to wants the owner."""
    async with index_of(hass_world) as index:
        entry = await async_add(hass, hass_world, index)
        store = async_account_store(hass, entry.unique_id or "")
        del store.data["server"]
        await async_reload(hass, hass_world, entry)
        assert state_of(entry) is ConfigEntryState.LOADED
        assert kept(hass_storage)["server"]["address"] == f"{index.address}/"
        assert password_posts(hass_world) == 1

        del store.data["server"]
        index.hosts["other.example"] = "http://cloud.example"
        await async_reload(hass, hass_world, entry)
        assert state_of(entry) is ConfigEntryState.SETUP_ERROR
        assert entry.error_reason_translation_key == "server_unconfirmed"
        assert "server_unconfirmed" in issues(hass)
        for texts in TEXTS.values():
            assert "{hosts}" in texts["issues"]["server_unconfirmed"]["description"]
            assert texts["exceptions"]["server_unconfirmed"]["message"]
        # Signing in again is no agreement either: only Reconfigure asks for one.
        result = await async_reauth(hass, entry)
        password = account_of(TESTER).password
        result = await submit(hass, result, {"password": password})
        assert_form(result, "reauth_confirm", "server_changed")
        assert password_posts(hass_world) == 1


async def test_5_5_a_host_without_a_stand_in_is_an_error(
    hass: HomeAssistant, hass_world: World
) -> None:
    """It is named, at the sign-in and afterwards; the real maker is never called."""
    async with index_of(hass_world) as index:
        sign_in = AMERICAN_CLOUD
        origin = index.hosts.pop(sign_in)
        server = {"server": index.address}
        result = await async_choose(
            hass, "car_net", **typed(hass_world, own_server=server)
        )
        assert_form(result, "account_closed", "server_lacks_host")
        lacking = placeholders(result)["hosts"]
        assert lacking == sign_in
        index.hosts[sign_in] = origin
        result = await submit(hass, result, typed(hass_world, own_server=server))
        await hass.async_block_till_done()
        assert result["type"] is FlowResultType.CREATE_ENTRY
        entry = result["result"]

        calls = len(hass_world.control.calls())
        index.hosts = {"other.example": origin}
        await async_reload(hass, hass_world, entry)
        await async_poll(hass, hass_world, 4 * 3600)
        error = entry.runtime_data.last_exception
        assert error.translation_key == "read_server_lacks_host"
        assert error.translation_placeholders == {"host": AMERICAN_CLOUD}
        assert len(hass_world.control.calls()) == calls
        for texts in TEXTS.values():
            assert "{host}" in texts["exceptions"]["read_server_lacks_host"]["message"]
            assert texts["exceptions"]["command_server_lacks_host"]["message"]


async def test_5_5_the_form_says_where_everything_goes(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The whole map, or the maker's own hosts."""
    entry = await async_add_account(hass, hass_world)
    for texts in TEXTS.values():
        for step in ("reconfigure", "reauth_confirm"):
            assert "{there}" in texts["config"]["step"][step]["description"]
    hass.config_entries.async_update_entry(entry, data={**entry.data, "server": None})
    result = await async_reconfigure(hass, entry)
    assert "identity.na.vwgroup.io" in placeholders(result)["there"]
    other = "http://127.0.0.1:1"
    hass.config_entries.async_update_entry(entry, data={**entry.data, "server": other})
    result = await async_reconfigure(hass, entry)
    assert placeholders(result)["there"] == other
    # An address that is none is another server than the present one.
    result = await submit(hass, result, {"own_server": {"server": "ftp://x"}})
    assert_form(result, "reconfigure", "server_needs_sign_in")
    assert "password" in fields(result)


class Browser:
    """The demo's way to Home Assistant, through the test's own web client."""

    def __init__(self, client: TestClient[Any, Any], entry: ConfigEntry[Any]) -> None:
        """Know the only entry."""
        self._client = client
        self._entry = entry

    async def ask(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        """Return the entries."""
        return [{"entry_id": self._entry.entry_id}]

    async def post(self, path: str, data: Any) -> Any:
        """Submit a form."""
        return await (await self._client.post(path, json=data)).json()

    async def delete(self, path: str) -> Any:
        """Close a form."""
        return await (await self._client.delete(path)).json()


async def test_5_5_the_demo_signs_in_where_its_simulator_is_now(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """Another port is another server; the same one is left alone."""
    assert await async_setup_component(hass, "config", {})
    entry = await async_add_account(hass, hass_world)
    home = cast(Home, Browser(await hass_client(), entry))
    spec = account_of(TESTER)
    account: dict[str, Any] = {
        "username": TESTER,
        "password": spec.password,
        "pin": spec.pin,
        "vins": [],
    }
    index = {"accounts": {"car_net": [account]}}
    assert not await accounts.set_up(home, hass_world.simulator.address, index)
    assert password_posts(hass_world) == 1
    async with World().opened() as other:
        assert not await accounts.set_up(home, other.simulator.address, index)
        await hass.async_block_till_done()
        assert state_of(entry) is ConfigEntryState.LOADED
        assert entry.data["server"] == other.simulator.address
        assert entry.runtime_data.stored_pin == spec.pin
        assert password_posts(other) == 1
        await hass.config_entries.async_unload(entry.entry_id)
