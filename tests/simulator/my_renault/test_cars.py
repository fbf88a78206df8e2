"""Lists, and every reading that the independent client's table allows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from renault_api.kamereon.exceptions import (
    AccessDeniedException,
    ForbiddenException,
    KamereonResponseException,
    PrivacyModeOnException,
    QuotaLimitException,
    ResourceNotFoundException,
    UnauthorizedException,
)
from renault_api.kamereon.models import _DEFAULT_ENDPOINTS, get_model_endpoints
from renault_api.renault_vehicle import RenaultVehicle

from simulator.accounts import ACCOUNTS
from simulator.my_renault.models import MODELS
from simulator.my_renault.people import model_of
from tests.world import World

from .conftest import Owner

type OwnerOf = Callable[[str], Owner]

MEGANE, ZOE = "VF1RCB00X00010322", "VF1AG000X00010222"
R5, AUSTRAL = "VF1RJE00X00010512", "VF1RHN00X00010412"
SPRING, ALPINE = "UU1DBG00X00010612", "VFAA5E00X00010712"
FIRST_ZOE, TWINGO = "VF1AGVYA000010812", "VF1BCB00X00010912"
CAPTUR, TOMORROW = "VF1RJB00X00011012", "VF1RZZ00X00011112"
OWNERS = {
    vin: account.username.partition("@")[0]
    for account in ACCOUNTS
    if account.service == "my_renault"
    for vin in account.vins
}
WHOLE = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))

READS: dict[str, Callable[[RenaultVehicle], Any]] = {
    "battery-status": RenaultVehicle.get_battery_status,
    "cockpit": RenaultVehicle.get_cockpit,
    "hvac-status": RenaultVehicle.get_hvac_status,
    "hvac-settings": RenaultVehicle.get_hvac_settings,
    "location": RenaultVehicle.get_location,
    "charge-mode": RenaultVehicle.get_charge_mode,
    "charge-schedule": RenaultVehicle.get_charge_schedule,
    "charging-settings": RenaultVehicle.get_charging_settings,
    "soc-levels": RenaultVehicle.get_battery_soc,
    "charges": lambda car: car.get_charges(*WHOLE),
    "lock-status": RenaultVehicle.get_lock_status,
    "pressure": RenaultVehicle.get_tyre_pressure,
    "res-state": RenaultVehicle.get_res_state,
    "notification-settings": RenaultVehicle.get_notification_settings,
}


@pytest.mark.parametrize("vin", [vin for vin in OWNERS if vin[:8] != TOMORROW[:8]])
async def test_all_that_the_table_allows(owner_of: OwnerOf, vin: str) -> None:
    """What the client's table confirms is served; what it denies is refused."""
    owner = owner_of(OWNERS[vin])
    await owner.sign_in()
    car = await owner.car(vin)
    details = await car.get_details()
    assert details.get_model_code() == model_of(vin)
    assert details.get_picture().startswith("https://")  # type: ignore[union-attr]
    known = get_model_endpoints(model_of(vin))
    for resource, read in READS.items():
        if known.get(resource) is not None:
            assert (await read(car)).__class__ is not None, resource
        elif resource in known:
            with pytest.raises(KamereonResponseException):
                await car.http_get(
                    f"/commerce/v1/accounts/{car.account_id}/kamereon"
                    + _DEFAULT_ENDPOINTS[resource].endpoint
                )
    assert (await car.get_car_adapter()).modelCodeDetail == model_of(vin)
    assert (await car.get_contracts())[0].status == "ACTIVE"


def test_every_action_of_the_table_has_its_way() -> None:
    """What the client would send to a known model, that model takes, and no less."""
    for code, model in MODELS.items():
        for name, way in get_model_endpoints(code).items():
            if way is None or not name.startswith("actions/"):
                continue
            if code == "X9Z9SU":
                continue
            resource = way.endpoint.partition("{vin}/")[2]
            assert model.refusal(resource) is None, (code, name)


