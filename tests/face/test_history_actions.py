"""What the maker remembers of a car: lists, settings and the picture."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from carport.twin.state import NOTIFICATION_EVENTS
from custom_components.carport.actions.history import HISTORY_ACTIONS
from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.demo.service import DemoGarage
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .demo_garage import ELECTRIC, DemoHome

OLD_LADY: Final = "WVWZZZDEMDW000004"


async def ask(
    home: DemoHome, action: str, vin: str = ELECTRIC, **fields: Any
) -> Mapping[str, Any]:
    """Call an action about one car, and return its answer."""
    device = home.device_id(vin)
    answer = await home.call(
        DOMAIN, action, {"device_id": device, **fields}, response=True
    )
    result: Mapping[str, Any] = answer[device]
    return result


def offer_only(monkeypatch: pytest.MonkeyPatch, *history: str) -> None:
    """Let the garage be a service with fewer lists."""
    info = replace(DemoGarage.info, history=frozenset(history))
    monkeypatch.setattr(DemoGarage, "info", info)


async def test_trips_of_a_period(home: DemoHome) -> None:
    """Newest first, with the signals' units; the period bounds them by day."""
    await home.start()
    trips = (await ask(home, "get_trips"))["trips"]
    assert len(trips) >= 2
    ends = [datetime.fromisoformat(trip["ended_at"]) for trip in trips]
    assert ends == sorted(ends, reverse=True)
    assert ends[0] - ends[-1] > timedelta(days=10)
    assert all(trip["distance"] > 0 for trip in trips)
    assert all(trip["consumption_fuel"] is None for trip in trips)
    day = ends[0].date().isoformat()
    bounded = (await ask(home, "get_trips", start=day, end=day))["trips"]
    assert {datetime.fromisoformat(trip["ended_at"]).date() for trip in bounded} == {
        date.fromisoformat(day)
    }
    assert (await ask(home, "get_trips", start="2027-01-01"))["trips"] == []
    ever = {"start": "0001-01-01", "end": "9999-12-31"}
    assert (await ask(home, "get_trips", **ever))["trips"] == trips


async def test_a_period_that_ends_before_it_starts(home: DemoHome) -> None:
    """The field is named, and the maker is not asked."""
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await ask(home, "get_trips", start="2026-11-20", end="2026-11-19")
    assert caught.value.translation_placeholders == {
        "field": "end of the period",
        "allowed": "≥ 2026-11-20",
    }


async def test_charge_sessions(home: DemoHome) -> None:
    """From plug to plug, with levels."""
    # Nothing looks at the car in between, so that its days go on as they were.
    await home.start(poll_profile="manual")
    twin = home.service.twin(ELECTRIC)
    twin.state.plugged_in = True
    twin.state.battery_level = 40
    await home.advance(3600)
    twin.state.plugged_in = False
    await home.advance(3600)
    newest = (await ask(home, "get_charge_sessions"))["charge_sessions"][0]
    assert newest["started_at"] < newest["ended_at"]
    assert newest["level_start"] < newest["level_end"]
    assert newest["energy"] > 0


async def test_a_destination_is_sent_and_listed(home: DemoHome) -> None:
    """The receipt keeps where to a secret; the car's own list tells it."""
    await home.start()
    receipt = await ask(
        home,
        "send_destination",
        name=" Harbour ",
        location={"latitude": 53.5436, "longitude": 9.9887, "radius": 10},
        street="Am Kai 1",
        city="Hamburg",
    )
    assert receipt["outcome"] == "confirmed"
    assert receipt["parameters"] == {}
    (place,) = (await ask(home, "get_destinations"))["destinations"]
    assert place["name"] == "Harbour"
    assert (place["latitude"], place["longitude"]) == (53.5436, 9.9887)
    assert (place["street"], place["city"]) == ("Am Kai 1", "Hamburg")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " ", "location": {"latitude": 1, "longitude": 1}}, "name"),
        ({"name": "Nowhere", "location": {"latitude": 91, "longitude": 1}}, "place"),
        ({"name": "Nowhere", "location": "here"}, "place"),
    ],
)
async def test_a_place_that_is_none(
    home: DemoHome, fields: dict[str, Any], field: str
) -> None:
    """It is named, and nothing is sent."""
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await ask(home, "send_destination", **fields)
    assert (caught.value.translation_placeholders or {})["field"] == field


@pytest.mark.parametrize("action", [action.name for action in HISTORY_ACTIONS])
async def test_a_demo_car_shows_every_list(home: DemoHome, action: str) -> None:
    """Without an account anywhere."""
    await home.start()
    assert await ask(home, action)


