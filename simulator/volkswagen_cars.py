"""The cars that Volkswagen's European clouds know, and whose they are. All of it is invented."""

from typing import Final

from carport.twin.twin import WORKDAYS, Drive, Equipment, Habits, Outing, TwinSpec

from .account import Account
from .cars import parked

_ANY: Final = frozenset(
    {
        Equipment.DOORS,
        Equipment.WINDOWS,
        Equipment.REMOTE_LOCK,
        Equipment.POSITION,
        Equipment.HORN,
        Equipment.TRIPS,
        Equipment.TYRE_PRESSURES,
        Equipment.CLIMATE,
        Equipment.WINDOW_HEATING,
        Equipment.AUXILIARY_HEATING,
        Equipment.VENTILATION,
        Equipment.SUNROOF,
    }
)
_PLUGGED: Final = _ANY | {
    Equipment.CLIMATE_ON_BATTERY,
    Equipment.CHARGE_CURRENT,
    Equipment.CHARGE_MODE,
    Equipment.PLUG_LOCK,
    Equipment.TIMERS,
}


_PASSAT: Final = TwinSpec(
    vin="WVWZZZ3CZME067891",
    manufacturer="Volkswagen",
    model="Passat GTE Variant",
    model_year="2021",
    drive=Drive.HYBRID,
    nickname="Passat",
    seed=67,
    equipment=_PLUGGED,
    battery_capacity=10.4,
    tank=50,
    consumption_electric=18.5,
    consumption_fuel=6.1,
    amperes=16,
    phases=1,
    currents=(5, 10, 13, 16, "maximum"),
    odometer=32_205,
    battery_level=65,
    fuel_level=58,
    plugged_in=True,
    service_due_in=17_250,
    routine=Habits(
        outings=(
            Outing(leaves=7.4, stays=8.6, distance=19, bearing=60, days=WORKDAYS),
            Outing(leaves=18.1, stays=1.4, distance=7, bearing=240, chance=0.5),
        ),
        plug_below=80,
        preheats=0.4,
    ),
)
_ARTEON: Final = TwinSpec(
    vin="WVWZZZ3HZPE045678",
    manufacturer="Volkswagen",
    model="Arteon",
    model_year="2020",
    drive=Drive.COMBUSTION,
    seed=45,
    equipment=_ANY | {Equipment.ADBLUE},
    tank=66,
    consumption_fuel=6.4,
    odometer=48_713,
    fuel_level=71,
    service_due_in=6400,
    talkative=False,
    routine=Habits(
        outings=(Outing(leaves=8.2, stays=3.1, distance=34, bearing=150, chance=0.8),),
        forgetful=0.1,
    ),
)

EUROPEAN_CARS: Final[tuple[TwinSpec, ...]] = (
    _PASSAT,
    _ARTEON,
    parked(_PASSAT, "WVWZZZ3CZME167891", seed=167),
    parked(_ARTEON, "WVWZZZ3HZPE145678", seed=145),
)

EUROPEAN_ACCOUNTS: Final = (
    Account(
        service="we_connect",
        region="eu",
        username="fahrerin@example.com",
        password="Corr3ct-Horse",
        pin="1234",
        vins=("WVWZZZ3CZME067891", "WVWZZZ3HZPE045678"),
        more={"way": "password"},
    ),
    Account(
        service="we_connect",
        region="eu",
        username="prueferin@example.com",
        password="Still & standing=here",
        pin="4711",
        vins=("WVWZZZ3CZME167891", "WVWZZZ3HZPE145678"),
        more={"way": "password"},
    ),
)
