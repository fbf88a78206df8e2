"""Who has an account at which cloud, and the cars they own: those of all makers."""

from typing import Final

from custom_components.carport.makers.demo.twin import TwinSpec

from .account import Account
from .bmw_cars import BMW_ACCOUNTS, BMWS
from .renault_cars import RENAULT_ACCOUNTS, RENAULTS
from .volkswagen_cars import EUROPEAN_ACCOUNTS, EUROPEAN_CARS
from .volkswagen_na_cars import AMERICAN_ACCOUNTS, AMERICAN_CARS

__all__ = ["ACCOUNTS", "TWINS", "Account"]

TWINS: Final[tuple[TwinSpec, ...]] = (
    *AMERICAN_CARS,
    *RENAULTS,
    *BMWS,
    *EUROPEAN_CARS,
)

ACCOUNTS: Final[tuple[Account, ...]] = (
    *AMERICAN_ACCOUNTS,
    *RENAULT_ACCOUNTS,
    *BMW_ACCOUNTS,
    *EUROPEAN_ACCOUNTS,
)
