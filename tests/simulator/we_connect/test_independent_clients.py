"""What independent clients of We Connect send, and need to be answered."""

import hashlib
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from carport.twin.twin import Equipment
from tests.world import World

from .conftest import ARTEON, META, PASSAT, BareClient

CLIMATER = "/bs/climatisation/v1/{car}/climater/actions"
CHARGER = "/bs/batterycharge/v1/{car}/charger/actions"
TIMERS = "/bs/departuretimer/v1/{car}/timer"
HEATER = "/bs/rs/v1/{car}/action"
HONK = "/bs/rhf/v1/{car}/honkAndFlash"
OWNER = "prueferin@example.com"
MBB = "application/vnd.vwg.mbb"
SERVICE = "{http://www.vw.com/mbb/service_TelemetricSharedService_MBB}"
EVENT = "{http://xmldefs.volkswagenag.com/DD/MaintenanceEvent/V1}"


async def post(bare: BareClient, path: str, body: Any) -> int:
    """Post JSON to a car; return the status."""
    return (await bare.car(path, "POST", json=body))[0]


async def post_text(
    bare: BareClient, path: str, kind: str, text: str, **headers: str
) -> int:
    """Post something else to a car; return the status."""
    known = {"Content-Type": kind, **headers}
    return (await bare.car(path, "POST", headers=known, data=text))[0]


def settings(**values: Any) -> dict[str, Any]:
    """Return the body of a change of settings."""
    return {"action": {"type": "setSettings", "settings": values}}


async def applied(bare: BareClient) -> Any:
    """Let the car hear of it, and return what it is then like."""
    await bare.world.advance(120)
    return bare.world.simulator.twin(PASSAT).state


async def test_8_3_12_the_level_is_asked_for_every_climate_call(
    bare: BareClient,
) -> None:
    """Also for a car that nothing but electricity heats."""
    token, challenge = await bare.challenge("rclima_v1/P_START_CLIMA_AU")
    assert token
    assert len(challenge) == 32
    path = (
        f"/api/rolesrights/authorization/v2/vehicles/{PASSAT}/services/rclima_v1"
        "/operations/P_SOMETHING/security-pin-auth-requested"
    )
    assert (await bare.call("GET", META, path))[0] == 403


async def test_8_3_13_a_temperature_with_a_point(bare: BareClient) -> None:
    """It is taken like one without."""
    wish = settings(
        targetTemperature=2946.0,
        climatisationWithoutHVpower=False,
        heaterSource="electric",
    )
    assert await post(bare, CLIMATER, wish) == 202
    assert (await applied(bare)).target_temperature == 21.5


async def test_8_3_14_a_hash_in_small_letters(bare: BareClient, world: World) -> None:
    """It is right, and burns no try."""
    for _ in range(4):
        token, challenge = await bare.challenge("rlu_v1/LOCK")
        secret = bytes.fromhex(bare.pin + challenge)
        said = hashlib.sha512(secret).hexdigest().lower()
        assert (await bare.solve(token, challenge, said))[0] == 200
    wrong = "ab" * 64
    token, challenge = await bare.challenge("rlu_v1/LOCK")
    assert (await bare.solve(token, challenge, wrong))[0] == 403


@pytest.mark.parametrize(
    "value",
    [
        {"targetTemperature": 2921},
        {"climatisationWithoutHVpower": True},
        {"heaterSource": "electric"},
    ],
)
async def test_8_3_15_a_setting_alone(bare: BareClient, value: dict[str, Any]) -> None:
    """What is not said stays as it is."""
    before = bare.world.simulator.twin(PASSAT).state
    warmth, battery = before.target_temperature, before.climate_on_battery
    assert await post(bare, CLIMATER, settings(**value)) == 202
    state = await applied(bare)
    assert state.target_temperature == (19 if "targetTemperature" in value else warmth)
    assert state.climate_on_battery is value.get("climatisationWithoutHVpower", battery)


async def test_8_3_15_no_setting_and_unknown_ones(bare: BareClient) -> None:
    """Are refused."""
    assert await post(bare, CLIMATER, settings()) == 400
    assert await post(bare, CLIMATER, settings(fan=3)) == 400
    assert await post(bare, CLIMATER, settings(heaterSource="coal")) == 400


async def test_8_3_16_an_empty_request_for_a_report(bare: BareClient) -> None:
    """Nothing in it, and a type that says nothing."""
    path, kind = "/bs/vsr/v1/{car}/requests", "application/octet-stream"
    assert await post_text(bare, path, kind, "x") == 415
    assert await post_text(bare, path, kind, "") == 202


def heater_xml(inside: str) -> str:
    """Return the XML of a heater action."""
    return (
        '<?xml version="1.0" encoding= "UTF-8" ?>\n'
        f'<performAction xmlns="http://audi.de/connect/rs">\n   {inside}\n</performAction>'
    )


