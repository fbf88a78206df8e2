"""What We Connect remembers of a car, fetched when the owner asks, over real HTTP."""

from datetime import date, timedelta
import json

import pytest

from carport.car import signals as s
from carport.cloud.contract import Car
from carport.cloud.errors import BadAnswer, Outage
from carport.makers.we_connect import health
from carport.twin.memory import ChargeEvent, PastTrip
from tests.periods import days

from .account import WeConnectAccount


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        ("destinations", {"destinations"}),
        ("fences", {"fences", "rules"}),
        ("speed_alerts", {"speed_alerts", "rules"}),
        ("theft_alarms", {"theft_alarms"}),
        ("trips", {"trips", "since_refuelling", "long_term"}),
        ("account", {"profile_completed", "pin_defined", "country", "email_verified"}),
        ("rights", {"role", "security_level", "users", "services"}),
        ("car_data", {"connected", "built", "car_port"}),
        (
            "health_report",
            {
                "captured_at",
                "health",
                "odometer",
                "categories",
                "maintenance",
                "details",
            },
        ),
    ],
)
async def test_lists_have_stable_keys(
    signed_in: WeConnectAccount, passat: Car, what: str, keys: set[str]
) -> None:
    """They are JSON, and know no name and no number of anybody."""
    found = await signed_in.run(signed_in.service.history(passat, what))
    assert found.keys() == keys
    text = json.dumps(found)
    assert signed_in.spec.username not in text
    assert passat.vin not in text


async def test_the_status_report_as_a_list(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Every field has its name, its unit and its time."""
    found = await signed_in.run(signed_in.service.history(passat, "status_report"))
    assert found.keys() == {
        "status",
        "intervals",
        "oil_level",
        "doors",
        "windows",
        "tyre_pressure",
    }
    assert found["status"]["state_of_charge"]["unit"] == "%"


async def test_a_car_without_a_health_report(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """It was a 504 for most cars."""
    control = signed_in.world.control
    control.service("we_connect", health_report=False)
    with pytest.raises(Outage):
        await signed_in.run(signed_in.service.history(passat, "health_report"))
    control.service("we_connect", health_report=True)
    control.fault("html", path="*/vehicleHealthReports/*")
    with pytest.raises(BadAnswer):
        await signed_in.run(signed_in.service.history(passat, "health_report"))


def drive_home(account: WeConnectAccount, car: Car, *hours_ago: float) -> None:
    """Let a car remember trips of 20 km that ended some hours ago."""
    twin = account.world.simulator.twin(car.vin)
    now = account.world.clock.now().timestamp()
    for number, hours in enumerate(hours_ago):
        twin.memory.trips.append(
            PastTrip(
                departed=now - hours * 3600 - 1800,
                arrived=now - hours * 3600,
                distance=20.0,
                consumption_electric=20.0,
                consumption_fuel=2.5,
                odometer=32_205 + 20 * number,
                home=True,
            )
        )


async def test_the_last_trip(signed_in: WeConnectAccount, passat: Car) -> None:
    """It comes with the time of its end, and consumption is in tenths."""
    drive_home(signed_in, passat, 30, 1)
    snapshot = await signed_in.read(passat)
    assert snapshot.value(s.LAST_TRIP_DISTANCE) == 20
    assert snapshot.value(s.LAST_TRIP_DURATION) == 30
    assert snapshot.value(s.LAST_TRIP_CONSUMPTION_ELECTRIC) == 20
    assert snapshot.value(s.LAST_TRIP_CONSUMPTION_FUEL) == 2.5
    ended = signed_in.world.clock.now() - timedelta(hours=1)
    shown = snapshot.value(s.LAST_TRIP_ENDED_AT)
    assert shown is not None
    assert abs(shown - ended) < timedelta(seconds=1)


async def test_the_three_memories_of_trips(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """One by one, from one charge to the next, and for long."""
    drive_home(signed_in, passat, 900, 50, 40, 1)
    twin = signed_in.world.simulator.twin(passat.vin)
    charged = signed_in.world.clock.now().timestamp() - 45 * 3600
    twin.memory.charges.append(
        ChargeEvent(at=charged, began=True, level=40, minutes=90)
    )
    found = await signed_in.run(signed_in.service.history(passat, "trips"))
    distances = {
        name: [trip["distance"] for trip in trips] for name, trips in found.items()
    }
    assert distances == {
        "trips": [20, 20, 20, 20],
        "since_refuelling": [40, 40],
        "long_term": [60, 20],
    }
    assert found["since_refuelling"][0]["consumption_electric"] == 20
    ends = [trip["ended_at"] for trip in found["trips"]]
    assert ends == sorted(ends, reverse=True)


async def test_trips_of_a_period(signed_in: WeConnectAccount, passat: Car) -> None:
    """The cloud tells all it has; the owner gets the days that were asked for."""
    drive_home(signed_in, passat, 900, 50, 1)
    today = signed_in.world.clock.now().date()
    for period, count in (
        (days(), 3),
        (days(today), 1),
        (days(None, today - timedelta(days=1)), 2),
        (days(date(2026, 11, 1), today), 2),
    ):
        action = signed_in.service.history(passat, "trips", period)
        assert len((await signed_in.run(action))["trips"]) == count


async def test_a_health_report_is_like_that_of_any_maker(
    signed_in: WeConnectAccount, arteon: Car
) -> None:
    """Categories with their messages, the worst of them on top."""
    action = signed_in.service.history
    twin = signed_in.world.simulator.twin(arteon.vin)
    for spoilt in (False, True):
        if spoilt:
            twin.report.state.battery_12v_voltage = 11.0
            twin.report.state.fuel_level = 5
        found = await signed_in.run(action(arteon, "health_report"))
        assert found["odometer"] == int(twin.report.state.odometer)
        categories = {row["category"]: row for row in found["categories"]}
        assert ("electric" in categories) is spoilt
        assert (found["health"] == "service") is spoilt
    assert categories["electric"]["severity"] == "service"
    assert categories["powertrain"]["severity"] == "notice"
    assert {"text": "12 V battery weak", "severity": "service"} in categories[
        "electric"
    ]["messages"]
    assert found["captured_at"]


@pytest.mark.parametrize(
    ("inside", "verdict", "count"),
    [
        ("<report><warnings></warnings></report>", "ok", 0),
        ("<report><mileage>7</mileage></report>", None, 0),
        ("<warnings><w><text>Oil</text></w></warnings>", None, 1),
        (
            (
                "<warningList><w><colour>YELLOW</colour><text>Oil</text></w>"
                "<w><colour>RED</colour><description>Brake</description></w>"
                "<vin>WVWZZZ3CZME167891</vin></warningList>"
            ),
            "stop",
            2,
        ),
    ],
)
def test_health_reports_of_other_shapes(
    account: WeConnectAccount, inside: str, verdict: str | None, count: int
) -> None:
    """What is not said is not made up, and the VIN is left out."""
    xml = f"<?xml version='1.0'?><sharedTelemetricReport>{inside}</sharedTelemetricReport>"
    report = health.report_of(xml, account.world.clock.now())
    assert report.health == verdict
    assert sum(len(row.messages) for row in report.categories) == count
    assert "WVW" not in json.dumps(report.to_json())
