"""The cars that Volkswagen's North American clouds know, and whose they are.

All of it is invented.
"""

from typing import Final

from carport.car.signals import Position
from carport.twin.twin import (
    WEEKEND,
    WORKDAYS,
    Drive,
    Equipment,
    Habits,
    Outing,
    TwinSpec,
)

from .account import Account
from .cars import parked

_RESTON: Final = Position(latitude=38.9586, longitude=-77.3570)

_CAR_NET: Final = frozenset(
    {
        Equipment.DOORS,
        Equipment.WINDOWS,
        Equipment.REMOTE_LOCK,
        Equipment.POSITION,
        Equipment.HORN,
        Equipment.HEALTH,
        Equipment.PARKING_LIGHTS,
    }
)
_E_GOLF: Final = TwinSpec(
    vin="WVWZZZAUZGW900016",
    manufacturer="Volkswagen",
    model="e-Golf",
    model_year="2016",
    drive=Drive.ELECTRIC,
    seed=16,
    equipment=_CAR_NET
    | {Equipment.CLIMATE, Equipment.CLIMATE_ON_BATTERY, Equipment.DEFROST},
    battery_capacity=24.2,
    consumption_electric=15.5,
    amperes=30,
    volts=240,
    phases=1,
    currents=(5, 10, 13, "max"),
    odometer=55_788,
    battery_level=71,
    plugged_in=True,
    home=_RESTON,
    service_due_in=8212,
    talkative=False,
    routine=Habits(
        outings=(
            Outing(leaves=7.8, stays=8.9, distance=24, bearing=95, days=WORKDAYS),
            Outing(leaves=18.8, stays=1.2, distance=6, bearing=220, chance=0.5),
            Outing(leaves=10.2, stays=3.5, distance=31, bearing=10, days=WEEKEND),
        ),
        plug_below=90,
        preheats=0.3,
    ),
)
_PASSAT: Final = TwinSpec(
    vin="1VWZZZA3ZJC018018",
    manufacturer="Volkswagen",
    model="Passat",
    model_year="2018",
    drive=Drive.COMBUSTION,
    seed=18,
    equipment=_CAR_NET | {Equipment.SUNROOF},
    tank=70,
    consumption_fuel=8.1,
    odometer=91_240,
    fuel_level=63,
    home=_RESTON,
    service_due_in=2100,
    talkative=False,
    routine=Habits(
        outings=(
            Outing(leaves=8.6, stays=2.4, distance=14, bearing=180, chance=0.8),
            Outing(leaves=16.9, stays=2.2, distance=22, bearing=300, chance=0.7),
        ),
        forgetful=0.15,
    ),
)

AMERICAN_CARS: Final[tuple[TwinSpec, ...]] = (
    _E_GOLF,
    _PASSAT,
    parked(_E_GOLF, "WVWZZZAUZGW900116", seed=116, battery_level=60),
    parked(_PASSAT, "1VWZZZA3ZJC018118", seed=118),
    parked(
        _E_GOLF,
        "WVWZZZAUZGW900216",
        seed=216,
        battery_level=45,
        home=Position(latitude=45.4112, longitude=-75.6981),  # Ottawa
        plugged_in=False,
    ),
)

AMERICAN_ACCOUNTS: Final = (
    Account(
        service="car_net",
        region="us",
        username="driver@example.com",
        password="Open-Road-2016",
        pin="2468",
        vins=("WVWZZZAUZGW900016", "1VWZZZA3ZJC018018"),
    ),
    Account(
        service="car_net",
        region="us",
        username="tester@example.com",
        password="Parked & plugged=in",
        pin="1357",
        vins=("WVWZZZAUZGW900116", "1VWZZZA3ZJC018118"),
    ),
    Account(
        service="car_net",
        region="ca",
        username="pilote@example.com",
        password="Grand-Nord-2016",
        pin="8642",
        vins=("WVWZZZAUZGW900216",),
    ),
)
