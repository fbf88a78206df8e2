"""The portal's answers about cars, files and requests, whatever they are wrapped in."""

from datetime import timedelta
from typing import Any

import pytest

from carport.makers.eu_data_act.data_requests import DataRequest, current_request
from carport.makers.eu_data_act.file_list import files_in, nickname_in, vins_in

from .conftest import ID3, PASSAT
from .deliveries import at

NOW = at("12:00:00")


def _request(**changes: Any) -> dict[str, Any]:
    return {
        "Identifier": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "Name": "Carport",
        "Frequency": "15mins",
        "StartDate": "2026-11-01T00:00:00Z",
        "EndDate": "2027-11-01T00:00:00Z",
        "Status": "ACTIVE",
        **changes,
    }


@pytest.mark.parametrize(
    "body",
    [
        [{"vin": ID3}, {"vin": PASSAT}],
        {"vehicles": [{"vin": ID3}, {"vin": PASSAT}, {"vin": ID3}]},
        {"data": {"user": [{"vehicle": {"VIN": ID3}}, {"vehicle": {"VIN": PASSAT}}]}},
        {"vehicles": [ID3, PASSAT]},
    ],
)
def test_cars(body: Any) -> None:
    """They are found by what they are called, or else by what they look like."""
    assert vins_in(body) == [ID3, PASSAT]


def test_what_is_no_car() -> None:
    """A number of 17 digits is none where something else is called a VIN."""
    body: Any = [{"vin": ID3, "orderNumber": "20261128170000000", "image": None}]
    assert vins_in(body) == [ID3]
    nothing: tuple[Any, ...] = (None, {}, [], "text", {"vin": "short"}, {"vin": 5})
    assert not any(vins_in(body) for body in nothing)
    deep: Any = {"vin": ID3}
    for _ in range(40):
        deep = [deep]
    assert vins_in(deep) == []


def test_names() -> None:
    """A name is a text, and only there."""
    assert nickname_in({"relation": {"vehicleNickname": " Eda "}}) == "Eda"
    nothing: tuple[Any, ...] = (
        {},
        [],
        {"relation": None},
        {"relation": {"vehicleNickname": 5}},
    )
    assert not any(nickname_in(body) for body in nothing)


def test_files() -> None:
    """Oldest first, each once; names that are none are left out, times are not ahead."""
    rows: list[Any] = [
        {"name": "b.zip", "createdOn": "2026-11-20T11:30:00Z", "size": "2388"},
        {"name": "a.zip", "createdOn": "2026-11-20T11:15:00Z", "size": "264"},
        {"name": "b.zip", "createdOn": "2026-11-20T11:30:00Z"},
        {"name": "late.zip", "createdOn": "2026-11-20T13:00:00Z"},
        {"name": "../../etc/passwd.zip", "createdOn": "2026-11-20T11:00:00Z"},
        {"name": "x\r\nHost: evil.zip", "createdOn": "2026-11-20T11:00:00Z"},
        {"name": "c.txt", "createdOn": "2026-11-20T11:00:00Z"},
        {"name": "d.zip", "createdOn": "soon"},
        {"name": None, "createdOn": None},
        "e.zip",
        None,
    ]
    for body in (rows, {"files": rows}):
        found = files_in(body, NOW)
        assert [file.name for file in found] == ["a.zip", "b.zip", "late.zip"]
        assert found[-1].created_at == NOW
    nothing: tuple[Any, ...] = (None, {}, [], "text", {"files": None}, {"files": {}})
    assert not any(files_in(body, NOW) for body in nothing)


def test_request_that_counts() -> None:
    """The youngest that runs; one-time exports and other frequencies never."""
    older = _request(Identifier="1" * 32, StartDate="2026-10-01T00:00:00Z")
    ended = _request(Identifier="2" * 32, EndDate="2026-11-02T00:00:00Z")
    expired = _request(Identifier="3" * 32, Status="EXPIRED")
    once = _request(Identifier="4" * 32, Frequency=None)
    found = current_request([ended, older, _request(), expired, once], NOW)
    assert found is not None
    assert found.identifier == _request()["Identifier"]
    assert not found.is_over(NOW)
    gone = current_request([ended, expired, once], NOW)
    assert gone is not None
    assert gone.is_over(NOW)
    assert current_request([once], NOW) is None


def test_request_without_an_end() -> None:
    """No expiry is no end date, and a damaged one counts as none."""
    for end in (None, "", "never"):
        found = current_request(_request(EndDate=end), NOW)
        assert found is not None
        assert found.ends_at is None
        assert not found.is_over(NOW + timedelta(days=4000))


@pytest.mark.parametrize("identifier", [None, "", "a/b", "x" * 65, 5, "../list"])
def test_identifier_that_is_none(identifier: Any) -> None:
    """It becomes part of an address, so it has to look like one."""
    assert current_request(_request(Identifier=identifier), NOW) is None
    assert DataRequest.from_json({"identifier": identifier}) is None


def test_request_is_kept_as_it_is() -> None:
    """It comes back from the store as it went in."""
    found = current_request(_request(), NOW)
    assert found is not None
    assert DataRequest.from_json(found.to_json()) == found
