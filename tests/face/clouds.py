"""The makers' clouds on bad days: where each is called, and what shows its commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from custom_components.carport.cloud.credentials import FieldKind
from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.registry import SERVICES
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant

from ..makers.profile import Profile, Requests, ShownCommand
from ..makers.profiles import PROFILES
from .owner import Owner

HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """A cloud that takes commands, by the profile of its service."""

    requests: Requests
    command: ShownCommand
    profile: Profile


CLOUDS: Final = {
    key: Cloud(requests=profile.requests, command=profile.command, profile=profile)
    for key, profile in PROFILES.items()
    if profile.command is not None and profile.requests is not None
}
each_service = pytest.mark.parametrize("service", CLOUDS)
each_with_a_password = pytest.mark.parametrize(
    "service",
    [
        key
        for key in CLOUDS
        if any(
            field.kind is FieldKind.PASSWORD for field in SERVICES[key].info.credentials
        )
    ],
)


async def press(owner: Owner) -> None:
    """Press what stands for all commands of the service."""
    command = CLOUDS[owner.account.service].command
    domain, action, key = command.call
    await owner.call(domain, action, key, **command.data)


def assert_controls_are_closed(owner: Owner, reason: str) -> None:
    """Expect that no control of the car can be used, and that its channel says why."""
    platform, key = CLOUDS[owner.account.service].command.shown
    assert owner.state(platform, key).state == STATE_UNAVAILABLE
    closed = owner.state("sensor", "channel").attributes["closed_commands"]
    assert set(closed.values()) == {reason}


def silence(owner: Owner) -> None:
    """Let the cars report nothing of the lives they lead, so that nothing changes."""
    for vin in owner.account.vins:
        owner.control.twin(vin, unreachable=True)


def kill_tokens(owner: Owner) -> None:
    """Let every token of the account die, so that only a sign-in helps."""
    for change in CLOUDS[owner.account.service].profile.ends.dead:
        owner.control.account(owner.account.username, **change)


def sent(owner: Owner) -> int:
    """Return how often that reached the cloud."""
    commands = CLOUDS[owner.account.service].requests.commands
    assert commands is not None
    calls = owner.control.calls(commands)
    return sum(call.method != "GET" for call in calls)


def shown(owner: Owner) -> str:
    """Return what Home Assistant shows of it."""
    return owner.state(*CLOUDS[owner.account.service].command.shown).state


def channel(owner: Owner) -> str:
    """Return the state of the channel."""
    return owner.state("sensor", "channel").state


def event(owner: Owner) -> Mapping[str, Any]:
    """Return the last receipt as it is shown."""
    return owner.state("event", "last_command").attributes


def asked_for(hass: HomeAssistant) -> list[str]:
    """Return why pages of Carport are open."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [str(flow["context"]["source"]) for flow in flows]
