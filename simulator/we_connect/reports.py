"""The lists: fences, speed alerts, alarms, destinations, and the health report."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from carport.car.signals import Health
from carport.twin import health
from carport.twin.twin import Twin

from .reads import destinations, iso

_JOBS: Final = {
    "debouncePreTime": "10",
    "timeoutJobProcessing": "120",
    "timeoutJobDelivery": "100",
    "persistenceTimeHistoryEntries": "60",
    "maximalNumberDefinitions": "10",
    "maximalNumberHistoryEntries": "100",
    "fnsUserTypes": "PRIMARY_USER",
    "reviewLocation": False,
}

CONFIGURATIONS: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "geofencingConfiguration": {
            **_JOBS,
            "debouncePostTime": "10",
            "maximalNumberActiveDefinitions": "4",
            "spatialTolerance": "25",
        }
    },
    {
        "speedAlertConfiguration": {
            **_JOBS,
            "debouncePostTime": "30",
            "minimumSpeedLimit": "0",
            "maximumSpeedLimit": "161",
            "maximalNumberActiveDefinitions": "2",
        }
    },
    {
        "rhfConfiguration": {
            "serviceDurationMax": 30,
            "serviceDurationDefault": 15,
            "maxDistance": "unlimited",
        }
    },
)


def _fences(twin: Twin) -> dict[str, Any]:
    alert = {
        "id": "g-31007",
        "alertType": "ENTER_REDZONE",
        "definitionId": "gd-12",
        "definitionName": "Home",
        "occurenceDateTime": iso(twin.state.parked_at),
    }
    return {"geofencingAlerts": {"geofencingAlert": [alert]}}


def _speed_alerts(twin: Twin) -> dict[str, Any]:
    alert = {
        "id": "s-40021",
        "alertType": "START_EXCEEDING",
        "definitionId": "sd-7",
        "definitionName": "Limit 50",
        "occurenceDateTime": iso(twin.state.parked_at),
        "speedLimit": "50",
    }
    return {"speedAlerts": {"speedAlert": [alert]}}


def _alarms(twin: Twin) -> dict[str, Any]:
    alarm = {
        "id": "n-1",
        "dateTime": iso(twin.state.parked_at),
        "reason": "DWA_INTERIOR",
    }
    return {"dwaPushHistory": {"notification": [alarm]}}


def _destinations(twin: Twin) -> dict[str, Any]:
    return {"destinations": {"destination": destinations(twin)}}


HISTORY: Final[Mapping[str, Callable[[Twin], dict[str, Any]]]] = {
    "geofence_v1": _fences,
    "speedalert_v1": _speed_alerts,
    "dwap": _alarms,
    "zieleinspeisung_v1": _destinations,
}


_PRIORITIES: Final = {
    Health.NOTICE: "LOW",
    Health.SERVICE: "MEDIUM",
    Health.STOP: "HIGH",
}


_SERVICE: Final = "http://www.vw.com/mbb/service_TelemetricSharedService_MBB"
_EVENTS: Final = "http://xmldefs.volkswagenag.com/DD/MaintenanceEvent/V1"


def health_xml(twin: Twin) -> str:
    """Return the health report.

    Only its namespaces were published: its inner shape is ours.
    """
    now = twin.report.captured_at
    found = health.complaints(twin.report.state, twin.spec, now)
    messages = "".join(
        f"<warning><category>{row.category}</category>"
        f"<priority>{_PRIORITIES[row.severity]}</priority><text>{escape(row.text)}</text></warning>"
        for row in found
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<sharedTelemetricReport xmlns="{_SERVICE}">'
        f"<report><creationDate>{iso(now)}</creationDate>"
        f"<mileage>{int(twin.report.state.odometer)}</mileage>"
        f'<warnings xmlns="{_EVENTS}">{messages}</warnings>'
        "</report></sharedTelemetricReport>"
    )
