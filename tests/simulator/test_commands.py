"""Commands: PIN, latency, what they do to the car, and the limit."""

import asyncio
from typing import Any

import pytest

from tests.world import World

from .seed_client import Page, SeedClient

GOLF = "WVWZZZAUZGW900116"
DOORS = ("PUT", "/status/exterior/doors")
CLIMATE = ("PUT", "/status/climate")


async def _do(
    world: World, client: SeedClient, method: str, path: str, **body: Any
) -> Page:
    """Send a command and let its answer come."""
    return await world.result(client.command(method, path, **body), 30)


@pytest.fixture
async def ready(world: World, signed_in: SeedClient) -> SeedClient:
    """Give a client with a PIN session for the e-Golf."""
    assert (await signed_in.open_session()).status == 200
    return signed_in


async def test_tsp_token(ready: SeedClient) -> None:
    """The token is hexadecimal, and XML underneath."""
    assert ready.tsp_token.startswith("3c777373653a536563757269747920786d6c3a")
    assert bytes.fromhex(ready.tsp_token)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"tspPin": "0000"}, 403),
        ({"tspPin": 1357}, 400),
        ({"tsp": "VWNA"}, 400),
        ({"accountNumber": "40000000"}, 400),
        ({"idToken": "nonsense"}, 401),
        ({"idToken": None}, 400),
    ],
)
async def test_session_is_checked(
    signed_in: SeedClient, change: dict[str, Any], status: int
) -> None:
    """Each field of the session call matters."""
    assert (await signed_in.open_session(**change)).status == status


async def test_wrong_pins_lock(world: World, signed_in: SeedClient) -> None:
    """After six wrong PINs the right one is refused too."""
    for _ in range(5):
        assert (await signed_in.open_session(tspPin="0000")).status == 403
    assert (await signed_in.open_session()).status == 200
    for _ in range(6):
        assert (await signed_in.open_session(tspPin="0000")).status == 403
    assert (await signed_in.open_session()).status == 403
    world.control.account(signed_in.username, pin_tries=6)
    assert (await signed_in.open_session()).status == 200


async def test_lock_and_unlock(world: World, ready: SeedClient) -> None:
    """A command is answered within 10 s and seen 20 s after that, not before."""
    began = world.clock.now()
    page = await _do(world, ready, *DOORS, lock=False)
    passed = (world.clock.now() - began).total_seconds()
    assert 2 <= passed <= 10
    answer = page.json()["data"]
    assert (answer["command"], answer["result"]) == ("unlock_doors", 0)
    assert answer["correlationId"]
    await world.advance(19.9)
    assert (await ready.status())["lockStatus"] == "LOCKED"
    await world.advance(0.2)
    assert (await ready.status())["lockStatus"] == "UNLOCKED"
    page = await _do(world, ready, *DOORS, lock=True)
    assert page.json()["data"]["command"] == "lock_doors"
    await world.advance(21)
    assert (await ready.status())["lockStatus"] == "LOCKED"


async def test_refresh_brings_a_report(world: World, signed_in: SeedClient) -> None:
    """A refresh makes a silent car report, 25 s after it was accepted."""
    await world.advance(1000)
    await signed_in.open_session(1)
    before = (await signed_in.status(1))["timestamp"]
    page = await world.result(signed_in.command("PUT", "/status/fresh", 1))
    accepted = world.clock.now()
    assert page.json()["data"]["command"] == "fetch_vehicle_status"
    await world.advance(24)
    assert (await signed_in.status(1))["timestamp"] == before
    await world.advance(2)
    after = (await signed_in.status(1))["timestamp"]
    assert after == round((accepted.timestamp() + 25) * 1000)


@pytest.mark.parametrize(
    ("horn", "lights", "word"),
    [
        (True, True, "flash_lights_and_honk_horn"),
        (True, False, "honk_horn"),
        (False, True, "flash_lights"),
    ],
)
async def test_horn_and_lights(
    world: World, ready: SeedClient, horn: bool, lights: bool, word: str
) -> None:
    """All three modes are taken, none is not; the lights can be seen."""
    path = "/status/exterior/horn_and_lights"
    page = await _do(world, ready, "PUT", path, horn=horn, lights=lights)
    assert page.json()["data"]["command"] == word
    await world.advance(21)
    seen = (await ready.status())["exteriorStatus"]["lightStatus"]["left"]
    assert seen == ("ON" if lights else "OFF")
    page = await ready.command("PUT", path, horn=False, lights=False)
    assert page.status == 400


