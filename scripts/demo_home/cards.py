"""Home Assistant's own cards, as rows that fall away where a car lacks the entity."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .registry import Device

type Card = dict[str, Any]

HALF: Final = 6
FULL: Final = 12
WHOLE: Final = "full"
"""All columns, also of a section that is as wide as several."""

_OWN_NAME: Final = {"type": "entity"}
"""The entity's name without the car's, which the heading says already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One tile, for the first of these keys that the device has."""

    keys: tuple[str, ...]
    columns: int = HALF
    features: tuple[Mapping[str, Any], ...] = ()
    inline: bool = True
    """Whether the feature stands beside the name, not below it."""


def tiles(device: Device, rows: Iterable[Tile]) -> Iterator[Card]:
    """Make a tile for every row whose entity the device has."""
    for row in rows:
        entity = first(device, row.keys)
        if entity is None:
            continue
        card: Card = {
            "type": "tile",
            "entity": entity,
            "name": _OWN_NAME,
            "grid_options": {"columns": row.columns},
            **_press(entity),
        }
        if row.features:
            card["features"] = [dict(feature) for feature in row.features]
            card["features_position"] = "inline" if row.inline else "bottom"
        yield card


def _press(entity: str) -> Card:
    """Let a button's tile press it; when that was last done says little."""
    if not entity.startswith("button."):
        return {}
    press = {
        "action": "perform-action",
        "perform_action": "button.press",
        "target": {"entity_id": entity},
    }
    return {"hide_state": True, "tap_action": press}


def heading(title: str, icon: str, badges: Iterable[Card] = (), **more: Any) -> Card:
    """Make the line above a group of cards."""
    return {
        "type": "heading",
        "heading": title,
        "heading_style": "title",
        "icon": icon,
        "badges": list(badges),
        **more,
    }


def badge(device: Device, *keys: str, **options: Any) -> Iterator[Card]:
    """Make a badge for the first of these keys that the device has."""
    entity = first(device, keys)
    if entity is not None:
        yield {"type": "entity", "entity": entity, **options}


def group(title: str, icon: str, cards: Iterable[Card], span: int = 1) -> list[Card]:
    """Make a section of these cards under a heading; none without cards."""
    within = list(cards)
    if not within:
        return []
    return [
        {
            "type": "grid",
            "column_span": span,
            "cards": [heading(title, icon), *within],
        }
    ]


def named(devices: Iterable[Device], *keys: str) -> list[Card]:
    """Name the first of these keys of each device that has one, by the device."""
    return [
        {"entity": entity, "name": device.name}
        for device in devices
        if (entity := first(device, keys)) is not None
    ]


def first(device: Device, keys: Iterable[str]) -> str | None:
    """Return the entity of the first of these keys that the device has."""
    return next(iter(every(device, keys)), None)


def every(device: Device, keys: Iterable[str]) -> list[str]:
    """Return the entities of all these keys that the device has."""
    return [device.entities[key] for key in keys if key in device.entities]
