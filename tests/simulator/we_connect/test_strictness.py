"""What the real cloud refuses, the simulated one refuses: over bare HTTP."""

import hashlib
from typing import Any

import pytest

from simulator.settings import ControlError
from tests.world import World

from .conftest import (
    ARTEON,
    DATA,
    META,
    OTHER_DATA,
    PASSAT,
    PROFILE,
    USERS,
    BareClient,
    home_path,
)

LOCK_TYPE = "application/vnd.vwg.mbb.RemoteLockUnlock_v1_0_0+xml"
HEATER_TYPE = "application/vnd.vwg.mbb.RemoteStandheizung_v2_0_0+xml"
HEATER_JSON = "application/vnd.vwg.mbb.RemoteStandheizung_v2_0_2+json"
LOCK = '<rluAction xmlns="http://audi.de/connect/rlu"><action>lock</action></rluAction>'
HEAT = (
    '<performAction xmlns="http://audi.de/connect/rs">'
    "<quickstart><active>true</active></quickstart></performAction>"
)
STOP_HEAT = (
    '<performAction xmlns="http://audi.de/connect/rs">'
    "<quickstop><active>false</active></quickstop></performAction>"
)


# The right tier, the right host, the right car


@pytest.mark.parametrize("tier", [None, "identity_access", "mbb_refresh"])
async def test_a_token_of_another_tier(bare: BareClient, tier: str | None) -> None:
    """Only the second tier opens the cars."""
    status, body = await bare.call("GET", META, f"/api{home_path(PASSAT)}", tier=tier)
    assert status == 401
    assert body["error"]["errorCode"] == "gw.error.authentication"


async def test_the_profile_wants_the_first_tier(bare: BareClient) -> None:
    """And only its own user's."""
    user = bare.tokens["user_id"]
    path = f"/v1/customers/{user}/personalData"
    assert (await bare.call("GET", PROFILE, path))[0] == 401
    tier = "identity_access"
    assert (await bare.call("GET", PROFILE, path, tier=tier))[0] == 200
    other = "/v1/customers/somebody/personalData"
    assert (await bare.call("GET", PROFILE, other, tier=tier))[0] == 403
    users = f"/iaa/uic/v1/vin/{PASSAT}/users"
    wrong = {"idP_IT": "x"}
    assert (await bare.call("POST", USERS, users, tier=tier, json=wrong))[0] == 401
    stranger = "/iaa/uic/v1/vin/WVWZZZ3CZME067891/users"
    right = {"idP_IT": bare.tokens["identity_identity"]}
    assert (await bare.call("POST", USERS, stranger, tier=tier, json=right))[0] == 403


async def test_a_car_at_the_wrong_host(bare: BareClient) -> None:
    """Half of them have moved, and each is served at its home only."""
    path = "/fs-car/bs/vsr/v1/VW/DE/vehicles/{}/status"
    assert (await bare.call("GET", OTHER_DATA, path.format(PASSAT)))[0] == 200
    assert (await bare.call("GET", DATA, path.format(PASSAT)))[0] == 404
    assert (await bare.call("GET", DATA, path.format(ARTEON)))[0] == 200
    assert (await bare.call("GET", OTHER_DATA, path.format(ARTEON)))[0] == 404
    stranger = path.format("WVWZZZ3CZME067891")
    assert (await bare.call("GET", OTHER_DATA, stranger))[0] == 403


@pytest.mark.parametrize(
    "path", ["/bs/vsr/v1/{car}/status", "/bs/cf/v1/{car}/position"]
)
async def test_headers_that_are_mandatory(bare: BareClient, path: str) -> None:
    """The app's name and version, whatever they are."""
    assert (await bare.car(path))[0] == 200
    assert (await bare.car(path, app=False))[0] == 400


async def test_what_a_car_lacks(bare: BareClient) -> None:
    """A diesel has no charger, and no timers for one."""
    for path in (
        "/bs/batterycharge/v1/{car}/charger",
        "/bs/departuretimer/v1/{car}/timer",
    ):
        assert (await bare.car(path, vin=ARTEON))[0] == 403
    status, _ = await bare.call(
        "GET",
        META,
        f"/api/rolesrights/authorization/v2/vehicles/{ARTEON}/services/"
        "rbatterycharge_v1/operations/P_START/security-pin-auth-requested",
    )
    assert status == 403


