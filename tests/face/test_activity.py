"""Activity has a row for what is news, and says which command it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from custom_components.carport.car import signals as s
from custom_components.carport.car.snapshot import Reading
from custom_components.carport.cloud.contract import ReadResult
from custom_components.carport.const import DOMAIN
from custom_components.carport.logbook import async_describe_events
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..world import World
from .demo_garage import DemoHome
from .owner import async_own


async def test_activity_names_the_command_and_what_became_of_it(
    hass: HomeAssistant, hass_world: World
) -> None:
    """One row for each command, at its end; the event's own rows name none."""
    owner = await async_own(hass, hass_world, "we_connect")
    described: dict[str, Callable[[Event[Any]], dict[str, str]]] = {}

    def describe(domain: str, event_type: str, by: Callable[..., Any]) -> None:
        assert domain == DOMAIN
        described[event_type] = by

    async_describe_events(hass, describe)
    ((event_type, by),) = described.items()
    rows = []
    hass.bus.async_listen(event_type, lambda event: rows.append(by(event)))
    await owner.do("lock", "lock", "doors")
    await hass.async_block_till_done()
    entity_id = owner.entity_id("event", "last_command")
    (row,) = rows
    assert row["entity_id"] == entity_id
    assert row["name"] == hass.states.get(entity_id).name  # type: ignore[union-attr] # it is there
    assert row["message"] == "Lock: Confirmed"
    hass.config.language = "de"
    await async_get_translations(hass, "de", "entity", [DOMAIN])
    with_reason = by(
        Event(
            event_type,
            {
                "entity_id": entity_id,
                "command": "unlock",
                "outcome": "refused",
                "reason": "pin_missing",
            },
        )
    )
    assert with_reason["message"] == "Entriegeln: Abgelehnt (PIN fehlt)"


async def test_the_end_of_charging_moves_only_by_news(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """A car counts its minutes a little differently in each report."""
    await home.start()
    car = home.car()
    (account,) = car.channels
    at = home.clock.now()
    seen = []
    for minute, end in enumerate((61, 63, 60, 59, 62, 75, 74)):
        moment = at + timedelta(minutes=minute)
        reading = Reading(
            signal=s.CHARGE_COMPLETE_AT,
            value=at + timedelta(minutes=end),
            captured_at=moment,
            received_at=moment,
            channel=account,
        )
        home.coordinator.garage.take(car.vin, account, ReadResult(readings=(reading,)))
        await hass.async_block_till_done()
        entity_id = home.entity_id("sensor", s.CHARGE_COMPLETE_AT.key)
        state = hass.states.get(entity_id)
        assert state is not None
        seen.append(state.state)
    shown = {end: (at + timedelta(minutes=end)).isoformat() for end in (60, 75)}
    assert seen == [shown[60]] * 5 + [shown[75]] * 2
