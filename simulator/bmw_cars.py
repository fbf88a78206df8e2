"""The cars that BMW's clouds know, and whose they are. All of it is invented."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any, Final

from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import ChargeMode, Position
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


_I3: Final = TwinSpec(
    vin="WBYZZZ001GV160101",
    manufacturer="BMW",
    model="i3",
    model_year="2016",
    nickname="M EX 302E",
    drive=Drive.ELECTRIC,
    seed=302,
    equipment=_BMW | {Equipment.CLIMATE},
    battery_capacity=33.2,
    consumption_electric=14.2,
    consumption_fuel=6.9,
    amperes=32,
    phases=1,
    odometer=31_544,
    battery_level=63,
    plugged_in=True,
    home=_MUNICH,
    charge_mode=ChargeMode.SCHEDULED,
    schedule=_WEEKLY_PLANNER,
    service_due_in=1500,
    talkative=False,
)
_REX: Final = replace(
    _I3,
    vin="WBYZZZ001GV160001",
    model="i3 +REX",
    nickname="M EX 301E",
    drive=Drive.HYBRID,
    seed=301,
    equipment=_I3.equipment - {Equipment.HORN},
    tank=8.5,
    home=Position(latitude=52.2053, longitude=0.1218),  # Cambridge
    routine=Habits(
        outings=(
            Outing(leaves=7.3, stays=9.1, distance=38, bearing=200, days=WORKDAYS),
            Outing(leaves=11.2, stays=2.5, distance=17, bearing=60, days=WEEKEND),
        ),
        plug_below=85,
    ),
)

_CAR_DATA: Final = frozenset(
    {
        Equipment.DOORS,
        Equipment.WINDOWS,
        Equipment.POSITION,
        Equipment.HEALTH,
        Equipment.TYRE_PRESSURES,
        Equipment.TRIPS,
    }
)
_I4: Final = TwinSpec(
    vin="WBYZZZ041PV304001",
    manufacturer="BMW",
    model="i4 eDrive40",
    model_year="2023",
    drive=Drive.ELECTRIC,
    seed=341,
    equipment=_CAR_DATA
    | {Equipment.CLIMATE, Equipment.SUNROOF, Equipment.CHARGE_LIMIT},
    battery_capacity=81.1,
    consumption_electric=17.4,
    odometer=28_415,
    battery_level=61,
    home=_MUNICH,
    service_due_in=14_000,
    routine=Habits(
        outings=(
            Outing(leaves=7.6, stays=8.9, distance=31, bearing=310, days=WORKDAYS),
            Outing(leaves=10.1, stays=3.2, distance=44, bearing=150, days=WEEKEND),
        ),
        plug_below=70,
        preheats=0.3,
    ),
)
_MINI: Final = TwinSpec(
    vin="WMWZZZ051NV305001",
    manufacturer="Mini",
    model="Cooper S",
    model_year="2021",
    drive=Drive.COMBUSTION,
    seed=351,
    equipment=_CAR_DATA,
    tank=44,
    consumption_fuel=6.6,
    odometer=41_870,
    fuel_level=57,
    home=_MUNICH,
    service_due_in=1700,
    routine=Habits(
        outings=(Outing(leaves=9.2, stays=1.4, distance=9, bearing=80, days=WORKDAYS),)
    ),
    talkative=False,
)

BMWS: Final[tuple[TwinSpec, ...]] = (
    _REX,
    # These stay where they are.
    _I3,
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
    parked(
        _REX,
        "WBYZZZ001GV160201",
        seed=305,
        nickname="M EX 305E",
        equipment=_I3.equipment,
        home=Position(latitude=42.3601, longitude=-71.0589),  # Boston
    ),
    _I4,
    _MINI,
    # These stay where they are.
    parked(_I4, "WBYZZZ041PV304101", seed=342),
    parked(_MINI, "WMWZZZ051NV305101", seed=352),
    parked(_MINI, "WMWZZZ051NV305201", seed=353),
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
    Account(
        service="car_data",
        region="eu",
        username="i4.driver@example.com",
        password="Streaming-since-2025",
        vins=("WBYZZZ041PV304001", "WMWZZZ051NV305001"),
        more={"client_id": "3f0c9f6e-58a1-4e0b-9a63-2c7d1b5e8a01"},
    ),
    Account(
        service="car_data",
        region="eu",
        username="i4.tester@example.com",
        password="Fifty & a day",
        vins=("WBYZZZ041PV304101", "WMWZZZ051NV305101", "WMWZZZ051NV305201"),
        more={
            "client_id": "8d41b7c2-06fe-4b39-8f57-95e3a0c4d602",
            "secondary": "WMWZZZ051NV305201",
        },
    ),
)
