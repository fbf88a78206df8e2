"""Time zones by name."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from carport.cloud.zones import zone


async def test_a_zone_is_read_once() -> None:
    """The second time it is the same object."""
    paris = await zone("Europe/Paris")
    assert paris == ZoneInfo("Europe/Paris")
    assert await zone("Europe/Paris") is paris


@pytest.mark.parametrize("name", [None, "Europe/Nowhere", "../etc/passwd", "", "UTC"])
async def test_no_zone_is_utc(name: str | None) -> None:
    """Better a time that is known to be off than none."""
    assert await zone(name) is UTC
