"""The addresses of ZE Services, its refusals, and what it says of itself."""

from collections.abc import Mapping
from typing import Any, Final

from ...cloud.answer import Answer
from ...cloud.errors import BadAnswer
from ...cloud.field_map import to_float
from ...cloud.requests import delete, get, post, put

HOST: Final = "www.services.renault-ze.com"
BASE: Final = f"https://{HOST}/api"
LOGIN: Final = "/user/login"
REFRESH: Final = "/user/token/refresh"

REFUSALS: Final = (400, 401, 403, 404, 405, 409, 410, 422, 423, 451, 500, 501, 503)
"""Refusals that may have a code of their own, and so are read before they are named."""

_CAR: Final = "/vehicle/{vin}"
_CLIMATE: Final = f"{_CAR}/air-conditioning"
_ONBOARD: Final = f"{_CAR}/charge/scheduler/onboard"
_OFFBOARD: Final = f"{_CAR}/charge/scheduler/offboard"
_NOTIFICATIONS: Final = f"{_CAR}/settings/notification"
# Commands without a body say that it is JSON all the same.
_JSON: Final = {"Content-Type": "application/json"}

BATTERY: Final = get(f"{_CAR}/battery")
LAST_CLIMATE: Final = get(f"{_CLIMATE}/last")
CLIMATE_TIMER: Final = get(f"{_CLIMATE}/scheduler")
CALENDAR: Final = get(_ONBOARD)
NOTIFICATIONS: Final = get(_NOTIFICATIONS)
CHARGE_HISTORY: Final = get(f"{_CAR}/charge/history")
CLIMATE_HISTORY: Final = get(_CLIMATE)
COMMAND_HISTORY: Final = get(f"{_CAR}/battery/history")

CHOOSE_CAR: Final = post("/vehicle", headers=_JSON)
ASK_FOR_REPORT: Final = post(f"{_CAR}/battery", headers=_JSON)
START_CHARGING: Final = post(f"{_CAR}/charge", headers=_JSON)
START_CLIMATE: Final = post(_CLIMATE, headers=_JSON)
SET_CLIMATE_TIMER: Final = post(f"{_CLIMATE}/scheduler", headers=_JSON)
# The first description knew no way back; later clients used this one.
REMOVE_CLIMATE_TIMER: Final = delete(f"{_CLIMATE}/scheduler", headers=_JSON)
WRITE_CALENDAR: Final = put(_OFFBOARD, headers=_JSON)
DEPLOY_CALENDAR: Final = post(f"{_OFFBOARD}/deploy", headers=_JSON)
SWITCH_CALENDAR_OFF: Final = put(_ONBOARD, {"enabled": False}, headers=_JSON)
WRITE_NOTIFICATIONS: Final = put(_NOTIFICATIONS, headers=_JSON)

# The account's country has moved on to MyRenault; for ever. Nobody wrote down with
# which status that is said, so the code counts whatever it comes with.
_MOVED_COUNTRY: Final = 403900


def is_moved(answer: Answer) -> bool:
    """Return whether the account's country was moved to the maker's next cloud."""
    return to_float(answer.refusal().get("code")) == _MOVED_COUNTRY


def moved_to(answer: Answer) -> str | None:
    """Return where the maker sends the owner of an account that was moved."""
    links = answer.refusal().get("redirectURLs")
    address = links.get("website") if isinstance(links, Mapping) else None
    if isinstance(address, str) and address.startswith("https://"):
        return address.partition("?")[0]
    return None


def listed(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the entries of a list, which may be no body at all."""
    body = [] if answer.status == 204 else answer.parsed()
    if not isinstance(body, list):
        raise BadAnswer(answer.what, status=answer.status)
    return [entry for entry in body if isinstance(entry, Mapping)]