async def test_a_model_that_is_in_no_table(owner_of: OwnerOf) -> None:
    """Some of it is served, the rest refused in the usual words."""
    owner = owner_of("other.models")
    await owner.sign_in()
    car = await owner.car(TOMORROW)
    assert (await car.get_res_state()).code == "10"
    assert (await car.get_cockpit()).fuelQuantity > 0  # type: ignore[operator]
    for read in (car.get_battery_soc, car.get_charge_mode):
        with pytest.raises(ForbiddenException):
            await read()
    with pytest.raises(ResourceNotFoundException):
        await car.get_tyre_pressure()


async def test_four_accounts(owner_of: OwnerOf) -> None:
    """One for each brand, and the one of the customer service, which has no cars."""
    owner = owner_of("four.brands")
    await owner.sign_in()
    kinds = [
        one.accountType for one in (await owner.client.get_person()).accounts or ()
    ]
    assert kinds == ["MYALPINE", "MYDACIA", "MYRENAULT", "SFDC"]
    found = [
        len(await account.get_api_vehicles())
        for account in await owner.client.get_api_accounts()
    ]
    assert found == [1, 1, 2, 0]


async def test_a_car_that_moves(tester: Owner) -> None:
    """The old account refuses it, the new one has it; ids can change too."""
    car = await tester.car(ZOE)
    tester.turn(move=ZOE)
    with pytest.raises(ForbiddenException):
        await car.get_cockpit()
    moved = await tester.car(ZOE)
    assert moved.account_id != car.account_id
    assert (await moved.get_cockpit()).totalMileage
    tester.turn(renumber="accounts")
    with pytest.raises(ForbiddenException):
        await moved.get_cockpit()
    assert (await (await tester.car(ZOE)).get_cockpit()).totalMileage


async def test_a_car_that_is_listed_twice(tester: Owner) -> None:
    """Only one of the links names its driver, and only through that one it is read."""
    tester.turn(borrow=ZOE)
    links = [
        (account, link)
        for account in await tester.client.get_api_accounts()
        for link in (await account.get_vehicles()).vehicleLinks or ()
        if link.vin == ZOE
    ]
    drivers = ["connectedDriver" in link.raw_data for _, link in links]
    assert sorted(drivers) == [False, True]
    other, _ = links[drivers.index(False)]
    with pytest.raises(ForbiddenException):
        await (await other.get_api_vehicle(ZOE)).get_cockpit()


async def test_a_car_without_details(tester: Owner) -> None:
    """Null in the list, and an error where they are asked for."""
    tester.turn(drop_details=ZOE)
    car = await tester.car(ZOE)
    with pytest.raises(KamereonResponseException):
        await car.get_details()
    other = await tester.car(MEGANE)
    assert (await other.get_details()).get_model_code() == "XCB1VE"


async def test_ended_contract_and_privacy(tester: Owner) -> None:
    """Everything of that car is refused, and the contract says since when."""
    tester.turn(end_contract=ZOE, hide=MEGANE)
    car = await tester.car(ZOE)
    for read in (car.get_battery_status, car.get_cockpit, car.get_car_adapter):
        with pytest.raises(AccessDeniedException):
            await read()
    (services, *_) = await car.get_contracts()
    assert (services.type, services.status) == ("CONNECTED_SERVICES", "ENDED")
    car = await tester.car(MEGANE)
    with pytest.raises(PrivacyModeOnException):
        await car.get_cockpit()
    assert (await car.get_car_adapter()).privacyMode == "on"


async def test_quota(tester: Owner, world: World) -> None:
    """Sixty calls an hour; then refusals that soon look like a dead token."""
    world.control.service("my_renault", quota=60)
    car = await tester.car(ZOE)
    for _ in range(58):  # Two were needed to find the car.
        await car.get_cockpit()
    for refusal in (*[QuotaLimitException] * 3, UnauthorizedException):
        with pytest.raises(refusal):
            await car.get_cockpit()
    await world.advance(900)
    await car.get_cockpit()


