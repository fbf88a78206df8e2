"""The Demo garage, as the shared tests meet it."""

from typing import Final

from carport.twin.fleet import GARAGE, fleet
from simulator.accounts import Account
from tests.makers.profile import Entry, Profile, ShownCommand

_CARS: Final = 2 * len(GARAGE)
"""Each of its cars twice: the second ones stay where they are."""
DEMO: Final = f"demo:{_CARS}"

_GARAGE: Final = Account(
    service="demo",
    region="demo",
    username=DEMO,
    password="",
    vins=tuple(spec.vin for spec in fleet(_CARS)[len(GARAGE) :]),
)

PROFILES = (
    Profile(
        service="demo",
        tester=_GARAGE,
        driver=_GARAGE,
        requests=None,
        damages=(),
        command=ShownCommand(),
        lets_in=Entry.NOTHING,
    ),
)
