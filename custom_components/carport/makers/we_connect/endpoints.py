"""The hosts, calls and error codes of Volkswagen's first European cloud."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from yarl import URL

from ...car.refusals import Reason
from ...cloud.answer import Answer
from ...cloud.bodies import parse_json
from ...cloud.errors import (
    Busy,
    CloudError,
    LoginExpired,
    NotPermitted,
    Outage,
    PinLocked,
    PinRefused,
    Throttled,
    error_for,
)
from ...cloud.field_map import get_path, to_float
from ...cloud.hosts import declared
from ...cloud.requests import Request, get, post

# Hosts

IDENTITY_HOST: Final = "identity.vwgroup.io"
EXCHANGE: Final = "https://tokenrefreshservice.apps.emea.vwapps.io"
PROFILE: Final = "https://customer-profile.apps.emea.vwapps.io/v1/customers"
USERS: Final = "https://userinformationservice.apps.emea.vwapps.io/iaa"
MBB: Final = "https://mbboauth-1d.prd.ece.vwg-connect.com/mbbcoauth"
META: Final = "https://mal-1a.prd.ece.vwg-connect.com/api"
DATA: Final = "https://msg.volkswagen.de/fs-car"
OF_THE_OWNER: Final = frozenset({PROFILE, USERS})
"""Bases that take the tokens of the identity; all others take those of the cars."""

_HOMES: Final = (
    "mal-3a.prd.eu.dp.vwg-connect.com",
    "fal-3a.prd.eu.dp.vwg-connect.com",
)
WE_CONNECT_HOSTS: Final = frozenset(
    {
        IDENTITY_HOST,
        *_HOMES,
        *(URL(base).host or "" for base in (EXCHANGE, PROFILE, USERS)),
        *(URL(base).host or "" for base in (MBB, META, DATA)),
    }
)


def data_base(home: str | None) -> str | None:
    """Return where a car's data is, by what the cloud calls its home region.

    The first region's own name leads to the old host; every other one has two
    hosts, `mal` for rights and `fal` for functions. None where it is no host of ours.
    """
    if home is None:
        return None
    try:
        url = URL(home)
    except ValueError:
        return None
    if not declared(url, WE_CONNECT_HOSTS):
        return None
    host = url.host or ""
    if host == URL(META).host:
        return DATA
    function = host.replace("mal", "fal", 1)
    return f"https://{function}/fs-car" if function in WE_CONNECT_HOSTS else None


# Calls

HEADERS: Final = {
    "Accept": "application/json, application/vnd.volkswagenag.com-error-v1+json, */*",
    # Some calls are refused without these, whatever they say.
    "X-App-Name": "We Connect",
    "X-App-Version": "5.8.0",
    "Accept-Language": "en-US",
}
_TIME_OUT: Final = 60.0
_VEHICLE: Final = "VW/{country}/vehicles/{vin}"
_get = partial(get, time_out=_TIME_OUT)

REPORT: Final = _get(f"/bs/vsr/v1/{_VEHICLE}/status")
REPORT_BY_NUMBER: Final = _get(f"/bs/vsr/v1/{_VEHICLE}/requests/{{number}}/status")
CHARGER: Final = _get(f"/bs/batterycharge/v1/{_VEHICLE}/charger")
CLIMATER: Final = _get(f"/bs/climatisation/v1/{_VEHICLE}/climater")
HEATER: Final = _get(f"/bs/rs/v1/{_VEHICLE}/status")
POSITION: Final = _get(f"/bs/cf/v1/{_VEHICLE}/position")
TIMERS: Final = _get(f"/bs/departuretimer/v1/{_VEHICLE}/timer")
TRIPS: Final = _get(
    f"/bs/tripstatistics/v1/{_VEHICLE}/tripdata/{{kind}}", params={"type": "list"}
)
DESTINATIONS: Final = _get(
    f"/destinationfeedservice/mydestinations/v1/{_VEHICLE}/destinations"
)
FENCES: Final = _get(f"/bs/geofencing/v1/{_VEHICLE}/geofencingAlerts")
FENCE_RULES: Final = _get("/bs/geofencing/v1/VW/{country}/geofencingConfiguration")
SPEED_ALERTS: Final = _get(f"/bs/speedalert/v1/{_VEHICLE}/speedAlerts")
SPEED_RULES: Final = _get("/bs/speedalert/v1/VW/{country}/speedAlertConfiguration")
THEFT_ALARMS: Final = _get(f"/bs/dwap/v1/{_VEHICLE}/history")
HEALTH_REPORT: Final = _get(
    f"/vehiclehealthreport/myreports/v1/{_VEHICLE}"
    "/users/{mbb}/vehicleHealthReports/history",
    headers={
        "Accept": (
            "application/vnd.vwg.mbb.sharedTelemetricReport_v1_0_0+xml, "
            "application/vnd.vwg.mbb.genericError_v1_1_1+xml, */*"
        )
    },
)

VEHICLES: Final = _get("/usermanagement/users/v1/VW/{country}/vehicles")
DETAILS: Final = _get(f"/vehicleMgmt/vehicledata/v2/{_VEHICLE}")
HORN_LIMITS: Final = _get("/bs/rhf/v1/VW/{country}/configuration")
HOME: Final = _get("/cs/vds/v1/vehicles/{vin}/homeRegion", base=META)
_OPERATIONS: Final = "/rolesrights/operationlist/v3/vehicles/{vin}"
OPERATIONS: Final = _get(_OPERATIONS, base=META)
RIGHTS: Final = _get(f"{_OPERATIONS}/users/{{mbb}}")
ROLE: Final = _get(f"/rolesrights/permissions/v1/{_VEHICLE}/fetched-role")
CAR_PORT: Final = _get("/promoter/portfolio/v1/VW/{country}/vehicle/{vin}/carportdata")

PERSONAL: Final = _get("/{user}/personalData", base=PROFILE)
MBB_STATUS: Final = _get("/{user}/mbbStatusData", base=PROFILE)
IDENTITY: Final = _get("/{user}/identityData", base=PROFILE)
REAL_CARS: Final = _get("/{user}/realCarData", base=PROFILE)
CAR_USERS: Final = post("/uic/v1/vin/{vin}/users", base=USERS, time_out=_TIME_OUT)

_PIN: Final = "/rolesrights/authorization/v2"
PIN_CHALLENGE: Final = _get(
    f"{_PIN}/vehicles/{{vin}}/services/{{service}}"
    "/operations/{operation}/security-pin-auth-requested",
    base=META,
)
PIN_ANSWER: Final = post(
    f"{_PIN}/security-pin-auth-completed", base=META, time_out=_TIME_OUT
)


def command(path: str, json: Any = None, **fields: Any) -> Request:
    """Declare the call of a command below a car's base; `{vehicle}` is the car."""
    return post(
        path.replace("{vehicle}", _VEHICLE),
        json,
        time_out=_TIME_OUT,
        pause=COMMAND_PAUSE.total_seconds(),
        **fields,
    )


