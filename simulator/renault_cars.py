"""The cars that Renault's clouds know, and whose they are. All of it is invented."""

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

RENAULTS: Final[tuple[TwinSpec, ...]] = (
    _ZOE,
    parked(_ZOE, "VF1AGZE0000012445", seed=124, battery_level=62),
    parked(_ZOE, "VF1AGZE0000012545", seed=125, battery_level=52, plugged_in=False),
    parked(_ZOE, "VF1AGZE0000012645", seed=126, battery_level=71),
)

RENAULT_ACCOUNTS: Final = (
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
