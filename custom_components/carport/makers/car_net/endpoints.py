"""Car-Net's addresses: one host, and a request for each thing it can be asked."""

from typing import Any, Final

from ...cloud.requests import Request, get, post

HOST: Final = "b-h-s.spr.us00.p.con-veh.net"
BASE: Final = f"https://{HOST}"
CLIENT_ID: Final = "2dae49f6-830b-4180-9af9-59dd0d060916@apps_vw-dilab_com"
REDIRECT_URI: Final = "car-net:///oauth-callback"
AUTHORIZE: Final = "/oidc/v1/authorize"
TOKEN: Final = "/oidc/v1/token"

ENROLLMENT: Final = get("/account/v1/enrollment/status")
STATUS: Final = get("/rvs/v1/vehicle/{vehicleId}")
HEALTH: Final = get("/vhs/v2/vehicle/{vehicleId}")
SESSION: Final = post(
    "/ss/v1/user/{userId}/vehicle/{vehicleId}/session",
    headers={"Content-Type": "application/json;charset=UTF-8"},
    accepted=frozenset({200, 400, 401, 403, 422, 423}),
)

_COMMANDS: Final = "/mps/v1/vehicles/{acct}"


def command(path: str, *, method: str = "PUT", **body: Any) -> Request:
    """Declare a command; it waits for the car's modem, sometimes ten seconds."""
    return Request(
        method=method,
        path=f"{_COMMANDS}{path}",
        json=body,
        time_out=60,
        headers={
            "Content-Type": "application/json;charset=UTF-8",
            "x-user-agent": "mobile-ios",
        },
    )


def is_command(request: Request) -> bool:
    """Return whether a request needs a session opened by the owner's PIN."""
    return request.path.startswith(_COMMANDS)


CLIMATE_DETAILS: Final = command("/status/climate/details")