def progress(path: str) -> Request:
    """Declare the call that tells what became of a command."""
    return _get(path.replace("{vehicle}", _VEHICLE))


# Errors


class NotEnrolled(NotPermitted):
    """The car never had the former Car-Net enrolment, or lost it: refused for good."""

    reason = Reason.NOT_ENROLLED


class TokenRefused(LoginExpired):
    """The cloud's own word for a token; of a good one it is about the car."""


JUDGED: Final = frozenset({400, 401, 403, 404, 409})
"""Statuses whose bodies hold a code."""
COMMAND_PAUSE: Final = timedelta(hours=6)
"""How long a car is left alone that was asked too often, where nobody says a time."""
_PAUSE: Final = timedelta(minutes=15)
_LONGEST_LOCK: Final = 24 * 3600
_THROTTLED: Final = "VSR.9025"
_WRONG_PIN: Final = "SECURITY_PIN_INVALID"
_AUTHENTICATION: Final = "gw.error.authentication"
_BY_CODE: Final[Mapping[str, type[CloudError]]] = {
    _AUTHENTICATION: TokenRefused,
    "mbbc.rolesandrights.invalidSecurityPin": PinRefused,
    "mbbc.rolesandrights.servicelocallydisabled": NotPermitted,
    # Legitimation pending, or a privacy setting in the car.
    "VSR.9007": NotPermitted,
    # The position took too long; it may come next time.
    "CF.technical.9031": Outage,
    "business.1003": Busy,
}


def error_of(answer: Answer, now: datetime) -> CloudError:
    """Name a refusal by the code in its body, or else by its status."""
    error = _error_in(answer.text)
    code = error.get("errorCode")
    if code == _THROTTLED:
        return Throttled(answer.what, until=now + _PAUSE, status=answer.status)
    if code == _AUTHENTICATION and answer.what == OPERATIONS.path:
        # The tokens are good: the list of cars is got with them.
        return NotEnrolled(answer.what, status=answer.status)
    kind = _BY_CODE.get(code) if isinstance(code, str) else None
    if kind is None:
        return error_for(answer.what, answer.status)
    if kind is PinRefused and _is_locked(error):
        wait = to_float(get_path(error, ("details", "delay"))) or 0
        until = now + timedelta(seconds=min(max(wait, 0), _LONGEST_LOCK))
        return PinLocked(answer.what, until=until, status=answer.status)
    return kind(answer.what, status=answer.status)


def _error_in(text: str) -> Mapping[str, Any]:
    try:
        found = get_path(parse_json(text), ("error",))
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _is_locked(error: Mapping[str, Any]) -> bool:
    """Return whether a PIN was refused for another reason than being wrong."""
    reason = get_path(error, ("details", "reason"))
    return isinstance(reason, str) and reason != _WRONG_PIN
