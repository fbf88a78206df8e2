"""CarData, and its messages from a broker at home, as the shared tests meet them."""

from typing import Final

from simulator.accounts import Account
from simulator.car_data.damages import DAMAGES
from tests.makers.profile import Entry, Profile, Requests, account_of

BROKER: Final = "broker at home"
"""A broker at home that has BMW's stream, and tells it on."""

_TESTER: Final = account_of("i4.tester@example.com")
_AT_HOME: Final = Account(
    service="car_data_broker",
    region="eu",
    username=BROKER,
    password="at home",
    vins=_TESTER.vins[:1],
    more={
        "host": "127.0.0.1",
        "broker_user": "carport",
        "topic": "bmw/+",
        "vins": _TESTER.vins[0],
    },
)

PROFILES = (
    Profile(
        service="car_data",
        tester=_TESTER,
        driver=account_of("i4.driver@example.com"),
        requests=Requests(
            reads="/customers/vehicles/*/telematicData",
            passwords="/gcdm/oauth/*",
        ),
        damages=tuple(DAMAGES),
        harmless=frozenset({"half_payload"}),
        other_sources=frozenset({"inspection_due_on"}),
    ),
    Profile(
        service="car_data_broker",
        tester=_AT_HOME,
        driver=_AT_HOME,
        requests=None,
        damages=(),
        lets_in=Entry.NOTHING,
        tested_by="test_own_broker",
    ),
)
