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

_LONDON: Final = Position(latitude=51.4769, longitude=-0.0005)


def _zoe(
    vin: str,
    *,
    seed: int,
    level: float,
    plugged_in: bool = True,
    routine: Habits | None = None,
) -> TwinSpec:
    return TwinSpec(
        vin=vin,
        manufacturer="Renault",
        model="Zoe",
        model_year="2014",
        drive=Drive.ELECTRIC,
        seed=seed,
        equipment=frozenset({Equipment.CLIMATE, Equipment.CHARGE_MODE}),
        battery_capacity=22,
        consumption_electric=16,
        amperes=32,
        phases=1,
        odometer=38_120,
        battery_level=level,
        plugged_in=plugged_in,
        climate_minutes=5,
        climate_above=45,
        home=_LONDON,
        reports_driving=None,
        reports_charging=1500,
        talkative=False,
        routine=routine,
    )


RENAULTS: Final[tuple[TwinSpec, ...]] = (
    _zoe(
        "VF1AGZE0000012345",
        seed=12,
        level=58,
        routine=Habits(
            outings=(
                Outing(leaves=7.6, stays=9.2, distance=17, bearing=300, days=WORKDAYS),
                Outing(leaves=11, stays=2.5, distance=22, bearing=140, days=WEEKEND),
            ),
            plug_below=85,
            preheats=0.4,
        ),
    ),
    # These stay where they are, so that a test meets them as it expects.
    _zoe("VF1AGZE0000012445", seed=124, level=62),
    _zoe("VF1AGZE0000012545", seed=125, level=52, plugged_in=False),
    _zoe("VF1AGZE0000012645", seed=126, level=71),
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