async def test_8_3_17_the_heater_in_plain_json(bare: BareClient) -> None:
    """The type of its own is not needed."""
    start = {"climatisationDuration": 20, "startMode": "heating", "active": True}
    body = {"performAction": {"quickstart": start}}
    assert await post(bare, HEATER, body) == 403
    secret = await bare.security_token("rheating_v1/P_QSACT")
    status, _ = await bare.car(
        HEATER, "POST", json=body, headers={"X-MBBSecToken": secret}
    )
    assert status == 202
    assert (await applied(bare)).auxiliary_heating


@pytest.mark.parametrize("version", ["v2_0_0", "v2_0_2"])
async def test_8_3_18_the_heater_in_xml(bare: BareClient, version: str) -> None:
    """Both versions, at the younger address; stopping needs no S-PIN there."""
    kind = f"{MBB}.RemoteStandheizung_{version}+xml"
    more = {
        "v2_0_0": "",
        "v2_0_2": "<climatisationDuration>30</climatisationDuration>"
        "<startMode>ventilation</startMode>",
    }[version]
    start = heater_xml(f"<quickstart><active>true</active>{more}</quickstart>")
    assert await post_text(bare, HEATER, kind, start) == 403
    secret = await bare.security_token("rheating_v1/P_QSACT")
    assert (
        await post_text(bare, HEATER, kind, start, **{"X-MBBSecToken": secret}) == 202
    )
    state = await applied(bare)
    assert (state.auxiliary_heating, state.ventilation) == (
        version == "v2_0_0",
        version == "v2_0_2",
    )
    stop = heater_xml("<quickstop><active>false</active></quickstop>")
    assert await post_text(bare, HEATER, kind, stop) == 202
    state = await applied(bare)
    assert not state.auxiliary_heating
    assert not state.ventilation


def action_xml(inside: str) -> str:
    """Return the XML of an action."""
    return f'<?xml version="1.0" encoding= "UTF-8" ?>\n<action>\n{inside}\n</action>'


async def test_8_3_19_the_charger_in_xml(bare: BareClient) -> None:
    """A type of its own, and the words of the JSON."""
    kind = f"{MBB}.ChargerAction_v1_0_0+xml"
    body = action_xml(
        "<type>setSettings</type><settings><maxChargeCurrent>10</maxChargeCurrent></settings>"
    )
    assert await post_text(bare, CHARGER, kind, body) == 202
    assert (await applied(bare)).max_charge_current == 10
    assert await post_text(bare, CHARGER, kind, action_xml("<type>x</type>")) == 400
    assert await post_text(bare, CHARGER, kind, "<action>") == 400


async def test_8_3_19_the_climater_in_xml(bare: BareClient) -> None:
    """Settings and the window heating, as they were sent."""
    kind = f"{MBB}.ClimaterAction_v1_0_0+xml"
    body = action_xml(
        "<type>setSettings</type> <settings> <targetTemperature>2931</targetTemperature>"
        " <climatisationWithoutHVpower>false</climatisationWithoutHVpower>"
        " <heaterSource>electric</heaterSource> </settings>"
    )
    assert await post_text(bare, CLIMATER, kind, body) == 202
    assert (await applied(bare)).target_temperature == 20
    body = action_xml("   <type>startWindowHeating</type>")
    assert await post_text(bare, CLIMATER, kind, body) == 202
    await bare.world.advance(60)
    assert bare.world.simulator.twin(PASSAT).state.window_heating


async def test_8_3_20_flashing_without_a_duration(bare: BareClient) -> None:
    """It is the one of the configuration."""
    _, found = await bare.car("/bs/cf/v1/{car}/position")
    place = found["storedPositionResponse"]["position"]["carCoordinate"]
    wish = {"serviceOperationCode": "FLASH_ONLY", "userPosition": place}
    status, said = await bare.car(HONK, "POST", json={"honkAndFlashRequest": wish})
    path = "/fs-car/bs/rhf/v1/VW/DE/configuration"
    _, known = await bare.call("GET", "fal-3a.prd.eu.dp.vwg-connect.com", path)
    default = known["rhfConfiguration"]["serviceDurationDefault"]
    assert (status, said["honkAndFlashRequest"]["serviceDuration"]) == (202, default)


async def test_8_3_21_a_slash_at_the_end(bare: BareClient) -> None:
    """The same answer as without."""
    path = "/vehicleMgmt/vehicledata/v2/{car}"
    with_slash, without = await bare.car(f"{path}/"), await bare.car(path)
    assert with_slash == without
    assert without[0] == 200


