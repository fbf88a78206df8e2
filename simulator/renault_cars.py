"""The cars that Renault's clouds know, and whose they are. All of it is invented."""

from dataclasses import replace
from typing import Any, Final

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

_ZOE: Final = TwinSpec(
    vin="VF1AGZE0000012345",
    manufacturer="Renault",
    model="Zoe",
    model_year="2014",
    drive=Drive.ELECTRIC,
    seed=12,
    equipment=frozenset({Equipment.CLIMATE, Equipment.CHARGE_MODE}),
    battery_capacity=22,
    consumption_electric=16,
    amperes=32,
    phases=1,
    odometer=38_120,
    battery_level=58,
    plugged_in=True,
    climate_minutes=5,
    climate_above=45,
    home=Position(latitude=51.4769, longitude=-0.0005),  # London
    reports_driving=None,
    reports_charging=1500,
    talkative=False,
    routine=Habits(
        outings=(
            Outing(leaves=7.6, stays=9.2, distance=17, bearing=300, days=WORKDAYS),
            Outing(leaves=11, stays=2.5, distance=22, bearing=140, days=WEEKEND),
        ),
        plug_below=85,
        preheats=0.4,
    ),
)

_LYON: Final = Position(latitude=45.7640, longitude=4.8357)
_SYDNEY: Final = Position(latitude=-33.8568, longitude=151.2153)
_MEXICO: Final = Position(latitude=19.4326, longitude=-99.1332)
_COMMON: Final = frozenset(
    {Equipment.CLIMATE, Equipment.CHARGE_MODE, Equipment.POSITION, Equipment.DOORS}
)
_ZE50: Final = TwinSpec(
    vin="VF1AG000X00010212",
    manufacturer="Renault",
    model="Zoe",
    model_year="2021",
    drive=Drive.ELECTRIC,
    seed=212,
    equipment=_COMMON | {Equipment.TYRE_PRESSURES},
    battery_capacity=52,
    consumption_electric=17,
    amperes=32,
    phases=1,
    odometer=41_230,
    battery_level=63,
    plugged_in=True,
    climate_minutes=10,
    climate_above=15,
    home=_LYON,
    reports_driving=None,
    reports_charging=900,
    talkative=False,
    routine=Habits(
        outings=(
            Outing(leaves=7.4, stays=9.5, distance=19, bearing=80, days=WORKDAYS),
            Outing(leaves=10, stays=3, distance=31, bearing=200, days=WEEKEND),
        ),
        plug_below=80,
        preheats=0.3,
    ),
)
_MEGANE: Final = replace(
    _ZE50,
    vin="VF1RCB00X00010312",
    model="Megane E-Tech",
    model_year="2023",
    seed=312,
    equipment=_COMMON | {Equipment.CHARGE_LIMIT, Equipment.CABIN_SENSOR},
    battery_capacity=60,
    phases=3,
    amperes=16,
    odometer=18_400,
    battery_level=71,
    reports_charging=600,
    routine=Habits(
        outings=(
            Outing(leaves=8.2, stays=8.5, distance=42, bearing=310, days=WORKDAYS),
            Outing(leaves=14, stays=4, distance=60, bearing=120, days=WEEKEND),
        ),
        plug_below=75,
        preheats=0.5,
    ),
)
_AUSTRAL: Final = parked(
    _ZE50,
    "VF1RHN00X00010412",
    seed=412,
    model="Austral",
    model_year="2024",
    drive=Drive.HYBRID,
    equipment=frozenset({Equipment.DOORS, Equipment.POSITION}),
    battery_capacity=1.7,
    tank=55,
    fuel_level=64,
    plugged_in=False,
    climate_above=None,
    consumption_fuel=5.2,
)


def _like(model: TwinSpec, vin: str, name: str, seed: int, **other: Any) -> TwinSpec:
    return parked(model, vin, seed=seed, model=name, **other)


