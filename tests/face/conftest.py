"""What the tests of the face share."""

import pytest
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import HomeAssistant

from .demo_garage import DemoHome, demo_clock


@pytest.fixture
async def home(hass: HomeAssistant) -> DemoHome:
    """Give a Home Assistant whose Demo garage is not set up yet."""
    return DemoHome(hass, demo_clock(hass))


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Write pictures as Home Assistant does."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)
