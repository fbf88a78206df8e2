"""What i Remote's status says of the car's health, as readings and as a report."""

from typing import Any, Final

import pytest

from carport.car import signals as s
from carport.makers.i_remote.readings import health_report

from .samples import NOW, STATUS, status


@pytest.mark.parametrize(
    ("messages", "codes", "tyres"),
    [
        ([], [], False),
        ([{"ccmId": 955}], [955], True),
        ([{"ccmId": 17}, {"ccmId": 0}], [17, 0], False),
        (["?", 955, None], [None, None, None], None),
        ([{"ccmId": "many"}, {"ccmId": 955}], [None, 955], True),
        ([{"ccmId": 17}, []], [17, None], None),
    ],
)
def test_warnings(
    messages: list[Any], codes: list[int | None], tyres: bool | None
) -> None:
    """One that cannot be read is one all the same, and may be the tyres'."""
    builder = status(checkControlMessages=messages)
    shown = builder.value(s.WARNING_LIGHTS)
    assert shown is not None
    assert [record["code"] for record in shown] == codes
    assert builder.value(s.TYRE_PROBLEM) is tyres
    assert builder.value(s.HEALTH) == "notice"


FINE: Final = {"cbsType": "OIL", "cbsState": "OK"}


@pytest.mark.parametrize(
    ("warnings", "services", "verdict"),
    [
        ([], [FINE], "ok"),
        ([], [], "ok"),
        (None, [FINE], "ok"),
        (["?"], [FINE], "notice"),
        ([], [FINE, {"cbsType": "BRAKE_FLUID", "cbsState": "OVERDUE"}], "service"),
        (["?"], [{"cbsType": "OIL", "cbsState": "OVERDUE"}], "service"),
        ([], [FINE, {"cbsType": "OIL", "cbsState": "PERHAPS"}], None),
        ([], [FINE, "row"], None),
        ([], ["row", {"cbsType": "OIL", "cbsState": "PENDING"}], "notice"),
        (["?"], None, None),
    ],
)
def test_the_verdict(
    warnings: list[Any] | None, services: list[Any] | None, verdict: str | None
) -> None:
    """All is well only if every line says so; the worst that is known counts."""
    changes: dict[str, Any] = {
        "checkControlMessages": warnings,
        "cbsData": services,
    }
    assert status(**changes).value(s.HEALTH) == verdict
    data = {key: value for key, value in changes.items() if value is not None}
    assert health_report({"vehicleStatus": data}, NOW).health == verdict


def test_the_health_report() -> None:
    """Warnings and services, with what is due when, in one list."""
    report = health_report({"vehicleStatus": STATUS}, NOW).to_json()
    assert report["captured_at"] == "2019-04-02T18:07:31+01:00"
    assert (report["health"], report["odometer"]) == ("notice", 31544)
    warnings, brakes, oil, _ = report["categories"]
    assert warnings == {
        "category": "check_control",
        "severity": "notice",
        "messages": [{"text": "Check the tyre pressure.", "severity": None}],
    }
    assert (brakes["category"], brakes["severity"]) == ("brake_fluid", "ok")
    assert oil["messages"] == [
        {"text": "Service due by month or distance.", "severity": "notice"}
    ]
    assert report["maintenance"] == [
        {
            "kind": "brake_fluid",
            "distance": None,
            "due_on": "2020-05-01",
        },
        {
            "kind": "oil_service",
            "distance": 1500,
            "due_on": "2019-06-01",
        },
        {"kind": "inspection", "distance": None, "due_on": "2020-03-01"},
    ]
    little = health_report({"vehicleStatus": {"vin": STATUS["vin"]}}, NOW)
    assert (little.health, little.categories, little.maintenance) == (None, (), ())
