"""What the integration's entities are, as data: `scripts/mqtt_entities` writes the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
import json
from typing import Any, Final

_PLATFORM_FIELDS: Final[Mapping[str, str]] = {
    "native_unit_of_measurement": "unit_of_measurement",
    "entity_registry_enabled_default": "enabled_by_default",
}
"""What Home Assistant calls some fields where they come by MQTT."""
_OWN_FIELDS: Final = frozenset(
    {"platform", "key", "name", "of", "signals", "form", "attribute", "inverted"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRow:
    """One entity, as the integration describes it."""

    platform: str
    key: str
    name: str | None
    """By which the translations know it; None where it has the car's own name."""
    of: str = "car"
    """What it is about: a car, each timer of a car, or an account."""
    number: int | None = None
    """Of which timer, once that is known."""
    signals: tuple[str, ...] = ()
    form: str = "plain"
    attribute: tuple[str, str] | None = None
    inverted: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    """Classes, unit and the like, by their names in MQTT."""


@cache
def entity_rows() -> tuple[EntityRow, ...]:
    """Return all rows; the file is read once, when discovery is wanted."""
    text = files(__package__).joinpath("entities.json").read_text(encoding="utf-8")
    return tuple(map(_row, json.loads(text)))


def _row(data: Mapping[str, Any]) -> EntityRow:
    attribute = data.get("attribute")
    return EntityRow(
        platform=data["platform"],
        key=data["key"],
        name=data.get("name", data["key"]),
        of=data.get("of", "car"),
        signals=tuple(data.get("signals", ())),
        form=data.get("form", "plain"),
        attribute=None if attribute is None else (attribute[0], attribute[1]),
        inverted=data.get("inverted", False),
        options={
            _PLATFORM_FIELDS.get(key, key): value
            for key, value in data.items()
            if key not in _OWN_FIELDS
        },
    )