async def test_8_3_22_the_namespaces_of_the_health_report(bare: BareClient) -> None:
    """By which a client finds the report and its events."""
    bare.world.simulator.twin(PASSAT).report.state.tyre_pressures = (1.5, 2.5, 2.5, 2.5)
    path = (
        "/vehiclehealthreport/myreports/v1/{car}"
        f"/users/{bare.tokens['mbb_user']}/vehicleHealthReports/history"
    )
    accept = {"Accept": f"{MBB}.sharedTelemetricReport_v1_0_0+xml, */*"}
    status, text = await bare.car(path, headers=accept)
    assert status == 200
    root = ET.fromstring(text)
    assert root.tag == f"{SERVICE}sharedTelemetricReport"
    assert root.find(f"{SERVICE}report/{EVENT}warnings/{EVENT}warning") is not None


@pytest.mark.parametrize(
    ("setting", "envelope"),
    [
        (None, "storedPositionResponse"),
        ("stored", "storedPositionResponse"),
        ("found", "findCarResponse"),
    ],
)
async def test_8_3_23_the_envelope_of_a_position(
    bare: BareClient, setting: str | None, envelope: str
) -> None:
    """By account, whatever the service does otherwise."""
    bare.world.control.account(OWNER, position=setting)
    assert (await bare.car("/bs/cf/v1/{car}/position"))[1].keys() == {envelope}
    bare.world.control.service("we_connect", position_found=True)
    _, found = await bare.car("/bs/cf/v1/{car}/position")
    younger = "storedPositionResponse" if setting == "stored" else "findCarResponse"
    assert found.keys() == {younger}


async def as_they_send_them(bare: BareClient) -> dict[str, Any]:
    """Return the car's timers as clients send them back."""
    _, body = await bare.car(TIMERS)
    known = body["timer"]["timersAndProfiles"]
    profiles = [
        {key: value for key, value in profile.items() if key != "timestamp"}
        for profile in known["timerProfileList"]["timerProfile"]
    ]
    timers = [
        {key: value for key, value in timer.items() if key != "timestamp"}
        | {"currentCalendarProvider": {}}
        | (
            {"departureTimeOfDay": "00:00"}
            if timer["timerFrequency"] == "single"
            else {}
        )
        for timer in known["timerList"]["timer"]
    ]
    basics = {
        "chargeMinLimit": 30,
        "targetTemperature": 2940,
        "heaterSource": "electric",
    }
    return {
        "timerProfileList": {"timerProfile": profiles},
        "timerList": {"timer": timers},
        "timerBasicSetting": basics,
    }


def xml_of(content: Any) -> str:
    """Write the same nesting as XML."""
    if not isinstance(content, dict):
        return str(content).lower() if isinstance(content, bool) else str(content)
    return "".join(
        f"<{name}>{xml_of(one)}</{name}>"
        for name, value in content.items()
        for one in (value if isinstance(value, list) else [value])
    )


@pytest.mark.parametrize("as_xml", [False, True])
async def test_8_3_p1_p2_the_lower_limit(bare: BareClient, as_xml: bool) -> None:
    """With all timers, and without an S-PIN."""
    body = {
        "type": "setChargeMinLimit",
        "timersAndProfiles": await as_they_send_them(bare),
    }
    path = f"{TIMERS}/actions"
    if as_xml:
        kind = f"{MBB}.DepartureTimerAction_v1_0_0+xml"
        status = await post_text(bare, path, kind, action_xml(xml_of(body)))
    else:
        status = await post(bare, path, {"action": body})
    assert status == 202
    assert (await applied(bare)).charge_limit_min == 30


async def test_8_3_p2_p3_the_timers(bare: BareClient) -> None:
    """With what holds for all of them, and no time anywhere."""
    wish = await as_they_send_them(bare)
    first = wish["timerList"]["timer"][0]
    first |= {
        "timerProgrammedStatus": "programmed",
        "timerFrequency": "cyclic",
        "departureTimeOfDay": "06:20",
        "departureWeekdayMask": "yyyyynn",
    }
    first.pop("departureDateTime", None)
    body = {"action": {"type": "setTimersAndProfiles", "timersAndProfiles": wish}}
    assert await post(bare, f"{TIMERS}/actions", body) == 202
    slot = (await applied(bare)).schedule.slots[0]
    assert (f"{slot.departure:%H:%M}", len(slot.days)) == ("06:20", 5)


async def test_8_3_12_what_has_no_climate_is_not_asked(bare: BareClient) -> None:
    """A car of another owner has it not at all."""
    path = (
        "/api/rolesrights/authorization/v2/vehicles/{}/services/rclima_v1"
        "/operations/P_START_CLIMA_AU/security-pin-auth-requested"
    )
    climate = Equipment.CLIMATE in bare.world.simulator.twin(ARTEON).spec.equipment
    status, _ = await bare.call("GET", META, path.format(ARTEON))
    assert status == (200 if climate else 403)
    assert (await bare.call("GET", META, path.format("WVWZZZ3CZME067891")))[0] == 403
