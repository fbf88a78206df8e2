"""One owner's key in a world, and the cars it is for."""

from typing import Any

from carport.makers.skoda.service import Skoda
from tests.makers.account import ServiceAccount

READS = "/api/v1/vehicles/*"


class SkodaAccount(ServiceAccount[Skoda]):
    """A key and the VINs that the owner typed."""

    kind = Skoda

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return len(self.world.control.calls())

    def turn(self, **changes: Any) -> None:
        """Change settings of the account."""
        self.world.control.account(self.spec.username, **changes)

    def turn_cloud(self, **changes: Any) -> None:
        """Change settings of the cloud."""
        self.world.control.service("skoda", **changes)
