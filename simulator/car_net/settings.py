"""What can be set for the whole service; the defaults are how it was in 2020."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..identity.settings import IDENTITY_SETTINGS, IdentitySettings
from ..settings import Setting, choice, number, settings_table


@dataclass(slots=True, kw_only=True)
class Settings(IdentitySettings):
    """The service's figures; where reality is unknown they are the simulator's own."""

    code_in_fragment: bool = False
    camel_case: bool = False
    attestation: str = "off"
    attestation_refusal: str = "request"
    """How a client is refused that cannot prove to be the maker's own app."""

    tsp_lifetime: float = 45 * 60
    tsp_refusal: float = 403
    bucket_size: float | None = 10
    bucket_window: float = 900
    bucket_pause: float = 900
    answer_least: float = 2
    answer_most: float = 10
    latency: float = 20
    wake_latency: float = 25


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    Settings,
    *IDENTITY_SETTINGS,
    choice("attestation", "off", "presence", "enforced"),
    choice("attestation_refusal", "request", "attestation", "integrity"),
    choice("tsp_refusal", 400, 401, 403),
    number("bucket_size", none="no limit"),
)
