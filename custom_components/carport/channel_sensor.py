"""The sensor that says how well a car can be reached, and what can be done about it."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.sensor import SensorEntity

from .car.local_time import rounded_down
from .engine import Channel, ChannelState
from .entity import CarEntity

_FOLLOW_REPAIRS: Final = "follow_repairs"
NEXT_STEP: Final[Mapping[ChannelState, str]] = {
    ChannelState.DEGRADED: "wait",
    ChannelState.THROTTLED: "wait",
    ChannelState.NEEDS_OWNER: "sign_in",
    ChannelState.CLOSED_BY_MAKER: _FOLLOW_REPAIRS,
}
"""What the owner can do about a channel that is not ok."""


class ChannelSensor(CarEntity, SensorEntity):
    """How well the car can be reached, by the best of its accounts."""

    _unrecorded_attributes = frozenset(
        {"stream_last_message_at", "closed_commands", "channels"}
    )

    @property
    @override
    def available(self) -> bool:
        """Tell of outages instead of taking part in them."""
        return bool(self.car.channels)

    @property
    @override
    def native_value(self) -> str | None:
        """The state of the best channel."""
        channel = self.car.best_channel
        return None if channel is None else channel.state.value

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Until when it lasts, what can be done about it, and what is lacking."""
        channel = self.car.best_channel
        if channel is None:
            return None
        streams = {
            name: moment.isoformat()
            for name, moment in (
                ("stream_alive_since", channel.stream_alive_since),
                ("stream_last_message_at", channel.stream_last_message_at),
            )
            if moment is not None
        }
        result = channel.last_result
        parts = {
            name: sorted(parts)
            for name, parts in (
                ("missing_parts", result.gaps if result else ()),
                ("switched_off_parts", channel.switched_off),
            )
            if parts
        }
        told = {
            **streams,
            **parts,
            **self._advice(),
            **self._worse(channel),
            **self._each(),
        }
        if channel.state is not ChannelState.OK:
            told |= _trouble(channel)
        return told or None

    def _each(self) -> Mapping[str, Any]:
        """Tell of each of several accounts when it was last well, and what is by it."""
        if len(self.car.channels) < 2:
            return {}
        by: dict[str, list[str]] = {}
        for key, reading in sorted(self.car.snapshot.readings.items()):
            by.setdefault(reading.channel, []).append(key)
        return {
            "channels": [
                {
                    "service": channel.service.info.name,
                    "state": channel.state.value,
                    "last_good": None
                    if channel.last_good_at is None
                    else rounded_down(channel.last_good_at).isoformat(),
                    "values": by.get(channel.account, []),
                }
                for channel in self.car.channels_by_choice
            ]
        }

    def _advice(self) -> Mapping[str, Any]:
        """Tell in words what any of the car's services advises, as Repairs do."""
        words = {
            key for channel in self.car.channels.values() for key in _advised(channel)
        }
        return {"advice": sorted(words)} if words else {}

    def _worse(self, best: Channel) -> Mapping[str, Any]:
        """Tell of accounts that reach the car less well, and of what none can do now."""
        worse = [
            {
                "service": channel.service.info.name,
                "state": channel.state.value,
                **_trouble(channel),
            }
            for channel in self.car.channels_by_choice
            if channel.state is not best.state
        ]
        closed = {
            str(kind): str(reason)
            for kind in sorted(self.car.commands)
            if (reason := self.car.closed((kind,))) is not None
        }
        return {
            **({"other_channels": worse} if worse else {}),
            **({"closed_commands": closed} if closed else {}),
        }


def _trouble(channel: Channel) -> dict[str, Any]:
    """Tell until when a channel is as it is, and what can be done about it."""
    next_step = NEXT_STEP[channel.state]
    if channel.state is ChannelState.DEGRADED and _advised(channel):
        next_step = _FOLLOW_REPAIRS
    return {
        "until": None if channel.until is None else channel.until.isoformat(),
        "next_step": next_step,
    }


def _advised(channel: Channel) -> frozenset[str]:
    """Return what a channel's service advises of its car, or of the account."""
    return frozenset(
        advice.key
        for advice in channel.service.advice()
        if advice.vin in {None, channel.car.vin}
    )