async def test_peculiarities_of_models(owner_of: OwnerOf, world: World) -> None:
    """Watts, offsets, minus one and off on the first Zoe; plug status 3; numbers."""
    owner = owner_of("other.models")
    await owner.sign_in()
    await world.advance(1800)
    car = await owner.car(FIRST_ZOE)
    battery = await car.get_battery_status()
    assert battery.chargingInstantaneousPower > 1000  # type: ignore[operator]
    assert battery.timestamp.endswith("+01:00")  # type: ignore[union-attr]
    twin = world.simulator.twin(FIRST_ZOE)
    twin.state.plugged_in = False
    twin.wake(world.clock.now(), latency=1)
    await world.advance(2)
    assert (await car.get_battery_status()).chargingStatus == -1.0
    await car.set_ac_start(21)
    await world.advance(60)
    assert world.simulator.twin(FIRST_ZOE).state.climate_active
    assert (await car.get_hvac_status()).hvacStatus == "off"
    world.control.service("my_renault", plug_status=3, hvac_as_number=True)
    twingo = await owner.car(TWINGO)
    assert (await twingo.get_battery_status()).plugStatus == 3
    raw = (await twingo.http_get(await owner.path(twingo, "hvac-status"))).raw_data
    assert raw["data"]["attributes"]["hvacStatus"] == 0


async def test_charges(tester: Owner, owner_of: OwnerOf, world: World) -> None:
    """Three styles: seconds and error on the Zoe, energy on the Megane."""
    await world.advance(8 * 3600)
    for vin, keys in (
        (ZOE, {"chargeEndStatus"}),
        (MEGANE, {"chargeEnergyRecovered", "chargeStartBatteryLevel"}),
    ):
        car = await tester.car(vin)
        (one,) = (await car.get_charges(*WHOLE)).raw_data["charges"]
        assert keys <= one.keys()
        begun, ended = (
            datetime.fromisoformat(one[name])
            for name in ("chargeStartDate", "chargeEndDate")
        )
        seconds = (ended - begun).total_seconds()
        unit = 1 if vin == ZOE else 60
        assert one["chargeDuration"] == pytest.approx(seconds / unit, abs=1)
        past = datetime(2020, 1, 1, tzinfo=UTC)
        none = await car.get_charges(past, past + timedelta(days=3))
        assert none.raw_data["charges"] == []


async def test_wrong_keys_and_paths(tester: Owner, world: World) -> None:
    """A key that is not good is told in other words than a token that is not."""
    world.control.service("my_renault", kamereon_key="another")
    with pytest.raises(Exception, match="403"):
        await tester.client.get_person()
    world.control.service("my_renault", kamereon_key="YjkKtHmGfaceeuExUDKGxrLZGGvtVS0J")
    tester.turn(revoke="jwt")
    with pytest.raises(UnauthorizedException):
        await tester.client.get_person()
    world.control.fault("status", status=502, path="/commerce/*")
    with pytest.raises(Exception, match="502"):
        await tester.client.get_person()


async def test_pictures(tester: Owner, world: World) -> None:
    """The address in the details leads to a picture; no VIN stands in it."""
    car = await tester.car(ZOE)
    address = (await car.get_details()).get_picture() or ""
    assert ZOE not in address
    host, _, path = address.removeprefix("https://").partition("/")
    async with world.session.get(world.address(host, f"/{path}")) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
    async with world.session.get(world.address(host, "/ImageFromBookmark")) as answer:
        assert answer.status == 404


async def test_alerts(owner_of: OwnerOf) -> None:
    """An array without an envelope, of the Renault 5 alone."""
    owner = owner_of("four.brands")
    await owner.sign_in()
    car = await owner.car(R5)
    told = await car.http_get(await owner.path(car, "alerts"))
    assert [one["alertCode"] for one in told.raw_data["data"]] == ["TYRE_01"]