MY_RENAULTS: Final[tuple[TwinSpec, ...]] = (
    _ZE50,
    _MEGANE,
    _like(_ZE50, "VF1AG000X00010222", "Zoe", 222, battery_level=58),
    _like(_MEGANE, "VF1RCB00X00010322", "Megane E-Tech", 322, battery_level=58),
    _like(
        _MEGANE,
        "VF1RJE00X00010512",
        "5 E-Tech",
        512,
        battery_capacity=52,
        leaking_tyre=2,
    ),
    _AUSTRAL,
    _like(
        _ZE50,
        "UU1DBG00X00010612",
        "Spring",
        612,
        manufacturer="Dacia",
        battery_capacity=27,
        amperes=16,
    ),
    _like(
        _MEGANE,
        "VFAA5E00X00010712",
        "A290",
        712,
        manufacturer="Alpine",
        battery_capacity=52,
    ),
    _like(
        _ZE50,
        "VF1AGVYA000010812",
        "Zoe",
        812,
        model_year="2016",
        battery_capacity=41,
        climate_above=40,
        climate_minutes=20,
    ),
    _like(_ZE50, "VF1BCB00X00010912", "Twingo", 912, battery_capacity=22),
    _like(
        _ZE50,
        "VF1RJB00X00011012",
        "Captur",
        1012,
        drive=Drive.HYBRID,
        battery_capacity=10,
        tank=40,
        amperes=16,
    ),
    _like(
        _ZE50,
        "VF1RZZ00X00011112",
        "Model of Tomorrow",
        1112,
        drive=Drive.HYBRID,
        battery_capacity=20,
        tank=40,
    ),
    _like(_ZE50, "VF1AG000X00011212", "Zoe", 1212, home=_SYDNEY),
    _like(_MEGANE, "VF1RCB00X00011312", "Megane E-Tech", 1312, home=_MEXICO),
    _like(_MEGANE, "VF1RCB00X00011412", "Megane E-Tech", 1412),
)

RENAULTS: Final[tuple[TwinSpec, ...]] = (
    *MY_RENAULTS,
    _ZOE,
    parked(_ZOE, "VF1AGZE0000012445", seed=124, battery_level=62),
    parked(_ZOE, "VF1AGZE0000012545", seed=125, battery_level=52, plugged_in=False),
    parked(_ZOE, "VF1AGZE0000012645", seed=126, battery_level=71),
)


def _person(
    name: str, password: str, *vins: str, region: str = "eu", country: str = "FR"
) -> Account:
    return Account(
        service="my_renault",
        region=region,
        username=f"{name}@example.com",
        password=password,
        vins=vins,
        more={"country": country},
    )


MY_RENAULT_ACCOUNTS: Final = (
    _person(
        "zoe.and.megane",
        "correct-horse-11",
        "VF1AG000X00010212",
        "VF1RCB00X00010312",
    ),
    _person(
        "my.renault.tester",
        "Branche & roule=60 kWh",
        "VF1RCB00X00010322",
        "VF1AG000X00010222",
    ),
    _person(
        "four.brands",
        "Vier-Konten-am-Haken-4",
        "VF1RJE00X00010512",
        "VF1RHN00X00010412",
        "UU1DBG00X00010612",
        "VFAA5E00X00010712",
        country="DE",
    ),
    _person(
        "other.models",
        "Toutes-les-autres-5",
        "VF1AGVYA000010812",
        "VF1BCB00X00010912",
        "VF1RJB00X00011012",
        "VF1RZZ00X00011112",
    ),
    _person(
        "code.by.mail",
        "Six-figures-please-6",
        "VF1RCB00X00011412",
        country="DE",
    ),
    _person(
        "zoe.down.under",
        "Upside-down-7",
        "VF1AG000X00011212",
        region="au",
        country="AU",
    ),
    _person(
        "megane.en.mexico",
        "Muy-electrico-8",
        "VF1RCB00X00011312",
        region="mx",
        country="MX",
    ),
)

RENAULT_ACCOUNTS: Final = (
    *MY_RENAULT_ACCOUNTS,
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
)
