"""CarData's addresses, and the calls that are made there."""

from datetime import datetime
from typing import Final

from ...cloud.requests import Request, delete, get, post

REGION: Final = "eu"
SIGN_IN_HOST: Final = "customer.bmwgroup.com"
API_HOST: Final = "api-cardata.bmwgroup.com"
STREAM_HOST: Final = "customer.streaming-cardata.bmwgroup.com"
STREAM_PORT: Final = 9000
HOSTS: Final = frozenset({SIGN_IN_HOST, API_HOST})

BASE: Final = f"https://{API_HOST}"
DEVICE_CODE: Final = "/gcdm/oauth/device/code"
TOKEN: Final = "/gcdm/oauth/token"
SIGN_IN: Final = f"https://{SIGN_IN_HOST}"
SCOPES: Final = "authenticate_user openid cardata:api:read cardata:streaming:read"

_CAR: Final = "/customers/vehicles/{vin}"

MAPPINGS: Final = get("/customers/vehicles/mappings")
BASIC_DATA: Final = get(f"{_CAR}/basicData")
IMAGE: Final = get(f"{_CAR}/image")
TELEMATICS: Final = get(f"{_CAR}/telematicData?containerId={{container}}")
TYRES: Final = get(f"{_CAR}/smartMaintenanceTyreDiagnosis")
PLACES: Final = get(f"{_CAR}/locationBasedChargingSettings")
CONTAINERS: Final = get("/customers/containers")


def new_container(name: str, purpose: str, descriptors: tuple[str, ...]) -> Request:
    """Make a container."""
    return post(
        "/customers/containers",
        {
            "name": name,
            "purpose": purpose,
            "technicalDescriptors": list(descriptors),
        },
    )


# A container that is gone already counts as deleted.
DELETE_CONTAINER: Final = delete(
    "/customers/containers/{container}", accepted=frozenset({200, 204, 208})
)


def charging_history(
    start: datetime, end: datetime, following: str | None = None
) -> Request:
    """Ask for the charges of a period, or for a further page of them."""
    params = {"from": _stamp(start), "to": _stamp(end)}
    if following is not None:
        params["nextToken"] = following
    return get(f"{_CAR}/chargingHistory", params=params)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
