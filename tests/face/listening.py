"""Automations about the Demo garage's cars, and what happens to these."""

from typing import Any, Final

from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import condition as condition_helper
from homeassistant.setup import async_setup_component

from .demo_garage import ELECTRIC, DemoHome


class Heard:
    """An automation that tells which entities triggered it."""

    def __init__(self) -> None:
        """Nothing was heard."""
        self.calls: list[str] = []

    async def listen(
        self, hass: HomeAssistant, trigger: str, target: Any, **options: Any
    ) -> None:
        """Set an automation up that does nothing but tell."""

        async def hear(call: ServiceCall) -> None:
            self.calls.append(call.data["of"])

        hass.services.async_register("test", "hear", hear)
        written = {
            "triggers": [
                {"trigger": trigger, "target": target, "options": options}
                if options
                else {"trigger": trigger, "target": target}
            ],
            "actions": [
                {
                    "action": "test.hear",
                    "data": {"of": "{{ trigger.entity_id }}"},
                }
            ],
        }
        assert await async_setup_component(hass, "automation", {"automation": written})
        await hass.async_block_till_done()
        [state] = hass.states.async_all("automation")
        assert state.state == "on", state
        self._automation = state.entity_id

    async def stop(self, hass: HomeAssistant) -> None:
        """Turn the automation off, with its timers."""
        await hass.services.async_call(
            "automation", "turn_off", {"entity_id": self._automation}, blocking=True
        )

    async def begin_again(self, hass: HomeAssistant) -> None:
        """Turn the automation on again, with triggers that know nothing of the first ones."""
        await hass.services.async_call(
            "automation", "turn_on", {"entity_id": self._automation}, blocking=True
        )


async def live(home: DemoHome, vin: str = ELECTRIC, **state: Any) -> None:
    """Let something happen to a car, let it report, and read that."""
    twin = home.service.twin(vin)
    for name, value in state.items():
        setattr(twin.state, name, value)
    twin.wake(home.clock.now(), latency=0)
    await home.advance(60)
    await home.call(DOMAIN, "refresh", {"device_id": home.device_id(vin)})
    await home.settle()


async def holds(
    home: DemoHome, condition: str, vin: str = ELECTRIC, **options: Any
) -> bool:
    """Return whether a condition about a car holds."""
    config = await condition_helper.async_validate_condition_config(
        home.hass,
        {
            "condition": condition,
            "target": {"device_id": [home.device_id(vin)]},
            "options": options,
        },
    )
    checker = await condition_helper.async_from_config(home.hass, config)
    try:
        return checker.async_check() is True
    finally:
        checker.async_unload()


async def heard(
    home: DemoHome, trigger: str, vin: str = ELECTRIC, **options: Any
) -> Heard:
    """Listen for a trigger about a car."""
    listener = Heard()
    target = {"device_id": home.device_id(vin)}
    await listener.listen(home.hass, trigger, target, **options)
    return listener


CHARGES: Final[dict[str, Any]] = {
    "plugged_in": True,
    "battery_level": 40.0,
    "charge_limit": 80.0,
    "charge_wish": True,
}
