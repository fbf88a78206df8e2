"""Every command of the simulated interface, to the car and back."""

from copy import deepcopy
from typing import Any

import pytest

from .client import SkodaClient

WARM = {"value": 22.5, "unit": "CELSIUS"}
HEATER = "auxiliary-heating/start"


async def test_charging(enyaq: SkodaClient) -> None:
    """Stop and start, with nothing but the word that it was taken."""
    said = await enyaq.accept("charging/stop")
    assert (said.status, said.body) == (202, None)
    status = (await enyaq.vehicle())["charging"]["status"]
    assert status["state"] == "READY_FOR_CHARGING"
    assert "chargePowerInKw" not in status
    await enyaq.accept("charging/start")
    status = (await enyaq.vehicle())["charging"]["status"]
    assert (status["state"], status["chargeType"]) == ("CHARGING", "AC")
    assert status["chargePowerInKw"] > 5


async def test_settings_of_charging(enyaq: SkodaClient) -> None:
    """The limit in steps of ten, and one of the modes."""
    limit, mode = "targetStateOfChargeInPercent", "preferredChargeMode"
    assert (await enyaq.accept("charging/limit", {limit: 80}, "PUT")).status == 202
    said = await enyaq.accept("charging/mode", {"chargeMode": "TIMER"}, "PUT")
    assert said.status == 202
    settings = (await enyaq.vehicle())["charging"]["settings"]
    assert (settings[limit], settings[mode]) == (80, "TIMER")
    for bad in (85, 40, True, "80", None):
        said = await enyaq.accept("charging/limit", {limit: bad}, "PUT")
        assert (said.status, said.body["parameter"]) == (400, limit)
    said = await enyaq.accept("charging/mode", {"chargeMode": "SOMETIMES"}, "PUT")
    assert said.status == 400


async def test_a_charging_profile(enyaq: SkodaClient) -> None:
    """It is written as a whole: timers, times and settings."""
    (profile,) = (await enyaq.vehicle("chargingProfiles"))["chargingProfiles"][
        "profiles"
    ]
    assert len(profile["timers"]) == 3
    assert len(profile["preferredChargingTimes"]) == 4
    wish = deepcopy(profile)
    wish["timers"][0] |= {"enabled": True, "time": "05:45", "recurringOn": ["FRIDAY"]}
    wish["timers"][1] = {
        "id": 2,
        "enabled": True,
        "time": "09:15",
        "type": "ONE_OFF",
        "oneOffDay": "TUESDAY",
    }
    wish["preferredChargingTimes"][1] |= {"enabled": True, "startTime": "13:00"}
    wish["settings"] |= {
        "targetStateOfChargeInPercent": 90,
        "autoUnlockPlugWhenCharged": "PERMANENT",
        "maxChargingCurrent": "REDUCED",
    }
    wish["settings"]["minBatteryStateOfCharge"][
        "minimumBatteryStateOfChargeInPercent"
    ] = 30
    said = await enyaq.accept("charging-profiles/1", wish, "PUT")
    assert (said.status, said.body) == (202, None)
    found = (await enyaq.vehicle())["chargingProfiles"]
    assert found["profiles"] == [wish]
    assert found["currentVehiclePositionProfile"]["targetStateOfChargeInPercent"] == 90


@pytest.mark.parametrize(
    ("change", "at", "status"),
    [
        ({}, 2, 404),
        ({"id": 2}, 1, 412),
        ({"timers": []}, 1, 400),
        ({"settings": None}, 1, 400),
        ({"settings": {"maxChargingCurrent": "16"}}, 1, 400),
        ({"settings": {"targetStateOfChargeInPercent": 85}}, 1, 400),
        ({"preferredChargingTimes": [{"id": 11, "enabled": "yes"}]}, 1, 400),
        ({"more": 1}, 1, 400),
    ],
)
async def test_profiles_that_are_not_understood(
    enyaq: SkodaClient, change: dict[str, Any], at: int, status: int
) -> None:
    """Each with its own status."""
    (profile,) = (await enyaq.vehicle())["chargingProfiles"]["profiles"]
    said = await enyaq.accept(f"charging-profiles/{at}", profile | change, "PUT")
    assert said.status == status


