"""Who has an account at which cloud, and the cars they own: those of all makers."""

from typing import Final

from carport.twin.twin import TwinSpec

from .account import Account
from .bmw_cars import BMW_ACCOUNTS, BMWS
from .data_act_cars import DATA_ACT_ACCOUNTS, DATA_ACT_CARS
from .renault_cars import RENAULT_ACCOUNTS, RENAULTS
from .skoda_cars import SKODA_ACCOUNTS, SKODAS
from .volkswagen_cars import EUROPEAN_ACCOUNTS, EUROPEAN_CARS
from .volkswagen_na_cars import AMERICAN_ACCOUNTS, AMERICAN_CARS

__all__ = ["ACCOUNTS", "TWINS", "Account"]

TWINS: Final[tuple[TwinSpec, ...]] = (
    *AMERICAN_CARS,
    *RENAULTS,
    *BMWS,
    *EUROPEAN_CARS,
    *SKODAS,
    *DATA_ACT_CARS,
)

ACCOUNTS: Final[tuple[Account, ...]] = (
    *AMERICAN_ACCOUNTS,
    *RENAULT_ACCOUNTS,
    *BMW_ACCOUNTS,
    *EUROPEAN_ACCOUNTS,
    *SKODA_ACCOUNTS,
    *DATA_ACT_ACCOUNTS,
)
