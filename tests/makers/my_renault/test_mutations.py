"""Recorded shapes with something else in any one place: readings, or a typed error."""

import asyncio
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
import json
from typing import Any

from hypothesis import given, strategies as st
from yarl import URL

from carport.car.history import ALWAYS
from carport.cloud.answer import Answer
from carport.cloud.contract import Car
from carport.cloud.errors import CloudError
from carport.cloud.field_map import ReadingBuilder
from carport.cloud.ledger import Purpose
from carport.cloud.parts import Part
from carport.cloud.requests import Request
from carport.makers.my_renault.endpoints import PERSON, VEHICLES, contracts
from carport.makers.my_renault.garage import find_cars
from carport.makers.my_renault.history import charge_sessions
from carport.makers.my_renault.parts import (
    charges_part,
    contract_part,
    lock_part,
    settings_parts,
    simple_parts,
)
from carport.makers.my_renault.programmes import Programmes
from carport.makers.my_renault.refusals import error_of

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
CAR = Car(vin="VF1RCB00X00010322", manufacturer="Renault", handle={"model": "XCB1VE"})

_DAY = {"startTime": "T23:30Z", "duration": 420}
_SLOT = {"id": 1, "activated": True, "monday": _DAY, "sunday": _DAY}


def _car(**attributes: Any) -> dict[str, Any]:
    return {"data": {"type": "Car", "id": CAR.vin, "attributes": attributes}}


RECORDED: Mapping[str, Any] = {
    "battery": _car(
        timestamp="2026-01-12T21:40:16+01:00",
        batteryLevel=62,
        batteryTemperature=18,
        batteryAutonomy=149,
        batteryCapacity=0,
        batteryAvailableEnergy=0,
        plugStatus=1,
        chargingStatus=1.0,
        chargingRemainingTime=175,
        chargingInstantaneousPower=6900.0,
    ),
    "cockpit": _car(fuelAutonomy=0, fuelQuantity=0.0, totalMileage=41388.27),
    "climate": _car(
        internalTemperature=15.0,
        externalTemperature=8.0,
        hvacStatus="off",
        socThreshold=15.0,
        nextHvacStartDate="2026-11-22T06:30:00Z",
        lastUpdateTime="2026-11-09T05:26:06Z",
    ),
    "location": _car(
        gpsDirection=None,
        gpsLatitude=48.8001234,
        gpsLongitude=2.2001234,
        lastUpdateTime="2026-11-08T16:58:38Z",
    ),
    "charge_mode": _car(chargeMode="always_charging"),
    "charging_settings": _car(
        dateTime="2026-11-08T12:30:00Z", mode="scheduled", schedules=[_SLOT]
    ),
    "climate_settings": _car(
        mode="scheduled",
        schedules=[
            {"id": 2, "activated": True, "friday": {"readyAtTime": "T06:15Z"}},
        ],
    ),
    "calendar": _car(
        calendar={
            "monday": [{"startTime": "2300", "duration": 480, "activationState": True}]
        }
    ),
    "settings": {
        "chargeModeRq": "SCHEDULED",
        "chargeTimeStart": "22:30",
        "chargeDuration": 480,
        "preconditioningTemperature": 20.0,
        "programs": [
            {
                "programActivationStatus": True,
                "programType": "CHARGE_AND_PRECONDITIONING",
                "programDepartureTime": "07:30",
                "programActivationMonday": True,
            }
        ],
    },
    "limits": {
        "lastEnergyUpdateTimestamp": "2026-11-08T06:51:09Z",
        "socMin": 20,
        "socTarget": 80,
    },
    "locks": _car(lockStatus="locked", doorStatusDriver="closed", hatchStatus="open"),
    "tyres": _car(flPressure=2460, frPressure=2470, rlPressure=2510, rrPressure=2500),
    "engine": _car(details="Stopped, ready for RES", code="10"),
    "charges": _car(
        charges=[
            {
                "chargeStartDate": "2026-11-07T23:31:03Z",
                "chargeEndDate": "2026-11-08T06:30:17Z",
                "chargeDuration": 419,
                "chargeStartBatteryLevel": 22,
                "chargeEndBatteryLevel": 81,
                "chargePower": "slow",
                "chargeEnergyRecovered": 14.1,
            }
        ]
    ),
    "contracts": [
        {
            "type": "CONNECTED_SERVICES",
            "endDate": "2027-03-02",
            "status": "ACTIVE",
        }
    ],
    "alerts": [{"alertCode": "T", "alertCodeTitle": "Tyre", "status": "ACTIVE"}],
}
PERSON_BODY = {
    "personId": "p",
    "accounts": [{"accountId": "a", "accountType": "MYRENAULT"}],
}
VEHICLES_BODY = {
    "accountId": "a",
    "vehicleLinks": [
        {
            "brand": "RENAULT",
            "vin": CAR.vin,
            "status": "ACTIVE",
            "connectedDriver": {"role": "MAIN_DRIVER"},
            "vehicleDetails": {
                "vin": CAR.vin,
                "registrationNumber": "AB-123-CD",
                "brand": {"label": "RENAULT"},
                "model": {"code": "XCB1VE", "label": "MEGANE E-TECH"},
                "energy": {"code": "ELEC"},
                "engineEnergyType": "ELEC",
                "firstRegistrationDate": "2021-02-27",
                "assets": [
                    {
                        "assetType": "PICTURE",
                        "renditions": [
                            {
                                "resolutionType": "ONE_MYRENAULT_LARGE",
                                "url": "https://x",
                            }
                        ],
                    }
                ],
            },
        }
    ],
}
REFUSAL = {
    "type": "FUNCTIONAL",
    "messages": [{"code": "err.func.403", "message": "Access is denied"}],
    "errors": [{"errorCode": "err.func.403", "errorMessage": "Access is denied"}],
}
ODD = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["", "T24:00Z", "9999-12-31T23:59:59Z", "0001-01-01", "NaN"])
    | st.lists(st.none() | st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
)


