"""The models of the simulated cars: what each serves, refuses, and does in its own way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from . import answers
from .answers import Refusal

HVAC_START: Final = "actions/hvac-start"
HVAC_SCHEDULE: Final = "actions/hvac-schedule"
CHARGING_START: Final = "actions/charging-start"
SET_CHARGE_MODE: Final = "actions/charge-mode"
SET_CHARGE_SCHEDULE: Final = "actions/charge-schedule"
HORN_LIGHTS: Final = "actions/horn-lights"
REFRESH_LOCATION: Final = "actions/refresh-location"
KCM_START: Final = "charge/start"
KCM_PAUSE: Final = "charge/pause-resume"
KCM_SCHEDULE: Final = "charge/schedule"
KCM_SETTINGS: Final = "ev/settings"
SOC_LEVELS: Final = "ev/soc-levels"

TYPICAL: Final[Mapping[str, Refusal]] = {
    "battery-status": answers.NO_DATA,
    "cockpit": answers.NO_DATA,
    "hvac-status": answers.NO_DATA,
    "hvac-settings": answers.FORBIDDEN,
    "location": answers.NO_DATA,
    "charge-mode": answers.FORBIDDEN,
    "charging-settings": answers.FORBIDDEN,
    "charge-schedule": answers.FORBIDDEN,
    "charges": answers.NO_DATA,
    "lock-status": answers.NO_DATA,
    "pressure": answers.NO_DATA,
    "res-state": answers.NO_DATA,
    "notification-settings": answers.NO_GDC,
    "charge-history": answers.NO_SUCH_URL,
    "hvac-history": answers.NO_SUCH_URL,
    "hvac-sessions": answers.NO_SUCH_URL,
    "alerts": answers.NO_SUCH_URL,
    "charge/settings": answers.FORBIDDEN,
    KCM_SETTINGS: answers.FORBIDDEN,
    SOC_LEVELS: answers.FORBIDDEN,
    HVAC_START: answers.FORBIDDEN,
    HVAC_SCHEDULE: answers.FORBIDDEN,
    CHARGING_START: answers.FORBIDDEN,
    SET_CHARGE_MODE: answers.FORBIDDEN,
    SET_CHARGE_SCHEDULE: answers.FORBIDDEN,
    HORN_LIGHTS: answers.FORBIDDEN,
    REFRESH_LOCATION: answers.FORBIDDEN,
    KCM_START: answers.FORBIDDEN,
    KCM_PAUSE: answers.FORBIDDEN,
    KCM_SCHEDULE: answers.FORBIDDEN,
}
"""Every resource, and how a model that has it not usually says so."""

_CAR: Final = frozenset({"cockpit"})
_ELECTRIC: Final = _CAR | {"battery-status", "hvac-status", "charges", HVAC_START}
_FIVE_SLOTS: Final = frozenset(
    {"hvac-settings", "charging-settings", HVAC_SCHEDULE, "location", REFRESH_LOCATION}
)
_BY_SETTINGS: Final = _ELECTRIC | {
    "location",
    KCM_SETTINGS,
    SOC_LEVELS,
    HORN_LIGHTS,
    REFRESH_LOCATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model: its codes, what it serves, and its peculiarities."""

    code: str
    label: str
    serves: frozenset[str]
    brand: str = "RENAULT"
    energy: str | None = "ELEC"
    """None for one of the cars whose details leave it out."""
    family: str = "X10"
    refuses: Mapping[str, Refusal] = field(default_factory=dict)
    """What it refuses in another way than most."""
    gateway: str = "AVN"
    typed: bool = False
    """Whether its answers still name the type of what they describe."""
    offset_times: bool = False
    """Whether its reports carry the local offset rather than a Z."""
    stop_word: str = "cancel"
    """The word with which it really stops the climate; any other it ignores."""
    cancels: bool = True
    rich: bool = False
    """Whether its battery tells energy, temperature and power."""
    odd_battery: bool = False
    """Whether these, and how charges ended, are nonsense."""
    watts: bool = False
    climate_shown: bool = True
    cabin_shown: bool = False
    whole_kilometres: bool = True
    dated_cockpit: bool = False
    charges_in_seconds: bool = False
    energy_told: bool = False
    new_door_names: bool = False
    same_time_each_day: bool = False
    soc_threshold: float = 15

    def refusal(self, resource: str) -> Refusal | None:
        """Return how this model refuses a resource, None where it serves it."""
        if resource in self.serves:
            return None
        return self.refuses.get(resource) or TYPICAL[resource]


