"""The demo's accounts, set up and kept through the same forms a person fills in."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .home import Home, HomeError

_FLOWS: Final = "/api/config/config_entries/flow"
_DEMO: Final = "demo"


async def set_up(home: Home, server: str, index: Mapping[str, Any]) -> bool:
    """Add the accounts at the first start; later tell them where the server is now.

    Returns whether they were added.
    """
    known = await entries(home)
    for entry in known:
        await _move(home, entry["entry_id"], server)
    if not known:
        for service, typed in _accounts(index):
            await add(home, service, {**typed, "own_server": {"server": server}})
    return not known


async def entries(home: Home) -> list[dict[str, Any]]:
    """Return Carport's entries."""
    found: list[dict[str, Any]] = await home.ask("config_entries/get", domain="carport")
    return found


async def add(home: Home, service: str, typed: Mapping[str, Any]) -> str:
    """Fill in the forms of a new account; return the id of its entry."""
    flow = await home.post(_FLOWS, {"handler": "carport"})
    page = f"{_FLOWS}/{flow['flow_id']}"
    form = await home.post(page, {"service": service})
    # Each service asks for something else: a region only where it has several, a PIN
    # only where an account may have one, a client's id where the maker wants it.
    asked = {field["name"] for field in form["data_schema"]}
    result = await home.post(
        page,
        {
            name: value
            for name, value in typed.items()
            if name in asked and value is not None
        },
    )
    if result["type"] != "create_entry":
        raise HomeError(f"{service}: {result.get('reason') or result.get('errors')}")
    entry_id: str = result["result"]["entry_id"]
    return entry_id


async def _move(home: Home, entry_id: str, server: str) -> None:
    """Point an account at the simulator, which may have another port this time."""
    form = await home.post(_FLOWS, {"handler": "carport", "entry_id": entry_id})
    if _server_in(form) == server:
        await home.delete(f"{_FLOWS}/{form['flow_id']}")
        return
    result = await home.post(
        f"{_FLOWS}/{form['flow_id']}", {"own_server": {"server": server}}
    )
    if result.get("reason") != "reconfigure_successful":
        raise HomeError(f"{result.get('reason') or result.get('errors')}")


def _server_in(form: Mapping[str, Any]) -> str | None:
    """Return the address that stands in a form's server section."""
    fields = {field["name"]: field for field in form["data_schema"]}
    (server,) = fields["own_server"]["schema"]
    suggested: str | None = (server.get("description") or {}).get("suggested_value")
    return suggested


def _accounts(index: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return what is typed for each account: the first of each cloud, and the garage."""
    for service, (account, *_) in index["accounts"].items():
        yield service, account
    yield _DEMO, {}
