"""The makers' clouds on bad days: where each is called, and what shows its commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant

from .owner import Owner

HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Where a service is called, and the command that its bad days are shown by."""

    reads: str
    orders: str
    passwords: str
    dead: tuple[Mapping[str, str], ...] = ({"revoke": "all"},)
    """The turns of the account's knobs that leave no token alive."""
    closed: Mapping[str, Any] = field(default_factory=dict)
    """The turn of the service's knobs by which the maker locks everybody out."""
    spoilt: str | None = None
    """Where odd payloads come, if not with the reads alone."""
    contradicts: str = "command_car_refused"
    """What is said of a car that does the opposite: most clouds tell of it."""
    command: tuple[str, str, str] = ("lock", "unlock", "doors")
    """Domain, action and key."""
    data: Mapping[str, Any] = field(default_factory=dict)
    other: tuple[str, str, str | None] = ("lock", "lock", "doors")
    shown: tuple[str, str] = ("lock", "doors")
    """The platform and key that show it."""
    rest: str = "locked"
    """What is shown before."""
    under_way: str = "unlocking"
    done: str = "unlocked"


CLOUDS: Final[Mapping[str, Cloud]] = {
    "car_net": Cloud(
        reads="/rvs/*",
        orders="*/status/exterior/doors",
        passwords="*/login/authenticate",
        closed={"attestation": "enforced"},
        spoilt="*",
        # It tells nothing: the car's next report does.
        contradicts="command_car_disagrees",
    ),
    "i_remote": Cloud(
        reads="*/vehicles/*/status",
        orders="*/executeService",
        passwords="*/oauth/token*",
        # The password is all that it has to renew a token by.
        dead=({"password": "Another-2019"}, {"revoke": "access"}),
        closed={"closed": True},
    ),
    "we_connect": Cloud(
        reads="/fs-car/bs/*",
        orders="*/rlu/v1/*/actions",
        passwords="*/login/authenticate",
        closed={"mbb_closed": True},
    ),
    # It has no doors.
    "ze_services": Cloud(
        reads="/api/vehicle/*",
        orders="/api/vehicle/*/air-conditioning",
        passwords="/api/user/login",
        command=("climate", "set_hvac_mode", "climate"),
        data={"hvac_mode": "heat_cool"},
        other=(DOMAIN, "start_charging", None),
        shown=("climate", "climate"),
        # The cloud tells of runs alone, and there was none.
        rest="unknown",
        under_way="heat_cool",
        done="heat_cool",
    ),
}
each_service = pytest.mark.parametrize("service", CLOUDS)


async def press(owner: Owner) -> None:
    """Press what stands for all commands of the service."""
    cloud = CLOUDS[owner.account.service]
    domain, action, key = cloud.command
    await owner.call(domain, action, key, **cloud.data)


def silence(owner: Owner) -> None:
    """Let the cars report nothing of the lives they lead, so that nothing changes."""
    for vin in owner.account.vins:
        owner.control.twin(vin, unreachable=True)


def kill_tokens(owner: Owner) -> None:
    """Let every token of the account die, so that only a sign-in helps."""
    for change in CLOUDS[owner.account.service].dead:
        owner.control.account(owner.account.username, **change)


def sent(owner: Owner) -> int:
    """Return how often that reached the cloud."""
    calls = owner.control.calls(CLOUDS[owner.account.service].orders)
    return sum(call.method != "GET" for call in calls)


def shown(owner: Owner) -> str:
    """Return what Home Assistant shows of it."""
    return owner.state(*CLOUDS[owner.account.service].shown).state


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
