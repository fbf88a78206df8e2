"""Where the interface is called, and what its refusals are named."""

import re
from typing import Final

from ...cloud.answer import Answer
from ...cloud.field_map import text_at
from ...cloud.requests import get, post, put

HOST: Final = "public.api.connect.skoda-auto.cz"
BASE: Final = f"https://{HOST}/api/v1/vehicles"

VEHICLE: Final = get("/{vin}")
"""Everything the car has, in one call: no part has to be asked for by name."""
START_CHARGING: Final = post("/{vin}/charging/start")
STOP_CHARGING: Final = post("/{vin}/charging/stop")
CHARGING_LIMIT: Final = put("/{vin}/charging/limit")
CHARGING_MODE: Final = put("/{vin}/charging/mode")
START_CLIMATE: Final = post("/{vin}/air-conditioning/start", {})
STOP_CLIMATE: Final = post("/{vin}/air-conditioning/stop")
START_HEATER: Final = post("/{vin}/auxiliary-heating/start", {})
STOP_HEATER: Final = post("/{vin}/auxiliary-heating/stop")
START_VENTILATION: Final = post("/{vin}/active-ventilation/start")
STOP_VENTILATION: Final = post("/{vin}/active-ventilation/stop")

KEY_HEADER: Final = "X-API-Key"
EXPIRES_HEADER: Final = "X-API-Key-Expires-At"
LEFT_HEADER: Final = "RateLimit-Remaining"
RESET_HEADER: Final = "RateLimit-Reset"

KEY_EXPIRED: Final = "api-key-expired"
KEY_NOT_FOR_CAR: Final = "api-key-not-authorized"
USER_REFUSED: Final = "operation-not-authorized"
NEVER: Final = "operation-not-supported"
SWITCHED_OFF: Final = "operation-disabled"
CAR_RESTS: Final = "vehicle-not-accepting-requests"

_PARTS_OF_AN_ADDRESS: Final = re.compile(r"[/:#]")


def problem_of(answer: Answer) -> str:
    """Return the kind of problem an answer names: the end of its type's address.

    That may be a link, a name such as `urn:problem:…`, or the word alone.
    """
    kind = text_at(answer.refusal(), "type") or ""
    return _PARTS_OF_AN_ADDRESS.split(kind)[-1].casefold()