@pytest.mark.parametrize(
    "action",
    ["get_climate_history", "get_range_map", "get_notification_settings", "get_alerts"],
)
async def test_a_service_without_such_a_list_says_so(
    home: DemoHome, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for every other thing that cannot be done."""
    offer_only(monkeypatch, "trips")
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await ask(home, action)
    assert caught.value.translation_key == "command_not_capable"


async def test_a_car_without_such_a_list_says_so(home: DemoHome) -> None:
    """Its service has one, but not of this car."""
    await home.start()
    with pytest.raises(HomeAssistantError) as caught:
        await ask(home, "get_destinations", OLD_LADY)
    assert caught.value.translation_key == "read_not_capable"


async def test_trips_of_a_car_whose_maker_has_none_are_derived(home: DemoHome) -> None:
    """By its odometer, in the same keys, and marked as that."""
    await home.start(poll_profile="lively")
    assert await ask(home, "get_trips", OLD_LADY) == {"trips": [], "derived": True}
    twin = home.service.twin(OLD_LADY)
    before = twin.report.state.odometer
    for _ in range(3 * 24):
        await home.advance(1200)
    answer = await ask(home, "get_trips", OLD_LADY)
    assert answer["derived"] is True
    driven = sum(trip["distance"] for trip in answer["trips"])
    assert driven > 0
    assert driven == pytest.approx(twin.report.state.odometer - before, abs=1)
    maker = (await ask(home, "get_trips"))["trips"]
    assert answer["trips"][0].keys() == maker[0].keys()


async def test_any_list_is_looked_up_by_its_name(home: DemoHome) -> None:
    """A name the service does not know is answered with those it knows."""
    await home.start()
    assert (await ask(home, "look_up", list="trips"))["trips"]
    with pytest.raises(ServiceValidationError) as caught:
        await ask(home, "look_up", list="gossip")
    assert caught.value.translation_placeholders == {
        "field": "list",
        "allowed": ", ".join(sorted(DemoGarage.info.history)),
    }


async def test_fences_and_speed_alerts_answer_together(
    home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each under its name, as far as the service has it."""
    await home.start()
    both = await ask(home, "get_alerts")
    assert both.keys() == {"fences", "speed_alerts"}
    assert both["fences"]["fences"][0]["name"] == "Home"
    assert both["speed_alerts"]["rules"]
    offer_only(monkeypatch, "fences")
    assert (await ask(home, "get_alerts")).keys() == {"fences"}


async def test_notifications_are_set_and_read(home: DemoHome) -> None:
    """What is not named stays as it was, the quiet hours included."""
    await home.start()
    before = await ask(home, "get_notification_settings")
    receipt = await ask(
        home, "set_notification_settings", events={"charge_started": "text"}
    )
    assert receipt["outcome"] == "confirmed"
    after = await ask(home, "get_notification_settings")
    assert after["events"] == {**before["events"], "charge_started": ["text"]}
    assert after["quiet"] == before["quiet"] is not None
    await ask(home, "set_notification_settings", quiet=False)
    assert (await ask(home, "get_notification_settings"))["quiet"] is None


async def test_notifications_are_checked_before_anything_is_sent(
    home: DemoHome,
) -> None:
    """Events, ways and hours are named with what they may be."""
    await home.start()
    for fields, field, allowed in (
        ({"events": "all"}, "events", "battery_low: email …"),
        ({"events": {"battery_low": "pigeon"}}, "battery low", "email, text, none"),
        ({"events": {"battery_low": [[]]}}, "battery low", "email, text, none"),
        ({"events": {"dinner": "text"}}, "events", ", ".join(NOTIFICATION_EVENTS)),
        (
            {"events": {"battery_low": ["text", "email"]}},
            "battery low",
            "email, text",
        ),
        ({"quiet_start": "22:00"}, "end of the quiet hours", "HH:MM"),
        (
            {"quiet_start": "late", "quiet_end": "06:00"},
            "start of the quiet hours",
            "HH:MM",
        ),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(home, "set_notification_settings", **fields)
        assert caught.value.translation_placeholders == {
            "field": field,
            "allowed": allowed,
        }


async def test_a_time_to_condition_the_cabin_needs_a_date(home: DemoHome) -> None:
    """What is no moment is named; a car that cannot plan says so."""
    await home.start()
    for no_moment in ("soon", "9999-12-31 23:59"):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(home, "schedule_climate", at=no_moment)
        assert caught.value.translation_placeholders == {
            "field": "time",
            "allowed": "YYYY-MM-DD HH:MM",
        }
    for fields in ({"at": "2026-11-21 07:00:00"}, {}):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(home, "schedule_climate", **fields)
        assert caught.value.translation_key == "command_not_capable"


async def test_the_picture_is_fetched_when_somebody_looks(
    hass: HomeAssistant, home: DemoHome, hass_client: ClientSessionGenerator
) -> None:
    """Nobody has it by default; enabled, it is the maker's own."""
    await home.start()
    entity_id = home.entity_id("image", "picture")
    registry = er.async_get(hass)
    entry = registry.async_get(entity_id)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    client = await hass_client()
    for _ in range(2):
        answer = await client.get(f"/api/image_proxy/{entity_id}")
        assert answer.status == 200
        assert answer.content_type == "image/svg+xml"
        assert (await answer.read()).startswith(b"<svg")
