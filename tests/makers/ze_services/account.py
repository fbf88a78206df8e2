"""One ZE Services account in a world."""

from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Confirmation, Ticket
from carport.makers.ze_services.service import ZeServices
from tests.makers.account import ServiceAccount


class ZeAccount(ServiceAccount[ZeServices]):
    """An account whose commands take no PIN."""

    kind = ZeServices

    async def look(
        self, car: Car, ticket: Ticket, after: float = 60
    ) -> tuple[Confirmation, Snapshot]:
        """Look once what became of a command, some seconds later."""
        await self.world.advance(after)
        found = await self.run(self.service.confirm(car, ticket))
        return found, Snapshot().merge(found.result.readings).snapshot
