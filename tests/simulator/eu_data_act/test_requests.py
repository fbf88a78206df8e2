"""Data requests: looking, creating, running out."""

from typing import Any

import pytest

from tests.world import World

from .client import PortalClient
from .conftest import ID3, TESTER

BODY: dict[str, Any] = {
    "Name": "Carport",
    "Identifier": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "Frequency": "15mins",
    "Duration": "No Expiry",
    "StartDate": "2026-11-21T08:00:00Z",
    "DataClusters": ["All Data", "Charging"],
    "EmailFrequency": "No notification",
    "LastNotificationDate": None,
}


async def test_request_of_the_owners(portal: PortalClient) -> None:
    """Cars are set up as owners do it, and the request has an end."""
    said = (await portal.metadata(ID3)).json()
    assert said["Frequency"] == "15mins"
    assert said["Status"] == "ACTIVE"
    assert len(said["Identifier"]) == 32
    assert said["EndDate"] == "2027-10-22T08:00:00Z"


@pytest.mark.parametrize("shape", ["list", "items", "requests", "data"])
async def test_shapes(portal: PortalClient, world: World, shape: str) -> None:
    """The answer is wrapped in one of several ways."""
    world.control.service("eu_data_act", metadata_shape=shape)
    said = (await portal.metadata(ID3)).json()
    assert len(said if shape == "list" else said[shape]) == 1
    world.control.service("eu_data_act", metadata_shape="one_in_data")
    said = (await portal.metadata(ID3)).json()
    assert said["data"]["Frequency"] == "15mins"


async def test_no_request_and_one_made_by_hand(
    portal: PortalClient, world: World
) -> None:
    """Without a request there is 404; the owner makes one on the portal's page."""
    world.control.account(TESTER, requests="delete")
    assert (await portal.metadata(ID3)).status == 404
    world.control.account(TESTER, create_request=ID3)
    assert (await portal.metadata(ID3)).json()["Status"] == "ACTIVE"


async def test_creation(portal: PortalClient, world: World) -> None:
    """A request is created once, and the second is refused."""
    world.control.account(TESTER, requests="delete")
    assert (await portal.create(ID3, **BODY, lack="traceId")).status == 503
    assert (await portal.create(ID3, **BODY)).status == 201
    said = (await portal.metadata(ID3)).json()
    assert said["Identifier"] == BODY["Identifier"]
    assert said["EndDate"] is None
    assert (await portal.create(ID3, **{**BODY, "Identifier": "0" * 32})).status == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"Identifier": "short"},
        {"Frequency": "1min"},
        {"Duration": "For Ever"},
        {"Duration": "2026-11-01", "EndDate": "2026-11-01T00:00:00Z"},
        {"EndDate": "2027-11-01T00:00:00Z"},
        {"StartDate": "2020-01-01T00:00:00Z"},
        {"StartDate": "soon"},
        {"DataClusters": []},
        {"DataClusters": ["Position"]},
        {"EmailFrequency": "Daily"},
        {"More": 1},
        {"Name": ""},
    ],
    ids=str,
)
async def test_creation_is_exact(
    portal: PortalClient, world: World, changes: dict[str, Any]
) -> None:
    """What the portal does not know is refused, with its words for durations."""
    world.control.account(TESTER, requests="delete")
    said = await portal.create(ID3, **{**BODY, **changes})
    assert said.status == 400
    if changes.get("Duration"):
        assert "Allowed values are ['No Expiry','One Month']" in said.text


async def test_durations(portal: PortalClient, world: World) -> None:
    """A month ends after a month, a date on its day."""
    world.control.account(TESTER, requests="delete")
    said = await portal.create(ID3, **{**BODY, "Duration": "One Month"})
    assert said.json()["EndDate"] == "2026-12-21T08:00:00Z"
    world.control.account(TESTER, requests="delete")
    day = {"Duration": "2027-01-31", "EndDate": "2027-01-31T00:00:00Z"}
    assert (await portal.create(ID3, **{**BODY, **day})).status == 201


async def test_creation_that_the_portal_refuses(
    portal: PortalClient, world: World
) -> None:
    """Some cars take no request this way, and some portals no part of the data."""
    world.control.account(TESTER, requests="delete", creation="refused")
    assert (await portal.create(ID3, **BODY)).status == 400
    world.control.account(TESTER, creation="broken")
    assert (await portal.create(ID3, **BODY)).status == 500
    world.control.account(TESTER, creation="ok")
    world.control.service("eu_data_act", all_data_needed=True)
    part = {**BODY, "DataClusters": ["Charging"]}
    assert (await portal.create(ID3, **part)).status == 400
    world.control.service("eu_data_act", all_data_needed=False)
    assert (await portal.create(ID3, **part)).status == 201


async def test_request_that_has_run_out(portal: PortalClient, world: World) -> None:
    """It is still told of, brings nothing more, and makes room for another."""
    world.control.account(TESTER, requests="lapse")
    said = (await portal.metadata(ID3)).json()
    assert said["Status"] == "EXPIRED"
    assert (await portal.create(ID3, **BODY)).status == 201
    assert [one["Status"] for one in (await portal.metadata(ID3)).json()] == [
        "ACTIVE",
        "EXPIRED",
    ]


async def test_trace_and_name_are_demanded(portal: PortalClient) -> None:
    """Calls without a trace, or by a client that does not name itself, are refused."""
    path = f"/euda-apim/datarequest/vehicles/{ID3}/metadata/partial"
    relation = f"/vum/v2/users/me/relations/{ID3}"
    assert (await portal.api(path, lack="traceId")).status == 400
    assert (await portal.api(relation, lack="traceId")).status == 400
    said = await portal.api(relation)
    assert said.json()["relation"]["vehicleNickname"] == "ID.3"
    browser = {"User-Agent": "Mozilla/5.0 (X11)"}
    assert (await portal.api(path, headers=browser)).status == 403


async def test_cars_of_others(portal: PortalClient) -> None:
    """A car that is not of the account is refused."""
    assert (await portal.metadata("VSSZZZKLZMR012345")).status == 403
