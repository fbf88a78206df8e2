"""What an owner names that tells of a car sooner than its maker: persons, zones, chargers."""

from collections.abc import Mapping
from typing import Any, Final

import probatio

from homeassistant.helpers.selector import EntitySelector, EntitySelectorConfig

from ..const import CONF_CHARGERS, CONF_DRIVERS, CONF_ZONES

_HINTING: Final[Mapping[str, list[str]]] = {
    CONF_DRIVERS: ["person", "device_tracker"],
    CONF_ZONES: ["zone"],
    CONF_CHARGERS: ["sensor", "binary_sensor", "switch", "select"],
}
"""Of which kind the entities may be that tell of a car."""


def hints_schema(kept: Mapping[str, Any]) -> probatio.Schema:
    """Ask which entities tell of a car."""
    return probatio.Schema(
        {
            probatio.Required(name, default=list(kept.get(name, ()))): EntitySelector(
                EntitySelectorConfig(domain=domains, multiple=True)
            )
            for name, domains in _HINTING.items()
        }
    )
