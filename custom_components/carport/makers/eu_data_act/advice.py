"""What the owner is told under Repairs: requests, outages, sessions that die early."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from ...car.signals import DataDelivery
from ...cloud.contract import Advice
from .car_state import CarState
from .data_requests import EVERY_CLUSTER, PARTIAL_CLUSTERS
from .hosts import PORTAL

NO_REQUEST: Final = "no_data_request"
REQUEST_ENDED: Final = "data_request_ended"
ALL_DATA: Final = "data_request_all"
REFUSED: Final = "data_request_refused"
EMPTY: Final = "deliveries_empty"
SPREAD: Final = "sign_ins_spread"
KEYS: Final = frozenset({NO_REQUEST, REQUEST_ENDED, ALL_DATA, REFUSED, EMPTY, SPREAD})

CLUSTERS: Final[Mapping[str, tuple[str, ...]]] = {
    NO_REQUEST: PARTIAL_CLUSTERS,
    REQUEST_ENDED: PARTIAL_CLUSTERS,
    ALL_DATA: EVERY_CLUSTER,
}
"""What is asked for when the owner agrees to one of these."""
_BY_DELIVERY: Final = {
    DataDelivery.NO_REQUEST: NO_REQUEST,
    DataDelivery.REQUEST_ENDED: REQUEST_ENDED,
}
_BY_REFUSALS: Final = (None, ALL_DATA, REFUSED)
"""What is offered once a part of the data, and then all of it, was refused."""


def advice_of(
    states: Mapping[str, CarState], now: datetime, *, spread: bool
) -> Iterator[Advice]:
    """Tell what there is to know now, by the states of the account's cars."""
    for key in (NO_REQUEST, REQUEST_ENDED, ALL_DATA, REFUSED):
        if vins := lacking(states, now, key):
            cars = ", ".join(_name(vin, states[vin]) for vin in vins)
            told = {"cars": cars, "page": PORTAL}
            yield Advice(key=key, placeholders=told, mendable=key in CLUSTERS)
    for vin, state in states.items():
        if state.delivery(now) is DataDelivery.OUTAGE:
            since = state.empty_since or state.newest_at or now
            told = {"since": f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"}
            yield Advice(key=EMPTY, placeholders=told, vin=vin)
    if spread:
        yield Advice(key=SPREAD)


def lacking(states: Mapping[str, CarState], now: datetime, key: str) -> list[str]:
    """Return the cars without a request that runs, to which this advice applies."""
    return [vin for vin, state in states.items() if _key_of(state, now) == key]


def _key_of(state: CarState, now: datetime) -> str | None:
    lacks = _BY_DELIVERY.get(state.delivery(now)) if state.asked_at else None
    if lacks is None:
        return None
    return _BY_REFUSALS[min(state.refusals, len(_BY_REFUSALS) - 1)] or lacks


def _name(vin: str, state: CarState) -> str:
    return state.nickname or f"…{vin[-4:]}"
