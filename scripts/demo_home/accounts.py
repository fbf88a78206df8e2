"""The demo's accounts, set up and kept through the same forms a person fills in."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from carport.makers.registry import SERVICES

from .home import Home, HomeError
from .visit import approve
from .waiting import until

_FLOWS: Final = "/api/config/config_entries/flow"
_DEMO: Final = "demo"
_APPROVED_WITHIN: Final = 60


async def set_up(home: Home, server: str, index: Mapping[str, Any]) -> bool:
    """Add the accounts at the first start; later tell them where the server is now.

    Returns whether they were added.
    """
    known = await entries(home)
    for entry in known:
        await _move(home, entry, server, index)
    if not known:
        for service, typed in accounts_of(index):
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
    result = await _visited(home, await home.post(page, _asked(form, typed)), typed)
    if result["type"] == "menu":
        # What a day of these cars costs, where the maker counts calls.
        result = await home.post(page, {"next_step_id": "agree"})
    if result["type"] != "create_entry":
        raise HomeError(f"{service}: {result.get('reason') or result.get('errors')}")
    entry_id: str = result["result"]["entry_id"]
    return entry_id


def _asked(form: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form asks for.

    Each service asks for something else: a region only where it has several, a PIN
    only where an account may have one, a client's id where the maker wants it.
    """
    asked = {field["name"] for field in form["data_schema"]}
    return {
        name: " ".join(value) if isinstance(value, list) else value
        for name, value in typed.items()
        if name in asked and value is not None
    }


async def _move(
    home: Home, entry: Mapping[str, Any], server: str, index: Mapping[str, Any]
) -> None:
    """Point an account at the simulator, which may have another port this time.

    For Carport that is another server: it wants a new sign-in there.
    """
    form = await home.post(
        _FLOWS, {"handler": "carport", "entry_id": entry["entry_id"]}
    )
    if _server_in(form) == server:
        await home.delete(f"{_FLOWS}/{form['flow_id']}")
        return
    shown = form["description_placeholders"]["service"]
    fitting = [
        (service, typed)
        for service, typed in accounts_of(index)
        if SERVICES[service].info.name == shown
    ]
    # The title has no more of a user than the first letter.
    _, typed = next(
        (
            (service, one)
            for service, one in fitting
            if f"({_name(service, one)[:1]}***" in entry.get("title", "")
        ),
        fitting[0],
    )
    result = await home.post(
        f"{_FLOWS}/{form['flow_id']}",
        {**_asked(form, typed), "own_server": {"server": server}},
    )
    result = await _visited(home, result, typed)
    if result.get("reason") != "reconfigure_successful":
        raise HomeError(f"{result.get('reason') or result.get('errors')}")


async def _visited(
    home: Home, result: Mapping[str, Any], typed: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Approve at the maker's page, if the sign-in waits for that, and see it go on."""
    if result["type"] != "progress":
        return result
    await approve(result["description_placeholders"]["url"], typed)

    async def look() -> Mapping[str, Any] | None:
        now: Mapping[str, Any] = await home.get(f"{_FLOWS}/{result['flow_id']}")
        return None if now["type"] == "progress" else now

    return await until("The approval arrives", look, _APPROVED_WITHIN) or result


def _name(service: str, typed: Mapping[str, Any]) -> str:
    """Return what an account is named by in its title."""
    fields = SERVICES[service].info.identifying
    return next((str(typed[one.key]) for one in fields if one.key in typed), "")


def _server_in(form: Mapping[str, Any]) -> str | None:
    """Return the address that stands in a form's server section."""
    fields = {field["name"]: field for field in form["data_schema"]}
    server = next(
        field for field in fields["own_server"]["schema"] if field["name"] == "server"
    )
    suggested: str | None = (server.get("description") or {}).get("suggested_value")
    return suggested


def accounts_of(index: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return what is typed for each account: the first of each cloud, and the garage.

    Then come the other accounts of cars that are there already.
    """
    first = {service: accounts[0] for service, accounts in index["accounts"].items()}
    shown = {vin for account in first.values() for vin in account["vins"]}
    others = [
        (service, account)
        for service, accounts in index["accounts"].items()
        for account in accounts[1:]
        if account["vins"] and shown.issuperset(account["vins"])
    ]
    for service, account in (*first.items(), *others):
        # Where a service has several ways to sign in, the simulator knows a password.
        yield service, {"way": "password", **account}
    yield _DEMO, {}
