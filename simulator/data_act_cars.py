"""The cars that the portal of the EU Data Act knows, and whose they are. All invented."""

from typing import Final

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
        Equipment.TRIPS,
        Equipment.WINDOWS,
        Equipment.WINDOW_HEATING,
    }
)
_ELECTRIC: Final = _ANY | {
    Equipment.AUTO_UNLOCK_PLUG,
    Equipment.CHARGE_CURRENT,
    Equipment.CHARGE_LIMIT,
    Equipment.CHARGE_METER,
    Equipment.CLIMATE_ON_BATTERY,
    Equipment.PLUG_LOCK,
}

_ID3: Final = TwinSpec(
    vin="WVWZZZE1ZNP012345",
    manufacturer="Volkswagen",
    model="ID.3 Pro",
    model_year="2022",
    drive=Drive.ELECTRIC,
    nickname="ID.3",
    seed=23,
    equipment=_ELECTRIC,
    battery_capacity=58,
    consumption_electric=16.4,
    currents=("reduced", "maximum"),
    odometer=31_870,
    battery_level=62,
    plugged_in=True,
    service_due_in=14_100,
    home=Position(latitude=51.9607, longitude=7.6261),  # Münster
    routine=Habits(
        outings=(
            Outing(leaves=7.1, stays=9.3, distance=26, bearing=140, days=WORKDAYS),
            Outing(leaves=10.5, stays=4, distance=38, bearing=20, days=WEEKEND),
        ),
        plug_below=60,
        preheats=0.3,
    ),
)
_LEON: Final = TwinSpec(
    vin="VSSZZZKLZMR012345",
    manufacturer="SEAT",
    model="Leon e-Hybrid",
    model_year="2021",
    drive=Drive.HYBRID,
    seed=34,
    equipment=_ANY | {Equipment.CHARGE_METER, Equipment.PLUG_LOCK},
    battery_capacity=12.8,
    tank=40,
    consumption_electric=15.8,
    consumption_fuel=5.7,
    amperes=16,
    phases=1,
    odometer=44_310,
    battery_level=47,
    fuel_level=62,
    plugged_in=True,
    service_due_in=21_000,
)

DATA_ACT_CARS: Final[tuple[TwinSpec, ...]] = (
    _ID3,
    parked(_ID3, "WVWZZZE1ZNP112345", seed=123),
    parked(
        _ID3,
        "WV2ZZZEBZPH012345",
        seed=25,
        manufacturer="Volkswagen Nutzfahrzeuge",
        model="ID. Buzz Cargo",
        nickname="Buzz",
        battery_capacity=77,
    ),
    parked(
        _ID3,
        "WAUZZZF46NA012345",
        seed=26,
        manufacturer="Audi",
        model="Q4 40 e-tron",
        nickname="Q4 e-tron",
        battery_capacity=77,
        plugged_in=False,
    ),
    parked(
        _ID3,
        "VSSZZZK1ZNP012345",
        seed=27,
        manufacturer="CUPRA",
        model="Born",
        nickname="Born",
    ),
    _LEON,
    parked(
        _LEON,
        "SJAAM2ZV9NC012345",
        seed=28,
        manufacturer="Bentley",
        model="Bentayga Hybrid",
        battery_capacity=17.3,
        tank=75,
    ),
)


def _owner(brand: str, username: str, password: str, *vins: str) -> Account:
    return Account(
        service="eu_data_act",
        region="eu",
        username=username,
        password=password,
        vins=vins,
        more={"brand": brand, "country": "DE"},
    )


DATA_ACT_ACCOUNTS: Final = (
    _owner(
        "volkswagen",
        "id.und.gte@example.com",
        "Daten-Gesetz-2025",
        "WVWZZZE1ZNP012345",
        "WVWZZZ3CZME067891",
    ),
    _owner(
        "volkswagen",
        "datenprobe@example.com",
        "Parked & plugged=in 4",
        "WVWZZZE1ZNP112345",
        "WVWZZZ3CZME167891",
    ),
    _owner(
        "volkswagen_commercial",
        "lieferung@example.com",
        "Buzz & Cargo=1",
        "WV2ZZZEBZPH012345",
    ),
    # Known to the brand's own interface too.
    _owner("skoda", "eda.daten@example.com", "Eda-und-Daten", "TMBJC7NY5SF012345"),
    _owner("skoda", "skoda.daten@example.com", "Sessel & Strom 3", "TMBJC7NY5SF112345"),
    _owner("audi", "vier.ringe@example.com", "Q4-und-vier", "WAUZZZF46NA012345"),
    _owner("seat", "leonera@example.com", "Sol y sombra 9", "VSSZZZKLZMR012345"),
    _owner("cupra", "nacida@example.com", "Nacida-2022", "VSSZZZK1ZNP012345"),
    _owner("bentley", "crewe@example.com", "Winged-B-1919", "SJAAM2ZV9NC012345"),
)
