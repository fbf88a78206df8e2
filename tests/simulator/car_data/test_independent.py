"""A client that others wrote, unchanged: from its sign-in to its stream."""

import asyncio
import ssl

from bmw_cardata import CarDataClient, DeviceCodeFlowClient, StreamingClient
from bmw_cardata.models import CreateContainerRequest, StreamingMessage
from yarl import URL

from tests.patience import PATIENCE
from tests.world import World

from .client import API, SIGN_IN, STREAM, Client

ODOMETER = "vehicle.vehicle.travelledDistance"


async def test_bmw_cardata(world: World) -> None:
    """It signs in, refreshes, reads everything there is, and follows a car."""
    driver = Client(world, "i4.driver@example.com")
    world.clock.step(10 * 86_400 + 7 * 3600)  # Its owner is about to go home.
    async with DeviceCodeFlowClient(
        driver.client_id, base_url=world.address(SIGN_IN)
    ) as auth:
        device = await auth.request_device_code()
        assert device.verification_uri_complete
        await driver.decide({"user_code": device.user_code})
        await auth.poll_for_token(device.device_code, interval=device.interval)
        token = await auth.refresh()
    assert token.id_token is not None
    vin = driver.spec.vins[0]

    async with CarDataClient(token.access_token, base_url=world.address(API)) as rest:
        cars = await rest.get_mappings()
        assert [car.vin for car in cars] == list(driver.spec.vins)
        made = await rest.create_container(
            CreateContainerRequest(
                name="theirs", purpose="test", technical_descriptors=[ODOMETER]
            )
        )
        assert made.container_id is not None
        listed = await rest.list_containers()
        assert [one.container_id for one in listed.containers] == [made.container_id]
        details = await rest.get_container(made.container_id)
        assert details.technical_descriptors == [ODOMETER]
        data = await rest.get_telematic_data(vin, made.container_id)
        assert float(data.telematic_data[ODOMETER].value or 0) > 28_415
        assert (await rest.get_basic_data(vin)).model_name == "i4 eDrive40"
        assert (await rest.get_vehicle_image(vin)).startswith(b"\x89PNG")
        history = await rest.get_charging_history(
            vin, from_="2026-11-20T00:00:00.000Z", to=world.clock.now()
        )
        assert history.data
        tyres = await rest.get_smart_maintenance_tyre_diagnosis(vin)
        assert tyres.passenger_car is not None
        places = await rest.get_location_based_charging_settings(vin)
        assert places.data[0].charging_mode == "IMMEDIATE_CHARGING"
        await rest.delete_container(made.container_id)

    address = URL(world.address(STREAM))
    assert address.host
    assert address.port
    async with world.session.get(f"{world.simulator.address}/certificate.pem") as page:
        trusted = await page.text()
    async with StreamingClient(
        token.gcid,
        token.id_token,
        host=address.host,
        port=address.port,
        tls_context=ssl.create_default_context(cadata=trusted),
    ) as stream:
        messages = stream.stream()

        async def next_message() -> StreamingMessage:
            return await anext(messages)

        first = asyncio.create_task(next_message())
        async with asyncio.timeout(PATIENCE):
            while not _is_subscribed(driver, token.gcid):  # noqa: ASYNC110 - not ours
                await asyncio.sleep(0.01)
            while not first.done():
                await world.advance(60)
                await asyncio.sleep(0.01)
        assert (await first).vin in driver.spec.vins


def _is_subscribed(driver: Client, gcid: str) -> bool:
    connection = driver.cloud.broker.connection(gcid)
    return connection is not None and bool(connection.filters)