async def test_charging(world: World, ready: SeedClient) -> None:
    """Charging is a PATCH with another envelope."""
    page = await _do(world, ready, "PATCH", "/status/charging", active=False)
    value = page.json()["value"]
    assert value["command"] == "stop_charge"
    assert value["transaction_id"]
    await world.advance(25)
    battery = (await ready.status())["powerStatus"]["battery"]
    assert battery["minutesUntilFullCharge"] == 0
    page = await _do(world, ready, "PATCH", "/status/charging", active=True)
    assert page.json()["value"]["command"] == "start_charge"
    await world.advance(25)
    battery = (await ready.status())["powerStatus"]["battery"]
    assert battery["minutesUntilFullCharge"] > 0
    wrong = await ready.command("PUT", "/status/charging", active=True)
    assert wrong.status == 405


@pytest.mark.parametrize("current", [5, 10, 13, "max"])
async def test_charge_current(
    world: World, ready: SeedClient, current: int | str
) -> None:
    """The car takes four values."""
    path = "/settings/max_charge_current"
    page = await _do(world, ready, "PUT", path, max_charge_current=current)
    assert page.json()["data"]["command"] == "set_max_charge_current"
    await world.advance(21)
    assert world.simulator.twin(GOLF).state.max_charge_current == current


async def test_climate(world: World, ready: SeedClient) -> None:
    """Climate is started and stopped in Fahrenheit, and read by a costly call."""
    page = await _do(world, ready, *CLIMATE, active=True, target_temperature=77)
    assert page.json()["data"]["command"] == "start_climate"
    await world.advance(21)
    details = (await _do(world, ready, "PUT", "/status/climate/details")).json()
    assert details["data"] == {
        "outdoor_temperature": details["data"]["outdoor_temperature"],
        "target_temperature": 77,
        "climate_on": True,
        "defrost_on": False,
        "unplugged_climate_control_enabled": True,
        "triggered_by_timer": False,
    }
    assert isinstance(details["data"]["outdoor_temperature"], int)
    page = await _do(world, ready, *CLIMATE, active=False, target_temperature=77)
    assert page.json()["data"]["command"] == "stop_climate"
    await world.advance(21)
    details = (await _do(world, ready, "PUT", "/status/climate/details")).json()
    assert details["data"]["climate_on"] is False


async def test_defrost_and_unplugged_climate(world: World, ready: SeedClient) -> None:
    """Both are switches with words of their own."""
    page = await _do(world, ready, "PUT", "/status/defrost", active=True)
    assert page.json()["data"]["command"] == "start_defrost"
    path = "/settings/unplugged_climate_control"
    page = await _do(world, ready, "PUT", path, enabled=False)
    assert page.json()["data"]["command"] == "disable_unplugged_climate_control"
    await world.advance(21)
    details = (await _do(world, ready, "PUT", "/status/climate/details")).json()
    assert details["data"]["defrost_on"] is True
    assert details["data"]["unplugged_climate_control_enabled"] is False


async def test_health_refresh(world: World, ready: SeedClient) -> None:
    """A POST, answered at once; the report follows."""
    await world.advance(60)
    page = await ready.command("POST", "/health/fresh")
    assert page.json() == {"data": {"requested": True}}
    path = f"/vhs/v2/vehicle/{ready.car()['vehicleId']}"
    before = (await ready.get(path)).json()["data"]["vhrTimeStamp"]
    await world.advance(26)
    after = (await ready.get(path)).json()["data"]["vhrTimeStamp"]
    assert after == before + 85_000


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        (*DOORS, {"lock": "true"}),
        (*DOORS, {"action": "lock"}),
        ("PATCH", "/status/charging", {}),
        ("PUT", "/settings/max_charge_current", {"max_charge_current": 16}),
        ("PUT", "/settings/max_charge_current", {"max_charge_current": True}),
        (*CLIMATE, {"active": True, "target_temperature": 22}),
        (*CLIMATE, {"active": True, "target_temperature": 77.5}),
        (*CLIMATE, {"active": True, "target_temperature": "77"}),
        ("PUT", "/settings/unplugged_climate_control", {"active": True}),
        (*DOORS, {"lock": True, "email": "driver@example.com"}),
        (*DOORS, {"lock": True, "vw_id": ""}),
    ],
)
async def test_bodies_are_checked(
    ready: SeedClient, method: str, path: str, body: dict[str, Any]
) -> None:
    """A body that is not quite right is refused before the car hears of it."""
    assert (await ready.command(method, path, **body)).status == 400