async def test_unknown_ways_of_asking(bare: BareClient) -> None:
    """Trips are asked for as a list or as the newest one."""
    path = "/bs/tripstatistics/v1/{car}/tripdata"
    assert (await bare.car(f"{path}/longTerm"))[0] == 400
    assert (await bare.car(f"{path}/often?type=list"))[0] == 400
    assert (await bare.car(f"{path}/cyclic?newest"))[0] == 200
    report = "/vehiclehealthreport/myreports/v1/{car}/users"
    mine = f"{report}/{bare.tokens['mbb_user']}/vehicleHealthReports/history"
    assert (await bare.car(mine))[0] == 406
    theirs = f"{report}/somebody/vehicleHealthReports/history"
    assert (await bare.car(theirs))[0] == 403
    rights = f"/rolesrights/operationlist/v3/vehicles/{PASSAT}/users/somebody"
    assert (await bare.car(rights))[0] == 403


# The S-PIN


async def test_a_wrong_hash_counts_down(bare: BareClient) -> None:
    """The digits as text are the usual mistake; the third one locks."""
    for left in (2, 1, 0):
        token, challenge = await bare.challenge("rlu_v1/LOCK")
        as_text = hashlib.sha512(f"{bare.pin}{challenge}".encode()).hexdigest().upper()
        status, body = await bare.solve(token, challenge, as_text)
        assert status == 403
        error = body["error"]
        assert error["errorCode"] == "mbbc.rolesandrights.invalidSecurityPin"
        locked = error["details"]["reason"] == "SECURITY_PIN_LOCKED"
        assert locked is (left == 0)
    token, challenge = await bare.challenge("rlu_v1/LOCK")
    right = hashlib.sha512(bytes.fromhex(bare.pin + challenge)).hexdigest().upper()
    status, body = await bare.solve(token, challenge, right)
    assert status == 403
    await bare.world.advance(float(body["error"]["details"]["delay"]))
    assert await bare.security_token("rlu_v1/LOCK")


async def test_a_challenge_is_for_once_and_not_for_long(bare: BareClient) -> None:
    """Neither a second answer nor a late one."""
    token, challenge = await bare.challenge("rlu_v1/LOCK")
    said = hashlib.sha512(bytes.fromhex(bare.pin + challenge)).hexdigest().upper()
    assert (await bare.solve(token, "0" * 32, said))[0] == 400
    assert (await bare.solve(token, challenge, said))[0] == 400
    token, challenge = await bare.challenge("rlu_v1/LOCK")
    said = hashlib.sha512(bytes.fromhex(bare.pin + challenge)).hexdigest().upper()
    await bare.world.advance(200)
    assert (await bare.solve(token, challenge, said))[0] == 400
    status, _ = await bare.call(
        "POST",
        META,
        "/api/rolesrights/authorization/v2/security-pin-auth-completed",
        json={},
    )
    assert status == 400


@pytest.mark.parametrize(
    ("operation", "vin", "status"),
    [
        ("rlu_v1/LOCK", PASSAT, 202),
        ("rlu_v1/UNLOCK", PASSAT, 403),
        ("rlu_v1/LOCK", ARTEON, 403),
        (None, PASSAT, 403),
    ],
)
async def test_a_token_of_another_operation(
    bare: BareClient, operation: str | None, vin: str, status: int
) -> None:
    """It allows one operation of one car, once."""
    headers = {"Content-Type": LOCK_TYPE}
    if operation is not None:
        headers["X-MBBSecToken"] = await bare.security_token(operation, vin)
    for expected in (status, 403):
        found, _ = await bare.car(
            "/bs/rlu/v1/{car}/actions", "POST", headers=headers, data=LOCK
        )
        assert found == expected


# Commands


