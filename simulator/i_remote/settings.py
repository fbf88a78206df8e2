"""What can be set for the whole service; the defaults are how it was in 2019."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..settings import Setting, choice, number, settings_table


@dataclass(slots=True, kw_only=True)
class Settings:
    """The service's figures; where reality is unknown they are the simulator's own."""

    token_lifetime: float = 28_800
    closed: bool = False
    client_disabled: bool = False
    list_form: str = "object"
    wrong_passwords: float = 5
    sign_in_limit: float | None = 20
    sign_in_window: float = 3600
    sign_in_pause: float = 900
    answer_least: float = 5
    answer_most: float = 20
    time_out: float = 150
    trail: float = 5
    """Seconds by which the status is behind the record of a command."""
    unsupported: str = "error"
    omit_status: bool = False
    extended: bool = True
    misspelt: bool = False
    unlocks_to: str = "UNLOCKED"
    position: str = "OK"
    near_only: bool = False
    empty_services: bool = False
    community_only: bool = False
    """Whether statistics hold everybody's figures, and none of the owner's."""
    wrong_answer: str = "asked_again"
    """What a wrong answer to the security question brings, which is not known."""
    no_record: str = "error"
    """What is said of a command that was never sent."""


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    Settings,
    choice("list_form", "object", "array"),
    number("sign_in_limit", none="no limit"),
    choice("unsupported", "error", "not_executed"),
    choice("unlocks_to", "UNLOCKED", "SELECTIVE_LOCKED"),
    choice("position", "OK", "LAST_KNOWN", "DRIVER_DISABLED"),
    choice("wrong_answer", "asked_again", "forbidden"),
    choice("no_record", "error", "blank"),
)
