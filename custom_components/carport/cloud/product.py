"""The name under which Carport speaks to makers that ask programs to name themselves."""

from importlib import metadata
import json
from pathlib import Path
from typing import Final


def _version() -> str:
    """Return our version: beside the integration it stands in the manifest."""
    manifest = Path(__file__).parents[1] / "manifest.json"
    try:
        version: str = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    except FileNotFoundError:
        return metadata.version("carport")
    return version


PRODUCT: Final = f"carport/{_version()}"
"""A product token as HTTP has it (RFC 9110)."""