async def test_the_elder_clients_ask_the_old_host(bare: BareClient) -> None:
    """Lock and heater go there, wherever the car has its home."""
    for service, operation, kind, xml in (
        ("rlu", "rlu_v1/LOCK", LOCK_TYPE, LOCK),
        ("rs", "rheating_v1/P_QSACT", HEATER_TYPE, HEAT),
    ):
        status, _ = await bare.call(
            "POST",
            DATA,
            f"/fs-car/bs/{service}/v1/VW/DE/vehicles/{PASSAT}/actions",
            headers={
                "Content-Type": kind,
                "X-securityToken": await bare.security_token(operation),
            },
            data=xml,
        )
        assert status == 202
    await bare.world.advance(30)
    assert bare.world.simulator.twin(PASSAT).state.auxiliary_heating
    headers = {
        "Content-Type": HEATER_TYPE,
        "X-MBBSecToken": await bare.security_token("rheating_v1/P_QSACT"),
    }
    path = "/bs/rs/v1/{car}/actions"
    assert (await bare.car(path, "POST", headers=headers, data=STOP_HEAT))[0] == 202
    await bare.world.advance(30)
    assert not bare.world.simulator.twin(PASSAT).state.auxiliary_heating


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/bs/batterycharge/v1/{car}/charger/actions", {}, 400),
        (
            "/bs/batterycharge/v1/{car}/charger/actions",
            {"action": {"type": "begin"}},
            400,
        ),
        (
            "/bs/batterycharge/v1/{car}/charger/actions",
            {"action": {"type": "setSettings", "settings": {"maxChargeCurrent": 7}}},
            400,
        ),
        (
            "/bs/climatisation/v1/{car}/climater/actions",
            {
                "action": {
                    "type": "setSettings",
                    "settings": {"targetTemperature": "2950"},
                }
            },
            400,
        ),
        (
            "/bs/climatisation/v1/{car}/climater/actions",
            {
                "action": {
                    "type": "setSettings",
                    "settings": {
                        "targetTemperature": 215,
                        "climatisationWithoutHVpower": True,
                        "heaterSource": "electric",
                    },
                }
            },
            400,
        ),
        (
            "/bs/climatisation/v1/{car}/climater/actions",
            {
                "action": {
                    "type": "startClimatisation",
                    "settings": {"heaterSource": "automatic"},
                }
            },
            403,
        ),
        ("/bs/climatisation/v1/{car}/climater/actions", {"action": []}, 400),
        ("/bs/departuretimer/v1/{car}/timer/actions", {"action": {}}, 400),
        ("/bs/rhf/v1/{car}/honkAndFlash", {}, 400),
        (
            "/bs/rhf/v1/{car}/honkAndFlash",
            {
                "honkAndFlashRequest": {
                    "serviceOperationCode": "FLASH_ONLY",
                    "serviceDuration": 15,
                    "userPosition": {"latitude": 0, "longitude": 0},
                }
            },
            400,
        ),
        (
            "/bs/rhf/v1/{car}/honkAndFlash",
            {
                "honkAndFlashRequest": {
                    "serviceOperationCode": "HONK_ONLY",
                    "serviceDuration": 15,
                    "userPosition": {},
                }
            },
            400,
        ),
    ],
)
async def test_bodies_that_are_wrong(
    bare: BareClient, path: str, body: dict[str, Any], status: int
) -> None:
    """They never reach the car."""
    known = len(bare.world.simulator.twin(PASSAT).commands)
    found, said = await bare.car(path, "POST", json=body)
    assert found == status
    assert len(bare.world.simulator.twin(PASSAT).commands) == known
    assert "errorCode" in said["error"]


BASICS = {
    "chargeMinLimit": 30,
    "targetTemperature": 2940,
    "heaterSource": "electric",
}


async def send_timers(bare: BareClient, kind: str, change: dict[str, Any]) -> int:
    """Send the car's own timers back, with something changed; return the status."""
    _, body = await bare.car("/bs/departuretimer/v1/{car}/timer")
    known = body["timer"]["timersAndProfiles"]
    for profile in known["timerProfileList"]["timerProfile"]:
        del profile["timestamp"]
    wish = {**known, "timerBasicSetting": BASICS, **change}
    status, _ = await bare.car(
        "/bs/departuretimer/v1/{car}/timer/actions",
        "POST",
        json={"action": {"type": kind, "timersAndProfiles": wish}},
    )
    return status


@pytest.mark.parametrize("kind", ["setTimersAndProfiles", "setChargeMinLimit"])
async def test_timers_need_no_pin(bare: BareClient, kind: str) -> None:
    """What independent clients send is taken as it is."""
    assert await send_timers(bare, kind, {}) == 202