async def test_what_a_car_lacks(world: World, signed_in: SeedClient) -> None:
    """A combustion car has doors and a horn, and none of the electric calls."""
    await signed_in.open_session(1)
    for method, path, body in (
        ("PATCH", "/status/charging", {"active": True}),
        ("PUT", "/status/climate/details", {}),
        (*CLIMATE, {"active": True}),
    ):
        page = await signed_in.command(method, path, 1, **body)
        assert page.status == 404
    page = await world.result(signed_in.command(*DOORS, 1, lock=False))
    assert page.status == 200


async def test_paths_take_the_provider_number(ready: SeedClient) -> None:
    """The id of the reads is not the number of the commands."""
    ready.car()["rolesAndRights"]["tspAccountNum"] = ready.car()["vehicleId"]
    assert (await ready.command(*DOORS, lock=True)).status == 404


async def test_form_is_not_json(ready: SeedClient) -> None:
    """Commands are JSON and say so."""
    number = ready.car()["rolesAndRights"]["tspAccountNum"]
    url = ready.url(f"/mps/v1/vehicles/{number}/status/fresh")
    page = await ready.call("PUT", url, headers=ready.bearer, data={"lock": "true"})
    assert page.status == 415


@pytest.mark.parametrize("refusal", [400, 401, 403])
async def test_tsp_token_dies(world: World, ready: SeedClient, refusal: int) -> None:
    """After 45 minutes the token is dead, though the access token is fresh."""
    world.control.service("car_net", tsp_refusal=refusal)
    await world.advance(44 * 60)
    ready.tokens = (await ready.refresh()).json()
    assert (await _do(world, ready, *DOORS, lock=True)).status == 200
    await world.advance(60)
    page = await ready.command(*DOORS, lock=True)
    assert page.status == refusal
    assert (await ready.open_session()).status == 200
    assert (await _do(world, ready, *DOORS, lock=True)).status == 200


async def test_tsp_token_belongs_to_a_car(ready: SeedClient) -> None:
    """One car's token does not open another."""
    assert (await ready.command(*DOORS, 1, lock=True)).status == 403


async def test_dead_access_token_comes_first(world: World, ready: SeedClient) -> None:
    """Without a living access token the TSP token is not looked at."""
    await world.advance(1801)
    assert (await ready.command(*DOORS, lock=True)).status == 401


async def test_limit_is_per_account(world: World, ready: SeedClient) -> None:
    """Ten calls in 15 minutes, reads of the climate too; then a pause for all."""
    for _ in range(5):
        page = await _do(world, ready, "PUT", "/status/climate/details")
        assert page.status == 200
        assert (await ready.command("POST", "/health/fresh")).status == 200
    page = await ready.command(*DOORS, lock=True)
    assert page.status == 429
    assert "Retry-After" not in page.headers

    again = SeedClient(world.simulator.hosts, ready.username)
    world.attach(again)
    await again.sign_in()
    await again.enroll()
    await again.open_session()
    assert (await again.command("POST", "/health/fresh")).status == 429
    assert (await again.status())["lockStatus"] == "LOCKED"
    await world.advance(899)
    assert (await again.command("POST", "/health/fresh")).status == 429
    await world.advance(1)
    assert (await again.command("POST", "/health/fresh")).status == 200
    await again.close()


async def test_limit_can_be_lifted(world: World, ready: SeedClient) -> None:
    """Tests that need many commands say so."""
    world.control.service("car_net", bucket_size=None)
    for _ in range(15):
        assert (await ready.command("POST", "/health/fresh")).status == 200


async def test_a_command_outlives_its_caller(world: World, ready: SeedClient) -> None:
    """Hanging up does not call a command back."""
    task = ready.start(*DOORS, lock=False)
    await world.settle()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await world.advance(31)
    assert (await ready.status())["lockStatus"] == "UNLOCKED"


async def test_deaf_car(world: World, ready: SeedClient) -> None:
    """A deaf car takes the command and never does it."""
    world.control.twin(GOLF, deaf=True)
    assert (await _do(world, ready, *DOORS, lock=False)).status == 200
    await world.advance(300)
    assert (await ready.status())["lockStatus"] == "LOCKED"


async def test_contrary_car(world: World, ready: SeedClient) -> None:
    """A contrary car reports the opposite."""
    world.control.twin(GOLF, contrary=True)
    assert (await _do(world, ready, *DOORS, lock=True)).status == 200
    await world.advance(21)
    assert (await ready.status())["lockStatus"] == "UNLOCKED"
