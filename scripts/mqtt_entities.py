"""Write what discovery announces by MQTT, from the entity tables of the integration.

`python -m scripts.mqtt_entities` after a change of a table; a test tells when it is due.
"""

from collections.abc import Callable, Iterator
from enum import Enum
import json
from pathlib import Path
from typing import Any, Final

from custom_components.carport.binary_sensor import (
    BINARY_SENSORS,
    DATA_STALE,
    THROTTLED,
)
from custom_components.carport.button import BUTTONS, REFRESH
from custom_components.carport.climate import CLIMATE
from custom_components.carport.device_tracker import WHERE
from custom_components.carport.event import LAST_COMMAND
from custom_components.carport.image import PICTURE
from custom_components.carport.lock import DOORS, CarLock
from custom_components.carport.number import DURATIONS, NUMBERS
from custom_components.carport.select import POLL_PROFILE, SELECTS
from custom_components.carport.sensor import ACCOUNT_SENSORS, CAPTURED_AT, CHANNEL
from custom_components.carport.sensor_descriptions import (
    SENSORS,
    SignalSensorDescription,
)
from custom_components.carport.switch import ALL_TIMERS, SWITCHES, timer_switch
from custom_components.carport.time import timer_time
from homeassistant.helpers.entity import EntityDescription

TABLE: Final = (
    Path(__file__).parents[1] / "custom_components" / "carport" / "mqtt"
) / "entities.json"

_FIELDS: Final = (
    "device_class",
    "state_class",
    "native_unit_of_measurement",
    "suggested_display_precision",
    "entity_category",
    "entity_registry_enabled_default",
    "options",
    "event_types",
    "mode",
)
"""What of a row Home Assistant takes by MQTT too."""
_PLAIN: Final = SignalSensorDescription.__dataclass_fields__["value_fn"].default


def rows() -> Iterator[dict[str, Any]]:
    """Yield a row for each entity, in the order of the tables."""
    for sensor in SENSORS:
        row = _row("sensor", sensor, signals=[sensor.signal.key])
        row["form"] = _form(sensor)
        if sensor.attribute is not None:
            row["attribute"] = [sensor.attribute[0], sensor.attribute[1].key]
        yield row
    yield _row("sensor", CAPTURED_AT)
    yield _row("sensor", CHANNEL)
    for flag in BINARY_SENSORS:
        row = _row("binary_sensor", flag, signals=[flag.signal.key])
        row["inverted"] = flag.inverted
        yield row
    yield _row("binary_sensor", DATA_STALE)
    for switch in SWITCHES:
        yield _row("switch", switch, signals=[switch.signal.key])
    yield _row("switch", ALL_TIMERS)
    yield _timer("switch", timer_switch)
    yield _timer("time", timer_time)
    for number in NUMBERS:
        yield _row("number", number, signals=[one.key for one in number.signals])
    for duration in DURATIONS:
        yield _row("number", duration)
    for select in SELECTS:
        yield _row("select", select, signals=[select.signal.key])
    yield _row("select", POLL_PROFILE)
    yield _row("image", PICTURE)
    for button in BUTTONS:
        yield _row("button", button)
    yield _row("button", REFRESH)
    lock = _row("lock", DOORS)
    # Home Assistant turns the attributes of its classes into properties.
    name = "_attr_name"
    if getattr(CarLock.__new__(CarLock), name, "") is None:
        lock["name"] = None
    yield lock
    yield _row("climate", CLIMATE)
    yield _row("device_tracker", WHERE)
    yield _row("event", LAST_COMMAND)
    for about in ACCOUNT_SENSORS:
        yield {**_row("sensor", about), "of": "account"}
    yield {**_row("binary_sensor", THROTTLED), "of": "account"}


def _timer(
    platform: str, describe: Callable[[int], EntityDescription]
) -> dict[str, Any]:
    """Return the row of every timer: they differ by their number alone."""
    row = _row(platform, describe(1))
    return {**row, "key": row["key"].replace("1", "{number}"), "of": "timer"}


def _row(
    platform: str, description: EntityDescription, signals: list[str] | None = None
) -> dict[str, Any]:
    row: dict[str, Any] = {"platform": platform, "key": description.key}
    name = description.translation_key or description.key
    if name != description.key:
        row["name"] = name
    if signals is not None:
        row["signals"] = signals
    for name in _FIELDS:
        value = getattr(description, name, None)
        if value is None or (name == "entity_registry_enabled_default" and value):
            continue
        row[name] = value.value if isinstance(value, Enum) else value
    return row


def _form(sensor: SignalSensorDescription) -> str:
    """Return how a signal's value becomes the state."""
    if sensor.value_fn is _PLAIN:
        return "plain"
    if sensor.value_fn is len:
        return "count"
    if sensor.device_class == "date":
        return "day"
    raise ValueError(f"{sensor.key}: no template for this value is known")


def table() -> str:
    """Return the file as it should be."""
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows())
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