@pytest.mark.parametrize("kind", ["setTimersAndProfiles", "setChargeMinLimit"])
@pytest.mark.parametrize(
    "change",
    [
        {"timerList": {"timer": []}},
        {"timerList": None},
        {"timerProfileList": {"timerProfile": []}},
        {"timerBasicSetting": None},
        {"timerBasicSetting": {**BASICS, "timestamp": "2022-02-13T19:41:08Z"}},
        {"timerBasicSetting": {**BASICS, "chargeMinLimit": "30"}},
        {"timerBasicSetting": {**BASICS, "chargeMinLimit": 35}},
    ],
)
async def test_timers_that_are_wrong(
    bare: BareClient, kind: str, change: dict[str, Any]
) -> None:
    """All three, each with a profile that is there, and what holds for all."""
    assert await send_timers(bare, kind, change) == 400


async def test_profiles_have_no_time(bare: BareClient) -> None:
    """Sent back with the car's own stamps they are refused."""
    _, body = await bare.car("/bs/departuretimer/v1/{car}/timer")
    profiles = body["timer"]["timersAndProfiles"]["timerProfileList"]
    change = {"timerProfileList": profiles}
    assert await send_timers(bare, "setTimersAndProfiles", change) == 400


@pytest.mark.parametrize(
    ("path", "kind", "data", "status"),
    [
        ("/bs/rlu/v1/{car}/actions", LOCK_TYPE, "<action/>", 400),
        ("/bs/rlu/v1/{car}/actions", LOCK_TYPE, "no xml", 400),
        (
            "/bs/rlu/v1/{car}/actions",
            LOCK_TYPE,
            LOCK.replace("lock<", "open<"),
            400,
        ),
        ("/bs/rlu/v1/{car}/actions", "application/xml", LOCK, 415),
        ("/bs/rs/v1/{car}/actions", "application/xml", HEAT, 415),
        ("/bs/rs/v1/{car}/action", "text/plain", "{}", 415),
        ("/bs/rs/v1/{car}/action", HEATER_JSON, "{}", 400),
        ("/bs/rs/v1/{car}/action", HEATER_JSON, "[]", 400),
        ("/bs/vsr/v1/{car}/requests", "text/plain", "{}", 415),
        ("/bs/vsr/v1/{car}/requests", "application/json", "{", 400),
    ],
)
async def test_encodings_that_are_wrong(
    bare: BareClient, path: str, kind: str, data: str, status: int
) -> None:
    """Each command has a type of its own."""
    headers = {"Content-Type": kind}
    assert (await bare.car(path, "POST", headers=headers, data=data))[0] == status


async def test_what_nobody_asked_for(bare: BareClient) -> None:
    """Numbers of requests that never were, in each family's words."""
    for path in (
        "/bs/climatisation/v1/{car}/climater/actions/1",
        "/bs/rhf/v1/{car}/honkAndFlash/1/status",
        "/bs/vsr/v1/{car}/requests/1/status",
    ):
        assert (await bare.car(path))[0] == 404
    status, body = await bare.car("/bs/rlu/v1/{car}/requests/1/status")
    assert status == 200
    assert body["requestStatusResponse"]["status"] == "request_not_found"


async def test_requests_until_the_next_drive(bare: BareClient, world: World) -> None:
    """They are counted for each car, and driving starts the count anew."""
    world.control.service("we_connect", remote_requests=1)
    path = "/bs/vsr/v1/{car}/requests"
    assert (await bare.car(path, "POST", json={}))[0] == 202
    await world.advance(60)
    assert (await bare.car(path, "POST", json={}))[0] == 429
    world.simulator.twin(PASSAT).state.odometer += 10
    assert (await bare.car(path, "POST", json={}))[0] == 202


def test_settings(world: World) -> None:
    """What they do not take, they say."""
    control = world.control
    for changes in ({"revoke": "some"}, {"unlicensed": "radio_v1"}):
        with pytest.raises(ControlError):
            control.account("prueferin@example.com", **changes)
    with pytest.raises(ControlError):
        control.service("we_connect", tries_inside="perhaps")
