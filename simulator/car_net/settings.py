"""What can be set for the whole service; the defaults are how it was in 2020."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..knobs import Knob, choice, flag, number


@dataclass(slots=True, kw_only=True)
class Settings:
    """The service's figures; where reality is unknown they are the simulator's own."""

    email_page: str = "A"
    password_page: str | None = None
    """None for the country's own: the old one in the US, the script in Canada."""
    code_in_fragment: bool = False
    sign_in_limit: float | None = 8
    sign_in_window: float = 600
    sign_in_pause: float = 300

    access_lifetime: float = 1800
    refresh_lifetime: float = 31_536_000
    rotation: str = "fresh"
    camel_case: bool = False
    attestation: str = "off"

    tsp_lifetime: float = 45 * 60
    tsp_refusal: float = 403
    bucket_size: float | None = 10
    bucket_window: float = 900
    bucket_pause: float = 900
    answer_least: float = 2
    answer_most: float = 10
    settle: float = 20
    wake_settle: float = 25


SERVICE_KNOBS: Final[Mapping[str, Knob[Settings]]] = {
    "email_page": choice("email_page", "A", "B", "changed"),
    "password_page": choice("password_page", None, "A", "B"),
    "code_in_fragment": flag("code_in_fragment"),
    "sign_in_limit": number("sign_in_limit", none="no limit"),
    "sign_in_window": number("sign_in_window"),
    "sign_in_pause": number("sign_in_pause"),
    "access_lifetime": number("access_lifetime"),
    "refresh_lifetime": number("refresh_lifetime"),
    "rotation": choice("rotation", "fresh", "single_use", "keep"),
    "camel_case": flag("camel_case"),
    "attestation": choice("attestation", "off", "presence", "enforced"),
    "tsp_lifetime": number("tsp_lifetime"),
    "tsp_refusal": choice("tsp_refusal", 400, 401, 403),
    "bucket_size": number("bucket_size", none="no limit"),
    "bucket_window": number("bucket_window"),
    "bucket_pause": number("bucket_pause"),
    "answer_least": number("answer_least"),
    "answer_most": number("answer_most"),
    "settle": number("settle"),
    "wake_settle": number("wake_settle"),
}
