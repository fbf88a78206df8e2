"""A request of a maker's table: method, path template, and what goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import quote

from .bodies import Bound

TAKEN: Final = frozenset({200, 201, 202, 204})
"""Statuses that mean success where a table says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call as a table declares it.

    `path` is a template such as `/vehicles/{vin}/status`, filled in from the car's
    handle and from `values`; logs and errors name the template alone. `base` replaces
    the service's own base address. `accepted` are the statuses that mean success.
    `operation` is what the owner's PIN has to allow, in the cloud's own words, and
    `pin` that PIN, where a command needs it: the service says how it is sent.
    `pause` is how many seconds a refusal for too many calls lasts that says no time.
    `bound` is how long the answer may be, where it is more or less than others are.
    `then` is the call that completes a command, once this one has succeeded.
    """

    method: str
    path: str
    json: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    xml: str | None = field(default=None, repr=False)
    params: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    base: str | None = None
    operation: str | None = None
    time_out: float = 30.0
    pause: float = 15 * 60.0
    accepted: frozenset[int] = TAKEN
    pin: str | None = field(default=None, repr=False)
    bound: Bound | None = None
    then: Request | None = None

    def with_json(self, **values: Any) -> Self:
        """Return the same call with further values in its body."""
        return replace(self, json={**(self.json or {}), **values})

    @property
    def safe(self) -> bool:
        """Whether the call may be repeated after an outage."""
        return self.method == "GET"

    def address(self, base: str, values: Mapping[str, str]) -> str:
        """Return the whole address, with every value quoted.

        Raises `KeyError` where the template names what nobody gives.
        """
        known = {**values, **self.values}
        filled = self.path.format_map(
            {name: quote(value, safe="") for name, value in known.items()}
        )
        return f"{self.base or base}{filled}"

    def with_values(self, **values: str) -> Self:
        """Return the same call with further values for its path."""
        return replace(self, values={**self.values, **values})

    def with_headers(self, **headers: str) -> Self:
        """Return the same call with further headers; `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


def get(path: str, **fields: Any) -> Request:
    """Declare a GET; see `Request` for the fields."""
    return Request(method="GET", path=path, **fields)


def post(path: str, json: Any = None, **fields: Any) -> Request:
    """Declare a POST with a JSON body, or none."""
    return Request(method="POST", path=path, json=json, **fields)


def put(path: str, json: Any = None, **fields: Any) -> Request:
    """Declare a PUT with a JSON body, or none."""
    return Request(method="PUT", path=path, json=json, **fields)


def patch(path: str, json: Any = None, **fields: Any) -> Request:
    """Declare a PATCH with a JSON body, or none."""
    return Request(method="PATCH", path=path, json=json, **fields)


def delete(path: str, **fields: Any) -> Request:
    """Declare a DELETE."""
    return Request(method="DELETE", path=path, **fields)
