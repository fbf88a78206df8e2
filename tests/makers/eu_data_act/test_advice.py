"""What the owner is told besides readings, and the requests made from there."""

import pytest

from carport.cloud.contract import Car
from carport.cloud.errors import NotPermitted
from tests.world import World

from .account import DataActAccount
from .conftest import ID3, TESTER

CREATIONS = "*/requests/partial"
QUARTER = 900


def _told(account: DataActAccount) -> dict[str, str]:
    """Return the keys of what is told, with the cars it is about."""
    return {
        one.key: one.placeholders.get("cars", one.vin or "")
        for one in account.service.advice()
    }


async def _read_all(account: DataActAccount) -> None:
    for car in await account.run(account.service.cars()):
        await account.run(account.service.read(car))


async def test_nothing_is_told_where_all_is_well(signed_in: DataActAccount) -> None:
    """Neither before a first look nor after it."""
    assert _told(signed_in) == {}
    await _read_all(signed_in)
    assert _told(signed_in) == {}


@pytest.mark.parametrize(
    ("requests", "key"),
    [("delete", "no_data_request"), ("lapse", "data_request_ended")],
)
async def test_pain_32_missing_request_is_made_with_one_click(
    signed_in: DataActAccount, world: World, requests: str, key: str
) -> None:
    """The cars are named; the click makes one request for each, and no more."""
    world.control.account(TESTER, requests=requests)
    await _read_all(signed_in)
    assert _told(signed_in) == {key: "ID.3, Passat"}
    assert not world.control.calls(CREATIONS)
    await signed_in.run(signed_in.service.mend(key))
    assert _told(signed_in) == {}
    assert len(world.control.calls(CREATIONS)) == 2
    await signed_in.run(signed_in.service.mend(key))
    assert len(world.control.calls(CREATIONS)) == 2


async def test_request_that_somebody_else_has_made(
    signed_in: DataActAccount, world: World
) -> None:
    """It is looked for before one is created."""
    world.control.account(TESTER, requests="delete")
    await _read_all(signed_in)
    world.control.account(TESTER, create_request=ID3)
    await signed_in.run(signed_in.service.mend("no_data_request"))
    assert len(world.control.calls(CREATIONS)) == 1


async def test_refusals_lead_on(signed_in: DataActAccount, world: World) -> None:
    """After a part all data is offered, and after that the portal itself."""
    world.control.account(TESTER, requests="delete", sell="WVWZZZ3CZME167891")
    world.control.service("eu_data_act", all_data_needed=True)
    await _read_all(signed_in)
    with pytest.raises(NotPermitted):
        await signed_in.run(signed_in.service.mend("no_data_request"))
    assert _told(signed_in) == {"data_request_all": "ID.3"}
    world.control.account(TESTER, creation="refused")
    with pytest.raises(NotPermitted):
        await signed_in.run(signed_in.service.mend("data_request_all"))
    assert _told(signed_in) == {"data_request_refused": "ID.3"}
    (told,) = signed_in.service.advice()
    assert not told.mendable
    assert told.placeholders["page"].endswith("drivesomethinggreater.com")


async def test_pain_29_outage_is_told_with_its_beginning(
    signed_in: DataActAccount, id3: Car, world: World
) -> None:
    """It says since when files are empty, and goes when they are not any more."""
    await signed_in.run(signed_in.service.read(id3))
    world.control.account(TESTER, outage=True)
    for _ in range(28):
        await world.advance(QUARTER)
        await signed_in.run(signed_in.service.read(id3))
    (told,) = signed_in.service.advice()
    assert (told.key, told.vin) == ("deliveries_empty", ID3)
    assert told.placeholders["since"].startswith("2026-11-21 08:")
    world.control.account(TESTER, outage=False)
    await world.advance(2 * QUARTER)
    await signed_in.run(signed_in.service.read(id3))
    assert _told(signed_in) == {}
