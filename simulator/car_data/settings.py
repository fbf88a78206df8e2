"""What can be set for the whole service; the defaults are how it is in 2026."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..settings import Setting, choice, number, settings_table, text


@dataclass(slots=True, kw_only=True)
class Settings:
    """The service's figures; where reality is unknown they are the most plausible."""

    # Signing in
    code_lifetime: float = 300
    interval: float = 5
    complete_link: bool = True
    """Whether the answer has the link with the code in it."""
    gateway_fault: bool = False
    """Whether approval ends in a fault of the gateway, and the code is dead."""
    token_lifetime: float = 3600
    refresh_lifetime: float = 14 * 86_400

    # REST
    calls_a_day: float | None = 50
    quota_window: str = "midnight"
    quota_form: str = "cu429"
    retry_after: float | None = None
    """Seconds in the header of a refusal for want of calls."""
    bad_token: str = "CU-101"
    mappings_form: str = "array"
    container_limit: float = 10
    containers_refused: bool = False
    unknown_descriptor: str = ""
    """A key of the catalogue that is none any more."""
    names_unknown: bool = True
    """Whether a refusal says which key it is that is unknown."""
    page_size: float = 20
    mileage_units: str = "KM"
    odometer_unit: str = "km"
    """REST's unit of the odometer: its own, none, or miles that do not say so."""

    # The stream
    second_connection: str = "drops_first"
    reconnect_pause: float = 10
    stream_delay: float = 0
    """Seconds after signing in before the stream takes anybody."""
    message_keys: float = 12
    split_position: bool = True
    stragglers: bool = False
    """Whether values come once more, late, after newer ones."""
    units: bool = True
    """Whether the stream says units."""
    end_unannounced: bool = False
    """Whether the stream is silent about the end of a charge."""


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    Settings,
    number("calls_a_day", none="no limit"),
    choice("quota_window", "midnight", "rolling"),
    choice("quota_form", "cu429", "plain"),
    number("retry_after", none="no header"),
    choice("bad_token", "CU-101", "CU-127"),
    text("unknown_descriptor"),
    choice("mappings_form", "array", "object", "single"),
    choice("mileage_units", "KM", "MileageUnits.KM"),
    choice("odometer_unit", "km", "none", "hidden_miles"),
    choice("second_connection", "drops_first", "refused"),
)
