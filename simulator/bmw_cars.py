"""The cars that BMW's clouds know, and whose they are. All of it is invented."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from custom_components.carport.car.schedule import Schedule, Slot, Weekday, Window
from custom_components.carport.car.signals import ChargeMode, Position
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

_BMW: Final = frozenset(
    {
        Equipment.DOORS,
        Equipment.WINDOWS,
        Equipment.REMOTE_LOCK,
        Equipment.POSITION,
        Equipment.PARKING_LIGHTS,
        Equipment.HEALTH,
        Equipment.HORN,
        Equipment.TRIPS,
    }
)
_MUNICH: Final = Position(latitude=48.1771, longitude=11.5593)
_CAMBRIDGE: Final = Position(latitude=52.2053, longitude=0.1218)
_BOSTON: Final = Position(latitude=42.3601, longitude=-71.0589)
_WEEKLY_PLANNER: Final = Schedule(
    slots=(
        Slot(
            number=1,
            enabled=True,
            departure=time(7, 15),
            days=frozenset(Weekday) - {Weekday.SATURDAY, Weekday.SUNDAY},
            charge=True,
            climate=True,
        ),
        Slot(
            number=2,
            enabled=False,
            departure=time(10),
            days=frozenset({Weekday.SATURDAY}),
            charge=True,
            climate=True,
        ),
    ),
    preferred_window=Window(start=time(0, 30), end=time(4, 30)),
)


def _i3(
    vin: str,
    *,
    seed: int,
    home: Position = _MUNICH,
    rex: bool = False,
    equipment: frozenset[Equipment] = _BMW,
    routine: Habits | None = None,
) -> TwinSpec:
    return TwinSpec(
        vin=vin,
        manufacturer="BMW",
        model="i3 +REX" if rex else "i3",
        model_year="2016",
        nickname=f"M EX {seed}E",
        drive=Drive.HYBRID if rex else Drive.ELECTRIC,
        seed=seed,
        equipment=equipment | {Equipment.CLIMATE},
        battery_capacity=33.2,
        tank=8.5 if rex else None,
        consumption_electric=14.2,
        consumption_fuel=6.9,
        amperes=32,
        phases=1,
        odometer=31_544,
        battery_level=63,
        plugged_in=True,
        home=home,
        charge_mode=ChargeMode.SCHEDULED,
        schedule=_WEEKLY_PLANNER,
        service_due_in=1500,
        talkative=False,
        routine=routine,
    )


BMWS: Final[tuple[TwinSpec, ...]] = (
    _i3(
        "WBYZZZ001GV160001",
        seed=301,
        rex=True,
        equipment=_BMW - {Equipment.HORN},
        home=_CAMBRIDGE,
        routine=Habits(
            outings=(
                Outing(leaves=7.3, stays=9.1, distance=38, bearing=200, days=WORKDAYS),
                Outing(leaves=11.2, stays=2.5, distance=17, bearing=60, days=WEEKEND),
            ),
            plug_below=85,
        ),
    ),
    # These stay where they are.
    _i3("WBYZZZ001GV160101", seed=302),
    TwinSpec(
        vin="WBAZZZ002HV225102",
        manufacturer="BMW",
        model="225xe",
        model_year="2017",
        drive=Drive.HYBRID,
        seed=303,
        equipment=_BMW | {Equipment.CLIMATE, Equipment.SUNROOF},
        battery_capacity=5.7,
        tank=36,
        consumption_electric=17.5,
        amperes=16,
        phases=1,
        odometer=48_310,
        battery_level=68,
        home=_MUNICH,
        schedule=Schedule(
            slots=(
                Slot(
                    number=1,
                    enabled=True,
                    departure=time(6, 45),
                    days=frozenset(Weekday),
                    charge=False,
                    climate=True,
                ),
            )
        ),
        talkative=False,
    ),
    TwinSpec(
        vin="WBAZZZ003FV118103",
        manufacturer="BMW",
        model="118d",
        model_year="2015",
        drive=Drive.COMBUSTION,
        seed=304,
        equipment=_BMW - {Equipment.TRIPS},
        tank=52,
        consumption_fuel=4.6,
        odometer=103_870,
        home=_MUNICH,
        talkative=False,
    ),
    _i3("WBYZZZ001GV160201", seed=305, rex=True, home=_BOSTON),
)

DESTINATIONS: Final[Mapping[str, tuple[Mapping[str, Any], ...]]] = {
    "WBYZZZ001GV160001": (
        {
            "lat": 52.19451,
            "lon": 0.13722,
            "country": "UNITED KINGDOM",
            "city": "CAMBRIDGE",
            "street": "STATION ROAD",
            "type": "DESTINATION",
            "createdAt": "2019-03-28T09:14:55+0100",
        },
        {
            "lat": 52.40634,
            "lon": 0.26418,
            "country": "UNITED KINGDOM",
            "city": "ELY",
            "street": "HIGH STREET",
            "type": "DESTINATION",
            "createdAt": "2019-05-11T16:40:03+0100",
        },
    ),
    "WBAZZZ002HV225102": (
        {
            "lat": 47.42119,
            "lon": 10.98522,
            "country": "DEUTSCHLAND",
            "city": "GRAINAU",
            "street": "SEEWEG",
            "type": "DESTINATION",
            "createdAt": "2019-08-02T07:55:41+0100",
        },
    ),
}
"""Where their owners sent them before the twins' lives began."""

_BMW_APP: Final = {"client_id": "i-remote-app", "client_secret": "not-a-secret-key"}

BMW_ACCOUNTS: Final = (
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
)
