"""The cars of the Demo garage, and a crowd of more for those who want to see many."""

from dataclasses import replace
from datetime import time
from functools import cache
from typing import Final

from ..car.schedule import Schedule, Slot, Weekday
from .spec import WEEKEND, WORKDAYS, Drive, Equipment, Habits, Outing, TwinSpec

_BASICS: Final = frozenset(
    {
        Equipment.DOORS,
        Equipment.WINDOWS,
        Equipment.REMOTE_LOCK,
        Equipment.POSITION,
        Equipment.HEALTH,
    }
)

_ELECTRIC: Final = TwinSpec(
    vin="WVWZZZDEMTW000001",
    manufacturer="Carport",
    model="Aurora EV",
    model_year="2026",
    nickname="Aurora",
    drive=Drive.ELECTRIC,
    seed=11,
    software="5.4.1",
    equipment=frozenset(Equipment)
    - {
        Equipment.ADBLUE,
        Equipment.AUXILIARY_HEATING,
        Equipment.VENTILATION,
        Equipment.PARKING_LIGHTS,
    },
    battery_capacity=77,
    consumption_electric=16.5,
    amperes=16,
    currents=("reduced", "maximum"),
    odometer=18_432,
    battery_level=64,
    schedule=Schedule(
        slots=(
            Slot(
                number=1,
                enabled=True,
                departure=time(7, 15),
                days=frozenset(map(Weekday, WORKDAYS)),
                climate=True,
            ),
            Slot(
                number=2,
                enabled=False,
                departure=time(10, 30),
                days=frozenset(map(Weekday, WEEKEND)),
                climate=True,
            ),
        )
    ),
    leaking_tyre=2,
    service_due_in=2500,
    routine=Habits(
        outings=(
            Outing(leaves=7.4, stays=8.6, distance=31, bearing=70, days=WORKDAYS),
            Outing(leaves=19.2, stays=1.6, distance=7, bearing=200, chance=0.5),
            Outing(leaves=10.5, stays=5, distance=88, bearing=310, days=WEEKEND),
        ),
        plug_below=72,
        forgetful=0.08,
        preheats=0.6,
    ),
)

_HYBRID: Final = TwinSpec(
    vin="WVGZZZDEMSW000002",
    manufacturer="Carport",
    model="Borealis PHEV",
    model_year="2024",
    nickname="Night shift",
    drive=Drive.HYBRID,
    seed=23,
    equipment=_BASICS
    | {
        Equipment.AUTO_UNLOCK_PLUG,
        Equipment.CHARGE_CURRENT,
        Equipment.CHARGE_METER,
        Equipment.CLIMATE,
        Equipment.CLIMATE_ON_BATTERY,
        Equipment.HORN,
        Equipment.NOTIFICATIONS,
        Equipment.PARKING_LIGHTS,
        Equipment.PLUG_LOCK,
        Equipment.TIMERS,
        Equipment.TRIPS,
        Equipment.WINDOW_HEATING,
    },
    battery_capacity=13,
    tank=50,
    consumption_electric=19,
    consumption_fuel=6.4,
    amperes=16,
    phases=1,
    currents=(5, 10, 13, "max"),
    odometer=46_210,
    battery_level=35,
    fuel_level=71,
    routine=Habits(
        outings=(
            Outing(leaves=20.4, stays=8.7, distance=24, bearing=140),
            Outing(leaves=12.5, stays=1.2, distance=9, bearing=30, chance=0.8),
        ),
        plug_below=101,
        forgetful=0.1,
        preheats=0.3,
    ),
)

_COMBUSTION: Final = TwinSpec(
    vin="WVWZZZDEMLW000003",
    manufacturer="Carport",
    model="Courier TDI",
    model_year="2021",
    nickname="Courier",
    drive=Drive.COMBUSTION,
    seed=37,
    equipment=_BASICS
    | {
        Equipment.ADBLUE,
        Equipment.ALERTS,
        Equipment.AUXILIARY_HEATING,
        Equipment.HORN,
        Equipment.SUNROOF,
        Equipment.TRIPS,
        Equipment.TYRE_PRESSURES,
        Equipment.VENTILATION,
    },
    tank=66,
    consumption_fuel=5.8,
    odometer=132_870,
    fuel_level=58,
    service_due_in=7500,
    routine=Habits(
        # Somebody drives it at every hour of the day.
        outings=tuple(
            Outing(
                leaves=hour,
                stays=stays,
                distance=distance,
                bearing=bearing,
                chance=0.9,
            )
            for hour, stays, distance, bearing in (
                (0.4, 0.6, 11, 20),
                (2.6, 0.7, 16, 110),
                (5.0, 0.6, 9, 250),
                (7.5, 0.8, 21, 330),
                (10.2, 0.6, 13, 60),
                (12.6, 0.7, 18, 180),
                (15.2, 0.6, 10, 280),
                (17.6, 0.8, 15, 150),
                (20.1, 0.6, 12, 210),
                (22.3, 0.5, 8, 90),
            )
        ),
        forgetful=0.12,
    ),
)

_OLD_ELECTRIC: Final = TwinSpec(
    vin="WVWZZZDEMDW000004",
    manufacturer="Carport",
    model="Dawn Electric",
    model_year="2013",
    nickname="Old lady",
    drive=Drive.ELECTRIC,
    seed=41,
    # Few things are reported, and rarely: it was built before anyone asked.
    equipment=frozenset({Equipment.CLIMATE}),
    battery_capacity=16.5,
    consumption_electric=14,
    amperes=14,
    phases=1,
    odometer=71_004,
    battery_level=83,
    climate_on_battery=False,
    service_due_in=900,
    tired_12v=True,
    reports_driving=None,
    reports_charging=1200,
    talkative=False,
    routine=Habits(
        outings=(
            Outing(leaves=9.3, stays=2.2, distance=8, bearing=45, chance=0.7),
            Outing(leaves=15.6, stays=1.5, distance=5, bearing=260, chance=0.4),
        ),
        plug_below=80,
        forgetful=0.05,
    ),
)

GARAGE: Final = (_ELECTRIC, _HYBRID, _COMBUSTION, _OLD_ELECTRIC)


@cache
def fleet(count: int) -> tuple[TwinSpec, ...]:
    """Return so many cars: the four of the garage, then cars that stay put."""
    return (*GARAGE, *(_parked(number) for number in range(5, count + 1)))[:count]


def _parked(number: int) -> TwinSpec:
    """Return one of the crowd: like one of the four, and left alone by its owner."""
    model = GARAGE[(number - 1) % len(GARAGE)]
    return replace(
        model,
        vin=f"{model.vin[:11]}{number:06}",
        nickname=f"{model.nickname} {number}",
        seed=number,
        odometer=model.odometer + number,
        battery_level=50 + number % 40,
        routine=None,
        schedule=Schedule(),
    )
