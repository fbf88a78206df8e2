"""What a car's report looks like on the stream: a burst of small messages."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import batched
import json
from typing import Any

from .account import AccountState
from .containers import stamp
from .descriptors import CATALOGUE, LATITUDE, LONGITUDE, STATUS
from .settings import Settings
from .store import Held


def burst(
    account: AccountState,
    settings: Settings,
    vin: str,
    new: Mapping[str, Held],
    old: Mapping[str, Held],
    now: datetime,
) -> Iterator[bytes]:
    """Return the messages that tell what is new of a car."""

    def message(values: Mapping[str, Held]) -> bytes:
        content = {
            "vin": vin,
            "entityId": account.gcid,
            "topic": vin,
            "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
            "data": {
                key: _entry(key, held, settings, miles=account.miles)
                for key, held in values.items()
            },
        }
        return json.dumps(content, separators=(",", ":")).encode()

    told = _told(account, settings, new)
    if settings.split_position:
        for key in (LATITUDE, LONGITUDE):
            if key in told:
                yield message({key: told.pop(key)})
    size = max(round(settings.message_keys), 1)
    for part in batched(told.items(), size, strict=False):
        yield message(dict(part))
    late = {key: old[key] for key in told if key in old and old[key].value is not None}
    if settings.stragglers and late:
        yield message(late)


def _told(
    account: AccountState, settings: Settings, new: Mapping[str, Held]
) -> dict[str, Held]:
    """Return what of the news is streamed: chosen in the portal, and said at all."""
    ends = STATUS in new and new[STATUS].value != "CHARGINGACTIVE"
    unannounced = settings.end_unannounced and ends
    return {
        key: held
        for key, held in new.items()
        if CATALOGUE[key].streamed
        and key not in account.unticked
        and held.value is not None
        and not (unannounced and ".charging." in key)
    }


def _entry(key: str, held: Held, settings: Settings, *, miles: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"timestamp": stamp(held.at), "value": held.value}
    unit = CATALOGUE[key].spoken_unit(miles=miles)
    if settings.units and unit is not None:
        entry["unit"] = unit
    return entry
