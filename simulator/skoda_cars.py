"""The cars that Škoda's cloud knows, and whose they are. All of it is invented."""

from datetime import time
from typing import Final

from carport.car.schedule import Schedule, Slot, Weekday, Window
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

_ANY: Final = frozenset(
    {
        Equipment.CLIMATE,
        Equipment.DOORS,
        Equipment.POSITION,
        Equipment.SUNROOF,
        Equipment.WINDOWS,
        Equipment.WINDOW_HEATING,
    }
)
_PLUGGED: Final = _ANY | {
    Equipment.AUTO_UNLOCK_PLUG,
    Equipment.CHARGE_CURRENT,
    Equipment.CHARGE_LIMIT,
    Equipment.CHARGE_MODE,
    Equipment.CLIMATE_ON_BATTERY,
    Equipment.TIMERS,
}
_HEATED: Final = frozenset({Equipment.AUXILIARY_HEATING, Equipment.VENTILATION})
_WORKWEEK: Final = frozenset(day for day in Weekday if day in WORKDAYS)
_NIGHT: Final = 11
"""The number of the window that is open by night."""
_HOME: Final = Position(latitude=50.4114, longitude=14.9032)

_TIMERS: Final = Schedule(
    slots=(
        *(
            Slot(
                number=number,
                enabled=False,
                departure=time(6 + number, 30),
                days=_WORKWEEK,
                charge=True,
            )
            for number in (1, 2, 3)
        ),
        *(
            Slot(
                number=number,
                enabled=number == _NIGHT,
                days=frozenset(Weekday),
                charge_window=Window(start=time(22), end=time(5, 30)),
            )
            for number in (_NIGHT, 12, 13, 14)
        ),
    )
)

_ENYAQ: Final = TwinSpec(
    vin="TMBJC7NY5SF012345",
    manufacturer="Škoda",
    model="Enyaq",
    model_year="2025",
    drive=Drive.ELECTRIC,
    nickname="Eda",
    seed=85,
    equipment=_PLUGGED,
    battery_capacity=77,
    consumption_electric=17.4,
    amperes=16,
    phases=3,
    currents=("reduced", "maximum"),
    odometer=28_711,
    battery_level=61,
    plugged_in=True,
    home=_HOME,
    schedule=_TIMERS,
    routine=Habits(
        outings=(
            Outing(leaves=7.2, stays=9.1, distance=31, bearing=200, days=WORKDAYS),
            Outing(leaves=10.4, stays=4, distance=58, bearing=20, days=WEEKEND),
        ),
        plug_below=75,
        preheats=0.5,
    ),
)
_SUPERB: Final = TwinSpec(
    vin="TMBAB7NP7R7023456",
    manufacturer="Škoda",
    model="Superb iV",
    model_year="2024",
    drive=Drive.HYBRID,
    seed=34,
    equipment=_PLUGGED | _HEATED,
    battery_capacity=25.7,
    tank=45,
    consumption_electric=17.9,
    consumption_fuel=5.8,
    amperes=16,
    phases=1,
    currents=("reduced", "maximum"),
    odometer=41_260,
    battery_level=66,
    fuel_level=64,
    plugged_in=True,
    home=_HOME,
    schedule=_TIMERS,
)
_OCTAVIA: Final = TwinSpec(
    vin="TMBJJ7NX3PY034567",
    manufacturer="Škoda",
    model="Octavia",
    model_year="2023",
    drive=Drive.COMBUSTION,
    seed=56,
    equipment=(_ANY - {Equipment.CLIMATE, Equipment.WINDOW_HEATING})
    | _HEATED
    | {Equipment.ADBLUE},
    tank=55,
    consumption_fuel=4.9,
    odometer=63_872,
    fuel_level=48,
    home=_HOME,
)

SKODAS: Final[tuple[TwinSpec, ...]] = (
    _ENYAQ,
    parked(_ENYAQ, "TMBJC7NY5SF112345", seed=185),
    _SUPERB,
    _OCTAVIA,
)

SKODA_ACCOUNTS: Final = (
    Account(
        service="skoda",
        region="eu",
        username="enyaq.driver@example.com",
        password="",
        pin="2580",
        vins=("TMBJC7NY5SF012345",),
        more={"api_key": "sk-demo-3f9a1c77d2b84e60"},
    ),
    Account(
        service="skoda",
        region="eu",
        username="skoda.tester@example.com",
        password="",
        pin="1357",
        vins=("TMBJC7NY5SF112345", "TMBAB7NP7R7023456", "TMBJJ7NX3PY034567"),
        more={"api_key": "sk-test-b05d81e4c6f24a9f"},
    ),
)