async def test_air_conditioning(enyaq: SkodaClient) -> None:
    """With what is wished for, or as the car is set."""
    said = await enyaq.accept("air-conditioning/start", {})
    assert said.status == 202
    assert (await enyaq.vehicle())["airConditioning"]["state"] == "HEATING"
    await enyaq.accept("air-conditioning/stop")
    assert (await enyaq.vehicle())["airConditioning"]["state"] == "OFF"
    wish = {"targetTemperature": WARM, "airConditioningWithoutExternalPower": False}
    await enyaq.accept("air-conditioning/start", wish)
    found = (await enyaq.vehicle())["airConditioning"]
    assert found["targetTemperature"] == WARM
    assert found["airConditioningWithoutExternalPower"] is False


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"targetTemperature": 22}, "targetTemperature"),
        ({"targetTemperature": {"value": 22}}, "targetTemperature"),
        ({"targetTemperature": WARM | {"unit": "K"}}, "targetTemperature.unit"),
        ({"targetTemperature": WARM | {"value": 40}}, "targetTemperature.value"),
        ({"heaterSource": "FUEL"}, "heaterSource"),
        (
            {"airConditioningWithoutExternalPower": "yes"},
            "airConditioningWithoutExternalPower",
        ),
        ({"temperature": 22}, "temperature"),
    ],
)
async def test_air_conditioning_that_is_not_understood(
    enyaq: SkodaClient, body: dict[str, Any], parameter: str
) -> None:
    """400, with the parameter's name."""
    said = await enyaq.accept("air-conditioning/start", body)
    assert (said.status, said.body["parameter"]) == (400, parameter)


async def test_bodies_that_are_none(enyaq: SkodaClient) -> None:
    """Climate has to have one, if an empty one, and it has to be JSON."""
    path = "/air-conditioning/start"
    for kind in ("application/octet-stream", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind}
        assert (await enyaq.call("POST", path, headers=headers)).status == 415
        said = await enyaq.call("POST", path, data="a=b", headers=headers)
        assert said.status == 415
    for text in ("", "{", "[]"):
        said = await enyaq.call("POST", path, data=text)
        assert said.status == 400
    page = {"Accept": "text/html"}
    assert (await enyaq.call("GET", headers=page)).status == 406


async def test_which_heater_a_hybrid_takes(superb: SkodaClient) -> None:
    """The one that burns fuel too, unless it is told to be electric."""
    superb.world.simulator.twin(superb.vin).state.outside_temperature = 3
    start = "air-conditioning/start"
    await superb.accept(start, {"heaterSource": "ELECTRIC"})
    assert (await superb.vehicle())["auxiliaryHeating"]["state"] == "OFF"
    await superb.accept("air-conditioning/stop")
    await superb.accept(start, {})
    car = await superb.vehicle()
    assert car["airConditioning"]["state"] == "HEATING_AUXILIARY"
    assert car["auxiliaryHeating"]["state"] == "HEATING_AUXILIARY"


async def test_auxiliary_heating(octavia: SkodaClient) -> None:
    """It needs the S-PIN, runs for its time, and can air the cabin as well."""
    said = await octavia.accept(HEATER, {"durationInSeconds": 600})
    assert (said.status, said.body["parameter"]) == (400, "spin")
    said = await octavia.accept(HEATER, {"spin": "0000"})
    assert said.problem == "operation-not-authorized"
    assert (await octavia.accept(HEATER, {"spin": "1357"})).status == 202
    heater = (await octavia.vehicle())["auxiliaryHeating"]
    assert heater["state"] == "HEATING_AUXILIARY"
    await octavia.accept("auxiliary-heating/stop")
    assert (await octavia.vehicle())["auxiliaryHeating"]["state"] == "OFF"
    wish = {"spin": "1357", "startMode": "VENTILATION", "durationInSeconds": 120}
    await octavia.accept(HEATER, wish)
    assert (await octavia.vehicle())["auxiliaryHeating"]["state"] == "VENTILATION"
    await octavia.world.advance(120)
    assert (await octavia.vehicle())["auxiliaryHeating"]["state"] == "OFF"


async def test_active_ventilation(octavia: SkodaClient) -> None:
    """On and off, without a PIN."""
    assert (await octavia.accept("active-ventilation/start")).status == 202
    assert (await octavia.vehicle())["activeVentilation"]["state"] == "VENTILATION"
    await octavia.accept("active-ventilation/stop")
    assert (await octavia.vehicle())["activeVentilation"]["state"] == "OFF"


@pytest.mark.parametrize("status", [200, 204])
async def test_other_ways_to_say_yes(enyaq: SkodaClient, status: int) -> None:
    """Some answers were seen to be these."""
    enyaq.world.control.service("skoda", command_status=status)
    assert (await enyaq.accept("charging/stop")).status == status
