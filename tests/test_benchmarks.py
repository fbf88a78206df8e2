"""The benchmarks' table of services."""

from benchmarks.services import MEASURED
from custom_components.carport.makers.registry import SERVICES
from custom_components.carport.service.contract import Openness


def test_every_service_with_a_cloud_is_measured() -> None:
    """Let nobody add a maker without its round trips, polls and weeks."""
    clouds = {
        key
        for key, service in SERVICES.items()
        if service.info.openness is not Openness.DEMO
    }
    assert {one.account.service for one in MEASURED} == clouds
    assert {one.account.service for one in MEASURED if one.owners} == clouds
    assert all(one.parked and one.least for one in MEASURED)
