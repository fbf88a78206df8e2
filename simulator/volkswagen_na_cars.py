"""The cars that Volkswagen's North American clouds know, and whose they are.

All of it is invented.
"""

from typing import Final

from custom_components.carport.car.signals import Position
from custom_components.carport.makers.demo.twin import (
    WEEKEND,
    WORKDAYS,
    Drive,
    Equipment,
    Habits,
    Outing,
    TwinSpec,
)

from .account import Account

_RESTON: Final = Position(latitude=38.9586, longitude=-77.3570)
_OTTAWA: Final = Position(latitude=45.4112, longitude=-75.6981)

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
_E_GOLF: Final = _CAR_NET | {
    Equipment.CLIMATE,
    Equipment.CLIMATE_ON_BATTERY,
    Equipment.DEFROST,
}


def _e_golf(
    vin: str,
    *,
    seed: int,
    level: float,
    home: Position = _RESTON,
    plugged_in: bool = True,
    routine: Habits | None = None,
) -> TwinSpec:
    return TwinSpec(
        vin=vin,
        manufacturer="Volkswagen",
        model="e-Golf",
        model_year="2016",
        drive=Drive.ELECTRIC,
        seed=seed,
        equipment=_E_GOLF,
        battery_capacity=24.2,
        consumption_electric=15.5,
        amperes=30,
        volts=240,
        phases=1,
        currents=(5, 10, 13, "max"),
        odometer=55_788,
        battery_level=level,
        plugged_in=plugged_in,
        home=home,
        service_due_in=8212,
        talkative=False,
        routine=routine,
    )


def _passat(vin: str, *, seed: int, routine: Habits | None = None) -> TwinSpec:
    return TwinSpec(
        vin=vin,
        manufacturer="Volkswagen",
        model="Passat",
        model_year="2018",
        drive=Drive.COMBUSTION,
        seed=seed,
        equipment=_CAR_NET | {Equipment.SUNROOF},
        tank=70,
        consumption_fuel=8.1,
        odometer=91_240,
        fuel_level=63,
        home=_RESTON,
        service_due_in=2100,
        talkative=False,
        routine=routine,
    )


AMERICAN_CARS: Final = (
    _e_golf(
        "WVWZZZAUZGW900016",
        seed=16,
        level=71,
        routine=Habits(
            outings=(
                Outing(leaves=7.8, stays=8.9, distance=24, bearing=95, days=WORKDAYS),
                Outing(leaves=18.8, stays=1.2, distance=6, bearing=220, chance=0.5),
                Outing(leaves=10.2, stays=3.5, distance=31, bearing=10, days=WEEKEND),
            ),
            plug_below=90,
            preheats=0.3,
        ),
    ),
    _passat(
        "1VWZZZA3ZJC018018",
        seed=18,
        routine=Habits(
            outings=(
                Outing(leaves=8.6, stays=2.4, distance=14, bearing=180, chance=0.8),
                Outing(leaves=16.9, stays=2.2, distance=22, bearing=300, chance=0.7),
            ),
            forgetful=0.15,
        ),
    ),
    # These stay where they are, so that a test meets them as it expects.
    _e_golf("WVWZZZAUZGW900116", seed=116, level=60),
    _passat("1VWZZZA3ZJC018118", seed=118),
    _e_golf("WVWZZZAUZGW900216", seed=216, level=45, home=_OTTAWA, plugged_in=False),
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
