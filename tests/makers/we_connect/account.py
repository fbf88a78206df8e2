"""One We Connect account in a world."""

from carport.cloud.contract import Car, Confirmation, Progress, Ticket
from carport.makers.we_connect.service import WeConnect
from tests.makers.account import ServiceAccount


class WeConnectAccount(ServiceAccount[WeConnect]):
    """An account whose cloud can be asked what became of a command."""

    kind = WeConnect

    async def done(self, car: Car, ticket: Ticket) -> Confirmation:
        """Look until a command is done or has failed."""
        look = Confirmation()
        for _ in range(20):
            await self.world.advance(10)
            look = await self.run(self.service.confirm(car, ticket))
            if look.progress is not Progress.PENDING:
                break
        return look
