"""Actions do for a user what the user may do with the car's entities, and no more."""

from pathlib import Path
from typing import Any, Final

import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components import carport
from custom_components.carport.const import DOMAIN
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY
from homeassistant.auth.models import Group
from homeassistant.auth.permissions import PermissionLookup
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.auth.permissions.types import PolicyType
from homeassistant.core import Context, HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.yaml import load_yaml_dict

from .demo_garage import ELECTRIC, HYBRID, DemoHome

DECLARED: Final = sorted(
    load_yaml_dict(str(Path(str(carport.__file__)).parent / "services.yaml"))
)
READING: Final = frozenset(
    name for name in DECLARED if name.startswith("get_") or name == "look_up"
)
EVERYTHING: Final[PolicyType] = {"entities": True}
NOTHING: Final[PolicyType] = {}


async def user_in(hass: HomeAssistant, group_id: str) -> Context:
    """Return the context of a new user in one of Home Assistant's own groups."""
    group = await hass.auth.async_get_group(group_id)
    assert group is not None
    return Context(user_id=MockUser(groups=[group]).add_to_hass(hass).id)


def user_with(hass: HomeAssistant, policy: PolicyType) -> Context:
    """Return the context of a new user in a group with a policy of its own."""
    group = Group(id="own", name="own", policy=policy)
    user = MockUser(groups=[group])
    user.perm_lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
    return Context(user_id=user.add_to_hass(hass).id)


async def act(
    home: DemoHome,
    action: str,
    context: Context,
    *vins: str,
    **fields: Any,
) -> None:
    """Call an action with values for all it requires, for the first car by default."""
    hass = home.hass
    registered = hass.services.async_services_for_domain(DOMAIN)[action]
    assert isinstance(registered.schema, probatio.Schema)
    required = {
        str(marker): "x"
        for marker in registered.schema.schema
        if isinstance(marker, probatio.Required)
    }
    device_ids = [home.device_id(vin) for vin in vins or (ELECTRIC,)]
    await home.finish(
        hass.services.async_call(
            DOMAIN,
            action,
            {**required, "device_id": device_ids, **fields},
            blocking=True,
            context=context,
            return_response=registered.supports_response is not SupportsResponse.NONE,
        )
    )


async def is_let_in(home: DemoHome, action: str, context: Context) -> bool:
    """Return whether an action gets past the question of rights, whatever it says."""
    try:
        await act(home, action, context)
    except Unauthorized:
        return False
    except HomeAssistantError:
        # The invented values are wrong, or this car has no such thing.
        return True
    return True


async def test_5_3_every_registered_action_is_declared(home: DemoHome) -> None:
    """The tests below go by what is declared: nothing may be registered besides."""
    await home.start()
    assert sorted(home.hass.services.async_services_for_domain(DOMAIN)) == DECLARED


@pytest.mark.parametrize("action", DECLARED)
async def test_5_3_an_action_asks_for_the_callers_right(
    home: DemoHome, action: str
) -> None:
    """Who may only read gets lists; who may nothing gets nothing; nobody is asked."""
    await home.start()
    hass = home.hass
    assert not await is_let_in(home, action, user_with(hass, NOTHING))
    reader = await user_in(hass, GROUP_ID_READ_ONLY)
    assert await is_let_in(home, action, reader) is (action in READING)
    assert await is_let_in(home, action, user_with(hass, EVERYTHING))
    assert await is_let_in(home, action, await user_in(hass, GROUP_ID_ADMIN))
    # An automation acts for nobody, as everywhere in Home Assistant.
    assert await is_let_in(home, action, Context())
    with pytest.raises(UnknownUser):
        await act(home, action, Context(user_id="gone"))


async def test_5_3_a_reader_reaches_no_car(home: DemoHome) -> None:
    """No command is filed, and a list comes as ever."""
    await home.start()
    reader = await user_in(home.hass, GROUP_ID_READ_ONLY)
    receipts = home.events()
    for action, fields in (
        ("start_climate", {}),
        ("wake", {}),
        ("honk_and_flash", {"mode": "honk"}),
        ("refresh", {}),
        ("get_health_report", {"fresh": True}),
    ):
        with pytest.raises(Unauthorized) as caught:
            await act(home, action, reader, **fields)
        assert caught.value.permission == POLICY_CONTROL
        assert caught.value.user_id == reader.user_id
    assert not receipts
    await act(home, "get_trips", reader)
    await act(home, "get_health_report", reader)


@pytest.mark.parametrize("by", ["device_ids", "entity_ids"])
async def test_5_3_a_policy_for_one_car_is_for_that_car(
    home: DemoHome, by: str
) -> None:
    """The other is neither controlled nor read, nor is the first beside it."""
    await home.start()
    own = home.device_id(ELECTRIC)
    entities = er.async_entries_for_device(er.async_get(home.hass), own)
    named = [own] if by == "device_ids" else [one.entity_id for one in entities]
    user = user_with(home.hass, {"entities": {by: dict.fromkeys(named, True)}})
    await act(home, "wake", user, ELECTRIC)
    await act(home, "get_trips", user, ELECTRIC)
    receipts = home.events()
    for vins in ((HYBRID,), (ELECTRIC, HYBRID)):
        for action, right in (("wake", POLICY_CONTROL), ("get_trips", POLICY_READ)):
            with pytest.raises(Unauthorized) as caught:
                await act(home, action, user, *vins)
            assert caught.value.permission == right
    assert not receipts


async def test_5_3_one_entity_is_not_the_car(home: DemoHome) -> None:
    """Who may see the charge level gets no trips, and does not honk."""
    await home.start()
    level = home.entity_id("sensor", "battery_level")
    user = user_with(home.hass, {"entities": {"entity_ids": {level: True}}})
    for action in ("get_trips", "honk_and_flash"):
        with pytest.raises(Unauthorized):
            await act(home, action, user)


async def test_5_3_a_car_whose_entities_are_hidden(home: DemoHome) -> None:
    """Without anything to be judged by, only a right to everything is enough."""
    await home.start()
    registry = er.async_get(home.hass)
    device = dr.async_get(home.hass).async_get(home.device_id())
    assert device is not None
    for entry in er.async_entries_for_device(registry, device.id):
        registry.async_update_entity(
            entry.entity_id, hidden_by=er.RegistryEntryHider.USER
        )
    some = user_with(home.hass, {"entities": {"device_ids": {device.id: True}}})
    with pytest.raises(Unauthorized):
        await act(home, "wake", some)
    reader = await user_in(home.hass, GROUP_ID_READ_ONLY)
    await act(home, "get_trips", reader)
