"""A whole status as i Remote answers it, read with some changes; and a place."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, override

from multidict import CIMultiDict
from yarl import URL

from carport.car.commands import SendDestination
from carport.cloud.answer import Answer
from carport.cloud.contract import Car
from carport.cloud.field_map import ReadingBuilder
from carport.makers.i_remote.parts import PARTS

DEPOT: Final = SendDestination(
    name="Depot",
    latitude=48.17713,
    longitude=11.55934,
    address={"street": "Beispielweg 3", "city": "Muenchen", "country": "GERMANY"},
)
NOW: Final = datetime(2019, 4, 2, 18, tzinfo=UTC)
STATUS: Final[dict[str, Any]] = {
    "vin": "WBYZZZ001GV160001",
    "mileage": 31544,
    "updateReason": "VEHICLE_SHUTDOWN_SECURED",
    "updateTime": "2019-04-02T18:07:31+0100",
    "doorDriverFront": "OPEN",
    "doorDriverRear": "CLOSED",
    "doorPassengerFront": "CLOSED",
    "doorPassengerRear": "CLOSED",
    "windowDriverFront": "CLOSED",
    "windowDriverRear": "CLOSED",
    "windowPassengerFront": "INTERMEDIATE",
    "windowPassengerRear": "CLOSED",
    "trunk": "CLOSED",
    "rearWindow": "INVALID",
    "convertibleRoofState": "INVALID",
    "hood": "CLOSED",
    "sunroof": "OPEN_TILT",
    "doorLockState": "SECURED",
    "parkingLight": "LEFT",
    "positionLight": "OFF",
    "remainingFuel": 6.4,
    "maxFuel": 8.5,
    "fuelPercent": 75,
    "remainingRangeElectric": 81,
    "remainingRangeElectricMls": 50,
    "remainingRangeFuel": 92,
    "remainingRangeFuelMls": 57,
    "maxRangeElectric": 128,
    "maxRangeElectricMls": 79,
    "connectionStatus": "CONNECTED",
    "chargingStatus": "CHARGING",
    "chargingLevelHv": 63,
    "chargingTimeRemaining": 97,
    "lastChargingEndReason": "CHARGING_GOAL_REACHED",
    "lastChargingEndResult": "SUCCESS",
    "position": {"lat": 51.501364, "lon": -0.14189, "heading": 274, "status": "OK"},
    "internalDataTimeUTC": "2019-04-02T17:07:29",
    "steering": "RH",
    "checkControlMessages": [
        {
            "ccmId": 955,
            "ccmMileage": 31502,
            "ccmDescriptionShort": "Tyre pressure notification",
            "ccmDescriptionLong": "Check the tyre pressure.",
        }
    ],
    "cbsData": [
        {"cbsType": "BRAKE_FLUID", "cbsState": "OK", "cbsDueDate": "2020-05"},
        {
            "cbsType": "OIL",
            "cbsState": "PENDING",
            "cbsDueDate": "2019-06",
            "cbsRemainingMileage": 1500,
            "cbsDescription": "Service due by month or distance.",
        },
        {"cbsType": "VEHICLE_TUV", "cbsState": "OK", "cbsDueDate": "03.2020"},
    ],
}


def status(drive: str | None = "hybrid", **changes: Any) -> ReadingBuilder:
    """Read the status with some changes; None takes a field away."""
    data = {
        key: value for key, value in {**STATUS, **changes}.items() if value is not None
    }
    return read_part("status", {"vehicleStatus": data}, drive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Answer):
    """An answer whose body was parsed already, into whatever a test thinks of."""

    body: Any

    @override
    def parsed(self) -> Any:
        return self.body


def read_part(
    key: str,
    body: Any,
    drive: str | None = "hybrid",
    builder: ReadingBuilder | None = None,
) -> ReadingBuilder:
    """Read the answer of a part, as the service reads it."""
    builder = builder or ReadingBuilder(
        captured_at=None, received_at=NOW, channel="home"
    )
    answer = Sample(
        what="/sample",
        status=200,
        url=URL("https://b2vapi.bmwgroup.com"),
        headers=CIMultiDict(),
        text="",
        body=body,
    )
    car = Car(vin="WBYZZZ001GV160001", manufacturer="BMW", drive=drive)
    (part,) = (part for part in PARTS if part.key == key)
    part.take(builder, answer, car)
    return builder
