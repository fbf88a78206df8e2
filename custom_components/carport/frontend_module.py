"""The card and the dashboards: one module, served and loaded by every page of Home Assistant."""

import json
from pathlib import Path
from typing import Final, NamedTuple

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant

from .const import DOMAIN

_FOLDER: Final = Path(__file__).parent / "frontend"
_FRONTEND: Final = "frontend"


class Module(NamedTuple):
    """What the build says of itself."""

    entry: str
    content: str
    """A digest of all its files: browsers keep for a month what an address gave."""


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Serve the built files, and have pages load them; nothing without a frontend."""
    if _FRONTEND not in hass.config.components:
        return
    module = await hass.async_add_executor_job(_built)
    path = f"/{DOMAIN}_static/{module.content}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(path, str(_FOLDER), cache_headers=True)]
    )
    add_extra_js_url(hass, f"{path}/{module.entry}")


def _built() -> Module:
    """Read what the build wrote beside its files."""
    told = json.loads((_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return Module(entry=told["entry"], content=told["hash"])
