"""Who has an account at which cloud, and the cars they own. All of it is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from custom_components.carport.car.signals import Position
from custom_components.carport.makers.demo.twin import (
    Drive,
    Equipment,
    Habits,
    Outing,
    TwinSpec,
)

from .bmw_cars import BMWS
from .renault_cars import RENAULTS
from .volkswagen_cars import EUROPEAN_CARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One sign-in at one service."""

    service: str
    region: str
    username: str
    password: str
    pin: str | None = None
    vins: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    """What else the owner types, by the key of the field."""


_WORKDAYS: Final = frozenset(range(5))
_WEEKEND: Final = frozenset({5, 6})
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


TWINS: Final[tuple[TwinSpec, ...]] = (
    _e_golf(
        "WVWZZZAUZGW900016",
        seed=16,
        level=71,
        routine=Habits(
            outings=(
                Outing(leaves=7.8, stays=8.9, distance=24, bearing=95, days=_WORKDAYS),
                Outing(leaves=18.8, stays=1.2, distance=6, bearing=220, chance=0.5),
                Outing(leaves=10.2, stays=3.5, distance=31, bearing=10, days=_WEEKEND),
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
    *RENAULTS,
    *BMWS,
    *EUROPEAN_CARS,
)

_BMW_APP: Final = {"client_id": "i-remote-app", "client_secret": "not-a-secret-key"}

ACCOUNTS: Final[tuple[Account, ...]] = (
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
    Account(
        service="ze_services",
        region="eu",
        username="zoe.at.home@example.com",
        password="correct-horse-9",
        vins=("VF1AGZE0000012345",),
    ),
    Account(
        service="ze_services",
        region="eu",
        username="zoe.tester@example.com",
        password="Plug & play=22 kWh",
        vins=("VF1AGZE0000012445",),
    ),
    Account(
        service="ze_services",
        region="eu",
        username="zoe.two.cars@example.com",
        password="Two-of-a-kind-9",
        vins=("VF1AGZE0000012545", "VF1AGZE0000012645"),
    ),
    Account(
        service="i_remote",
        region="eu",
        username="i3.driver@example.com",
        password="Range-Extended-2016",
        vins=("WBYZZZ001GV160001",),
        more=_BMW_APP,
    ),
    Account(
        service="i_remote",
        region="eu",
        username="i3.tester@example.com",
        password="Parked & plugged=in",
        vins=("WBYZZZ001GV160101", "WBAZZZ002HV225102", "WBAZZZ003FV118103"),
        more=_BMW_APP,
    ),
    Account(
        service="i_remote",
        region="us",
        username="i3.american@example.com",
        password="Coast-to-Coast-2016",
        pin="Rosebud",
        vins=("WBYZZZ001GV160201",),
        more=_BMW_APP,
    ),
    Account(
        service="we_connect",
        region="eu",
        username="fahrerin@example.com",
        password="Corr3ct-Horse",
        pin="1234",
        vins=("WVWZZZ3CZME067891", "WVWZZZ3HZPE045678"),
    ),
    Account(
        service="we_connect",
        region="eu",
        username="prueferin@example.com",
        password="Still & standing=here",
        pin="4711",
        vins=("WVWZZZ3CZME167891", "WVWZZZ3HZPE145678"),
    ),
)
