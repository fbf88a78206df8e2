"""What the Demo garage can be asked for besides readings."""

from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import SetNotifications
from carport.car.schedule import Window
from carport.cloud.contract import Progress
from carport.cloud.errors import NotSupported
from carport.twin.twin import Twin
from tests.periods import days

from .adapter import SATURDAY_MORNING, open_garage, snapshot_of


async def test_the_health_report_agrees_with_the_readings() -> None:
    """Verdict, messages and maintenance, on demand and in the poll."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        state = garage.twin(car.vin).state
        state.tyre_loss = 0.6
        state.battery_12v = 0.2
        await garage.execute(car, c.RefreshHealth(), None)
        adapter.clock.step(20)
        snapshot = await snapshot_of(garage, car)
        report = await garage.history(car, "health_report")
        assert report["health"] == snapshot.value(s.HEALTH) == "service"
        texts = {
            message["text"]
            for category in report["categories"]
            for message in category["messages"]
        }
        told = snapshot.value(s.HEALTH_MESSAGES) or ()
        assert texts == {record["text"] for record in told}
        assert "12 V battery weak" in texts
        assert snapshot.value(s.HEALTH_PROBLEMS["electric"]) is True
        assert snapshot.value(s.TYRE_PROBLEM) is True
        assert snapshot.value(s.WARNING_LIGHTS)
        assert {event["kind"] for event in report["maintenance"]} == {
            "service",
            "inspection",
        }


async def test_what_a_car_remembers() -> None:
    """Trips, charges and destinations; a car without the means has no such list."""
    async with open_garage() as adapter:
        garage = adapter.build()
        electric, hybrid, combustion, old = await garage.cars()
        assert (await garage.history(electric, "trips"))["trips"]
        both = (await garage.history(hybrid, "trips"))["trips"][0]
        assert both["consumption_electric"] is not None
        assert both["consumption_fuel"] is not None
        burnt = (await garage.history(combustion, "trips"))["trips"][0]
        assert burnt["consumption_electric"] is None
        twin = garage.twin(hybrid.vin)
        twin.state.plugged_in, twin.state.battery_level = True, 30
        adapter.clock.step(1800)
        going_on = (await garage.history(hybrid, "charge_sessions"))["charge_sessions"]
        assert going_on[0]["ended_at"] is None
        assert going_on[0]["level_start"] is not None
        assert (await garage.history(combustion, "charge_sessions")) == {
            "charge_sessions": []
        }
        for car, what in ((old, "trips"), (hybrid, "destinations")):
            with pytest.raises(NotSupported):
                await garage.history(car, what)
        drawn = {(await garage.picture(car)).content for car in (electric, hybrid)}
        assert len(drawn) == 2


async def test_the_fence_follows_the_trips() -> None:
    """Out at a departure from home, in at an arrival there, by turns."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        found = await garage.history(car, "fences")
        trips = (await garage.history(car, "trips"))["trips"]
        assert found["rules"]["spatialTolerance"] == 25
        kinds = [alert["kind"] for alert in found["fences"]]
        assert set(kinds) == {"enter_greenzone", "exit_greenzone"}
        assert all(before != after for before, after in pairwise(kinds))
        entered = {a["at"] for a in found["fences"] if a["kind"] == "enter_greenzone"}
        assert entered < {trip["ended_at"] for trip in trips}


async def test_speed_alerts_tell_when_the_car_was_that_fast() -> None:
    """At those moments the car drove at the limit, and faster between them."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        end, start, *_ = (await garage.history(car, "speed_alerts"))["speed_alerts"]
        assert (start["kind"], end["kind"]) == ("start_exceeding", "end_exceeding")
        assert start["speed_limit"] == 100
        began, over = (datetime.fromisoformat(alert["at"]) for alert in (start, end))
        twin = Twin(garage.twin(car.vin).spec, began - timedelta(days=1))
        aside = timedelta(minutes=2)
        for moment, faster in (
            (began - aside, False),
            (began + aside, True),
            (over - aside, True),
            (over + aside, False),
        ):
            twin.advance(moment)
            assert (twin.state.speed > start["speed_limit"]) is faster


async def test_the_climate_history_tells_whose_wish_it_was() -> None:
    """A timer's, or the owner's, and whether it came true; by its day."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        past = (await garage.history(car, "climate_history"))["climate_history"]
        assert {run["by_owner"] for run in past} == {True, False}
        garage.twin(car.vin).state.battery_level = 10
        garage.twin(car.vin).state.plugged_in = False
        await garage.execute(car, c.StartClimate(), None)
        adapter.clock.step(20)
        today = days(SATURDAY_MORNING.date())
        found = await garage.history(car, "climate_history", today)
        newest = found["climate_history"][0]
        assert newest == {
            "at": (SATURDAY_MORNING + timedelta(seconds=18)).isoformat(),
            "result": "error",
            "by_owner": True,
        }
        dates = {run["at"][:10] for run in found["climate_history"]}
        assert dates == {SATURDAY_MORNING.date().isoformat()}


async def test_the_range_is_a_map() -> None:
    """Closed lines around where the car is, as far as it says it gets."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        told = await snapshot_of(garage, car)
        place, reach = told.value(s.LOCATION), told.value(s.RANGE_TOTAL)
        assert place is not None
        assert reach is not None
        found = await garage.history(car, "range_map")
        centre, *areas = found["features"]
        assert centre["geometry"]["coordinates"] == [place.longitude, place.latitude]
        modes = [area["properties"]["mode"] for area in areas]
        assert modes == ["most_economical", "comfort"]
        far = []
        for area in areas:
            (line,) = area["geometry"]["coordinates"]
            assert line[0] == line[-1]
            north = max(latitude for _, latitude in line) - place.latitude
            far.append(north * 111.2)
        assert reach > far[0] > far[1] > reach * 0.4


async def test_notification_settings_are_kept() -> None:
    """What is named changes, and is there again after a restart."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        before = await garage.history(car, "notification_settings")
        wish = SetNotifications(
            events={"battery_low": ("email",)},
            quiet=Window(start=time(23), end=time(5)),
        )
        ticket = await garage.execute(car, wish, None)
        adapter.clock.step(20)
        assert (await garage.confirm(car, ticket)).progress is Progress.DONE
        after = await adapter.build().history(car, "notification_settings")
        assert after == {
            "events": {**before["events"], "battery_low": ["email"]},
            "quiet": {"start": "23:00", "end": "05:00"},
        }


async def test_a_list_needs_what_it_is_about() -> None:
    """A plain old car has neither alerts nor a map; nobody has gossip."""
    async with open_garage() as adapter:
        garage = adapter.build()
        old = (await garage.cars())[3]
        assert (await garage.history(old, "charge_sessions"))["charge_sessions"]
        for what in ("fences", "range_map", "notification_settings", "gossip"):
            with pytest.raises(NotSupported):
                await garage.history(old, what)