_VCPS: Final = {
    "charge-mode": answers.CHARGE_MODE,
    "charge-schedule": answers.CHARGE_SCHEDULE,
}

MODELS: Final[Mapping[str, Model]] = {
    model.code: model
    for model in (
        Model(
            code="X101VE",
            label="ZOE",
            serves=_ELECTRIC
            | {
                "charge-mode",
                "charge-schedule",
                "charging-settings",
                "hvac-settings",
                "notification-settings",
                CHARGING_START,
                SET_CHARGE_MODE,
                SET_CHARGE_SCHEDULE,
            },
            gateway="GDC",
            typed=True,
            offset_times=True,
            rich=True,
            watts=True,
            climate_shown=False,
            soc_threshold=40,
        ),
        Model(
            code="X102VE",
            label="ZOE",
            serves=_ELECTRIC
            | _FIVE_SLOTS
            | {
                "pressure",
                "charge/settings",
                CHARGING_START,
                KCM_START,
                KCM_PAUSE,
                SET_CHARGE_SCHEDULE,
            },
            refuses={"charge-mode": answers.UPSTREAM},
            typed=True,
            odd_battery=True,
            cancels=False,
            whole_kilometres=False,
            charges_in_seconds=True,
            same_time_each_day=True,
        ),
        Model(
            code="XCB1VE",
            label="MEGANE E-TECH",
            family="XCB",
            serves=_ELECTRIC
            | _FIVE_SLOTS
            | {SOC_LEVELS, KCM_START, KCM_SCHEDULE, HORN_LIGHTS},
            refuses=_VCPS,
            stop_word="stop",
            cabin_shown=True,
            energy_told=True,
        ),
        Model(
            code="R5E1VE",
            label="RENAULT 5",
            family="R5E",
            serves=_BY_SETTINGS | {"hvac-settings", "alerts"},
            refuses={"res-state": answers.FORBIDDEN},
            stop_word="stop",
            cabin_shown=True,
            dated_cockpit=True,
            energy_told=True,
        ),
        Model(
            code="A5E1AE",
            label="A290",
            brand="ALPINE",
            family="A5E",
            serves=_BY_SETTINGS,
            refuses={"hvac-settings": answers.TECHNICAL},
            stop_word="stop",
            cabin_shown=True,
            energy_told=True,
        ),
        Model(
            code="XBG1VE",
            label="SPRING",
            brand="DACIA",
            family="XBG",
            serves=_ELECTRIC | {"location", KCM_PAUSE, REFRESH_LOCATION},
            refuses={"hvac-settings": answers.HVAC_SETTINGS},
            stop_word="stop",
        ),
        Model(
            code="X071VE",
            label="TWINGO",
            family="X07",
            serves=_ELECTRIC | _FIVE_SLOTS | {CHARGING_START, SET_CHARGE_SCHEDULE},
            refuses=_VCPS,
        ),
        Model(
            code="XJB1SU",
            label="CAPTUR",
            family="XJB",
            energy="PHEV",
            serves=_ELECTRIC | _FIVE_SLOTS,
            refuses=_VCPS,
        ),
        Model(
            code="XHN1SU",
            label="AUSTRAL",
            family="XHN",
            energy="HEV",
            serves=_CAR | {"location", "lock-status", HORN_LIGHTS, REFRESH_LOCATION},
            refuses={HVAC_START: answers.NO_METHOD},
            new_door_names=True,
        ),
        Model(
            code="X9Z9SU",
            label="MODEL OF TOMORROW",
            family="X9Z",
            energy="PHEV",
            serves=_ELECTRIC
            | {
                "location",
                "lock-status",
                "res-state",
                CHARGING_START,
                HORN_LIGHTS,
                REFRESH_LOCATION,
            },
        ),
    )
}
"""The last one is in nobody's table: what it serves, a client has to find out."""
