"""The benchmarks' table of services."""

from benchmarks.services import MEASURED
from carport.cloud.contract import Service
from carport.cloud.service_info import Openness
from carport.makers.registry import SERVICES


def test_every_service_with_a_cloud_is_measured() -> None:
    """Let nobody add a maker without its round trips, polls and weeks."""
    clouds = {
        key
        for key, service in SERVICES.items()
        if service.info.openness is not Openness.DEMO and _calls_a_maker(service)
    }
    assert {one.account.service for one in MEASURED} == clouds
    assert {one.account.service for one in MEASURED if one.owners} == clouds
    assert all(one.parked and one.least for one in MEASURED)


def _calls_a_maker(service: type[Service]) -> bool:
    """Return whether a service has other hosts than the owner's own."""
    hosts = {host for region in service.info.hosts.values() for host in region}
    return any(not host.endswith(".invalid") for host in hosts)