def places(body: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every place in a body."""
    yield way
    if isinstance(body, dict):
        inside = [*body.items()]
    else:
        inside = [*enumerate(body)] if isinstance(body, list) else []
    for key, value in inside:
        yield from places(value, (*way, key))


@st.composite
def mutated(draw: st.DrawFn, body: Any) -> Any:
    """Return a body with one or two odd values in it."""
    changed = deepcopy(body)
    for _ in range(draw(st.integers(1, 2))):
        way = draw(st.sampled_from(list(places(changed))))
        odd = draw(ODD)
        if not way:
            return odd
        parent = changed
        for key in way[:-1]:
            parent = parent[key]
        parent[way[-1]] = odd
    return changed


def answer(body: Any, status: int = 200) -> Answer:
    """Return an answer with a body."""
    return Answer(
        what="x",
        status=status,
        url=URL("https://example.com"),
        headers={},
        text=json.dumps(body),
    )


def parts() -> Mapping[str, Part]:
    """Return all parts by their keys."""
    programmes = Programmes()

    def hear(_builder: ReadingBuilder, data: Any, _car: Car) -> None:
        programmes.take_charging(data)
        programmes.take_climate(data)
        programmes.take_calendar(data)
        programmes.take_settings(data)
        programmes.timers(None, NOW)

    found = (
        *simple_parts(),
        lock_part(drives_left=False),
        *settings_parts(hear, hear, hear, hear),
        charges_part(hear),
        contract_part(contracts("fr_FR")),
    )
    return {part.key: part for part in found}


@given(data=st.data(), key=st.sampled_from(sorted(RECORDED)))
def test_parts(data: st.DataObject, key: str) -> None:
    """Whatever stands anywhere, what becomes a reading is possible and not of tomorrow."""
    body = data.draw(mutated(RECORDED[key]))
    builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="home")
    try:
        parts()[key].take(builder, answer(body), CAR)
    except CloudError:
        return
    for reading in builder.result().readings:
        if reading.value is not None:
            assert reading.signal.accept(reading.value) == reading.value
        assert reading.captured_at is None or reading.captured_at <= NOW


@given(person=mutated(PERSON_BODY), vehicles=mutated(VEHICLES_BODY))
def test_lists_of_cars(person: Any, vehicles: Any) -> None:
    """Cars that can be described, or a typed error."""

    async def call(
        request: Request, _purpose: Purpose, _values: Mapping[str, str]
    ) -> Answer:
        bodies = {PERSON.path: person, VEHICLES.path: vehicles}
        return answer(bodies.get(request.path, {}))

    try:
        cars = asyncio.run(find_cars(call, "p"))
    except CloudError:
        return
    for car in cars:
        assert car.vin
        assert isinstance(car.manufacturer, str)


@given(
    body=mutated(REFUSAL), status=st.sampled_from([200, 400, 401, 403, 404, 500, 501])
)
def test_refusals(body: Any, status: int) -> None:
    """Each has a type of ours."""
    assert isinstance(error_of(answer(body, status)), CloudError)


@given(body=mutated(RECORDED["charges"]))
def test_histories(body: Any) -> None:
    """A list, whatever stands in it."""
    assert isinstance(charge_sessions(body, ALWAYS, NOW)["charge_sessions"], list)
