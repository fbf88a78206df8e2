"""Let the test plugin made for Home Assistant 2026.10 run on 2026.11.

Loaded before every other plugin: Home Assistant has to be imported before httpx, which the
plugin imports first, and the plugin calls a function of the logger integration that is gone.
Goes when a plugin for 2026.11 appears.
"""

from homeassistant.components import logger

vars(logger).setdefault("_clear_logger_overwrites", lambda hass: None)
