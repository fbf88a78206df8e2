"""Which model has which resource, and by which way: a table of letters.

Y is the usual way. S goes through the settings of the newer cars, K and P through the
newer adapter (`charge/start` and `charge/pause-resume`), and T is the usual way with
another word. A dash is a refusal that is known; `?` is what nobody has tried: it is
asked for, and a refusal is remembered. So it is with a model that is not listed. The
table is a hint: contract, country and gateway have their say, and the cloud decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EndpointMode(StrEnum):
    """How a resource is reached."""

    USUAL = "Y"
    SETTINGS = "S"
    NEWER = "K"
    PAUSE = "P"
    STOP_WORD = "T"
    UNTRIED = "?"
    NONE = "-"


READS: Final = (
    "battery-status",
    "cockpit",
    "hvac-status",
    "hvac-settings",
    "location",
    "charge-mode",
    "charge-schedule",
    "charging-settings",
    "soc-levels",
    "charges",
    "lock-status",
    "pressure",
    "res-state",
    "notification-settings",
    "alerts",
)
ACTIONS: Final = (
    "charge-start",
    "charge-stop",
    "charge-set-mode",
    "charge-set-schedule",
    "hvac-start",
    "hvac-stop",
    "hvac-set-schedule",
    "horn-start",
    "lights-start",
    "refresh-location",
)

_TABLE: Final = """
A4E1VE YYY?Y-S?YY----? S---YY-YY?
A5E1AE YYY-Y-S-YY----- S---YT-YYY
BD11SL -Y--Y----?----- -??????--?
DU31SU -Y--Y--------?? ???????--?
R5E1VE YYYYY-S-YY----Y S---YT-YYY
X071VE YYYYY--Y??----? ??????????
X101VE YYY?-YY?-?---?? Y??YYY????
X102VE YYYYY--Y-?-Y-?? YP??Y??--?
XBG1VE YYY-Y----?----- PP??YT?--Y
XBG2VE YYYYY-S-YY----- S-??YT?YYY
XCB1SE YYYYY-S-Y?---?? S-??Y??YY?
XCB1VE YYYYY--YY?----? K-?KYT?YY?
XDD1VE YYYYY-S-Y?----? S-Y-YY?YY?
XFB2BI YYYY---Y??----? ??????????
XFB2BK YYY-Y??Y??----? Y???Y??--?
XHN1CP YYYYY-S-??----? -??????YY?
XHN1ML -Y--Y---------- --??-??YYY
XHN1SU -Y-?Y-?--?Y--?? --??-??YY?
XJA1VP -Y--Y---------- --??-??--?
XJA2VP -Y--Y---------- --??-??--?
XJB1SU YYYYY--Y-?----? --??Y??--?
XJB2CP -Y-?Y-?--?---?? --??-??YY?
XJB2SU -Y--Y-----Y---- --??-??YY?
XJF2BI -Y--Y---------- -------YYY
XJL2TR ?Y--Y---??---?? ??????????
"""

WATTS: Final = frozenset({"X101VE"})
"""Models whose charging power is in watts; of others it is not what flows."""
ODD_BATTERY: Final = frozenset({"X102VE"})
"""Models that tell nonsense of the battery's temperature and energy."""
NO_CLIMATE_STATE: Final = frozenset({"X101VE"})
"""Models that say off while the cabin is being heated."""
ONE_PROGRAMME: Final = frozenset({"X101VE"})
"""Models with one charging programme, which may differ from day to day."""


def _row(letters: str, names: tuple[str, ...]) -> dict[str, EndpointMode]:
    return {
        name: EndpointMode(letter) for name, letter in zip(names, letters, strict=True)
    }


MODELS: Final[Mapping[str, Mapping[str, EndpointMode]]] = {
    code: {**_row(reads, READS), **_row(actions, ACTIONS)}
    for code, reads, actions in (line.split() for line in _TABLE.split("\n") if line)
}


def endpoint_mode(model: str, resource: str) -> EndpointMode:
    """Return how a model reaches a resource; untried where nobody knows the model."""
    return MODELS.get(model, {}).get(resource, EndpointMode.UNTRIED)


def is_known(model: str) -> bool:
    """Return whether a model is in the table."""
    return model in MODELS
