"""Carport as a library: cars, clouds, makers and the engine, without Home Assistant.

The folders are those of the integration. Python runs a package's `__init__` before
anything in it, and the integration's needs Home Assistant; this one needs nothing.
Home Assistant imports the same folders as `custom_components.carport`. A process that
has both names has every class twice, so no object may pass from one to the other.
"""

from pathlib import Path

_INTEGRATION = Path(__file__).parents[1] / "custom_components" / "carport"
# An installed library has the folders beside this file.
if _INTEGRATION.is_dir():
    __path__.append(str(_INTEGRATION))
